"""The schedules of a training: none, one, or several."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy

from micrograd.nn.inputs import described
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler, is_formula

FURTHEST = 10_000  # epochs: what comes after these, a schedule's own step says when it comes to it


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


def check_schedules(schedules: Sequence[LRScheduler], optimizer: Optimizer, epochs: int) -> None:
    """Refuse schedules that would do nothing, and those that are known to end too early, as far as one can see.

    Args:
        schedules: The schedules.
        optimizer: The optimiser that is to take the steps.
        epochs: How many epochs are to come; 0 if it is not known, since callbacks may stop, or change the schedules.

    Raises:
        ValueError: If a schedule is made for another optimiser, comes twice, or cannot step so many times.
    """
    parts = parts_of(schedules)
    if len(set(map(id, parts))) < len(parts):
        raise ValueError("fit: a schedule may be given once, alone or as a part of another one, got one twice")
    for part in parts:
        if getattr(part, "optimizer", optimizer) is not optimizer:
            raise ValueError(
                f"fit: the schedule {type(part).__name__} sets the learning rates of another optimizer than the one "
                "that is given; make it for this one"
            )
    _, twins = twins_of(optimizer, [schedule for schedule in schedules if is_formula(schedule)])
    for epoch in range(min(epochs, FURTHEST) if twins else 0):
        for twin in twins:
            try:
                twin.step()
            except ValueError as error:
                raise ValueError(
                    f"fit: the schedule {type(twin).__name__} cannot step after epoch {epoch + 1} of the {epochs} to "
                    f"come: {error}"
                ) from None


def parts_of(schedules: Sequence[LRScheduler]) -> list[LRScheduler]:
    """The schedules, and those that they consist of."""
    return [
        part for schedule in schedules for part in (schedule, *parts_of(getattr(schedule, "schedulers", None) or ()))
    ]


def twins_of(optimizer: Optimizer, schedules: Sequence[LRScheduler]) -> tuple[Optimizer, Sequence[LRScheduler]]:
    """Copies of an optimiser and its schedules that may run ahead: they set nothing but each other."""
    twin = copy(optimizer)
    twin.param_groups = [dict(group) for group in optimizer.param_groups]
    return twin, deepcopy(schedules, {id(optimizer): twin})
