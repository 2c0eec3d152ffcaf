"""The bar beside a plot that says which colour stands for which number."""

import math
from dataclasses import dataclass

from .axis import NAME, PAD, TICK, Label
from .levels import Levels
from .refusals import Part
from .scales import View
from .svg import LINE, element, path, text, width
from .ticker import labels

APART, WIDE = 14.0, 12.0
"""How far it is from the plot and how wide it is, in points."""

MOST = 10
"""Of more levels than these some are not written, 0 last."""


@dataclass
class Colorbar(Part):
    """A colour bar: what the colours stand for, and its name."""

    levels: Levels
    label: Label

    def ticks(self) -> list[tuple[float, str]]:
        """What is written, and at which numbers."""
        levels = self.levels.levels
        step = -(-len(levels) // MOST)
        some = min((levels[first::step] for first in range(step)), key=lambda some: min(map(abs, some)))
        return list(zip(some, labels(some), strict=True))

    def draw(self, length: float) -> tuple[str, float]:
        """The bar, to the right of the upper right corner of a frame as high as `length`; and how wide all is."""
        bands = self.levels.bands()
        above, below = (WIDE / 2 if math.isinf(end) else 0.0 for end in (bands[-1][1], bands[0][0]))
        top, bottom = above, length - below
        view = View(self.levels.levels[0], self.levels.levels[-1])
        left, middle, right = APART, APART + WIDE / 2, APART + WIDE

        def at(number: float) -> float:
            return bottom - view.at(number) * (bottom - top)

        drawn = []
        for low, high, colour in bands:
            if math.isinf(low):  # the ends are triangles
                corners = [(left, bottom), (middle, bottom + below), (right, bottom)]
            elif math.isinf(high):
                corners = [(left, top), (middle, top - above), (right, top)]
            else:  # each reaches to the top, behind those that follow: so there are no seams
                corners = [(left, at(low)), (left, top), (right, top), (right, at(low))]
            drawn.append(element("path", d=path(corners, closed=True), fill=colour))
        outline = [(left, top), (middle, top - above), (right, top), (right, bottom), (middle, bottom + below)]
        outline = path([*outline, (left, bottom)], closed=True)
        drawn.append(element("path", d=outline, fill="none", stroke="#000000", stroke_width=0.8))
        for number, words in self.ticks():
            line = path([(right, at(number)), (right + TICK, at(number))])
            drawn.append(element("path", d=line, stroke="#000000", stroke_width=0.8))
            drawn.append(text(words, right + TICK + PAD, at(number), va="center"))
        end = right + TICK + PAD + max(width(words) for _, words in self.ticks())
        if self.label.words:
            drawn.append(text(self.label.words, end + NAME, length / 2, ha="center", va="top", upright=True))
            end += NAME + LINE
        return "".join(drawn), end
