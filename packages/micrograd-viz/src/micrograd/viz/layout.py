"""Where the boxes of a graph go: columns from left to right, few crossings, edges as straight as they can be.

A layered drawing in the manner of Sugiyama, Tagawa and Toda (1981), in three steps. Every node gets a column, as far to
the right as its results allow. An edge that passes over columns gets a slot in each of them, so that it keeps clear of
the boxes; the long edges of one node share theirs. Then the columns are swept to and fro: each is sorted and placed by
where its neighbours are, with `_spread` as the least-squares answer to "all as near to where they want to be as fits".
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_COLUMN_GAP = 44.0
_ROW_GAP = 14.0
_SWEEPS = 16
_PORTS = 0.5  # the part of a box's left side, around its middle, where edges come in
_STRAIGHT = 3.0  # how much harder than a box the slot of a long edge pulls to stay level


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture, in the units of the sizes; x grows to the right and y downwards from the corner at (0, 0).

    Attributes:
        width: Of the whole.
        height: Of the whole.
        centres: The middle of each box.
        routes: For each edge the points it passes, from the right side of one box to the left side of another. Between
            columns it goes from one height to another, inside a column it is level.
    """

    width: float
    height: float
    centres: list[Point]
    routes: list[list[Point]]


@dataclass(slots=True)
class _Link:
    """A piece of an edge, between slots of neighbouring columns. It ends `port` below the middle of the right one."""

    left: int
    right: int
    port: float
    pull: float


def layout(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> Layout:
    """Place boxes so that all edges point to the right.

    Args:
        sizes: Width and height of each box.
        edges: Pairs of positions in `sizes`, from a smaller to a larger one: operands come before results. The same
            pair may occur more than once.

    Returns:
        The layout; the same arguments give the same one.

    Raises:
        ValueError: If an edge does not go from a smaller to a larger position.

    Example:
        >>> picture = layout([(40, 20), (40, 20)], [(0, 1)])
        >>> picture.centres
        [(20.0, 10.0), (104.0, 10.0)]
        >>> picture.routes
        [[(40.0, 10.0), (40.0, 10.0), (84.0, 10.0), (84.0, 10.0)]]
    """
    for left, right in edges:
        if not 0 <= left < right < len(sizes):
            raise ValueError(f"an edge goes from a smaller to a larger of {len(sizes)} positions, got {(left, right)}")
    column_of = _columns(len(sizes), edges)
    ports = _ports(sizes, edges)
    columns, links, paths = _slots(column_of, edges, ports)
    heights = [height for _, height in sizes]
    heights += [0.0] * (sum(map(len, columns)) - len(sizes))
    y = _heights(columns, links, heights)

    top = min((y[slot] - heights[slot] / 2 for slot in range(len(y))), default=0.0)
    bottom = max((y[slot] + heights[slot] / 2 for slot in range(len(y))), default=0.0)
    widths = [max(sizes[slot][0] for slot in column if slot < len(sizes)) for column in columns]
    starts = [sum(widths[:i]) + i * _COLUMN_GAP for i in range(len(widths))]
    middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]

    def route(edge: tuple[int, int], path: list[int], port: float) -> list[Point]:
        (left, right), first = edge, column_of[edge[0]]
        points = [(middles[first] + sizes[left][0] / 2, y[left] - top)]
        for i, slot in enumerate(path, first):
            level = y[slot] - top + (port if slot == right else 0.0)
            points += [(starts[i], level)] * (slot != left) + [(starts[i] + widths[i], level)] * (slot != right)
        return [*points, (middles[column_of[right]] - sizes[right][0] / 2, y[right] - top + port)]

    return Layout(
        width=sum(widths) + _COLUMN_GAP * max(len(widths) - 1, 0),
        height=bottom - top,
        centres=[(middles[column_of[node]], y[node] - top) for node in range(len(sizes))],
        routes=[route(*each) for each in zip(edges, paths, ports, strict=True)],
    )


