"""To save all of a training while it goes on, and to go on from there, to the bit."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from micrograd.nn.inputs import described, integer, is_number, listed, shown
from micrograd.nn.module import Module
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler
from micrograd.nn.state import load, save
from micrograd.nn.training.callbacks import FitState, checked_callbacks, with_state
from micrograd.nn.training.history import History
from micrograd.nn.training.schedules import schedules_of

_PARTS = ("model", "optimizer", "schedules", "callbacks", "random", "history")


class Checkpoint:
    """A callback of `fit` that saves all that `resume` needs. Counterpart: `keras.callbacks.BackupAndRestore`.

    The file holds the states of the model, the optimiser, the schedules and those callbacks that have a `state_dict`,
    that of Python's global `random`, and the history, as they are when the next epoch begins. What callbacks after this
    one change is not in it, so let it be the last. It is written as a whole or not at all: whatever happens meanwhile,
    there is one to go on from.

    Args:
        path: The file, replaced if it exists. Its folder must exist.
        every: After how many epochs, each time, to write it, at least 1.

    Raises:
        ValueError: If `every` is out of range; and in `fit`, if the optimiser trains Values that are not parameters of
            the model, which no file would hold.
        TypeError: In `fit`, if the model is no Module, a schedule has no state, or a callback has one that nobody can
            load.
        OSError: In `fit`, if the file cannot be written.

    Example:
        >>> import os, tempfile
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> def training(epochs, callbacks=(), history=None):
        ...     return fit(
        ...         model, mse_loss, optimizer, [0.0, 1.0, 2.0], [1.0, 3.0, 5.0], epochs, batch_size=1,
        ...         seed=1, callbacks=callbacks, history=history, progress=False,
        ...     )
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "checkpoint.json")
        ...     model = MLP(1, [1])
        ...     optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
        ...     at_five = training(5, callbacks=[Checkpoint(path)])
        ...     at_ten = training(10, history=at_five)
        ...
        ...     model = MLP(1, [1])  # in another process, say
        ...     optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
        ...     training(10, history=resume(path, model, optimizer)) == at_ten
        True
    """

    def __init__(self, path: str | bytes | os.PathLike[Any], every: int = 1) -> None:
        self.path = os.fsdecode(path)
        self.every = integer("Checkpoint", "every", every)

    def on_fit_begin(self, state: FitState) -> None:
        """See that all there is can be saved."""
        if not isinstance(state.model, Module):
            raise TypeError(f"Checkpoint saves the state of a Module, got {described(state.model)} for the model")
        for schedule in schedules_of("fit", state.schedule):
            if not hasattr(schedule, "state_dict"):
                raise TypeError(f"Checkpoint saves the state_dict() of schedules, {described(schedule)} has none")
        with_state("Checkpoint", state.callbacks)
        known = {parameter for _, parameter in state.model.named_parameters()}
        others = sum(parameter not in known for parameter in state.optimizer.params)
        if others:
            raise ValueError(
                f"Checkpoint saves the parameters of the model, but the optimizer trains {others} Values that are none "
                "of them; let the model hold them"
            )
        folder = os.path.dirname(self.path)
        if folder and not os.path.isdir(folder):
            raise FileNotFoundError(f"Checkpoint: there is no folder {shown(folder)} to write to")

    def on_epoch_end(self, state: FitState) -> None:
        """Write the file, if it is time."""
        if state.epoch % self.every == 0:
            version, numbers, gauss = random.getstate()
            save(
                {
                    "model": state.model.state_dict(),
                    "optimizer": state.optimizer.state_dict(),
                    "schedules": [schedule.state_dict() for schedule in schedules_of("fit", state.schedule)],
                    "callbacks": [callback.state_dict() for callback in with_state("Checkpoint", state.callbacks)],
                    "random": [version, list(numbers), gauss],
                    "history": dict(state.history),
                },
                self.path,
            )


def resume(
    path: str | bytes | os.PathLike[Any],
    model: Module,
    optimizer: Optimizer,
    schedule: LRScheduler | Sequence[LRScheduler] | None = None,
    callbacks: Iterable[object] = (),
) -> History:
    """Go back to where a `Checkpoint` was written: `fit(..., history=resume(...))` goes on from there.

    With the same arguments otherwise, the parameters, the optimiser, the schedules, the callbacks and the history are
    in the end those of a training that was never stopped, to the bit. Counterpart: `keras.callbacks.BackupAndRestore`.

    Args:
        path: The file.
        model: A model made in the same way; its parameters are set.
        optimizer: Made for it in the same way; its state is set.
        schedule: As it was given to `fit`: none, one, or several, made in the same way; their states are set.
        callbacks: As they are given to `fit`; the states of those that have one are set.

    Returns:
        The history until then.

    Raises:
        OSError: If the file cannot be read.
        TypeError: If `schedule` or a callback is none.
        ValueError: If it is not a file of `Checkpoint`, or does not fit. In all cases nothing has changed.

    Example:
        See `Checkpoint`.
    """
    path, schedules = os.fsdecode(path), schedules_of("resume", schedule)
    remembering = with_state("resume", checked_callbacks("resume", callbacks))
    state = load(path)
    if set(state) != set(_PARTS):
        raise ValueError(f"{path} is no file of Checkpoint: it holds {listed(state)}, not {listed(_PARTS)}")
    for name, given in (("schedules", schedules), ("callbacks", remembering)):
        saved = state[name]
        if not isinstance(saved, list) or len(saved) != len(given):
            raise ValueError(
                f"{path} was written with other {name}: resume got {len(given)} that have a state, to go on from "
                f"{len(saved) if isinstance(saved, list) else shown(saved)}; give it those that fit gets"
            )
    numbers, history = _random_state(state["random"]), _history(state["history"])
    owners: list[Any] = [model, optimizer, *schedules, *remembering]
    before = [owner.state_dict() for owner in owners], random.getstate()
    try:
        for owner, part in zip(
            owners, (state["model"], state["optimizer"], *state["schedules"], *state["callbacks"]), strict=True
        ):
            owner.load_state_dict(part)
        random.setstate(numbers)
    except BaseException:
        for owner, part in zip(owners, before[0], strict=True):
            owner.load_state_dict(part)
        random.setstate(before[1])
        raise
    return history


def _random_state(entry: Any) -> Any:
    """The state of a generator in a file, as `random.setstate` takes it.

    Raises:
        ValueError: If it is none.
    """
    try:
        version, numbers, gauss = entry
        state = version, tuple(numbers), gauss
        random.Random().setstate(state)
        if gauss is None or is_number(gauss):
            return state
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"the file holds no state of Python's random, but {shown(entry)}")


def _history(entry: Any) -> History:
    """The history in a file.

    Raises:
        ValueError: If it is none.
    """
    columns = entry.values() if isinstance(entry, Mapping) and {"loss", "lr"} <= set(entry) else [None]
    if not all(isinstance(column, list) and all(map(is_number, column)) for column in columns):
        raise ValueError(f"the file holds no history, but {shown(entry)}")
    history = History()
    history |= entry
    return history
