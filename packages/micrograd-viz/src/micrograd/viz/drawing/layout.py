"""Where the boxes of a graph go: columns from left to right, few crossings, edges as straight as they can be.

A layered drawing in the manner of Sugiyama, Tagawa and Toda (1981), in four steps. Every node gets a column. An edge
that passes over columns gets a slot in each of them, so that it keeps clear of the boxes; the long edges of one node
share theirs. Each column is ordered so that few edges cross. Then the columns are swept to and fro: each is placed by
where its neighbours are, with `_spread` as the least-squares answer to "all as near to where they want to be as fits".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from micrograd.viz.drawing.ordering import order

Point = tuple[float, float]

_COLUMN_GAP = 44.0
_ROW_GAP = 14.0
_SWEEPS = 24
_PORTS = 0.5  # the part of a box's left side, around its middle, where edges come in
_LIGHT = 1e-6  # the weight of a leaf, where that of a result is at least 1


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


class _Link(NamedTuple):
    """A piece of an edge, between slots of neighbouring columns."""

    left: int
    right: int
    port: float  # how far below the middle of the right slot it ends
    pull: float  # how hard it pulls the right slot to the height of the left one


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
    depths = _depths(len(sizes), edges)
    column_of = _columns(depths, edges)
    columns, paths = _slots(column_of, edges)
    columns = order(columns, list(dict.fromkeys(piece for path in paths for piece in pairwise(path))))
    ports = _ports(sizes, columns, paths)
    heights = [height for _, height in sizes]
    heights += [0.0] * (sum(map(len, columns)) - len(sizes))
    height, y = _best_levels(columns, paths, ports, heights, depths)

    widths = [max(sizes[slot][0] for slot in column if slot < len(sizes)) for column in columns]
    starts = [sum(widths[:i]) + i * _COLUMN_GAP for i in range(len(widths))]
    middles = [start + width / 2 for start, width in zip(starts, widths, strict=True)]

    def route(edge: tuple[int, int], path: list[int], port: float) -> list[Point]:
        (left, right), first = edge, column_of[edge[0]]
        points = [(middles[first] + sizes[left][0] / 2, y[left])]
        for i, slot in enumerate(path, first):
            level = y[slot] + (port if slot == right else 0.0)
            points += [(starts[i], level)] * (slot != left) + [(starts[i] + widths[i], level)] * (slot != right)
        return [*points, (middles[column_of[right]] - sizes[right][0] / 2, y[right] + port)]

    return Layout(
        width=sum(widths) + _COLUMN_GAP * max(len(widths) - 1, 0),
        height=height,
        centres=[(middles[column_of[node]], y[node]) for node in range(len(sizes))],
        routes=[route(*each) for each in zip(edges, paths, ports, strict=True)],
    )


def least_size(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The width of the layout, and a height that it has at least: known before the columns are in order, and quickly.

    Example:
        >>> least_size([(40, 20), (40, 20)], [(0, 1)])
        (124.0, 20.0)
    """
    column_of = _columns(_depths(len(sizes), edges), edges)
    columns: dict[int, list[tuple[float, float]]] = {}
    for size, column in zip(sizes, column_of, strict=True):
        columns.setdefault(column, []).append(size)
    width = sum(max(width for width, _ in column) for column in columns.values()) + _COLUMN_GAP * (len(columns) - 1)
    return width, max(sum(height for _, height in column) + _ROW_GAP * (len(column) - 1) for column in columns.values())


