"""Run a function once on placeholders, to see which graph it builds."""

from __future__ import annotations

import math
from typing import Any, NoReturn

from micrograd.engine import ops
from micrograd.engine.operands import is_foreign, to_float
from micrograd.engine.ops import Op
from micrograd.engine.value import Value, constant

DRAW = Op("draw", lambda: math.nan, ops.LEAF.vjp)


class TracingError(TypeError):
    """A traced function looked at a number that is known only when the compiled code runs."""


class Traced(Value):
    """A placeholder: it records operations as a Value does, but has no number."""

    __slots__ = ()

    def __init__(self) -> None:
        self._rule = ops.LEAF
        self._a = self._b = None

    @staticmethod
    def _record(rule: Op, a: Any, *more: Any) -> Value:
        values = []
        for operand in (a, *more):
            if not isinstance(operand, Value):
                if is_foreign(operand):
                    return NotImplemented  # type: ignore[no-any-return]
                operand = constant(to_float(operand, rule.name))
            values.append(operand)
        node = Traced()
        node._rule = rule
        node._a, node._b = (*values, None)[:2]
        return node

    def _draw(self) -> Value:
        """A number from 0 to 1, drawn anew for every sample and every call: what dropout needs."""
        node = Traced()
        node._rule = DRAW
        return node

    def _has_no_number(self, *_: Any) -> NoReturn:
        raise TracingError(
            "a function compiled by jit looked at a number that is known only when it runs (.data, .grad, float(), a "
            "comparison): whatever it decides now would be frozen; use operations instead, such as relu() or maximum()"
        )

    data = property(_has_no_number, _has_no_number)  # pyright: ignore[reportAssignmentType]
    grad = property(_has_no_number, _has_no_number)  # pyright: ignore[reportAssignmentType]
    backward = _has_no_number
    __repr__ = __float__ = __bool__ = _has_no_number

    # Python asks the right operand first if its class overrides the reflected method: so `Value * Traced` is Traced.

    def __radd__(self, other: Any) -> Value:
        return super().__radd__(other)

    def __rsub__(self, other: Any) -> Value:
        return super().__rsub__(other)

    def __rmul__(self, other: Any) -> Value:
        return super().__rmul__(other)

    def __rtruediv__(self, other: Any) -> Value:
        return super().__rtruediv__(other)

    def __rpow__(self, other: Any) -> Value:
        return super().__rpow__(other)
