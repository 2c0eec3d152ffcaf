"""What happens when an epoch has ended: the same in the eager loop and in the compiled one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from micrograd.nn.module import Module
from micrograd.nn.schedule import LRScheduler, ReduceLROnPlateau
from micrograd.nn.training.callbacks import FitState, call
from micrograd.nn.training.evaluation import Evaluation
from micrograd.nn.training.freezing import check_frozen
from micrograd.nn.training.history import Record
from micrograd.nn.training.mode import set_mode


class EpochEnd:
    """What the training loops call when an epoch has ended.

    First the metrics and the validation loss are computed and entered into the history, then the schedules step, then
    callbacks are called: what they see, and perhaps save, is the state in which the next epoch begins.

    Args:
        record: The history that is written.
        state: What callbacks are told, and these.
        schedules: What steps after each epoch.
        modules: Those of the model.
        evaluation: How samples are measured.
        measured: The samples and targets to measure after each epoch, by what the names of their columns begin with.

    Attributes:
        evaluation: How samples are measured. The compiled loop puts in another way to do it.
    """

    def __init__(
        self,
        record: Record,
        state: FitState,
        schedules: Sequence[LRScheduler],
        modules: list[Module],
        evaluation: Evaluation,
        measured: Mapping[str, tuple[Any, list[Any]]],
    ) -> None:
        self.evaluation = evaluation
        self._entries, self._state, self._schedules = record, state, schedules
        self._callbacks, self._modules, self._measured = state.callbacks, modules, measured
        self._begun: list[object] = []

    @property
    def watches(self) -> bool:
        """Whether something looks at the model after each epoch: then the loop must not be epochs ahead."""
        return bool(self._measured) or any(hasattr(callback, "on_epoch_end") for callback in self._callbacks)

    @property
    def validation(self) -> tuple[Any, list[Any]] | None:
        """The samples and targets for validation, if there are any."""
        return self._measured.get(VALIDATION)

    def check(self) -> None:
        """Measure a validation sample, if there are any: what is wrong with them shows before the first epoch."""
        if self.validation is not None:
            self.evaluation.check(*self.validation)

    def begin(self) -> bool:
        """Try loss and metrics on a sample, and call what is to be called before the first epoch.

        Returns:
            Whether to go on.
        """
        self.check()
        for samples, targets in self._measured.values():
            self.evaluation.try_metrics(samples, targets)
        for callback in self._callbacks:
            call(callback, "on_fit_begin", self._state)
            self._begun.append(callback)
        check_frozen(self._state.model, self._modules, self._state.optimizer)
        return not self._state.stop

    def __call__(self, advance: Callable[..., None]) -> bool:
        """Do what is to be done after an epoch; the epoch has been entered and its steps have been taken.

        However it ends, the schedules have stepped, and the columns of the history have one length.

        Args:
            advance: Shows what is known in the progress bar.

        Returns:
            Whether to go on.
        """
        self._entries.confirm()
        known: dict[str, float] = {}
        try:
            for prefix, (samples, targets) in self._measured.items():
                found = self.evaluation(samples, targets, loss=prefix == VALIDATION)
                known |= {prefix + name: number for name, number in found.items()}
        finally:
            self._entries.add(known)
            for schedule in self._schedules:
                if isinstance(schedule, ReduceLROnPlateau):
                    validated = VALIDATION in self._measured  # if Ctrl-C came before that, it is no improvement
                    schedule.step(known.get("val_loss", math.nan) if validated else self._state.history.loss[-1])
                else:
                    schedule.step()
        if known:
            advance(self._state.history.loss[-1], 0, known)
        for callback in self._callbacks:
            call(callback, "on_epoch_end", self._state)
            self._entries.check()  # before the next one saves it
        if self._callbacks:
            set_mode(self._modules, True)  # one may have looked at the model in evaluation mode
            check_frozen(self._state.model, self._modules, self._state.optimizer)
            self._entries.confirm()  # for it may have taken steps of its own
        return not self._state.stop

    def finish(self) -> None:
        """Close the history, and call what is to be called in the end, all of it."""
        self._entries.close()
        with ExitStack() as stack:
            for callback in reversed(self._begun):
                stack.callback(call, callback, "on_fit_end", self._state)


VALIDATION = "val_"


def measured_columns(metrics: Iterable[str], validated: bool) -> list[str]:
    """The names of what is measured after each epoch, in the order of the columns."""
    names = list(metrics)
    return [*names, *(VALIDATION + name for name in ("loss", *names) if validated)]
