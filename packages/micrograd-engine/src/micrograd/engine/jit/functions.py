"""exp, log, tanh, sin and cos for all lanes of a vector at once, as LLVM IR.

LLVM has intrinsics of these names, but hardly a processor has such instructions: the C library is called once for each
lane. The functions here work as it does inside: reduce the argument to a short interval, evaluate a polynomial there,
and undo the reduction; all lanes go the same way, with selects in place of branches. Results are within 1 ulp, those of
tanh within 2, and inf, nan and the sign of zero are those of C.

The reductions are fdlibm's (Sun Microsystems, 1993), told in https://www.netlib.org/fdlibm/. The polynomials were
fitted with the Remez algorithm at 60 digits: no others of their degree have a smaller largest error.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import inf, nan, sqrt

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


def double(number: float) -> str:
    """A float as LLVM reads it without loss: its bits."""
    return f"0x{_bits(number):016X}"


def _bits(number: float) -> int:
    return int.from_bytes(struct.pack(">d", number), "big")


class _Code:
    """Lines of IR, and the number of lanes."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []

    def let(self, kind: str, expression: str) -> _Vector:
        name = f"%t{len(self.lines)}"
        self.lines.append(f"{name} = {expression}")
        return _Vector(self, name, kind)

    def leave_if_any(self, condition: _Vector, result: Callable[[], _Vector]) -> None:
        """Return `result` at once if `condition` is true in any lane."""
        lanes = f"v{self.width}i1"
        self.lines.append(f"%any = call i1 @llvm.vector.reduce.or.{lanes}({condition.type} {condition.name})")
        self.lines += ["br i1 %any, label %early, label %go", "early:"]
        early = result()
        self.lines += [f"ret {early.type} {early.name}", "go:"]


class _Vector:
    """A register of doubles, integers (i64) or truths (i1). Operators write the instruction that computes the result.

    No product is fused with a sum: that is for `_multiply_add`. A comparison is false where there is a nan.
    """

    def __init__(self, code: _Code, name: str, kind: str) -> None:
        self.code, self.name, self.kind = code, name, kind

    @property
    def type(self) -> str:
        return f"<{self.code.width} x {self.kind}>"

    def operand(self, other: _Vector | float) -> str:
        if isinstance(other, _Vector):
            return other.name
        return f"splat (double {double(other)})" if self.kind == "double" else f"splat (i64 {other})"

    def do(self, instruction: str, other: _Vector | float, kind: str | None = None) -> _Vector:
        return self.code.let(kind or self.kind, f"{instruction} {self.type} {self.name}, {self.operand(other)}")

    def arithmetic(self, instruction: str, other: _Vector | float) -> _Vector:
        return self.do(f"f{instruction}" if self.kind == "double" else instruction, other)

    def __add__(self, other: _Vector | float) -> _Vector:
        return self.arithmetic("add", other)

    def __sub__(self, other: _Vector | float) -> _Vector:
        return self.arithmetic("sub", other)

    def __rsub__(self, other: float) -> _Vector:
        return self.code.let(self.kind, f"fsub {self.type} {self.operand(other)}, {self.name}")

    def __mul__(self, other: _Vector | float) -> _Vector:
        return self.arithmetic("mul", other)

    def __truediv__(self, other: _Vector) -> _Vector:
        return self.do("fdiv", other)

    def __and__(self, other: int) -> _Vector:
        return self.do("and", other)

    def __or__(self, other: int) -> _Vector:
        return self.do("or", other)

    def __xor__(self, other: _Vector) -> _Vector:
        return self.do("xor", other)

    def __lshift__(self, places: int) -> _Vector:
        return self.do("shl", places)

    def __rshift__(self, places: int) -> _Vector:
        return self.do("lshr", places)

    def __lt__(self, other: float) -> _Vector:
        return self.do("fcmp olt", other, "i1")

    def __gt__(self, other: float) -> _Vector:
        return self.do("fcmp ogt", other, "i1")

    def equals(self, other: float) -> _Vector:
        return self.do("fcmp oeq", other, "i1")

    def cast(self, how: str, kind: str) -> _Vector:
        return self.code.let(kind, f"{how} {self.type} {self.name} to <{self.code.width} x {kind}>")

    def bits(self) -> _Vector:
        return self.cast("bitcast", "i64")

    def double(self) -> _Vector:
        return self.cast("bitcast", "double")

    def intrinsic(self, name: str, *others: _Vector) -> _Vector:
        arguments = ", ".join(f"{self.type} {argument.name}" for argument in (self, *others))
        return self.code.let("double", f"call {self.type} @llvm.{name}.v{self.code.width}f64({arguments})")


