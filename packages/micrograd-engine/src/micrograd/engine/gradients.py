"""Gradients that are Values: they can be differentiated again, drawn and compiled."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import overload

from micrograd.engine import accumulation
from micrograd.engine.accumulation import set_gradients
from micrograd.engine.graph import between
from micrograd.engine.number import to_float
from micrograd.engine.op import Op, OwnOp, check_differentiable
from micrograd.engine.value import Value, constant


@overload
def grad(output: Value, inputs: Value) -> Value: ...
@overload
def grad(output: Value, inputs: Iterable[Value]) -> list[Value]: ...
def grad(output: Value, inputs: Value | Iterable[Value]) -> Value | list[Value]:
    """The gradients of `output` with respect to `inputs`, as Values with a graph of their own.

    It is the walk that `Value.backward` does, with Values in the place of floats: the rules of the table build the
    graph of the derivative. No `.grad` is touched. Compare `torch.autograd.grad` with `create_graph=True`.

    Args:
        output: What to differentiate.
        inputs: One Value, or several in any iterable, leaves or not.

    Returns:
        One gradient for one Value, a list for several. An input that `output` does not depend on has gradient 0
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
    inputs = list(inputs)
    for value in (output, *inputs):
        if not isinstance(value, Value):
            raise TypeError(f"grad takes Values, got {value!r} ({type(value).__name__})")

    nodes = between(inputs, output)  # the others need no gradient
    leading = set(nodes)
    path = [node for node in reversed(nodes) if node._a in leading or node._b in leading]
    check_differentiable({node._rule for node in path}, again=True)

    gradients = {output: constant(1.0)}
    for node in path:
        if node not in gradients:  # nothing flows here
            continue
        parts = node._rule.pull(gradients[node], node, *node._prev)
        for i, (operand, part) in enumerate(zip(node._prev, parts, strict=True)):
            if operand in leading and i not in node._rule.flat:
                part = part if isinstance(part, Value) else constant(to_float(part, f"the derivative of {node._op!r}"))
                gradients[operand] = gradients[operand] + part if operand in gradients else part
    return [gradients[value] if value in gradients else constant(0.0) for value in inputs]


def pullback(node: Value, gradient: float) -> tuple[float, ...]:
    """What a gradient of a node's result means for each of its operands: the chain rule for one node.

    No `.grad` is touched. Compare `torch.autograd.Function.backward`, and `jax.vjp`.

    Args:
        node: A computed Value.
        gradient: The derivative of some output with respect to it.

    Returns:
        The derivative with respect to each operand, as far as it goes through this node and this place.

    Raises:
        NotImplementedError: If the operation of the node has no derivative.

    Example:
        >>> a, b = Value(2.0), Value(5.0)
        >>> pullback(a * b, 10.0)
        (50.0, 20.0)
    """
    operands = node._prev
    check_differentiable([node._rule] if operands else [])
    if not isinstance(node._rule, OwnOp):
        return node._rule.pull(gradient, node.data, *[operand.data for operand in operands])
    touched = list(dict.fromkeys((node, *operands)))
    with accumulation.accumulating:
        before = [each.grad for each in touched]
        try:
            set_gradients(operands, repeat(-0.0))
            node.grad = gradient
            node._rule.backward()
            parts = {operand: operand.grad for operand in operands}
        finally:
            set_gradients(touched, before)
    return tuple(parts.pop(operand, -0.0) for operand in operands)  # an operand that comes twice has it all at first


def operation(node: Value) -> Op:
    """The row of the table that computed a node; the empty row for a leaf.

    Args:
        node: A Value. If it says itself how it differentiates, through its `_backward`, then the row does as that does.

    Returns:
        The row. Ask `is_constant` whether a leaf is one.

    Example:
        >>> operation(Value(3.0).exp())
        Op('exp')
    """
    rule = node._rule
    if isinstance(rule, OwnOp):
        return Op(rule.name, rule.forward, lambda gradient, *_: pullback(node, float(gradient)))
    return rule
