"""To stop a training when it gets no better."""

from __future__ import annotations

import math
import warnings
from typing import Literal

from micrograd.engine import Value, assign
from micrograd.nn.inputs import flag, integer, listed, non_negative, shown
from micrograd.nn.training.callbacks import FitState


class EarlyStopping:
    """A callback of `fit` that stops when epochs bring no improvement. Counterpart: `keras.callbacks.EarlyStopping`.

    What counts is the history alone: one that is gone on with counts too, so patience goes on as well. A nan is no
    improvement. Source: Prechelt, "Early Stopping - But When?", in "Neural Networks: Tricks of the Trade", 1998.

    Args:
        patience: After how many epochs without improvement, one after the other, to stop; 0 does the same as 1.
        restore_best: Whether the parameters are in the end those of the best epoch, however the training ends. The
            optimiser and the history stay as they are.
        monitor: The column of the history to look at. None for `val_loss`, or `loss` without validation.
        mode: Whether "min" or "max" is good.
        min_delta: By how much at least a number must be better than the best so far.

    Attributes:
        best_epoch: The number of the best epoch, 1 for the first; 0 if there is none yet.

    Raises:
        ValueError: If an argument is out of range; and in `fit`, if the history has no such column.

    Warns:
        RuntimeWarning: If the best epoch came before this callback did, so that nobody kept its parameters.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> model = MLP(1, [1])
        >>> optimizer = SGD(model.parameters(), lr=0.1)
        >>> stopping = EarlyStopping(patience=5, min_delta=1e-3)
        >>> history = fit(model, mse_loss, optimizer, [[1.0]], [2.0], 100, callbacks=[stopping], progress=False)
        >>> len(history.loss) - stopping.best_epoch
        5
    """

    def __init__(
        self,
        patience: int,
        restore_best: bool = True,
        *,
        monitor: str | None = None,
        mode: Literal["min", "max"] = "min",
        min_delta: float = 0.0,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"EarlyStopping: mode must be 'min' or 'max', got {shown(mode)}")
        self.patience = integer("EarlyStopping", "patience", patience, least=0)
        self.restore_best = flag("EarlyStopping", "restore_best", restore_best)
        self.monitor = monitor
        self.mode = mode
        self.min_delta = non_negative("EarlyStopping", "min_delta", min_delta)
        self.best_epoch = 0
        self._best = math.inf  # its number; with mode "max" times -1
        self._first = 0  # how many epochs there were before the training
        self._kept: tuple[int, list[Value], list[float]] = (0, [], [])  # an epoch, the parameters, and their numbers

    def on_fit_begin(self, state: FitState) -> None:
        """Look at the epochs there have been."""
        self.best_epoch, self._best = 0, math.inf
        for epoch, number in enumerate(self._column(state), 1):
            self._look(epoch, number)
        self._first = state.epoch
        if [*map(id, self._kept[1])] != [*map(id, state.optimizer.params)]:
            self._kept = (0, [], [])  # of another training
        self._keep(state)
        self._stop(state)

    def on_epoch_end(self, state: FitState) -> None:
        """Look at one more."""
        self._look(state.epoch, self._column(state)[-1])
        self._keep(state)
        self._stop(state)

    def on_fit_end(self, state: FitState) -> None:
        """Go back to the best parameters, if that is wanted."""
        epoch, parameters, numbers = self._kept
        if not self.restore_best:
            return
        if epoch == self.best_epoch:
            assign((parameters, "data", numbers))
        else:
            warnings.warn(
                f"EarlyStopping cannot restore the parameters of the best epoch, {self.best_epoch}, which came before "
                "this callback did: they stay as they are",
                RuntimeWarning,
                stacklevel=2,
            )

    def _column(self, state: FitState) -> list[float]:
        """The numbers to look at."""
        monitor = self.monitor or ("val_loss" if "val_loss" in state.history else "loss")
        if monitor not in state.history:
            columns = listed(state.history)
            raise ValueError(
                f"EarlyStopping: monitor={shown(monitor)} is no column of the history, which has {columns}"
            )
        return state.history[monitor]

    def _look(self, epoch: int, number: float) -> None:
        number = -number if self.mode == "max" else number
        if number < self._best - self.min_delta:
            self.best_epoch, self._best = epoch, number

    def _keep(self, state: FitState) -> None:
        """Keep the parameters, if this is the best epoch."""
        if self.best_epoch == state.epoch and self._kept[0] != state.epoch:
            parameters = list(state.optimizer.params)
            self._kept = (state.epoch, parameters, [parameter.data for parameter in parameters])

    def _stop(self, state: FitState) -> None:
        since = self.best_epoch or self._first  # before, the column may have been unknown
        if state.epoch - since >= max(1, self.patience):
            state.stop = True
