"""What can be drawn on axes, apart from curves: each says what numbers it reaches to, and draws itself."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .colors import Mappable
from .marks import mark
from .scales import View
from .svg import element, height, path, text, width

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

OVERLAP = 0.1
"""How much wider and higher than they are the cells of an image are drawn: so there are no seams."""


@dataclass(frozen=True)
class Frame:
    """Where plots are drawn: what its axes show, and its size in points."""

    x: View
    y: View
    width: float
    height: float

    def place(self, x: float, y: float) -> Point:
        """Where a point of a plot is, from the upper left corner."""
        return self.x.at(x) * self.width, (1 - self.y.at(y)) * self.height


def runs(points: Iterable[Point]) -> Iterator[list[Point]]:
    """The points, taken apart where one has no place."""
    run: list[Point] = []
    for point in points:
        if all(map(math.isfinite, point)):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def around(points: Iterable[Point]) -> Box:
    """The box around points."""
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


class Artist:
    """Something that is drawn on axes.

    Attributes:
        label: Its name in a legend; none if it is empty or begins with _.
        zorder: What has a greater one is in front.
        x: The numbers that it reaches to, which the axes show.
        y: The same upwards.
        edges_x: Where the axes end if it does; the room around what is drawn is then left out.
        edges_y: The same upwards.
    """

    def __init__(self, label: str | None = None, zorder: float = 1.0) -> None:
        self.label, self.zorder = str(label or ""), zorder
        self.x: list[float] = []
        self.y: list[float] = []
        self.edges_x: list[float] = []
        self.edges_y: list[float] = []

    def draw(self, frame: Frame) -> str:
        """The thing as SVG."""
        raise NotImplementedError

    def sample(self, x: float, y: float, width: float) -> str:
        """A piece of it for the legend, from x to the right, around y."""
        raise NotImplementedError

    def boxes(self, frame: Frame) -> list[Box]:
        """What a legend should not cover."""
        return []


class Area(Artist):
    """Shapes that are filled.

    Args:
        outlines: The corners of each.
        style: Attributes of SVG.
        label: As for all artists.
        zorder: As well.
    """

    def __init__(
        self,
        outlines: Sequence[Sequence[Point]],
        style: dict[str, object],
        label: str | None = None,
        zorder: float = 1.0,
    ) -> None:
        super().__init__(label, zorder)
        self.outlines, self.style = outlines, style
        self.x = [x for outline in outlines for x, _ in outline]
        self.y = [y for outline in outlines for _, y in outline]

    def draw(self, frame: Frame) -> str:
        """All shapes as one: where two touch there is no seam."""
        outlines = ([frame.place(x, y) for x, y in outline] for outline in self.outlines)
        shapes = [path(run, closed=True) for outline in outlines for run in runs(outline) if len(run) > 2]
        return element("path", d="".join(shapes), **self.style) if shapes else ""

    def boxes(self, frame: Frame) -> list[Box]:
        """What is around each shape."""
        return [around(frame.place(x, y) for x, y in outline) for outline in self.outlines]

    def sample(self, x: float, y: float, width: float) -> str:
        """A small one."""
        return element("rect", x=x, y=y - 3.5, width=width, height=7.0, **self.style)


class Contours(Artist):
    """Areas between levels, or lines along them.

    Args:
        parts: For each level or band its lines or outlines, and their attributes of SVG.
        filled: Whether they are outlines.
        x: The grid, to both ends of which the axes go.
        y: The same upwards.
        colours: What the colours stand for.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Sequence[Sequence[Point]], dict[str, object]]],
        filled: bool,
        x: Sequence[float],
        y: Sequence[float],
        colours: Mappable,
    ) -> None:
        super().__init__(zorder=1.0 if filled else 2.0)
        self.parts, self.filled, self.colours = parts, filled, colours
        self.x, self.y = [min(x), max(x)], [min(y), max(y)]
        self.edges_x, self.edges_y = self.x, self.y

    def draw(self, frame: Frame) -> str:
        """One path for each level or band."""
        drawn = []
        for lines, style in self.parts:
            placed = ([frame.place(x, y) for x, y in line] for line in lines)
            shapes = [path(run, closed=self.filled) for line in placed for run in runs(line) if len(run) > 1]
            drawn += [element("path", d="".join(shapes), **style)] if shapes else []
        return "".join(drawn)


