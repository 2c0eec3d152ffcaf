"""Colours as matplotlib lets one name them."""

import re
from collections.abc import Sequence

TABLEAU = {
    "tab:blue": "#1f77b4",
    "tab:orange": "#ff7f0e",
    "tab:green": "#2ca02c",
    "tab:red": "#d62728",
    "tab:purple": "#9467bd",
    "tab:brown": "#8c564b",
    "tab:pink": "#e377c2",
    "tab:gray": "#7f7f7f",
    "tab:olive": "#bcbd22",
    "tab:cyan": "#17becf",
}
CYCLE = list(TABLEAU.values())
"""The colours that curves have one after the other."""

LETTERS = {"b": "#0000ff", "g": "#008000", "r": "#ff0000", "k": "#000000", "w": "#ffffff"}
CSS = ["black", "blue", "gray", "green", "grey", "lightgray", "lightgrey", "orange", "purple", "red", "white", "none"]
NAMES = LETTERS | TABLEAU | {f"C{i}": colour for i, colour in enumerate(CYCLE)} | dict(zip(CSS, CSS, strict=True))


def css(colour: str) -> str:
    """A colour as SVG writes it.

    Raises:
        ValueError: If it is none of those that are here.
    """
    if isinstance(colour, str) and re.fullmatch(r"#[\da-fA-F]{6}", colour):
        return colour
    if not isinstance(colour, str) or colour not in NAMES:
        raise ValueError(f"{colour!r} is none of the colours of the playground: {', '.join(NAMES)} and '#rrggbb'")
    return NAMES[colour]


def to_rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of a colour '#rrggbb', each from 0 to 1."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def to_hex(parts: Sequence[float]) -> str:
    """The colour of red, green and blue, each from 0 to 1."""
    return "#" + bytes(round(255 * part) for part in parts).hex()
