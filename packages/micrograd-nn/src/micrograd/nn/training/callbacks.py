"""What can be called while a model is trained, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from micrograd.nn.inputs import described
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler
from micrograd.nn.training.history import History

HOOKS = ("on_fit_begin", "on_epoch_end", "on_fit_end")


@dataclass
class FitState:
    """What a callback of `fit` is told. It may look at all of it, and change the model and the optimiser.

    With `jit` it may change the numbers of parameters and learning rates alone: `fit` refuses to go on with another
    part of the model or hyperparameter, and what else a Module holds was read when the step was compiled.

    A callback is an object with one or more of the methods `on_fit_begin(state)`, `on_epoch_end(state)` and
    `on_fit_end(state)`. The last one is called however the training ends, if the first one came to its end. If it has
    `state_dict()` and `load_state_dict(state)` as well, `Checkpoint` and `resume` keep what it has to remember.

    Attributes:
        model: As `fit` was given it; `optimizer` and `schedule`, one or several of them or None, too.
        epochs: How many epochs there will be in all, those of an earlier history included.
        callbacks: All that are called, in their order.
        history: What happened so far. When an epoch ends, its numbers are in it, last in each column; and a callback
            may write one of its own: `state.history.setdefault("name", [math.nan] * state.epoch)[-1] = number`.
        stop: Set it to True to end the training.

    Example:
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> class UntilGoodEnough:
        ...     def on_epoch_end(self, state: FitState) -> None:
        ...         state.stop = state.history.loss[-1] < 0.1
        >>> model = MLP(1, [1])
        >>> optimizer = SGD(model.parameters(), lr=0.1)
        >>> callbacks = [UntilGoodEnough()]
        >>> history = fit(model, mse_loss, optimizer, [[1.0]], [2.0], 100, callbacks=callbacks, progress=False)
        >>> len(history.loss) < 100
        True
    """

    model: Any
    optimizer: Optimizer
    schedule: LRScheduler | Sequence[LRScheduler] | None
    epochs: int
    history: History
    callbacks: Sequence[object] = ()
    stop: bool = False

    @property
    def epoch(self) -> int:
        """How many epochs are finished."""
        return len(self.history.loss)


def checked_callbacks(owner: str, callbacks: Iterable[object]) -> list[object]:
    """The callbacks, if each has something to be called.

    Raises:
        TypeError: If one has not, or they are not in a list.
    """
    if not isinstance(callbacks, Iterable):
        raise TypeError(f"{owner}: callbacks must be a list of them, got {described(callbacks)}")
    checked = list(callbacks)
    for callback in checked:
        if isinstance(callback, type) or not any(callable(getattr(callback, hook, None)) for hook in HOOKS):
            raise TypeError(
                f"{owner}: a callback is an object with a method {', '.join(HOOKS)}, got {described(callback)}"
            )
    return checked


def with_state(owner: str, callbacks: Iterable[object]) -> list[Any]:
    """Those of the callbacks that have something to remember.

    Raises:
        TypeError: If nobody could give it back to one.
    """
    remembering = [callback for callback in callbacks if hasattr(callback, "state_dict")]
    for callback in remembering:
        if not hasattr(callback, "load_state_dict"):
            raise TypeError(f"{owner}: {described(callback)} has a state_dict, but no load_state_dict to go with it")
    return remembering


def call(callback: object, hook: str, state: FitState) -> None:
    """Call a method of a callback, if it has it."""
    method = getattr(callback, hook, None)
    if method is not None:
        method(state)
