"""The losses of a training as curves; `plot_history` says what is drawn."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, cycle, groupby, pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from micrograd.engine import Value, to_float
from micrograd.viz.plots.theme import BLUE, ORANGE, OTHERS, colours_on, new_axes, strong, tidy
from micrograd.viz.text import printable, shorten

_LOGARITHMIC = 30.0  # the factor between largest and smallest from which on a linear scale shows too little
_NOISY = 6.0  # how many times its own height a curve goes up and down before it is smoothed
_LARGEST = 1e200  # on a logarithmic scale also 1e-200: beyond, matplotlib has no floats for ticks and margins
_REACH = 40  # the moving average reaches this part of the curve to either side


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of one training.

    Attributes:
        losses: One for each epoch.
        rates: The learning rate of each epoch; none if it is not known.
        end: How the training ended, if not as planned.
    """

    losses: list[float]
    rates: list[float]
    end: str

    @property
    def finite(self) -> list[float]:
        """The losses that can be drawn."""
        return [loss for loss in self.losses if _is_finite(loss)]

    @property
    def last(self) -> tuple[int, float]:
        """The last epoch whose loss can be drawn, and that loss."""
        return max((epoch, loss) for epoch, loss in enumerate(self.losses, start=1) if _is_finite(loss))

    @property
    def gaps(self) -> Iterator[tuple[int, int]]:
        """The first and the last epoch of each stretch of losses that cannot."""
        for finite, stretch in groupby(enumerate(self.losses, start=1), lambda pair: _is_finite(pair[1])):
            if not finite:
                epochs = [epoch for epoch, _ in stretch]
                yield epochs[0], epochs[-1]


def draw(history: Any, ax: Axes | None) -> Axes:
    """See `plot_history`."""
    curves = _curves(history)
    losses = [loss for _, curve in curves for loss in curve.finite]
    logarithmic = min(losses, default=0.0) >= 1 / _LARGEST and max(losses) >= _LOGARITHMIC * min(losses)
    ax = ax or new_axes()
    if logarithmic:
        _scale(ax, max(losses) / min(losses))
    colours = cycle((BLUE, ORANGE, *OTHERS))
    names = [f"{name}, {curve.end}" if curve.end else name for name, curve in curves]
    lines = [
        _draw_losses(ax, curve, name, strong(colour, ax), logarithmic)
        for (_, curve), name, colour in zip(curves, names, colours, strict=False)
    ]
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    ax.grid(color=colours_on(ax)["line"], alpha=0.25, linewidth=0.8)
    ax.set_axisbelow(True)
    tidy(ax, xlabel="epoch", ylabel="loss")
    if isinstance(history, Mapping) and not hasattr(history, "loss"):
        _write_names(ax, lines, names)
    else:
        ((_, curve),) = curves
        if curve.finite:
            _write_last(ax, curve, logarithmic)
        if len(set(curve.rates)) > 1:
            _draw_rates(ax, curve.rates)
    return ax


def _curves(history: Any) -> list[tuple[str, Curve]]:
    """The trainings with their names; a single one is called `loss`."""
    if hasattr(history, "loss") or not isinstance(history, Mapping):
        return [("loss", _curve(history, ""))]
    if not history:
        raise ValueError("plot_history needs at least one history, got an empty mapping")
    return [(shorten(printable(str(name))), _curve(one, f" for {name!r}")) for name, one in history.items()]


def _curve(history: Any, where: str) -> Curve:
    try:
        losses = [_number(loss) for loss in getattr(history, "loss", history)]
        rates = [_number(rate) for rate in getattr(history, "lr", ())]
    except TypeError as error:
        raise TypeError(
            "plot_history takes a History, a sequence of losses, or a mapping from names to these, "
            f"got {reprlib.repr(history)}{where}: {error}"
        ) from error
    end = " and ".join(end for end in ("diverged", "interrupted") if getattr(history, end, False))
    if not losses:
        why = f": the training {end} in its first epoch" if end else ""
        raise ValueError(f"plot_history needs at least one loss, got none{where}{why}")
    return Curve(losses, rates, end)


def _number(x: Any) -> float:
    return x.data if isinstance(x, Value) else to_float(x, "a plot")


