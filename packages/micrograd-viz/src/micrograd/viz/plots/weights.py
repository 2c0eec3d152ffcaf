"""The weights of a network as heatmaps; `plot_weights` says what is drawn."""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

from micrograd.viz.plots.theme import BLUE, ORANGE, colours_on, strong, tidy
from micrograd.viz.text import printable, shorten

Array: TypeAlias = NDArray[np.float64]

_PARAMETER = re.compile(r"(?:(?P<neuron>.+)\.)?(?:w\.\d+|(?P<bias>b))", re.DOTALL)
_IN_A_LAYER = re.compile(r"(^|\.)neurons\.\d+$")
_CELL = 0.4  # the side of a cell in inches, if there is room for that,
_WIDTH, _HEIGHT = 10.0, 4.5  # which is what the cells of all layers may cover
_APART = 0.4  # of a cell, between weights and bias
_TITLE = 0.8  # inches that a title needs
_MOST = 1e300  # so that the scale, and what is beyond it, can be computed with


@dataclass(frozen=True, slots=True)
class Layer:
    """What is drawn of a layer. Whatever is not finite is inf, and nan is a gap.

    Attributes:
        title: Its name, and how many numbers go in and come out.
        w: The weights, a row for each neuron, or pictures made of them.
        b: The biases as a column; none if the neurons have none, or are shown as pictures.
    """

    title: str
    w: Array
    b: Array

    @property
    def width(self) -> float:
        """In cells."""
        columns: int = self.w.shape[1]
        return columns + (_APART + 1 if self.b.size else 0)


def draw(model: Any, axes: Axes | Sequence[Axes] | None, shape: tuple[int, int] | None) -> list[Axes]:
    """See `plot_weights`."""
    layers = _layers(model)
    if shape is not None:
        layers[0] = _as_pictures(layers[0], shape)
    given = None if axes is None else list(np.ravel(np.array(axes, dtype=object)))
    if given is not None and len(given) != len(layers):
        raise ValueError(f"plot_weights needs axes for each of {len(layers)} layers, got {len(given)}")

    numbers = np.concatenate([part.ravel() for layer in layers for part in (layer.w, layer.b)])
    limit = min(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0), _MOST) or 1.0
    places = _new_axes(layers) if given is None else given
    for ax, layer in zip(places, layers, strict=True):
        _draw_layer(ax, layer, limit)
    if given is None:
        bar = places[0].figure.colorbar(places[0].collections[0], ax=places, aspect=30, panchor=False)
        bar.outline.set_visible(False)
        bar.ax.tick_params(color=colours_on(places[0])["line"], labelcolor=colours_on(places[0])["faint"])
    return places


def _layers(model: Any) -> list[Layer]:
    """The layers, in the order of their parameters."""
    if not callable(getattr(model, "named_parameters", None)):
        raise TypeError(f"plot_weights takes a model with named_parameters(), got {reprlib.repr(model)}")
    named = list(model.named_parameters())
    found: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for name, value in named:
        if match := _PARAMETER.fullmatch(name):
            neuron = match["neuron"] or ""
            weights, biases = found.setdefault(_IN_A_LAYER.sub("", neuron), {}).setdefault(neuron, ([], []))
            (biases if match["bias"] else weights).append(value.data)
    layers = [_layer(name or type(model).__name__, neurons.values()) for name, neurons in found.items()]
    layers = [layer for layer in layers if layer.w.size]  # a `b` alone is no neuron
    if not layers:
        raise ValueError(
            "plot_weights finds neurons by parameters such as w.0 and b, or layers.0.neurons.2.w.1, and there are none "
            f"in {type(model).__name__}: {reprlib.repr([name for name, _ in named])}"
        )
    return layers


def _layer(name: str, neurons: Iterable[tuple[list[float], list[float]]]) -> Layer:
    weights, biases = zip(*neurons, strict=True)
    for what, rows in (("weights", weights), ("biases", biases)):
        counts = [len(row) for row in rows]
        if len(set(counts)) > 1:
            raise ValueError(f"plot_weights: the neurons of {name} differ, they have {counts} {what}")
    w, b = (np.nan_to_num(np.array(rows), nan=np.inf, posinf=np.inf, neginf=np.inf) for rows in (weights, biases))
    return Layer(f"{shorten(printable(name))}\n{w.shape[1]} → {len(w)}", w, b)


def _as_pictures(layer: Layer, shape: tuple[int, int]) -> Layer:
    """The weights of each neuron as a picture, side by side with gaps between them."""
    neurons, inputs = layer.w.shape
    if len(shape) != 2 or min(shape) < 1 or math.prod(shape) != inputs:
        raise ValueError(
            f"plot_weights: shape is the rows and columns of a picture of {inputs} pixels, as many as the first layer "
            f"has inputs, got {shape!r}"
        )
    height, width = shape
    across = math.ceil(math.sqrt(2 * neurons))
    down = math.ceil(neurons / across)
    pictures = np.full((down * across, height + 1, width + 1), np.nan)
    pictures[:neurons, :height, :width] = layer.w.reshape(neurons, height, width)
    rows = pictures.reshape(down, across, height + 1, width + 1).swapaxes(1, 2)
    return Layer(layer.title, rows.reshape(down * (height + 1), -1)[:-1, :-1], np.empty((0, 0)))


def _new_axes(layers: Sequence[Layer]) -> list[Axes]:
    """Axes side by side in a new figure, with room for all rows in each, so that all cells have the same size."""
    rows = max(len(layer.w) for layer in layers)
    cell = min(_CELL, _WIDTH / sum(layer.width for layer in layers), _HEIGHT / rows)
    widths = [max(cell * layer.width, _TITLE) for layer in layers]
    _, grid = plt.subplots(
        ncols=len(layers),
        figsize=(sum(widths) + 0.6 * len(layers) + 1.0, cell * rows + 1.2),
        width_ratios=widths,
        squeeze=False,
        layout=ConstrainedLayoutEngine(w_pad=0.1),
    )
    places: list[Axes] = list(grid[0])
    for ax, width in zip(places, widths, strict=True):
        ax.set(xlim=(0, width / cell), ylim=(0, rows))
    return places


def _draw_layer(ax: Axes, layer: Layer, limit: float) -> None:
    colours = colours_on(ax)
    signs = [strong(ORANGE, ax), ORANGE, colours["none"], BLUE, strong(BLUE, ax)]
    palette = LinearSegmentedColormap.from_list("signs", signs).with_extremes(bad=(0, 0, 0, 0), over=colours["wrong"])
    rows, inputs = layer.w.shape
    for cells, left in ((layer.w, 0.0), (layer.b, inputs + _APART)):
        if cells.size:
            edges = left + np.arange(cells.shape[1] + 1), np.arange(rows + 1)
            shown = np.ma.masked_where(np.isnan(cells), cells.clip(max=2 * limit))
            ax.pcolormesh(*edges, shown, cmap=palette, vmin=-limit, vmax=limit)
    ax.set_aspect("equal", anchor="NW")
    ax.invert_yaxis()
    ax.set(xticks=[], yticks=[])
    if layer.b.size:
        ax.set_xticks([inputs / 2, inputs + _APART + 0.5], ["w", "b"])
        ax.set_yticks([0.5, rows - 0.5][:rows], ["0", f"{rows - 1}"][:rows])
    tidy(ax)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.set_title(layer.title, loc="left", color=colours["ink"], fontsize="medium", parse_math=False)
