"""How much of a graph is shown: a record for each Value, for each neuron, or for many of the same kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from micrograd.viz.graph import Node
from micrograd.viz.summary import records
from micrograd.viz.summary.folding import fold
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.records import Record
from micrograd.viz.summary.summary import MOST_BOXES, summarise

MOST_FOLDED = 300
"""The largest graph that is shown with a box for each neuron. In a larger one a box stands for many."""

_FEW_BOXES = 16  # for a graph that is deep, and would be too long otherwise


def less_and_less_detailed(nodes: Sequence[Node]) -> Iterator[tuple[list[Record], list[tuple[int, int]]]]:
    """The records to draw a graph with that is too large for one for each Value.

    Args:
        nodes: The graph, as `read` returns it.

    Yields:
        Records, operands before results, and the edges between them as pairs of positions; each time less of them.
    """
    grouping = Grouping.of(nodes)
    if len(nodes) <= MOST_FOLDED:
        folds, edges = fold(grouping)
        if len(folds) <= MOST_BOXES:
            yield [records.of_fold(each, nodes) for each in folds], edges
    for most in (MOST_BOXES, _FEW_BOXES):
        summary = summarise(grouping, most)
        yield [records.of_box(box) for box in summary.boxes], list(summary.edges)