def _where(condition: _Vector, yes: _Vector | float, no: _Vector) -> _Vector:
    choice = f"{no.type} {no.operand(yes)}, {no.type} {no.name}"
    return no.code.let(no.kind, f"select {condition.type} {condition.name}, {choice}")


def _multiply_add(a: _Vector, b: _Vector | float, c: _Vector | float) -> _Vector:
    """`a * b + c`, in one instruction and rounded once where the processor can."""
    return a.do("fmul contract", b).do("fadd contract", c)


def _polynomial(x: _Vector, coefficients: Sequence[float]) -> _Vector:
    """`coefficients[0] + coefficients[1] * x + ...`, after Horner."""
    *lower, before, last = coefficients
    value = _multiply_add(x, last, before)
    for coefficient in reversed(lower):
        value = _multiply_add(value, x, coefficient)
    return value


def _split_exp(x: _Vector) -> tuple[_Vector, _Vector]:
    """An integer n, in the lowest bits of the first result, and p, so that e^x = 2^n (1 + p) and |p| < 1/2."""
    rounded = _multiply_add(x, _LOG2_E, _ROUNDER)
    n = rounded - _ROUNDER
    exact, rest = _multiply_add(n, -_LN2[0], x), n * -_LN2[1]
    r = exact + rest  # rounded, which does no harm in the terms after the first; that one takes both parts
    return rounded.bits(), exact + _multiply_add(r * r, _polynomial(r, _EXPM1), rest)


def _exp(x: _Vector) -> _Vector:
    x = _where(x > 710.0, 710.0, x)  # is inf
    x = _where(x < -746.0, -746.0, x)  # is 0
    n, p = _split_exp(x)
    exponent = n + 2 * _BIAS  # 2^n may be too large or small for a double where the result is not: two factors do
    half = exponent >> 1
    return (p + 1.0) * (half << 52).double() * ((exponent - half) << 52).double()


def _tanh(x: _Vector) -> _Vector:
    """`-t / (t + 2)` where t = e^(-2|x|) - 1 = 2^n p + (2^n - 1), with the sign of x."""
    y = x.intrinsic("fabs") * -2.0
    y = _where(y < -44.0, -44.0, y)  # is 1
    n, p = _split_exp(y)
    power = ((n + _BIAS) << 52).double()
    before, change = power - 1.0, power * p
    t = before + change
    lost = change - (t - before)  # what the sum rounded away; 0.7 is near enough to 1 / (t + 2)
    return _multiply_add(lost, 0.7, t / (power + 1.0 + change)).intrinsic("copysign", x)


