"""Curves with marks, and how a format string such as "ro--" says what they look like."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from .artists import Frame, Point, runs
from .colors import NAMES, css
from .marks import MARKERS, mark
from .refusals import Part, checked
from .svg import element, number, path

STYLES = {"-": (), "--": (3.7, 1.6), "-.": (6.4, 1.6, 1.0, 1.6), ":": (1.0, 1.65)}
"""How long dashes and gaps are, in units of the line's width."""

FORMAT = re.compile(r"C\d|--|-\.|.")


def from_format(text: str) -> dict[str, str]:
    """What a format string says: a colour, a marker, a line, in any order; or the name of a colour.

    Raises:
        ValueError: If it says something else.
    """
    found: dict[str, str] = {}
    for part in [text] if text in NAMES else FORMAT.findall(text):
        kind = "linestyle" if part in STYLES else "marker" if part in MARKERS else "color"
        if kind in found or (kind == "color" and part not in NAMES):
            raise ValueError(f"{text!r} is no format of the playground: a colour, a marker and a line, as in 'ro--'")
        found[kind] = part
    return {"linestyle": ""} | found if "marker" in found else found


class Line2D(Part):
    """A curve through points, with a mark at each of them if there is a marker.

    Widths and sizes are in points. `linestyle` may also be `(0, lengths of dashes and gaps)`, and empty for no line.
    """

    zorder = 2

    @partial(checked, name="plot and scatter")
    def __init__(
        self,
        xdata: Sequence[float],
        ydata: Sequence[float],
        *,
        color: str = "C0",
        linestyle: Any = "-",
        linewidth: float = 1.5,
        marker: str = "",
        markersize: float = 6.0,
        markerfacecolor: str | None = None,
        markeredgecolor: str | None = None,
        markeredgewidth: float = 1.0,
        alpha: float | None = None,
        label: str = "",
    ) -> None:
        if marker and marker not in MARKERS:
            raise ValueError(f"{marker!r} is none of the markers of the playground: {' '.join(MARKERS)}")
        self.points = list(zip(xdata, ydata, strict=True))
        self.label = str(label)
        self.line = stroke(color, linestyle, linewidth, alpha) if linestyle else None
        self.marker, self.size = marker, markersize
        face, edge = (css(color if own is None else own) for own in (markerfacecolor, markeredgecolor))
        self.marks = {"fill": face, "stroke": edge, "width": markeredgewidth, "opacity": alpha}

    def draw(self, frame: Frame) -> str:
        """The curve on its axes."""
        placed = list(runs(frame.place(x, y) for x, y in self.points))
        return self.drawn(placed, [point for run in placed for point in run])

    def sample(self, x: float, y: float, width: float) -> str:
        """A piece of it for the legend."""
        return self.drawn([[(x, y), (x + width, y)]], [(x + width / 2, y)])

    def drawn(self, lines: list[list[Point]], places: list[Point]) -> str:
        """Lines, and marks at places."""
        long = "".join(path(line) for line in lines if len(line) > 1)
        line = element("path", d=long, **self.line) if self.line and long else ""
        return line + "".join(mark(self.marker, *place, self.size, **self.marks) for place in places if self.marker)


@partial(checked, name="a line")
def stroke(color: str, linestyle: Any = "-", linewidth: float = 1.5, alpha: float | None = None) -> dict[str, Any]:
    """The attributes of a line.

    Raises:
        ValueError: If it has no such style.
    """
    if not isinstance(linestyle, tuple) and linestyle not in STYLES:
        raise ValueError(f"{linestyle!r} is no style of a line in the playground: there are {', '.join(STYLES)}")
    dashes = linestyle[1] if isinstance(linestyle, tuple) else STYLES[linestyle]
    pattern = " ".join(number(linewidth * length) for length in dashes)
    dashed = {"stroke_dasharray": pattern} if pattern else {"stroke_linecap": "square", "stroke_linejoin": "round"}
    return {"fill": "none", "stroke": css(color), "stroke_width": float(linewidth), "opacity": alpha, **dashed}
