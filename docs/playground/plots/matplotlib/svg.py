"""Writes SVG. Lengths are in points, and y grows downwards."""

import html
import re
from collections.abc import Iterable

SIZE = 10.0
"""How large letters are unless something else is said."""

LINE = 12.0
"""How high a line of them is."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDTHS = {" .,:;!|'ijlI": 0.31, "frt()[]/-⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉": 0.4, "mwMW×−+=": 0.9}
"""How wide letters are that are not 0.65 wide, in units of their size."""

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
SHIFTS = {"baseline": 0.0, "bottom": -0.22, "center": 0.36, "top": 0.78}
"""How far below what it stands at the baseline of a line is, in units of its letters' size."""


def element(name: str, *children: str, **attributes: object) -> str:
    """An element as text. In the names of attributes _ stands for -; what is None is left out."""
    tag = name
    for key, value in attributes.items():
        if value is not None:
            written = number(value) if isinstance(value, float) else html.escape(str(value))
            tag += f' {key.rstrip("_").replace("_", "-")}="{written}"'
    return f"<{tag}>{''.join(children)}</{name}>" if children else f"<{tag}/>"


def at(x: float, y: float, *children: str) -> str:
    """What is drawn around a point of its own, at this place."""
    return element("g", *children, transform=f"translate({number(x)} {number(y)})")


def number(length: float) -> str:
    """A length with the digits that can be seen."""
    return f"{round(length, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: no -0


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """What draws straight lines from point to point."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z" * closed


def width(words: str) -> float:
    """About how wide a text is: the letters are the browser's."""
    return SIZE * sum(next((wide for letters, wide in WIDTHS.items() if letter in letters), 0.65) for letter in words)


def printable(words: str) -> str:
    """Words without what XML does not know."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = SIZE,
    ha: str = "left",
    va: str = "baseline",
    upright: bool = False,
    **attributes: object,
) -> str:
    """A line of text, to the `ha` and `va` of which the point is; it is read from the bottom to the top if upright."""
    place = {"x": x, "y": y + size * SHIFTS[va], "font_size": size, "text_anchor": ANCHORS[ha]}
    turned = f"rotate(-90 {number(x)} {number(y)})" if upright else None
    return element("text", html.escape(printable(words)), **place, transform=turned, **attributes)
