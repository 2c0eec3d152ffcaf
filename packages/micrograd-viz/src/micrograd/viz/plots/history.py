"""The losses and metrics of trainings, in panels; `plot_history` says what is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle, dropwhile
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from micrograd.viz.plots.curves import draw_curve, mark_gaps
from micrograd.viz.plots.theme import BLUE, ORANGE, OTHERS, colours_on, new_panels, strong, tidy
from micrograd.viz.plots.trainings import LARGEST, VALIDATION, Training, finite, trainings
from micrograd.viz.text import printable, shorten

_LOGARITHMIC = 30.0  # the factor between largest and smallest from which on a linear scale shows too little
_LOSSES, _METRIC = 4.4, 2.1  # how high their panels are, in inches
_BESIDE = 20  # so many letters fit beside the panel of a metric
_DOTTED = (0, (1.2, 1.0))  # the line of validation
_SIDES: dict[str, tuple[tuple[float, float], str]] = {
    "above": ((4, 10), "bottom"),
    "below": ((4, -10), "top"),
    "left": ((-10, 0), "center"),
}
"""How far from its point a number is written, in points, and which side of it is that near."""


def draw(history: Any, ax: Axes | None) -> Axes:
    """See `plot_history`."""
    drawn = trainings(history)
    metrics = [] if ax else list(dict.fromkeys(metric for training in drawn for metric in training.metrics))
    panels = [ax] if ax else new_panels(_LOSSES, *[_METRIC] * len(metrics))
    for panel, what in zip(panels, ["loss", *metrics], strict=True):
        _draw_panel(panel, what, drawn)
    panels[-1].set_xlabel("epoch")
    one = drawn[0] if drawn[0].name is None else None
    if one is None or one.validated:
        _write_names(panels[0], drawn)
    if one and any(len(set(rates)) > 1 for rates in one.rates):
        _draw_rates(panels[0], one.rates)
    return panels[0]


def _draw_panel(ax: Axes, what: str, drawn: list[Training]) -> None:
    """Draw the loss, or a metric, of all trainings."""
    columns = [column for training in drawn for column in training.both(what)]
    heights = [height for column in columns for height in finite(column).values()]
    lowest, highest = min(heights, default=0.0), max(heights, default=0.0)
    logarithmic = what == "loss" and lowest >= 1 / LARGEST and highest >= _LOGARITHMIC * lowest
    if logarithmic:
        _scale(ax, highest / lowest)
    for training, colour in zip(drawn, _colours(ax), strict=False):
        _draw_training(ax, what, training, colour, logarithmic)
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    ax.grid(color=colours_on(ax)["line"], alpha=0.25, linewidth=0.8)
    ax.set_axisbelow(True)
    tidy(ax, ylabel=shorten(printable(what), _BESIDE))
    ax.yaxis.label.set_parse_math(False)


def _colours(ax: Axes) -> Iterator[str]:
    return (strong(colour, ax) for colour in cycle((BLUE, ORANGE, *OTHERS)))


def _scale(ax: Axes, span: float) -> None:
    """Make the scale of the losses logarithmic, with plain numbers at it."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if span < 1e3 else (1.0,)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")


def _draw_training(ax: Axes, what: str, training: Training, colour: str, logarithmic: bool) -> None:
    """Draw the loss or a metric of a training, with marks where it ends and where validation is best."""
    train, validation = training.both(what)
    alone = training.name is None
    mark_gaps(ax, filter(None, (train if what == "loss" else _since_known(train), _since_known(validation))))
    if train:
        draw_curve(ax, train, logarithmic, color=colour, label=what if alone else training.title)
    if validation:
        label = VALIDATION + what if alone else f"{training.title}, validation"
        draw_curve(ax, validation, logarithmic, color=colour, linestyle=_DOTTED, label=label)
    numbers = finite(train)
    if numbers:
        marker, size = ("X", 8) if training.end else ("o", 6)
        ax.plot(*max(numbers.items()), marker, color=colour, markersize=size)
    if training.best in finite(validation):
        ax.plot(training.best, validation[training.best - 1], **_ring(ax, colour))
    if alone:
        _write_number(ax, what, training, logarithmic)


