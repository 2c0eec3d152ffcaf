"""Axes: what is drawn, between which limits, with names and numbers around it."""

from collections.abc import Iterable, Sequence
from typing import Any

from . import ticker
from .artists import Artist, Frame
from .axis import PAD, Axis, Label
from .colorbar import Colorbar
from .colors import Colour, css
from .data import is_list
from .legend import PLACES, Legend
from .lines import dashes
from .plotting import Plots
from .refusals import checked, refuse
from .scales import Range, View
from .svg import SIZE, element, height, number, path, text, width

TITLE = 12.0
"""How large the letters of a title are."""

CODES = ["best", *PLACES]
SIZES = {"xx-small": 5.79, "x-small": 6.94, "small": 8.33, "medium": 10.0, "large": 12.0, "x-large": 14.4}
"""The sizes of letters that have names."""


class Spines(dict[str, bool]):
    """The four sides of the frame, and whether each is drawn."""

    def __init__(self) -> None:
        super().__init__(left=True, right=True, bottom=True, top=True)
        self.colour = "#000000"

    def __getitem__(self, sides: Any) -> "Side":
        """One side, a list of sides, or all as `[:]`."""
        return Side(
            self, list(self) if isinstance(sides, slice) else [sides] if isinstance(sides, str) else list(sides)
        )


class Side:
    """Some of the sides."""

    def __init__(self, spines: Spines, names: Sequence[str]) -> None:
        self.spines, self.names = spines, names

    def set_visible(self, visible: bool) -> None:
        """Draw them, or do not."""
        self.spines.update(dict.fromkeys(self.names, visible))

    def set_color(self, color: Colour) -> None:
        """Give the frame a colour."""
        self.spines.colour = css(color)


class Paper:
    """What is under a plot: nothing, so that it is on the paper of the page."""

    def set(self, **settings: object) -> None:
        """Nothing."""

    def set_visible(self, visible: bool) -> None:
        """Nothing."""


