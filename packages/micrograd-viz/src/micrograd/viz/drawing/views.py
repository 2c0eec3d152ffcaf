"""The pictures that one can be led to by clicks: the whole of a graph, and the inside of each box in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from micrograd.viz import text
from micrograd.viz.drawing.scene import Scene, compose, fits
from micrograd.viz.graph import edges_of
from micrograd.viz.summary import NOTHING, Part, Parts, Record, of_part

MOST_NODES = 29
"""The largest graph that is shown with a box for each Value, however much room that takes."""

_MOST_BOXES = 40  # more are not tried: they never fit
_FEW = 12  # Values that are shown as they are when a box with them opens
_MOST_INPUTS = 8  # that have a box each
_PAGE = (1900.0, 780.0)  # along the edges and across: what a window shows with letters that can be read


class Box(NamedTuple):
    """A box in a view.

    Attributes:
        part: What it stands for.
        results: Those of them that are used outside of it.
        inside: The position of the view that it opens; None if there is nothing more in it, or it lies outside.
    """

    part: Part
    results: list[int]
    inside: int | None


@dataclass(frozen=True, slots=True)
class View:
    """A picture of a graph or of a part of it.

    Attributes:
        scene: The picture.
        records: What is written in the boxes.
        edges: Pairs of positions among the boxes.
        carries: For each of them the edges of the graph that it stands for, as positions in `edges_of`.
        boxes: What is drawn; first what goes into the part and lies outside. Empty if nothing opens.
        inputs: How many of the boxes lie outside.
        part: What it shows.
        around: The position of the view that has the box of which this is the inside; None for the whole graph.
    """

    scene: Scene
    records: list[Record] = field(default_factory=list)
    edges: list[tuple[int, int]] = field(default_factory=list)
    carries: list[list[int]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    inputs: int = 0
    part: Part = NOTHING
    around: int | None = None


def views(parts: Parts, *, rankdir: str = "LR", most: int = MOST_NODES, listed: bool = False) -> Iterator[View]:
    """Lay out a graph, and the inside of each of its boxes.

    Args:
        parts: The graph.
        rankdir: The direction that edges point, "LR" or "TB".
        most: The largest graph that is shown with a box for each Value, however much room that takes.
        listed: Whether boxes list their leaves where there is room for it.

    Yields:
        The views, the whole graph first.
    """
    todo: list[tuple[Part, int | None]] = [(parts.whole, None)]
    for number, (part, around) in enumerate(todo):  # which grows meanwhile
        tries = (_view(parts, part, around, way, len(todo), rankdir) for way in _ways(parts, part, most, listed))
        view = next(filter(None, tries))
        todo += [(box.part, number) for box in view.boxes if box.inside is not None]
        yield view


class _Way(NamedTuple):
    """A way to show a part."""

    parts: list[Part]
    listed: bool
    must_fit: bool


def _ways(parts: Parts, part: Part, most: int, listed: bool) -> Iterator[_Way]:
    """The ways to show a part, first with the most detail. The last one is taken even if it does not fit."""
    ways = [*parts.finer(part)]
    if len(part.nodes) <= (_FEW if part.label else most):
        ways = ways[:1]  # a box for each Value
    for way in ways:
        is_last = way is ways[-1]
        if len(way) <= _MOST_BOXES or is_last:
            if listed:
                yield _Way(way, listed=True, must_fit=True)
            yield _Way(way, listed=False, must_fit=not is_last)


def _view(parts: Parts, part: Part, around: int | None, way: _Way, free: int, rankdir: str) -> View | None:
    """A part as it looks in one of the ways; None if it had to fit and does not.

    What is inside of its boxes will be the views from `free` on.
    """
    edges, inside = edges_of(parts.nodes), set(part.nodes)
    outside = sorted({operand for operand, i in edges if i in inside and operand not in inside})
    inputs = [Part([i]) for i in outside]
    if len(inputs) > _MOST_INPUTS:
        inputs = [Part(outside, text.counted(len(outside), "input"))]
    shown = [*inputs, *way.parts]
    box_of = {i: at for at, each in enumerate(shown) for i in each.nodes}

    results: list[set[int]] = [set() for _ in shown]
    carries: dict[tuple[int, int, int], list[int]] = {}  # between single Values, each edge of the graph has its own
    for edge, (operand, i) in enumerate(edges):
        left, right = box_of.get(operand), box_of.get(i)
        if left is None or left == right:
            continue
        results[left].add(operand)
        if right is not None and i in inside:
            alone = len(shown[left].nodes) == len(shown[right].nodes) == 1
            carries.setdefault((left, right, edge if alone else -1), []).append(edge)
    results[box_of[part.nodes[-1]]].add(part.nodes[-1])  # which may be the root, that nothing uses

    opened = iter(range(free, free + len(shown)))
    boxes = [
        Box(each, sorted(used), next(opened) if at >= len(inputs) and len(each.nodes) > 1 else None)
        for at, (each, used) in enumerate(zip(shown, results, strict=True))
    ]
    records = [
        of_part(box.part, parts.nodes, box.results, part, way.listed)._replace(several=box.inside is not None)
        for box in boxes
    ]
    pairs = [(left, right) for left, right, _ in carries]
    if way.must_fit and not fits(records, pairs, rankdir, _PAGE):
        return None
    scene = compose(records, pairs, rankdir)
    if way.must_fit and scene.view[3 if rankdir == "LR" else 2] > _PAGE[1]:
        return None
    return View(scene, records, pairs, list(carries.values()), boxes, len(inputs), part, around)
