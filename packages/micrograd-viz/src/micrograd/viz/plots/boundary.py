"""What a classifier makes of the plane; `plot_decision_boundary` says what is drawn."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

from micrograd.engine import Value
from micrograd.viz.plots.theme import BLUE, ORANGE, OTHERS, colours_on, new_axes, strong, tidy

Array: TypeAlias = NDArray[np.float64]

_ROOM = 0.12  # around the samples, as a part of their width and height
_TINT = 0.6  # how much of its colour a region has where its class leads clearly
_HUGE = 1e300  # stands for infinity, so that scores can be subtracted
_COLOURS = (ORANGE, BLUE, *OTHERS)  # orange is negative, as in a drawing
_MARKERS = "osD^vP"  # for those who do not see the colours, and on grey paper


def draw(
    predict: Callable[[Any], Any],
    X: ArrayLike,
    y: ArrayLike,
    ax: Axes | None,
    batch: bool | None,
    resolution: int | None,
    threshold: float,
) -> Axes:
    """See `plot_decision_boundary`."""
    if not callable(predict):
        raise TypeError(f"plot_decision_boundary needs a function that predicts, got {reprlib.repr(predict)}")
    samples, labels = _samples(X, y)
    if batch is None:
        batch = callable(getattr(predict, "backward", None))
    side = resolution if resolution is not None else 240 if batch else 60
    if side < 2:
        raise ValueError(f"plot_decision_boundary needs a resolution of at least 2, got {side!r}")

    across, up = _axes_around(samples, side)
    plane = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    scores = _scores_of_all(predict, plane) if batch else _scores_of_each(predict, plane)
    classes = _classes(labels, scores.shape[1])
    leads = _leads(scores, threshold).T.reshape(-1, side, side)

    ax = ax or new_axes()
    ink = colours_on(ax)["ink"]
    _paint(ax, across, up, leads)
    for lead in leads[1:]:
        _contour(ax, across, up, lead, [0.0], colors=ink, linewidths=1.8)
    if scores.shape[1] == 1:
        _contour(ax, across, up, leads[1], [-1.0, 1.0], colors=ink, linewidths=0.9, linestyles="dotted")
    for number in np.unique(classes):
        _scatter(ax, samples[classes == number], number, f"{labels[classes == number][0]:g}")
    tidy(ax, xlabel="$x_0$", ylabel="$x_1$", xlim=across[[0, -1]], ylim=up[[0, -1]])
    return ax


def _samples(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """The samples, shape (n, 2), and their labels, shape (n,)."""
    samples, labels = _numbers(X, "X"), _numbers(y, "y")
    if samples.ndim != 2 or samples.shape[1] != 2 or not len(samples):
        raise ValueError(f"plot_decision_boundary needs an X of shape (n, 2), got {samples.shape}")
    if labels.shape != samples.shape[:1]:
        raise ValueError(
            f"plot_decision_boundary needs a class for each of {len(samples)} samples, got a y of shape {labels.shape}"
        )
    if not np.isfinite(samples).all():
        row = int(np.flatnonzero(~np.isfinite(samples).all(axis=1))[0])
        raise ValueError(f"plot_decision_boundary needs finite samples, got {samples[row].tolist()} in row {row} of X")
    return samples, labels


def _axes_around(samples: Array, side: int) -> Array:
    """The coordinates of `side` points from left to right, and from bottom to top, with room around the samples."""
    low, high = samples.min(axis=0), samples.max(axis=0)
    flat = high - low <= 1e-9 * np.abs(high)
    room = np.where(flat, np.maximum(1.0, np.abs(high)), _ROOM * (high - low))
    return np.linspace(low - room, high + room, side).T


def _numbers(data: Any, name: str) -> Array:
    try:
        if data is None or isinstance(data, str):  # which NumPy takes for nan, and may take for a number
            raise TypeError(f"not {type(data).__name__}")
        return np.asarray(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"plot_decision_boundary: {name} must be numbers, got {reprlib.repr(data)}: {error}") from error


def _scores_of_all(predict: Callable[[Any], Any], plane: Array) -> Array:
    """Ask for all points in one call; gives a row of scores for each."""
    scores = _numbers(predict(plane), "what predict returns")
    if scores.ndim not in (1, 2) or len(scores) != len(plane) or not scores.size:
        raise ValueError(
            f"plot_decision_boundary: predict got an array of shape {plane.shape} and must return one of shape "
            f"({len(plane)},) or ({len(plane)}, classes), got {scores.shape}; pass batch=False if it takes one sample"
        )
    return scores.reshape(len(plane), -1)


def _scores_of_each(predict: Callable[[Any], Any], plane: Array) -> Array:
    """Ask point by point; gives a row of scores for each."""
    rows: list[Array] = []
    for point in plane.tolist():
        scores = _numbers(predict([Value(x) for x in point]), f"what predict returns for {point}")
        if scores.ndim > 1 or not scores.size or (rows and scores.size != rows[0].size):
            raise ValueError(
                "plot_decision_boundary: predict must return one score for a sample, or always as many as there are "
                f"classes, but for {point} it returned shape {scores.shape}; pass batch=True if it takes an array"
            )
        rows.append(scores.reshape(-1))
    return np.array(rows)


def _classes(labels: Array, columns: int) -> NDArray[np.intp]:
    """The class of each label, counted from 0."""
    known = set(labels.tolist())
    if columns > 1:
        if not known <= set(range(columns)):
            raise ValueError(
                f"plot_decision_boundary: predict returns {columns} scores, so the classes in y must be 0 to "
                f"{columns - 1}, got {sorted(known)}"
            )
        return labels.astype(np.intp)
    if not (known <= {-1, 1} or known <= {0, 1}):
        raise ValueError(
            "plot_decision_boundary: predict returns one score, so the classes in y must be -1 and 1, or 0 and 1, got "
            f"{sorted(known)}; for more classes it must return a score for each"
        )
    return (labels > 0).astype(np.intp)


def _leads(scores: Array, threshold: float) -> Array:
    """By how much each class is ahead of the best other one, a row for each point; negative if it is behind."""
    if np.isnan(scores).any(axis=1).all():
        raise ValueError("plot_decision_boundary: predict returned nan for every sample; has the training diverged?")
    scores = scores.clip(-_HUGE, _HUGE)
    if scores.shape[1] == 1:
        return np.hstack([threshold - scores, scores - threshold])
    ranked = np.sort(scores, axis=1)
    return scores - np.where(scores == ranked[:, -1:], ranked[:, -2:-1], ranked[:, -1:])


def _paint(ax: Axes, across: Array, up: Array, leads: Array) -> None:
    """Colour each point for the class that leads there, with nothing where it leads by nothing."""
    lead = np.nan_to_num(leads.max(axis=0))
    clear = np.median(lead[lead > 0]) if (lead > 0).any() else 1.0
    image = np.empty((*lead.shape, 4))
    image[..., :3] = np.array([to_rgb(_colour(i)) for i in range(len(leads))])[leads.argmax(axis=0)]
    image[..., 3] = _TINT * np.minimum(lead / clear, 1.0)
    (left, right), (bottom, top) = ((axis[0], axis[-1]) for axis in (across, up))
    dx, dy = (across[1] - left) / 2, (up[1] - bottom) / 2  # a pixel reaches half a step beyond its point
    extent = (left - dx, right + dx, bottom - dy, top + dy)
    ax.imshow(image, extent=extent, origin="lower", aspect="auto", interpolation="bilinear")


def _contour(ax: Axes, across: Array, up: Array, lead: Array, levels: list[float], **style: Any) -> None:
    """Draw the lines at those of the levels that are reached; matplotlib warns of the others."""
    reached = [level for level in levels if np.nanmin(lead) < level < np.nanmax(lead)]
    if reached:
        ax.contour(across, up, lead, levels=reached, **style)


def _scatter(ax: Axes, points: Array, number: int, label: str) -> None:
    """Draw the samples of a class."""
    ax.scatter(
        points[:, 0],
        points[:, 1],
        s=36,
        marker=_MARKERS[number % len(_MARKERS)],
        color=strong(_colour(number), ax),
        edgecolor=colours_on(ax)["paper"],
        linewidth=0.9,
        zorder=3,
        label=label,
    )


def _colour(number: int) -> str:
    """The colour of a class."""
    return _COLOURS[number % len(_COLOURS)]
