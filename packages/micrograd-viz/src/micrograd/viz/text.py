"""What is written on a node: its name, and its numbers."""

import unicodedata
from collections.abc import Mapping

from micrograd.engine import Value


def names(labels: Mapping[str, object] | None) -> dict[Value, str]:
    """Turn `{"a": a}` round, into the name to write on each Value.

    Args:
        labels: Names and what they stand for. Whatever is not a Value is passed over, so `locals()` will do.

    Returns:
        The name of each Value; all its names with commas between them where it has several.
    """
    found: dict[Value, list[str]] = {}
    for name, value in (labels or {}).items():
        if isinstance(value, Value):
            found.setdefault(value, []).append(printable(str(name)))
    return {value: ", ".join(several) for value, several in found.items()}


def number(x: float) -> str:
    """Write a number in at most twelve characters: four decimals, or an exponent where those would hide it.

    Example:
        >>> number(24.70408163265306), number(0.0), number(1e-320), number(float("inf"))
        ('24.7041', '0.0000', '1.000e-320', 'inf')
    """
    return f"{x:.4f}" if x == 0 or 1e-3 <= abs(x) < 1e5 or abs(x) == float("inf") else f"{x:.3e}"


def printable(text: str) -> str:
    """Put U+FFFD in the place of every character that a text file or XML may not hold; newlines and tabs stay."""
    return "".join(char if _is_printable(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_printable(char: str) -> bool:
    return char in "\n\t" or (unicodedata.category(char) not in ("Cc", "Cs") and char not in "\ufffe\uffff")
