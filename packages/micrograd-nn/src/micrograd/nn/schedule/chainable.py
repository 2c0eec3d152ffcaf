"""Schedules that make the next rate of the present one, or of the first one, by a formula of the epoch.

Where `lr_at` is defined too, it is the rate of an epoch if nothing else has set it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from micrograd.nn.inputs import described, integer, number
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule.scheduler import LRScheduler


class StepLR(LRScheduler):
    """The learning rate times `gamma` every `step_size` epochs. Counterpart: `torch.optim.lr_scheduler.StepLR`.

    Args:
        optimizer: The optimiser.
        step_size: The number of epochs between two changes, at least 1.
        gamma: The factor.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If `step_size` is not an int of at least 1, or `gamma` no number.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
        >>> for _ in range(4):
        ...     schedule.step()
        >>> optimizer.lr
        0.25
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        """Times `gamma` when `step_size` epochs are over. See `LRScheduler.get_lr`."""
        factor = self.gamma if self.last_epoch and self.last_epoch % self.step_size == 0 else 1.0
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    def _check(self) -> None:
        super()._check()
        self.step_size = integer("StepLR", "step_size", self.step_size)
        self.gamma = number("StepLR", "gamma", self.gamma)

    def lr_at(self, epoch: int) -> float:
        """`base_lr * gamma ** (epoch // step_size)`."""
        return self.base_lr * self.gamma ** (epoch // self.step_size)


class ExponentialLR(LRScheduler):
    """The learning rate times `gamma` every epoch. Counterpart: `torch.optim.lr_scheduler.ExponentialLR`.

    Args:
        optimizer: The optimiser.
        gamma: The factor.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If `gamma` is no number.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> ExponentialLR(optimizer, gamma=0.5).step()
        >>> optimizer.lr
        0.5
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        """Times `gamma`. See `LRScheduler.get_lr`."""
        factor = self.gamma if self.last_epoch else 1.0
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    def _check(self) -> None:
        super()._check()
        self.gamma = number("ExponentialLR", "gamma", self.gamma)

    def lr_at(self, epoch: int) -> float:
        """`base_lr * gamma ** epoch`."""
        return self.base_lr * self.gamma**epoch


class CosineAnnealingLR(LRScheduler):
    """Down to `eta_min` along a cosine. Counterpart: `torch.optim.lr_scheduler.CosineAnnealingLR`.

    Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, without restarts.

    Args:
        optimizer: The optimiser.
        T_max: The epoch in which `eta_min` is reached, at least 1. Afterwards the rate rises again.
        eta_min: The lowest learning rate.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If `T_max` is not an int of at least 1, or `eta_min` no number.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = CosineAnnealingLR(optimizer, T_max=2)
        >>> schedule.step()
        >>> f"{optimizer.lr:.2f}"
        '0.50'
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        """What the cosine has lost or gained since the last epoch. See `LRScheduler.get_lr`."""
        groups = self.optimizer.param_groups
        if self.last_epoch == 0:
            return [group["lr"] for group in groups]
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # at the bottom, there is nothing to go by
            step = (1 - math.cos(math.pi / self.T_max)) / 2
            known = zip(groups, self.base_lrs, strict=False)
            rates = [group["lr"] + (base_lr - self.eta_min) * step for group, base_lr in known]
        else:
            before, now = (1 + math.cos(math.pi * (self.last_epoch - k) / self.T_max) for k in (1, 0))
            rates = [now / before * (group["lr"] - self.eta_min) + self.eta_min for group in groups]
        return [0.0 if abs(rate) <= 1e-12 * self.eta_min else rate for rate in rates]  # rounding may end below 0

    def _check(self) -> None:
        super()._check()
        self.T_max = integer("CosineAnnealingLR", "T_max", self.T_max)
        self.eta_min = number("CosineAnnealingLR", "eta_min", self.eta_min)

    def lr_at(self, epoch: int) -> float:
        """`eta_min + (base_lr - eta_min) (1 + cos(π epoch / T_max)) / 2`."""
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * epoch / self.T_max)) / 2


