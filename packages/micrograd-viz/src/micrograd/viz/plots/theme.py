"""What the plots have in common: new axes, and colours that go with the paper they are on.

Nothing global is changed; whatever is set is set on the axes.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb

from micrograd.viz.style import DARK, LIGHT

BLUE, ORANGE = LIGHT["positive"], LIGHT["negative"]
OTHERS = ("#1fae82", "#b77ad9", "#d1a411", "#e56aa5", "#22b3cf", "#94877f")
"""More colours, for more than two classes or curves."""


def new_axes() -> Axes:
    """Axes in a figure of their own, which a notebook or `plt.show()` shows."""
    return new_panels(4.4)[0]


def new_panels(*heights: float) -> list[Axes]:
    """The same, one below the other, with one axis of x for all; how high they are is in inches."""
    size = (6.4, sum(heights))
    _, panels = plt.subplots(
        len(heights), figsize=size, height_ratios=heights, sharex=True, squeeze=False, layout="constrained"
    )
    return [ax for (ax,) in panels]


def colours_on(ax: Axes) -> dict[str, str]:
    """The colours for the paper under the axes, which is dark if what is written on it is light.

    The paper itself may be transparent, and tell nothing.
    """
    return DARK if sum(to_rgb(ax.xaxis.label.get_color())) > 1.5 else LIGHT


def strong(colour: str, ax: Axes) -> str:
    """The colour with more contrast to the paper, for what is small: darker on light paper, lighter on dark."""
    power = 0.6 if colours_on(ax) is DARK else 1.6
    red, green, blue = to_rgb(colour)
    return to_hex((red**power, green**power, blue**power))


def tidy(ax: Axes, **settings: Any) -> None:
    """Take the frame away but for two quiet lines, and set what is to be set: labels, limits, a title."""
    colours = colours_on(ax)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(colours["line"])
    ax.tick_params(which="both", color=colours["line"], labelcolor=colours["faint"])
    ax.set(**settings)
