"""Where a nan or an infinity came from."""

from __future__ import annotations

from math import isfinite
from typing import Literal, NamedTuple

from micrograd.engine.gradients import pullback
from micrograd.engine.graph import topological_order
from micrograd.engine.value import Value


class Anomaly(NamedTuple):
    """The first nan or infinity in a graph; `str()` tells it in a sentence.

    Attributes:
        kind: Whether it is in a `data` or in a `gradient`.
        value: The Value that has it.
        node: The node whose operation made it: `value` itself for data (a leaf if it was put in), for a gradient the
            node that handed it back to `value`.
    """

    kind: Literal["data", "gradient"]
    value: Value
    node: Value

    @property
    def operation(self) -> str:
        """The name of the operation; empty for a leaf."""
        return self.node._op

    @property
    def operands(self) -> tuple[Value, ...]:
        """What the operation was applied to."""
        return self.node._prev

    def __str__(self) -> str:
        operands = ", ".join(f"{_named(each)}{each.data!r}" for each in self.operands)
        call = f"{_named(self.node)}{self.operation}({operands})"
        what = call if self.operands else f"the leaf {self.node.label!r}" if self.node.label else "a leaf"
        if self.kind == "data":
            return f"{what} is {self.value.data}"
        if self.node is self.value:
            return f"the gradient of {what} is {self.value.grad}, the sum of its parts"
        place = ", ".join(str(i) for i, operand in enumerate(self.operands) if operand is self.value)
        return f"the gradient of operand {place} of {call} is {self.value.grad}, from a gradient of {self.node.grad}"


def _named(value: Value) -> str:
    return f"{value.label} = " if value.label else ""


def find_anomaly(root: Value) -> Anomaly | None:
    """Find the first nan or infinity in the graph of `root`, in the order of computation.

    First the data is searched, from the leaves to `root`; if all of it is finite, the gradients, from `root` back to
    the leaves, as `backward` left them. Compare `torch.autograd.detect_anomaly`, which has to be switched on before.

    Args:
        root: The output, such as a loss that is nan.

    Returns:
        What was found; None if every number is finite.

    Example:
        >>> x = Value(0.0)
        >>> y = x.sqrt() * 3
        >>> y.backward()
        >>> print(find_anomaly(y))
        the gradient of operand 0 of sqrt(0.0) is inf, from a gradient of 3.0
    """
    order = topological_order(root)
    for node in order:
        if not isfinite(node.data):
            return Anomaly("data", node, node)
    for position in range(len(order) - 1, -1, -1):
        value = order[position]
        if not isfinite(value.grad or 0.0):
            return Anomaly("gradient", value, _giver(value, order[position + 1 :]))
    return None


def _giver(value: Value, later: list[Value]) -> Value:
    """The node among those computed later that gave `value` its bad gradient; `value` itself if only the sum is bad."""
    for node in reversed(later):
        if value in node._prev:
            for operand, part in zip(node._prev, pullback(node, node.grad), strict=True):
                if operand is value and not isfinite(part):
                    return node
    return value
