"""One axis of a plot: its ticks, its numbers and its name."""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import ticker
from .formulas import plain
from .refusals import Part
from .scales import Range, View
from .svg import LINE, SIZE, element, path, text, width

TICK, MINOR, PAD, NAME = 3.5, 2.0, 3.5, 4.0
"""How long ticks are, and how far numbers and names are from what is before them, in points."""

Locator = ticker.MaxNLocator | ticker.LogLocator | ticker.NullLocator


@dataclass
class Label(Part):
    """A name: of an axis, a colour bar or a thing in a legend."""

    text: str = ""
    colour: str = "#000000"
    math: bool = True

    @property
    def words(self) -> str:
        """What is to be read."""
        return plain(self.text) if self.math else self.text

    def get_color(self) -> str:
        """The colour of its letters."""
        return self.colour

    def set_text(self, text: str) -> None:
        """Change it."""
        self.text = text

    def set_parse_math(self, parse: bool) -> None:
        """Read what stands between dollar signs as mathematics, or do not."""
        self.math = parse


@dataclass
class Tick:
    """A place on an axis, what is written there, and how long its line is."""

    at: float
    words: str
    length: float = TICK


@dataclass
class Axis(Part):
    """An axis: the numbers along it and its name, with what `set_` chooses. Its ticks and numbers have own colours."""

    range: Range
    label: Label = field(default_factory=Label)
    locator: Locator | None = None
    write: Callable[[float], str] | None = None
    visible: bool = True
    colour: str = "#000000"
    ink: str = "#000000"

    def set_major_locator(self, locator: Locator) -> None:
        """Choose what finds the ticks."""
        self.locator = locator

    def set_minor_locator(self, locator: Locator) -> None:
        """Nothing: where something writes the numbers there are no short ticks."""

    def set_major_formatter(self, format: str) -> None:
        """Choose how numbers are written, such as "{x:.2f}"."""
        self.write = lambda number: format.format(x=number)

    def ticks(self, view: View, room: int) -> list[Tick]:
        """The ticks where there is room for so many."""
        low, high = sorted((view.low, view.high))
        locator = self.locator or (ticker.LogLocator() if view.log else ticker.AUTO)
        places = locator.ticks(low, high, room)
        if self.write:
            words = [self.write(place) for place in places]
        else:
            words = ticker.log_labels(places, low, high) if view.log else ticker.labels(places)
        ticks = [Tick(view.at(place), word) for place, word in zip(places, words, strict=True)]
        return ticks + self.short(view, low, high, room, places) if view.log and not self.write else ticks

    def short(self, view: View, low: float, high: float, room: int, long: list[float]) -> list[Tick]:
        """The short ticks of a logarithmic scale; at round numbers, if with the long ones there were only one."""
        places = ticker.LogLocator(subs=range(2, 10)).ticks(low, high, room)
        words = ticker.log_labels(places, low, high, minor=True)
        if len(long) + len(places) <= 1:
            places = [place for place in ticker.AUTO.ticks(low, high, room) if place not in long]
            words = ticker.labels(places)
        return [Tick(view.at(place), word, MINOR) for place, word in zip(places, words, strict=True)]

    def along(self, view: View, length: float) -> list[Tick]:
        """The ticks of an axis from left to right."""
        return self.ticks(view, int(length / (3 * SIZE)))

    def upwards(self, view: View, length: float) -> list[Tick]:
        """The ticks of one from the bottom to the top."""
        return self.ticks(view, int(length / (2 * SIZE)))

    def below(self, view: View, length: float) -> tuple[str, float]:
        """The axis below the lower left corner of a frame, and how high all is."""
        ticks = self.along(view, length)
        drawn = [self.stroke([(tick.at * length, 0.0), (tick.at * length, tick.length)]) for tick in ticks]
        end = TICK
        if self.visible and any(tick.words for tick in ticks):
            style = {"ha": "center", "va": "top", "fill": self.ink}
            drawn += [text(tick.words, tick.at * length, end + PAD, **style) for tick in ticks if tick.words]
            end += PAD + LINE
        if self.visible and self.label.words:
            style = {"ha": "center", "va": "top", "fill": self.label.colour}
            drawn.append(text(self.label.words, length / 2, end + NAME, **style))
            end += NAME + LINE
        return "".join(drawn), end

    def beside(self, view: View, length: float, *, right: bool = False) -> tuple[str, float]:
        """The axis at the left of the upper left corner of a frame, or right of the right one; and how wide all is."""
        ticks = [((1 - tick.at) * length, tick) for tick in self.upwards(view, length)]
        side = 1 if right else -1
        drawn = [self.stroke([(0.0, y), (side * tick.length, y)]) for y, tick in ticks]
        end = TICK
        if any(tick.words for _, tick in ticks):
            style = {"ha": "left" if right else "right", "va": "center", "fill": self.ink}
            drawn += [text(tick.words, side * (end + PAD), y, **style) for y, tick in ticks if tick.words]
            end += PAD + max(width(tick.words) for _, tick in ticks)
        if self.label.words:
            style = {"ha": "center", "va": "top" if right else "bottom", "fill": self.label.colour}
            drawn.append(text(self.label.words, side * (end + NAME), length / 2, upright=True, **style))
            end += NAME + LINE
        return "".join(drawn), end

    def stroke(self, points: list[tuple[float, float]]) -> str:
        """The line of a tick."""
        return element("path", d=path(points), stroke=self.colour, stroke_width=0.8)
