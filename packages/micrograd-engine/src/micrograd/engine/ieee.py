"""Arithmetic on floats that never raises.

Python stops with an exception where IEEE 754 has an answer: `math.exp(1000)` raises `OverflowError`, `math.log(0)` and
`0.0 ** -1` raise too, and `(-8.0) ** (1 / 3)` is a complex number. PyTorch gives `inf`, `-inf`, `inf` and `nan`; so do
the functions here. Plain `+`, `-` and `*` on floats already behave and are not repeated.
"""

import math
from collections.abc import Callable

inf, nan = math.inf, math.nan


def _total(function: Callable[[float], float]) -> Callable[[float], float]:
    """Give `function` an answer everywhere: inf where the result is too large, nan outside its domain."""

    def total(a: float) -> float:
        try:
            return function(a)
        except OverflowError:
            return inf
        except ValueError:
            return nan

    return total


exp = _total(math.exp)
sqrt = _total(math.sqrt)
sin = _total(math.sin)
cos = _total(math.cos)
asin = _total(math.asin)
acos = _total(math.acos)
expm1 = _total(math.expm1)


def log(a: float) -> float:
    """The natural logarithm: -inf at 0, nan below it."""
    return math.log(a) if a > 0 else -inf if a == 0 else nan


def log1p(a: float) -> float:
    """`log(1 + a)`, to the last digits even if `a` is tiny: -inf at -1, nan below it."""
    return math.log1p(a) if a > -1 else -inf if a == -1 else nan


def sigmoid(a: float) -> float:
    """`1 / (1 + exp(-a))`, which is `1 / inf`, hence 0, for a very negative `a`."""
    return 1.0 / (1.0 + exp(-a))


def sign(a: float) -> float:
    """1 above 0, -1 below, and 0 at 0 and nan, as `torch.sgn` has it."""
    return 1.0 if a > 0 else -1.0 if a < 0 else 0.0


def less(a: float, b: float) -> float:
    """1 where `a < b`, else 0."""
    return 1.0 if a < b else 0.0


def less_equal(a: float, b: float) -> float:
    """1 where `a <= b`, else 0."""
    return 1.0 if a <= b else 0.0


def not_(a: float) -> float:
    """1 where `a` is 0, else 0: nan is not 0."""
    return 1.0 if a == 0 else 0.0


def where(condition: float, a: float) -> float:
    """`a` where the condition is not 0, else the zero that changes no sum."""
    return a if condition else -0.0


def maximum(a: float, b: float) -> float:
    """The larger of the two, nan where either is nan."""
    return a if a >= b or a != a else b


def minimum(a: float, b: float) -> float:
    """The smaller of the two, nan where either is nan."""
    return a if a <= b or a != a else b


def reciprocal(a: float) -> float:
    """`1 / a`, with an infinity of the sign of `a` at 0."""
    return 1.0 / a if a else math.copysign(inf, a)


def divide(a: float, b: float) -> float:
    """`a / b`, at `b` = 0 an infinity of the right sign, or nan."""
    return a / b if b else a * reciprocal(b)


def power(a: float, b: float) -> float:
    """`a ** b` as C's `pow`: infinities for poles and overflow, nan for a fractional power of a negative number."""
    try:
        return math.pow(a, b)
    except OverflowError:
        size = inf
    except ValueError:
        size = inf if a == 0 else nan
    odd = abs(b) % 2 == 1  # exact; of a negative number Python's % rounds, and -1 + 2**-53 would be odd
    return math.copysign(size, a) if odd else size


# The powers that have a shorter and more exact way than `pow`. torch.pow takes the same ones for a constant exponent,
# which is why (-inf) ** 0.5 is nan here, the square root, where C's pow says inf.
_SHORT: dict[float, Callable[[float], float]] = {
    -2.0: lambda a: reciprocal(a * a),
    -1.0: reciprocal,
    -0.5: lambda a: reciprocal(sqrt(a)),
    0.5: sqrt,
    2.0: lambda a: a * a,
    3.0: lambda a: a * a * a,
}


def to_the(exponent: float) -> Callable[[float], float]:
    """The function `a -> a ** exponent` for a constant exponent."""
    return _SHORT.get(exponent, lambda a: power(a, exponent))
