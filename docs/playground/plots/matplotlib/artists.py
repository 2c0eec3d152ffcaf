"""What is drawn in the frame of a plot, apart from curves."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .refusals import Part
from .scales import View
from .svg import element, path, text

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Where a plot is drawn: what its axes show, and its size in points."""

    x: View
    y: View
    width: float
    height: float

    def place(self, x: float, y: float) -> Point:
        """Where a point of a plot is, from the upper left corner."""
        return self.x.at(x) * self.width, (1 - self.y.at(y)) * self.height


@dataclass
class Shapes(Part):
    """Areas or lines with the same attributes of SVG, drawn as one: where two touch there is no seam."""

    outlines: Sequence[Sequence[Point]]
    style: dict[str, Any]
    label: str = ""
    zorder: int = 1
    closed: bool = True

    def draw(self, frame: Frame) -> str:
        """All of them."""
        placed = ([frame.place(x, y) for x, y in outline] for outline in self.outlines)
        shapes = [path(run, closed=self.closed) for outline in placed for run in runs(outline) if len(run) > 1]
        return element("path", d="".join(shapes), **self.style) if shapes else ""

    def sample(self, x: float, y: float, width: float) -> str:
        """A small one for the legend, from x to the right, around y."""
        return element("rect", x=x, y=y - 3.5, width=width, height=7.0, **self.style)


@dataclass
class Words(Part):
    """A text, `offset` points to the right of a point and above it, with what `text` takes.

    If it is `of_height`, the point is not so high as a number of the plot, but as a part of its height.
    """

    words: str
    at: Point
    of_height: bool
    offset: Point
    style: dict[str, Any]
    label: str = ""
    zorder: int = 3

    def draw(self, frame: Frame) -> str:
        """The text, if the point has a place."""
        x, y = frame.place(*self.at)
        y = (1 - self.at[1]) * frame.height if self.of_height else y
        return "" if math.isnan(x + y) else text(self.words, x + self.offset[0], y - self.offset[1], **self.style)


def runs(points: Iterable[Point]) -> Iterator[list[Point]]:
    """The points, taken apart where one has no place."""
    run: list[Point] = []
    for point in points:
        if not any(map(math.isnan, point)):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run
