"""How C writes numbers, names and operations."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Set
from itertools import chain, count
from typing import Literal, TypeAlias

Float: TypeAlias = Literal["double", "float"]

LARGEST = (2.0 - 2.0**-23) * 2.0**127  # a float can be

OURS = {
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
_CALLED = {
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
    (single,) = struct.unpack("<f", struct.pack("<f", max(-LARGEST, min(LARGEST, value))))  # what is finite stays so
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
    name = _CALLED.get(op, "")
    called = name or _THEIRS[op] + suffix(float_)
    return f"{called}({', '.join(operands)})", name


def function(name: str, float_: Float) -> str:
    """The definition of a function of ours."""
    arguments, result = OURS[name]
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

    def __init__(self, taken: Set[str]) -> None:
        self.taken = set(taken)

    def new(self, name: str) -> str:
        """A word for a name."""
        base = identifier(name)
        words = chain([base, f"{base}_"], (f"{base}_{i}" for i in count(2)))
        word = next(word for word in words if word not in self.taken)
        self.taken.add(word)
        return word

    def inside(self) -> Names:
        """For a scope in which those that are taken so far stay so."""
        return Names(self.taken)