def _columns(size: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each node: the last one for those without a result, one before its first result for the others."""
    results: list[list[int]] = [[] for _ in range(size)]
    for left, right in edges:
        results[left].append(right)
    distance = [0] * size  # the longest way to a node without a result
    for node in reversed(range(size)):
        distance[node] = max((distance[result] + 1 for result in results[node]), default=0)
    last = max(distance, default=0)
    return [last - steps for steps in distance]


def _ports(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> list[float]:
    """How far below the middle of its right box each edge ends: evenly spaced, the first operand's at the top."""
    entering = [0] * len(sizes)
    turn = []
    for _, right in edges:
        turn.append(entering[right])
        entering[right] += 1
    return [
        ((place + 0.5) / entering[right] - 0.5) * _PORTS * sizes[right][1]
        for place, (_, right) in zip(turn, edges, strict=True)
    ]


def _slots(
    column_of: list[int], edges: Sequence[tuple[int, int]], ports: list[float]
) -> tuple[list[list[int]], list[_Link], list[list[int]]]:
    """The slots of each column, the links between them, and the slots along each edge. Boxes have the first numbers."""
    columns: list[list[int]] = [[] for _ in range(max(column_of, default=-1) + 1)]
    for node, column in enumerate(column_of):
        columns[column].append(node)
    trunks: list[list[int]] = [[node] for node in range(len(column_of))]
    links, paths = [], []
    free = len(column_of)
    for (left, right), port in zip(edges, ports, strict=True):
        trunk, steps = trunks[left], column_of[right] - column_of[left]
        while len(trunk) < steps:
            links.append(_Link(trunk[-1], free, 0.0, _STRAIGHT if len(trunk) > 1 else 1.0))
            columns[column_of[left] + len(trunk)].append(free)
            trunk.append(free)
            free += 1
        links.append(_Link(trunk[steps - 1], right, port, 1.0))
        paths.append([*trunk[:steps], right])
    return columns, links, paths


def _heights(columns: list[list[int]], links: list[_Link], heights: list[float]) -> list[float]:
    """Put each column in the best order found, and return the height at which the middle of each slot goes."""
    count = len(heights)
    before: list[list[_Link]] = [[] for _ in range(count)]
    after: list[list[_Link]] = [[] for _ in range(count)]
    for link in links:
        before[link.right].append(link)
        after[link.left].append(link)
    y = [0.0] * count
    for column in columns:
        _spread(column, y, heights)

    def pull(slot: int, rightwards: bool) -> float:
        if rightwards:  # in the middle of what comes in: a box has it at all its ports, and those are even
            wishes = [(y[link.left], link.pull) for link in before[slot]]
        else:
            wishes = [(y[link.right] + link.port, link.pull) for link in after[slot]]
        weight = sum(strength for _, strength in wishes)
        return sum(height * strength for height, strength in wishes) / weight if weight else y[slot]

    def sweep(rightwards: bool, sort: bool) -> None:
        for column in columns if rightwards else reversed(columns):
            for slot, height in [(slot, pull(slot, rightwards)) for slot in column]:
                y[slot] = height
            if sort:
                column.sort(key=y.__getitem__)
            _spread(column, y, heights)

    best = _crossings(columns, after)
    order = [column.copy() for column in columns]
    for i in range(_SWEEPS):
        sweep(rightwards=i % 2 == 1, sort=True)
        crossings = _crossings(columns, after)
        if crossings < best:
            best, order = crossings, [column.copy() for column in columns]
    columns[:] = order
    for i in range(_SWEEPS):  # the last one goes to the right: results in the middle of operands, long edges level
        sweep(rightwards=i % 2 == 1, sort=False)
    return y


def _crossings(columns: list[list[int]], after: list[list[_Link]]) -> int:
    """How many pairs of links cross: pairs whose left ends and right ends are in opposite order."""
    rank = {slot: place for column in columns for place, slot in enumerate(column)}
    crossings = 0
    for column in columns:
        seen: list[tuple[int, float]] = []
        for slot in column:
            ends = sorted((rank[link.right], link.port) for link in after[slot])
            crossings += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return crossings


def _spread(column: list[int], y: list[float], heights: list[float]) -> None:
    """Move the slots of a column apart, in their order, so that the sum of the squares of the moves is least.

    Take away from each height the room that the slots above need, and what is left must only not decrease: an isotonic
    regression, solved by pooling neighbours that are out of order into blocks at their mean.
    """
    room, offsets = 0.0, []
    for above, slot in zip([None, *column], column, strict=False):
        if above is not None:
            room += (heights[above] + heights[slot]) / 2 + _ROW_GAP
        offsets.append(room)
    blocks: list[tuple[float, int]] = []  # sum and number of the wanted heights in each block
    for slot, offset in zip(column, offsets, strict=True):
        total, size = y[slot] - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / size:
            wanted, several = blocks.pop()
            total, size = total + wanted, size + several
        blocks.append((total, size))
    level = [total / size for total, size in blocks for _ in range(size)]
    for slot, height, offset in zip(column, level, offsets, strict=True):
        y[slot] = height + offset
