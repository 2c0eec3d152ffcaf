"""In which order the slots of each column stand, so that few lines cross.

Columns are swept to and fro, each sorted by where its neighbours stand; after each sweep, neighbours in a column change
places as long as that helps. Both are from Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed
Graphs", IEEE Transactions on Software Engineering 19, 1993. What comes out depends much on the start, so there are
several.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

Columns = list[list[int]]

_STARTS = 16
_SLOTS = 1200  # for larger graphs fewer starts, so that this many slots are ordered in all
_SWEEPS = 24
_PATIENCE = 6  # sweeps without success before giving up
_EXCHANGES = 4  # rounds of them after each sweep


def order(columns: Sequence[Sequence[int]], links: Sequence[tuple[int, int]]) -> Columns:
    """Sort the slots of each column.

    Args:
        columns: The slots, numbered from 0, in columns from left to right.
        links: Pairs of slots in neighbouring columns, the left one first. Links to the same slot are best given in the
            order of its operands: that is kept where it costs nothing.

    Returns:
        The columns in their order; the same arguments give the same one.

    Example:
        >>> order([[0, 1], [2, 3]], [(0, 3), (1, 2)])
        [[1, 0], [2, 3]]
    """
    count = sum(map(len, columns))
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for left, right in links:
        before[right].append(left)
        after[left].append(right)
    best = start = _depth_first(columns, before, after)
    fewest = crossings(start, links)
    shuffle = random.Random(0).shuffle
    for _ in range(min(_STARTS, 1 + _SLOTS // max(count, 1))):
        if fewest == 0:
            break
        found, improved = _improve(start, before, after, links)
        if found < fewest:
            fewest, best = found, improved
        start = [column.copy() for column in start]
        for column in start:
            shuffle(column)
    return best


def crossings(columns: Sequence[Sequence[int]], links: Sequence[tuple[int, int]]) -> int:
    """How many pairs of links cross: their left ends and right ends are in opposite order.

    Args:
        columns: The slots in their order.
        links: Pairs of slots in neighbouring columns.

    Returns:
        The number of pairs.

    Example:
        >>> crossings([[0, 1], [2, 3]], [(0, 3), (1, 2)])
        1
    """
    rank = _ranks(columns)
    ends: list[list[tuple[int, int]]] = [[] for _ in columns]
    column_of = {slot: i for i, column in enumerate(columns) for slot in column}
    for left, right in links:
        ends[column_of[left]].append((rank[left], rank[right]))
    count = 0
    for several in ends:
        seen: list[int] = []  # right ends, negative so that what is further down counts by one bisection
        for _, end in sorted(several):
            count += bisect_left(seen, -end)
            insort(seen, -end)
    return count


def _depth_first(columns: Sequence[Sequence[int]], before: list[list[int]], after: list[list[int]]) -> Columns:
    """The order in which a walk from the results to their operands, the first one first, comes by."""
    column_of = {slot: i for i, column in enumerate(columns) for slot in column}
    found: Columns = [[] for _ in columns]
    seen: set[int] = set()
    todo = [slot for slot in reversed(range(len(after))) if not after[slot]]
    while todo:
        slot = todo.pop()
        if slot not in seen:
            seen.add(slot)
            found[column_of[slot]].append(slot)
            todo.extend(reversed(before[slot]))
    return found


def _improve(
    start: Columns, before: list[list[int]], after: list[list[int]], links: Sequence[tuple[int, int]]
) -> tuple[int, Columns]:
    """The fewest crossings that sweeps and exchanges find from a start, and the order that has them."""
    columns = [column.copy() for column in start]
    rank = _ranks(columns)
    fewest, best, failures = crossings(columns, links), start, 0
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            _sort(column, before if sweep % 2 else after, rank)
        for i in range(_EXCHANGES):
            if not _exchange(columns, before, after, rank, ties=i == 0 and sweep % 4 > 1):
                break
        found = crossings(columns, links)
        failures += 1
        if found < fewest:
            fewest, best, failures = found, [column.copy() for column in columns], 0
        if fewest == 0 or failures == _PATIENCE:
            break
    return fewest, best


def _sort(column: list[int], neighbours: list[list[int]], rank: list[int]) -> None:
    """Sort a column by the mean rank of the neighbours; slots without any keep their places."""
    wish = {
        slot: sum(rank[each] for each in neighbours[slot]) / len(neighbours[slot])
        for slot in column
        if neighbours[slot]
    }
    ordered = iter(sorted(wish, key=wish.__getitem__))
    column[:] = [next(ordered) if slot in wish else slot for slot in column]
    for place, slot in enumerate(column):
        rank[slot] = place


def _exchange(columns: Columns, before: list[list[int]], after: list[list[int]], rank: list[int], ties: bool) -> bool:
    """Let neighbours in a column change places where that saves crossings, or with `ties` costs none."""
    saved = False
    for column in columns:
        left = {slot: sorted(rank[each] for each in before[slot]) for slot in column}
        right = {slot: sorted(rank[each] for each in after[slot]) for slot in column}
        changed, again = True, ties
        while changed:
            changed = False
            for i in range(len(column) - 1):
                upper, lower = column[i], column[i + 1]
                gain = _gain(left[upper], left[lower]) + _gain(right[upper], right[lower])
                if gain > 0 or (again and gain == 0):
                    column[i], column[i + 1] = lower, upper
                    changed |= gain > 0
            saved |= changed
            again = False
        for place, slot in enumerate(column):
            rank[slot] = place
    return saved


def _gain(upper: list[int], lower: list[int]) -> int:
    """How many crossings fewer there are if two slots change places, from the sorted ranks of their neighbours."""
    return sum(bisect_left(lower, rank) + bisect_right(lower, rank) - len(lower) for rank in upper)


def _ranks(columns: Sequence[Sequence[int]]) -> list[int]:
    """The place of each slot in its column."""
    rank = [0] * sum(map(len, columns))
    for column in columns:
        for place, slot in enumerate(column):
            rank[slot] = place
    return rank
