"""What happens when an epoch has ended: the same in the eager loop and in the compiled one."""

from __future__ import annotations

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
        self._known: dict[str, float] = {}  # of the last epoch, until the schedules have stepped for it
        self._note_stepped()

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
        self._note_stepped()  # for a callback may have stepped the schedules, or loaded them
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
        self._note_stepped(1)
        self._entries.confirm()
        try:
            for prefix, (samples, targets) in self._measured.items():
                found = self.evaluation(samples, targets, loss=prefix == VALIDATION)
                self._known |= {prefix + name: number for name, number in found.items()}
        finally:
            known = self._known
            self._entries.add(known)
            self._step_schedules()
        if known:
            advance(self._state.history.loss[-1], 0, known)
        for callback in self._callbacks:
            call(callback, "on_epoch_end", self._state)
            self._entries.check()  # before the next one saves it
        if self._callbacks:
            set_mode(self._modules, True)  # one may have looked at the model in evaluation mode
            check_frozen(self._state.model, self._modules, self._state.optimizer)
            self._entries.confirm()  # for it may have taken steps of its own,
            self._note_stepped()  # of the optimiser or of the schedules
        return not self._state.stop

    def finish(self) -> None:
        """Close the history, step schedules that Ctrl-C kept from it, and call what is to be called in the end."""
        if self._known:
            self._entries.add(self._known)
        self._entries.close()
        with ExitStack() as stack:
            for callback in reversed(self._begun):
                stack.callback(call, callback, "on_fit_end", self._state)
            self._step_schedules()

    def _note_stepped(self, but: int = 0) -> None:
        """The schedules have stepped for all epochs of the history, but so many of the last."""
        counts = [_steps(schedule) for schedule in self._schedules]
        self._stepped, self._known = (len(self._state.history.loss) - but, counts), {}

    def _step_schedules(self) -> None:
        """Step each schedule for the epochs of the history for which it has not stepped yet.

        An `LRScheduler` counts its steps, in the same moment as it takes them: so whenever Ctrl-C comes, none is lost
        and none is taken twice. `ReduceLROnPlateau` passes over an epoch whose validation loss is not known.
        """
        history, validated = self._state.history, VALIDATION in self._measured
        epochs, counts = self._stepped
        new = len(history.loss) - epochs
        try:
            for schedule, before in zip(self._schedules, counts, strict=True):
                for _ in range(min(new, new - (_steps(schedule) - before))):  # a callback may have put it back
                    if not isinstance(schedule, ReduceLROnPlateau):
                        schedule.step()
                    elif not validated or "val_loss" in self._known:
                        schedule.step(self._known["val_loss"] if validated else history.loss[-1])
        except Exception:  # is raised once, and not again in the end
            self._schedules = ()
            self._note_stepped()
            raise
        self._note_stepped()


def _steps(schedule: LRScheduler) -> int:
    """How many steps a schedule has counted; 0 for one of another kind, which may count as it likes."""
    return schedule.last_epoch if isinstance(schedule, LRScheduler) else 0


VALIDATION = "val_"


def measured_columns(metrics: Iterable[str], validated: bool) -> list[str]:
    """The names of what is measured after each epoch, in the order of the columns."""
    names = list(metrics)
    return [*names, *(VALIDATION + name for name in ("loss", *names) if validated)]
