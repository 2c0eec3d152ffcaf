"""Gradients that are Values: they can be differentiated again, drawn and compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, overload

from micrograd.engine import accumulation, choice, ops
from micrograd.engine.accumulation import set_gradients
from micrograd.engine.graph import between
from micrograd.engine.number import to_float
from micrograd.engine.op import Op, OwnOp, check_differentiable
from micrograd.engine.value import Value, constant


@overload
def grad(output: Value, inputs: Value) -> Value: ...
@overload
def grad(output: Value, inputs: Iterable[Value]) -> list[Value]: ...
@overload
def grad(output: Value, inputs: Iterable[Any]) -> list[Any]: ...
def grad(output: Value, inputs: Value | Iterable[Any]) -> Value | list[Any]:
    """The gradients of `output` with respect to `inputs`, as Values with a graph of their own.

    It is the walk that `Value.backward` does, with Values in the place of floats: the rules of the table build the
    graph of the derivative. No `.grad` is touched. Compare `torch.autograd.grad` with `create_graph=True`.

    Args:
        output: What to differentiate.
        inputs: One Value, or several in any iterable, leaves or not. In it there may be lists of Values, nested, such
            as the rows of a matrix.

    Returns:
        One gradient for one Value; for several a list of them, nested as the inputs are. An input that `output` does
        not depend on has gradient 0 (torch raises an error, or returns None).

    Raises:
        TypeError: If `output` or an input is not a Value, or they are the values of a dict.
        NotImplementedError: If an operation on the way is not in the table.

    Example:
        >>> x = Value(2.0)
        >>> dy = grad(x**3, x)  # 3x²
        >>> ddy = grad(dy, x)  # 6x
        >>> dy.data, ddy.data, grad(ddy, x).data
        (12.0, 12.0, 6.0)
    """
    return _grad(output, _listed(inputs, "grad"), "grad")


def jacobian(outputs: Value | Iterable[Any], inputs: Value | Iterable[Any]) -> Any:
    """The derivative of each output with respect to each input, as Values with a graph of their own.

    A row is what `grad` returns for an output, and costs as much: a walk back through what that output was computed
    from. So many inputs are cheap, many outputs are not. Compare `torch.autograd.functional.jacobian` and `jax.jacrev`.

    Args:
        outputs: One Value, or several in any iterable; in it there may be lists of Values, nested.
        inputs: The same, leaves or not.

    Returns:
        Nested lists: first as the outputs are, then as the inputs are; a Value where both are one.

    Raises:
        TypeError: If an output or an input is not a Value, or they are the values of a dict.
        NotImplementedError: If an operation on the way is not in the table.

    Example:
        >>> x, y = Value(2.0), Value(3.0)
        >>> rows = jacobian([x * y, x + y, y**2], [x, y])
        >>> [[entry.data for entry in row] for row in rows]
        [[3.0, 2.0], [1.0, 1.0], [0.0, 6.0]]
    """
    return _jacobian(_listed(outputs, "jacobian"), _listed(inputs, "jacobian"), "jacobian")


def hessian(output: Value, inputs: Value | Iterable[Any]) -> Any:
    """The second derivatives of `output` with respect to each pair of inputs, as Values with a graph of their own.

    It is the Jacobian of the gradient: a walk for the gradient, and another for each input. Compare
    `torch.autograd.functional.hessian` and `jax.hessian`.

    Args:
        output: What to differentiate.
        inputs: One Value, or several in any iterable, leaves or not; in it there may be lists of Values, nested.

    Returns:
        Nested lists: first as the inputs are, then in each place so again; a Value for one.

    Raises:
        TypeError: If `output` or an input is not a Value, or they are the values of a dict.
        NotImplementedError: If an operation on the way is not in the table.

    Example:
        >>> a, b = Value(2.0), Value(3.0)
        >>> [[entry.data for entry in row] for row in hessian(a**2 * b**3, [a, b])]
        [[54.0, 108.0], [108.0, 72.0]]
    """
    inputs = _listed(inputs, "hessian")
    return _jacobian(_grad(output, inputs, "hessian"), inputs, "hessian")


def _listed(values: Value | Iterable[Any], owner: str) -> Value | list[Any]:
    """One Value; of several, which may be iterated over only once, a list.

    What cannot be iterated over at all is left to be refused by name.
    """
    if isinstance(values, Value):
        return values
    if isinstance(values, Mapping) and not all(isinstance(key, Value) for key in values):
        raise TypeError(
            f"{owner} takes Values in lists, got a {type(values).__name__}; give it list(d.values()), or one at a time"
        )
    return list(values) if isinstance(values, Iterable) else [values]


def _grad(output: Value, inputs: Value | list[Any], owner: str) -> Value | list[Any]:
    if isinstance(inputs, Value):
        return _gradients(output, [inputs], owner)[0]
    return _nested_as(inputs, iter(_gradients(output, list(_flat(inputs)), owner)))


def _jacobian(outputs: Value | list[Any], inputs: Value | list[Any], owner: str) -> Value | list[Any]:
    if isinstance(outputs, Value):
        return _grad(outputs, inputs, owner)
    return _nested_as(outputs, (_grad(output, inputs, owner) for output in _flat(outputs)))


def _flat(nested: Iterable[Any]) -> Iterator[Any]:
    """What lists in lists hold, in their order."""
    for part in nested:
        if isinstance(part, (list, tuple)):
            yield from _flat(part)
        else:
            yield part


def _nested_as(nested: Iterable[Any], flat: Iterator[Any]) -> list[Any]:
    """The opposite of `_flat`: what takes the places of what lists in lists hold."""
    return [_nested_as(part, flat) if isinstance(part, (list, tuple)) else next(flat) for part in nested]


def _gradients(output: Value, inputs: list[Value], owner: str) -> list[Value]:
    """The gradient with respect to each of the inputs."""
    for value in (output, *inputs):
        if not isinstance(value, Value):
            raise TypeError(f"{owner} takes Values, got {value!r} ({type(value).__name__})")

    nodes = between(inputs, output)  # the others need no gradient
    leading = set(nodes)
    path = [node for node in reversed(nodes) if node._a in leading or node._b in leading]
    check_differentiable({node._rule for node in path}, again=True)

    gradients = {output: constant(1.0)}
    reached: dict[Value, Value] = {}  # the condition under which a gradient comes to a node, if it does not always
    for node in path:
        if (gradient := gradients.get(node)) is None:  # nothing flows here
            continue
        rule, operands = node._rule, node._prev
        condition = reached.get(node)
        if rule is ops.where:
            condition = choice.both(condition, operands[0])
        for i, part in enumerate(rule.pull(gradient, node, *operands)):
            operand = operands[i]
            if operand in leading and i not in rule.flat:
                part = part if isinstance(part, Value) else constant(to_float(part, f"the derivative of {node._op!r}"))
                before = gradients.get(operand)
                if reached or condition is not None:
                    earlier, when = reached.pop(operand, None), condition
                    if before is not None and earlier is not condition:
                        before, part = choice.held(earlier, before), choice.held(condition, part)
                        when = choice.either(earlier, condition)
                    if when is not None:
                        reached[operand] = when
                gradients[operand] = part if before is None else before + part
    nothing = constant(0.0)
    return [
        choice.choose(reached[value], gradients[value], nothing) if value in reached else gradients.get(value, nothing)
        for value in inputs
    ]


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
