"""Memory for machine code: whole vectors, beginning where a cache line does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

LINE = 64  # bytes


def aligned_zeros(*shape: int) -> Array:
    """Zeros, beginning at a cache line: vectors that cross from one into the next take twice as long to load."""
    return _aligned(np.zeros, shape)


def aligned_rows(rows: int, count: int, width: int) -> Array:
    """An array to be filled, shape (rows, count). Rows begin at a cache line, and have room for whole vectors."""
    return _aligned(np.empty, (rows, whole_vectors(count, width)))[:, :count]


def _aligned(make: Callable[[int], Array], shape: tuple[int, ...]) -> Array:
    count = math.prod(shape)
    memory = make(count + LINE // 8)
    skip = -memory.ctypes.data % LINE // 8
    return memory[skip : skip + count].reshape(shape)


def addresses(*arrays: NDArray[Any]) -> list[int]:
    """Where their numbers begin."""
    return [array.ctypes.data for array in arrays]


def whole_vectors(count: int, width: int) -> int:
    """The smallest multiple of `width` that has room for `count`."""
    return -(-count // width) * width
