"""Where ticks are, and what is written at them: by default as matplotlib chooses, at round numbers."""

import math
from collections.abc import Sequence

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST = 9


class NullLocator:
    """No ticks."""

    def ticks(self, low: float, high: float, room: int = MOST) -> list[float]:
        """The places between two numbers, where there is room for so many labels."""
        return []


class MaxNLocator:
    """Ticks at round numbers, not more than fit.

    Args:
        nbins: The most distances between ticks; "auto" for as many as there is room for.
        steps: What the distances may be, times a power of ten.
        integer: Whether ticks are at whole numbers only.
        min_n_ticks: The fewest ticks.
    """

    def __init__(
        self,
        nbins: int | str = "auto",
        *,
        steps: Sequence[float] = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10),
        integer: bool = False,
        min_n_ticks: int = 2,
    ) -> None:
        self.nbins, self.integer, self.least = nbins, integer, min_n_ticks
        self.steps = [*(step / 10 for step in steps[:-1]), *steps, 10 * steps[1]]

    def ticks(self, low: float, high: float, room: int = MOST) -> list[float]:
        """The places that are in sight."""
        slack = 1e-9 * (high - low)
        return [tick for tick in self.around(low, high, room) if low - slack <= tick <= high + slack]

    def around(self, low: float, high: float, room: int = MOST) -> list[float]:
        """The same, from the last place before `low` to the first one behind `high`."""
        most = max(1, self.least - 1, min(room, MOST)) if isinstance(self.nbins, str) else self.nbins
        unit = 10.0 ** math.floor(math.log10((high - low) / most))
        steps = [unit * step for step in self.steps]
        if self.integer:
            steps = [step for step in steps if step < 1 or abs(step - round(step)) < 1e-3]
        wide = [i for i, step in enumerate(steps) if step >= (high - low) / most]
        ticks: list[float] = []
        for step in reversed(steps[: wide[0] + 1] if wide else steps):
            if self.integer and math.floor(high) - math.ceil(low) >= self.least - 1:
                step = max(1.0, step)
            ticks = [i * step for i in range(math.floor(low / step + 1e-10), math.ceil(high / step - 1e-10) + 1)]
            if sum(low <= tick <= high for tick in ticks) >= self.least:
                break
        return ticks


AUTO = MaxNLocator(steps=(1, 2, 2.5, 5, 10))
"""What finds the ticks of an axis unless something else is said."""


class LogLocator:
    """Ticks at powers of ten, or at multiples of them.

    Args:
        subs: The multiples.
    """

    def __init__(self, *, subs: Sequence[float] = (1.0,)) -> None:
        self.subs = subs

    def ticks(self, low: float, high: float, room: int = MOST) -> list[float]:
        """The places that are in sight. Where there are too many powers, some are left out, and all between them."""
        decades = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
        stride = len(decades) // (max(2, min(room, MOST)) + 1) + 1
        if stride > 1:
            return [10.0**decade for decade in decades if decade % stride == 0] if 1.0 in self.subs else []
        around = range(decades.start - 1, decades.stop + 1)
        ticks = [sub * 10.0**decade for decade in around for sub in self.subs]
        return [tick for tick in ticks if low <= tick * (1 + 1e-9) and tick <= high * (1 + 1e-9)]


def labels(ticks: Sequence[float]) -> list[str]:
    """What is written at ticks on a linear scale: as many digits as tell them apart."""
    largest = max(map(abs, ticks), default=0.0)
    if largest and not 1e-4 <= largest < 1e6:
        return [minus(f"{tick:.10g}") for tick in ticks]
    span = max(ticks) - min(ticks) or largest or 1.0 if ticks else 1.0
    slack = 1e-3 * 10.0 ** math.floor(math.log10(span))
    exact = (digits for digits in range(15) if all(abs(tick - round(tick, digits)) < slack for tick in ticks))
    digits = next(exact, 15)
    return [minus(f"{tick:.{digits}f}") for tick in ticks]


def log_labels(ticks: Sequence[float], low: float, high: float, *, minor: bool = False) -> list[str]:
    """What is written at ticks on a logarithmic scale; between powers of ten only where there are few powers."""
    powers = math.floor(math.log10(high)) - math.ceil(math.log10(low)) + 1
    if minor and powers > 1:
        return ["" for _ in ticks]
    few = math.log10(high / low) <= 0.4
    return [log_label(tick, minor, few) for tick in ticks]


def log_label(tick: float, minor: bool, few: bool) -> str:
    """What is written at one tick on a logarithmic scale; between powers of ten at some unless there are `few`."""
    power = math.floor(math.log10(tick) + 1e-9)
    factor = round(tick / 10.0**power)
    if minor and not (few or factor in (1, 2, 3, 4, 6)):
        return ""
    return f"{factor}×" * minor + "10" + str(power).translate(SUPERSCRIPTS)


def minus(text: str) -> str:
    """A number with a real minus sign."""
    return text.replace("-", "\N{MINUS SIGN}")
