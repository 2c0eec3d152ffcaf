"""How words and numbers are written in a picture, and how much room they take."""

import unicodedata
from functools import lru_cache

_WIDE, _NARROW = "mwMW%@", " fijlrtI.,:;!'|()[]-"


def operation(op: object) -> str:
    """The name of an operation, which in other classes may be anything: printable, and on one short line."""
    return "" if op is None else _one_line(str(op))


@lru_cache  # a graph has few operations, and many of each
def _one_line(words: str) -> str:
    return shorten(printable(words))


def kind(thing: object) -> str:
    """The class of a thing with its module, unless it is one of Python's own."""
    cls = type(thing)
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def number(x: float) -> str:
    """Write a number in at most twelve characters: four decimals, or an exponent where those would hide it.

    A zero is written without its sign, which says nothing in a picture.

    Example:
        >>> number(24.70408163265306), number(-0.0), number(1e-320), number(float("inf"))
        ('24.7041', '0.0000', '1.000e-320', 'inf')
    """
    return f"{x + 0.0:.4f}" if x == 0 or 1e-3 <= abs(x) < 1e5 or abs(x) == float("inf") else f"{x:.3e}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number of things.

    Example:
        >>> counted(1, "input"), counted(1690, "value"), counted(2, "box", "boxes")
        ('1 input', '1,690 values', '2 boxes')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def symbol(op: str) -> str:
    """Write an operation as by hand, with a multiplication sign in the place of `*`."""
    return "\N{MULTIPLICATION SIGN}" if op == "*" else operation(op)


def shorten(words: str, longest: int = 30) -> str:
    """Put words on one line, with an ellipsis for what is left out of their middle.

    Example:
        >>> shorten("model.layers.10.neurons.12.weights.3")
        'model.layers.10…s.12.weights.3'
    """
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[: longest // 2]}…{line[1 - longest // 2 :]}"


def width(words: str) -> float:
    """How wide words are in the wider ones of the usual fonts, in ems.

    Example:
        >>> round(width("1.0000"), 2), round(width("学习"), 2)
        (3.84, 2.2)
    """
    return sum(
        1.1 if char in _WIDE or unicodedata.east_asian_width(char) in "WF" else 0.44 if char in _NARROW else 0.68
        for char in words
    )


def printable(text: str) -> str:
    """Put U+FFFD in the place of every character that a text file or XML may not hold; newlines and tabs stay."""
    return "".join(char if _is_printable(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_printable(char: str) -> bool:
    return char in "\n\t" or (unicodedata.category(char) not in ("Cc", "Cs") and char not in "\ufffe\uffff")
