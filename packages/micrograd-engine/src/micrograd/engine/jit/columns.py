"""Samples as machine code reads them: a row for each number of a sample, and in it the samples side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from micrograd.engine.jit.memory import Array, aligned_zeros, whole_vectors

CACHED = 2**14  # numbers: so many at a time are turned into columns, in the fastest memory


def pack(columns: Array, arrays: Sequence[Array]) -> None:
    """Write arguments into columns.

    Args:
        columns: Where to, shape (numbers of a sample, ...).
        arrays: What the samples have: one number each, shape (...), or several, (..., n); or one for all, ().
    """
    row = 0
    for array in arrays:
        if array.ndim == columns.ndim:
            rows = array.shape[-1]
            columns[row : row + rows] = array.transpose(-1, *range(array.ndim - 1))
        else:
            rows = 1
            columns[row] = array
        row += rows


def gather(arrays: Sequence[Array], orders: NDArray[np.intp], rows: int, width: int) -> Array:
    """Samples in the order of each round, as columns of whole vectors.

    Args:
        arrays: What the samples have, each (samples,) or (samples, n); or one number for all, ().
        orders: Which samples, shape (rounds, samples).
        rows: How many numbers a sample has.
        width: The number of lanes.
    """
    rounds, count = orders.shape
    room = whole_vectors(count, width)
    gathered = aligned_zeros(rows, rounds * room + width)  # the last vector of a batch may reach beyond it
    places = gathered[:, : rounds * room].reshape(rows, rounds, room)
    across = max(1, CACHED // max(1, rows))
    along = max(1, across // count)
    for i in range(0, rounds, along):
        for k in range(0, count, across):
            some = orders[i : i + along, k : k + across]
            pack(
                places[:, i : i + along, k : min(count, k + across)],
                [array[some] if array.ndim else array for array in arrays],
            )
    return gathered
