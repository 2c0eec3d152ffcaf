"""A graph too large to draw, as one of few boxes: what repeats becomes one box, with a count.

Operations are gathered into groups of the same structure, leaves into those that are used in the same way. Should there
still be too many boxes, those of the same depth are joined, and then those of neighbouring depths. The boxes form a
graph without cycles again: all units of a group have the same height, a group is only joined to the one box that
follows it, and bands of depth are in order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from micrograd.viz import text
from micrograd.viz.labels import common_owner, common_path
from micrograd.viz.summary.groups import NONE, Grouping, gather
from micrograd.viz.summary.titles import leaf_title, operation_title

MOST_BOXES = 60
"""How many boxes a summary has at most."""

_BANDS = 12  # that a graph is cut into if nothing repeats; few enough to be read at one look


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers of a box.

    Attributes:
        low: The smallest finite one among the Values that are used outside the box; nan if there is none.
        high: The largest of them.
        wrong: How many Values of the box have inf or nan.
    """

    low: float
    high: float
    wrong: int

    @classmethod
    def of(cls, shown: Iterable[float], every: Iterable[float]) -> Range:
        """The range of `shown`, and how many of `every` are inf or nan."""
        finite = [number for number in shown if math.isfinite(number)]
        wrong = sum(not math.isfinite(number) for number in every)
        return cls(min(finite, default=math.nan), max(finite, default=math.nan), wrong)

    @property
    def largest(self) -> float:
        """The one that is largest in size; nan if there are inf or nan."""
        return math.nan if self.wrong else max(self.low, self.high, key=abs)

    def __str__(self) -> str:
        low, high = text.number(self.low), text.number(self.high)
        finite = [] if math.isnan(self.low) else [low if low == high else f"{low} … {high}"]
        return ", ".join(finite + [f"{self.wrong:,} inf or nan"] * bool(self.wrong))


@dataclass(frozen=True, slots=True)
class Box:
    """Values that are drawn as one.

    Attributes:
        title: What each of the things in it is, such as "ReLU neuron of 16 inputs" or "leaf".
        count: How many of these there are.
        name: The path that their names have in common, or else that of what holds all they use; may be empty.
        values: All the Values, operands before results.
        operations: How often each operation occurs among them, the most frequent first; empty for leaves.
        data: The range of their data.
        grad: The range of their gradients.
    """

    title: str
    count: int
    name: str
    values: list[Any]
    operations: dict[str, int]
    data: Range
    grad: Range


@dataclass(frozen=True, slots=True)
class Summary:
    """A graph of boxes.

    Attributes:
        boxes: The boxes, operands before results; the last one holds the root.
        edges: For pairs of positions in `boxes`, from a smaller to a larger one, how many edges of the graph join them.
    """

    boxes: list[Box]
    edges: dict[tuple[int, int], int]


@dataclass(slots=True)
class _Draft:
    """A box before its Values are put in."""

    title: str
    count: int  # 0 if it is the number of operations, of different kinds
    leaf: bool
    depth: int = 0  # the longest way through boxes of operations; for leaves the smallest depth of a box that uses them


def summarise(grouping: Grouping, most: int = MOST_BOXES) -> Summary:
    """Gather a graph in few boxes.

    Args:
        grouping: The graph. Names that differ only in their numbers, such as `layers.0.neurons.3.w.1`, are of the same
            kind; Values of different kinds are kept apart.
        most: How many boxes there may be, at least 2.

    Returns:
        The summary; the same program gives the same one.

    Raises:
        ValueError: If `most` is less than 2.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> w, x = [Value(1.0) for _ in range(500)], [Value(2.0) for _ in range(500)]
        >>> nodes = read(sum((wi * xi for wi, xi in zip(w, x)), Value(0.5)).relu())
        >>> for box in summarise(Grouping.of(nodes)).boxes:
        ...     print(box.count, box.title)
        1 leaf
        500 leaf
        500 leaf
        1 ReLU neuron of 500 inputs
    """
    if most < 2:
        raise ValueError(f"a summary has at least 2 boxes, one of leaves and one of operations, got most={most!r}")
    used = set(grouping.group_of)
    drafts = [
        _Draft(operation_title(group) if at in used else "", group.count, leaf=False)
        for at, group in enumerate(grouping.groups)
    ]
    box_of = _place_leaves(grouping, drafts)
    _measure_depths(_between_boxes(box_of, grouping.edges), drafts)
    box_of, drafts = _merge(box_of, drafts, most)
    edges = _between_boxes(box_of, grouping.edges)
    return Summary(_fill(box_of, drafts, grouping), dict(sorted(edges.items())))