def _is_finite(loss: float) -> bool:
    return abs(loss) <= _LARGEST


def _scale(ax: Axes, span: float) -> None:
    """Make the scale of the losses logarithmic, with plain numbers at it."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if span < 1e3 else (1.0,)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")


def _draw_losses(ax: Axes, curve: Curve, label: str, colour: str, logarithmic: bool) -> Line2D:
    """Draw the curve; what is returned is the line that has the name."""
    epochs = range(1, len(curve.losses) + 1)
    losses = [loss if _is_finite(loss) else math.nan for loss in curve.losses]
    smooth = _smoothed(losses, logarithmic)
    if smooth:
        ax.plot(epochs, losses, color=colour, linewidth=1, alpha=0.3)
    (line,) = ax.plot(epochs, smooth or losses, color=colour, linewidth=2, label=label)
    if curve.finite:
        ax.plot(*curve.last, "X" if curve.end else "o", color=colour, markersize=8 if curve.end else 6)
    for first, last in curve.gaps:
        wrong = colours_on(ax)["wrong"]
        ax.axvspan(first - 0.5, last + 0.5, color=wrong, alpha=0.2)
        top = ((first + last) / 2, 0.98)
        what = f"{curve.losses[first - 1]:.3g}"
        ax.annotate(what, top, xycoords=ax.get_xaxis_transform(), color=wrong, ha="center", va="top")
    return line


def _write_names(ax: Axes, lines: Sequence[Line2D], names: Sequence[str]) -> None:
    """Write the legend with the names as they are. Matplotlib would read $ as mathematics, and pass over a _."""
    legend = ax.legend(lines, [" "] * len(lines), frameon=False, labelcolor=colours_on(ax)["ink"])
    for words, name in zip(legend.get_texts(), names, strict=True):
        words.set_parse_math(False)
        words.set_text(name)


def _smoothed(losses: list[float], logarithmic: bool) -> list[float]:
    """The moving average of a noisy curve, of its logarithms where those are drawn; empty for a quiet one, or gaps."""
    reach = len(losses) // _REACH
    heights = [math.log(loss) for loss in losses] if logarithmic else losses
    way = sum(abs(b - a) for a, b in pairwise(heights))  # nan if there are gaps
    if not (reach and way > _NOISY * (max(heights) - min(heights))):
        return []
    sums = list(accumulate(heights, initial=0.0))
    windows = [(max(0, i - reach), min(len(losses), i + reach + 1)) for i in range(len(losses))]
    averages = [(sums[end] - sums[start]) / (end - start) for start, end in windows]
    return [math.exp(average) for average in averages] if logarithmic else averages


def _write_last(ax: Axes, curve: Curve, logarithmic: bool) -> None:
    """Write the last loss, and how the training ended: above its point, or left of it if the curve came up to it."""
    lowest, highest = min(curve.finite), max(curve.finite)
    middle = math.sqrt(lowest) * math.sqrt(highest) if logarithmic else lowest / 2 + highest / 2
    epoch, last = curve.last
    high = last > middle
    ax.annotate(
        f"{last:.3g}, then {curve.end}" if curve.end else f"{last:.3g}",
        (epoch, last),
        xytext=(-10, 0) if high else (4, 10),
        textcoords="offset points",
        ha="right",
        va="center" if high else "bottom",
        color=colours_on(ax)["ink"],
        path_effects=[withStroke(linewidth=4, foreground=ax.get_facecolor())],
    )


def _draw_rates(ax: Axes, rates: list[float]) -> None:
    """Draw the learning rate on a scale of its own, at the right."""
    colours = colours_on(ax)
    right = ax.twinx()
    right.plot(range(1, len(rates) + 1), rates, color=colours["line"], linewidth=1, linestyle=(0, (4, 4)))
    right.set_ylim(bottom=min(0.0, *rates))
    right.set_zorder(ax.get_zorder() - 1)  # behind the losses, so the paper has to be behind both
    right.patch.set(visible=True, facecolor=ax.get_facecolor())
    ax.patch.set_visible(False)
    right.spines[:].set_visible(False)
    right.tick_params(color=colours["line"], labelcolor=colours["faint"])
    right.set_ylabel("learning rate (dashed)", color=colours["faint"])