class Scatter(Artist):
    """Marks at points.

    Args:
        x: The points.
        y: How high each is.
        sizes: How wide the marks are, in points.
        marker: One of `MARKERS`.
        faces: Their colours.
        style: What `mark` takes; where it has no `stroke`, what is around a mark has the mark's colour.
        colours: What the colours stand for, if they stand for numbers.
        label: As for all artists.
        zorder: As well.
    """

    def __init__(
        self,
        x: Sequence[float],
        y: Sequence[float],
        sizes: Sequence[float],
        marker: str,
        faces: Sequence[str],
        style: dict[str, object],
        colours: Mappable | None,
        label: str | None,
        zorder: float,
    ) -> None:
        super().__init__(label, zorder)
        self.x, self.y, self.sizes, self.faces = list(x), list(y), sizes, faces
        self.marker, self.style, self.colours = marker, style, colours

    def draw(self, frame: Frame) -> str:
        """Every mark that has a place."""
        points = [frame.place(x, y) for x, y in zip(self.x, self.y, strict=True)]
        marks = zip(points, self.sizes, self.faces, strict=True)
        return "".join(self.mark(*point, size, face) for point, size, face in marks if all(map(math.isfinite, point)))

    def sample(self, x: float, y: float, width: float) -> str:
        """The first mark."""
        return self.mark(x + width / 2, y, self.sizes[0], self.faces[0]) if self.x else ""

    def mark(self, x: float, y: float, size: float, face: str) -> str:
        """One of them."""
        return mark(self.marker, x, y, size, **{"fill": face, "stroke": face, **self.style})


