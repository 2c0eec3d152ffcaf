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
        """Where a number is: 0 at the beginning, 1 at the end, as -inf and inf are; nan for what has no place."""
        if math.isinf(number):
            return float(number > 0)
        if self.log:
            number = math.log10(number) if number > 0 else math.nan
        low, high = self.ends()
        return number if math.isnan(number) else min(max((number - low) / (high - low), -FAR), FAR)

    def ends(self) -> tuple[float, float]:
        """Its ends, as exponents on a logarithmic scale."""
        return (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)


@dataclass
class Range:
    """The numbers along an axis, which several plots may share.

    Attributes:
        log: Whether the scale is logarithmic.
        low: Where the axis begins; None to show all that is drawn.
        high: Where it ends.
        numbers: What is drawn.
        edges: At these numbers the axis ends where the drawing does.
    """

    log: bool = False
    low: float | None = None
    high: float | None = None
    numbers: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)

    def add(self, numbers: Iterable[float], edges: Iterable[float] = ()) -> None:
        """See to it that these are shown."""
        self.numbers += filter(math.isfinite, numbers)
        self.edges += edges

    def view(self) -> View:
        """What is shown."""
        low, high = self.around() if self.low is None or self.high is None else (0.0, 1.0)
        low = low if self.low is None else self.low
        high = high if self.high is None else self.high
        return View(*(apart(low, high) if low == high else (low, high)), self.log)

    def around(self) -> tuple[float, float]:
        """The ends that show all that is drawn."""
        numbers = [number for number in self.numbers if number > 0] if self.log else self.numbers
        if not numbers:
            return (1.0, 10.0) if self.log else (0.0, 1.0)
        low, high = min(numbers), max(numbers)
        if low == high:
            low, high = (low / 10, high * 10) if self.log else apart(low, high)
        first, last = View(low, high, self.log).ends()
        room, slack = MARGIN * (last - first), 1e-5 * (high - low)
        below = max((edge for edge in self.edges if edge <= low + slack), default=-math.inf)
        above = min((edge for edge in self.edges if edge >= high - slack), default=math.inf)
        first, last = first - room, last + room
        return (10.0**first, 10.0**last) if self.log else (max(first, below), min(last, above))


def apart(low: float, high: float) -> tuple[float, float]:
    """Two numbers around equal ones."""
    return (low - 0.05 * abs(low), high + 0.05 * abs(high)) if low else (-0.05, 0.05)
