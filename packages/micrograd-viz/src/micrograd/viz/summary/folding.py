"""A graph of some size, folded: what is computed for one result only is drawn with it, a neuron with its weights.

The groups of a summary say what belongs together, such as the products, the sum and the relu of a neuron; here each
neuron is a box of its own. A box has one node that others use, its last one, so the boxes form a graph without cycles.
"""

from __future__ import annotations

from dataclasses import dataclass

from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.titles import operation_title


@dataclass(frozen=True, slots=True)
class Fold:
    """Nodes that are drawn as one box.

    Attributes:
        title: What is computed in it, such as "ReLU neuron of 2 inputs"; empty for leaves.
        nodes: Their positions in the graph, operands before results. Those of leaves that go to the same boxes, or of
            one result and what only that needs.
    """

    title: str
    nodes: list[int]

    @property
    def result(self) -> int:
        """The position of the node that others use."""
        return self.nodes[-1]


def fold(grouping: Grouping) -> tuple[list[Fold], list[tuple[int, int]]]:
    """Fold a graph.

    Args:
        grouping: The graph. What has a name stays the result of a box.

    Returns:
        The boxes, operands before results and that of the root last; and the edges as pairs of positions among them.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> x, neurons = Value(2.0), [(Value(1.0), Value(3.0)), (Value(-1.0), Value(0.0))]
        >>> first, second = ((w * x + b).tanh() for w, b in neurons)
        >>> folds, edges = fold(Grouping.of(read(first.maximum(second))))
        >>> [(len(each.nodes), each.title[:4]) for each in folds], edges
        ([(1, ''), (5, 'tanh'), (5, 'tanh'), (1, 'max')], [(0, 1), (0, 2), (1, 3), (2, 3)])
    """
    nodes, edges, group_of = grouping.nodes, grouping.edges, grouping.group_of
    result = list(range(len(nodes)))  # of the box of each node
    for i in reversed(range(len(nodes))):
        after = grouping.user[i]
        if nodes[i].operands and after >= 0 and group_of[i] == group_of[after]:
            result[i] = result[after]
    used_by: dict[int, set[int]] = {}  # the boxes that each leaf goes to
    for operand, i in edges:
        if not nodes[operand].operands:
            used_by.setdefault(operand, set()).add(result[i])
    alike: dict[frozenset[int], list[int]] = {}
    for leaf, boxes in used_by.items():
        alike.setdefault(frozenset(boxes), []).append(leaf)
    for several, leaves in alike.items():
        for leaf in leaves:
            result[leaf] = max(several) if len(several) == 1 else max(leaves)

    members: dict[int, list[int]] = {}
    for i, last in enumerate(result):
        members.setdefault(last, []).append(i)
    folds = [
        Fold(operation_title(grouping.groups[group_of[last]]) if nodes[last].operands else "", members[last])
        for last in sorted(members)
    ]
    place = {each.result: at for at, each in enumerate(folds)}
    pairs = {(place[result[operand]], place[result[i]]) for operand, i in edges}
    return folds, sorted(pair for pair in pairs if pair[0] != pair[1])
