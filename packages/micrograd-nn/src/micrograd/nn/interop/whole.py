"""Tensors of Values as wholes: which are the same, what they hold, and new numbers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from micrograd.engine import Value, assign
from micrograd.nn.inputs import listed
from micrograd.nn.tensors import Tensor, shape_of, values_of

Shape = tuple[int, ...]


def first_names(tensors: Mapping[str, Tensor]) -> dict[str, str]:
    """For each name the first name of the same tensor: one that lies at two places has two.

    Raises:
        ValueError: If a Value is in two tensors that are not the same, or in one twice: other libraries can share
            whole tensors only.
    """
    place: dict[Value, str] = {}
    first = {}
    for name, tensor in tensors.items():
        values = values_of(tensor)
        other = place.get(values[0], name)
        if {place.setdefault(value, name) for value in values} != {other} or len(set(values)) < len(values):
            raise ValueError(f"{listed([name])} shares some of its Values; only whole tensors can be shared")
        if (shape_of(tensor), values) != (shape_of(tensors[other]), values_of(tensors[other])):
            raise ValueError(f"{listed([name])} and {listed([other])} share Values, but are not the same tensor")
        first[name] = other
    return first


def numbers_of(tensor: Tensor) -> Any:
    """The numbers in the Values, in as many lists."""
    return [numbers_of(part) for part in tensor] if isinstance(tensor, list) else float(tensor.data)


def check_shapes(given: Mapping[str, Sequence[int]], tensors: Mapping[str, Tensor]) -> None:
    """Refuse tensors of another model. What is shared need be given once.

    Args:
        given: The shapes that are given, by name.
        tensors: Those of the model.

    Raises:
        ValueError: If names are missing or unexpected, or shapes differ.
    """
    there = {value for name in given if name in tensors for value in values_of(tensors[name])}
    problems = {
        "missing": [
            name for name, tensor in tensors.items() if name not in given and not there >= {*values_of(tensor)}
        ],
        "unexpected": [name for name in given if name not in tensors],
        "of another shape": [
            f"{listed([name])} is {tuple(shape)}, not {shape_of(tensors[name])}"
            for name, shape in given.items()
            if name in tensors and tuple(shape) != shape_of(tensors[name])
        ],
    }
    if any(problems.values()):
        raise ValueError("; ".join(f"{problem}: {listed(found)}" for problem, found in problems.items() if found))


def assign_numbers(tensors: Mapping[str, Tensor], numbers: Mapping[str, Sequence[float]]) -> None:
    """Give the Values new numbers, all of them or none.

    Args:
        tensors: The Values, by name.
        numbers: As many numbers, row by row, for names among them.

    Raises:
        ValueError: If a Value that lies at two places would get two numbers.
    """
    new: dict[Value, float] = {}
    for name, given in numbers.items():
        for value, number in zip(values_of(tensors[name]), given, strict=True):
            if repr(new.setdefault(value, number)) != repr(number):  # nan is nan, and -0.0 is not 0.0
                raise ValueError(f"{listed([name])} is shared with another tensor, which has other numbers")
    assign((list(new), "data", list(new.values())))
