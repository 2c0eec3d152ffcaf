"""Curves with marks, and how a format string such as "ro--" says what they look like."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from .artists import Artist, Frame, Point, runs
from .colors import LETTERS, Colour, css
from .marks import MARKERS, known_marker, mark
from .refusals import checked
from .svg import element, number, path

STYLES = {"-": (), "--": (3.7, 1.6), "-.": (6.4, 1.6, 1.0, 1.6), ":": (1.0, 1.65)}
"""How long dashes and gaps are, in units of the line's width."""

WORDS = {"solid": "-", "dashed": "--", "dashdot": "-.", "dotted": ":", "none": "", " ": "", "": ""}
FORMAT = re.compile(r"C\d|--|-\.|.")


def from_format(text: str) -> dict[str, str]:
    """What a format string says: a colour, a marker, a line, in any order; or the name of a colour.

    Raises:
        ValueError: If it says something else.
    """
    try:
        if text not in LETTERS and not text.isdigit() and len(text) > 1:
            return {"color": css(text)}
    except ValueError:
        pass
    found: dict[str, str] = {}
    for part in FORMAT.findall(text):
        kind = "linestyle" if part in STYLES else "marker" if part in MARKERS else "color"
        if kind in found or (kind == "color" and part not in LETTERS and len(part) == 1):
            raise ValueError(
                f"{text!r} is no format for a curve: it says a colour, a marker and a line, such as 'ro--'"
            )
        found[kind] = part
    if "marker" in found:
        found.setdefault("linestyle", "")
    return found


class Line2D(Artist):
    """A curve, with a mark at each of its points if there is a marker.

    Args:
        xdata: The points.
        ydata: How high each is.
        color: Of the line, and of the marks unless they have one.
        linestyle: "-", "--", "-.", ":" or "", or `(0, lengths of dashes and gaps)`.
        linewidth: In points.
        marker: One of `MARKERS`.
        markersize: In points.
        markerfacecolor: What is inside the marks.
        markeredgecolor: What is around them.
        markeredgewidth: In points.
        alpha: How opaque it is.
        label: Its name in the legend.
        zorder: What has a greater one is in front.
    """

    @partial(checked, name="plot")
    def __init__(
        self,
        xdata: Sequence[float],
        ydata: Sequence[float],
        *,
        color: Colour = "C0",
        linestyle: Any = "-",
        linewidth: float = 1.5,
        marker: str | None = None,
        markersize: float = 6.0,
        markerfacecolor: Colour | None = None,
        markeredgecolor: Colour | None = None,
        markeredgewidth: float = 1.0,
        alpha: float | None = None,
        label: str = "",
        zorder: float = 2.0,
    ) -> None:
        super().__init__(label, zorder)
        self.x, self.y = list(xdata), list(ydata)
        self.color, self.width, self.alpha = css(color), linewidth, alpha
        self.dashes = dashes(linestyle, linewidth)
        self.marker, self.size = known_marker(marker), markersize
        self.face = self.color if markerfacecolor is None else css(markerfacecolor)
        self.edge = self.color if markeredgecolor is None else css(markeredgecolor)
        self.edge_width = markeredgewidth

    def draw(self, frame: Frame) -> str:
        """The curve on its axes."""
        return self.drawn([frame.place(x, y) for x, y in zip(self.x, self.y, strict=True)])

    def sample(self, x: float, y: float, width: float) -> str:
        """A piece of it for the legend."""
        return self.drawn([(x, y), (x + width, y)], marks=[(x + width / 2, y)])

    def drawn(self, points: list[Point], marks: Iterable[Point] | None = None) -> str:
        """The line through points, and marks at all of them or at others."""
        drawn = []
        if self.dashes is not None and (lines := [path(run) for run in runs(points) if len(run) > 1]):
            line = {"stroke": self.color, "stroke_width": self.width, "stroke_linejoin": "round"}
            pattern = " ".join(map(number, self.dashes)) or None
            cap = "butt" if pattern else "square"
            drawn.append(
                element("path", d="".join(lines), fill="none", stroke_dasharray=pattern, stroke_linecap=cap, **line)
            )
        if self.marker:
            places = [point for run in runs(points) for point in run] if marks is None else marks
            style = {"fill": self.face, "stroke": self.edge, "width": self.edge_width}
            drawn += [mark(self.marker, x, y, self.size, **style) for x, y in places]
        return element("g", *drawn, opacity=self.alpha) if drawn else ""


def dashes(style: Any, width: float) -> tuple[float, ...] | None:
    """How long dashes and gaps are; empty for a line without gaps, None for none.

    Raises:
        ValueError: If it is no style of a line.
    """
    if isinstance(style, tuple):
        return tuple(width * length for length in style[1])
    name = WORDS.get(style, style)
    if name in ("None", ""):
        return None
    if name not in STYLES:
        raise ValueError(f"{style!r} is no style of a line: it is one of '-', '--', '-.', ':' and ''")
    return tuple(width * length for length in STYLES[name])
