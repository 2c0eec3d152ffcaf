"""What `plot_history` takes, read: trainings, each with columns of numbers that have names."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from micrograd.engine import Value, to_float
from micrograd.viz.text import printable, shorten

VALIDATION = "val_"
"""In front of the name of what was found on the samples for validation."""

LARGEST = 1e200
"""On a logarithmic scale also 1e-200: beyond, matplotlib has no floats for ticks and margins."""

_RATE = re.compile(r"lr(_\d+)?")


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of one training.

    Attributes:
        name: What it is called among several; None if it is alone.
        columns: Under each name a number for each epoch. There is a `loss`.
        end: How the training ended, if not as planned.
    """

    name: str | None
    columns: dict[str, list[float]]
    end: str

    @property
    def title(self) -> str:
        """Its name, on one short line, and how it ended."""
        name = "training" if self.name is None else shorten(printable(self.name))
        return f"{name}, {self.end}" if self.end else name

    @property
    def rates(self) -> list[list[float]]:
        """The learning rates of the groups of parameters, as far as they are known."""
        return [column for name, column in self.columns.items() if _RATE.fullmatch(name) and column]

    @property
    def metrics(self) -> list[str]:
        """What there is beside losses and learning rates, on any samples."""
        names = [name.removeprefix(VALIDATION) for name in self.columns if not _RATE.fullmatch(name)]
        return [name for name in dict.fromkeys(names) if name != "loss"]

    @property
    def validated(self) -> bool:
        """Whether there are numbers of validation."""
        return any(name.startswith(VALIDATION) for name in self.columns)

    @property
    def best(self) -> int:
        """The first epoch with the lowest loss on the samples for validation; 0 if there is none."""
        _, losses = self.both("loss")
        known = finite(losses)
        return min(known, key=known.__getitem__, default=0)

    def both(self, what: str) -> tuple[list[float], list[float]]:
        """The loss or a metric, on the training samples and on those for validation; empty where it is not known."""
        return self.columns.get(what, []), self.columns.get(VALIDATION + what, [])


def is_finite(number: float) -> bool:
    """Whether a number can be drawn."""
    return abs(number) <= LARGEST


def finite(column: list[float]) -> dict[int, float]:
    """The numbers of a column that can be drawn, by their epochs."""
    return {epoch: number for epoch, number in enumerate(column, start=1) if is_finite(number)}


def trainings(history: Any) -> list[Training]:
    """One training, or those that a mapping or a table gives names."""
    if _is_one(history):
        return [_training(None, history, "")]
    columns = _columns(history)
    if not columns:
        raise ValueError("plot_history needs at least one history, got an empty mapping")
    return [_training(str(name), one, f" for {name!r}") for name, one in columns.items()]


def _is_one(history: Any) -> bool:
    """Whether this is one training. A mapping or a table is if it has losses, unless `loss` is a training's name."""
    if hasattr(history, "loss") or not _has_columns(history):
        return True
    return "loss" in history and not (hasattr(history["loss"], "loss") or _has_columns(history["loss"]))


def _has_columns(history: Any) -> bool:
    return isinstance(history, Mapping) or _is_table(history)


def _is_table(history: Any) -> bool:
    """Whether this is a DataFrame, whose attributes are its columns."""
    return hasattr(history, "columns")


def _columns(history: Any) -> dict[Any, Any]:
    if _is_table(history):
        return {name: history[name] for name in history.columns}
    if isinstance(history, Mapping):
        return dict(history)
    return {"loss": getattr(history, "loss", history), "lr": getattr(history, "lr", ())}


def _training(name: str | None, history: Any, where: str) -> Training:
    columns = {str(column): _numbers(column, numbers, where) for column, numbers in _columns(history).items()}
    ends = () if _is_table(history) else ("diverged", "interrupted")
    end = " and ".join(end for end in ends if getattr(history, end, False))
    losses = columns.get("loss")
    if not losses:
        why = f": the training {end} in its first epoch" if end else ""
        raise ValueError(f"plot_history needs at least one loss, got none{where}{why}")
    for column, numbers in columns.items():
        unknown = _RATE.fullmatch(column) and not numbers
        if len(numbers) != len(losses) and not unknown:
            raise ValueError(
                "plot_history needs columns of the same length, a number for each epoch, "
                f"got {len(losses)} as 'loss' and {len(numbers)} as {column!r}{where}"
            )
    return Training(name, columns, end)


def _numbers(column: object, numbers: Any, where: str) -> list[float]:
    try:
        return [x.data if isinstance(x, Value) else to_float(x, "a plot") for x in numbers]
    except TypeError as error:
        raise TypeError(
            "plot_history takes a History, a sequence of losses, or a mapping from names to these, or to columns of "
            f"numbers of which one is 'loss'; got {reprlib.repr(numbers)} as {column!r}{where}: {error}"
        ) from error
