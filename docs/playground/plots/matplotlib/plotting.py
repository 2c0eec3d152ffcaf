"""What axes draw: curves, marks, bars, levels and words."""

import math
from collections.abc import Iterable, Sequence
from itertools import chain, cycle
from typing import Any

from . import contours
from .artists import Point, Shapes, Words
from .colors import CYCLE, css
from .formulas import plain
from .levels import Levels, chosen
from .lines import Line2D, from_format, stroke
from .marks import OPEN
from .refusals import Part, checked, refuse
from .scales import Range

ENDS = (-math.inf, math.inf)
"""From one side of the frame to the other."""


class Plots(Part):
    """The part of axes that draws.

    Args:
        range_x: The numbers from left to right.
        range_y: The numbers upwards.
    """

    def __init__(self, range_x: Range, range_y: Range) -> None:
        self.range_x, self.range_y = range_x, range_y
        self.artists: list[Any] = []
        self.levels: Levels | None = None
        self.line_colours, self.area_colours = cycle(CYCLE), cycle(CYCLE)

    def add(self, artist: Any, points: Iterable[Point]) -> Any:
        """Draw something, and show the points that it reaches to. One that has no place on one axis counts on none."""
        self.artists.append(artist)
        for x, y in points:
            if not math.isnan(x + y):
                self.range_x.add([x])
                self.range_y.add([y])
        return artist

    def curve(self, x: Sequence[float], y: Sequence[float], style: dict[str, Any]) -> Line2D:
        """Draw a line or marks through points."""
        points = pairs(x, y)
        return self.add(Line2D(x, y, **style), points)

    def plot(self, *args: Any, **style: Any) -> list[Line2D]:
        """Draw a curve.

        Args:
            *args: y; or x and y; with a format such as "ro--" behind them.
            **style: What `Line2D` takes.
        """
        *data, says = args if args and isinstance(args[-1], str) else (*args, "")
        if len(data) not in (1, 2):
            refuse("plot with anything but y, or x and y, and a format such as 'ro--' behind them")
        y = numbers(data[-1])
        x = numbers(data[0]) if len(data) == 2 else [float(i) for i in range(len(y))]
        style = from_format(says) | style
        if not style.keys() & {"color", "c"}:
            style["color"] = next(self.line_colours)
        return [self.curve(x, y, style)]

    @checked
    def scatter(self, x: Any, y: Any, s: float = 36, c: str | None = None, **style: Any) -> Line2D:
        """Draw a mark at each point: `s` is its size, in square points, `c` its colour, the rest as for a curve."""
        if isinstance(s, Iterable) or not isinstance(c, str | None):
            refuse("scatter with a size or a colour for each point")
        style = {"marker": "o", "color": c} | style
        style["color"] = style["color"] or next(self.area_colours)
        edge = 1.5 if style["marker"] in OPEN else 1.0
        style = dict(linestyle="", markersize=math.sqrt(s), markeredgewidth=edge, **style)
        drawn = self.curve(numbers(x), numbers(y), style)
        drawn.zorder = 1
        return drawn

    @checked
    def bar(self, x: Any, height: Any, width: float = 0.8, *, color: str | None = None, label: str = "") -> Shapes:
        """Draw upright bars: where they are, and how high."""
        outlines = []
        for middle, top in pairs(numbers(x), numbers(height)):
            left, right = middle - width / 2, middle + width / 2
            outlines.append([(left, 0.0), (right, 0.0), (right, top), (left, top)])
        self.range_y.add([], edges=[0.0])
        bars = Shapes(outlines, {"fill": css(color or next(self.area_colours))}, label)
        return self.add(bars, chain.from_iterable(outlines))

    @checked
    def contour(
        self, x: Any, y: Any, z: Any, levels: Any = None, *, cmap: str = "viridis", colors: str = "", **style: Any
    ) -> None:
        """Draw lines along which the numbers of a grid are level, which look as `stroke` says."""
        x, y, z = self.cover(x, y, z)
        shown = Levels(chosen(levels, z), cmap)
        cells = list(contours.cells(x, y, z))
        for level in shown.levels:
            line = stroke(colors or shown.colour(level), **style)
            self.artists.append(Shapes(contours.line(cells, level), line, zorder=2, closed=False))

    @checked
    def contourf(
        self, x: Any, y: Any, z: Any, levels: Any = None, *, cmap: str = "viridis", extend: str = "neither"
    ) -> Levels:
        """Fill the areas between levels of the numbers of a grid; what is returned is for a colour bar."""
        x, y, z = self.cover(x, y, z)
        self.levels = Levels(chosen(levels, z), cmap, extend)
        first = self.levels.levels[0]
        if len(self.levels.levels) < 2:
            raise ValueError("contourf takes at least two levels")
        cells = list(contours.cells(x, y, z))
        none_below = min(map(min, z)) >= first
        for low, high, colour in self.levels.bands():
            outlines = contours.band(cells, -math.inf if low == first and none_below else low, high)
            self.artists.append(Shapes(outlines, {"fill": colour}))
        return self.levels

    def cover(self, x: Any, y: Any, z: Any) -> tuple[list[float], list[float], list[list[float]]]:
        """What contours take, as numbers. The axes end where the grid does.

        Raises:
            ValueError: If x and y do not fit z.
        """
        x, y, z = numbers(x), numbers(y), [numbers(row) for row in z]
        if len(z) != len(y) or any(len(row) != len(x) for row in z):
            raise ValueError(f"contours take a row of z for each of {len(y)} y, with a number for each of {len(x)} x")
        self.range_x.add(x, edges=[min(x), max(x)])
        self.range_y.add(y, edges=[min(y), max(y)])
        return x, y, z

    @checked
    def axhline(self, y: float = 0.0, **style: Any) -> Line2D:
        """Draw a line from side to side, with what `Line2D` takes."""
        return self.curve(ENDS, (float(y), float(y)), style)

    @checked
    def axvline(self, x: float = 0.0, **style: Any) -> Line2D:
        """Draw a line from the bottom to the top."""
        return self.curve((float(x), float(x)), ENDS, style)

    @checked
    def axvspan(self, xmin: float, xmax: float, *, color: str = "C0", alpha: float | None = None) -> Shapes:
        """Draw a strip from the bottom to the top."""
        low, high = ENDS
        outline = [(xmin, low), (xmax, low), (xmax, high), (xmin, high)]
        return self.add(Shapes([outline], {"fill": css(color), "opacity": alpha}), outline)

    @checked
    def annotate(
        self,
        text: str,
        xy: Point,
        *,
        xytext: Point = (0, 0),
        textcoords: str = "offset points",
        xycoords: str = "data",
        color: str = "k",
        ha: str = "left",
        va: str = "baseline",
        path_effects: Sequence[dict[str, Any]] = (),
    ) -> Words:
        """Write at a point, or `xytext` away from it."""
        if xycoords not in ("data", "height") or textcoords != "offset points":
            refuse(f"annotate with xycoords={xycoords!r} and textcoords={textcoords!r}")
        style = {key: value for effect in path_effects for key, value in effect.items()}
        style |= {"ha": ha, "va": va, "fill": css(color)}
        return self.add(Words(plain(text), xy, xycoords == "height", xytext, style), [])


def numbers(things: Any) -> list[float]:
    """Numbers, of which one alone is a list of one. What is infinite has no place: nan."""
    listed = list(things) if isinstance(things, Iterable) and not isinstance(things, str) else [things]
    if any(isinstance(thing, str | list | tuple) for thing in listed):
        refuse("anything but numbers along an axis")
    return [number if math.isfinite(number) else math.nan for number in map(float, listed)]


def pairs(x: Sequence[float], y: Sequence[float]) -> list[Point]:
    """Points.

    Raises:
        ValueError: If there are more numbers in one direction than in the other.
    """
    if len(x) != len(y):
        raise ValueError(f"x and y must have the same length, got {len(x)} and {len(y)}")
    return list(zip(x, y, strict=True))
