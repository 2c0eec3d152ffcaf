"""Placeholders: Values without a number, on which a function shows what it does.

The compiler runs functions on them, and whoever wants to read a rule of the table rather than compute with it: a film,
which takes the rules along to a page, and a table of derivatives. A placeholder records operations as a Value does. A
function that asks for its number would be answered once and for all, so it is refused.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from micrograd.engine import ops
from micrograd.engine.gradients import grad
from micrograd.engine.number import on_read
from micrograd.engine.op import CONSTANT, LEAF, Op
from micrograd.engine.randomness import drawing
from micrograd.engine.value import ABSENT, Value, constant, to_leaf

__all__ = [
    "DRAW",
    "FloatPlaceholder",
    "Placeholder",
    "TracingError",
    "is_tracing",
    "trace_derivative",
    "trace_gradients",
    "tracing",
]

_new = object.__new__

DRAW = Op("draw", lambda: math.nan, LEAF.vjp)
"""The operation of a placeholder for a random number from 0 to 1."""


class TracingError(TypeError):
    """A traced function looked at a number that is known only when what it became runs."""


class Placeholder(Value):
    """A Value without a number.

    Args:
        label: How messages call it.

    Example:
        >>> a = Placeholder("a")
        >>> node = a * 2 + 1
        >>> node._op, [operand._op for operand in node._prev]
        ('+', ['*', ''])
        >>> "above" if a > 0 else "below"
        Traceback (most recent call last):
        ...
        micrograd.engine.tracing.TracingError: a traced function looked at a number that is known only when it runs \
(.data, .grad, float() or a comparison of a): whatever it decides now would be frozen; use operations instead, such as \
relu(), maximum() or where()
    """

    __slots__ = ()

    def __init__(self, label: str = "") -> None:
        self._rule = LEAF
        self._a = self._b = None
        if label:
            self.label = label

    @classmethod
    def _record(cls, rule: Op, a: Any, b: Any = ABSENT) -> Value:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not isinstance(a, Value) and (a := to_leaf(a, rule)) is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        if b is ABSENT:
            b = None
        elif not isinstance(b, Value) and (b := to_leaf(b, rule)) is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        node = _new(cls)
        node._rule = rule
        node._a = a
        node._b = b
        return node

    # These are Value's own, written again: with methods of its own a subclass goes first where a Value is on its left.

    def __radd__(self, other: Any) -> Value:
        return self._record(ops.add, other, self)

    def __rmul__(self, other: Any) -> Value:
        return self._record(ops.mul, other, self)

    def _has_no_number(self, *_: Any) -> NoReturn:
        _refuse(self)

    data = property(_has_no_number, _has_no_number)  # pyright: ignore[reportIncompatibleMethodOverride]
    grad = property(_has_no_number, _has_no_number)  # pyright: ignore[reportAssignmentType]
    backward = _has_no_number
    __float__ = __bool__ = __eq__ = __ne__ = _has_no_number

    def __repr__(self) -> str:  # for messages about something else
        return f"Placeholder({_name(self)})"

    # What a comparison says is known only when the function runs, as all numbers are: 1 or 0, for `where` to choose by.
    # Whoever decides by it at once, with `if`, asks for its truth.

    def __lt__(self, other: Value | float) -> Value:  # type: ignore[override]
        return self._record(ops.less, self, other)

    def __le__(self, other: Value | float) -> Value:  # type: ignore[override]
        return self._record(ops.less_equal, self, other)

    def __gt__(self, other: Value | float) -> Value:  # type: ignore[override]
        return self._record(ops.less, other, self)

    def __ge__(self, other: Value | float) -> Value:  # type: ignore[override]
        return self._record(ops.less_equal, other, self)

    # What they would be joined by elsewhere asks for truths, or whole numbers.

    def _is_no_truth(self, *_: Any) -> NoReturn:
        raise TypeError(
            "what is compared in a traced function is a number, 1 or 0, which &, | and ~ do not take: "
            "write a * b for a & b, 1 - a for ~a, and 1 - (1 - a) * (1 - b) for a | b"
        )

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = _is_no_truth

    __hash__ = Value.__hash__  # of identity, as ever


class FloatPlaceholder(Placeholder):
    """Stands for a float where no Values are: among themselves they divide and take powers as floats do.

    While a function is traced they cannot be looked up, `weights[t]` or `t in classes`: floats are found by their
    number. A Placeholder for a Value is found by identity, as Values are.

    Args:
        label: How messages call it.
    """

    __slots__ = ()

    @classmethod
    def _record(cls, rule: Op, a: Any, b: Any = ABSENT) -> Value:
        node = Placeholder._record(rule, a, b)
        if isinstance(node, Placeholder) and not (_is_value(a) or _is_value(b)):
            node.__class__ = cls
        return node

    def __truediv__(self, other: Any) -> Value:
        return other.__rtruediv__(self) if _is_value(other) else self._record(ops.divide, self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return other * ops.power(-1.0)(self) if _is_value(other) else self._record(ops.divide, other, self)

    def __pow__(self, other: Any) -> Value:
        return self._record(ops.pow_, self, other)

    def __rpow__(self, other: Any) -> Value:
        return self._record(ops.pow_, other, self)

    def __hash__(self) -> int:
        trace = _current()
        return object.__hash__(self) if trace is None or trace.lookups else _refuse(self)


def _is_value(operand: Any) -> bool:
    return isinstance(operand, Value) and not isinstance(operand, FloatPlaceholder)


@contextmanager
def tracing(*, lookups: bool = False) -> Iterator[list[Value]]:
    """While it lasts, in this thread, a function is run to see what it does.

    The number of a Value that may change must not be looked at, and `micrograd.engine.draw` gives a placeholder.

    Args:
        lookups: Whether placeholders for floats may be looked up in sets and dicts.

    Yields:
        The placeholders for random numbers, in the order in which they are drawn.

    Raises:
        TracingError: At the end too, if one was raised and was caught on its way.

    Example:
        >>> w = Value(2.0)
        >>> with tracing():
        ...     y = w * 3 if w.data > 0 else w
        Traceback (most recent call last):
        ...
        micrograd.engine.tracing.TracingError: a traced function looked at a number that is known only when it runs \