class LinearLR(LRScheduler):
    """From a part of the learning rate to another along a line. Counterpart: `torch.optim.lr_scheduler.LinearLR`.

    Args:
        optimizer: The optimiser.
        start_factor: The part to begin with, above 0 and at most 1.
        end_factor: The part to end with, from 0 to 1.
        total_iters: The epoch in which the end is reached, at least 0. Afterwards the rate stays.

    Raises:
        TypeError: If `optimizer` is none.
        ValueError: If an argument is out of range.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = LinearLR(optimizer, start_factor=0.25, total_iters=3)
        >>> rates = []
        >>> for _ in range(5):
        ...     rates.append(optimizer.lr)
        ...     schedule.step()
        >>> rates
        [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        """As much more of the present rate as the line climbs. See `LRScheduler.get_lr`."""
        rise, factor = self.end_factor - self.start_factor, 1.0
        if self.last_epoch == 0:
            factor = self.start_factor
        elif self.last_epoch <= self.total_iters:
            factor = 1.0 + rise / (self.total_iters * self.start_factor + (self.last_epoch - 1) * rise)
        return [group["lr"] * factor for group in self.optimizer.param_groups]

    def _check(self) -> None:
        super()._check()
        self.start_factor = number("LinearLR", "start_factor", self.start_factor)
        self.end_factor = number("LinearLR", "end_factor", self.end_factor)
        self.total_iters = integer("LinearLR", "total_iters", self.total_iters, least=0)
        if not 0.0 < self.start_factor <= 1.0:
            raise ValueError(f"LinearLR: start_factor must be above 0 and at most 1, got {self.start_factor}")
        if not 0.0 <= self.end_factor <= 1.0:
            raise ValueError(f"LinearLR: end_factor must be from 0 to 1, got {self.end_factor}")


class LambdaLR(LRScheduler):
    """The first learning rate times a function of the epoch. Counterpart: `torch.optim.lr_scheduler.LambdaLR`.

    Args:
        optimizer: The optimiser.
        lr_lambda: From the epoch, counted from 0, to the factor; or a list of such functions, one for each group. They
            are not part of the state.

    Raises:
        TypeError: If `optimizer` is none, there is something else than a function, or one returns no number.
        ValueError: If there are not as many functions as groups.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = LambdaLR(optimizer, lambda epoch: 1 - 0.9 * epoch / 100)
        >>> schedule.step()
        >>> optimizer.lr
        0.991
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]]
    ) -> None:
        self._attach(optimizer)
        groups = len(optimizer.param_groups)
        functions = lr_lambda if isinstance(lr_lambda, Sequence) else [lr_lambda] * groups
        self.lr_lambdas = list(functions)
        if len(self.lr_lambdas) != groups:
            raise ValueError(f"LambdaLR takes a function for each of {groups} groups, got {len(self.lr_lambdas)}")
        for function in self.lr_lambdas:
            if not callable(function):
                raise TypeError(f"LambdaLR: lr_lambda must be a function, or a list of them, got {described(function)}")
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        """The first rate of each group times its function of the epoch."""
        known = zip(self.base_lrs, self.lr_lambdas, strict=False)  # the groups that there were
        return [base_lr * _factor(function, self.last_epoch) for base_lr, function in known]

    def state_dict(self) -> dict[str, Any]:
        """All but the functions. See `LRScheduler.state_dict`."""
        state = super().state_dict()
        del state["lr_lambdas"]
        return state

    def lr_at(self, epoch: int) -> float:
        """`base_lr * lr_lambda(epoch)`."""
        return self.base_lr * _factor(self.lr_lambdas[0], epoch)


def _factor(function: Callable[[int], float], epoch: int) -> float:
    """What the function of an epoch says, as a float.

    Raises:
        TypeError: If it is no number.
    """
    factor = function(epoch)
    try:
        if not isinstance(factor, str):
            return float(factor)
    except (TypeError, ValueError, OverflowError):
        pass
    raise TypeError(f"LambdaLR: lr_lambda must return a number, got {described(factor)} for epoch {epoch}")
