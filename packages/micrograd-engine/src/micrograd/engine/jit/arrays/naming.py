"""Names for the Values that a function reads: those that are given, their labels, or the variables that they are in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, count
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from micrograd.engine.jit.arrays.statements import Shape
from micrograd.engine.value import Value


class Tensor(NamedTuple):
    """Leaves under one name, row by row."""

    leaves: list[Value]
    shape: Shape


def name_leaves(
    f: Callable[..., Any], read: Sequence[Value], tensors: Mapping[str, Any] | None = None
) -> dict[str, Tensor]:
    """Names for all Values that a function reads.

    Args:
        f: The function.
        read: The leaves that it reads.
        tensors: Nested lists of leaves by name, which come first, read or not. By default those of `f.tensors()`.

    Raises:
        TypeError: If there is something else than leaves in `tensors`.
        ValueError: If a Value is a part of two tensors there, or twice in one, or rows differ in length.
    """
    owner: Any = f.__self__ if isinstance(f, MethodType) else f
    given = owner.tensors() if tensors is None and _is_model(owner) else tensors or {}
    if not isinstance(given, Mapping):
        raise TypeError(f"tensors= takes a dict of Values by name, got {type(given).__name__}")
    found: dict[str, Tensor] = {}
    for name, nest in given.items():
        _add(found, name, _tensor(name, nest))
    left = dict.fromkeys(read)
    for tensor in found.values():
        _drop(left, tensor.leaves)
    for leaf in [*left]:
        if leaf.label and leaf.label not in found:
            found[leaf.label] = Tensor([leaf], ())
            _drop(left, [leaf])
    for name, tensor in _in_variables(f) if left else ():
        own = {*tensor.leaves}
        known = {leaf for others in found.values() for leaf in others.leaves}
        if name not in found and len(own) == len(tensor.leaves) and own & left.keys() and not own & known:
            found[name] = tensor
            _drop(left, tensor.leaves)
    if left:
        names = chain(["leaf"], (f"leaf{i}" for i in count(2)))
        found[next(name for name in names if name not in found)] = Tensor([*left], (len(left),))
    return found


def frozen_leaves(f: Callable[..., Any]) -> set[Value]:
    """The leaves that are not to be trained, by what the models say that `f` is, belongs to, or finds in variables."""
    owner: Any = f.__self__ if isinstance(f, MethodType) else f
    things: list[Any] = [owner, *_models_in_variables(f)]
    models = [thing for thing in things if _is_model(thing) and hasattr(thing, "parameters")]
    held = {leaf for model in models for nest in model.tensors().values() for leaf in _tensor("", nest).leaves}
    return held.difference(*(model.parameters() for model in models))


def _drop(left: dict[Value, None], leaves: Sequence[Value]) -> None:
    for leaf in leaves:
        left.pop(leaf, None)


def _add(found: dict[str, Tensor], name: str, tensor: Tensor) -> None:
    """Add a tensor; one that is there under another name keeps that.

    Raises:
        ValueError: If it shares some of its Values with another one, or holds one twice.
    """
    owner = {leaf: other for other, others in found.items() for leaf in others.leaves}
    owners = {owner.get(leaf) for leaf in tensor.leaves}
    if owners == {None}:
        if len({*tensor.leaves}) < len(tensor.leaves):
            raise ValueError(f"{name} holds a Value twice; each number of a tensor must be one of its own")
        found[name] = tensor
    elif not any(tensor.leaves == others.leaves for others in found.values()):
        raise ValueError(f"{name} shares some of its Values with {next(iter(owners - {None}))}; share all, or none")


def _tensor(name: str, nest: Any) -> Tensor:
    """Nested lists of leaves as a tensor."""
    if isinstance(nest, Value):
        if nest._prev:
            raise TypeError(f"{name} holds the result of {nest._op!r}; parameters are leaves")
        return Tensor([nest], ())
    if not isinstance(nest, (list, tuple)):
        raise TypeError(f"{name} must be a Value, or Values in nested lists, got {type(nest).__name__}")
    if not nest:
        raise ValueError(f"{name} is empty; a tensor has at least one number")
    parts = [_tensor(name, part) for part in nest]
    shapes = {part.shape for part in parts}
    if len(shapes) != 1:
        raise ValueError(f"{name} must have rows of one length")
    return Tensor([leaf for part in parts for leaf in part.leaves], (len(parts), *shapes.pop()))


def _is_model(thing: Any) -> bool:
    return callable(getattr(thing, "tensors", None)) and not isinstance(thing, type)


def _in_variables(f: Any) -> Iterator[tuple[str, Tensor]]:
    """The leaves that a function finds in variables."""
    for name, thing in _variables_of(f):
        yield from _tensors(name, thing)


def _models_in_variables(f: Any) -> Iterator[Any]:
    """The models that a function finds in variables, also in dicts and lists there."""
    things = [thing for _, thing in _variables_of(f)]
    while things:
        thing = things.pop()
        if _is_model(thing):
            yield thing
        elif isinstance(thing, dict):
            things += thing.values()
        elif isinstance(thing, (list, tuple)) and _may_hold_leaves(thing):
            things += thing


def _variables_of(f: Any) -> Iterator[tuple[str, Any]]:
    """The variables that a function reads, and those of the functions beside it that it calls, but for functions."""
    functions: list[Any] = [f]
    seen: list[FunctionType] = []
    while functions:
        function = functions.pop(0)
        if isinstance(function, partial):
            functions.append(function.func)
            continue
        plain = inspect.unwrap(function.__func__ if isinstance(function, MethodType) else function)
        if isinstance(plain, FunctionType) and plain not in seen and _are_beside(plain, seen):
            seen.append(plain)
            for name, thing in _variables(plain):
                if callable(thing) and not _is_model(thing):
                    functions.append(thing)
                else:
                    yield name, thing


def _are_beside(function: FunctionType, others: Sequence[FunctionType]) -> bool:
    """Whether a function is of the same file as the others, and not of a library."""
    return all(function.__globals__ is other.__globals__ for other in others)


def _variables(function: FunctionType) -> list[tuple[str, Any]]:
    try:
        variables = inspect.getclosurevars(function)
    except ValueError:  # one has no value yet
        return []
    return [*variables.nonlocals.items(), *variables.globals.items()]


def _tensors(name: str, thing: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors in a variable: itself, what a model has, or what lists and dicts hold."""
    if _is_model(thing):
        for key, nest in thing.tensors().items():
            yield f"{name}.{key}", _tensor(name, nest)
    elif isinstance(thing, dict):
        for key, part in thing.items():
            yield from _tensors(f"{name}.{key}", part)
    elif _may_hold_leaves(thing):
        try:
            yield name, _tensor(name, thing)
        except (TypeError, ValueError):
            for place, part in enumerate(thing if isinstance(thing, (list, tuple)) else ()):
                yield from _tensors(f"{name}.{place}", part)


def _may_hold_leaves(thing: Any) -> bool:
    """Whether lists begin with a Value or a model, and not with one of a million samples."""
    while isinstance(thing, (list, tuple)) and thing:
        thing = thing[0]
    return isinstance(thing, (Value, dict)) or _is_model(thing)
