"""Colours as matplotlib lets one name them."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from .colormaps import Colormap

LETTERS = {
    "b": "#0000ff",
    "g": "#008000",
    "r": "#ff0000",
    "c": "#00bfbf",
    "m": "#bf00bf",
    "y": "#bfbf00",
    "k": "#000000",
    "w": "#ffffff",
}
TABLEAU = {
    "blue": "#1f77b4",
    "orange": "#ff7f0e",
    "green": "#2ca02c",
    "red": "#d62728",
    "purple": "#9467bd",
    "brown": "#8c564b",
    "pink": "#e377c2",
    "gray": "#7f7f7f",
    "olive": "#bcbd22",
    "cyan": "#17becf",
}
CYCLE = list(TABLEAU.values())
"""The colours that curves have one after the other."""

NAMED = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
    burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
    darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred
    darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink
    deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold
    goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush
    lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey
    lightpink lightsalmon lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow
    lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen
    mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin
    navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise
    palevioletred papayawhip peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue
    saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray slategrey snow
    springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
"""
"""The colours that CSS has names for."""


Colour = str | Sequence[float]


def css(colour: Colour) -> str:
    """A colour as SVG writes it.

    Raises:
        ValueError: If there is none of this name.
    """
    if not isinstance(colour, str):
        return to_hex(colour)
    name = colour.lower()
    if name in LETTERS:
        return LETTERS[name]
    if name == "none" or name in NAMED.split():
        return name
    if name.startswith("tab:") and name[4:] in TABLEAU:
        return TABLEAU[name[4:]]
    if re.fullmatch(r"c\d+", name):
        return CYCLE[int(name[1:]) % len(CYCLE)]
    if re.fullmatch(r"#(?:[\da-f]{3,4}){1,2}", name):
        return name
    try:
        return to_hex([float(name)] * 3)  # a grey
    except ValueError:
        raise ValueError(f"{colour!r} is not the name of a colour") from None


def to_hex(colour: Colour) -> str:
    """A colour as #rrggbb.

    Args:
        colour: Red, green and blue from 0 to 1, and perhaps how opaque it is; or what `to_rgb` takes.

    Raises:
        ValueError: If there are not as many numbers, or one is not from 0 to 1.
    """
    parts = to_rgb(colour) if isinstance(colour, str) else [float(part) for part in colour]
    if len(parts) not in (3, 4) or not all(0 <= part <= 1 for part in parts):
        raise ValueError(f"a colour is three or four numbers from 0 to 1, got {colour!r}")
    return "#" + bytes(round(255 * part) for part in parts).hex()


def to_rgb(colour: Colour) -> tuple[float, float, float]:
    """Red, green and blue of a colour, each from 0 to 1.

    Raises:
        ValueError: If it is a name of CSS, whose numbers the browser keeps to itself.
    """
    code = css(colour)
    if not code.startswith("#"):
        code = {"black": "#000000", "white": "#ffffff", "none": "#ffffff"}.get(code, "")
    digits = code[1:] if len(code) >= 7 else "".join(2 * digit for digit in code[1:])
    if not digits:
        raise ValueError(f"write {colour!r} as #rrggbb")
    red, green, blue = bytes.fromhex(digits[:6])
    return red / 255, green / 255, blue / 255


class Mappable:
    """Colours that stand for numbers, as a colour bar shows.

    Args:
        cmap: A colour map, by its name perhaps.
        low: The number that its first colour stands for.
        high: The one that its last colour stands for.
        levels: Where one colour ends and the next begins, if there are steps.
        extend: "min", "max" or "both" if there are colours for what is below the first level or above the last.
        own: The colours between levels, in place of those of the map.
        filled: Whether the colours are those of areas between levels, and not of lines.
        fixed: Whether the colours are the same on dark paper.
    """

    def __init__(
        self,
        cmap: str | Colormap | None,
        low: float,
        high: float,
        levels: Sequence[float] = (),
        extend: str = "neither",
        own: Sequence[str] = (),
        filled: bool = True,
        fixed: bool = False,
    ) -> None:
        if extend not in ("neither", "min", "max", "both"):
            raise ValueError(f"extend is 'neither', 'min', 'max' or 'both', got {extend!r}")
        self.cmap = cmap if isinstance(cmap, Colormap) else Colormap(cmap or "viridis")
        self.low, self.high, self.levels, self.own = low, high, list(levels), own
        self.filled, self.fixed = filled, fixed
        self.below, self.above = extend in ("min", "both"), extend in ("max", "both")

    def colour(self, number: float) -> str:
        """The colour that stands for a number."""
        return self.cmap((number - self.low) / (self.high - self.low) if self.high > self.low else 0.0)

    def bands(self) -> list[tuple[float, float, str]]:
        """From where to where each step goes, and its colour."""
        ends = [-math.inf] * self.below + self.levels + [math.inf] * self.above
        steps = enumerate(pairwise(ends))
        return [(low, high, self.own[i] if self.own else self.colour((low + high) / 2)) for i, (low, high) in steps]