def _since_known(column: list[float]) -> list[float]:
    """A column in which nothing is wrong with the first epochs if they are nan: a metric was not asked for then."""
    known = [*dropwhile(math.isnan, column)]
    return [0.0] * (len(column) - len(known)) + known


def _write_number(ax: Axes, what: str, training: Training, logarithmic: bool) -> None:
    """Write the number of validation where it is best; without validation the last one, and how the training ended."""
    train, validation = (finite(column) for column in training.both(what))
    if training.best in validation:
        epoch, number = training.best, validation[training.best]
        words = f"{number:.3g}"
        side = "below" if min(validation.values()) < number < train.get(epoch, number) else "above"
    elif train:
        epoch, number = max(train.items())
        words = f"{number:.3g}, then {training.end}" if training.end else f"{number:.3g}"
        low, high = min(train.values()), max(train.values())
        middle = math.sqrt(low) * math.sqrt(high) if logarithmic else low / 2 + high / 2
        up = "left" if what == "loss" else "below"  # metrics come up to their last number slowly
        side = up if number > middle else "above"
    else:
        return
    (x, y), va = _SIDES[side]
    early = 2 * epoch <= max([*train, *validation])  # curves are steep there at the left, later flat on both sides
    ax.annotate(
        words,
        (epoch, number),
        xytext=(-x if early else x, y),
        textcoords="offset points",
        ha="left" if early else "right",
        va=va,
        color=colours_on(ax)["ink"],
        path_effects=[withStroke(linewidth=4, foreground=ax.get_facecolor())],
    )


def _ring(ax: Axes, colour: str) -> dict[str, Any]:
    """How the best epoch is marked."""
    paper = ax.get_facecolor()
    return {"marker": "o", "color": colour, "markerfacecolor": paper, "markersize": 8.0, "markeredgewidth": 2.0}


def _write_names(ax: Axes, drawn: list[Training]) -> None:
    """Write the legend with the names as they are. Matplotlib would read $ as mathematics, and pass over a _."""
    entries = [
        (training.title, Line2D([], [], color=colour, linewidth=2))
        for training, colour in zip(drawn, _colours(ax), strict=False)
    ]
    if any(training.validated for training in drawn):
        alone, best = drawn[0].name is None, [training.best for training in drawn if training.best]
        name = f"validation, best at {best[0]}" if alone and best else "validation"
        colour = next(_colours(ax)) if alone else colours_on(ax)["ink"]
        style: dict[str, Any] = _ring(ax, colour) if best else {"color": colour}
        entries.append((name, Line2D([], [], linewidth=2, linestyle=_DOTTED, **style)))
    names, lines = zip(*entries, strict=True)
    legend = ax.legend(lines, [" "] * len(lines), frameon=False, labelcolor=colours_on(ax)["ink"])
    for words, name in zip(legend.get_texts(), names, strict=True):
        words.set_parse_math(False)
        words.set_text(name)


def _draw_rates(ax: Axes, columns: list[list[float]]) -> None:
    """Draw the learning rates on a scale of their own, at the right."""
    colours = colours_on(ax)
    right = ax.twinx()
    for rates in columns:
        right.plot(range(1, len(rates) + 1), rates, color=colours["line"], linewidth=1, linestyle=(0, (4, 4)))
    right.set_ylim(bottom=min(0.0, *(min(rates) for rates in columns)))
    right.set_zorder(ax.get_zorder() - 1)  # behind the losses, so the paper has to be behind both
    right.patch.set(visible=True, facecolor=ax.get_facecolor())
    ax.patch.set_visible(False)
    right.spines[:].set_visible(False)
    right.tick_params(color=colours["line"], labelcolor=colours["faint"])
    right.set_ylabel("learning rate (dashed)", color=colours["faint"])