def _depths(size: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The number of edges on the longest way from a leaf to each node."""
    depths = [0] * size
    for left, right in sorted(edges, key=lambda edge: edge[1]):
        depths[right] = max(depths[right], depths[left] + 1)
    return depths


def _columns(depths: list[int], edges: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each node: as far to the left as its operands allow, or one before its first result.

    Leaves and what has one result only, such as the products inside a neuron, stand before their results. What has more
    stays on the left, and so do functions of one operand that are as deep as others: the activations of a layer, which
    line up.
    """
    entering = Counter(right for _, right in edges)
    functions = Counter(depths[node] for node, operands in entering.items() if operands == 1)
    results: list[set[int]] = [set() for _ in depths]
    for left, right in edges:
        results[left].add(right)
    columns = depths.copy()
    for node in reversed(range(len(depths))):
        activation = entering[node] == 1 and functions[depths[node]] > 1
        if results[node] and (entering[node] == 0 or (len(results[node]) == 1 and not activation)):
            columns[node] = min(columns[result] for result in results[node]) - 1
    return columns


def _slots(column_of: list[int], edges: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    """The slots of each column, and those along each edge. Boxes have the first numbers."""
    columns: list[list[int]] = [[] for _ in range(max(column_of, default=-1) + 1)]
    for node, column in enumerate(column_of):
        columns[column].append(node)
    trunks: list[list[int]] = [[node] for node in range(len(column_of))]
    paths = []
    free = len(column_of)
    for left, right in edges:
        trunk, steps = trunks[left], column_of[right] - column_of[left]
        while len(trunk) < steps:
            columns[column_of[left] + len(trunk)].append(free)
            trunk.append(free)
            free += 1
        paths.append([*trunk[:steps], right])
    return columns, paths


def _ports(sizes: Sequence[tuple[float, float]], columns: list[list[int]], paths: list[list[int]]) -> list[float]:
    """How far below the middle of its right box each edge ends: evenly spaced, in the order in which they come in."""
    rank = {slot: place for column in columns for place, slot in enumerate(column)}
    entering: dict[int, list[int]] = {}
    for edge, path in enumerate(paths):
        entering.setdefault(path[-1], []).append(edge)
    ports = [0.0] * len(paths)
    for right, several in entering.items():
        for place, edge in enumerate(sorted(several, key=lambda edge: rank[paths[edge][-2]])):
            ports[edge] = ((place + 0.5) / len(several) - 0.5) * _PORTS * sizes[right][1]
    return ports


def _links(paths: list[list[int]], ports: list[float], depths: list[int], leaf: float) -> list[_Link]:
    """The pieces of the edges; what several edges share is there once.

    The deeper an operand, the harder it pulls at its results: so a long chain is a straight line, and what is added to
    it on the way stands beside it. `leaf` is how hard a leaf pulls.
    """
    pulls: dict[tuple[int, int, float], float] = {}
    for path, port in zip(paths, ports, strict=True):
        for left, right in pairwise(path):
            pulls.setdefault((left, right, port if right == path[-1] else 0.0), leaf + depths[path[0]])
    return [_Link(*piece, pull) for piece, pull in pulls.items()]


def _weights(depths: list[int], paths: list[list[int]]) -> list[float]:
    """How hard each slot resists being moved: leaves give way to all else, and what is near them to what is deeper."""
    weights = {node: depth or _LIGHT for node, depth in enumerate(depths)}
    for path in paths:
        weights.update(dict.fromkeys(path[1:-1], depths[path[0]] + 1))
    return [weights[slot] for slot in range(len(weights))]


def _best_levels(
    columns: list[list[int]], paths: list[list[int]], ports: list[float], heights: list[float], depths: list[int]
) -> tuple[float, list[float]]:
    """The height of the whole, and the level of each slot, that make the lower picture, or else the shorter lines.

    There are two ways to place leaves. Results can follow them, as is good for a tree, or they stand beside results
    that are in line.
    """
    weights = _weights(depths, paths)
    tries = []
    for leaf in (1.0, 0.0):
        links = _links(paths, ports, depths, leaf)
        y = _levels(columns, links, heights, weights)
        top = min((middle - height / 2 for middle, height in zip(y, heights, strict=True)), default=0.0)
        bottom = max((middle + height / 2 for middle, height in zip(y, heights, strict=True)), default=0.0)
        length = sum(abs(y[link.right] + link.port - y[link.left]) for link in links)
        tries.append((round(bottom - top), length, bottom - top, [middle - top for middle in y]))
    return min(tries, key=lambda each: each[:2])[2:]


def _levels(columns: list[list[int]], links: list[_Link], heights: list[float], weights: list[float]) -> list[float]:
    """Where the middle of each slot goes, from above to below."""
    before: list[list[_Link]] = [[] for _ in heights]
    after: list[list[_Link]] = [[] for _ in heights]
    for link in links:
        before[link.right].append(link)
        after[link.left].append(link)
    y = [0.0] * len(heights)

    def wish(slot: int, rightwards: bool) -> float:
        if rightwards:  # in the middle of what comes in: a box has it at all its ports, and those are even
            wishes = [(y[link.left], link.pull) for link in before[slot]]
        else:
            wishes = [(y[link.right] + link.port, 1.0) for link in after[slot]]
        weight = sum(strength for _, strength in wishes)
        return sum(height * strength for height, strength in wishes) / weight if weight else y[slot]

    for column in columns:
        _spread(column, [0.0] * len(column), y, heights, weights)
    for i in range(_SWEEPS):  # the last one goes to the right: results in the middle of operands, long edges level
        rightwards = i % 2 == 1
        for column in columns if rightwards else reversed(columns):
            _spread(column, [wish(slot, rightwards) for slot in column], y, heights, weights)
    for column in columns:  # leaves follow
        _spread(column, [y[slot] if before[slot] else wish(slot, False) for slot in column], y, heights, weights)
    return y


def _spread(column: list[int], wishes: list[float], y: list[float], heights: list[float], weights: list[float]) -> None:
    """Place the slots of a column, in their order and apart, with the least weighted sum of squares of missed wishes.

    Take away from each wish the room that the slots above need, and what is left must only not decrease: an isotonic
    regression, solved by pooling neighbours that are out of order into blocks at their mean.
    """
    rooms = ((heights[above] + heights[below]) / 2 + _ROW_GAP for above, below in pairwise(column))
    offsets = list(accumulate(rooms, initial=0.0))
    blocks: list[tuple[float, float, int]] = []  # mean, weight and number of the slots in each block
    for slot, wish, offset in zip(column, wishes, offsets, strict=True):
        mean, weight, size = wish - offset, weights[slot], 1
        while blocks and blocks[-1][0] > mean:
            other, more, several = blocks.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, size = weight + more, size + several
        blocks.append((mean, weight, size))
    level = [mean for mean, _, size in blocks for _ in range(size)]
    for slot, height, offset in zip(column, level, offsets, strict=True):
        y[slot] = height + offset
