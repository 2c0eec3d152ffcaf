"""Which schedules are known ahead."""

from __future__ import annotations

from inspect import getattr_static

from micrograd.nn.schedule.chainable import CosineAnnealingLR, ExponentialLR, LinearLR, StepLR
from micrograd.nn.schedule.one_cycle import OneCycleLR
from micrograd.nn.schedule.scheduler import LRScheduler
from micrograd.nn.schedule.sequential import SequentialLR

FORMULAS: dict[type[LRScheduler], dict[str, object]] = {
    kind: {name: getattr_static(kind, name) for name in ("step", "get_lr", "_at")}
    for kind in (StepLR, ExponentialLR, CosineAnnealingLR, LinearLR, OneCycleLR, SequentialLR)
}
"""Schedules whose next rates depend on nothing but themselves and the optimiser's groups, unless someone puts other
methods in place of these."""


def is_formula(schedule: LRScheduler) -> bool:
    """Whether a schedule is one of `FORMULAS`, with all that is in it: then a copy of it may run ahead."""
    methods = FORMULAS.get(type(schedule), {})
    same = [getattr_static(schedule, name) is method for name, method in methods.items()]
    return bool(same) and all(same) and all(map(is_formula, getattr(schedule, "schedulers", ())))
