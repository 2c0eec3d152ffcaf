"""The levels of contours, and the colours of what is between them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .refusals import Part
from .ticker import MaxNLocator

ABOUT = 7
"""So many levels there are unless something else is said."""

MAPS = {
    name: [tuple(bytes.fromhex(colour)) for colour in re.findall("......", colours)]
    for name, colours in {
        "viridis": "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44baddc30"
        "d8e219fde725",
        "Blues": "f7fbffdeebf7c6dbef9dcae16aaed64191c62070b408509b08306b",
        "PuOr": "7f3b08b25706e08214fcb761fee0b6f6f6f7d8daebb1aad18073ac5326872d004b",
    }.items()
}
"""Colour maps: a few colours each, with all others between them."""


def colour(cmap: str, share: float) -> str:
    """A colour of a map, from 0 to 1; what is below or above has the colour of the end."""
    colours = MAPS[cmap]
    place = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    i = min(int(place), len(colours) - 2)
    mixed = (round(a + (b - a) * (place - i)) for a, b in zip(colours[i], colours[i + 1], strict=True))
    return "#" + bytes(mixed).hex()


@dataclass
class Levels(Part):
    """Levels with colours.

    Attributes:
        levels: Where one colour ends and the next begins.
        cmap: One of `MAPS`.
        extend: "min", "max" or "both" if there are colours for what is below the first level or above the last.

    Raises:
        ValueError: If there is no such map, or `extend` is something else.
    """

    levels: list[float]
    cmap: str
    extend: str = "neither"

    def __post_init__(self) -> None:
        if self.cmap not in MAPS:
            raise ValueError(f"{self.cmap!r} is none of the colour maps of the playground: {', '.join(MAPS)}")
        if self.extend not in ("neither", "min", "max", "both"):
            raise ValueError(f"extend is 'neither', 'min', 'max' or 'both', got {self.extend!r}")

    def colour(self, number: float) -> str:
        """The colour that stands for a number."""
        low, high = self.levels[0], self.levels[-1]
        return colour(self.cmap, (number - low) / (high - low) if high > low else 0.0)

    def bands(self) -> list[tuple[float, float, str]]:
        """From where to where each colour goes."""
        below, above = self.extend in ("min", "both"), self.extend in ("max", "both")
        ends = [-math.inf] * below + self.levels + [math.inf] * above
        return [(low, high, self.colour((low + high) / 2)) for low, high in pairwise(ends)]


def chosen(levels: Any, z: Sequence[Sequence[float]]) -> list[float]:
    """The levels that are given; or, from how many there should be, levels at round numbers.

    Raises:
        ValueError: If they do not increase.
    """
    if levels is not None and not isinstance(levels, int):
        given = [float(level) for level in levels]
        if any(b <= a for a, b in pairwise(given)) or not given:
            raise ValueError(f"levels must increase, got {given}")
        return given
    numbers = [number for row in z for number in row if math.isfinite(number)]
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
    return MaxNLocator((ABOUT if levels is None else levels) + 1, min_n_ticks=1).around(low, high)