def _place_leaves(grouping: Grouping, drafts: list[_Draft]) -> list[int]:
    """The box of each node, which is that of its group, or for leaves of the same kind and the same use a new one.

    Constants go into the box that uses them if they are all equal, such as the 1 in `1 - x`, or if each thing in that
    box has one, such as the target in a loss.
    """
    nodes, kinds, box_of = grouping.nodes, grouping.kinds, grouping.group_of.copy()
    uses = (
        (operand, (box_of[i], kinds[i].op, place))
        for i, node in enumerate(nodes)
        for place, operand in enumerate(node.operands)
        if not nodes[operand].operands
    )
    roles = gather(len(nodes), uses)
    alike: dict[Hashable, list[int]] = {}
    for i, node in enumerate(nodes):
        if not node.operands:
            alike.setdefault((kinds[i], roles[i]), []).append(i)
    for leaves in alike.values():
        kind, role = kinds[leaves[0]], roles[leaves[0]]
        box = role[0] if kind.constant and isinstance(role, tuple) else NONE
        if box == NONE or (len(leaves) > drafts[box].count and len({nodes[i].data for i in leaves}) > 1):
            box = len(drafts)
            drafts.append(_Draft(leaf_title(kind), len(leaves), leaf=True))
        for i in leaves:
            box_of[i] = box
    return box_of


def _measure_depths(edges: Iterable[tuple[int, int]], drafts: list[_Draft]) -> None:
    """Fill in the depths. Boxes of operations are numbered from operands to results."""
    edges = sorted(edges, key=lambda edge: edge[1])
    for left, right in edges:
        if not drafts[left].leaf:
            drafts[right].depth = max(drafts[right].depth, drafts[left].depth + 1)
    for left, right in sorted(edges, key=lambda edge: drafts[edge[1]].depth, reverse=True):
        if drafts[left].leaf:
            drafts[left].depth = drafts[right].depth  # the smallest comes last


def _merge(box_of: Sequence[int], drafts: Sequence[_Draft], most: int) -> tuple[list[int], list[_Draft]]:
    """Join boxes until at most `most` are left, and number them from operands to results."""
    used = list(dict.fromkeys(box_of))  # in the order of their first Values
    bands = min(_BANDS, most // 2 - 1)  # and one more, for the root
    deepest = max(drafts[box].depth for box in used)

    def band(draft: _Draft) -> int:
        return draft.depth * bands // max(deepest, 1)

    coarser: tuple[Callable[[int, _Draft], Hashable], ...] = (
        lambda box, draft: box,
        lambda box, draft: (draft.leaf, draft.depth, draft.title),
        lambda box, draft: (draft.leaf, band(draft), draft.leaf and draft.title),
        lambda box, draft: (draft.leaf, band(draft)),
    )
    together: dict[Hashable, list[int]] = {}
    for key in coarser:
        together = {}
        for box in used:
            together.setdefault(key(box, drafts[box]), []).append(box)
        if len(together) <= most:
            break
    merged = []
    for boxes in together.values():
        parts = [drafts[box] for box in boxes]
        title, count, leaf = parts[0].title, sum(part.count for part in parts), parts[0].leaf
        if any(part.title != title for part in parts):
            title, count = ("leaf", count) if leaf else ("operation", 0)
        merged.append((_Draft(title, count, leaf, min(part.depth for part in parts)), boxes))
    merged.sort(key=lambda each: (not each[0].leaf, each[0].depth))
    place = {box: at for at, (_, boxes) in enumerate(merged) for box in boxes}
    return [place[box] for box in box_of], [draft for draft, _ in merged]


def _fill(box_of: Sequence[int], drafts: Sequence[_Draft], grouping: Grouping) -> list[Box]:
    """Put the Values into their boxes."""
    nodes = grouping.nodes
    members: list[list[int]] = [[] for _ in drafts]
    for i, box in enumerate(box_of):
        members[box].append(i)
    seen_outside = {operand for operand, result in grouping.edges if box_of[operand] != box_of[result]}
    seen_outside.add(len(nodes) - 1)
    boxes = []
    for draft, inside in zip(drafts, members, strict=True):
        every = [nodes[i] for i in inside]
        shown = [nodes[i] for i in inside if i in seen_outside]
        operations = Counter(node.op for node in every if node.op)
        own = {node.name for node in every} - {""}
        used = {nodes[operand].name for node in every for operand in node.operands} - {""}
        content = Box(
            title=draft.title,
            count=draft.count or operations.total(),
            name=common_path(own) or common_owner(used),
            values=[node.value for node in every],
            operations=dict(operations.most_common()),
            data=Range.of([node.data for node in shown], [node.data for node in every]),
            grad=Range.of([node.grad for node in shown], [node.grad for node in every]),
        )
        boxes.append(content)
    return boxes


def _between_boxes(box_of: Sequence[int], edges: Iterable[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """How many edges there are between each pair of boxes."""
    pairs = ((box_of[operand], box_of[result]) for operand, result in edges)
    return Counter(pair for pair in pairs if pair[0] != pair[1])
