"""Which numbers a statement reads, as a few strides where they lie evenly.

A product of a matrix and a vector reads the places 0 … 15, 16 … 31 and so on of one array, and of the other 0 … 15
again and again. Both are strides over the axes (row, column): the axes are found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from micrograd.engine.jit.arrays.statements import Listed, Places, Shape, Strided, row_by_row


def axes(readings: Sequence[Sequence[int]], last: int = 1) -> Shape:
    """The axes over which as many of these readings as possible are strides.

    Args:
        readings: For each operand its places, all of one length.
        last: How many elements the last axis must have; the length is a multiple.

    Returns:
        A shape of as many elements as each reading has, without axes of one element; `last` ends it if that is not 1.
    """
    length = len(readings[0])
    blocks = {last, length}
    for reading in readings:
        found = {block for block in _blocks(reading) if block >= last}
        if all(_nested(a, b) for a in blocks for b in found):
            blocks |= found
    sizes = sorted(blocks | {1})
    return tuple(big // small for small, big in reversed([*pairwise(sizes)]))


def places(reading: Sequence[int], shape: Shape) -> Places:
    """A reading as strides over a shape, if it is that."""
    start = reading[0]
    blocks = zip(row_by_row(shape), shape, strict=True)
    found = Strided(start, tuple([reading[block] - start if size > 1 else 0 for block, size in blocks]))
    return found if list(reading) == found.spread(shape) else Listed(tuple(reading))


def _blocks(reading: Sequence[int]) -> set[int]:
    """How many elements the axes of a reading span, if it is strides."""
    blocks = {1}
    block = 1
    while len(reading) > 1:
        step = reading[1] - reading[0]
        size = next((i for i in range(2, len(reading)) if reading[i] - reading[i - 1] != step), len(reading))
        if len(reading) % size:
            return set()
        rows = range(0, len(reading), size)
        if any(reading[row + i] - reading[row] != step * i for row in rows for i in range(1, size)):
            return set()
        block *= size
        blocks.add(block)
        reading = reading[::size]
    return blocks


def _nested(a: int, b: int) -> bool:
    return a % b == 0 or b % a == 0
