"""The table of operations: how each one computes, and how it differentiates.

This is the only place in micrograd where a derivative is written. A row has a name, a `forward` on floats, and a `vjp`
(vector-Jacobian product, the chain rule for one node): given `g`, the gradient of the final output with respect to the
node's result `out`, it returns the gradient with respect to each operand.

A `vjp` is plain arithmetic and other rows, so whatever has arithmetic can read it. `Value.backward` passes floats and
gets numbers. `grad` passes Values and gets Values, which can be differentiated again, drawn, or compiled.

The derivatives at the edges (0, inf, nan) are those of `torch.float64`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from micrograd.engine import ieee
from micrograd.engine.op import Op

__all__ = [
    "OPS",
    "abs_",
    "acos",
    "add",
    "asin",
    "atan",
    "atan2",
    "clamp_max",
    "clamp_min",
    "cos",
    "detach",
    "divide",
    "erf",
    "exp",
    "expm1",
    "gate",
    "less",
    "less_equal",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "mul",
    "not_",
    "pow_",
    "power",
    "relu",
    "share",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "tanh",
    "where",
]

OPS: dict[str, Op] = {}
"""The rows by name."""


def _row(name: str, forward: Callable[..., float], vjp: Callable[..., tuple[Any, ...]], flat: Iterable[int] = ()) -> Op:
    OPS[name] = Op(name, forward, vjp, flat)
    return OPS[name]


# Helpers: derivatives need them, most where a function has a corner. They are rows too, so that such a derivative can
# itself be differentiated and compiled.

gate: Op = _row(  # g where x is above 0, else 0, even if g is inf or nan: multiplying by a 0 or 1 would not do
    "gate",
    lambda g, x: 0.0 if x <= 0 else g,
    lambda h, out, g, x: (gate(h, x), 0.0),
)
sign: Op = _row("sign", ieee.sign, lambda g, out, a: (-0.0,), flat={0})
share: Op = _row(  # how much of a maximum's gradient goes to a: all, half at a tie, or nothing
    "share",
    lambda a, b: 0.0 if a < b else 0.5 if a == b else 1.0,
    lambda g, out, a, b: (-0.0, -0.0),
    flat={0, 1},
)
less: Op = _row("<", ieee.less, lambda g, out, a, b: (-0.0, -0.0), flat={0, 1})
less_equal: Op = _row("<=", ieee.less_equal, lambda g, out, a, b: (-0.0, -0.0), flat={0, 1})
not_: Op = _row("not", ieee.not_, lambda g, out, a: (-0.0,), flat={0})
where: Op = _row(  # a where the condition holds, which is where it is not 0, else a zero that changes no sum
    "where",
    ieee.where,
    lambda g, out, condition, a: (-0.0, where(condition, g)),
    flat={0},
)
divide: Op = _row(  # 0 / 1e-310 is 0, where 0 * (1 / 1e-310) is nan
    "/",
    ieee.divide,
    lambda g, out, a, b: (divide(g, b), -g * divide(out, b)),
)

# Arithmetic. Subtraction and division have no rows: a - b is a + (b * -1), and a / b is a * b**-1.

add: Op = _row("+", operator.add, lambda g, out, a, b: (g, g))
mul: Op = _row("*", operator.mul, lambda g, out, a, b: (g * b, g * a))


class Power(Op):
    """The row of `a ** exponent` for a constant exponent; `power` makes it.

    Attributes:
        exponent: The constant.
    """

    __slots__ = ("exponent",)

    def __init__(self, exponent: float) -> None:
        super().__init__(
            f"**{exponent:g}" if float(f"{exponent:g}") == exponent else f"**{exponent!r}",
            ieee.to_the(exponent),
            lambda g, out, a: (g * (exponent * power(exponent - 1.0)(a)) if exponent else 0.0,),
        )
        self.exponent = exponent


@lru_cache(maxsize=1024)
def power(exponent: float) -> Power:
    """The row of `a ** exponent` for a constant exponent, called `**2` for a square. d(aᶜ)/da = c aᶜ⁻¹.

    Args:
        exponent: The constant; any float.

    Returns:
        A row with one operand.
    """
    return Power(exponent)


# Both operands vary: d(aᵇ)/da = b aᵇ⁻¹, d(aᵇ)/db = aᵇ ln a. The gates put a 0 where the exponent is 0, and where
# the base is 0 and the exponent is not negative: the constant pieces of the function, where the formulas give nan.
pow_: Op = _row(
    "**",
    ieee.power,
    lambda g, out, a, b: (
        gate(g * (b * pow_(a, b - 1.0)), abs(b)),
        g * gate(out * log(a), maximum(abs(a), -b)),
    ),
)
abs_: Op = _row("abs", math.fabs, lambda g, out, a: (g * sign(a),))
maximum: Op = _row("max", ieee.maximum, lambda g, out, a, b: _split(g, share(a, b), share(b, a)))
minimum: Op = _row("min", ieee.minimum, lambda g, out, a, b: _split(g, share(b, a), share(a, b)))
clamp_min: Op = _row(
    "clamp_min", ieee.maximum, lambda g, out, a, low: (gate(g, less_equal(low, a)), gate(g, less(a, low)))
)
clamp_max: Op = _row(
    "clamp_max", ieee.minimum, lambda g, out, a, high: (gate(g, less_equal(a, high)), gate(g, less(high, a)))
)


def _split(g: Any, to_a: Any, to_b: Any) -> tuple[Any, Any]:
    return gate(g * to_a, to_a), gate(g * to_b, to_b)


# Functions of one operand. relu' is 1 above zero and 0 at zero and below; |a|' is 0 at 0.

relu: Op = _row("ReLU", lambda a: 0.0 if a < 0 else a, lambda g, out, a: (gate(g, out),))
exp: Op = _row("exp", ieee.exp, lambda g, out, a: (g * out,))
log: Op = _row("log", ieee.log, lambda g, out, a: (divide(g, a),))
sqrt: Op = _row("sqrt", ieee.sqrt, lambda g, out, a: (divide(g, 2.0 * out),))
tanh: Op = _row("tanh", math.tanh, lambda g, out, a: (g * (1.0 - out * out),))
sigmoid: Op = _row("sigmoid", ieee.sigmoid, lambda g, out, a: (g * (1.0 - out) * out,))
sin: Op = _row("sin", ieee.sin, lambda g, out, a: (g * cos(a),))
cos: Op = _row("cos", ieee.cos, lambda g, out, a: (g * -sin(a),))
log1p: Op = _row("log1p", ieee.log1p, lambda g, out, a: (divide(g, 1.0 + a),))
expm1: Op = _row("expm1", ieee.expm1, lambda g, out, a: (g * (1.0 + out),))
erf: Op = _row("erf", math.erf, lambda g, out, a: (g * (2.0 / math.sqrt(math.pi) * exp(-(a * a))),))
asin: Op = _row("asin", ieee.asin, lambda g, out, a: (g * _slope(a),))
acos: Op = _row("acos", ieee.acos, lambda g, out, a: (g * -_slope(a),))
atan: Op = _row("atan", math.atan, lambda g, out, a: (divide(g, 1.0 + a * a),))
atan2: Op = _row("atan2", math.atan2, lambda g, out, a, b: _turn(g, a, b, a * a + b * b))
detach: Op = _row("detach", lambda a: a, lambda g, out, a: (-0.0,), flat={0})  # no gradient goes on from here


def _slope(a: Any) -> Any:
    """The derivative of the inverse sine: nan where the root is, however often it is differentiated."""
    return power(-1.0)(sqrt(1.0 - a * a))


def _turn(g: Any, a: Any, b: Any, square: Any) -> tuple[Any, Any]:
    share_of_square = gate(power(-1.0)(square), square)  # 0 at the origin, where there is no direction
    return g * b * share_of_square, g * -a * share_of_square
