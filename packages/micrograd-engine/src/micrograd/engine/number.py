"""What a Value has in common with Python's numbers: comparisons, conversions, and how it is written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from micrograd.engine.operands import lifted, to_float

if TYPE_CHECKING:
    from micrograd.engine.value import Value


class Tracer(Protocol):
    """Hears of it while a function is traced: numbers that it reads or draws then would be frozen."""

    def read(self, value: Any) -> None:
        """Hear that the number of a Value is read; an error stops it."""
        ...

    def draw(self) -> Any:
        """Give a placeholder for a random number from 0 to 1."""
        ...


tracers: dict[int, Tracer] = {}  # by thread


def _tell_tracer(value: Number) -> None:
    tracer = tracers.get(threading.get_ident())
    if tracer:
        tracer.read(value)


def draw() -> Any:
    """A random number from 0 to 1, from Python's global `random`; under the compiler one for each sample at each call.

    Returns:
        A float; in a function that is being traced a placeholder for one.

    Example:
        >>> import random
        >>> random.seed(0)
        >>> draw()
        0.8444218515250481
    """
    from random import random  # slow to import, and not everybody draws

    tracer = tracers.get(threading.get_ident()) if tracers else None
    return tracer.draw() if tracer else random()


def _no(operation: str, instead: str) -> Callable[..., NoReturn]:
    """A method that says what to use in the place of an operation that has no derivative worth the name."""

    def refuse(self: Value, *_: Any) -> NoReturn:
        raise TypeError(f"{operation} of {self!r} has no use for gradients: its derivative is 0 or a jump; {instead}")

    return refuse


class Number:
    """The part of Value that looks at its data alone.

    There is no `__eq__`: equal numbers are not the same node.
    """

    __slots__ = ("_data",)
    __sympy__ = False  # or sympy would take `Integer(3) * value` for a product of floats, and lose the graph
    grad: float
    _data: float

    @property
    def data(self) -> float:
        """The number."""
        if tracers:
            _tell_tracer(self)
        return self._data

    @data.setter
    def data(self, number: float) -> None:
        if tracers:
            _tell_tracer(self)
        self._data = number if type(number) is float else to_float(number, f"the data of {self!r}")

    @lifted("<")
    def __lt__(self, other: Value | float) -> bool:
        return self.data < float(other)

    @lifted("<=")
    def __le__(self, other: Value | float) -> bool:
        return self.data <= float(other)

    @lifted(">")
    def __gt__(self, other: Value | float) -> bool:
        return self.data > float(other)

    @lifted(">=")
    def __ge__(self, other: Value | float) -> bool:
        return self.data >= float(other)

    def __bool__(self) -> bool:
        return self.data != 0.0

    def __float__(self) -> float:
        return self.data

    __int__ = _no("int()", "write int(v.data) for a plain number")
    __round__ = _no("round()", "write round(v.data, n) for a plain number, or f'{v:.2f}' to print it")
    __mod__ = __rmod__ = _no("%", "write v.data % n for a plain number, or subtract a multiple: v - k * n")
    __floordiv__ = __rfloordiv__ = _no("//", "write v.data // n for a plain number, or / for a quotient")
    __divmod__ = __rdivmod__ = _no("divmod()", "write divmod(v.data, n) for plain numbers")

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = getattr(self, "label", "")
        label = f", label={label!r}" if label else ""
        return f"Value(data={self._data}, grad={self.grad}{label})"
