"""The bar beside a plot that says which colour stands for which number."""

import math

from .axis import NAME, PAD, TICK, Label
from .colors import Mappable
from .scales import View
from .svg import LINE, SIZE, element, path, text, width
from .ticker import FixedLocator, auto, labels

APART, WIDE, STEPS = 14.0, 12.0, 100
"""How far it is from the plot and how wide it is, in points, and how many steps a bar without steps has."""

MOST = 10
"""Of more levels than these some are not written, 0 last."""


class Colorbar:
    """A colour bar.

    Args:
        colours: What the colours stand for.
        label: Its name.
    """

    def __init__(self, colours: Mappable, label: str) -> None:
        self.colours, self.label = colours, Label(label)
        levels = colours.levels
        self.view = View(levels[0], levels[-1]) if len(levels) > 1 else View(colours.low, colours.high)

    def set_label(self, label: str) -> None:
        """Give it a name."""
        self.label = Label(label)

    def ticks(self, length: float) -> tuple[list[tuple[float, str]], str]:
        """Where ticks are, from 0 to 1, with their numbers; and what is written at the end."""
        room = int(length / (2 * SIZE))
        levels = self.colours.levels
        step = -(-len(levels) // MOST)
        some = min((levels[first::step] for first in range(step)), key=lambda some: min(map(abs, some)), default=[])
        locator = FixedLocator(some) if len(levels) > 1 else auto()
        places = locator.ticks(self.view.low, self.view.high, room)
        words, end = labels(places)
        return [(self.view.at(place), word) for place, word in zip(places, words, strict=True)], end

    def room(self, length: float) -> float:
        """How much room it needs at the right of the frame."""
        ticks, _ = self.ticks(length)
        name = NAME + LINE * SIZE if self.label.words else 0.0
        return APART + WIDE + TICK + PAD + max((width(word) for _, word in ticks), default=0.0) + name

    def steps(self) -> list[tuple[float, str]]:
        """Where each colour begins, from 0 to 1; those beyond the ends are left out."""
        if not self.colours.filled:
            return []
        if len(self.colours.levels) > 1:
            bands = self.colours.bands()
            return [(self.view.at(low), colour) for low, high, colour in bands if math.isfinite(high - low)]
        low, high = self.view.low, self.view.high
        return [(i / STEPS, self.colours.colour(low + (high - low) * (i + 0.5) / STEPS)) for i in range(STEPS)]

    def draw(self, left: float, top: float, length: float) -> str:
        """The bar, beside a frame that ends at `left`."""
        left += APART
        bands = self.colours.bands() if len(self.colours.levels) > 1 else []
        above, below = (WIDE / 2 if beyond and bands else 0.0 for beyond in (self.colours.above, self.colours.below))
        top, bottom = top + above, top + length - below

        def at(share: float) -> float:
            return bottom - share * (bottom - top)

        steps = [  # each reaches to the top, behind those that follow: so there are no seams
            element("rect", x=left, y=top, width=WIDE, height=at(low) - top, fill=colour)
            for low, colour in self.steps()
        ]
        drawn = [element("g", *steps, class_="fixed" if self.colours.fixed else None)] if steps else []
        for level in [] if self.colours.filled else self.colours.levels:
            y = at(self.view.at(level))
            line = path([(left, y), (left + WIDE, y)])
            drawn.append(element("path", d=line, stroke=self.colours.colour(level), stroke_width=1.5))
        outline = [(left, top), (left, bottom), (left + WIDE, bottom), (left + WIDE, top)]
        if below:
            tip = (left + WIDE / 2, bottom + below)
            drawn.append(
                element("path", d=path([(left, bottom), tip, (left + WIDE, bottom)], closed=True), fill=bands[0][2])
            )
            outline.insert(2, tip)
        if above:
            tip = (left + WIDE / 2, top - above)
            drawn.append(
                element("path", d=path([(left, top), tip, (left + WIDE, top)], closed=True), fill=bands[-1][2])
            )
            outline.append(tip)
        drawn.append(element("path", d=path(outline, closed=True), fill="none", stroke="#000000", stroke_width=0.8))
        return "".join(drawn) + self.numbers(left + WIDE, top, bottom)

    def numbers(self, left: float, top: float, bottom: float) -> str:
        """What is written beside the bar."""
        ticks, end = self.ticks(bottom - top)
        drawn, wide = [], 0.0
        for share, word in ticks:
            y = bottom - share * (bottom - top)
            drawn.append(element("path", d=path([(left, y), (left + TICK, y)]), stroke="#000000", stroke_width=0.8))
            drawn.append(text(word, left + TICK + PAD, y, va="center"))
            wide = max(wide, width(word))
        if end:
            drawn.append(text(end, left, top - PAD, ha="center", va="bottom"))
        if self.label.words:
            x = left + TICK + PAD + wide + NAME
            drawn.append(text(self.label.words, x, (top + bottom) / 2, ha="center", va="top", rotation=90))
        return "".join(drawn)
