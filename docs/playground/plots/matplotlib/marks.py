"""Marks: what stands at the points of a curve or a scatter plot."""

from .svg import element, number

CIRCLE = "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z"
MARKERS = {
    "o": CIRCLE,
    ".": CIRCLE,
    "s": "M-1 -1H1V1H-1Z",
    "^": "M0 -1L1 1H-1Z",
    "v": "M0 1L1 -1H-1Z",
    "*": "M0 -1L.22 -.31L.95 -.31L.36 .12L.59 .81L0 .38L-.59 .81L-.36 .12L-.95 -.31L-.22 -.31Z",
    "X": "M-1 -.5L-.5 -1L0 -.5L.5 -1L1 -.5L.5 0L1 .5L.5 1L0 .5L-.5 1L-1 .5L-.5 0Z",
    "+": "M-1 0H1M0 -1V1",
    "x": "M-1 -1L1 1M-1 1L1 -1",
}
"""The marks, from -1 to 1; y grows downwards."""

OPEN = "+x"


def mark(marker: str, x: float, y: float, size: float, *, fill: str, stroke: str, width: float, **style: object) -> str:
    """A mark at a point, `size` wide, with a line around it that is `width` wide."""
    half = size / 4 if marker == "." else size / 2
    place = f"translate({number(x)} {number(y)}) scale({number(half)})"
    style |= {"fill": "none" if marker in OPEN else fill, "stroke": stroke, "stroke_width": width / half}
    return element("path", d=MARKERS[marker], transform=place, **style)
