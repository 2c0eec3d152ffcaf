"""What users pass to a compiled function: arrays of samples, and how they are put together."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Container, Mapping, Sequence
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from micrograd.engine.jit.memory import Array
from micrograd.engine.jit.structure import Call, Static, Structure, has_names, made_of, places, static
from micrograd.engine.number import to_float
from micrograd.engine.tracing import is_tracing

TOGETHER = "arrays that belong together go into a tuple or a dict"
NUMBERS, ROWS = {float, int, bool, np.float64}, {list, tuple}
FLOATS = np.dtype(np.float64)


class ValuesGiven(TypeError):
    """An argument holds Values where numbers are read."""


def read_arguments(
    arguments: Sequence[Any],
    keywords: Mapping[str, Any] = MappingProxyType({}),
    static_places: Container[int | str] = (),
) -> tuple[Call, list[Array], int]:
    """The structure of the arguments, what they hold as arrays, and how many samples there are.

    Args:
        arguments: Those that are given by position.
        keywords: Those that are given by name.
        static_places: The positions and the names of those that are taken as they are.

    Returns:
        The structure of the call; the arrays in their order, each a number, (batch,) or (batch, n), with all further
        dimensions in the second; and the number of samples.

    Raises:
        TypeError: If an argument is not numbers, or should be taken as it is and is not hashable.
        ValueError: If arrays disagree on the size of the batch, or it is empty.
    """
    given: dict[int | str, Any] = dict(enumerate(arguments))
    given.update(keywords.items())
    arrays: list[Array] = []
    sizes: dict[int, object] = {}
    parts = [
        _read_static(argument, place) if place in static_places else _read(argument, place, arrays, sizes)
        for place, argument in given.items()
    ]
    if len(sizes) > 1:
        found = ", ".join(f"{size} in argument {place}" for size, place in sizes.items())
        raise ValueError(
            f"the arguments of a compiled function disagree on the number of samples: {found}; the first axis is that "
            f"of the samples, also of a list of arrays; {TOGETHER}"
        )
    batch = next(iter(sizes), 1)
    if batch == 0:
        raise ValueError("a compiled function needs at least one sample, got an empty batch")
    return Call(tuple(given), tuple(parts)), arrays, batch


def _read_static(argument: Any, place: object) -> Static:
    found = static(argument)
    try:
        hash(found)
    except TypeError:
        raise TypeError(
            f"argument {place} of a compiled function is static, so it must be hashable, got {reprlib.repr(argument)}; "
            "a tuple is, a list is not"
        ) from None
    return found


def _read(argument: Any, place: object, arrays: list[Array], sizes: dict[int, object]) -> Structure:
    """The structure of an argument, or of a part of one.

    Args:
        argument: The argument.
        place: How messages call it.
        arrays: Where what it holds is added to.
        sizes: Where the number of its samples is entered, with the first place that has as many.
    """
    if isinstance(argument, (tuple, list, dict)) and _has_parts(argument):
        parts = [_read(argument[each], f"{place}[{each!r}]", arrays, sizes) for each in places(argument)]
        return made_of(argument, parts)
    array = _real(argument, place)
    shape = array.shape
    if shape:
        sizes.setdefault(shape[0], place)
    arrays.append(array if len(shape) <= 2 else array.reshape(shape[0], math.prod(shape[1:])))
    return shape[1:]


# Dicts and tuples have parts; a list is an axis of an array, inside the function as outside. But a tuple without names
# of nothing but numbers, or of nothing but rows of them, is an axis as well, as it is for NumPy; and a list of what has
# parts has parts.


def _has_parts(nest: tuple[Any, ...] | list[Any] | dict[Any, Any]) -> bool:
    """Whether it is more than one array."""
    if isinstance(nest, dict) or has_names(nest):
        return True
    if _is_plain(nest):
        return False
    if isinstance(nest, tuple):
        return any(map(_holds_arrays, nest)) or len({isinstance(part, (tuple, list)) for part in nest}) > 1
    return any(isinstance(part, (tuple, list, dict)) and _has_parts(part) for part in nest)


def _is_plain(nest: tuple[Any, ...] | list[Any]) -> bool:
    """Whether it is numbers or rows of numbers, by its first row: others that hold arrays make no array with that."""
    kinds = set(map(type, nest))
    if nest and kinds <= ROWS:
        kinds = set(map(type, nest[0]))
    return kinds <= NUMBERS


def _holds_arrays(part: Any) -> bool:
    if isinstance(part, tuple):
        return _has_parts(part)
    if isinstance(part, list):
        return not _is_plain(part) and any(map(_holds_arrays, part))
    return isinstance(part, dict) or np.ndim(part) > 0


def _real(argument: Any, place: object) -> Array:
    """An argument as an array of floats, if it is real numbers: numpy would take texts and dates for numbers too."""
    if type(argument) is np.ndarray and argument.dtype is FLOATS:
        return argument
    # NumPy imports its masked arrays when first asked for them; a child that is forked meanwhile would wait for ever.
    if type(argument).__module__.startswith("numpy.ma") and np.ma.is_masked(argument):
        raise TypeError(f"argument {place} of a compiled function has masked entries; fill or drop them first")
    wanted, hint = "real numbers", ""
    try:
        array = np.asarray(argument)
    except ValueError:
        wanted, hint = "real numbers in rows of equal length", f"; {TOGETHER}"
    else:
        if array.dtype.kind in "biuf":
            return np.asarray(array, dtype=np.float64)
        if array.dtype.kind == "O" and all(isinstance(number, Real) for number in array.flat):  # fractions, long ints
            return np.array([to_float(number, "a compiled function") for number in array.flat]).reshape(array.shape)
    if _holds_values(argument):
        raise ValuesGiven(
            f"argument {place} of a compiled function must be numbers, got Values; take their .data, or call the "
            "function with Values alone and differentiate what it returns with micrograd.engine.grad"
        )
    raise TypeError(f"argument {place} of a compiled function must be {wanted}, got {reprlib.repr(argument)}{hint}")


def _holds_values(part: Any) -> bool:
    if isinstance(part, np.ndarray):
        return part.dtype == object and any(map(_holds_values, part.flat))
    if isinstance(part, (tuple, list)):
        return any(map(_holds_values, part))
    return hasattr(part, "_record")


def check_values(argument: Any, place: object) -> None:
    """Refuse arrays in a call with Values, or where the function is traced.

    The function would get an array as it is, and not sample by sample; a list of numbers it would take for a list.

    Raises:
        TypeError: If the argument, or a part of it, is an array.
    """
    if isinstance(argument, dict) or (
        isinstance(argument, (tuple, list)) and (_holds_values(argument) or _has_parts(argument))
    ):
        rows = isinstance(argument, list)
        for each in places(argument):
            part = argument[each]
            if not (rows and isinstance(part, (tuple, list)) and _is_plain(part)):  # numbers in a matrix of Values
                check_values(part, f"{place}[{each!r}]")
    elif isinstance(argument, (tuple, list)) or (not _holds_values(argument) and np.ndim(argument)):
        where, instead = ("where others are Values", "call it with Values and single numbers")
        if is_tracing():
            where, instead = ("inside another one", "pass Values and single numbers, call it before, outside")
        raise TypeError(
            f"a compiled function takes Values or arrays, and argument {place} is an array {where}; {instead}, or call "
            "the plain function, which is its __wrapped__"
        )


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
        ValueError: If it has another shape, or cannot be written to.
    """
    if not isinstance(out, np.ndarray) or out.dtype != np.float64 or not out.dtype.isnative:
        found = f"an array of {out.dtype}" if isinstance(out, np.ndarray) else type(out).__name__
        raise TypeError(f"out= takes an array of float64, got {found}")
    if out.shape != shape:
        raise ValueError(f"out= takes an array of the shape of the results, {shape}, got {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out= takes an array that can be written to; this one is read-only")
    return out


def positive(owner: str, name: str, number: int) -> int:
    """The number as an int, if it is a whole one of at least 1.

    Raises:
        ValueError: If it is not.
    """
    if not isinstance(number, Integral) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{owner} takes a {name} that is a whole number of at least 1, got {number!r}")
    return int(number)
