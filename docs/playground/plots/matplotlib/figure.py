"""A figure: one plot, or several in rows and columns, as one picture."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from .artists import Artist
from .axes import TITLE, Axes
from .colorbar import Colorbar
from .refusals import checked, refuse
from .svg import element, number, printable, text

INCH = 72.0
SIZE = (5.5, 3.6)
"""How wide and high figures of these pages are, in inches."""

PAD = 5.0
"""How much room is around the plots and between them, in points."""

STYLE = "[data-md-color-scheme=slate] :is(.plot,.plot .fixed){filter:invert(1) hue-rotate(180deg)}"
"""On dark paper light and dark change places, and hues stay. What is fixed changes twice, and so not at all."""


class Panels(Sequence[Any]):
    """The plots of a figure in rows and columns: `panels[0][1]`, `panels[0, 1]`, or `panels.flat`."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = list(rows)

    def __getitem__(self, place: Any) -> Any:
        """A row or one plot."""
        if not isinstance(place, tuple):
            return Panels(self.rows[place]) if isinstance(place, slice) else self.rows[place]
        row, column = place
        chosen = self.rows[row]
        return Panels([line[column] for line in chosen]) if isinstance(row, slice) else chosen[column]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def flat(self) -> Iterator[Axes]:
        """All plots, row by row."""
        for row in self.rows:
            yield from row.flat if isinstance(row, Panels) else [row]

    def ravel(self) -> "Panels":
        """All plots in one row."""
        return Panels(list(self.flat))

    flatten = ravel


