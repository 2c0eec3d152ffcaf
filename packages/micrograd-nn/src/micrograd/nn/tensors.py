"""Parameters as PyTorch has them: whole tensors, by its keys and in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from micrograd.engine import Value
from micrograd.nn.discovery import Attributes, contents_of, is_leaf, is_plain, join

Tensor: TypeAlias = Value | list[Any]
"""A Value, or lists of Values, nested so that they have a shape."""


def name_tensors(module: Any, held: Attributes, kind: type) -> dict[str, Tensor]:
    """The tensors of a Module: its own, then those of the Modules in it, which each names itself.

    Args:
        module: The Module.
        held: What it holds, by name.
        kind: The class Module.

    Returns:
        New lists of leaf Values, by the way there. A Value that lies at several places is at all of them. What an
        overridden `parameters()` returns beside them is named after its place there.

    Raises:
        ValueError: If two tensors have the same name, or a Module contains itself.
    """
    places = ((str(key), thing, not str(key).startswith("_")) for key, thing in held)
    owner = type(module).__name__
    try:
        found = [*_tensors(places, kind)]
    except RecursionError:
        raise ValueError(
            f"{owner} contains itself, so that its tensors have no names; define tensors() in it, without the way back"
        ) from None
    known = {id(value) for _, tensor in found for value in values_of(tensor)}
    if getattr(module.parameters, "__func__", None) is not vars(kind)["parameters"]:
        returned = enumerate(module.parameters())
        found += [(f"parameters.{i}", value) for i, value in returned if is_leaf(value) and id(value) not in known]
    named: dict[str, Tensor] = {}
    for name, tensor in found:
        if named.setdefault(name, tensor) is not tensor:
            raise ValueError(f"{owner} has two tensors called {name!r}; rename one attribute or key")
    return named


def as_tensor(thing: object) -> Tensor | None:
    """The leaf Values in lists, tuples and object arrays as nested lists, if they have a shape; else None."""
    if isinstance(thing, Value):
        return thing if is_leaf(thing) else None
    contents = None if isinstance(thing, dict) else contents_of(thing)
    parts: list[Tensor] = []
    for _, part in contents or ():
        tensor = as_tensor(part)
        if tensor is None or shape_of(tensor) != shape_of(parts[0] if parts else tensor):
            return None
        parts.append(tensor)
    return parts or None


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """The lengths of the lists, from the outermost on; of a Value, none."""
    return (len(tensor), *shape_of(tensor[0])) if isinstance(tensor, list) else ()


def values_of(tensor: Tensor) -> list[Value]:
    """All Values of a tensor, row by row."""
    return [value for part in tensor for value in values_of(part)] if isinstance(tensor, list) else [tensor]


def _tensors(places: Iterable[tuple[str, Any, bool]], kind: Any) -> Iterator[tuple[str, Tensor]]:
    """Names and tensors, those that lie here before those further in; Values count where the third says so."""
    further = []
    for name, thing, counts in places:
        tensor = as_tensor(thing) if counts else None
        if tensor is not None:
            yield name, tensor
        elif not is_plain(thing):
            further.append((name, thing, counts))
    for name, thing, counts in further:
        if isinstance(thing, kind):
            yield from ((join(name, key), tensor) for key, tensor in thing.tensors().items())
        else:
            yield from _tensors(((join(name, key), part, counts) for key, part in contents_of(thing) or ()), kind)
