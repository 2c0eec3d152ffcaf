"""What is written on a node: its name, and its numbers."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import takewhile
from typing import Any, Protocol

_WIDE, _NARROW = "mwMW%@", " fijlrtI.,:;!'|()[]-"


class Named(Protocol):
    """What knows names of Values: a Module, of which this package has not heard."""

    def named_parameters(self) -> Iterable[tuple[str, object]]:
        """Pairs of a name and, mostly, a Value."""
        ...


Labels = Mapping[str, object] | Named | None
"""A dict of names and what they stand for, such as `{"a": a}` and `locals()`, or one Module, or no names."""


class Names:
    """What Values are called.

    Args:
        labels: A dict of names and what they stand for, or one object with `named_parameters()`, such as a Module; None
            for no names. In a dict, an object with `named_parameters()` names those after itself, as in
            `model.layers.0.neurons.1.b`. Whatever else is in the dict is passed over, so `locals()` will do.

    Raises:
        TypeError: If `labels` is neither.
    """

    def __init__(self, labels: object) -> None:
        self._own: dict[int, list[str]] = {}  # by identity, as whatever is in the dict may have an == and no hash
        self._given: dict[int, str] = {}
        self._ranks: dict[int, int] = {}
        for name, thing in _entries(labels):
            self._own.setdefault(id(thing), []).append(name)
            self._ranks.setdefault(id(thing), len(self._ranks))
            for path, parameter in _parameters(thing):
                self._given.setdefault(id(parameter), f"{name}.{path}" if name else path)
                self._ranks.setdefault(id(parameter), len(self._ranks))

    def of(self, value: Any) -> str:
        """The name of a Value, empty if it has none; all its names with commas between them where the dict has several.

        A name in the dict goes before the Value's own `label`, and that before one that a Module gives; of those the
        first one counts.
        """
        own, given = self._own.get(id(value), ()), self._given.get(id(value), "")
        return printable(", ".join(own)) or own_label(value) or printable(given)

    def rank(self, value: Any) -> int:
        """The place of a Value among the labels, parameters as their Module orders them; the last if it has none."""
        return self._ranks.get(id(value), len(self._ranks))


def own_label(value: Any) -> str:
    """The `label` that a Value, or an object of another class, has itself; empty if it has none."""
    label = getattr(value, "label", None)
    return "" if label is None or callable(label) else printable(str(label))


def common_path(names: Iterable[str]) -> str:
    """The first parts that names have in common.

    Example:
        >>> common_path(["layers.0.neurons.1.w.0", "layers.0.neurons.1.b"])
        'layers.0.neurons.1'
    """
    parts = zip(*(name.split(".") for name in names), strict=False)
    return ".".join(same[0] for same in takewhile(lambda each: len(set(each)) == 1, parts))


def operation(op: object) -> str:
    """The name of an operation, which in other classes may be anything: printable, and on one short line."""
    return "" if op is None else _one_line(str(op))


@lru_cache  # a graph has few operations, and many of each
def _one_line(words: str) -> str:
    return shorten(printable(words))


def _entries(labels: object) -> Iterable[tuple[str, object]]:
    """The names and what they stand for; a single Module has none of its own."""
    if labels is None:
        return []
    if isinstance(labels, Mapping):
        return [(str(name), thing) for name, thing in labels.items()]
    if hasattr(type(labels), "named_parameters"):
        return [("", labels)]
    raise TypeError(
        f"labels are a dict of names such as {{'a': a}}, or an object with named_parameters(), "
        f"got {type(labels).__name__}"
    )


def _parameters(thing: object) -> Iterable[tuple[str, object]]:
    """What an object's own `named_parameters()` says. A class has none: `locals()` may well hold the class Module."""
    method: Callable[[object], Iterable[tuple[str, object]]] | None = getattr(type(thing), "named_parameters", None)
    return method(thing) if method else ()


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


def some(count: int, noun: str, plural: str = "") -> str:
    """A number of things.

    Example:
        >>> some(1, "input"), some(1690, "value"), some(2, "box", "boxes")
        ('1 input', '1,690 values', '2 boxes')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def sign(op: str) -> str:
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