class Figure:
    """A figure.

    Args:
        figsize: How wide and high it is, in inches.
        layout: Whatever it is: plots never cover each other here.
    """

    @partial(checked, name="figure")
    def __init__(
        self, figsize: tuple[float, float] | None = None, *, layout: object = None, dpi: object = None
    ) -> None:
        self.size = figsize or SIZE
        self.axes: list[Axes] = []
        self.widths: list[float] = []
        self.heights: list[float] = []
        self.title = ""

    def __repr__(self) -> str:
        return f"<Figure with {len(self.axes)} plots>"

    def __getattr__(self, name: str) -> Any:
        """What is not here."""
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"Figure.{name}", AttributeError)

    @checked
    def subplots(
        self,
        nrows: int = 1,
        ncols: int = 1,
        *,
        sharex: bool | str = False,
        sharey: bool | str = False,
        squeeze: bool = True,
        width_ratios: Sequence[float] | None = None,
        height_ratios: Sequence[float] | None = None,
    ) -> Any:
        """Make plots in rows and columns; gives one plot, a row or column of them, or a table."""
        if self.axes:
            refuse("subplots in a figure that has plots already")
        self.widths, self.heights = list(width_ratios or [1.0] * ncols), list(height_ratios or [1.0] * nrows)
        rows = []
        for i in range(nrows):
            row = []
            for k in range(ncols):
                share_x = shared(self.axes, sharex, lambda axes, k=k: axes.place[1] == k)
                share_y = shared(self.axes, sharey, lambda axes, i=i: axes.place[0] == i)
                self.axes.append(axes := Axes(self, (i, k), share_x, share_y))
                axes.xaxis.visible = not sharex or i == nrows - 1
                axes.yaxis.visible = not sharey or k == 0
                row.append(axes)
            rows.append(Panels(row))
        if squeeze and nrows == ncols == 1:
            return self.axes[0]
        if squeeze and 1 in (nrows, ncols):
            return Panels(self.axes)
        return Panels(rows)

    def add_subplot(self, nrows: int = 1, ncols: int = 1, index: int = 1) -> Axes:
        """Make the plot with this number, counted from 1 row by row, in so many rows and columns."""
        if ncols == 1 and nrows > 99:
            nrows, ncols, index = (int(digit) for digit in str(nrows))
        if self.axes and (len(self.heights), len(self.widths)) != (nrows, ncols):
            refuse("a figure with plots in two different tables")
        self.widths, self.heights = [1.0] * ncols, [1.0] * nrows
        place = divmod(index - 1, ncols)
        for axes in self.axes:
            if axes.place == place:
                return axes
        self.axes.append(axes := Axes(self, place))
        return axes

    def suptitle(self, t: str) -> None:
        """Write above all plots."""
        self.title = str(t)

    @checked
    def colorbar(self, mappable: Artist | None = None, *, ax: Axes | None = None, label: str = "") -> Colorbar:
        """Show beside a plot what its colours stand for.

        Raises:
            RuntimeError: If there is nothing with colours that stand for numbers.
        """
        axes = ax or next((axes for axes in self.axes if mappable in axes.artists), self.axes[-1])
        colours = axes.shown if mappable is None else getattr(mappable, "colours", None)
        if colours is None:
            raise RuntimeError("a colour bar needs something with colours that stand for numbers, such as contourf")
        axes.colour_bar = Colorbar(colours, label)
        return axes.colour_bar

    def tight_layout(self) -> None:
        """Nothing: plots never cover each other here."""

    @property
    def svg(self) -> str:
        """The picture."""
        wide, high = (INCH * side for side in self.size)
        drawn = [element("style", STYLE)]
        top = 0.0
        if self.title:
            top = 1.5 * TITLE
            drawn.append(text(self.title, wide / 2, PAD, size=TITLE, ha="center", va="top"))
        for axes, box in self.boxes(wide, high - top).items():
            left, upper, width, height = box
            drawn.append(axes.draw(left, upper + top, width, height))
        return element(
            "svg",
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
        found = [self.title]
        for axes in self.axes:
            labels = [*axes.titles.values(), axes.xaxis.label, axes.yaxis.label]
            found += [label.words for label in labels] + [
                entry.name for entry in (axes.key.entries if axes.key else [])
            ]
        return printable("Plot: " + ", ".join(filter(None, found)) if any(found) else "Plot")

    def boxes(self, wide: float, high: float) -> dict[Axes, tuple[float, float, float, float]]:
        """Where the frames of the plots are, so that there is room for what is around each."""
        columns, rows = len(self.widths), len(self.heights)
        frames = dict.fromkeys(self.axes, (0.8 * wide / columns, 0.8 * high / rows))
        for _ in range(2):  # how much room numbers take depends on how many there are, and so on the room
            room = {axes: axes.room(*frame) for axes, frame in frames.items()}
            left, right = (
                [max((room[axes][i] for axes in room if axes.place[1] == k), default=0.0) for k in range(columns)]
                for i in (0, 1)
            )
            below, above = (
                [max((room[axes][i] for axes in room if axes.place[0] == k), default=0.0) for k in range(rows)]
                for i in (2, 3)
            )
            widths = parts(wide - sum(left) - sum(right) - PAD * (columns + 1), self.widths)
            heights = parts(high - sum(below) - sum(above) - PAD * (rows + 1), self.heights)
            frames = {axes: (widths[axes.place[1]], heights[axes.place[0]]) for axes in self.axes}
        found = {}
        for axes, frame in frames.items():
            row, column = axes.place
            x = PAD * (column + 1) + sum(left[: column + 1]) + sum(right[:column]) + sum(widths[:column])
            y = PAD * (row + 1) + sum(above[: row + 1]) + sum(below[:row]) + sum(heights[:row])
            found[axes] = (x, y, *frame)
        return found


def shared(made: Sequence[Axes], share: bool | str, is_beside: Any) -> Axes | None:
    """The first plot that a new one shares numbers with: any, one in the same row or column, or none."""
    if share in (False, "none"):
        return None
    return next((axes for axes in made if share in (True, "all") or is_beside(axes)), None)


def parts(length: float, ratios: Sequence[float]) -> list[float]:
    """A length in parts, none of which vanishes."""
    return [max(length * ratio / sum(ratios), 10.0) for ratio in ratios]
