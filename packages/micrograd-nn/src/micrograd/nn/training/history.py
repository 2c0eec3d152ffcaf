"""What happened in a training, and how that is written down while it happens."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from micrograd.nn.inputs import described, is_number, listed, shown, to_lists, to_sequence
from micrograd.nn.optim import Optimizer


class History(dict[str, list[float]]):
    """What happened in a training: a dict of columns with a number for each finished epoch.

    `pandas.DataFrame(history)` makes a table of it, and `json.dumps(history)` text. `History(table)`, and
    `History(json.loads(text))`, is a History again. A number that is not known is nan: of a metric, say, in epochs
    before there was one, or when Ctrl-C came before it was computed.

    Args:
        loss: For each finished epoch the mean of the losses of its batches, weighted by their sizes. Or all columns by
            their names, in a dict or a table of pandas.
        lr: The learning rate of each finished epoch. That of further groups of parameters is in the columns `lr_1`,
            `lr_2` and so on.
        interrupted: Whether Ctrl-C ended the training early.
        diverged: Whether a nan or an infinity did.
        **columns: What else is known of each epoch: metrics, and the loss and metrics of validation samples, whose
            names begin with `val_`.

    Attributes:
        interrupted: Whether Ctrl-C ended the training early.
        diverged: Whether a nan or an infinity did.

    Raises:
        TypeError: If a column is not a list of numbers.

    Example:
        >>> history = History(loss=[0.5, 0.25], lr=[0.1, 0.1], val_loss=[0.75, 0.5])
        >>> history.loss, history["val_loss"]
        ([0.5, 0.25], [0.75, 0.5])
        >>> history
        History(loss=[0.5, 0.25], lr=[0.1, 0.1], val_loss=[0.75, 0.5], interrupted=False, diverged=False)
        >>> import json
        >>> History(json.loads(json.dumps(history))) == history
        True
    """

    def __init__(
        self,
        loss: Iterable[float] | Mapping[str, Iterable[float]] = (),
        lr: Iterable[float] = (),
        interrupted: bool = False,
        diverged: bool = False,
        **columns: Iterable[float],
    ) -> None:
        everything = {"loss": (), "lr": lr, **_columns(loss), **columns}
        super().__init__({name: _column(name, numbers) for name, numbers in everything.items()})
        self.interrupted = interrupted
        self.diverged = diverged

    @property
    def loss(self) -> list[float]:
        """The column `loss`."""
        return self["loss"]

    @loss.setter
    def loss(self, loss: list[float]) -> None:
        self["loss"] = loss

    @property
    def lr(self) -> list[float]:
        """The column `lr`."""
        return self["lr"]

    @lr.setter
    def lr(self, lr: list[float]) -> None:
        self["lr"] = lr

    def copy(self) -> History:
        """Another History with the same columns."""
        return copy.copy(self)

    def __or__(self, other: Any) -> Any:
        """A History with the columns of both; it ended as this one did."""
        if not isinstance(other, dict):
            return NotImplemented
        joined = self.copy()
        joined |= other
        return joined

    def __eq__(self, other: object) -> bool:
        """Whether the columns are equal, and of another History also how it ended."""
        ends = (self.interrupted, self.diverged)
        return super().__eq__(other) and (not isinstance(other, History) or ends == (other.interrupted, other.diverged))

    def __ne__(self, other: object) -> bool:
        """The contrary; a dict has its own idea of that."""
        return not self == other

    __hash__ = None  # it changes, as every dict

    def __repr__(self) -> str:
        parts = {**self, "interrupted": self.interrupted, "diverged": self.diverged}
        return f"History({', '.join(f'{name}={part!r}' for name, part in parts.items())})"


def _columns(loss: Any) -> dict[str, Any]:
    """Columns by their names, if they are given so, else the one; what is a table, `keys` says, as for `dict`."""
    return dict(loss) if hasattr(loss, "keys") else {"loss": loss}


def _column(name: str, numbers: Any) -> list[float]:
    """The numbers of a column, in a list of its own.

    Raises:
        TypeError: If they are no list of numbers.
    """
    column = to_sequence(numbers, f"History: the column {shown(name)}")
    if not (isinstance(column, (list, tuple)) and all(map(is_number, column))):
        raise TypeError(f"History: the column {shown(name)} must be a list of numbers, got {described(numbers)}")
    return list(column)


def _written(name: object, column: object) -> list[float]:
    """What a callback has left for a column, as floats: NumPy's numbers, True and False among them.

    Raises:
        TypeError: If it is no column.
    """
    try:
        if isinstance(name, str):
            return [float(number) for number in _column(name, to_lists(column))]
    except TypeError:
        pass
    raise TypeError(
        f"fit: a column of the history is a list of numbers with a name, a callback left {shown(name)}: "
        f"{shown(column)}; where a number is not known, it is nan"
    )


def lr_name(group: int) -> str:
    """The column with the learning rate of a group of parameters."""
    return f"lr_{group}" if group else "lr"


class Record:
    """A history while it is written.

    Ctrl-C may come between any two instructions. So an epoch is entered before its last step is taken, and whether that
    has been taken is for the optimiser to say, which counts its steps in the same moment as it takes them.

    Args:
        optimizer: The optimiser.
        steps: How many steps an epoch has.
        history: What there was before, which is gone on with.
        columns: The names of what will be known of each epoch besides.

    Attributes:
        history: The columns of finished epochs, and perhaps of some that were to be finished next.

    Raises:
        ValueError: If the columns of the history are not of one length.
    """

    def __init__(self, optimizer: Optimizer, steps: int, history: History, columns: Iterable[str] = ()) -> None:
        self.history = history
        lengths = {name: len(column) for name, column in self.history.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(
                "fit: the columns of a history must have a number for each epoch, got "
                + listed(f"{length} in {name}" for name, length in lengths.items())
            )
        for name in columns:
            self.history.setdefault(name, [])
        self._optimizer, self._steps = optimizer, steps
        self._level(len(self.history.loss))
        self.confirm()

    def enter(self, losses: Sequence[float], rates: Sequence[Sequence[float]]) -> None:
        """Enter epochs, the last steps of which are about to be taken.

        Args:
            losses: Their losses.
            rates: For each the learning rates of the groups of parameters.
        """
        first = len(self.history.loss)
        self._write(
            first, {"loss": losses, **{lr_name(k): column for k, column in enumerate(zip(*rates, strict=True))}}
        )

    def add(self, numbers: Mapping[str, float]) -> None:
        """Enter what else is known of the last epoch entered, which is finished."""
        epochs = len(self.history.loss)
        self._write(epochs - 1, {name: [number] for name, number in numbers.items()})
        self._level(epochs)

    def check(self) -> None:
        """Make floats of what callbacks have written, and refuse what is no column of numbers, one for each epoch.

        Raises:
            ValueError: If there are columns longer or shorter than the others.
            TypeError: If something in one is no number.
        """
        epochs = self._confirmed[0]
        for name, column in list(self.history.items()):
            if type(column) is not list or not set(map(type, column)) <= {float}:
                self.history[name] = [math.nan] * epochs  # a column, whatever it was
                self.history[name] = _written(name, column)
        odd = [f"{len(column)} in {name}" for name, column in self.history.items() if len(column) != epochs]
        if odd:
            raise ValueError(
                f"fit: after {epochs} epochs a column must have as many numbers, callbacks left {listed(odd)}; "
                "a column of your own is begun with history.setdefault(name, [math.nan] * epoch), and set at [-1]"
            )

    def confirm(self) -> None:
        """All epochs entered are finished."""
        self._confirmed = (len(self.history.loss), self._optimizer.t)

    def close(self) -> None:
        """Leave the epochs that are finished."""
        epochs, t = self._confirmed
        self._level(min(len(self.history.loss), epochs + max(0, self._optimizer.t - t) // self._steps))

    def _write(self, first: int, columns: Mapping[str, Sequence[float]]) -> None:
        for name, numbers in columns.items():
            column = self.history.setdefault(name, [])
            column += [math.nan] * (first - len(column))
            column[first:] = numbers

    def _level(self, epochs: int) -> None:
        """Give all columns a number for each of so many epochs: nan, where none is known."""
        for column in self.history.values():
            column += [math.nan] * (epochs - len(column))
            del column[epochs:]
