"""What users pass to a compiled function: arrays of samples, and their structure."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from micrograd.engine.jit.memory import Array
from micrograd.engine.number import to_float

# For each argument None, which is one number a sample, or how many there are; with its name if it is given by name.
Structure: TypeAlias = tuple[int | tuple[str, int | None] | None, ...]


def read_arguments(
    arguments: Sequence[ArrayLike], keywords: Mapping[str, ArrayLike] = MappingProxyType({})
) -> tuple[Structure, list[Array], int]:
    """The structure of the arguments, the arguments as arrays, and how many samples there are.

    Args:
        arguments: Those that are given by position.
        keywords: Those that are given by name.

    Raises:
        TypeError: If an argument is not numbers.
        ValueError: If it has three or more dimensions, the arguments disagree on the size of the batch, or it is empty.
    """
    given: dict[int | str, ArrayLike] = dict(enumerate(arguments))
    given.update(keywords.items())
    arrays: dict[int | str, Array] = {}
    for place, argument in given.items():
        arrays[place] = array = _real(argument, place)
        if array.ndim > 2:
            raise ValueError(
                f"argument {place} of a compiled function must be a number, (batch,) or (batch, n), "
                f"got shape {array.shape}"
            )
    sizes = {place: len(array) for place, array in arrays.items() if array.ndim}
    if len(set(sizes.values())) > 1:
        found = ", ".join(f"{size} in argument {place}" for place, size in sizes.items())
        raise ValueError(f"the arguments of a compiled function disagree on the number of samples: {found}")
    batch = next(iter(sizes.values()), 1)
    if batch == 0:
        raise ValueError("a compiled function needs at least one sample, got an empty batch")
    parts = {place: array.shape[1] if array.ndim == 2 else None for place, array in arrays.items()}
    structure = tuple([part if isinstance(place, int) else (place, part) for place, part in parts.items()])
    return structure, list(arrays.values()), batch


def read_vector(at: ArrayLike, leaves: int) -> Array:
    """What a caller gives in place of the numbers of the leaves.

    Raises:
        TypeError: If it is not numbers.
        ValueError: If it has not one for each leaf.
    """
    vector = _real(at, "at")
    if vector.shape != (leaves,):
        raise ValueError(f"at= takes a vector with a number for each of {leaves} leaves, got shape {vector.shape}")
    return vector


def read_out(out: Array, shape: tuple[int, ...]) -> Array:
    """Where a caller wants results of this shape, if that can be written to.

    Raises:
        TypeError: If it is no array of float64.
        ValueError: If it has another shape, is not contiguous, or cannot be written to.
    """
    if not isinstance(out, np.ndarray) or out.dtype != np.float64 or not out.dtype.isnative:
        found = f"an array of {out.dtype}" if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"out= takes an array of float64, got {found}")
    if out.shape != shape:
        raise ValueError(f"out= takes an array of the shape of the results, {shape}, got {out.shape}")
    if not out.flags.forc:
        raise ValueError("out= takes an array whose numbers lie without gaps, by rows or by columns; give a copy of it")
    if not out.flags.writeable:
        raise ValueError("out= takes an array that can be written to; this one is read-only")
    return out


def _real(argument: ArrayLike, place: int | str) -> Array:
    """An argument as an array of floats, if it is real numbers: numpy would take texts and dates for numbers too."""
    if any(hasattr(number, "_record") for number in (argument if isinstance(argument, (list, tuple)) else [argument])):
        raise TypeError(
            f"argument {place} of a compiled function must be numbers, got Values; inside another function, call the "
            "plain one that it was made of, which is its __wrapped__"
        )
    # NumPy imports its masked arrays when first asked for them; a child that is forked meanwhile would wait for ever.
    if type(argument).__module__.startswith("numpy.ma") and np.ma.is_masked(argument):
        raise TypeError(f"argument {place} of a compiled function has masked entries; fill or drop them first")
    try:
        array = np.asarray(argument)
    except ValueError:
        rows = " in rows of equal length"
    else:
        if array.dtype.kind in "biuf":
            return np.asarray(array, dtype=np.float64)
        if array.dtype.kind == "O" and all(isinstance(number, Real) for number in array.flat):  # fractions, long ints
            return np.array([to_float(number, "a compiled function") for number in array.flat]).reshape(array.shape)
        rows = ""
    raise TypeError(f"argument {place} of a compiled function must be real numbers{rows}, got {reprlib.repr(argument)}")


def positive(owner: str, name: str, number: int) -> int:
    """The number as an int, if it is a whole one of at least 1.

    Raises:
        ValueError: If it is not.
    """
    if not isinstance(number, Integral) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{owner} takes a {name} that is a whole number of at least 1, got {number!r}")
    return int(number)
