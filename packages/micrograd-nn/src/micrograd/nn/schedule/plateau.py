"""A schedule that looks at how the training goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from typing import Literal, SupportsFloat

from micrograd.engine import assign
from micrograd.nn.inputs import described, integer, number, shown
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule.scheduler import LRScheduler, for_each_group


class ReduceLROnPlateau(LRScheduler):
    """The learning rate times `factor` when a metric has stopped improving.

    Counterpart: `torch.optim.lr_scheduler.ReduceLROnPlateau`. In `fit`, the metric is the validation loss, or without
    validation samples the loss. An epoch whose validation loss Ctrl-C has prevented is passed over.

    Args:
        optimizer: The optimiser.
        mode: `"min"` if the metric is to fall, `"max"` if it is to rise.
        factor: The factor, below 1.
        patience: After how many epochs without improvement, at least 0, the next one reduces the rates.
        threshold: How much counts as an improvement:
        threshold_mode: `"rel"` for that part of the best metric, `"abs"` for so much.
        cooldown: How many epochs after a reduction do not count, at least 0.
        min_lr: The lowest rate, for all groups or a list with one for each.
        eps: Rates are not changed by less than this.

    Attributes:
        best: The best metric so far.
        num_bad_epochs: The number of epochs since then.
        cooldown_counter: How many epochs will not count.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If an argument is out of range.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
        >>> for loss in (0.9, 0.8, 0.8, 0.8):
        ...     schedule.step(loss)
        >>> optimizer.lr
        0.5
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self._attach(optimizer)
        self.mode, self.factor, self.patience = mode, factor, patience
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.cooldown, self.min_lr, self.eps = cooldown, min_lr, eps
        self.best = -math.inf if mode == "max" else math.inf
        self.num_bad_epochs = self.cooldown_counter = 0
        self._check()

    def step(self, metrics: SupportsFloat) -> None:  # type: ignore[override]
        """Look at the metric of an epoch, and reduce the rates if it is time. See `LRScheduler.step`.

        Args:
            metrics: The metric. A nan is no improvement.

        Raises:
            TypeError: If it is no number.
            ValueError: If `min_lr` is a list, and groups have come or gone.
        """
        try:
            current = float(metrics)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"ReduceLROnPlateau: metrics must be a number, got {described(metrics)}") from None
        ahead = copy(self)
        ahead.last_epoch += 1
        ahead.num_bad_epochs += 1
        if ahead._improves(current):
            ahead.best, ahead.num_bad_epochs = current, 0
        if ahead.cooldown_counter > 0:
            ahead.cooldown_counter -= 1
            ahead.num_bad_epochs = 0
        groups = self.optimizer.param_groups
        ahead._last_lr = [group["lr"] for group in groups]
        if ahead.num_bad_epochs > ahead.patience:
            ahead._last_lr = ahead.get_lr()
            ahead.cooldown_counter, ahead.num_bad_epochs = ahead.cooldown, 0
        rates = zip(groups, ahead._last_lr, strict=True)
        assign((self, "__dict__", vars(ahead)), *((group, "lr", rate) for group, rate in rates))

    def get_lr(self) -> list[float]:
        """The reduced rate of each group, or the present one if that makes little difference."""
        present = [float(group["lr"]) for group in self.optimizer.param_groups]
        lowest = for_each_group("ReduceLROnPlateau", "min_lr", self.min_lr, len(present))
        reduced = [max(rate * self.factor, low) for rate, low in zip(present, lowest, strict=True)]
        return [new if rate - new > self.eps else rate for rate, new in zip(present, reduced, strict=True)]

    def _improves(self, current: float) -> bool:
        """Whether a metric is better than the best by more than the threshold."""
        sign = 1 if self.mode == "max" else -1
        margin = sign * self.threshold
        target = self.best * (1.0 + margin) if self.threshold_mode == "rel" else self.best + margin
        return current > target if self.mode == "max" else current < target

    def _check(self) -> None:
        super()._check()
        name = type(self).__name__
        for choice, choices in (("mode", ("min", "max")), ("threshold_mode", ("rel", "abs"))):
            if getattr(self, choice) not in choices:
                raise ValueError(f"{name}: {choice} must be one of {choices}, got {shown(getattr(self, choice))}")
        for attribute in ("factor", "threshold", "eps", "best"):
            setattr(self, attribute, number(name, attribute, getattr(self, attribute)))
        if self.factor >= 1.0:
            raise ValueError(f"{name}: factor must be below 1, got {self.factor}")
        for attribute in ("patience", "cooldown", "num_bad_epochs", "cooldown_counter"):
            setattr(self, attribute, integer(name, attribute, getattr(self, attribute), least=0))
        for_each_group(name, "min_lr", self.min_lr, len(self.base_lrs))
