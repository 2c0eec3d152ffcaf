"""Trains with metrics, and shows how it went: as a table of pandas, and as a picture."""

import random
from typing import Any, assert_type

import pandas as pd  # type: ignore[import-untyped]  # has no types
from matplotlib.axes import Axes

from micrograd.nn import MLP, SGD, History, accuracy, fit, hinge_loss
from micrograd.viz import plot_history


def trained(jit: bool) -> History:
    """Exclusive or, with noise."""
    random.seed(3)
    corners = [(a, b) for a in (0, 1) for b in (0, 1)] * 10
    X = pd.DataFrame([[random.gauss(a, 0.2), random.gauss(b, 0.2)] for a, b in corners])
    y = pd.Series([1 if a != b else -1 for a, b in corners], index=range(40, 0, -1))
    model = MLP(2, [8, 1], init="kaiming")
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    return fit(
        model, hinge_loss, optimizer, X, y, epochs=5,
        validation=0.25, metrics={"accuracy": accuracy}, seed=0, progress=False, jit=jit,
    )  # fmt: skip


def main() -> None:
    """Print the columns of the table, and the panels of the picture."""
    history = trained(jit=False)
    table: Any = pd.DataFrame(history)
    print(*table.columns, len(table))
    for drawn in (history, table, dict(history), {"eager": history, "compiled": trained(jit=True)}):
        ax = plot_history(drawn)
        assert_type(ax, Axes)
        print(*(panel.get_ylabel() for panel in ax.figure.axes))


if __name__ == "__main__":
    main()
