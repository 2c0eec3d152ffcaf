"""A column of numbers as a curve over the epochs, and the epochs in which it cannot be drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate, groupby, pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from micrograd.viz.plots.theme import colours_on
from micrograd.viz.plots.trainings import is_finite

_NOISY = 6.0  # how many times its own height a curve goes up and down before it is smoothed
_REACH = 40  # the moving average reaches this part of the curve to either side


def draw_curve(ax: Axes, column: list[float], logarithmic: bool, **style: Any) -> Line2D:
    """Draw a column, and if it is noisy its average in front; what is returned is the line with the style."""
    epochs = range(1, len(column) + 1)
    heights = [height if is_finite(height) else math.nan for height in column]
    smooth = _smoothed(heights, logarithmic)
    if smooth:
        ax.plot(epochs, heights, color=style["color"], linewidth=1, alpha=0.3)
    (line,) = ax.plot(epochs, smooth or heights, linewidth=2, **style)
    return line


def mark_gaps(ax: Axes, columns: Iterable[list[float]]) -> None:
    """Mark each stretch of epochs in which one of the columns cannot be drawn, with the first such number."""
    missing = [next((x for x in numbers if not is_finite(x)), None) for numbers in zip(*columns, strict=True)]
    for is_missing, stretch in groupby(enumerate(missing, start=1), lambda pair: pair[1] is not None):
        if is_missing:
            numbers = dict(stretch)
            first, last = min(numbers), max(numbers)
            wrong = colours_on(ax)["wrong"]
            ax.axvspan(first - 0.5, last + 0.5, color=wrong, alpha=0.2)
            top = ((first + last) / 2, 0.98)
            what = f"{numbers[first]:.3g}"
            ax.annotate(what, top, xycoords=ax.get_xaxis_transform(), color=wrong, ha="center", va="top")


def _smoothed(heights: list[float], logarithmic: bool) -> list[float]:
    """The moving average of a noisy curve, of its logarithms where those are drawn; empty for a quiet one, or gaps."""
    reach = len(heights) // _REACH
    heights = [math.log(height) for height in heights] if logarithmic else heights
    way = sum(abs(b - a) for a, b in pairwise(heights))  # nan if there are gaps
    if not (reach and way > _NOISY * (max(heights) - min(heights))):
        return []
    sums = list(accumulate(heights, initial=0.0))
    windows = [(max(0, i - reach), min(len(heights), i + reach + 1)) for i in range(len(heights))]
    averages = [(sums[end] - sums[start]) / (end - start) for start, end in windows]
    return [math.exp(average) for average in averages] if logarithmic else averages
