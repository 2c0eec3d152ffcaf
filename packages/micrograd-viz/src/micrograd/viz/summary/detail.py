"""How much of a large graph is shown: a record for many Values of the same kind, or for what is at the same depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from micrograd.viz.graph import Node
from micrograd.viz.summary import records
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.records import Record
from micrograd.viz.summary.summary import MOST_BOXES, summarise

MOST_FOLDED = 300
"""The largest graph that is shown in parts, which open. In a larger one a box stands for many, and stays closed."""

_FEW_BOXES = 16  # for a graph that is deep, and would be too long otherwise


def less_and_less_detailed(nodes: Sequence[Node]) -> Iterator[tuple[list[Record], list[tuple[int, int]]]]:
    """The records to draw a graph with that is too large to be opened.

    Args:
        nodes: The graph, as `read` returns it.

    Yields:
        Records, operands before results, and the edges between them as pairs of positions; each time less of them.
    """
    grouping = Grouping.of(nodes)
    for most in (MOST_BOXES, _FEW_BOXES):
        summary = summarise(grouping, most)
        yield [records.of_box(box) for box in summary.boxes], list(summary.edges)
