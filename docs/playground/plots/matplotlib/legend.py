"""The names of what is drawn, with a sample of each, where there is the most room for them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .artists import Artist, Frame, Point, Scatter, runs
from .lines import Line2D
from .svg import SIZE, element, height, text, width

PLACES = {
    "upper right": (1.0, 0.0),
    "upper left": (0.0, 0.0),
    "lower left": (0.0, 1.0),
    "lower right": (1.0, 1.0),
    "center left": (0.0, 0.5),
    "center right": (1.0, 0.5),
    "lower center": (0.5, 1.0),
    "upper center": (0.5, 0.0),
    "center": (0.5, 0.5),
}
"""How much of the room is at the left of a legend and above it; in the order in which places are tried."""

HANDLE, GAP, PAD, APART, AWAY = 20.0, 8.0, 4.0, 2.5, 5.0
"""How wide samples are, and how far things are apart, in points."""

STEP = 8.0
"""At most so far apart are the points of a curve that a legend keeps away from."""


@dataclass
class Entry:
    """A line of a legend: what is drawn, and its name."""

    artist: Artist
    name: str

    def get_text(self) -> str:
        """The name."""
        return self.name

    def set_text(self, name: str) -> None:
        """Change the name."""
        self.name = name

    def set_parse_math(self, parse: bool) -> None:
        """Nothing: no text is read as mathematics here."""


class Legend:
    """A legend.

    Args:
        entries: What is drawn, and names.
        loc: Where it is: "best", or one of `PLACES`.
        ncols: In how many columns.
        title: What is above.
        frameon: Whether there is a frame around it.
        size: How large its letters are.
        colour: Of the letters.
    """

    def __init__(
        self,
        entries: Sequence[tuple[Artist, str]],
        loc: str,
        ncols: int,
        title: str,
        frameon: bool,
        size: float,
        colour: str,
    ) -> None:
        self.entries = [Entry(artist, name) for artist, name in entries]
        self.loc, self.columns, self.title = loc, ncols, title
        self.frame, self.size, self.colour = frameon, size, colour

    def get_texts(self) -> list[Entry]:
        """The names, to go on with."""
        return self.entries

    def draw(self, frame: Frame, artists: Sequence[Artist]) -> str:
        """The legend on axes with these things."""
        if not self.entries:
            return ""
        scale = self.size / SIZE
        rows = -(-len(self.entries) // self.columns)
        columns = [self.entries[i * rows : (i + 1) * rows] for i in range(self.columns)]
        widths = [
            scale * (HANDLE + GAP) + max((width(entry.name, self.size) for entry in column), default=0.0)
            for column in columns
        ]
        step = [max(height(entry.name, self.size) for entry in self.entries[i::rows]) for i in range(rows)]
        head = height(self.title, self.size) if self.title else 0.0
        across = max(sum(widths) + 2 * GAP * (len(columns) - 1), width(self.title, self.size)) + 2 * PAD
        down = head + sum(step) + APART * (rows - 1) + 2 * PAD
        left, top = self.corner(frame, artists, across, down)
        drawn = []
        if self.frame:
            box = {"rx": 2.0, "fill": "#ffffff", "fill_opacity": 0.8, "stroke": "#cccccc"}
            drawn.append(element("rect", x=left, y=top, width=across, height=down, **box))
        words = {"size": self.size, "fill": self.colour, "va": "center"}
        if self.title:
            drawn.append(text(self.title, left + across / 2, top + PAD + head / 2, ha="center", **words))
        x = left + PAD
        for column, wide in zip(columns, widths, strict=True):
            y = top + PAD + head
            for entry, high in zip(column, step, strict=False):
                drawn.append(entry.artist.sample(x, y + high / 2, scale * HANDLE))
                drawn.append(text(entry.name, x + scale * (HANDLE + GAP), y + high / 2, **words))
                y += high + APART
            x += wide + 2 * GAP
        return element("g", *drawn)

    def corner(self, frame: Frame, artists: Sequence[Artist], across: float, down: float) -> tuple[float, float]:
        """Its upper left corner, where it covers the least."""
        marked = [
            ([frame.place(*point) for point in zip(artist.x, artist.y, strict=True)], artist)
            for artist in artists
            if isinstance(artist, Line2D | Scatter)
        ]
        points = [point for own, _ in marked for point in own]
        curves = [
            list(between(own)) for own, artist in marked if isinstance(artist, Line2D) and artist.dashes is not None
        ]
        boxes = [box for artist in artists for box in artist.boxes(frame)]
        corners = {
            name: (
                AWAY + share_x * (frame.width - across - 2 * AWAY),
                AWAY + share_y * (frame.height - down - 2 * AWAY),
            )
            for name, (share_x, share_y) in PLACES.items()
        }

        def covered(name: str) -> int:
            left, top = corners[name]

            def inside(point: Point) -> bool:
                return left <= point[0] <= left + across and top <= point[1] <= top + down

            covers = sum(left < x1 and x0 < left + across and top < y1 and y0 < top + down for x0, y0, x1, y1 in boxes)
            return sum(map(inside, points)) + sum(any(map(inside, curve)) for curve in curves) + covers

        return corners[min(PLACES, key=covered) if self.loc == "best" else self.loc]


def between(points: Sequence[Point]) -> Iterator[Point]:
    """Points along a curve."""
    for run in runs(points):
        for (x0, y0), (x1, y1) in pairwise(run):
            pieces = int(math.hypot(x1 - x0, y1 - y0) / STEP) + 1
            for i in range(pieces + 1):
                yield x0 + i / pieces * (x1 - x0), y0 + i / pieces * (y1 - y0)