class Image(Artist):
    """A colour for each cell of a grid.

    Args:
        rows: The colours, from the bottom to the top.
        x: From where to where it is.
        y: The same upwards.
        alpha: How opaque it is.
        colours: What the colours stand for, if they stand for numbers.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[str]],
        x: tuple[float, float],
        y: tuple[float, float],
        alpha: float | None,
        colours: Mappable | None,
    ) -> None:
        super().__init__(zorder=0.0)
        self.rows, self.alpha, self.colours = rows, alpha, colours
        self.x, self.y = list(x), list(y)
        self.edges_x, self.edges_y = self.x, self.y

    def draw(self, frame: Frame) -> str:
        """A rectangle for each cell."""
        (x0, x1), (y0, y1) = self.x, self.y
        drawn = []
        for i, row in enumerate(self.rows):
            low, high = (y0 + (y1 - y0) * j / len(self.rows) for j in (i, i + 1))
            for k, colour in enumerate(row):
                left, right = (x0 + (x1 - x0) * j / len(row) for j in (k, k + 1))
                (a, b), (c, d) = frame.place(left, low), frame.place(right, high)
                size = {"width": abs(c - a) + OVERLAP, "height": abs(d - b) + OVERLAP}
                drawn.append(element("rect", x=min(a, c), y=min(b, d), fill=colour, **size))
        return element("g", *drawn, opacity=self.alpha, class_="fixed") if drawn else ""


class Words(Artist):
    """A text at a point.

    Args:
        words: What it says.
        x: The point, in numbers of the plot, or from 0 to 1 along its frame.
        y: The same upwards.
        along: For x and for y "data" or "axes", which says in what.
        offset: How far from the point it is, in points, to the right and upwards.
        arrow: Whether an arrow leads from the words to the point.
        style: What `text` takes.
        zorder: As for all artists.
    """

    def __init__(
        self,
        words: str,
        x: float,
        y: float,
        along: tuple[str, str],
        offset: tuple[float, float] = (0.0, 0.0),
        arrow: Point | None = None,
        zorder: float = 3.0,
        **style: Any,
    ) -> None:
        super().__init__(zorder=zorder)
        self.words, self.at, self.along, self.offset, self.arrow, self.style = (
            words,
            (x, y),
            along,
            offset,
            arrow,
            style,
        )

    def draw(self, frame: Frame) -> str:
        """The words, and the arrow."""
        x, y = frame.place(*self.at)
        x = frame.width * self.at[0] if self.along[0] == "axes" else x
        y = frame.height * (1 - self.at[1]) if self.along[1] == "axes" else y
        if not (math.isfinite(x) and math.isfinite(y)):
            return ""
        x, y = x + self.offset[0], y - self.offset[1]
        line = ""
        if self.arrow:
            line = self.arrow_from(x, y, *frame.place(*self.arrow))
        return line + text(self.words, x, y, **self.style)

    def arrow_from(self, x: float, y: float, tip_x: float, tip_y: float) -> str:
        """An arrow from the edge of the words to its tip."""
        wide, high = width(self.words, self.style["size"]), height(self.words, self.style["size"])
        x += wide * {"left": 0.5, "center": 0.0, "right": -0.5}[self.style["ha"]]
        y += high * {"top": 0.5, "center": 0.0}.get(self.style["va"], -0.35)
        away = max(abs(tip_x - x) / (wide / 2 + 3), abs(tip_y - y) / (high / 2), 1.0)
        x, y = x + (tip_x - x) / away, y + (tip_y - y) / away
        angle = math.atan2(y - tip_y, x - tip_x)
        sides = [(tip_x + 5 * math.cos(angle + turn), tip_y + 5 * math.sin(angle + turn)) for turn in (-0.5, 0.5)]
        lines = path([(x, y), (tip_x, tip_y)]) + path([sides[0], (tip_x, tip_y), sides[1]])
        return element("path", d=lines, fill="none", stroke=self.style["fill"], stroke_width=1.0)


class Span(Artist):
    """A line across the whole frame, or a strip of it.

    Args:
        upright: Whether it goes from the bottom to the top.
        low: Where it is.
        high: Where the strip ends; None for a line.
        style: Attributes of SVG.
        label: As for all artists.
        zorder: As well.
    """

    def __init__(
        self, upright: bool, low: float, high: float | None, style: dict[str, object], label: str | None, zorder: float
    ) -> None:
        super().__init__(label, zorder)
        self.upright, self.numbers, self.style = upright, [low] if high is None else [low, high], style
        self.x, self.y = (self.numbers, []) if upright else ([], self.numbers)

    def draw(self, frame: Frame) -> str:
        """It, from end to end."""
        corners = self.corners(frame)
        return element("path", d=path(corners, closed=len(corners) > 2), **self.style) if corners else ""

    def corners(self, frame: Frame) -> list[Point]:
        """The ends of the line, or the corners of the strip; none if it has no place."""
        sides = [frame.place(number, number)[0 if self.upright else 1] for number in self.numbers]
        if not all(map(math.isfinite, sides)):
            return []
        ends = (0.0, frame.height if self.upright else frame.width)
        pairs = [(side, end) for side, turned in zip(sides, (1, -1), strict=False) for end in ends[::turned]]
        return pairs if self.upright else [(end, side) for side, end in pairs]

    def boxes(self, frame: Frame) -> list[Box]:
        """What is around it."""
        return [around(corners)] if (corners := self.corners(frame)) else []

    def sample(self, x: float, y: float, width: float) -> str:
        """A piece of it, lying."""
        if len(self.numbers) > 1:
            return element("rect", x=x, y=y - 3.5, width=width, height=7.0, **self.style)
        return element("path", d=path([(x, y), (x + width, y)]), **self.style)
