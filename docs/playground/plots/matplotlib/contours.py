"""Finds where numbers on a grid are between two levels, and where they are level: cell by cell."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")
Point = tuple[float, float]
Corner = tuple[float, float, float]  # with the number there


def cells(x: Sequence[float], y: Sequence[float], z: Sequence[Sequence[float]]) -> Iterator[list[Corner]]:
    """The cells of a grid, each with its corners in their order around it; without those that miss a number.

    A saddle comes as four triangles around its middle, so that every level goes through a part on one line at most.
    """
    for (y0, row0), (y1, row1) in pairwise(zip(y, z, strict=True)):
        for (x0, a, d), (x1, b, c) in pairwise(zip(x, row0, row1, strict=True)):
            corners = [(x0, y0, a), (x1, y0, b), (x1, y1, c), (x0, y1, d)]
            if not all(map(math.isfinite, (a, b, c, d))):
                continue
            if min(a, c) > max(b, d) or max(a, c) < min(b, d):
                middle = ((x0 + x1) / 2, (y0 + y1) / 2, (a + b + c + d) / 4)
                yield from ([*side, middle] for side in around(corners))
            else:
                yield corners


def band(grid: Sequence[list[Corner]], low: float, high: float) -> list[list[Point]]:
    """The parts of cells in which the numbers are more than `low` and at most `high`."""
    parts = (part(part(cell, low, above=True), high, above=False) for cell in grid)
    return [[(x, y) for x, y, _ in corners] for corners in parts if corners]


def part(cell: list[Corner], level: float, *, above: bool) -> list[Corner]:
    """The part of a cell in which the numbers are above a level, or in which they are not."""
    found: list[Corner] = []
    for a, b in around(cell):
        if (a[2] > level) == above:
            found.append(a)
        if (a[2] > level) != (b[2] > level):
            found.append((*crossing(a, b, level), level))
    return found


def line(grid: Sequence[list[Corner]], level: float) -> list[list[Point]]:
    """The line along which the numbers are `level`, in pieces, each across one cell."""
    sides = ([(a, b) for a, b in around(cell) if (a[2] > level) != (b[2] > level)] for cell in grid)
    return [[crossing(a, b, level) for a, b in crossed] for crossed in sides if crossed]


def around(corners: list[T]) -> Iterator[tuple[T, T]]:
    """Each corner with the next one, and the last one with the first."""
    return zip(corners, [*corners[1:], *corners[:1]], strict=True)


def crossing(a: Corner, b: Corner, level: float) -> Point:
    """The point between two corners at which the numbers reach `level`: the same for both cells that it borders."""
    (x0, y0, z0), (x1, y1, z1) = sorted((a, b))
    share = (level - z0) / (z1 - z0)
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
