"""Plots of a training, of what a model learned and of its weights, drawn with matplotlib.

    pip install matplotlib

The functions are described here, and take whatever has the right attributes, so that they need no particular library
of models. The modules that draw import matplotlib and numpy, and are themselves imported when a plot is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["plot_decision_boundary", "plot_history", "plot_weights"]


def plot_history(history: Any, ax: Axes | None = None) -> Axes:
    """Plot the losses of a training, and its metrics.

    The loss is on a logarithmic scale if it is positive throughout and spans a factor of 30 or more. Validation is
    dotted, in the colour of the training beside it, with a ring at the epoch in which its loss is lowest. Each metric
    has a panel of its own below, with a ring at the same epoch. A noisy curve is drawn faintly behind its moving
    average. Learning rates are added as dashed lines if one of them changed. Numbers that are nan or infinite leave a
    gap, marked in red.

    Args:
        history: What `micrograd.nn.fit` returns; or another mapping, or a DataFrame of pandas or polars, with a column
            `loss` and perhaps others: `lr`, `lr_1` and so on are learning rates, a `val_` in front is for validation,
            and all else are metrics. Or anything with `loss`, and perhaps `lr`, `diverged` and `interrupted`; or a
            sequence of losses; or a mapping from names to several of these, to compare.
        ax: Where to draw the losses, without the metrics. None for a new figure of pyplot's.

    Returns:
        The axes of the losses, to go on with. The learning rate has axes of its own behind them, the last of the
        figure.

    Raises:
        ImportError: If matplotlib is not installed.
        TypeError: If `history` is nothing of this kind.
        ValueError: If there are no losses, or columns of one training differ in length.

    Example:
        >>> from matplotlib.figure import Figure
        >>> ax = plot_history({"loss": [0.8, 0.2, 0.02], "val_loss": [0.9, 0.3, 0.4]}, ax=Figure().subplots())
        >>> ax.get_yscale()
        'log'
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['training', 'validation, best at 2']
    """
    with _extra("plot_history"):
        from micrograd.viz.plots.history import draw
    return draw(history, ax)


def plot_decision_boundary(
    predict: Callable[[Any], Any],
    X: ArrayLike,
    y: ArrayLike,
    ax: Axes | None = None,
    *,
    batch: bool | None = None,
    resolution: int | None = None,
    threshold: float = 0.0,
) -> Axes:
    """Plot samples of two numbers on what a classifier makes of the plane around them.

    The plane has the colour of the class that is predicted, the stronger the more clearly it leads. A line is drawn
    where two classes are level, and for a single score dotted lines where it is 1 away from the threshold: the margin
    of the hinge loss.

    Args:
        predict: The classifier. It takes a sample as a list of two Values, as `fit` calls a model, and returns a score,
            or a list with a score for each class. A function compiled by `jit` is called once, with all samples.
        X: The samples, shape (n, 2).
        y: Their classes, shape (n,): -1 and 1, or 0 and 1, if `predict` returns one score, high for class 1; 0, 1, 2
            and so on if it returns several.
        ax: Where to draw. None for a new figure of pyplot's.
        batch: Whether `predict` takes an array of samples, shape (samples, 2), and returns an array of shape (samples,)
            or (samples, classes). None to find out: what has a method `backward`, as a compiled function has, does.
        resolution: For how many points along each side of the picture to ask; by default 60, and 240 in a batch.
        threshold: What a single score has to exceed for class 1; 0.5 if it is a probability.

    Returns:
        The axes, to go on with. The points of each class are a scatter plot, labelled for a legend.

    Raises:
        ImportError: If matplotlib is not installed.
        TypeError: If `predict` is not callable or returns something else than numbers or Values, or the samples or
            classes are not numbers.
        ValueError: If the shapes do not fit, `X` holds nan or inf, the classes are not as described, `predict` returns
            nan everywhere, or `resolution` is less than 2.

    Example:
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> ax = plot_decision_boundary(lambda x: x[0] * x[1], [[1, 1], [-1, 1]], [1, -1], ax)
        >>> _, labels = ax.get_legend_handles_labels()
        >>> labels
        ['-1', '1']
    """
    with _extra("plot_decision_boundary"):
        from micrograd.viz.plots.boundary import draw
    return draw(predict, X, y, ax, batch, resolution, threshold)


def plot_weights(
    model: Any, axes: Axes | Sequence[Axes] | None = None, *, shape: tuple[int, int] | None = None
) -> list[Axes]:
    """Plot the weights of a neural network, layer by layer.

    A row is a neuron; its columns are the weights of its inputs and, set apart, its bias. Blue is positive, orange is
    negative, and the colours mean the same in all layers; red is inf or nan.

    Args:
        model: An MLP, a Layer or a Neuron of `micrograd.nn`, or anything else whose `named_parameters()` gives names
            such as `layers.0.neurons.2.w.1` and `layers.0.neurons.2.b`, each with a Value. Other names are passed over.
        axes: Where to draw, one for each layer. None for a new figure of pyplot's, which then has a colour bar.
        shape: If the inputs are the pixels of a picture, its rows and columns: the weights of each neuron of the first
            layer are then shown as such a picture, without the bias.

    Returns:
        The axes of the layers, to go on with; the first of their `collections` has the colours, for a colour bar.

    Raises:
        ImportError: If matplotlib is not installed.
        TypeError: If `model` has no `named_parameters()`.
        ValueError: If there are no neurons in it, the neurons of a layer differ in their number of weights, there are
            not as many axes as layers, or the first layer has not as many inputs as `shape` has pixels.

    Example:
        >>> from matplotlib.figure import Figure
        >>> from micrograd.engine import Value
        >>> class Line:
        ...     def named_parameters(self):
        ...         return [("w.0", Value(2.0)), ("b", Value(-1.0))]
        >>> (ax,) = plot_weights(Line(), Figure().subplots())
        >>> ax.get_title("left").splitlines()
        ['Line', '1 → 1']
    """
    with _extra("plot_weights"):
        from micrograd.viz.plots.weights import draw
    return draw(model, axes, shape)


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Around the import of what draws: tell how to install what is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        message = f"{name} needs matplotlib, and {missing} is missing: pip install matplotlib"
        raise ImportError(message, name=error.name) from error
