"""The epochs to come, as far as they are known: what the rules will read, and what the schedules will be then.

The eager loop steps its schedules after each epoch. Machine code runs many epochs in one call, so copies of the
schedules, and of what they set, are taken some epochs ahead. One that may look at what has happened by then is asked
then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from micrograd.nn.inputs import shown
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler, is_formula
from micrograd.nn.schedule.scheduler import Change
from micrograd.nn.training.schedules import parts_of, twins_of
from micrograd.nn.training.task import Task

AT_ONCE = 1000  # epochs: of each of them the schedules are kept


class Coming(NamedTuple):
    """An epoch that is to come.

    Attributes:
        rates: The learning rate of each group of parameters.
        numbers: What the rules of all groups read of what changes from epoch to epoch.
        groups: The groups of parameters as they will be then, and which they are.
        schedules: The attributes of all schedules as they will be then, and which they are.
    """

    rates: list[float]
    numbers: list[float]
    groups: Sequence[tuple[dict[str, Any], dict[str, Any]]] = ()
    schedules: Sequence[tuple[LRScheduler, dict[str, Any]]] = ()

    @property
    def changes(self) -> list[Change]:
        """What has to be assigned so that optimiser and schedules are as they will be then."""
        return [
            (owner, name, value)
            for owner, later in (*self.groups, *self.schedules)
            for name, value in later.items()
            if name not in _KEPT
        ]


_KEPT = ("params", "optimizer", "schedulers")  # of a group, of a schedule, and of one that consists of others


def foresee(task: Task, most: int, live: Sequence[str]) -> list[Coming]:
    """The next epoch, and those after it that are known already.

    Args:
        task: The task.
        most: How many epochs, at most.
        live: The hyperparameters that change from epoch to epoch.

    Raises:
        ValueError: If the next epoch has a hyperparameter that was compiled as one that is not 0, and is 0.
    """
    optimizer, schedules = task.optimizer, task.schedules
    first = Coming(task.rates, live_numbers(optimizer, live))
    if not schedules:
        return [first] * most
    if not all(is_formula(schedule) and schedule.optimizer is optimizer for schedule in schedules):
        return [first]
    twin, twins = twins_of(optimizer, schedules)
    pairs = list(zip(parts_of(schedules), parts_of(twins), strict=True))
    coming = [first]
    try:
        while len(coming) < min(most, AT_ONCE):
            for schedule in twins:
                schedule.step()
            groups = [
                (group, dict(later)) for group, later in zip(optimizer.param_groups, twin.param_groups, strict=True)
            ]
            rates = [later["lr"] for _, later in groups]
            later_schedules = [(schedule, vars(later)) for schedule, later in pairs]  # which a step replaces
            coming.append(Coming(rates, live_numbers(twin, live), groups, later_schedules))
    except (ValueError, ArithmeticError):
        pass  # the schedule's own step will meet that when it comes to it
    return coming


def live_numbers(optimizer: Optimizer, live: Sequence[str]) -> list[float]:
    """What the rules of all groups read of hyperparameters that change from epoch to epoch, in their order.

    Raises:
        ValueError: If one that was compiled as a number that is not 0 is 0.
    """
    found: list[float] = []
    for group in optimizer.param_groups:
        hyper = optimizer.hyper_of(group)
        for name in live:
            if name != "lr" and not hyper[name]:
                raise ValueError(
                    f"fit with jit=True compiles a {name} that is not 0 into the step, but the schedule makes it "
                    f"{shown(hyper[name])}; use jit=False"
                )
            found += hyper[name] if isinstance(hyper[name], tuple) else [hyper[name]]
    return found


def steps_taken(optimizer: Optimizer) -> list[int]:
    """How many steps each group of parameters has taken."""
    return [optimizer.t - group["since"] for group in optimizer.param_groups]


def live_names(schedules: Sequence[LRScheduler]) -> tuple[str, ...]:
    """The hyperparameters that schedules set, the learning rate first."""
    return tuple(dict.fromkeys(["lr", *(name for schedule in schedules for name in getattr(schedule, "sets", ()))]))
