"""Run a function once on placeholders, to see which graph it builds."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from micrograd.engine import ops
from micrograd.engine.number import onlookers
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
                if is_foreign(operand, rule.name):
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

    data = property(_has_no_number, _has_no_number)  # pyright: ignore[reportIncompatibleMethodOverride]
    grad = property(_has_no_number, _has_no_number)  # pyright: ignore[reportAssignmentType]
    backward = _has_no_number
    __repr__ = __float__ = __bool__ = _has_no_number
    __format__ = _has_no_number  # type: ignore[assignment]


@contextmanager
def watching() -> Iterator[None]:
    """While it lasts, looking at the number of a Value that is no constant raises TracingError, in this thread."""
    thread = threading.get_ident()
    before = onlookers.get(thread)
    onlookers[thread] = _refuse
    try:
        yield
    finally:
        if before is None:
            del onlookers[thread]
        else:
            onlookers[thread] = before


def _refuse(value: Value) -> None:
    if value._rule is ops.CONSTANT:  # nobody will change it
        return
    raise TracingError(
        f"a function compiled by jit looked at the number of {value!r} (.data, float(), a comparison): whatever it "
        "decides now would be frozen; use operations instead, such as relu() or maximum()"
    )
