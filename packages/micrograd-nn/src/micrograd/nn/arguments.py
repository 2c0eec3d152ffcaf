"""Checks of arguments, with one wording for all of nn."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from numbers import Integral, Real
from typing import TypeGuard


def shown(thing: object) -> str:
    """What an error message says it got: short, and printable, wherever it came from."""
    try:
        return reprlib.repr(thing)
    except ValueError:  # an int of more digits than Python writes
        return f"a huge {type(thing).__name__}"


def listed(names: Iterable[object], most: int = 10) -> str:
    """Names for an error message: the first of them, and how many there are more."""
    texts = [str(name) for name in names]
    said = [text if text.isprintable() and len(text) < 100 else reprlib.repr(text) for text in texts[:most]]
    return ", ".join(said) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def is_number(number: object) -> TypeGuard[float]:
    """Whether it is a real number that fits into a float; True and False are not."""
    try:
        return isinstance(number, Real) and not isinstance(number, bool) and isinstance(float(number), float)
    except OverflowError:
        return False


def flag(owner: str, name: str, choice: bool) -> bool:
    """The choice, if it is True or False; 1 and 0, and NumPy's, will do.

    Raises:
        ValueError: If it is not.
    """
    if choice not in (True, False):
        raise ValueError(f"{owner}: {name} must be True or False, got {shown(choice)}")
    return bool(choice)


def non_negative(owner: str, name: str, number: float) -> float:
    """The number as a float, if it is one of at least 0.

    Raises:
        ValueError: If it is not.
    """
    if not (is_number(number) and number >= 0):
        raise ValueError(f"{owner}: {name} must be a number of at least 0, got {shown(number)}")
    return float(number)


def whole(owner: str, name: str, number: int, least: int = 1) -> int:
    """The number as an int, if it is a whole one of at least `least`.

    Raises:
        ValueError: If it is not.
    """
    if not (isinstance(number, Integral) and is_number(number) and number >= least):
        raise ValueError(f"{owner}: {name} must be an int of at least {least}, got {shown(number)}")
    return int(number)
