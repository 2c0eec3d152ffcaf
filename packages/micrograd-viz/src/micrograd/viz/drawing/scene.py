"""A picture without its frame: records laid out and drawn, to stand in a file of their own or in a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from micrograd.viz.drawing import svg
from micrograd.viz.drawing.layout import layout, least_size
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


def fits(records: Sequence[Record], edges: Sequence[tuple[int, int]], rankdir: str, page: tuple[float, float]) -> bool:
    """Whether records may fit a page, as far as one knows before they are laid out.

    Args:
        records: As for `compose`.
        edges: As for `compose`.
        rankdir: As for `compose`.
        page: How far it reaches along the edges, and across.
    """
    sizes = [record.size if rankdir == "LR" else (record.size[1], record.size[0]) for record in records]
    return all(length + 2 * _MARGIN <= most for length, most in zip(least_size(sizes, edges), page, strict=True))


def compose(records: Sequence[Record], edges: Sequence[tuple[int, int]], rankdir: str = "LR") -> Scene:
    """Lay out and draw records, to be put into an `<svg class="micrograd">` with `STYLE`.

    Args:
        records: What is written in the boxes, operands before results.
        edges: Pairs of positions among them, from a smaller to a larger one.
        rankdir: The direction that edges point, "LR" or "TB".

    Returns:
        The parts of the picture.
    """
    downwards = rankdir == "TB"  # the picture from the left to the right, mirrored at the diagonal

    def turned(pair: tuple[float, float]) -> tuple[float, float]:
        return (pair[1], pair[0]) if downwards else pair

    places = layout([turned(record.size) for record in records], edges)
    width, height = turned((places.width, places.height))
    largest = max((abs(record.shade) for record in records if math.isfinite(record.shade)), default=0.0)
    lines = [svg.edge(i, route, downwards) for i, route in enumerate(places.routes)]
    boxes = [
        svg.box(i, record, turned(centre), largest)
        for i, (record, centre) in enumerate(zip(records, places.centres, strict=True))
    ]
    return Scene(
        f"<g class='edges' fill='none' stroke='{LIGHT['line']}' stroke-width='1.5' stroke-linejoin='round'>\n"
        f"{''.join(lines)}</g>\n"
        f"<g class='nodes' fill='{LIGHT['ink']}'>\n{''.join(boxes)}</g>\n",
        (-_MARGIN, -_MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN),
    )
