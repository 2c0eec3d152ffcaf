"""A picture without its frame: cards laid out and drawn, to stand in a file of their own or in a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from micrograd.viz import cards, shapes
from micrograd.viz.cards import Card
from micrograd.viz.graph import Node, edges_of
from micrograd.viz.layout import Layout, layout
from micrograd.viz.style import LIGHT

_MARGIN = 16.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands inside the `<svg>`, and where.

    Attributes:
        markup: The edges as `<g class="edges">` of `<path class="edge" data-edge="0">`, then the boxes as
            `<g class="nodes">` of `<g class="node" data-node="0">`, numbered in the order of `trace`. Each box holds a
            `<path class="strip">` and texts of class `label`, `op`, `data` and `grad`.
        layout: Where the middle of each box is, and the way of each edge.
        sizes: Width and height of each box.
    """

    markup: str
    layout: Layout
    sizes: list[tuple[float, float]]

    @property
    def view(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the whole with a margin: the numbers of the `viewBox`."""
        return -_MARGIN, -_MARGIN, self.layout.width + 2 * _MARGIN, self.layout.height + 2 * _MARGIN


def scene(nodes: Sequence[Node], rankdir: str = "LR") -> Scene:
    """Lay out and draw a graph, to be put into an `<svg class="micrograd">` with `STYLE`.

    Args:
        nodes: The graph, as `read` returns it.
        rankdir: The direction that edges point, "LR" or "TB".

    Returns:
        The parts of the picture.
    """
    return compose([cards.of_node(node) for node in nodes], edges_of(nodes), rankdir)


def compose(written: Sequence[Card], edges: Sequence[tuple[int, int]], rankdir: str = "LR") -> Scene:
    """Lay out and draw cards.

    Args:
        written: The cards, operands before results.
        edges: Pairs of positions among them, from a smaller to a larger one.
        rankdir: The direction that edges point, "LR" or "TB".

    Returns:
        The parts of the picture.
    """
    sizes = [card.size for card in written]
    places = layout(sizes, edges) if rankdir == "LR" else _downwards(sizes, edges)
    largest = max((abs(card.shade) for card in written if math.isfinite(card.shade)), default=0.0)
    lines = [shapes.edge(i, route, downwards=rankdir == "TB") for i, route in enumerate(places.routes)]
    boxes = [
        shapes.box(i, card, centre, largest)
        for i, (card, centre) in enumerate(zip(written, places.centres, strict=True))
    ]
    return Scene(
        f"<g class='edges' fill='none' stroke='{LIGHT['line']}' stroke-width='1.5' stroke-linejoin='round'>\n"
        f"{''.join(lines)}</g>\n"
        f"<g class='nodes' fill='{LIGHT['ink']}'>\n{''.join(boxes)}</g>\n",
        places,
        sizes,
    )


def _downwards(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> Layout:
    """The layout from the top to the bottom: that from the left to the right, mirrored at the diagonal."""
    turned = layout([(height, width) for width, height in sizes], edges)
    return Layout(
        width=turned.height,
        height=turned.width,
        centres=[(x, y) for y, x in turned.centres],
        routes=[[(x, y) for y, x in route] for route in turned.routes],
    )
