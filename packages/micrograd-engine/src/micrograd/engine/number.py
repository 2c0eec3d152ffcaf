"""What a Value has in common with Python's numbers: what goes with it, how it compares, and how it is written."""

from __future__ import annotations

import reprlib
import threading
from collections.abc import Callable, Iterable, Mapping, Set
from functools import wraps
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from micrograd.engine.value import Value

Own = TypeVar("Own")
Result = TypeVar("Result")


def to_float(number: Any, owner: str) -> float:
    """`number` as a float.

    Args:
        number: An int, a float, or another real number such as a NumPy scalar or a Fraction.
        owner: Who takes it, an operation or a function; for the error message.

    Returns:
        The float.

    Raises:
        TypeError: If it is anything else: a string, None, a list, a complex number.
        OverflowError: If it is an int too large for a float.
    """
    if not isinstance(number, (float, int, Real)):  # float and int first: asking an abstract class is slow
        if _is_numpy_bool(number):
            return float(number)
        if hasattr(number, "_record"):
            raise TypeError(f"{owner} takes a number, got {number!r}, which is a Value already; its number is .data")
        fix = "take its numbers out with .tolist()" if getattr(number, "ndim", 0) else "convert it with float() first"
        raise TypeError(
            f"{owner} takes Values and real numbers (int, float, NumPy scalar), "
            f"got {number!r} ({type(number).__name__}); {fix}"
        )
    try:
        return float(number)
    except OverflowError:
        raise OverflowError(f"{owner} takes numbers up to 1.8e308, got a larger {type(number).__name__}") from None


def to_list(values: Iterable[Any], owner: str) -> list[Any]:
    """Several Values or numbers as a list.

    Args:
        values: A list, a tuple, or whatever else iterates in an order that is meant.
        owner: Who takes them; for the error message.

    Returns:
        The list.

    Raises:
        TypeError: If they do not iterate, or are a dict, which iterates over its keys, or a set, which has no order.
    """
    try:
        iterator = None if isinstance(values, (Mapping, Set)) else iter(values)
    except TypeError:
        iterator = None
    if iterator is None:
        got = f"{reprlib.repr(values)} ({type(values).__name__})"
        raise TypeError(f"{owner} takes a list of Values and numbers, got {got}; put them in a list")
    return list(iterator)


def _is_numpy_bool(number: Any) -> bool:
    """Whether it is one of NumPy's truths, which count as numbers with Python's but say nothing of it."""
    return type(number).__module__ == "numpy" and type(number).__name__ in ("bool", "bool_")


def is_foreign(other: Any, owner: str) -> bool:
    """Whether `other` is no number but of a type that may itself know what to do with a Value, as an array does.

    Args:
        other: An operand.
        owner: The operation, for the error message.

    Raises:
        TypeError: If it is of a type that is known not to, and would say so less clearly or take the Value for a float:
            another library's tensor of one number, a column of polars, or a class of the same name as Value.
    """
    kind = type(other)
    if kind.__module__ == "builtins" or isinstance(other, Real) or _is_numpy_bool(other):
        return False
    library = kind.__module__.partition(".")[0]
    if library == "polars" or (hasattr(other, "item") and not hasattr(kind, "__array_ufunc__")):
        fix = "turn it into an array with .to_numpy()" if library == "polars" else "take its number out with .item()"
        raise TypeError(f"{owner} takes Values and real numbers, got a {kind.__module__}.{kind.__qualname__}; {fix}")
    if kind.__name__ == "Value":
        raise TypeError(
            f"{owner} takes Values of micrograd.engine, got one of {kind.__module__}.{kind.__qualname__}, "
            "another class of that name; use one of the two throughout"
        )
    return True


def lifted(symbol: str) -> Callable[[Callable[[Own, Any], Result]], Callable[[Own, Any], Result]]:
    """Let the method of an operator see only Values and floats as its other operand."""

    def decorate(method: Callable[[Own, Any], Result]) -> Callable[[Own, Any], Result]:
        @wraps(method)
        def operator(self: Own, other: Any) -> Result:
            if not hasattr(other, "_record"):  # not a Value
                if is_foreign(other, symbol):
                    return NotImplemented  # type: ignore[no-any-return]
                other = to_float(other, symbol)
            return method(self, other)

        return operator

    return decorate


def two_at_most(children: Iterable[Value]) -> tuple[Value | None, Value | None]:
    """The operands of a node, None where there is none.

    Raises:
        TypeError: If one is not a Value.
        ValueError: If there are more than two.
    """
    children = tuple(children)
    for child in children:
        if not hasattr(child, "_record"):
            raise TypeError(f"the operands of a Value are Values, got {child!r} ({type(child).__name__})")
    if len(children) > 2:
        raise ValueError(f"a Value has at most two operands, got {len(children)}; combine them two at a time")
    a, b = (*children, None, None)[:2]
    return a, b


# What to do, in a thread, when the number of a Value is read: while a function is traced, it would be frozen.
on_read: dict[int, Callable[[Any], None]] = {}


def _report_reading(value: Number) -> None:
    if read := on_read.get(threading.get_ident()):
        read(value)


def _no(operation: str, instead: str) -> Callable[..., NoReturn]:
    """A method that says what to use in the place of an operation that has no derivative worth the name."""

    def refuse(self: Value, *_: Any) -> NoReturn:
        raise TypeError(f"{operation} of {self!r} has no use for gradients: its derivative is 0 or a jump; {instead}")

    return refuse


class Number:
    """The part of Value that looks at its data alone.

    There is no `__eq__`: equal numbers are not the same node.
    """

    __slots__ = ("_data", "_label")  # the label, which few have, is set when it is given
    __sympy__ = False  # or sympy would take `Integer(3) * value` for a product of floats, and lose the graph
    grad: float
    _data: float
    _label: str

    @property
    def data(self) -> float:
        """The number."""
        if on_read:
            _report_reading(self)
        return self._data

    @data.setter
    def data(self, number: float) -> None:
        if on_read:
            _report_reading(self)
        self._data = number if type(number) is float else to_float(number, f"the data of {self!r}")

    @property
    def label(self) -> str:
        """The name for pictures and messages; empty if there is none."""
        return getattr(self, "_label", "")

    @label.setter
    def label(self, label: str) -> None:
        self._label = "" if label is None else str(label)

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
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data}, grad={self.grad}{label})"
