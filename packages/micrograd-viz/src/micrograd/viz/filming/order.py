"""The order in which a film goes through a graph: one box after the other, in each of its views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from micrograd.viz.drawing import View
from micrograd.viz.graph import Node


def box_by_box(nodes: Sequence[Node], seen: Sequence[View]) -> tuple[list[Node], list[View]]:
    """Put the nodes of a box next to each other.

    Args:
        nodes: The graph, operands before results.
        seen: All views of it. Their boxes stand in such an order, too.

    Returns:
        The graph and the views, with the nodes in that order. It is as it was if there is one view.
    """
    order = list(_walk(seen, 0))
    place = {i: at for at, i in enumerate(order)}
    ordered = [replace(nodes[i], operands=tuple([place[operand] for operand in nodes[i].operands])) for i in order]

    first = list(accumulate((len(node.operands) for node in ordered), initial=0))  # edge of each node
    edge = [first[place[i]] + at for i, node in enumerate(nodes) for at in range(len(node.operands))]

    def moved(view: View) -> View:
        boxes = [
            box._replace(
                part=replace(box.part, nodes=sorted(place[i] for i in box.part.nodes)),
                results=sorted(place[i] for i in box.results),
            )
            for box in view.boxes
        ]
        return replace(view, boxes=boxes, carries=[[edge[i] for i in several] for several in view.carries])

    return ordered, [moved(view) for view in seen]


def _walk(seen: Sequence[View], at: int) -> Iterator[int]:
    """The nodes of a view, and where a box opens those of its inside."""
    for box in seen[at].boxes[seen[at].inputs :]:
        if box.inside is None:
            yield from box.part.nodes
        else:
            yield from _walk(seen, box.inside)
