"""Samples as machine code reads them: a row for each number of a sample, and in it the samples side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module
from micrograd.engine.jit.machine import Machine
from micrograd.engine.jit.memory import Array, addresses, aligned_zeros, whole_vectors

CACHED = 2**14  # numbers: so many at a time are turned into columns, in the fastest memory


def pack(samples: Array, arrays: Sequence[Array]) -> None:
    """Write arguments side by side.

    Args:
        samples: Where to, shape (..., numbers of a sample); columns, transposed.
        arrays: What the samples have: one number each, shape (...), or several, (..., n); or one for all, ().
    """
    first = 0
    for array in arrays:
        if array.ndim == samples.ndim:
            end = first + array.shape[-1]
            samples[..., first:end] = array
        else:
            end = first + 1
            samples[..., first] = array
        first = end


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
    places = gathered[:, : rounds * room].reshape(rows, rounds, room).transpose(1, 2, 0)
    across = max(1, CACHED // max(1, rows))
    along = max(1, across // count)
    for i in range(0, rounds, along):
        for k in range(0, count, across):
            some = orders[i : i + along, k : k + across]
            pack(
                places[i : i + along, k : min(count, k + across)],
                [array[some] if array.ndim else array for array in arrays],
            )
    return gathered


class Rows:
    """Arguments where they lie, for machine code to make columns of: with many samples it takes half of NumPy's time.

    Args:
        arrays: The arguments: (samples,) or (samples, n); or one number for all, ().
        width: The number of lanes.
    """

    def __init__(self, arrays: Sequence[Array], width: int) -> None:
        self._arrays = [array if array.flags.aligned else array.copy() for array in arrays]  # kept while they are read
        table = [
            (address, *array.strides, *(0, 0)[array.ndim :], array.shape[1] if array.ndim == 2 else 1)
            for array, address in zip(self._arrays, addresses(*self._arrays), strict=True)
        ]
        self._table = np.array(table, dtype=np.int64).reshape(-1, 4) // (1, 8, 8, 1)
        (self._address,) = addresses(self._table)
        self._pack = _packing(width)

    def pack(self, part: range, columns: int, stride: int) -> None:
        """Write some samples.

        Args:
            part: Which of them.
            columns: The address of the first column.
            stride: How far apart columns are.
        """
        self._pack(self._address, columns, len(self._arrays), stride, part.start, len(part))


@cache
def _packing(width: int) -> Callable[..., int]:
    """Machine code for a table of arguments.

    For each it holds the address, how far apart the samples are, how far the numbers of one, and how many these are.
    """
    module = Module(width)
    parameters = {
        **dict.fromkeys(("table", "columns"), POINTER),
        **dict.fromkeys(("count", "stride", "first", "n"), INTEGER),
    }
    f = Function(module, "pack", parameters)
    table, columns, count, stride, first, n = f.arguments
    whole = n // width * width
    row = [f.constant(0, INTEGER)]
    with f.loop(0, count, carried=row) as argument:
        entry = table.at(argument * 4)
        across, along, numbers = (entry.at(i).load(INTEGER) for i in (1, 2, 3))
        source, target = entry.load(POINTER).at(first * across), columns.at(row[0] * stride)
        with f.loop(0, whole, width) as s, f.loop(0, numbers) as i:
            number = source.at(s * across + i * along)
            lanes = [number.at(across * lane).load(DOUBLE) for lane in range(width)]
            target.at(i * stride + s).store(f.gathered(lanes))
        with f.loop(whole, n) as s, f.loop(0, numbers) as i:
            target.at(i * stride + s).store(source.at(s * across + i * along).load(DOUBLE))
        row[0] = row[0] + numbers
    return Machine([str(module)], module.tables).function("pack", parameters.values())
