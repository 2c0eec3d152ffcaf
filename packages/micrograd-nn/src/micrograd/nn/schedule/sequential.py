"""Schedules one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from micrograd.engine import assign
from micrograd.nn.inputs import described, integer, shown
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule.plateau import ReduceLROnPlateau
from micrograd.nn.schedule.scheduler import Change, LRScheduler, check_entries


class SequentialLR(LRScheduler):
    """One schedule after the other. Counterpart: `torch.optim.lr_scheduler.SequentialLR`.

    Each begins at its milestone, from the rates that it found when it was made, or of groups that were added later from
    their present ones.

    Args:
        optimizer: The optimiser.
        schedulers: Schedules of this optimiser, made in this order.
        milestones: The epoch in which each but the first begins.

    Attributes:
        schedulers: The schedules.
        milestones: The epochs.

    Raises:
        TypeError: If a schedule is none.
        ValueError: If there are no schedules, one belongs to another optimiser, comes twice or cannot be in here:
            `ReduceLROnPlateau` and another `SequentialLR`; or milestones do not fit.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD, ExponentialLR, LinearLR
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> warmup = LinearLR(optimizer, start_factor=0.25, total_iters=3)
        >>> decay = ExponentialLR(optimizer, gamma=0.5)
        >>> schedule = SequentialLR(optimizer, [warmup, decay], milestones=[4])
        >>> rates = []
        >>> for _ in range(6):
        ...     rates.append(optimizer.lr)
        ...     schedule.step()
        >>> rates
        [0.25, 0.5, 0.75, 1.0, 1.0, 0.5]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        self.optimizer = optimizer
        self.schedulers = list(schedulers)
        for i, schedule in enumerate(self.schedulers):
            if not isinstance(schedule, LRScheduler):
                raise TypeError(f"SequentialLR: schedule {i} must be a schedule, got {described(schedule)}")
            if isinstance(schedule, (ReduceLROnPlateau, SequentialLR)):
                raise ValueError(f"SequentialLR: schedule {i} must be no {type(schedule).__name__}")
            if schedule.optimizer is not optimizer:
                raise ValueError(f"SequentialLR: schedule {i} must be one of the same optimizer, and is not")
            before, now = len(schedule.base_lrs), len(optimizer.param_groups)
            if before != now:
                raise ValueError(
                    f"SequentialLR: schedule {i} was made for {before} groups of parameters, the optimizer has {now}; "
                    "make the schedules when all groups are there"
                )
        if not self.schedulers or len(set(map(id, self.schedulers))) < len(self.schedulers):
            raise ValueError("SequentialLR takes at least one schedule, and each once")
        self.milestones = _milestones(milestones, len(self.schedulers) - 1)
        first = self.schedulers[bisect_right(self.milestones, 0)]
        assign(
            *((schedule, "last_epoch", -1) for schedule in self.schedulers),  # not begun
            *first._at(0, [group.get("initial_lr", group["lr"]) for group in optimizer.param_groups]),
        )

    @property
    def _present(self) -> int:
        """The place of the schedule that has begun last."""
        return max(i for i, schedule in enumerate(self.schedulers) if schedule.last_epoch >= 0)

    @property
    def last_epoch(self) -> int:  # type: ignore[override]
        """The number of `step()` calls so far, which the present schedule counts."""
        i = self._present
        return [0, *self.milestones][i] + self.schedulers[i].last_epoch

    @property
    def base_lrs(self) -> list[float]:  # type: ignore[override]
        """The rates that the first schedule began with."""
        return self.schedulers[0].base_lrs

    @property
    def sets(self) -> Sequence[str]:  # type: ignore[override]
        """What the schedules set beside `lr`."""
        return list(dict.fromkeys(name for schedule in self.schedulers for name in schedule.sets))

    def get_lr(self) -> list[float]:
        """What the present schedule says."""
        return self.schedulers[self._present].get_lr()

    def get_last_lr(self) -> list[float]:
        """The rate of each group that the present schedule has set."""
        return self.schedulers[self._present].get_last_lr()

    def step(self) -> None:
        """Go to the next epoch: step the present schedule, or begin with the next. See `LRScheduler.step`."""
        epoch = self.last_epoch + 1
        i = bisect_right(self.milestones, epoch)
        schedule = self.schedulers[i]
        if i > 0 and self.milestones[i - 1] == epoch:
            later = self.optimizer.param_groups[len(schedule.base_lrs) :]
            assign(*schedule._at(0, [*schedule.base_lrs, *(group["lr"] for group in later)]))
        else:
            schedule.step()

    def state_dict(self) -> dict[str, Any]:
        """The milestones, and the states of the schedules. See `LRScheduler.state_dict`."""
        return {
            "milestones": list(self.milestones),
            "schedulers": [schedule.state_dict() for schedule in self.schedulers],
        }

    def _loaded(self, state: Any) -> list[Change]:
        check_entries(state, self.state_dict())
        states, count = state["schedulers"], len(self.schedulers)
        if not isinstance(states, (list, tuple)) or len(states) != count:
            raise ValueError(f"schedulers must have the states of {count} schedules, got {shown(states)}")
        changes: list[Change] = [(self, "milestones", _milestones(state["milestones"], count - 1))]
        begun = []
        for i, (schedule, part) in enumerate(zip(self.schedulers, states, strict=True)):
            try:
                changes += schedule._loaded(part)
            except ValueError as error:
                raise ValueError(f"schedule {i}, {type(schedule).__name__}: {error}") from None
            begun.append(part["last_epoch"] >= 0)
        if not any(begun):
            raise ValueError("none of its schedules has begun")
        return changes


def _milestones(milestones: Sequence[int], count: int) -> list[int]:
    """The milestones, if they are so many and come one after the other.

    Raises:
        ValueError: If they are not.
    """
    if not isinstance(milestones, (list, tuple)) or len(milestones) != count:
        raise ValueError(
            f"SequentialLR: milestones must be one fewer than the {count + 1} schedules, got {shown(milestones)}"
        )
    epochs = [integer("SequentialLR", "each milestone", epoch, least=0) for epoch in milestones]
    if any(later < epoch for epoch, later in pairwise(epochs)):
        raise ValueError(f"SequentialLR: milestones must come one after the other, got {shown(milestones)}")
    return epochs
