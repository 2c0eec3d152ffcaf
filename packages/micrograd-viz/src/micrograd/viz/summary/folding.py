"""A graph of some size, folded: what is computed for one result only is drawn with it, a neuron with its weights.

The groups of a summary say what belongs together, such as the products, the sum and the relu of a neuron; here each
neuron is a box of its own. A box has one node that others use, its last one, so the boxes form a graph without cycles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from micrograd.viz.summary.groups import Grouping


def fold(grouping: Grouping, alike: Sequence[object]) -> list[list[int]]:
    """Fold a graph.

    Args:
        grouping: The graph. What has a name stays the result of a box.
        alike: For each node what it has in common with those in its box: its group, or only its operation.

    Returns:
        The boxes, operands before results and that of the root last: each the positions of its nodes, of which the last
        one is the result; or of leaves that go to the same boxes.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> x, neurons = Value(2.0), [(Value(1.0), Value(3.0)), (Value(-1.0), Value(0.0))]
        >>> first, second = ((w * x + b).tanh() for w, b in neurons)
        >>> grouping = Grouping.of(read(first.maximum(second)))
        >>> [len(box) for box in fold(grouping, grouping.group_of)]  # x, two neurons, and the maximum
        [1, 5, 5, 1]
    """
    nodes, kinds = grouping.nodes, grouping.kinds
    result = list(range(len(nodes)))  # of the box of each node
    for i in reversed(range(len(nodes))):
        after = grouping.user[i]
        if nodes[i].operands and after >= 0 and alike[i] == alike[after] and not kinds[i].pattern:
            result[i] = result[after]
    return _with_leaves(grouping, result)


def fold_by_results(grouping: Grouping, kept: Collection[int] = ()) -> list[list[int]]:
    """Fold a graph as far as goes: into what has a name or is used for several, each with all that only it needs.

    Args:
        grouping: The graph.
        kept: The positions of more nodes that stay the result of a box, as those do that have a name.

    Returns:
        The boxes, as `fold` returns them.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> a, b = Value(2.0), Value(3.0)
        >>> c = (a * b).exp()
        >>> [len(box) for box in fold_by_results(Grouping.of(read(c * c.tanh(), {"c": c})))]
        [4, 2]
    """
    nodes, kinds = grouping.nodes, grouping.kinds
    result = list(range(len(nodes)))
    needed_for: list[set[int]] = [set() for _ in nodes]
    for i in reversed(range(len(nodes))):
        if len(needed_for[i]) == 1 and not kinds[i].pattern and i not in kept:
            (result[i],) = needed_for[i]
        for operand in nodes[i].operands:
            needed_for[operand].add(result[i])
    return _with_leaves(grouping, result)


def in_order(boxes: Sequence[Sequence[int]], edges: Iterable[tuple[int, int]]) -> list[int]:
    """Put boxes in order, operands before results, first those from which it is not far to a leaf.

    Args:
        boxes: The positions of the nodes in each.
        edges: Of the graph, as pairs of positions.

    Returns:
        The positions of the boxes in that order. There are none if boxes need each other.

    Example:
        >>> in_order([[3], [0, 2], [1]], [(0, 2), (1, 2), (2, 3)]), in_order([[0, 2], [1]], [(0, 1), (1, 2)])
        ([2, 1, 0], [])
    """
    box_of = {i: at for at, box in enumerate(boxes) for i in box}
    needs: dict[int, set[int]] = {at: set() for at in range(len(boxes))}
    for operand, i in edges:
        if box_of[operand] != box_of[i]:
            needs[box_of[i]].add(box_of[operand])
    depth: dict[int, int] = {}
    try:
        for at in TopologicalSorter(needs).static_order():
            depth[at] = max((depth[each] + 1 for each in needs[at]), default=0)
    except CycleError:
        return []
    return sorted(needs, key=depth.__getitem__)


def _with_leaves(grouping: Grouping, result: Sequence[int]) -> list[list[int]]:
    """The boxes, from the result of the box of each node. Leaves are in the box that alone needs them.

    Those that go to the same boxes have one of their own.
    """
    nodes = grouping.nodes
    used_by: dict[int, set[int]] = {}
    for operand, i in grouping.edges:
        if not nodes[operand].operands:
            used_by.setdefault(operand, set()).add(result[i])
    leaves: dict[frozenset[int], list[int]] = {}
    computed: dict[int, list[int]] = {}
    for i, node in enumerate(nodes):
        if node.operands:
            computed.setdefault(result[i], []).append(i)
        else:
            leaves.setdefault(frozenset(used_by.get(i, ())), []).append(i)
    shared = [several for boxes, several in leaves.items() if len(boxes) != 1]
    alone = {next(iter(boxes)): several for boxes, several in leaves.items() if len(boxes) == 1}
    return [*shared, *(sorted(alone.get(box, []) + computed[box]) for box in sorted(computed))]
