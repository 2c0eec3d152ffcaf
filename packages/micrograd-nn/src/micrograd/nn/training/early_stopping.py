"""To stop a training when it gets no better."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any, Literal

from micrograd.engine import Value, assign
from micrograd.nn.inputs import flag, integer, is_number, listed, non_negative, shown
from micrograd.nn.module import Module
from micrograd.nn.state import check_count, loading
from micrograd.nn.training.callbacks import FitState

_ENTRIES = ("first", "epoch", "parameters")


class EarlyStopping:
    """A callback of `fit` that stops when epochs bring no improvement. Counterpart: `keras.callbacks.EarlyStopping`.

    What counts is the history: one that is gone on with counts too, so patience goes on as well. A nan is no
    improvement. Source: Prechelt, "Early Stopping - But When?", in "Neural Networks: Tricks of the Trade", 1998.

    Args:
        patience: After how many epochs without improvement, one after the other, to stop; 0 does the same as 1.
        restore_best: Whether all parameters of the model and of the optimiser, those that are not trained as well, are
            in the end what they were after the best epoch, however the training ends. What else the optimiser keeps
            stays as it is, and so does the history. One callback of a training can do so.
        monitor: The column of the history to look at. None for `val_loss`, or `loss` without validation.
        mode: Whether "min" or "max" is good.
        min_delta: By how much at least a number must be better than the best so far.

    Attributes:
        best_epoch: The number of the best epoch, 1 for the first; 0 if there is none yet.

    Raises:
        ValueError: If an argument is out of range; and in `fit`, if the history has no such column, or if another
            callback restores parameters as well.

    Warns:
        RuntimeWarning: If the best epoch came before this callback did, so that nobody kept its parameters. `resume`
            gives a callback that is made anew what the one before had kept.

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
        self._seen = 0  # how many epochs have been looked at
        self._forget(None)

    def on_fit_begin(self, state: FitState) -> None:
        """Look at the epochs there have been."""
        restoring = [each for each in state.callbacks if isinstance(each, EarlyStopping) and each.restore_best]
        if len(restoring) > 1:
            raise ValueError(
                f"EarlyStopping: {len(restoring)} callbacks have restore_best=True, but the parameters can be those of "
                "one best epoch only; let the others have restore_best=False"
            )
        self.best_epoch, self._best = 0, math.inf
        column = self._column(state)
        self._recognise(state)
        for epoch, number in enumerate(column, 1):
            self._look(epoch, number)
        self._keep(state)
        self._seen = state.epoch
        self._stop(state)

    def on_epoch_end(self, state: FitState) -> None:
        """Look at one more."""
        self._look(state.epoch, self._column(state)[-1])
        self._keep(state)
        self._seen = state.epoch  # not before: if Ctrl-C comes, all of this is done again in the end
        self._stop(state)

    def on_fit_end(self, state: FitState) -> None:
        """Go back to the best parameters, if that is wanted."""
        if state.epoch > self._seen:  # what ended the training came between the epoch and this callback
            self.on_epoch_end(state)
        if not self.restore_best:
            return
        if self._epoch == self.best_epoch:
            assign(([*self._parameters.values()], "data", [*self._numbers.values()]))
        else:
            warnings.warn(
                f"EarlyStopping cannot restore the parameters of the best epoch, {self.best_epoch}, which came before "
                "this callback did: they stay as they are",
                RuntimeWarning,
                stacklevel=2,
            )

    def state_dict(self) -> dict[str, Any]:
        """What it has kept, for `Checkpoint`: the rest is in the history.

        Returns:
            A new dict that `micrograd.nn.save` can write: how many epochs came before the training as `first`, and the
            numbers in the `parameters` after an `epoch`, by their names.
        """
        return {"first": self._first, "epoch": self._epoch, "parameters": dict(self._numbers)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state. The next training must be that of a model whose parameters have the same names.

        Args:
            state_dict: What `state_dict()` returned.

        Raises:
            ValueError: If it is something else. Nothing has changed then.
        """
        with loading(self):
            if not isinstance(state_dict, Mapping) or set(state_dict) != set(_ENTRIES):
                raise ValueError(f"it must have the entries {listed(_ENTRIES)}, got {shown(state_dict)}")
            first, epoch, numbers = (state_dict[name] for name in _ENTRIES)
            if first is not None:
                check_count("first", first, "epochs before")
            check_count("epoch", epoch, "epochs")
            if not isinstance(numbers, Mapping) or not all(map(is_number, numbers.values())):
                raise ValueError(f"parameters must be numbers by name, got {shown(numbers)}")
        assign(
            (self, "_first", first),
            (self, "_epoch", epoch),
            (self, "_numbers", {name: float(number) for name, number in numbers.items()}),
            (self, "_parameters", {}),
        )

    def _forget(self, first: int | None) -> None:
        """Begin with another training, before which there were so many epochs; None if it has yet to come."""
        self._first = first
        self._epoch = 0  # after which there were these numbers in the parameters, by their names
        self._numbers: dict[str, float] = {}
        self._parameters: dict[str, Value] = {}  # empty if a state has been loaded, until the training begins

    def _recognise(self, state: FitState) -> None:
        """Find out whether this training goes on with the one before, and its parameters if a state has been loaded.

        Raises:
            ValueError: If the state that has been loaded is that of another model.
        """
        present = _all_parameters(state)
        if self._numbers and not self._parameters:
            unknown = [name for name in self._numbers if name not in present]
            if unknown:
                raise ValueError(f"EarlyStopping has the state of another model, with the parameters {listed(unknown)}")
            self._parameters = {name: present[name] for name in self._numbers}
        others = set(self._parameters.values()) - set(present.values())
        if self._first is None or others or state.epoch < max(self._epoch, self._first, 1):
            self._forget(state.epoch)

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
        if self.restore_best and self.best_epoch == state.epoch and self._epoch != state.epoch:
            parameters = _all_parameters(state)
            numbers = {name: parameter.data for name, parameter in parameters.items()}
            assign((self, "_epoch", state.epoch), (self, "_parameters", parameters), (self, "_numbers", numbers))

    def _stop(self, state: FitState) -> None:
        since = self.best_epoch or self._first or 0  # before, the column may have been unknown
        if state.epoch - since >= max(1, self.patience):
            state.stop = True


def _all_parameters(state: FitState) -> dict[str, Value]:
    """The parameters of the model by their names, trained or not, and what else the optimiser trains."""
    model = dict(state.model.named_parameters()) if isinstance(state.model, Module) else {}
    known = set(model.values())
    others = (parameter for parameter in state.optimizer.params if parameter not in known)
    return model | {f"optimizer {i}": parameter for i, parameter in enumerate(others)}
