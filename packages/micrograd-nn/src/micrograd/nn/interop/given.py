"""What is given to a net, as the tensors that its function takes."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from micrograd.engine.jit.arrays import Array
from micrograd.nn.inputs import described, listed


class Arguments:
    """The arguments of a function.

    Args:
        structures: Their names and how they are put together.
        arrays: The arrays in them.
    """

    def __init__(self, structures: Sequence[tuple[str, Any]], arrays: Sequence[Array]) -> None:
        self._structures = structures
        self._arrays = [(array.name, array.shape) for array in arrays]

    def __str__(self) -> str:
        return ", ".join(f"{name}: {_sizes(shape)}" for name, shape in self._arrays)

    def read(self, args: Sequence[Any], keywords: dict[str, Any], like: torch.Tensor) -> list[torch.Tensor]:
        """What is given, shape (batch, numbers) each.

        Args:
            args: What is given by position.
            keywords: What is given by name.
            like: Has the type and the device.

        Raises:
            TypeError: If it is not the right arguments, or no numbers.
            ValueError: If it has other shapes, or no one number of samples.
        """
        given = self._bound(args, keywords)
        pairs = zip(self._structures, given, strict=True)
        parts = [part for (name, structure), x in pairs for part in _parts(structure, name, x)]
        tensors = [_tensor(name, part, like) for (name, _), part in zip(self._arrays, parts, strict=True)]
        sizes: list[tuple[int, str]] = []
        for (name, shape), x in zip(self._arrays, tensors, strict=True):
            if tuple(x.shape[1:]) != shape or (shape and x.dim() == 0):
                raise ValueError(f"argument {name} must have the shape {_sizes(shape)}, got {tuple(x.shape)}")
            if x.dim():
                sizes.append((x.shape[0], name))
        batch = sizes[0][0] if sizes else 1
        others = [pair for pair in sizes if pair[0] != batch]
        if others:
            found = ", ".join(f"{size} in argument {name}" for size, name in (sizes[0], *others))
            raise ValueError(f"the arguments disagree on the number of samples: {found}")
        full = [x if x.dim() else x.expand(batch) for x in tensors]
        return [x.reshape(batch, math.prod(shape)) for x, (_, shape) in zip(full, self._arrays, strict=True)]

    def _bound(self, args: Sequence[Any], keywords: dict[str, Any]) -> list[Any]:
        """The arguments in their order."""
        names = [name for name, _ in self._structures]
        given = {**keywords, **dict(zip(names, args, strict=False))}
        if len(given) < len(args) + len(keywords) or given.keys() != set(names):
            got = f"{len(args)}{f' and {listed([*keywords])}' if keywords else ''}"
            raise TypeError(f"takes {len(names)} arguments, {listed(names)}, got {got}")
        return [given[name] for name in names]


def _parts(structure: Any, name: str, given: Any) -> Iterator[Any]:
    """The arrays of an argument.

    Raises:
        TypeError: If it is put together in another way.
    """
    if not hasattr(structure, "filled"):
        yield given
        return
    kind = dict if structure.kind is dict else (list, tuple)
    if not isinstance(given, kind):
        wanted = "a dict" if kind is dict else "a list or a tuple"
        raise TypeError(f"argument {name} must be {wanted} of {len(structure.places)} parts, got {described(given)}")
    there = [*given] if kind is dict else [*range(len(given))]
    if {*there} != {*structure.places}:
        raise TypeError(f"argument {name} must have the parts {listed(structure.places)}, got {listed(there)}")
    for place, part in zip(structure.places, structure.parts, strict=True):
        yield from _parts(part, f"{name}.{place}", given[place])


def _tensor(name: str, given: Any, like: torch.Tensor) -> torch.Tensor:
    """Numbers as a tensor: whole ones, and those that come in none, in float64, as a smaller type would round them."""
    if not isinstance(given, torch.Tensor):
        try:
            return torch.as_tensor(given, dtype=torch.float64, device=like.device)
        except (TypeError, ValueError, RuntimeError):
            raise TypeError(f"argument {name} must be a tensor of numbers, got {reprlib.repr(given)}") from None
    if given.is_complex():
        raise TypeError(f"argument {name} must be real numbers, got {given.dtype}")
    return given.to(like.dtype if given.is_floating_point() else torch.float64)


def _sizes(shape: Sequence[int]) -> str:
    return f"({', '.join(['batch', *map(str, shape)])})" if shape else "(batch,)"
