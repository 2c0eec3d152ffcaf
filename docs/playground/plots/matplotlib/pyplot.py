"""Plots as most programs make them: `import matplotlib.pyplot as plt`.

There is always a figure and a plot that the functions draw on. `show` shows all figures, by `sys.displayhook` as Python
shows the value of a line, and closes them.
"""

import sys
from typing import Any

from .axes import Axes
from .axis import Label
from .colorbar import Colorbar
from .figure import Figure
from .levels import Levels
from .refusals import checked, missing

open_figures: list[Figure] = []

METHODS = ["plot", "scatter", "bar", "contour", "contourf", "axhline", "axvline", "legend", "grid"]
"""What is done on the plot that is drawn on, as its methods are called,"""

SETTINGS = ["xlabel", "ylabel", "title", "xlim", "ylim", "xscale", "yscale"]
"""or with set_ in front."""


def __getattr__(name: str) -> Any:
    """What is done on a plot; or a refusal."""
    if name not in METHODS + SETTINGS:
        missing(f"plt.{name}")
    method = f"set_{name}" if name in SETTINGS else name
    return lambda *args, **keywords: getattr(gca(), method)(*args, **keywords)


@checked
def figure(*, figsize: tuple[float, float] | None = None, layout: object = None) -> Figure:
    """Begin a new figure, and draw on it from now on."""
    open_figures.append(Figure(figsize, layout=layout))
    return open_figures[-1]


def gcf() -> Figure:
    """The figure that is drawn on."""
    return open_figures[-1] if open_figures else figure()


@checked
def gca() -> Axes:
    """The plot that is drawn on."""
    return gcf().axes[-1] if gcf().axes else gcf().subplots()


def subplots(
    nrows: int = 1,
    ncols: int = 1,
    *,
    figsize: tuple[float, float] | None = None,
    layout: object = None,
    **settings: Any,
) -> tuple[Figure, Any]:
    """Begin a new figure with plots one below the other; gives it, and one plot or a list of them."""
    made = figure(figsize=figsize, layout=layout)
    return made, made.subplots(nrows, ncols, **settings)


@checked
def colorbar(mappable: Levels | None = None, *, label: str = "") -> Colorbar:
    """Show beside the plot what the colours of `contourf` stand for.

    Raises:
        RuntimeError: If there are none.
    """
    levels = mappable or gca().levels
    if not isinstance(levels, Levels):
        raise RuntimeError("a colour bar in the playground is that of contourf, and there is none")
    gca().colour_bar = Colorbar(levels, Label(label))
    return gca().colour_bar


@checked
def show() -> None:
    """Show all figures, and close them."""
    shown = [drawn for drawn in open_figures if drawn.axes]
    open_figures.clear()
    for drawn in shown:
        sys.displayhook(drawn)
