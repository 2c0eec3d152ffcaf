"""Marks: what stands at the points of a curve or a scatter plot."""

import math

from .svg import element, number, path


def polygon(corners: int, first: float, inner: float | None = None) -> str:
    """A mark with corners at a distance of 1, the first in the direction `first`; a star if there are `inner` ones."""
    count = corners if inner is None else 2 * corners
    radii = [1.0 if inner is None or i % 2 == 0 else inner for i in range(count)]
    angles = [math.radians(first + 360 / count * i) for i in range(count)]
    return path(((r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)), closed=True)


CIRCLE = "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z"
MARKERS = {
    "o": CIRCLE,
    ".": CIRCLE,
    ",": CIRCLE,
    "s": "M-1 -1H1V1H-1Z",
    "D": "M0 -1.41L1.41 0L0 1.41L-1.41 0Z",
    "d": "M0 -1.41L0.85 0L0 1.41L-0.85 0Z",
    "^": "M0 -1L1 1H-1Z",
    "v": "M0 1L1 -1H-1Z",
    "<": "M-1 0L1 -1V1Z",
    ">": "M1 0L-1 -1V1Z",
    "p": polygon(5, -90),
    "h": polygon(6, -90),
    "*": polygon(5, -90, 0.382),
    "P": "M-0.33 -1H0.33V-0.33H1V0.33H0.33V1H-0.33V0.33H-1V-0.33H-0.33Z",
    "X": "M-1 -0.5L-0.5 -1L0 -0.5L0.5 -1L1 -0.5L0.5 0L1 0.5L0.5 1L0 0.5L-0.5 1L-1 0.5L-0.5 0Z",
    "+": "M-1 0H1M0 -1V1",
    "x": "M-1 -1L1 1M-1 1L1 -1",
    "|": "M0 -1V1",
    "_": "M-1 0H1",
}
"""The marks, from -1 to 1; y grows downwards."""

OPEN = "+x|_"
SMALLER = {".": 0.5, ",": 0.1}


def mark(marker: str, x: float, y: float, size: float, *, fill: str, stroke: str, width: float, **style: object) -> str:
    """A mark at a point, `size` wide, with a line around it that is `width` wide."""
    half = size / 2 * SMALLER.get(marker, 1.0)
    place = f"translate({number(x)} {number(y)}) scale({number(half)})"
    inside = "none" if marker in OPEN else fill
    return element(
        "path", d=MARKERS[marker], transform=place, fill=inside, stroke=stroke, stroke_width=width / half, **style
    )


def known_marker(marker: str | None) -> str:
    """A marker that can be drawn, or none.

    Raises:
        ValueError: If it is none of those that can.
    """
    if marker in (None, "", " ", "None", "none"):
        return ""
    if marker not in MARKERS:
        raise ValueError(f"{marker!r} is none of the markers of the playground: {' '.join(MARKERS)}")
    return marker
