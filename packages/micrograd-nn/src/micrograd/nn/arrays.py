"""The rows of numbers that come from outside: lists, tuples, arrays."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, Protocol


class ArrayLike(Protocol):
    """Whatever has a length and can be indexed from 0: a list, a tuple, a NumPy array."""

    def __len__(self) -> int:
        """The number of elements."""
        ...

    def __getitem__(self, index: int, /) -> Any:
        """The element at `index`."""
        ...


def plain(data: Any) -> Any:
    """Numbers as Python has them: arrays become lists, at any depth; whole numbers ints, the others floats.

    Raises:
        TypeError: If something in it is neither a number nor a row of numbers.
    """
    if hasattr(data, "tolist"):  # arrays and their scalars, in one go
        data = data.tolist()
    if isinstance(data, Integral):
        return int(data)
    if isinstance(data, Real):
        return float(data)
    if isinstance(data, (str, bytes, dict)) or not (hasattr(data, "__len__") and hasattr(data, "__getitem__")):
        raise TypeError(
            f"samples are numbers, and lists, tuples or arrays of them, got {data!r} ({type(data).__name__})"
        )
    return [plain(data[i]) for i in range(len(data))]
