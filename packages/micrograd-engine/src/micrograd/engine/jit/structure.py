"""How arguments and results are put together: arrays, alone or in tuples, dicts and lists."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from micrograd.engine.jit.memory import Array

Shape: TypeAlias = tuple[int, ...]
"""What one sample has of an array: () for a number, (n,) for a list of n, (n, m) for n lists of m."""


TEXTS = {str}


class Parts(NamedTuple):
    """The structure of what has a structure in each of its places.

    Attributes:
        kind: `dict`, `list`, `tuple` or a class made by `namedtuple`.
        places: The keys of a dict; 0, 1, 2 and so on in the others.
        parts: What is there.
        keys: What tells the keys of a dict from others that Python finds equal, where they are not texts alone.
    """

    kind: type
    places: tuple[Any, ...]
    parts: tuple[Structure, ...]
    keys: tuple[Hashable, ...]

    def filled(self, parts: Iterable[Any]) -> Any:
        """A dict, list or tuple like it, made of other parts."""
        if self.kind is dict:
            return dict(zip(self.places, parts, strict=True))
        return getattr(self.kind, "_make", self.kind)(parts)


Structure: TypeAlias = Shape | Parts


@dataclass(frozen=True)
class Static:
    """An argument that the function may look at, in the place of a structure.

    Attributes:
        value: The argument.
        key: What tells it from others. Python finds 1, 1.0 and True equal, and 0.0 and -0.0; a function may not.
    """

    value: Any = field(compare=False)
    key: Hashable


def static(value: Any) -> Static:
    """A value that is told from others by its type too."""
    return Static(value, _exactly(value))


def _exactly(value: Any) -> Hashable:
    if isinstance(value, tuple):
        return type(value), *map(_exactly, value)
    if isinstance(value, frozenset):
        return type(value), frozenset(map(_exactly, value))
    return type(value), value.hex() if isinstance(value, float) else value


class Call(NamedTuple):
    """The structure of all arguments of a call.

    Attributes:
        places: 0, 1, 2 and so on for those that are given by position, then the names of the others.
        parts: What is there.
    """

    places: tuple[int | str, ...]
    parts: tuple[Structure | Static, ...]


def places(nest: Sequence[Any] | dict[Any, Any]) -> tuple[Any, ...]:
    """Where the parts of a dict, list or tuple are."""
    return tuple(nest) if isinstance(nest, dict) else tuple(range(len(nest)))


def made_of(nest: Sequence[Any] | dict[Any, Any], parts: Iterable[Structure]) -> Parts:
    """The structure of a dict, list or tuple that has these in its places.

    It is not made by the constructor of a subclass, which may ask for anything.
    """
    if isinstance(nest, dict):
        keys = () if TEXTS.issuperset(map(type, nest)) else tuple(map(_exactly, nest))
        return Parts(dict, tuple(nest), tuple(parts), keys)
    kind = type(nest) if has_names(nest) else tuple if isinstance(nest, tuple) else list
    return Parts(kind, places(nest), tuple(parts), ())


def has_names(nest: object) -> bool:
    """Whether it is a tuple of a class made by `namedtuple`, which has parts and is no axis, whatever they are."""
    return isinstance(nest, tuple) and hasattr(nest, "_make")


def size(structure: Structure) -> int:
    """How many numbers a sample has."""
    if isinstance(structure, Parts):
        return sum(map(size, structure.parts))
    return math.prod(structure)


def arranged(structure: Structure, columns: Array) -> Any:
    """Columns as arrays of samples, put together as they belong.

    Args:
        structure: Of one sample.
        columns: A row for each of its numbers, shape (numbers, batch).

    Returns:
        For a shape an array (batch, *shape); for parts what they make up. Nothing is copied.
    """
    if isinstance(structure, Parts):
        parts, start = [], 0
        for part in structure.parts:
            end = start + size(part)
            parts.append(arranged(part, columns[start:end]))
            start = end
        return structure.filled(parts)
    if not structure:
        return columns[0]
    if len(structure) == 1:
        return columns.T
    return columns.reshape(*structure, columns.shape[-1]).transpose(-1, *range(len(structure)))
