"""How C writes numbers, names and operations."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Set
from typing import Literal, TypeAlias

Float: TypeAlias = Literal["double", "float"]

# What a name may not be: words of the language, and of C++, which may include the header; what the C library has, and
# what compilers think that it has.
_WORDS = """
auto break case char const continue default do double else enum extern float for goto if inline int long main register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
alignas alignof and and_eq asm bitand bitor bool catch char16_t char32_t char8_t class co_await co_return co_yield compl
concept const_cast consteval constexpr constinit decltype delete dynamic_cast explicit export false friend mutable
namespace new noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast requires
static_assert static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq
EOF HUGE_VAL I INFINITY NAN NULL errno
"""
_LIBRARY = """
abort abs alloca bcmp bcopy bzero calloc exit ffs fprintf fputc fputs free fscanf fwrite index isalnum isalpha iscntrl
isdigit isgraph islower isprint ispunct isspace isupper isxdigit labs malloc memchr memcmp memcpy memmove memset printf
putchar puts realloc rindex scanf snprintf sprintf sscanf strcat strchr strcmp strcpy strlen strncat strncmp strncpy
strpbrk strrchr strspn strstr tolower toupper vprintf
"""
_MATHEMATICS = """
acos acosh asin asinh atan atan2 atanh cabs carg cbrt ceil cimag conj copysign cos cosh cproj creal drem erf erfc exp
exp10 exp2 expm1 fabs fdim finite floor fma fmax fmin fmod fpclassify frexp gamma hypot ilogb isfinite isinf isnan
isnormal j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter
nexttoward pow pow10 remainder remquo rint round scalb scalbln scalbn signbit significand sin sincos sinh sqrt tan tanh
tgamma trunc y0 y1 yn
"""
KEYWORDS = frozenset(re.findall(r"\w+", _WORDS))
RESERVED = KEYWORDS.union(
    re.findall(r"\w+", _LIBRARY),
    (f"{name}{end}" for name in re.findall(r"\w+", _MATHEMATICS) for end in ("", "f", "l")),
)

FUNCTIONS = {
    "relu": ("{t} a", "a < {0} ? {0} : a"),
    "gate": ("{t} g, {t} a", "a <= {0} ? {0} : g"),
    "sign": ("{t} a", "a > {0} ? {1} : a < {0} ? -{1} : {0}"),
    "share": ("{t} a, {t} b", "a < b ? {0} : a == b ? {half} : {1}"),
    "maximum": ("{t} a, {t} b", "a >= b || a != a ? a : b"),
    "minimum": ("{t} a, {t} b", "a <= b || a != a ? a : b"),
    "less": ("{t} a, {t} b", "a < b ? {1} : {0}"),
    "at_most": ("{t} a, {t} b", "a <= b ? {1} : {0}"),
    "is_zero": ("{t} a", "a == {0} ? {1} : {0}"),
    "chosen": ("{t} condition, {t} a", "condition != {0} ? a : -{0}"),
    "sigmoid": ("{t} a", "{1} / (exp{f}(-a) + {1})"),
}
_OURS = {
    "ReLU": "relu",
    "gate": "gate",
    "sign": "sign",
    "share": "share",
    "max": "maximum",
    "min": "minimum",
    "<": "less",
    "<=": "at_most",
    "not": "is_zero",
    "where": "chosen",
    "sigmoid": "sigmoid",
}
_THEIRS = {name: name for name in ("exp", "expm1", "log", "log1p", "sqrt", "tanh", "erf", "pow")}
_THEIRS |= {name: name for name in ("sin", "cos", "asin", "acos", "atan", "atan2")}
_THEIRS |= {"abs": "fabs", "**": "pow"}


def number(value: float, float_: Float) -> str:
    """A number as a literal."""
    if math.isnan(value):
        return "NAN"
    if math.isinf(value):
        return "INFINITY" if value > 0 else "-INFINITY"
    if float_ == "double":
        return repr(value)
    try:
        (single,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        return number(math.copysign(math.inf, value), float_)
    text = f"{single:.9g}"
    return f"{text if '.' in text or 'e' in text else text + '.0'}f"


def operation(op: str, operands: list[str], float_: Float) -> tuple[str, str]:
    """An operation as an expression, and the function of ours that it calls, or nothing."""
    if op in ("+", "-", "*", "/"):
        return f" {op} ".join(operands), ""
    if op == "neg":
        return f"-{operands[0]}", ""
    if op == "reciprocal":
        return f"{number(1.0, float_)} / {operands[0]}", ""
    name = _OURS.get(op, "")
    called = name or _THEIRS[op] + suffix(float_)
    return f"{called}({', '.join(operands)})", name


def function(name: str, float_: Float) -> str:
    """The definition of a function of ours."""
    arguments, result = FUNCTIONS[name]
    words = {"t": float_, "half": number(0.5, float_), "f": suffix(float_)}
    zero, one = number(0.0, float_), number(1.0, float_)
    return (
        f"static {float_} {name}({arguments.format(**words)})\n"
        f"{{\n    return {result.format(zero, one, **words)};\n}}\n"
    )


def suffix(float_: Float) -> str:
    """What ends the names of functions of this type."""
    return "f" if float_ == "float" else ""


def identifier(name: str) -> str:
    """The nearest word that C may have for a name: `0.weight` is `layer0_weight`."""
    word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "x"
    return f"layer{word}" if word[0].isdigit() else word


def comment(text: str) -> str:
    """Text as a comment: nothing in it ends it, and no compiler warns of it."""
    plain = text.encode("ascii", "backslashreplace").decode().replace("*/", "* /").replace("/*", "/ *")
    return f"/* {plain.replace('?' + '?/', '? ?/')} */"


class Names:
    """Words that are different from each other.

    Args:
        taken: Those that are there already.

    Attributes:
        taken: The same, and those that were made.
    """

    def __init__(self, taken: Set[str] = RESERVED) -> None:
        self.taken = set(taken)

    def new(self, name: str) -> str:
        """A word for a name."""
        word = base = identifier(name)
        count = 1
        while word in self.taken:
            count += 1
            word = f"{base}_{count}" if base not in RESERVED or count > 2 else f"{base}_"
        self.taken.add(word)
        return word

    def inside(self) -> Names:
        """For a scope in which those that are taken so far stay so."""
        return Names(self.taken)
