"""What the Values in a picture are called, and in which order their names were given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any, Protocol

from micrograd.viz.text import printable


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
            `model.layers.0.neurons.1.b`, and a list, a dict and the like what is in it, as in `x.0`. Whatever else
            is in the dict is passed over, so `locals()` will do.

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
            for path, inner in _inside(thing, name):
                self._given.setdefault(id(inner), path)
                self._ranks.setdefault(id(inner), len(self._ranks))

    def of(self, value: Any) -> str:
        """The name of a Value, empty if it has none; all its names with commas between them where the dict has several.

        A name in the dict goes before the Value's own `label`, and that before one that a Module or a list gives; of
        those the first one counts.
        """
        own, given = self._own.get(id(value), ()), self._given.get(id(value), "")
        return printable(", ".join(own)) or _own_label(value) or printable(given)

    def rank(self, value: Any) -> int:
        """The place of a Value among the labels, parameters as their Module orders them; the last if it has none."""
        return self._ranks.get(id(value), len(self._ranks))


def _own_label(value: Any) -> str:
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


def common_owner(names: Iterable[str]) -> str:
    """The path of what holds all that has the names; empty if nothing does.

    Example:
        >>> common_owner(["layers.0.weight.1", "layers.0.bias"]), common_owner(["x"])
        ('layers.0', '')
    """
    return common_path([name.rpartition(".")[0] for name in names])


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


def _inside(thing: object, name: str) -> Iterator[tuple[str, object]]:
    """The paths, from `name` on, of the Values that a thing holds.

    A class has no parameters: `locals()` may well hold the class Module.
    """
    todo, opened = [(name, thing)], set[int]()
    while todo:
        path, thing = todo.pop()
        parameters: Callable[[object], Iterable[tuple[str, object]]] | None
        parameters = getattr(type(thing), "named_parameters", None)
        if parameters:
            yield from ((f"{path}.{inner}" if path else inner, parameter) for inner, parameter in parameters(thing))
        elif hasattr(thing, "_prev"):
            yield path, thing
        elif id(thing) not in opened:
            opened.add(id(thing))  # a list may be in itself
            todo += [(f"{path}.{place}", each) for place, each in reversed(_items(thing))]


def _items(thing: Any) -> list[tuple[object, object]]:
    """What is in a list, a dict and the like, and where."""
    if isinstance(thing, Mapping):
        return list(thing.items())
    is_array = str(getattr(thing, "dtype", "")) == "object"
    return list(enumerate(thing)) if is_array or isinstance(thing, (list, tuple)) else []
