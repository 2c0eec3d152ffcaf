"""A figure: one plot, or several one below the other, as one picture."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from .axes import Axes
from .drawing import around, inside
from .refusals import Part, checked, refuse
from .scales import Range
from .svg import at, element, number, printable

INCH = 72.0
SIZE = (5.5, 3.6)
"""How wide and high figures of these pages are, in inches."""

PAD = 5.0
"""How much room is around the plots and between them, in points."""

STYLE = "[data-md-color-scheme=slate] .plot{filter:invert(1) hue-rotate(180deg)}"
"""On dark paper light and dark change places, and hues stay."""


class Figure(Part):
    """A figure.

    Args:
        figsize: How wide and high it is, in inches.
        layout: Whatever it is: plots never cover each other here.
    """

    @partial(checked, name="figure")
    def __init__(self, figsize: tuple[float, float] | None = None, *, layout: object = None) -> None:
        self.size = figsize or SIZE
        self.axes: list[Axes] = []
        self.ratios: Sequence[float] = []

    @checked
    def subplots(
        self,
        nrows: int = 1,
        ncols: int = 1,
        *,
        sharex: bool = False,
        squeeze: bool = True,
        height_ratios: Sequence[float] | None = None,
    ) -> Any:
        """Make plots one below the other; gives one plot, or a list of them."""
        if ncols != 1 or self.axes:
            refuse("subplots beside each other, or in a figure that has plots already,")
        self.ratios = height_ratios or [1.0] * nrows
        together = Range() if sharex else None
        self.axes = [Axes(together) for _ in range(nrows)]
        for axes in self.axes[:-1]:
            axes.xaxis.visible = not sharex
        if not squeeze:
            return [[axes] for axes in self.axes]
        return self.axes[0] if nrows == 1 else self.axes

    @property
    def svg(self) -> str:
        """The picture."""
        wide, high = (INCH * side for side in self.size)
        drawn = [
            at(left, top, inside(axes, width, height), around(axes, width, height)[0])
            for axes, (left, top, width, height) in zip(self.axes, self.frames(wide, high), strict=True)
        ]
        return element(
            "svg",
            element("style", STYLE),
            *drawn,
            xmlns="http://www.w3.org/2000/svg",
            class_="plot",
            role="img",
            aria_label=self.words(),
            width=f"{number(wide)}pt",
            height=f"{number(high)}pt",
            viewBox=f"0 0 {number(wide)} {number(high)}",
            style="max-width:100%;height:auto",
            font_family="sans-serif",
        )

    def _repr_svg_(self) -> str:
        return self.svg

    def words(self) -> str:
        """What is written in the picture, for those who do not see it."""
        found = []
        for axes in self.axes:
            found += [axes.title, axes.xaxis.label.words, axes.yaxis.label.words]
            found += [name.words for name in axes.key.names] if axes.key else []
        return printable("Plot: " + ", ".join(filter(None, found)) if any(found) else "Plot")

    def frames(self, wide: float, high: float) -> list[tuple[float, float, float, float]]:
        """Left, top, width and height of the frames, so that there is room for what is around each."""
        sizes = [(0.8 * wide, 0.8 * high / len(self.axes))] * len(self.axes)
        for _ in range(2):  # how much room numbers take depends on how many there are, and so on the room
            rooms = [around(axes, *size)[1] for axes, size in zip(self.axes, sizes, strict=True)]
            left, right, above, below = zip(*rooms, strict=True)
            width = max(wide - max(left) - max(right) - 2 * PAD, PAD)
            free = high - sum(above) - sum(below) - PAD * (len(rooms) + 1)
            sizes = [(width, max(free * ratio / sum(self.ratios), PAD)) for ratio in self.ratios]
        found, end = [], 0.0
        for (_, height), before, behind in zip(sizes, above, below, strict=True):
            found.append((PAD + max(left), end + PAD + before, width, height))
            end += PAD + before + height + behind
        return found
