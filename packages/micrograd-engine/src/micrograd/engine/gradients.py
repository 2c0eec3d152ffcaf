"""Gradients that are Values: they can be differentiated again, drawn and compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from micrograd.engine.graph import topological_order
from micrograd.engine.ops import check_differentiable
from micrograd.engine.value import Value, constant


@overload
def grad(output: Value, inputs: Value) -> Value: ...
@overload
def grad(output: Value, inputs: Sequence[Value]) -> list[Value]: ...
def grad(output: Value, inputs: Value | Sequence[Value]) -> Value | list[Value]:
    """The gradients of `output` with respect to `inputs`, as Values with a graph of their own.

    It is the walk that `Value.backward` does, with Values in the place of floats: the rules of the table build the
    graph of the derivative. No `.grad` is touched. Compare `torch.autograd.grad` with `create_graph=True`.

    Args:
        output: What to differentiate.
        inputs: One Value, or a sequence of Values, leaves or not.

    Returns:
        One gradient for one Value, a list for a sequence. An input that `output` does not depend on has gradient 0
        (torch raises an error, or returns None).

    Raises:
        TypeError: If `output` or an input is not a Value.
        NotImplementedError: If an operation on the way is not in the table.

    Example:
        >>> x = Value(2.0)
        >>> dy = grad(x**3, x)  # 3x²
        >>> ddy = grad(dy, x)  # 6x
        >>> dy.data, ddy.data, grad(ddy, x).data
        (12.0, 12.0, 6.0)
    """
    if isinstance(inputs, Value):
        return grad(output, [inputs])[0]
    for value in (output, *inputs):
        if not isinstance(value, Value):
            raise TypeError(f"grad takes Values, got {value!r} ({type(value).__name__})")

    order = topological_order(output)
    leading = set(inputs)  # the nodes through which `output` depends on an input; the others need no gradient
    for node in order:
        if node._a in leading or node._b in leading:
            leading.add(node)
    path = [node for node in reversed(order) if node._a in leading or node._b in leading]
    check_differentiable({node._rule for node in path})

    gradients = {output: constant(1.0)}
    for node in path:
        if node not in gradients:  # nothing flows here: a helper's corner has gradient 0
            continue
        for operand, part in zip(node._prev, node._rule.vjp(gradients[node], node, *node._prev), strict=True):
            if operand in leading and isinstance(part, Value):  # a plain number is a 0
                gradients[operand] = gradients[operand] + part if operand in gradients else part
    return [gradients[value] if value in gradients else constant(0.0) for value in inputs]
