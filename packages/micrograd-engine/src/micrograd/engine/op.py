"""A row of the table of operations: its name, how it computes, and how it differentiates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from micrograd.engine.number import to_float


class Op:
    """One row of the table. Rows are told apart by identity, as Values are: two of one name are two operations.

    Calling a row applies it: to floats it computes a float, to Values it records a node.

    Attributes:
        name: What `Value._op` shows and graphs print.
        forward: Takes one or two floats, returns a float, never raises.
        vjp: Takes `(g, out, a)` or `(g, out, a, b)`, all floats or all Values; returns one gradient for each operand.
        flat: The places of the operands along which the function has steps and is flat between them. No gradient goes
            there, which is less than 0: behind an infinite slope, 0 would become nan.

    Example:
        >>> from micrograd.engine import OPS, Value
        >>> OPS["exp"](0.0), OPS["exp"](Value(0.0))
        (1.0, Value(data=1.0, grad=0.0))
    """

    __slots__ = ("name", "forward", "vjp", "flat")

    def __init__(
        self,
        name: str,
        forward: Callable[..., float],
        vjp: Callable[..., tuple[Any, ...]],
        flat: Iterable[int] = (),
    ) -> None:
        self.name, self.forward, self.vjp, self.flat = name, forward, vjp, frozenset(flat)

    def __repr__(self) -> str:
        return f"Op({self.name!r})"

    def pull(self, g: Any, out: Any, *operands: Any) -> tuple[Any, ...]:
        """What `vjp` returns, if that is a gradient for each operand.

        Raises:
            ValueError: If it is not.
        """
        parts = self.vjp(g, out, *operands)
        if not isinstance(parts, (tuple, list)) or len(parts) != len(operands):
            raise ValueError(
                f"the derivative of operation {self.name!r} must return {len(operands)} gradients, one for each "
                f"operand, got {parts!r}; (g,) is a tuple of one"
            )
        return tuple(parts)

    def __call__(self, *operands: Any) -> Any:
        """Compute with floats, or record a node if any operand is a Value.

        Raises:
            TypeError: If an operand is neither a number nor a Value.
        """
        values = [operand for operand in operands if hasattr(operand, "_record")]
        if values:
            special = max(values, key=lambda value: len(type(value).__mro__))  # a subclass has its own way to record
            node = special._record(self, *operands)
            if node is not NotImplemented:
                return node
        return self.forward(*[to_float(operand, self.name) for operand in operands if not hasattr(operand, "_record")])


class OwnOp(Op):
    """The operation of one node that says itself how it hands its gradient on, as in the classic micrograd.

    Attributes:
        backward: Reads the node's `grad` and adds to that of its operands.
    """

    __slots__ = ("backward",)

    def __init__(self, name: str, backward: Callable[[], object]) -> None:
        super().__init__(name, lambda *operands: math.nan, self._call_backward)
        self.backward = backward

    def _call_backward(self, g: float, out: float, *operands: float) -> tuple[float, ...]:
        """Stands in the place of a `vjp`, and has no more to add."""
        self.backward()
        return (-0.0,) * len(operands)  # x + -0.0 is x, bit for bit


def undefined(*_: Any) -> tuple[Any, ...]:
    """Stands for the derivative that a leaf, or a name that nobody has defined, does not have."""
    raise NotImplementedError


LEAF = Op("", lambda: math.nan, undefined)
CONSTANT = Op("", lambda: math.nan, undefined)  # the leaf that a plain number became: nobody will change it


def check_differentiable(rules: Iterable[Op], *, again: bool = False) -> None:
    """Refuse operations that have no derivative.

    Args:
        rules: The operations of a graph.
        again: Whether the derivative is to be a graph itself, which no node's own function makes.

    Raises:
        NotImplementedError: If one of `rules` has no derivative.
    """
    for rule in rules:
        if rule.vjp is undefined:
            raise NotImplementedError(
                f"operation {rule.name!r} has no derivative; add its row to the table with "
                f"micrograd.engine.define({rule.name!r}, ...), or give the node a _backward of its own"
            )
        if again and isinstance(rule, OwnOp):
            raise NotImplementedError(
                f"a node called {rule.name!r} has a _backward of its own, which works on numbers: it can be neither "
                f"differentiated again nor compiled; make it a row with micrograd.engine.define({rule.name!r}, ...)"
            )
