"""The schedules of a training: none, one, or several."""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.nn.inputs import described
from micrograd.nn.schedule import LRScheduler


def schedules_of(owner: str, schedule: LRScheduler | Sequence[LRScheduler] | None) -> tuple[LRScheduler, ...]:
    """The schedules, however many were given.

    Raises:
        TypeError: If one is none.
    """
    if schedule is None:
        return ()
    schedules = tuple(schedule) if isinstance(schedule, Sequence) else (schedule,)
    for each in schedules:
        if isinstance(each, type) or not callable(getattr(each, "step", None)):
            raise TypeError(f"{owner}: schedule must be a schedule or a list of them, got {described(each)}")
    return schedules