class Axes(Plots):
    """One plot of a figure.

    Args:
        figure: The figure that it belongs to.
        place: Its row and its column there, counted from 0.
        share_x: Axes with the same numbers from left to right.
        share_y: The same upwards.
    """

    def __init__(
        self, figure: Any, place: tuple[int, int], share_x: "Axes | None" = None, share_y: "Axes | None" = None
    ) -> None:
        Plots.__init__(self)
        self.figure, self.place = figure, place
        self.xaxis = Axis(share_x.range_x if share_x else Range())
        self.yaxis = Axis(share_y.range_y if share_y else Range())
        self.range_x, self.range_y = self.xaxis.range, self.yaxis.range
        self.titles = {loc: Label(size=TITLE) for loc in ("left", "center", "right")}
        self.spines = Spines()
        self.key: Legend | None = None
        self.colour_bar: Colorbar | None = None
        self.net: dict[str, Any] | None = None
        self.net_below = False
        self.ratio: float | str | None = None
        self.widens = False
        self.on = True
        self.zorder = 0.0
        self.twin: Axes | None = None
        self.patch = Paper()

    def __getattr__(self, name: str) -> Any:
        """What is not here."""
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(f"Axes.{name}", AttributeError)

    # What it is called, and what it shows.

    @checked
    def set_xlabel(self, xlabel: str, *, color: Colour = "k", fontsize: float | str = SIZE) -> None:
        """Name what goes from left to right."""
        self.xaxis.label = Label(str(xlabel), css(color), points(fontsize))

    @checked
    def set_ylabel(self, ylabel: str, *, color: Colour = "k", fontsize: float | str = SIZE) -> None:
        """Name what goes upwards."""
        self.yaxis.label = Label(str(ylabel), css(color), points(fontsize))

    @checked
    def set_title(self, label: str, *, loc: str = "center", color: Colour = "k", fontsize: float | str = TITLE) -> None:
        """Write above the plot, at the "left", "center" or "right"."""
        self.titles[loc] = Label(str(label), css(color), points(fontsize))

    @checked
    def set_xlim(self, left: Any = None, right: float | None = None) -> tuple[float, float]:
        """Set where the plot ends at the left and at the right, or one of the two; gives both."""
        left, right = left if is_list(left) else (left, right)
        return limited(self.range_x, left, right)

    @checked
    def set_ylim(self, bottom: Any = None, top: float | None = None) -> tuple[float, float]:
        """Set where the plot ends at the bottom and at the top, or one of the two; gives both."""
        bottom, top = bottom if is_list(bottom) else (bottom, top)
        return limited(self.range_y, bottom, top)

    def get_xlim(self) -> tuple[float, float]:
        """Where the plot ends at the left and at the right."""
        return self.set_xlim()

    def get_ylim(self) -> tuple[float, float]:
        """Where the plot ends at the bottom and at the top."""
        return self.set_ylim()

    def set_xscale(self, value: str) -> None:
        """Make the scale from left to right "linear" or "log"."""
        self.range_x.log = is_log(value)

    def set_yscale(self, value: str) -> None:
        """Make the scale upwards "linear" or "log"."""
        self.range_y.log = is_log(value)

    def semilogx(self, *args: Any, **style: Any) -> list[Any]:
        """Plot with a logarithmic scale from left to right."""
        self.set_xscale("log")
        return self.plot(*args, **style)

    def semilogy(self, *args: Any, **style: Any) -> list[Any]:
        """Plot with a logarithmic scale upwards."""
        self.set_yscale("log")
        return self.plot(*args, **style)

    def loglog(self, *args: Any, **style: Any) -> list[Any]:
        """Plot with two logarithmic scales."""
        self.set_xscale("log")
        return self.semilogy(*args, **style)

    def set_xticks(self, ticks: Sequence[Any], labels: Sequence[str] | None = None) -> None:
        """Choose the ticks from left to right, and perhaps what is written at them."""
        place(self.xaxis, ticks, labels)

    def set_yticks(self, ticks: Sequence[Any], labels: Sequence[str] | None = None) -> None:
        """Choose the ticks upwards, and perhaps what is written at them."""
        place(self.yaxis, ticks, labels)

    @checked
    def tick_params(
        self,
        axis: str = "both",
        *,
        which: str = "both",
        color: Colour | None = None,
        labelcolor: Colour | None = None,
        length: float | None = None,
    ) -> None:
        """Change how ticks look."""
        for one in {"x": [self.xaxis], "y": [self.yaxis]}.get(axis, [self.xaxis, self.yaxis]):
            one.colour = one.colour if color is None else css(color)
            one.ink = one.ink if labelcolor is None else css(labelcolor)
            one.length = one.length if length is None else length

    @checked
    def grid(
        self,
        visible: bool = True,
        *,
        which: str = "major",
        axis: str = "both",
        color: Colour = "#b0b0b0",
        linestyle: Any = "-",
        linewidth: float = 0.8,
        alpha: float | None = None,
    ) -> None:
        """Draw lines at the ticks, those of "x", of "y" or of both, or take them away."""
        pattern = " ".join(map(number, dashes(linestyle, linewidth) or ())) or None
        style = {"stroke": css(color), "stroke_width": linewidth, "stroke_dasharray": pattern, "opacity": alpha}
        self.net = {"axis": axis, "style": style} if visible else None

    def set_axisbelow(self, below: bool) -> None:
        """Draw these lines behind everything."""
        self.net_below = below

    @checked
    def legend(
        self,
        handles: Any = None,
        labels: Sequence[str] | None = None,
        *,
        loc: str | int = "best",
        ncols: int = 1,
        title: str = "",
        frameon: bool = True,
        fontsize: float | str = SIZE,
        labelcolor: Colour = "k",
    ) -> Legend:
        """Show the names of what has one; or other names, or names for given things."""
        if handles is not None and labels is None and all(isinstance(handle, str) for handle in handles):
            handles, labels = self.artists, handles
        named = [artist for artist in self.artists if artist.label and not artist.label.startswith("_")]
        shown = named if handles is None else list(handles)
        names = [artist.label for artist in shown] if labels is None else [str(label) for label in labels]
        loc = CODES[loc] if isinstance(loc, int) and loc < len(CODES) else loc
        if loc not in CODES:
            raise ValueError(f"loc is one of {', '.join(CODES)}, got {loc!r}")
        entries = list(zip(shown, names, strict=False))
        self.key = Legend(entries, str(loc), ncols, title, frameon, points(fontsize), css(labelcolor))
        return self.key

    def get_legend_handles_labels(self) -> tuple[list[Artist], list[str]]:
        """What has a name for the legend, and the names."""
        named = [artist for artist in self.artists if artist.label and not artist.label.startswith("_")]
        return named, [artist.label for artist in named]

    def set_aspect(self, aspect: float | str, adjustable: str = "box") -> None:
        """Make one upwards as long as one to the right ("equal"), or so many times as long; "auto" to fill the room."""
        self.ratio, self.widens = (None if aspect == "auto" else aspect), adjustable == "datalim"

    def axis(self, arg: Any = None) -> tuple[float, float, float, float]:
        """Set limits, `[left, right, bottom, top]`, or "equal", "scaled", "tight", "on", "off"; gives all limits."""
        if is_list(arg):
            left, right, bottom, top = arg
            self.set_xlim(left, right)
            self.set_ylim(bottom, top)
        elif arg in ("equal", "scaled", "image"):
            self.set_aspect("equal", "datalim" if arg == "equal" else "box")
        elif arg in ("tight", "image"):
            self.range_x.tight = self.range_y.tight = True
        elif arg in ("on", "off", True, False):
            self.on = arg in ("on", True)
        elif arg is not None:
            refuse(f"axis({arg!r})")
        return *self.get_xlim(), *self.get_ylim()

    def set_axis_off(self) -> None:
        """Draw no frame, no ticks and no names."""
        self.on = False

    def invert_xaxis(self) -> None:
        """Let the numbers grow to the left."""
        self.range_x.inverted = not self.range_x.inverted

    def invert_yaxis(self) -> None:
        """Let the numbers grow downwards."""
        self.range_y.inverted = not self.range_y.inverted

    def twinx(self) -> "Axes":
        """Axes with the same numbers from left to right, and others of their own, upwards at the right."""
        self.twin = Axes(self.figure, self.place, share_x=self)
        return self.twin

    def set(self, **settings: Any) -> None:
        """Set several things at once: `set(xlabel="x", ylim=(0, 1))` is `set_xlabel("x")` and `set_ylim((0, 1))`."""
        for name, value in settings.items():
            getattr(self, f"set_{name}")(value)

    # What `micrograd.viz` asks.

    def get_yscale(self) -> str:
        """The scale upwards."""
        return "log" if self.range_y.log else "linear"

    def get_facecolor(self) -> str:
        """The colour of the paper."""
        return "#ffffff"

    def get_xaxis_transform(self) -> tuple[str, str]:
        """Says of a point that it is in numbers of the plot to the right, and from 0 to 1 upwards."""
        return ("data", "axes")

    @property
    def transAxes(self) -> tuple[str, str]:
        """Says of a point that it is from 0 to 1 along the frame."""
        return ("axes", "axes")

    def get_zorder(self) -> float:
        """What has a greater one is in front."""
        return self.zorder

    def set_zorder(self, level: float) -> None:
        """Bring it to the front, or to the back."""
        self.zorder = level

    # How it is drawn.

    def views(self, wide: float, high: float) -> tuple[View, View, float, float]:
        """What is shown in so much room, in points, and how much of the room that takes."""
        x, y = self.range_x.view(), self.range_y.view()
        if self.ratio is None:
            return x, y, wide, high
        ratio = 1.0 if self.ratio == "equal" else float(self.ratio)
        unit_x, unit_y = wide / abs(x.high - x.low), high / abs(y.high - y.low) / ratio
        unit = min(unit_x, unit_y)
        if self.widens:
            return x.wider(unit_x / unit), y.wider(unit_y / unit), wide, high
        return x, y, wide * unit / unit_x, high * unit / unit_y

    def room(self, wide: float, high: float) -> tuple[float, float, float, float]:
        """How much room is needed at the left, at the right, below and above a frame of this size."""
        x, y, wide, high = self.views(wide, high)
        title = max(
            (height(label.words, label.size) + PAD for label in self.titles.values() if label.words), default=0.0
        )
        end = height("") + PAD if self.on and self.yaxis.ticks(y, int(high / (2 * SIZE)))[1] else 0.0
        right = self.colour_bar.room(high) if self.colour_bar else 0.0
        if self.twin:
            right += self.twin.yaxis.beside(self.twin.range_y.view(), high)
        if not self.on:
            return 0.0, right, 0.0, title
        last = max(
            (tick.at * wide + width(tick.words) / 2 for tick in self.xaxis.ticks(x, int(wide / (3 * SIZE)))[0]),
            default=0.0,
        )
        return self.yaxis.beside(y, high), max(right, last - wide), self.xaxis.below(x, wide), max(title, end, SIZE / 2)

    def draw(self, left: float, top: float, wide: float, high: float) -> str:
        """The plot as SVG, its frame in this room."""
        x, y, width, height = self.views(wide, high)
        left, top = left + (wide - width) / 2, top + (high - height) / 2
        frame = Frame(x, y, width, height)
        drawn = [self.inside(frame, left, top)]
        if self.on:
            drawn += [self.border(left, top, width, height), self.xaxis.draw_below(x, left, top + height, width)]
            drawn += [self.yaxis.draw_beside(y, left, top, height)]
        if self.twin:
            view = self.twin.range_y.view()
            drawn.insert(self.twin.zorder >= self.zorder, self.twin.inside(Frame(x, view, width, height), left, top))
            drawn.append(self.twin.yaxis.draw_beside(view, left + width, top, height, right=True))
        if self.colour_bar:
            drawn.append(self.colour_bar.draw(left + width, top, height))
        for loc, label in self.titles.items():
            at = left + {"left": 0.0, "center": width / 2, "right": width}[loc]
            if label.words:
                drawn.append(text(label.words, at, top - 6, size=label.size, ha=loc, fill=label.colour))
        return "".join(drawn)

    def inside(self, frame: Frame, left: float, top: float) -> str:
        """What is in the frame, and nothing beyond it."""
        ordered = sorted(self.artists, key=lambda artist: artist.zorder)
        level = 0.5 if self.net_below else 1.5
        drawn = [artist.draw(frame) for artist in ordered if artist.zorder < level]
        drawn += [self.net_lines(frame)]
        drawn += [artist.draw(frame) for artist in ordered if artist.zorder >= level]
        clipped = element("svg", *drawn, x=left, y=top, width=frame.width, height=frame.height, overflow="hidden")
        key = self.key.draw(frame, self.artists) if self.key else ""
        return clipped + (element("g", key, transform=f"translate({number(left)} {number(top)})") if key else "")

    def net_lines(self, frame: Frame) -> str:
        """The lines at the ticks."""
        if not self.net:
            return ""
        lines = []
        if self.net["axis"] in ("x", "both"):
            for tick in self.xaxis.ticks(frame.x, int(frame.width / (3 * SIZE)))[0]:
                lines.append(
                    [(tick.at * frame.width, 0.0), (tick.at * frame.width, frame.height)] if tick.length > 2 else []
                )
        if self.net["axis"] in ("y", "both"):
            for tick in self.yaxis.ticks(frame.y, int(frame.height / (2 * SIZE)))[0]:
                y = (1 - tick.at) * frame.height
                lines.append([(0.0, y), (frame.width, y)] if tick.length > 2 else [])
        return element("path", d="".join(path(line) for line in lines if line), fill="none", **self.net["style"])

    def border(self, left: float, top: float, wide: float, high: float) -> str:
        """The sides of the frame that are to be seen."""
        right, bottom = left + wide, top + high
        sides = {
            "left": [(left, top), (left, bottom)],
            "right": [(right, top), (right, bottom)],
            "top": [(left, top), (right, top)],
            "bottom": [(left, bottom), (right, bottom)],
        }
        lines = "".join(path(line) for side, line in sides.items() if dict.__getitem__(self.spines, side))
        style = {"stroke": self.spines.colour, "stroke_width": 0.8, "stroke_linecap": "square"}
        return element("path", d=lines, fill="none", **style) if lines else ""


def limited(along: Range, low: float | None, high: float | None) -> tuple[float, float]:
    """Set limits, and say what they are now."""
    along.limit(None if low is None else float(low), None if high is None else float(high))
    view = along.view()
    return view.low, view.high


def is_log(scale: str) -> bool:
    """Whether a scale is logarithmic."""
    if scale not in ("linear", "log"):
        refuse(f"the scale {scale!r}")
    return scale == "log"


def place(axis: Axis, ticks: Iterable[Any], names: Sequence[str] | None) -> None:
    """Put ticks on an axis, which shows them all."""
    places = [axis.range.number(tick) for tick in ticks]
    axis.range.add(places)
    axis.locator, axis.minor = ticker.FixedLocator(places), ticker.NullLocator()
    axis.names = None if names is None else [str(name) for name in names]


def points(size: float | str) -> float:
    """A size of letters in points."""
    return SIZES[size] if isinstance(size, str) else float(size)
