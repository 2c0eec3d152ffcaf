"""exp, log, tanh, sin and cos for all lanes of a vector at once, as LLVM IR.

LLVM has intrinsics of these names, but hardly a processor has such instructions: the C library is called once for each
lane. The functions here work as it does inside: reduce the argument to a short interval, evaluate a polynomial there,
and undo the reduction; all lanes go the same way, with selects in place of branches. Results are within 1 ulp, those of
tanh within 2, and inf, nan and the sign of zero are those of C.

The reductions are fdlibm's (Sun Microsystems, 1993), see https://www.netlib.org/fdlibm/. The polynomials were
fitted with the Remez algorithm at 60 digits: no others of their degree have a smaller largest error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import inf, nan, sqrt

from micrograd.engine.jit.ir import Function, Register, bits, multiply_add, where

_BIAS = 1023  # the exponent of 1.0, as its bits have it; they start at bit 52
_MANTISSA = 2**52 - 1
_SIGN = -(2**63)
_ROUNDER = 1.5 * 2.0**52  # x + _ROUNDER has no room for a fraction: x rounded is in its lowest bits

_LOG2_E = 1.4426950408889634
# ln 2 and pi / 2 in pieces of 40 and 33 bits, and a rest. A piece times an integer of 13 or 20 bits is exact.
_LN2 = float.fromhex("0x1.62e42fefa2000p-1"), float.fromhex("0x1.9ef35793c7673p-41")
_HALF_PI = (
    float.fromhex("0x1.921fb54400000p+0"),
    float.fromhex("0x1.0b4611a600000p-34"),
    float.fromhex("0x1.3198a2e000000p-69"),
    float.fromhex("0x1.b839a252049c1p-104"),
)
_TWO_OVER_PI = 0.6366197723675814
_FAR = 1e5  # from here on, sine and cosine want more digits of pi / 2, and are left to the C library

# (e^r - 1 - r) / r² for |r| <= ln(2) / 2. The error of e^r - 1 is below 2^-60 of its size.
_EXPM1 = (
    0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321626, 0.0013888888888866848, 0.0001984126988613211,
    2.480158736053459e-05, 2.7557244211420526e-06, 2.755724278004293e-07, 2.5109033683661594e-08, 2.092443660429096e-09,
)  # fmt: skip
# (ln((1 + s) / (1 - s)) - 2 s) / s³ in z = s² for |s| <= 3 - sqrt(8). The error of ln is below 2^-58 of its size.
_LOG = (
    0.6666666666666734, 0.39999999999414676, 0.28571428742388466, 0.2222219857308739, 0.18183564331613425,
    0.15314050401628776, 0.14795951296307472,
)  # fmt: skip
# (sin(y) - y) / y³ in z = y² for |y| <= pi / 4. The error of the sine is below 2^-57 of its size.
_SIN = (
    -0.16666666666666632, 0.008333333333322424, -0.0001984126982981557, 2.7557313694725786e-06, -2.5050758571746028e-08,
    1.5896823033315934e-10,
)  # fmt: skip
# (cos(y) - 1 + z / 2) / z² in z = y² for |y| <= pi / 4. The error of the cosine is below 2^-59.
_COS = (
    0.0416666666666666, -0.0013888888888874136, 2.4801587289490407e-05, -2.755731435480974e-07, 2.0875723622963438e-09,
    -1.1359666552381957e-11,
)  # fmt: skip


def _polynomial(x: Register, coefficients: Sequence[float]) -> Register:
    """`coefficients[0] + coefficients[1] * x + ...`, after Horner."""
    *lower, before, last = coefficients
    value = multiply_add(x, last, before)
    for coefficient in reversed(lower):
        value = multiply_add(value, x, coefficient)
    return value


def _split_exp(x: Register) -> tuple[Register, Register]:
    """An integer n, in the lowest bits of the first result, and p, so that e^x = 2^n (1 + p) and |p| < 1/2."""
    rounded = multiply_add(x, _LOG2_E, _ROUNDER)
    n = rounded - _ROUNDER
    exact, rest = multiply_add(n, -_LN2[0], x), n * -_LN2[1]
    r = exact + rest  # rounded, which does no harm in the terms after the first; that one takes both parts
    return rounded.bits(), exact + multiply_add(r * r, _polynomial(r, _EXPM1), rest)


def _exp(x: Register) -> Register:
    x = where(x > 710.0, 710.0, x)  # is inf
    x = where(x < -746.0, -746.0, x)  # is 0
    n, p = _split_exp(x)
    exponent = n + 2 * _BIAS  # 2^n may be too large or small for a double where the result is not: two factors do
    half = exponent >> 1
    return (p + 1.0) * (half << 52).double() * ((exponent - half) << 52).double()


def _tanh(x: Register) -> Register:
    """`-t / (t + 2)` where t = e^(-2|x|) - 1 = 2^n p + (2^n - 1), with the sign of x."""
    y = x.intrinsic("fabs") * -2.0
    y = where(y < -44.0, -44.0, y)  # is 1
    n, p = _split_exp(y)
    power = ((n + _BIAS) << 52).double()
    before, change = power - 1.0, power * p
    t = before + change
    lost = change - (t - before)  # what the sum rounded away; 0.7 is near enough to 1 / (t + 2)
    return multiply_add(lost, 0.7, t / (power + 1.0 + change)).intrinsic("copysign", x)


def _log(x: Register) -> Register:
    """`k ln(2) + ln(m)` where x = 2^k m and m is between sqrt(1/2) and sqrt(2)."""
    subnormal = x < 2.0**-1022
    # With what is added here, the bits of the exponent step at sqrt(1/2) times a power of 2, in place of 1 times one.
    moved = where(subnormal, x * 2.0**54, x).bits() + (bits(1.0) - bits(sqrt(0.5)))
    exponent = ((moved >> 52) | bits(2.0**52)).double() - (2.0**52 + _BIAS)
    k = where(subnormal, exponent - 54.0, exponent)
    f = ((moved & _MANTISSA) + bits(sqrt(0.5))).double() - 1.0
    # With s = f / (2 + f), ln(1 + f) = 2 s + z (2/3 + ...) s = f - (f² / 2 - s (f² / 2 + z (2/3 + ...))).
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    rest = s * multiply_add(z, _polynomial(z, _LOG), half_square)
    result = multiply_add(k, _LN2[0], f - (half_square - multiply_add(k, _LN2[1], rest)))
    result = where(x < inf, result, x)
    result = where(x < 0.0, nan, result)
    return where(x.equals(0.0), -inf, result)


def _split_turn(size: Register) -> tuple[Register, Register, Register]:
    """An integer n, in the lowest bits of the first result, and y + tail so that size = n pi / 2 + y + tail."""
    rounded = multiply_add(size, _TWO_OVER_PI, _ROUNDER)
    n = rounded - _ROUNDER
    y = size - n * _HALF_PI[0]
    error = n * _HALF_PI[3]
    for piece in _HALF_PI[1:3]:  # every difference keeps what it rounds away
        product, before = n * piece, y
        y = before - product
        error = error + ((y - before) + product)
    total = y - error
    return rounded.bits(), total, (y - total) - error


def _sin_or_cos(x: Register, name: str) -> Register:
    """The sine or cosine of `y + tail`, with a sign: which of them, the quarters of a turn say."""
    size = x.intrinsic("fabs")
    with x.function.when((size > _FAR).any()):
        x.function.ret(x.intrinsic(name))
    quarters, y, tail = _split_turn(size)
    z = y * y
    half = z * 0.5
    rough = 1.0 - half  # the cosine, nearly: good enough as the derivative of the sine
    sine = y + multiply_add(z * y, _polynomial(z, _SIN), tail * rough)
    cosine = rough + multiply_add(z * z, _polynomial(z, _COS), (1.0 - rough - half) - y * tail)
    if name == "cos":  # the sine a quarter later
        quarters = quarters + 1
    result = where((quarters & 1).cast("trunc", "i1"), cosine, sine)
    sign = (quarters & 2) << 62
    if name == "sin":
        sign = sign ^ (x.bits() & _SIGN)
    return (result.bits() ^ sign).double()


# Each computes its result from a vector, and may leave the function early.
FUNCTIONS: dict[str, Callable[[Register], Register]] = {
    "exp": _exp,
    "log": _log,
    "tanh": _tanh,
    "sin": partial(_sin_or_cos, name="sin"),
    "cos": partial(_sin_or_cos, name="cos"),
}


def call(name: str, x: Register) -> Register:
    """Call a function, which is written into the module when it is first called.

    Args:
        name: One of `FUNCTIONS`.
        x: A vector.
    """
    module, symbol = x.function.module, f"v.{name}"
    if symbol not in module.functions:
        f = Function(module, symbol, {"x": x.type}, x.type)
        f.ret(FUNCTIONS[name](*f.arguments))
    return x.function.call(x.type, symbol, x)
