"""What the demo shows: pictures of several plots each, as files."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from micrograd.nn import History
from micrograd.viz import plot_decision_boundary, plot_history
from shared.pictures import save

plt.rcParams.update({"axes.titlesize": "large", "savefig.dpi": 150, "figure.constrained_layout.w_pad": 0.12})


def boundary(path: Path, predict: Callable, X: np.ndarray, y: np.ndarray, history: History) -> None:
    """Draw the points on what the network makes of the plane around them, and the loss beside it.

    Args:
        path: Where to write the PNG.
        predict: From a point to a score, positive for one class and negative for the other.
        X: Points, shape (n, 2).
        y: Their classes, -1 or 1, shape (n,).
        history: Of the training, with a loss for each step.
    """
    figure, (plane, curve) = plt.subplots(1, 2, figsize=(12, 5), width_ratios=[1.25, 1], layout="constrained")
    plot_decision_boundary(predict, X, y, plane).set(title="Decision boundary")
    plot_history(history, curve).set(title="Loss", xlabel="step", ylabel="")
    save(figure, path)


def digits(
    path: Path,
    images: np.ndarray,
    labels: np.ndarray,
    found: np.ndarray,
    accuracy: float,
    history: History,
) -> None:
    """Draw images with what the network takes them for, and the loss beside them.

    Args:
        path: Where to write the PNG.
        images: The 24 it is least sure of, numbers from 0 to 1, shape (24, 64).
        labels: What they are, shape (24,).
        found: What the network says, shape (24,).
        accuracy: Its accuracy on all held-out images.
        history: Of the training, with a loss for each pass over the data.
    """
    figure = plt.figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[1.25, 1])
    title = f"The hardest held-out images; of all, {accuracy:.1%} are right"
    left.suptitle(title, weight="bold", x=0.02, ha="left")
    for axes, image, label, digit in zip(left.subplots(4, 6).flat, images, labels, found, strict=True):
        axes.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        if digit == label:
            axes.set_title(f"{digit}", color="0.35", loc="center")
        else:
            axes.set_title(f"{digit}, is {label}", color="tab:red", loc="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_color("0.9")
    plot_history(history, right.subplots()).set(title="Loss", xlabel="pass", ylabel="")
    save(figure, path)
