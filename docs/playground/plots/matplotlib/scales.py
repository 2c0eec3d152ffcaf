"""Which numbers an axis shows, and where along it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

MARGIN = 0.05
"""How much room there is at both ends, as a part of what is between them."""

FAR = 50.0
"""What lies farther outside than so many lengths of the axis is drawn there: no browser draws beyond its own limits."""


@dataclass(frozen=True)
class View:
    """What an axis shows: from `low` at its beginning to `high` at its end, which may be the smaller one."""

    low: float
    high: float
    log: bool = False

    def at(self, number: float) -> float:
        """Where a number is: 0 at the beginning, 1 at the end, nan for what has no place."""
        if self.log:
            number = math.log10(number) if number > 0 else math.nan
        low, high = self.ends()
        return min(max((number - low) / (high - low), -FAR), FAR) if math.isfinite(number) else math.nan

    def ends(self) -> tuple[float, float]:
        """Its ends, as exponents on a logarithmic scale."""
        return (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)

    def wider(self, factor: float) -> "View":
        """The same middle with more around it."""
        low, high = self.ends()
        room = (factor - 1) * (high - low) / 2
        return View(low - room, high + room)


@dataclass
class Range:
    """The numbers along an axis, which several plots may share.

    Attributes:
        log: Whether the scale is logarithmic.
        low: Where the axis begins; None to show all that is drawn.
        high: Where it ends.
        inverted: Whether the larger number is where an axis has the smaller one.
        tight: Whether there is no room at the ends.
        numbers: What is drawn.
        edges: At these numbers the axis ends where the drawing does.
        categories: Words in place of numbers, in their order.
    """

    log: bool = False
    low: float | None = None
    high: float | None = None
    inverted: bool = False
    tight: bool = False
    numbers: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)

    def add(self, numbers: Iterable[float], edges: Iterable[float] = ()) -> None:
        """See to it that these are shown."""
        self.numbers += filter(math.isfinite, numbers)
        self.edges += edges

    def limit(self, low: float | None, high: float | None) -> None:
        """Set one end or both."""
        if low is not None and high is not None:
            self.inverted = low > high
            low, high = min(low, high), max(low, high)
        self.low = self.low if low is None else low
        self.high = self.high if high is None else high

    def view(self) -> View:
        """What is shown."""
        low, high = self.around() if self.low is None or self.high is None else (0.0, 1.0)
        low = low if self.low is None else self.low
        high = high if self.high is None else self.high
        if low == high:
            low, high = apart(low, high)
        return View(high, low, self.log) if self.inverted else View(low, high, self.log)

    def around(self) -> tuple[float, float]:
        """The ends that show all that is drawn."""
        numbers = [number for number in self.numbers if number > 0] if self.log else self.numbers
        if not numbers:
            return (1.0, 10.0) if self.log else (0.0, 1.0)
        low, high = min(numbers), max(numbers)
        if low == high:
            low, high = (low / 10, high * 10) if self.log else apart(low, high)
        first, last = View(low, high, self.log).ends()
        room = 0.0 if self.tight else MARGIN * (last - first)
        slack = 1e-5 * (high - low)
        edges = [edge for edge in self.edges if edge > 0 or not self.log]
        below = max((edge for edge in edges if edge <= low + slack), default=-math.inf)
        above = min((edge for edge in edges if edge >= high - slack), default=math.inf)
        first, last = (10.0 ** (first - room), 10.0 ** (last + room)) if self.log else (first - room, last + room)
        return max(first, below), min(last, above)

    def number(self, thing: object) -> float:
        """What a thing is along this axis: a number, or the place of a word among the others."""
        if not isinstance(thing, str):
            return math.nan if thing is None else float(thing)  # type: ignore[arg-type]
        if thing not in self.categories:
            self.categories.append(thing)
        return float(self.categories.index(thing))


def apart(low: float, high: float) -> tuple[float, float]:
    """Two numbers around equal ones."""
    return (low - 0.05 * abs(low), high + 0.05 * abs(high)) if low else (-0.05, 0.05)
