"""What axes draw: curves, marks, bars, areas, levels, pictures and words."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from . import contours
from .artists import Area, Artist, Contours, Image, Scatter, Span, Words
from .colors import CYCLE, Colour, Mappable, css
from .data import colours, columns, curves, grid, is_list, listed, mapped, table
from .lines import Line2D, dashes, from_format
from .marks import OPEN, known_marker
from .refusals import checked, refuse
from .scales import Range
from .svg import SIZE, number
from .ticker import MaxNLocator

LEVELS = 7
"""About so many levels there are unless something else is said."""

Style = dict[str, Any]


class Plots:
    """The part of axes that draws."""

    range_x: Range
    range_y: Range
    artists: list[Artist]
    shown: Mappable | None
    ratio: float | str | None

    def __init__(self) -> None:
        self.artists, self.shown = [], None
        self.given = {"lines": 0, "areas": 0}

    def next_colour(self, kind: str) -> str:
        """The next one of the colours that are given in turn."""
        self.given[kind] += 1
        return CYCLE[(self.given[kind] - 1) % len(CYCLE)]

    def add(self, artist: Any) -> Any:
        """Draw something, and show the numbers that it reaches to."""
        self.artists.append(artist)
        x, y = artist.x, artist.y
        if x and y:  # a point that has no place on one axis does not count on the other
            points = [point for point in zip(x, y, strict=True) if all(map(math.isfinite, point))]
            x, y = [x for x, _ in points], [y for _, y in points]
        self.range_x.add(x, artist.edges_x)
        self.range_y.add(y, artist.edges_y)
        return artist

    def plot(self, *args: Any, label: Any = None, **style: Any) -> list[Line2D]:
        """Draw curves.

        Args:
            *args: y; or x and y; with a format such as "ro--" behind them; and so on for more curves.
            label: The name of the curve for the legend.
            **style: What `Line2D` takes.
        """
        drawn = []
        for x, y, text in curves(args):
            for across, up in columns(x, y, self.range_x, self.range_y):
                given = from_format(text) | style
                if given.get("color") is None and "c" not in given:
                    given["color"] = self.next_colour("lines")
                drawn.append(self.add(Line2D(across, up, label=str(label or ""), **given)))
        return drawn

    @checked
    def scatter(
        self,
        x: Any,
        y: Any,
        s: Any = 36,
        c: Any = None,
        *,
        marker: str = "o",
        color: Any = None,
        cmap: Any = None,
        vmin: float | None = None,
        vmax: float | None = None,
        alpha: float | None = None,
        linewidth: float | None = None,
        edgecolor: Colour | None = None,
        label: str | None = None,
        zorder: float = 1.0,
    ) -> Scatter:
        """Draw a mark at each point; `s` is its size, in square points, and `c` its colour or a number for it."""
        across, up = listed(x, self.range_x), listed(y, self.range_y)
        if len(across) != len(up):
            raise ValueError(f"x and y must have the same length, got {len(across)} and {len(up)}")
        given = color if c is None else c
        given = self.next_colour("areas") if given is None else given
        faces, stand_for = colours(given, len(across), cmap, vmin, vmax)
        sizes = [math.sqrt(float(size)) for size in (s if is_list(s) else [s] * len(across))]
        mark = known_marker(marker) or "o"
        width = linewidth if linewidth is not None else 1.5 if mark in OPEN else 1.0
        style: Style = {"width": float(width), "opacity": alpha}
        if edgecolor not in (None, "face"):
            style["stroke"] = css(edgecolor)
        drawn = self.add(Scatter(across, up, sizes, mark, faces, style, stand_for, label, zorder))
        self.shown = stand_for or self.shown
        return drawn

    @checked
    def bar(
        self,
        x: Any,
        height: Any,
        width: Any = 0.8,
        bottom: Any = 0.0,
        *,
        align: str = "center",
        color: Any = None,
        edgecolor: Colour | None = None,
        linewidth: float = 1.0,
        alpha: float | None = None,
        label: str | None = None,
        zorder: float = 1.0,
    ) -> list[Area]:
        """Draw upright bars: where they are, in numbers or words, and how high."""
        return self.bars(x, height, width, bottom, align, color, edgecolor, linewidth, alpha, label, zorder)

    @checked
    def barh(
        self,
        y: Any,
        width: Any,
        height: Any = 0.8,
        left: Any = 0.0,
        *,
        align: str = "center",
        color: Any = None,
        edgecolor: Colour | None = None,
        linewidth: float = 1.0,
        alpha: float | None = None,
        label: str | None = None,
        zorder: float = 1.0,
    ) -> list[Area]:
        """Draw lying bars: where they are, in numbers or words, and how long."""
        return self.bars(y, width, height, left, align, color, edgecolor, linewidth, alpha, label, zorder, lying=True)

    def bars(
        self,
        at: Any,
        lengths: Any,
        widths: Any,
        starts: Any,
        align: str,
        color: Any,
        edge: Colour | None,
        line: float,
        alpha: float | None,
        label: str | None,
        zorder: float,
        *,
        lying: bool = False,
    ) -> list[Area]:
        """Draw bars, one area for each."""
        along, up = (self.range_y, self.range_x) if lying else (self.range_x, self.range_y)
        places, ends = listed(at, along), listed(lengths, up)
        count = max(len(places), len(ends))
        places, ends = (side * count if len(side) == 1 else side for side in (places, ends))
        if len(places) != len(ends):
            raise ValueError(f"there must be as many bars as lengths, got {len(places)} and {len(ends)}")
        wide, low = (listed(side, up) * (1 if is_list(side) else count) for side in (widths, starts))
        faces, _ = colours(self.next_colour("areas") if color is None else color, count, None, None, None)
        drawn = []
        for i, (place, end, width, start) in enumerate(zip(places, ends, wide, low, strict=True)):
            left = place - width / 2 if align == "center" else place
            corners = [(left, start), (left + width, start), (left + width, start + end), (left, start + end)]
            style: Style = {"fill": faces[i], "opacity": alpha}
            if edge is not None:
                style |= {"stroke": css(edge), "stroke_width": line}
            outline = [(b, a) for a, b in corners] if lying else corners
            area = Area([outline], style, label if i == 0 else None, zorder)
            (area.edges_x if lying else area.edges_y).append(start)
            drawn.append(self.add(area))
        return drawn

    @checked
    def hist(
        self,
        x: Any,
        bins: Any = 10,
        range: tuple[float, float] | None = None,
        *,
        density: bool = False,
        color: Colour | None = None,
        edgecolor: Colour | None = None,
        alpha: float | None = None,
        label: str | None = None,
    ) -> tuple[list[float], list[float], list[Area]]:
        """Draw how many of the numbers are in each of `bins` equal parts, or between the given edges."""
        numbers = [float(number) for number in x]
        edges = [float(edge) for edge in bins] if is_list(bins) else equal_parts(numbers, int(bins), range)
        counts = [
            sum(a <= number and (number < b or (number == b == edges[-1])) for number in numbers)
            for a, b in pairwise(edges)
        ]
        widths = [b - a for a, b in pairwise(edges)]
        heights = [float(count) for count in counts]
        if density:
            heights = [count / (sum(counts) * width) for count, width in zip(counts, widths, strict=True)]
        colour = self.next_colour("lines") if color is None else color
        drawn = self.bars(edges[:-1], heights, widths, 0.0, "edge", colour, edgecolor, 1.0, alpha, label, 1.0)
        return heights, edges, drawn

    @checked
    def fill_between(
        self,
        x: Any,
        y1: Any,
        y2: Any = 0.0,
        *,
        color: Colour | None = None,
        alpha: float | None = None,
        label: str | None = None,
        zorder: float = 1.0,
    ) -> Area:
        """Fill what is between two curves, or between one and a number."""
        across = listed(x, self.range_x)
        up, down = (listed(y, self.range_y) * (1 if is_list(y) else len(across)) for y in (y1, y2))
        outline = [*zip(across, up, strict=True), *reversed([*zip(across, down, strict=True)])]
        style: Style = {"fill": css(self.next_colour("areas") if color is None else color), "opacity": alpha}
        return self.add(Area([outline], style, label, zorder))

    @checked
    def contour(
        self,
        *args: Any,
        levels: Any = None,
        colors: Any = None,
        cmap: Any = None,
        linewidth: float = 1.5,
        linestyle: Any = None,
        alpha: float | None = None,
        vmin: float | None = None,
        vmax: float | None = None,
    ) -> Contours:
        """Draw lines along which the numbers of a grid, `z` or `x, y, z`, are level."""
        x, y, z, last = grid(args, "contour")
        at = chosen(last if levels is None else levels, z, filled=False)
        stand_for = Mappable(cmap, at[0] if vmin is None else vmin, at[-1] if vmax is None else vmax, at, filled=False)
        cells = list(contours.cells(x, y, z))
        parts = []
        for i, level in enumerate(at):
            dashed = isinstance(colors, str) and level < 0
            pattern = dashes(linestyle or ("--" if dashed else "-"), linewidth) or ()
            style: Style = {
                "fill": "none",
                "stroke": one_of(colors, i) or stand_for.colour(level),
                "stroke_width": float(linewidth),
                "stroke_dasharray": " ".join(map(number, pattern)) or None,
                "opacity": alpha,
            }
            parts.append((contours.line(cells, level), style))
        self.shown = stand_for
        return self.add(Contours(parts, False, x, y, stand_for))

    @checked
    def contourf(
        self,
        *args: Any,
        levels: Any = None,
        colors: Any = None,
        cmap: Any = None,
        extend: str = "neither",
        alpha: float | None = None,
        vmin: float | None = None,
        vmax: float | None = None,
    ) -> Contours:
        """Fill the areas between levels of the numbers of a grid, `z` or `x, y, z`."""
        x, y, z, last = grid(args, "contourf")
        at = chosen(last if levels is None else levels, z, filled=True, extend=extend)
        if len(at) < 2:
            raise ValueError("contourf takes at least two levels")
        own = [one_of(colors, i) for i in range(len(at) + 1)] if colors is not None else ()
        stand_for = Mappable(cmap, at[0] if vmin is None else vmin, at[-1] if vmax is None else vmax, at, extend, own)
        cells = list(contours.cells(x, y, z))
        least = min(min(row) for row in z)
        parts = [
            (
                contours.band(cells, -math.inf if low == least == at[0] and not stand_for.below else low, high),
                {"fill": colour, "fill_rule": "evenodd", "opacity": alpha},
            )
            for low, high, colour in stand_for.bands()
        ]
        self.shown = stand_for
        return self.add(Contours(parts, True, x, y, stand_for))

    @checked
    def imshow(
        self,
        X: Any,
        cmap: Any = None,
        *,
        vmin: float | None = None,
        vmax: float | None = None,
        extent: tuple[float, float, float, float] | None = None,
        origin: str = "upper",
        aspect: float | str = "equal",
        interpolation: str | None = None,
        alpha: float | None = None,
    ) -> Image:
        """Draw a grid of numbers, or of colours, each as a small rectangle."""
        if interpolation not in (None, "none", "nearest", "auto", "antialiased"):
            refuse(f"imshow(interpolation={interpolation!r})")
        rows = [list(row) for row in X]
        stand_for = None
        if is_list(rows[0][0]):
            cells = [[css(cell) for cell in row] for row in rows]
        else:
            numbers = table(rows, "imshow")
            stand_for = mapped([cell for row in numbers for cell in row], cmap, vmin, vmax, fixed=True)
            cells = [[stand_for.colour(cell) if math.isfinite(cell) else "none" for cell in row] for row in numbers]
        self.range_y.inverted = extent is None and origin == "upper"
        left, right, bottom, top = extent or (-0.5, len(cells[0]) - 0.5, -0.5, len(cells) - 0.5)
        upwards = cells[::-1] if extent is not None and origin == "upper" else cells
        self.ratio = None if aspect == "auto" else aspect
        self.shown = stand_for or self.shown
        return self.add(Image(upwards, (left, right), (bottom, top), alpha, stand_for))

    @checked
    def axhline(
        self,
        y: float = 0.0,
        *,
        color: Colour = "C0",
        linestyle: Any = "-",
        linewidth: float = 1.5,
        alpha: float | None = None,
        label: str | None = None,
        zorder: float = 2.0,
    ) -> Span:
        """Draw a line from side to side."""
        style = stroke(color, linestyle, linewidth, alpha)
        return self.add(Span(False, float(y), None, style, label, zorder))

    @checked
    def axvline(
        self,
        x: float = 0.0,
        *,
        color: Colour = "C0",
        linestyle: Any = "-",
        linewidth: float = 1.5,
        alpha: float | None = None,
        label: str | None = None,
        zorder: float = 2.0,
    ) -> Span:
        """Draw a line from the bottom to the top."""
        style = stroke(color, linestyle, linewidth, alpha)
        return self.add(Span(True, float(x), None, style, label, zorder))

    @checked
    def axhspan(
        self, ymin: float, ymax: float, *, color: Colour = "C0", alpha: float | None = None, label: str | None = None
    ) -> Span:
        """Draw a strip from side to side."""
        return self.add(Span(False, float(ymin), float(ymax), {"fill": css(color), "opacity": alpha}, label, 1.0))

    @checked
    def axvspan(
        self, xmin: float, xmax: float, *, color: Colour = "C0", alpha: float | None = None, label: str | None = None
    ) -> Span:
        """Draw a strip from the bottom to the top."""
        return self.add(Span(True, float(xmin), float(xmax), {"fill": css(color), "opacity": alpha}, label, 1.0))

    @checked
    def text(
        self,
        x: float,
        y: float,
        s: str,
        *,
        color: Colour = "k",
        fontsize: float = SIZE,
        ha: str = "left",
        va: str = "baseline",
        rotation: float = 0.0,
        alpha: float | None = None,
        transform: tuple[str, str] = ("data", "data"),
        zorder: float = 3.0,
    ) -> Words:
        """Write at a point of the plot."""
        style: Style = {
            "size": fontsize,
            "ha": ha,
            "va": va,
            "rotation": rotation,
            "fill": css(color),
            "opacity": alpha,
        }
        at = self.range_x.number(x), self.range_y.number(y)
        self.artists.append(words := Words(str(s), *at, transform, zorder=zorder, **style))
        return words

    @checked
    def annotate(
        self,
        text: str,
        xy: tuple[float, float],
        xytext: tuple[float, float] | None = None,
        *,
        xycoords: Any = "data",
        textcoords: str | None = None,
        arrowprops: dict[str, Any] | None = None,
        color: Colour = "k",
        fontsize: float = SIZE,
        ha: str = "left",
        va: str = "baseline",
        path_effects: Sequence[Style] = (),
    ) -> Words:
        """Write at a point, or elsewhere with an arrow to the point."""
        if xycoords not in ("data", ("data", "axes")) or textcoords not in (None, "data", "offset points"):
            refuse(f"annotate with xycoords={xycoords!r} and textcoords={textcoords!r}")
        away = textcoords == "offset points"
        point = float(xy[0]), float(xy[1])
        at = point if away or xytext is None else (float(xytext[0]), float(xytext[1]))
        style: Style = {"size": fontsize, "ha": ha, "va": va, "fill": css(color)}
        for effect in path_effects:
            style |= effect
        along = ("data", "data") if xycoords == "data" else xycoords
        offset = (float(xytext[0]), float(xytext[1])) if away and xytext else (0.0, 0.0)
        self.artists.append(
            words := Words(text, *at, along, offset, point if arrowprops is not None else None, **style)
        )
        return words


def equal_parts(numbers: Sequence[float], count: int, ends: tuple[float, float] | None) -> list[float]:
    """The edges of so many parts of what the numbers reach to."""
    low, high = ends or (min(numbers, default=0.0), max(numbers, default=1.0))
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    return [low + (high - low) * i / count for i in range(count)] + [high]


def chosen(levels: Any, z: Sequence[Sequence[float]], *, filled: bool, extend: str = "neither") -> list[float]:
    """The levels that are given; or, from how many there should be, levels at round numbers.

    Raises:
        ValueError: If they do not increase, or there is no number between which there could be levels.
    """
    if is_list(levels):
        given = [float(level) for level in levels]
        if any(b <= a for a, b in pairwise(given)) or not given:
            raise ValueError(f"levels must increase, got {given}")
        return given
    numbers = [number for row in z for number in row if math.isfinite(number)]
    if not numbers:
        raise ValueError("there is no finite number in z")
    low, high = min(numbers), max(numbers)
    if low == high:
        low, high = low - 0.5, high + 0.5
    count = LEVELS if levels is None else int(levels)
    around = MaxNLocator(count + 1, min_n_ticks=1).around(low, high)
    first = max((i for i, level in enumerate(around) if level < low), default=0) + (extend in ("min", "both"))
    last = min((i for i, level in enumerate(around) if level > high), default=len(around) - 1) - (
        extend in ("max", "both")
    )
    return around[first : last + 1] if last - first >= 2 else around


def one_of(colors: Any, i: int) -> str | None:
    """The colour of a level, from one for all or from a list that begins again at its end."""
    if colors is None or isinstance(colors, str):
        return colors and css(colors)
    return css(colors[i % len(colors)])


def stroke(color: Colour, linestyle: Any, width: float, alpha: float | None) -> Style:
    """The attributes of a line."""
    pattern = " ".join(map(number, dashes(linestyle, width) or ())) or None
    return {
        "fill": "none",
        "stroke": css(color),
        "stroke_width": float(width),
        "stroke_dasharray": pattern,
        "opacity": alpha,
    }
