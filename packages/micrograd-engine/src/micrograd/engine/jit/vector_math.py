"""exp, log, sin and their like for all lanes of a vector at once, as LLVM IR.

LLVM has intrinsics for most of them, but hardly a processor has such instructions: the C library is called once for
each lane. The functions here work as it does inside: reduce the argument to a short interval, evaluate a polynomial
there, and undo the reduction; all lanes go the same way, with selects in place of branches. Results are within 1 ulp,
those of tanh, expm1 and atan2 within 2, and inf, nan and the sign of zero are those of C.

The reductions are fdlibm's (Sun Microsystems, 1993), see https://www.netlib.org/fdlibm/. The polynomials were
fitted with the Remez algorithm at 60 digits: no others of their degree have a smaller largest error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import inf, nan, pi, sqrt

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
_PI = pi, float.fromhex("0x1.1a62633145c07p-53")  # and what it lacks
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
# erf(x) / x - 1 in z = x² for |x| <= 1. The error of erf is below 2^-62 of its size.
_ERF = (
    0.1283791670955126, -0.3761263890318375, 0.11283791670954857, -0.026866170645072893, 0.005223977624780861,
    -0.0008548326978741856, 0.00012055331036886483, -1.492559350656594e-05, 1.64609728117215e-06,
    -1.6350025165814085e-07, 1.4657879458780047e-08, -1.1365664485352214e-09, 5.945259274667974e-11,
)  # fmt: skip
# ln(1 - erf(1 + t)) for t from 0 to 5. The error of erf is below 2^-59.
_LOG_ERFC = (
    -1.8496055099332482, -2.638967514234788, -0.8431072563586768, -0.041561098041808825, 0.010033825374414041,
    -0.0019779025679547042, 0.00023732248165336171, 2.6277874554939555e-05, -2.715911135105295e-05,
    9.608899522553825e-06, -2.0597716494863453e-06, 1.428753573996933e-07, 9.75472916372211e-08,
    -5.203782083634099e-08, 1.4911432661818333e-08, -2.8640374377529987e-09, 3.6824810541016953e-10,
    -2.881562823412512e-11, 1.039105811274614e-12,
)  # fmt: skip
# (atan(t) - t) / t³ in z = t² for |t| <= 0.66. The error of the arctangent is below 2^-59 of its size.
_ATAN = (
    -0.3333333333333324, 0.1999999999997748, -0.14285714283793974, 0.1111111102796162, -0.09090906941692244,
    0.0769227139405482, -0.06666243006540018, 0.05878809104780141, -0.05241403888971211, 0.04662450196882422,
    -0.04006395200120385, 0.031164158950407403, -0.01975031562160031, 0.008674648891777458, -0.0019103198397852248,
)  # fmt: skip
# (asin(s) - s) / s³ in z = s² for |s| <= 1/2. The error of the arcsine is below 2^-59 of its size.
_ASIN = (
    0.16666666666666763, 0.07499999999970261, 0.04464285717512119, 0.03038194268360419, 0.022372215660551746,
    0.017351600088841287, 0.013980961475970445, 0.011397775838899163, 0.010786529766690457, 0.0036830392977917343,
    0.021763506297680077, -0.021077303691792077, 0.03267689788970205,
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


def _expm1(x: Register) -> Register:
    """`2 (2^(n-1) p + (2^(n-1) - 1/2))` where e^x = 2^n (1 + p)."""
    y = where(x > 710.0, 710.0, x)  # is inf
    y = where(y < -40.0, -40.0, y)  # is -1
    n, p = _split_exp(y)
    power = ((n + (_BIAS - 1)) << 52).double()
    before, change = power - 0.5, power * p
    t = before + change
    result = (t + (change - (t - before))) * 2.0
    return where(x.intrinsic("fabs") < 2.0**-54, x, result)


def _log(x: Register, lost: Register | None = None) -> Register:
    """`k ln(2) + ln(m)` where x = 2^k m and m is between sqrt(1/2) and sqrt(2); `lost` is added before that rounds."""
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
    tail = multiply_add(k, _LN2[1], rest)
    result = multiply_add(k, _LN2[0], f - (half_square - (tail if lost is None else tail + lost)))
    result = where(x < inf, result, x)
    result = where(x < 0.0, nan, result)
    return where(x.equals(0.0), -inf, result)


def _log1p(x: Register) -> Register:
    """`ln(y) + (1 + x - y) / y` where y is 1 + x, rounded: so what is lost there is not lost."""
    y = x + 1.0
    return _log(y, (x - (y - 1.0)) / y).intrinsic("copysign", x)


def _erf(x: Register) -> Register:
    size = x.intrinsic("fabs")
    near = multiply_add(x, _polynomial(x * x, _ERF), x)
    beyond = where(size > 6.0, 5.0, size - 1.0)  # from 6 on it is 1
    far = (1.0 - _exp(_polynomial(beyond, _LOG_ERFC))).intrinsic("copysign", x)
    return where(size < 1.0, near, far)


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


def _angle(y: Register, x: Register) -> tuple[Register, Register]:
    """The angle of a point with y and x not below 0, as a multiple of pi / 4 and a rest."""
    low, high = y <= x * 0.66, y > x * 2.414213562373095  # below 33°, above 67.5°: else, turned by 45°
    t = where(low, y, where(high, -x, y - x)) / where(low, x, where(high, y, y + x))
    z = t * t
    multiple = where(low, 0.0, where(high, _PI[0] / 2, _PI[0] / 4))
    tail = where(low, 0.0, where(high, _PI[1] / 2, _PI[1] / 4))
    return multiple, t + multiply_add(z * t, _polynomial(z, _ATAN), tail)


def _atan(x: Register) -> Register:
    multiple, rest = _angle(x.intrinsic("fabs"), x.function.constant(1.0, x.type))
    return (multiple + rest).intrinsic("copysign", x)


def _atan2(y: Register, x: Register) -> Register:
    """The angle of (|x|, |y|), reflected where x is negative, with the sign of y."""
    up, along = y.intrinsic("fabs"), x.intrinsic("fabs")
    equal = up.equals(along)  # both infinite, or 0, where the angle is that of x
    up, along = where(equal, where(up > 0.0, 1.0, up), up), where(equal, 1.0, along)
    scale = where((up > 1e300) | (along > 1e300), 2.0**-10, 1.0)  # so that their sum does not overflow
    multiple, rest = _angle(up * scale, along * scale)
    reflected = (_PI[0] - multiple) + (_PI[1] - rest)
    return where(x.bits() < 0, reflected, multiple + rest).intrinsic("copysign", y)


def _asin_or_acos(x: Register, name: str) -> Register:
    """Within 1/2 the series of the arcsine of s = |x|. Beyond, acos(|x|) = 2 asin(s) where s² = (1 - |x|) / 2."""
    size = x.intrinsic("fabs")
    within = size <= 0.5
    z = where(within, x * x, (1.0 - size) * 0.5)
    s = where(within, size, z.intrinsic("sqrt"))
    lost = where(within | z.equals(0.0), 0.0, multiply_add(-s, s, z) / (s + s))  # of the root
    small = multiply_add(s * z, _polynomial(z, _ASIN), lost)
    if name == "asin":
        base, tail = (where(within, 0.0, part / 2) for part in _PI)
        factor = where(within, 1.0, -2.0)
    else:
        s, small = s.intrinsic("copysign", x), small.intrinsic("copysign", x)
        base, tail = (where(within, part / 2, where(x > 0.0, 0.0, part)) for part in _PI)
        factor = where(within, -1.0, 2.0)
    change = s * factor
    total = base + change
    result = total + ((change - (total - base)) + multiply_add(small, factor, tail))
    return result.intrinsic("copysign", x) if name == "asin" else result


# Each computes its result from vectors, and may leave the function early.
FUNCTIONS: dict[str, Callable[..., Register]] = {
    "exp": _exp,
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "tanh": _tanh,
    "erf": _erf,
    "sin": partial(_sin_or_cos, name="sin"),
    "cos": partial(_sin_or_cos, name="cos"),
    "asin": partial(_asin_or_acos, name="asin"),
    "acos": partial(_asin_or_acos, name="acos"),
    "atan": _atan,
    "atan2": _atan2,
}


def call(name: str, *operands: Register) -> Register:
    """Call a function, which is written into the module when it is first called.

    Args:
        name: One of `FUNCTIONS`.
        *operands: Vectors, one or two.
    """
    x = operands[0]
    module, symbol = x.function.module, f"v.{name}.{x.type.lanes}"
    if symbol not in module.functions:
        f = Function(module, symbol, {f"x{i}": x.type for i in range(len(operands))}, x.type, width=x.type.lanes)
        f.ret(FUNCTIONS[name](*f.arguments))
    return x.function.call(x.type, symbol, *operands)
