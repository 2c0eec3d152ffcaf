"""A picture without its frame: records laid out and drawn, to stand in a file of their own or in a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from micrograd.viz.drawing import svg
from micrograd.viz.drawing.layout import Layout, layout
from micrograd.viz.style import LIGHT
from micrograd.viz.summary import Record

_MARGIN = 16.0


class Scene(NamedTuple):
    """What stands inside the `<svg>`, and where.

    Attributes:
        markup: The edges as `<g class="edges">` of `<path class="edge" data-edge="0">`, then the boxes as
            `<g class="nodes">` of `<g class="node" data-node="0">`, numbered in the order of `trace`. Each box holds a
            `<path class="strip">` and texts of class `label`, `op`, `data` and `grad`.
        view: Left, top, width and height of the whole with a margin: the numbers of the `viewBox`.
    """

    markup: str
    view: tuple[float, float, float, float]


def compose(records: Sequence[Record], edges: Sequence[tuple[int, int]], rankdir: str = "LR") -> Scene:
    """Lay out and draw records, to be put into an `<svg class="micrograd">` with `STYLE`.

    Args:
        records: What is written in the boxes, operands before results.
        edges: Pairs of positions among them, from a smaller to a larger one.
        rankdir: The direction that edges point, "LR" or "TB".

    Returns:
        The parts of the picture.
    """
    sizes = [record.size for record in records]
    places = layout(sizes, edges) if rankdir == "LR" else _downwards(sizes, edges)
    largest = max((abs(record.shade) for record in records if math.isfinite(record.shade)), default=0.0)
    lines = [svg.edge(i, route, downwards=rankdir == "TB") for i, route in enumerate(places.routes)]
    boxes = [
        svg.box(i, record, centre, largest)
        for i, (record, centre) in enumerate(zip(records, places.centres, strict=True))
    ]
    return Scene(
        f"<g class='edges' fill='none' stroke='{LIGHT['line']}' stroke-width='1.5' stroke-linejoin='round'>\n"
        f"{''.join(lines)}</g>\n"
        f"<g class='nodes' fill='{LIGHT['ink']}'>\n{''.join(boxes)}</g>\n",
        (-_MARGIN, -_MARGIN, places.width + 2 * _MARGIN, places.height + 2 * _MARGIN),
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
