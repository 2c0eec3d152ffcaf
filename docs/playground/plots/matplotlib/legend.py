"""The names of what is drawn, with a sample of each, in the corner where they cover the least."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .artists import Frame, Point, runs
from .axis import Label
from .lines import Line2D
from .refusals import Part
from .svg import LINE, at, element, text, width

PLACES = {"upper right": (1, 0), "upper left": (0, 0), "lower left": (0, 1), "lower right": (1, 1)}
"""Whether the room is at the left of a legend, and above it; in the order in which corners are tried."""

HANDLE, GAP, PAD, APART, AWAY = 20.0, 8.0, 4.0, 2.5, 5.0
"""How wide samples are, and how far things are apart, in points."""

STEP = 8.0
"""At most so far apart are the points of a curve that a legend keeps away from."""


@dataclass
class Legend(Part):
    """A legend: what is drawn, its names, where it is ("best", or one of `PLACES`), and whether it has a frame."""

    shown: Sequence[Any]
    names: list[Label]
    loc: str
    frame: bool

    def get_texts(self) -> list[Label]:
        """The names, to go on with."""
        return self.names

    def draw(self, frame: Frame, artists: Sequence[Any]) -> str:
        """The legend in a frame with these things."""
        wide = 2 * PAD + HANDLE + GAP + max((width(name.words) for name in self.names), default=0.0)
        high = 2 * PAD + (LINE + APART) * len(self.names) - APART
        style = {"rx": 2.0, "fill": "#ffffff", "fill_opacity": 0.8, "stroke": "#cccccc"}
        drawn = [element("rect", width=wide, height=high, **style)] if self.frame else []
        for i, (artist, name) in enumerate(zip(self.shown, self.names, strict=True)):
            y = PAD + LINE / 2 + (LINE + APART) * i
            drawn.append(artist.sample(PAD, y, HANDLE))
            drawn.append(text(name.words, PAD + HANDLE + GAP, y, va="center", fill=name.colour))
        return at(*self.corner(frame, artists, wide, high), *drawn)

    def corner(self, frame: Frame, artists: Sequence[Any], wide: float, high: float) -> Point:
        """Its upper left corner, where it covers the fewest points of curves."""
        points = [point for artist in artists if isinstance(artist, Line2D) for point in along(artist, frame)]

        def place(loc: str) -> Point:
            right, down = PLACES[loc]
            return AWAY + right * (frame.width - wide - 2 * AWAY), AWAY + down * (frame.height - high - 2 * AWAY)

        def covers(loc: str) -> int:
            left, top = place(loc)
            return sum(left <= x <= left + wide and top <= y <= top + high for x, y in points)

        return place(min(PLACES, key=covers) if self.loc == "best" else self.loc)


def along(curve: Line2D, frame: Frame) -> Iterator[Point]:
    """The points of a curve, and those between them if there is a line."""
    for run in runs(frame.place(x, y) for x, y in curve.points):
        yield from run
        for (x0, y0), (x1, y1) in pairwise(run) if curve.line else ():
            pieces = int(math.hypot(x1 - x0, y1 - y0) / STEP) + 1
            yield from ((x0 + i / pieces * (x1 - x0), y0 + i / pieces * (y1 - y0)) for i in range(1, pieces))