(.data, .grad, float() or a comparison of the leaf of 2.0): whatever it decides now would be frozen; use operations \
instead, such as relu(), maximum() or where(x > w, a, b) of an argument x, or where(OPS['<'](1.0, w), a, b), or make \
it an argument
    """
    draws: list[Value] = []

    def drawn() -> Value:
        draws.append(Placeholder())
        draws[-1]._rule = DRAW
        return draws[-1]

    thread, trace = threading.get_ident(), _Trace(lookups)
    before = on_read.get(thread)
    on_read[thread] = trace
    try:
        with drawing(drawn):
            yield draws
    finally:
        if before is None:
            del on_read[thread]
        else:
            on_read[thread] = before
    if trace.refused is not None:
        raise trace.refused


class _Trace:
    """What happens when a traced function reads the number of a Value.

    Args:
        lookups: Whether placeholders for floats may be looked up in sets and dicts.

    Attributes:
        refused: The first refusal. The function may have caught it, and gone on as if nothing had been.
    """

    def __init__(self, lookups: bool) -> None:
        self.lookups = lookups
        self.refused: TracingError | None = None

    def __call__(self, value: Value) -> None:
        if value._rule is not CONSTANT:  # nobody will change that
            _refuse(value)


def is_tracing() -> bool:
    """Whether a function is being traced, in this thread.

    Example:
        >>> is_tracing()
        False
        >>> with tracing():
        ...     is_tracing()
        True
    """
    return bool(on_read) and _current() is not None


def _current() -> _Trace | None:
    """What traces a function in this thread."""
    trace = on_read.get(threading.get_ident())
    return trace if isinstance(trace, _Trace) else None


def _refuse(value: Value) -> NoReturn:
    if value._rule in (ops.less, ops.less_equal):
        value = next(operand for operand in value._prev if isinstance(operand, Placeholder))
    if isinstance(value, Placeholder):
        instead = "where()"
    else:  # a comparison of Values alone is none that is recorded
        instead = "where(x > w, a, b) of an argument x, or where(OPS['<'](1.0, w), a, b), or make it an argument"
    error = TracingError(
        f"a traced function looked at a number that is known only when it runs (.data, .grad, float() or a comparison "
        f"of {_name(value)}): whatever it decides now would be frozen; use operations instead, such as relu(), "
        f"maximum() or {instead}"
    )
    trace = _current()
    if trace is not None and trace.refused is None:
        trace.refused = error
    raise error


def _name(value: Value) -> str:
    """How messages call it."""
    if value.label:
        return value.label
    if value._prev:
        return f"the result of {value._op!r}"
    return "a placeholder" if isinstance(value, Placeholder) else f"the leaf of {value._data}"


def trace_derivative(row: Op, count: int) -> tuple[list[Value], list[Value]]:
    """Run the `vjp` of a row on placeholders.

    Args:
        row: The row.
        count: How many operands it takes, 1 or 2.

    Returns:
        The placeholders, for the gradient of the result, the result and the operands; and the gradient of each operand,
        computed from them.

    Raises:
        TracingError: If the `vjp` decides by its numbers.

    Example:
        >>> (g, out, a), (da,) = trace_derivative(ops.exp, 1)
        >>> da._op, da._prev == (g, out)
        ('*', True)
    """
    placeholders: list[Value] = [Placeholder(name) for name in ("g", "out", "a", "b")[: 2 + count]]
    with tracing():
        parts = row.vjp(*placeholders)
    return placeholders, [part if isinstance(part, Value) else constant(part) for part in parts]


def trace_gradients(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """The gradients of a traced output, as `grad` gives them. No derivative may look at a number either.

    Args:
        output: What to differentiate.
        inputs: With respect to what.

    Raises:
        TracingError: If one looks at a number.

    Example:
        >>> x = Placeholder("x")
        >>> (dx,) = trace_gradients(x.exp(), [x])
        >>> dx._op
        '*'
    """
    with tracing(lookups=True):
        return grad(output, inputs)
