"""What a Value may be combined with: other Values, and anything that is a real number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from micrograd.engine.value import Value

Own = TypeVar("Own")
Result = TypeVar("Result")


def to_float(number: Any, taker: str) -> float:
    """`number` as a float.

    Args:
        number: An int, a float, or another real number such as a NumPy scalar or a Fraction.
        taker: Who takes it, an operation or a function; for the error message.

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
            raise TypeError(f"{taker} takes a number, got {number!r}, which is a Value already; its number is .data")
        raise TypeError(
            f"{taker} takes Values and real numbers (int, float, NumPy scalar), "
            f"got {number!r} ({type(number).__name__}); convert it with float() first"
        )
    try:
        return float(number)
    except OverflowError:
        raise OverflowError(f"{taker} takes numbers up to 1.8e308, got a larger {type(number).__name__}") from None


def _is_numpy_bool(number: Any) -> bool:
    """Whether it is one of NumPy's truths, which count as numbers with Python's but say nothing of it."""
    return type(number).__module__ == "numpy" and type(number).__name__ in ("bool", "bool_")


def is_foreign(other: Any, taker: str) -> bool:
    """Whether `other` is no number but of a type that may itself know what to do with a Value, as an array does.

    Args:
        other: An operand.
        taker: The operation, for the error message.

    Raises:
        TypeError: If it is of a type that is known not to, and would say so less clearly or take the Value for a float:
            another library's tensor of one number, a column of polars, or a class of the same name as Value.
    """
    kind = type(other)
    if kind.__module__ == "builtins" or isinstance(other, Real) or _is_numpy_bool(other):
        return False
    library = kind.__module__.partition(".")[0]
    if library == "polars" or (hasattr(other, "item") and not hasattr(kind, "__array_ufunc__")):
        way_out = (
            "turn it into an array with .to_numpy()" if library == "polars" else "take its number out with .item()"
        )
        raise TypeError(
            f"{taker} takes Values and real numbers, got a {kind.__module__}.{kind.__qualname__}; {way_out}"
        )
    if kind.__name__ == "Value":
        raise TypeError(
            f"{taker} takes Values of micrograd.engine, got one of {kind.__module__}.{kind.__qualname__}, "
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
