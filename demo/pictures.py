"""What the demo draws with matplotlib."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("agg")  # to files, also where there is no screen
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

BLUE, ORANGE, INK, GRID = "#1d4ea0", "#c2620a", "#1f2937", "#e5e7eb"
SIDES = LinearSegmentedColormap.from_list("sides", ["#ec9f52", "#f8c48f", "#ffffff", "#a9c1e8", "#6f95d3"])
GRID_POINTS = 60

plt.rcParams.update(
    {
        "font.size": 11,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": "#9ca3af",
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": "#4b5563",
        "ytick.color": "#4b5563",
        "savefig.dpi": 150,
        "figure.constrained_layout.w_pad": 0.12,
    }
)


def boundary(
    path: Path, score: Callable[[list[float]], float], X: np.ndarray, y: np.ndarray, losses: Sequence[float]
) -> None:
    """Draw the points on what the network makes of the plane around them, and the loss beside it.

    Args:
        path: Where to write the PNG.
        score: From a point to a number, positive for one class and negative for the other.
        X: Points, shape (n, 2).
        y: Their classes, -1 or 1, shape (n,).
        losses: One for each step.
    """
    figure, (plane, curve) = plt.subplots(1, 2, figsize=(12, 5), width_ratios=[1.25, 1], layout="constrained")
    low, high = X.min(axis=0) - 0.4, X.max(axis=0) + 0.4
    across, up = (np.linspace(low[i], high[i], GRID_POINTS) for i in range(2))
    scores = np.array([[score([float(x0), float(x1)]) for x0 in across] for x1 in up])
    limit = 3.0  # beyond that the colours tell no more: the margin of the loss is 1
    plane.contourf(across, up, scores.clip(-limit, limit), levels=np.linspace(-limit, limit, 25), cmap=SIDES)
    plane.contour(across, up, scores, levels=[-1, 1], colors=INK, linewidths=0.8, linestyles="dotted")
    plane.contour(across, up, scores, levels=[0], colors=INK, linewidths=2)
    for label, colour in ((-1, ORANGE), (1, BLUE)):
        plane.scatter(*X[y == label].T, s=46, color=colour, edgecolor="white", linewidth=1.1, zorder=3)
    plane.set(title="Decision boundary", xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="$x_0$", ylabel="$x_1$")
    loss_curve(curve, losses, "step")
    save(figure, path)


def digits(
    path: Path,
    images: np.ndarray,
    labels: np.ndarray,
    found: np.ndarray,
    accuracy: float,
    losses: Sequence[float],
) -> None:
    """Draw images with what the network takes them for, and the loss beside them.

    Args:
        path: Where to write the PNG.
        images: The 24 it is least sure of, numbers from 0 to 1, shape (24, 64).
        labels: What they are, shape (24,).
        found: What the network says, shape (24,).
        accuracy: Its accuracy on all held-out images.
        losses: One for each pass over the data.
    """
    figure = plt.figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[1.25, 1])
    title = f"The hardest held-out images; of all, {accuracy:.1%} are told right"
    left.suptitle(title, weight="bold", x=0.02, ha="left")
    for axes, image, label, digit in zip(left.subplots(4, 6).flat, images, labels, found, strict=True):
        axes.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        if digit == label:
            axes.set_title(f"{digit}", color=BLUE, loc="center")
        else:
            axes.set_title(f"{digit}, is {label}", color=ORANGE, loc="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=GRID)
    loss_curve(right.subplots(), losses, "pass")
    save(figure, path)


def loss_curve(axes: Axes, losses: Sequence[float], unit: str) -> None:
    """Draw the loss of each step or pass, on a logarithmic scale."""
    steps = range(1, len(losses) + 1)
    axes.semilogy(steps, losses, color=BLUE, linewidth=2)
    axes.plot(steps[-1], losses[-1], "o", color=BLUE)
    last = f"{losses[-1]:.3f}"
    axes.annotate(last, (steps[-1], losses[-1]), xytext=(0, 13), textcoords="offset points", ha="right", color=BLUE)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set(title="Loss", xlabel=unit)


def save(figure: Figure, path: Path) -> None:
    """Write the figure, through a temporary file so that `path` is never half a picture."""
    temporary = path.with_name(f".{path.name}.tmp")
    figure.savefig(temporary, format="png")
    temporary.replace(path)
    plt.close(figure)
    print(f"wrote {path}")
