"""Finds where numbers on a grid are between two levels, and where they are level."""

import math
from collections import defaultdict
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
    """The outlines of where the numbers are more than `low` and at most `high`. Holes run the other way round."""
    ways: dict[Point, list[Point]] = defaultdict(list)
    for cell in grid:
        corners = [(x, y) for x, y, _ in part(part(cell, low, above=True), high, above=False)]
        for a, b in around(corners):
            if a in ways.get(b, ()):  # the cell beside it goes the other way: no border
                ways[b].remove(a)
            elif a != b:
                ways[a].append(b)
    return chains(ways)


def part(cell: list[Corner], level: float, *, above: bool) -> list[Corner]:
    """The part of a cell in which the numbers are above a level, or in which they are not."""
    if all((z > level) == above for _, _, z in cell):
        return cell
    found: list[Corner] = []
    for a, b in around(cell):
        if (a[2] > level) == above:
            found.append(a)
        if (a[2] > level) != (b[2] > level):
            found.append((*crossing(a, b, level), level))
    return found


def around(corners: list[T]) -> Iterator[tuple[T, T]]:
    """Each corner with the next one, and the last one with the first."""
    return zip(corners, [*corners[1:], *corners[:1]], strict=True)


def line(grid: Sequence[list[Corner]], level: float) -> list[list[Point]]:
    """The lines along which the numbers are `level`."""
    ways: dict[Point, list[Point]] = defaultdict(list)
    for cell in grid:
        met = [(a[2] <= level, crossing(a, b, level)) for a, b in around(cell) if (a[2] > level) != (b[2] > level)]
        a, b = (point for _, point in sorted(met, reverse=True)) if met else ((0.0, 0.0), (0.0, 0.0))
        if a != b:  # from where the numbers rise around the cell to where they fall
            ways[a].append(b)
    return chains(ways)


def crossing(a: Corner, b: Corner, level: float) -> Point:
    """The point between two corners at which the numbers reach `level`: the same for both cells that it borders."""
    (x0, y0, z0), (x1, y1, z1) = sorted((a, b))
    share = (level - z0) / (z1 - z0)
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def chains(ways: dict[Point, list[Point]]) -> list[list[Point]]:
    """Lines of the pieces that lead from point to point; a closed one ends where it begins."""
    ends = {b for targets in ways.values() for b in targets}
    starts = [point for point in ways if point not in ends] + list(ways)
    found = []
    for start in starts:
        while ways.get(start):
            chain = [start]
            while ways.get(chain[-1]):
                chain.append(ways[chain[-1]].pop())
            found.append(straightened(chain))
    return found


def straightened(chain: list[Point]) -> list[Point]:
    """A line without the points that lie between their neighbours on the same horizontal or vertical."""
    kept = chain[:1]
    for point, following in pairwise(chain[1:]):
        last = kept[-1]
        if not (last[0] == point[0] == following[0] or last[1] == point[1] == following[1]):
            kept.append(point)
    return [*kept, *chain[-1:]] if len(chain) > 1 else kept
