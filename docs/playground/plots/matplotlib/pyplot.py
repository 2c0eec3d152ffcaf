"""Plots as most programs make them: `import matplotlib.pyplot as plt`.

There is always a figure and a plot that the functions draw on. `show` shows all figures, by `sys.displayhook` as Python
shows the value of a line, and closes them.
"""

import sys
from typing import Any

from . import cm as cm  # `plt.cm`
from .axes import Axes
from .colorbar import Colorbar
from .figure import Figure
from .refusals import checked, refuse

open_figures: list[Figure] = []
chosen: list[Axes] = []

METHODS = (
    "plot",
    "scatter",
    "bar",
    "barh",
    "hist",
    "fill_between",
    "contour",
    "contourf",
    "imshow",
    "axhline",
    "axvline",
    "axhspan",
    "axvspan",
    "text",
    "annotate",
    "legend",
    "grid",
    "axis",
    "semilogx",
    "semilogy",
    "loglog",
    "tick_params",
    "twinx",
)
"""What is done on the plot that is drawn on, as its methods are called,"""

SETTINGS = ("xlabel", "ylabel", "title", "xlim", "ylim", "xscale", "yscale", "xticks", "yticks")
"""or with set_ in front."""


def __getattr__(name: str) -> Any:
    """What is done on a plot; or a refusal."""
    if name not in METHODS + SETTINGS:
        refuse(f"plt.{name}", AttributeError)
    method = f"set_{name}" if name in SETTINGS else name
    return lambda *args, **keywords: getattr(gca(), method)(*args, **keywords)


def figure(num: object = None, figsize: tuple[float, float] | None = None, **settings: Any) -> Figure:
    """Begin a new figure, and draw on it from now on."""
    open_figures.append(Figure(figsize, **settings))
    chosen.clear()
    return open_figures[-1]


def gcf() -> Figure:
    """The figure that is drawn on."""
    return open_figures[-1] if open_figures else figure()


def gca() -> Axes:
    """The plot that is drawn on."""
    if not chosen:
        of_figure = gcf().axes
        chosen.append(of_figure[-1] if of_figure else gcf().subplots())
    return chosen[0]


def sca(ax: Axes) -> None:
    """Draw on this plot from now on."""
    chosen[:] = [ax]


def subplots(
    nrows: int = 1,
    ncols: int = 1,
    *,
    figsize: tuple[float, float] | None = None,
    layout: object = None,
    **settings: Any,
) -> tuple[Figure, Any]:
    """Begin a new figure with plots in rows and columns; gives it, and one plot, a row of plots or a table of them."""
    made = figure(figsize=figsize, layout=layout)
    return made, made.subplots(nrows, ncols, **settings)


def subplot(nrows: int = 1, ncols: int = 1, index: int = 1) -> Axes:
    """Draw from now on in one of so many rows and columns, counted from 1 row by row."""
    sca(gcf().add_subplot(nrows, ncols, index))
    return gca()


@checked
def colorbar(mappable: Any = None, *, ax: Axes | None = None, label: str = "") -> Colorbar:
    """Show beside the plot what its colours stand for."""
    return gcf().colorbar(mappable, ax=ax or gca(), label=label)


def suptitle(t: str) -> None:
    """Write above all plots of the figure."""
    gcf().suptitle(t)


def tight_layout() -> None:
    """Nothing: plots never cover each other here."""


def show() -> None:
    """Show all figures, and close them."""
    shown = [drawn for drawn in open_figures if drawn.axes]
    close("all")
    for drawn in shown:
        sys.displayhook(drawn)


def close(fig: Any = None) -> None:
    """Close the figure that is drawn on, another one, or "all"."""
    if fig == "all":
        open_figures.clear()
    elif open_figures:
        open_figures.remove(gcf() if fig is None else fig)
    chosen.clear()


def clf() -> None:
    """Take everything from the figure."""
    gcf().axes.clear()
    chosen.clear()


def savefig(*args: object, **settings: object) -> None:
    """Refused: the figure is shown."""
    refuse("plt.savefig, as there is no folder to save in,")
