"""Axes: one plot of a figure, with its names, its limits and what else can be set."""

from typing import Any

from .axis import Axis, Label
from .colorbar import Colorbar
from .colors import css
from .formulas import plain
from .legend import PLACES, Legend
from .lines import stroke
from .plotting import Plots
from .refusals import Part, checked, refuse
from .scales import Range


class Spines(Part, dict[str, dict[str, Any]]):
    """Sides of the frame: whether each is drawn, and its colour."""

    def __getitem__(self, sides: Any) -> "Spines":
        """One side, a list of sides, or all as `[:]`."""
        names = list(self) if isinstance(sides, slice) else [sides] if isinstance(sides, str) else sides
        return Spines({name: self.get(name) for name in names})

    def set(self, name: str, value: Any) -> None:
        """Change them all."""
        for side in self.values():
            side[name] = value

    def set_visible(self, visible: bool) -> None:
        """Draw them, or do not."""
        self.set("visible", visible)

    def set_color(self, color: str) -> None:
        """Give them a colour."""
        self.set("colour", css(color))


class Paper:
    """What is under a plot: nothing, so that it is on the paper of the page."""

    def set(self, **settings: object) -> None:
        """Nothing."""

    def set_visible(self, visible: bool) -> None:
        """Nothing."""


class Axes(Plots):
    """One plot of a figure.

    Args:
        range_x: The numbers from left to right, if other axes have the same.
    """

    def __init__(self, range_x: Range | None = None) -> None:
        super().__init__(range_x or Range(), Range())
        self.xaxis, self.yaxis = Axis(self.range_x), Axis(self.range_y)
        self.title = ""
        self.spines = Spines(
            {side: {"visible": True, "colour": "#000000"} for side in ("left", "right", "bottom", "top")}
        )
        self.patch = Paper()
        self.net: dict[str, Any] | None = None
        self.net_below = False
        self.key: Legend | None = None
        self.colour_bar: Colorbar | None = None
        self.twin: Axes | None = None

    @checked
    def set_xlabel(self, xlabel: str, *, color: str = "k") -> None:
        """Name what goes from left to right."""
        self.xaxis.label = Label(str(xlabel), css(color))

    @checked
    def set_ylabel(self, ylabel: str, *, color: str = "k") -> None:
        """Name what goes upwards."""
        self.yaxis.label = Label(str(ylabel), css(color))

    @checked
    def set_title(self, label: str) -> None:
        """Write above the plot."""
        self.title = plain(str(label))

    @checked
    def set_xlim(self, left: Any = None, right: float | None = None) -> tuple[float, float]:
        """Set where the plot ends at the left and at the right, or one of the two; gives both."""
        return limit(self.range_x, left, right)

    @checked
    def set_ylim(self, bottom: Any = None, top: float | None = None) -> tuple[float, float]:
        """Set where the plot ends at the bottom and at the top, or one of the two; gives both."""
        return limit(self.range_y, bottom, top)

    @checked
    def set_xscale(self, value: str) -> None:
        """Make the scale from left to right "linear" or "log"."""
        self.range_x.log = is_log(value)

    @checked
    def set_yscale(self, value: str) -> None:
        """Make the scale upwards "linear" or "log"."""
        self.range_y.log = is_log(value)

    def set(self, **settings: Any) -> None:
        """Set several things at once: `set(xlabel="x", ylim=(0, 1))` is `set_xlabel("x")` and `set_ylim((0, 1))`."""
        for name, value in settings.items():
            getattr(self, f"set_{name}")(value)

    @checked
    def tick_params(self, *, which: str = "both", color: str = "k", labelcolor: str = "k") -> None:
        """Give ticks and their numbers colours."""
        for axis in (self.xaxis, self.yaxis):
            axis.colour, axis.ink = css(color), css(labelcolor)

    @checked
    def grid(self, visible: bool = True, **style: Any) -> None:
        """Draw lines at the ticks, which look as `stroke` says, or take them away."""
        self.net = stroke(**{"color": "#b0b0b0", "linewidth": 0.8} | style) if visible else None

    def set_axisbelow(self, below: bool) -> None:
        """Draw these lines behind everything."""
        self.net_below = below

    @checked
    def legend(
        self, handles: Any = None, labels: Any = None, *, loc: str = "best", frameon: bool = True, labelcolor: str = "k"
    ) -> Legend:
        """Show the names of what has one, or names for given things."""
        if loc not in ("best", *PLACES):
            raise ValueError(f"loc is one of best, {', '.join(PLACES)}, got {loc!r}")
        if handles is None:
            handles = [artist for artist in self.artists if artist.label]
            labels = [artist.label for artist in handles]
        elif labels is None:
            refuse("legend with names alone, which takes those that curves have as their label,")
        self.key = Legend(handles, [Label(str(name), css(labelcolor)) for name in labels], loc, frameon)
        return self.key

    @checked
    def twinx(self) -> "Axes":
        """Axes behind these, with the same numbers from left to right and others upwards, written at the right."""
        self.twin = Axes(self.range_x)
        return self.twin

    # What `micrograd.viz` asks.

    def get_facecolor(self) -> str:
        """The colour of the paper."""
        return "#ffffff"

    def get_xaxis_transform(self) -> str:
        """Says of a point how high it is as a part of the plot's height."""
        return "height"

    def get_zorder(self) -> int:
        """Nothing to choose: a twin is behind."""
        return 0

    def set_zorder(self, level: int) -> None:
        """Nothing to choose: a twin is behind."""


def limit(along: Range, low: Any, high: float | None) -> tuple[float, float]:
    """Set one end of an axis, or both, as two numbers or a pair; and say where they are now."""
    low, high = low if isinstance(low, tuple | list) else (low, high)
    along.low = along.low if low is None else float(low)
    along.high = along.high if high is None else float(high)
    view = along.view()
    return view.low, view.high


def is_log(scale: str) -> bool:
    """Whether a scale is logarithmic."""
    if scale not in ("linear", "log"):
        refuse(f"the scale {scale!r}")
    return scale == "log"
