"""Colour maps by their names: `plt.cm.viridis`."""

from .colormaps import Colormap


def __getattr__(name: str) -> Colormap:
    """The colour map of this name."""
    try:
        return Colormap(name)
    except ValueError as error:
        raise AttributeError(str(error)) from None
