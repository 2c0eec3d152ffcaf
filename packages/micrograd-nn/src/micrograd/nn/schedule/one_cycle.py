"""The 1cycle policy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from micrograd.engine import assign
from micrograd.nn.inputs import flag, integer, number, shown
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule.scheduler import Change, LRScheduler, for_each_group

_UP = ("initial_lr", "max_lr", "max_momentum", "base_momentum")
_BACK = ("max_lr", "initial_lr", "base_momentum", "max_momentum")
_DOWN = ("max_lr", "min_lr", "base_momentum", "max_momentum")
_OUT = ("initial_lr", "min_lr", "max_momentum", "max_momentum")


class OneCycleLR(LRScheduler):
    """Up to `max_lr` and down to nearly nothing, momentum the other way round.

    Counterpart: `torch.optim.lr_scheduler.OneCycleLR`. Source: Smith and Topin, "Super-Convergence: Very Fast Training
    of Neural Networks Using Large Learning Rates", 2018. `fit` steps it once an epoch: `total_steps` is then the number
    of epochs.

    Args:
        optimizer: The optimiser. Its groups note the limits, as `initial_lr`, `max_lr`, `min_lr`, `max_momentum` and
            `base_momentum`.
        max_lr: The highest rate, for all groups or a list with one for each.
        total_steps: The number of steps in the cycle, or None to say `epochs` and `steps_per_epoch`.
        epochs: The number of epochs.
        steps_per_epoch: The number of steps in each.
        pct_start: What part of the steps, from 0 to 1, the rate rises in.
        anneal_strategy: `"cos"` for half a cosine, `"linear"` for a line.
        cycle_momentum: Whether the momentum, or the first of Adam's `betas`, falls while the rate rises, and rises
            while it falls.
        base_momentum: The lowest momentum, for all groups or a list.
        max_momentum: The highest momentum, for all groups or a list.
        div_factor: The first rate is `max_lr / div_factor`.
        final_div_factor: The last rate is the first one divided by this.
        three_phase: Whether to go down to the first rate as fast as up, and from there to the last one.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If an argument is out of range, the number of steps is not given, or the optimiser has no momentum
            to cycle.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=0.1, momentum=0.9)
        >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=10, anneal_strategy="linear")
        >>> for _ in range(2):
        ...     schedule.step()
        >>> round(optimizer.lr, 6), round(optimizer.hyper["momentum"], 6)
        (1.0, 0.85)
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.85,
        max_momentum: float | Sequence[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
    ) -> None:
        self._attach(optimizer)
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        self.pct_start, self.anneal_strategy, self.three_phase = pct_start, anneal_strategy, three_phase
        self.cycle_momentum = cycle_momentum
        self._check()
        groups = optimizer.param_groups
        limits: dict[str, list[float]] = {"max_lr": for_each_group("OneCycleLR", "max_lr", max_lr, len(groups))}
        limits["initial_lr"] = [rate / _divisor("div_factor", div_factor) for rate in limits["max_lr"]]
        limits["min_lr"] = [rate / _divisor("final_div_factor", final_div_factor) for rate in limits["initial_lr"]]
        if self.cycle_momentum:
            limits["max_momentum"] = for_each_group("OneCycleLR", "max_momentum", max_momentum, len(groups))
            limits["base_momentum"] = for_each_group("OneCycleLR", "base_momentum", base_momentum, len(groups))
        assign(*((groups, name, numbers) for name, numbers in limits.items()))
        super().__init__(optimizer)

    @property
    def sets(self) -> Sequence[str]:  # type: ignore[override]
        """The momentum, or the betas whose first it is, if that goes round too."""
        if not self.cycle_momentum:
            return ()
        return ("betas",) if "betas" in self.optimizer.defaults else ("momentum",)

    def get_lr(self) -> list[float]:
        """Between the limits of the present phase. See `LRScheduler.get_lr`."""
        (start, end, _, _), part = self._phase(self.last_epoch)
        groups = zip(self.optimizer.param_groups, self.base_lrs, strict=False)  # those that there were
        return [self._between(group[start], group[end], part) for group, _ in groups]

    def _at(self, epoch: int, present: Sequence[float] | None = None) -> list[Change]:
        changes = super()._at(epoch, present)
        (_, _, start, end), part = self._phase(epoch)
        for name in self.sets:
            for group in self.optimizer.param_groups:
                momentum = self._between(group[start], group[end], part)
                changes.append((group, name, (momentum, *group[name][1:]) if name == "betas" else momentum))
        return changes

    def _phase(self, epoch: int) -> tuple[tuple[str, str, str, str], float]:
        """The limits between which an epoch lies, and which part of the way it is.

        Raises:
            ValueError: If the epoch comes after the cycle.
        """
        if epoch > self.total_steps:
            raise ValueError(f"OneCycleLR has a cycle of {self.total_steps} steps, and all have been taken")
        rise, last = self.pct_start * self.total_steps, self.total_steps - 1
        phases = (
            [(rise - 1, _UP), (2 * rise - 2, _BACK), (last, _OUT)]
            if self.three_phase
            else [(rise - 1, _UP), (last, _DOWN)]
        )
        i = next((i for i, (end, _) in enumerate(phases) if epoch <= end), len(phases) - 1)
        start, (end, limits) = phases[i - 1][0] if i else 0.0, phases[i]
        return limits, (epoch - start) / (end - start) if start != end else 1.0

    def _between(self, start: float, end: float, part: float) -> float:
        """The number at a part of the way."""
        if self.anneal_strategy == "cos":
            return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)
        return (end - start) * part + start

    def _check(self) -> None:
        super()._check()
        self.total_steps = integer("OneCycleLR", "total_steps", self.total_steps)
        self.pct_start = number("OneCycleLR", "pct_start", self.pct_start)
        if not 0.0 <= self.pct_start <= 1.0:
            raise ValueError(f"OneCycleLR: pct_start must be from 0 to 1, got {self.pct_start}")
        if self.anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"OneCycleLR: anneal_strategy must be 'cos' or 'linear', got {shown(self.anneal_strategy)}"
            )
        self.cycle_momentum = flag("OneCycleLR", "cycle_momentum", self.cycle_momentum)
        self.three_phase = flag("OneCycleLR", "three_phase", self.three_phase)
        if self.cycle_momentum and self.optimizer.defaults.keys().isdisjoint({"momentum", "betas"}):
            raise ValueError(
                f"OneCycleLR: {type(self.optimizer).__name__} has no momentum and no betas; use cycle_momentum=False"
            )
        self._phase(max(0, self.last_epoch))


def _total(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    """The number of steps.

    Raises:
        ValueError: If it is not given.
    """
    if total_steps is not None:
        return integer("OneCycleLR", "total_steps", total_steps)
    if epochs is None or steps_per_epoch is None:
        raise ValueError("OneCycleLR takes total_steps, or epochs and steps_per_epoch")
    return integer("OneCycleLR", "epochs", epochs) * integer("OneCycleLR", "steps_per_epoch", steps_per_epoch)


def _divisor(name: str, given: float) -> float:
    """The number, if it is one above 0.

    Raises:
        ValueError: If it is not.
    """
    if number("OneCycleLR", name, given) > 0:
        return float(given)
    raise ValueError(f"OneCycleLR: {name} must be a number above 0, got {shown(given)}")