def _log(x: _Vector) -> _Vector:
    """`k ln(2) + ln(m)` where x = 2^k m and m is between sqrt(1/2) and sqrt(2)."""
    subnormal = x < 2.0**-1022
    # With what is added here, the bits of the exponent step at sqrt(1/2) times a power of 2, in place of 1 times one.
    bits = _where(subnormal, x * 2.0**54, x).bits() + (_bits(1.0) - _bits(sqrt(0.5)))
    exponent = ((bits >> 52) | _bits(2.0**52)).double() - (2.0**52 + _BIAS)
    k = _where(subnormal, exponent - 54.0, exponent)
    f = ((bits & _MANTISSA) + _bits(sqrt(0.5))).double() - 1.0
    # With s = f / (2 + f), ln(1 + f) = 2 s + z (2/3 + ...) s = f - (f² / 2 - s (f² / 2 + z (2/3 + ...))).
    s = f / (f + 2.0)
    z = s * s
    half_square = f * f * 0.5
    rest = s * _multiply_add(z, _polynomial(z, _LOG), half_square)
    result = _multiply_add(k, _LN2[0], f - (half_square - _multiply_add(k, _LN2[1], rest)))
    result = _where(x < inf, result, x)
    result = _where(x < 0.0, nan, result)
    return _where(x.equals(0.0), -inf, result)


def _split_turn(size: _Vector) -> tuple[_Vector, _Vector, _Vector]:
    """An integer n, in the lowest bits of the first result, and y + tail so that size = n pi / 2 + y + tail."""
    rounded = _multiply_add(size, _TWO_OVER_PI, _ROUNDER)
    n = rounded - _ROUNDER
    y = size - n * _HALF_PI[0]
    error = n * _HALF_PI[3]
    for piece in _HALF_PI[1:3]:  # every difference keeps what it rounds away
        product, before = n * piece, y
        y = before - product
        error = error + ((y - before) + product)
    total = y - error
    return rounded.bits(), total, (y - total) - error


def _sin_or_cos(x: _Vector, name: str) -> _Vector:
    """The sine or cosine of `y + tail`, with a sign: which of them, the quarters of a turn say."""
    size = x.intrinsic("fabs")
    x.code.leave_if_any(size > _FAR, lambda: x.intrinsic(name))
    quarters, y, tail = _split_turn(size)
    z = y * y
    half = z * 0.5
    rough = 1.0 - half  # the cosine, nearly: good enough as the derivative of the sine
    sine = y + _multiply_add(z * y, _polynomial(z, _SIN), tail * rough)
    cosine = rough + _multiply_add(z * z, _polynomial(z, _COS), (1.0 - rough - half) - y * tail)
    if name == "cos":  # the sine a quarter later
        quarters = quarters + 1
    result = _where((quarters & 1).cast("trunc", "i1"), cosine, sine)
    sign = (quarters & 2) << 62
    if name == "sin":
        sign = sign ^ (x.bits() & _SIGN)
    return (result.bits() ^ sign).double()


# Each computes its result from a register, and may leave the function early.
FUNCTIONS: dict[str, Callable[[_Vector], _Vector]] = {
    "exp": _exp,
    "log": _log,
    "tanh": _tanh,
    "sin": partial(_sin_or_cos, name="sin"),
    "cos": partial(_sin_or_cos, name="cos"),
}


def call(name: str, width: int, argument: str) -> str:
    """The expression that applies a function.

    Args:
        name: One of `FUNCTIONS`.
        width: The number of lanes.
        argument: A register of `width` doubles.

    Example:
        >>> call("exp", 4, "%x")
        'call <4 x double> @v.exp(<4 x double> %x)'
    """
    return f"call <{width} x double> @v.{name}(<{width} x double> {argument})"


def definitions(names: Iterable[str], width: int) -> str:
    """The functions of these names, for the module that calls them; their attributes are its `#0`.

    Args:
        names: Some of `FUNCTIONS`.
        width: The number of lanes.

    Example:
        >>> definitions(["exp"], 4).splitlines()[0]
        'define private <4 x double> @v.exp(<4 x double> %x) #0 {'
    """
    return "\n".join(_definition(name, width) for name in names)


def _definition(name: str, width: int) -> str:
    x = _Vector(_Code(width), "%x", "double")
    result = FUNCTIONS[name](x)
    body = "\n".join(f"  {line}" for line in [*x.code.lines, f"ret {result.type} {result.name}"])
    return f"define private {x.type} @v.{name}({x.type} %x) #0 {{\n{body}\n}}\n"
