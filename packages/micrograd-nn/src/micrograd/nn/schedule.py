"""Learning-rate schedules, equal to those of `torch.optim.lr_scheduler`.

Each is one formula for the learning rate of an epoch. `step()` goes to the next epoch.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from micrograd.engine import assign
from micrograd.nn.inputs import integer
from micrograd.nn.optim import Optimizer


class LRScheduler:
    """What all schedules have in common. Counterpart: `torch.optim.lr_scheduler.LRScheduler`.

    A schedule takes the learning rate that the optimiser has when the schedule is made, and from then on sets it.

    Attributes:
        optimizer: The optimiser whose `lr` is set.
        base_lr: Its learning rate at the beginning.
        last_epoch: The number of `step()` calls so far.

    Args:
        optimizer: The optimiser.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> class Harmonic(LRScheduler):
        ...     def lr_at(self, epoch):
        ...         return self.base_lr / (1 + epoch)
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> Harmonic(optimizer).step()
        >>> optimizer.lr
        0.5
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.base_lr = optimizer.lr
        self.last_epoch = 0
        optimizer.lr = self.lr_at(0)

    def lr_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0. Subclasses define it.

        Raises:
            NotImplementedError: If the subclass does not.
        """
        raise NotImplementedError(f"{type(self).__name__} has no lr_at; define one that takes the number of the epoch")

    def step(self) -> None:
        """Go to the next epoch: set the optimiser's `lr`. Call it after the epoch's steps of the optimiser.

        A Ctrl-C (KeyboardInterrupt) takes effect before or afterwards.
        """
        epoch = self.last_epoch + 1
        assign((self.optimizer, "lr", self.lr_at(epoch)), (self, "last_epoch", epoch))


class StepLR(LRScheduler):
    """The learning rate times `gamma` every `step_size` epochs. Counterpart: `torch.optim.lr_scheduler.StepLR`.

    Args:
        optimizer: The optimiser.
        step_size: The number of epochs between two changes, at least 1.
        gamma: The factor.

    Raises:
        ValueError: If `step_size` is not an int of at least 1.

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
        self.step_size = integer("StepLR", "step_size", step_size)
        self.gamma = gamma
        super().__init__(optimizer)

    def lr_at(self, epoch: int) -> float:
        """`base_lr * gamma ** (epoch // step_size)`."""
        return self.base_lr * self.gamma ** (epoch // self.step_size)


class ExponentialLR(LRScheduler):
    """The learning rate times `gamma` every epoch. Counterpart: `torch.optim.lr_scheduler.ExponentialLR`.

    Args:
        optimizer: The optimiser.
        gamma: The factor.

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
        ValueError: If `T_max` is not an int of at least 1.

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
        self.T_max = integer("CosineAnnealingLR", "T_max", T_max)
        self.eta_min = eta_min
        super().__init__(optimizer)

    def lr_at(self, epoch: int) -> float:
        """`eta_min + (base_lr - eta_min) (1 + cos(π epoch / T_max)) / 2`."""
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * epoch / self.T_max)) / 2


class LambdaLR(LRScheduler):
    """The learning rate times a function of the epoch. Counterpart: `torch.optim.lr_scheduler.LambdaLR`.

    Args:
        optimizer: The optimiser.
        lr_lambda: From the epoch, counted from 0, to the factor.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.nn import SGD
        >>> optimizer = SGD([Value(1.0)], lr=1.0)
        >>> schedule = LambdaLR(optimizer, lambda epoch: 1 - 0.9 * epoch / 100)
        >>> schedule.step()
        >>> optimizer.lr
        0.991
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def lr_at(self, epoch: int) -> float:
        """`base_lr * lr_lambda(epoch)`."""
        return self.base_lr * self.lr_lambda(epoch)


FORMULAS: dict[type[LRScheduler], tuple[object, object]] = {
    kind: (kind.step, kind.lr_at) for kind in (StepLR, ExponentialLR, CosineAnnealingLR)
}
"""Schedules that are a formula of the epoch, and nothing else, unless someone puts other methods in place of these."""
