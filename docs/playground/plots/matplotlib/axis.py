"""One axis of a plot: its ticks, its numbers and its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from . import ticker
from .scales import Range, View
from .svg import LINE, SIZE, element, height, path, text, width

TICK, MINOR, PAD, NAME = 3.5, 2.0, 3.5, 4.0
"""How long ticks are, and how far numbers and names are from what is before them, in points."""


@dataclass
class Label:
    """A name beside an axis, or a title."""

    words: str = ""
    colour: str = "#000000"
    size: float = SIZE

    def get_color(self) -> str:
        """The colour of its letters."""
        return self.colour

    def get_text(self) -> str:
        """What it says."""
        return self.words

    def set_parse_math(self, parse: bool) -> None:
        """Nothing: no text is read as mathematics here."""


@dataclass
class Tick:
    """A place on an axis, what is written there, and how long its line is."""

    at: float
    words: str
    length: float = TICK


@dataclass
class Axis:
    """An axis.

    Attributes:
        range: The numbers along it.
        label: Its name.
        locator: Finds its ticks; None for what fits its scale.
        minor: The same for the short ticks of a logarithmic scale.
        names: What is written at the ticks, in place of their numbers.
        write: Writes a number, in place of what fits the scale.
        visible: Whether numbers and name are written.
        colour: Of the ticks.
        ink: Of the numbers.
        length: Of the ticks, in points.
    """

    range: Range = field(default_factory=Range)
    label: Label = field(default_factory=Label)
    locator: ticker.Locator | None = None
    minor: ticker.Locator | None = None
    names: Sequence[str] | None = None
    write: Callable[[float], str] | None = None
    visible: bool = True
    colour: str = "#000000"
    ink: str = "#000000"
    length: float = TICK

    def set_major_locator(self, locator: ticker.Locator) -> None:
        """Choose what finds the ticks."""
        self.locator, self.names = locator, None

    def set_minor_locator(self, locator: ticker.Locator) -> None:
        """Choose what finds the short ticks."""
        self.minor = locator

    def set_major_formatter(self, format: str) -> None:
        """Choose how numbers are written, such as "{x:.2f}"."""
        self.write = lambda number: format.format(x=number)

    def ticks(self, view: View, room: int) -> tuple[list[Tick], str]:
        """The ticks where there is room for so many, and what is written at the end of the axis."""
        low, high = sorted((view.low, view.high))
        end = ""
        if self.range.categories and self.locator is None:
            places = [i for i in range(len(self.range.categories)) if low <= i <= high]
            return [Tick(view.at(i), self.range.categories[i]) for i in places], ""
        locator = self.locator or (ticker.LogLocator() if view.log else ticker.auto())
        places = locator.ticks(low, high, room)
        if self.names is not None and isinstance(locator, ticker.FixedLocator):
            named = dict(zip(locator.places, self.names, strict=False))
            return [Tick(view.at(place), str(named.get(place, ""))) for place in places], ""
        if self.write:
            words = [self.write(place) for place in places]
        elif view.log:
            words = ticker.log_labels(places, low, high)
        else:
            words, end = ticker.labels(places)
        found = [Tick(view.at(place), word, self.length) for place, word in zip(places, words, strict=True)]
        return found + (self.short(view, low, high, room, places) if view.log and not self.write else []), end

    def short(self, view: View, low: float, high: float, room: int, long: list[float]) -> list[Tick]:
        """The short ticks of a logarithmic scale; at round numbers, if with the long ones there were only one."""
        locator = self.minor or ticker.LogLocator(subs=range(2, 10))
        places = locator.ticks(low, high, room)
        words = ticker.log_labels(places, low, high, minor=True)
        if self.minor is None and len(long) + len(places) <= 1:
            places = [place for place in ticker.auto().ticks(low, high, room) if place not in long]
            words, _ = ticker.labels(places)
        return [Tick(view.at(place), word, MINOR) for place, word in zip(places, words, strict=True)]

    def below(self, view: View, length: float) -> float:
        """How much room it needs below the frame."""
        ticks, end = self.ticks(view, int(length / (3 * SIZE)))
        numbers = max((height(tick.words) for tick in ticks if tick.words), default=0.0) + bool(end) * LINE * SIZE
        return self.around(numbers)

    def beside(self, view: View, length: float) -> float:
        """How much room it needs at the left of the frame."""
        ticks, _ = self.ticks(view, int(length / (2 * SIZE)))
        return self.around(max((width(tick.words) for tick in ticks), default=0.0))

    def around(self, numbers: float) -> float:
        """The room for ticks, numbers and name."""
        if not self.visible:
            return TICK
        name = NAME + height(self.label.words, self.label.size) if self.label.words else 0.0
        return TICK + (PAD + numbers if numbers else 0.0) + name

    def draw_below(self, view: View, left: float, top: float, length: float) -> str:
        """It, from `left` on below `top`."""
        ticks, end = self.ticks(view, int(length / (3 * SIZE)))
        drawn, deep = [], 0.0
        for tick in ticks:
            x = left + tick.at * length
            drawn.append(self.stroke([(x, top), (x, top + tick.length)]))
            if self.visible and tick.words:
                drawn.append(text(tick.words, x, top + TICK + PAD, ha="center", va="top", fill=self.ink))
                deep = max(deep, PAD + height(tick.words))
        if self.visible and end:
            drawn.append(text(end, left + length, top + TICK + deep, ha="right", va="top", fill=self.ink))
            deep += LINE * SIZE
        if self.visible and self.label.words:
            style = {"size": self.label.size, "fill": self.label.colour}
            drawn.append(
                text(self.label.words, left + length / 2, top + TICK + deep + NAME, ha="center", va="top", **style)
            )
        return "".join(drawn)

    def draw_beside(self, view: View, left: float, top: float, length: float, *, right: bool = False) -> str:
        """It, from `top` on at the left of `left`, or at the right."""
        ticks, end = self.ticks(view, int(length / (2 * SIZE)))
        side = 1 if right else -1
        ha = "left" if right else "right"
        drawn, wide = [], 0.0
        for tick in ticks:
            y = top + (1 - tick.at) * length
            drawn.append(self.stroke([(left, y), (left + side * tick.length, y)]))
            if self.visible and tick.words:
                drawn.append(text(tick.words, left + side * (TICK + PAD), y, ha=ha, va="center", fill=self.ink))
                wide = max(wide, PAD + width(tick.words))
        if self.visible and end:
            drawn.append(text(end, left, top - PAD, ha=ha if right else "left", va="bottom", fill=self.ink))
        if self.visible and self.label.words:
            x = left + side * (TICK + wide + NAME)
            style = {"size": self.label.size, "fill": self.label.colour}
            va = "top" if right else "bottom"
            drawn.append(text(self.label.words, x, top + length / 2, ha="center", va=va, rotation=90, **style))
        return "".join(drawn)

    def stroke(self, points: list[tuple[float, float]]) -> str:
        """The line of a tick."""
        return element("path", d=path(points), stroke=self.colour, stroke_width=0.8)
