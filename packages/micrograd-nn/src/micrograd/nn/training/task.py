"""What a call of `fit` is to do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from micrograd.engine import Value, find_anomaly, topological_order
from micrograd.nn.inputs import to_lists
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler


class Diverged(ArithmeticError):
    """The loss or a gradient is nan or infinite."""


@dataclass(frozen=True)
class Task:
    """What `fit` has to do, checked: the eager loop and the compiled one both work from it.

    Attributes:
        model: As `fit` takes it; `loss`, `optimizer` and `schedule` too.
        samples: Rows of numbers: lists, or for the compiled loop perhaps an array.
        targets: One for each sample, in a list or an array.
        epochs: How many times to go through all samples.
        size: The number of samples in a batch; the last may have fewer.
        shuffle: Changes the order of the samples before each epoch; None to leave them in theirs.
    """

    model: Callable[[list[Value]], Any]
    loss: Callable[[list[Any], list[Any]], Value]
    optimizer: Optimizer
    schedule: LRScheduler | None
    samples: Any
    targets: Any
    epochs: int
    size: int
    shuffle: Callable[[list[int]], None] | None

    @property
    def steps(self) -> int:
        """The number of batches in an epoch."""
        return -(-len(self.samples) // self.size)

    @property
    def sizes(self) -> list[int]:
        """The number of samples in each batch of an epoch."""
        return [self.size] * (self.steps - 1) + [len(self.samples) - self.size * (self.steps - 1)]

    def orders(self) -> Iterator[list[int]]:
        """The order of the samples in each epoch."""
        order = list(range(len(self.samples)))
        for _ in range(self.epochs):
            if self.shuffle is not None:
                order = order.copy()  # the compiled loop collects several
                self.shuffle(order)
            yield order

    def batches(self, order: list[int]) -> list[list[int]]:
        """The batches of an epoch."""
        return [order[start : start + self.size] for start in range(0, len(order), self.size)]

    def part(self, chosen: list[int]) -> Task:
        """The same task with some of the samples, as lists."""
        samples, targets = ([to_lists(rows[i]) for i in chosen] for rows in (self.samples, self.targets))
        return replace(self, samples=samples, targets=targets)

    def differentiate(self, batch: list[int], first: bool = False) -> float:
        """Put the gradients of a batch into the parameters; gives its loss.

        Args:
            batch: Which samples.
            first: Whether to refuse an optimiser that was made for another model.

        Raises:
            TypeError: If the loss is not a Value.
            ValueError: If it depends on no parameter.
            Diverged: If the loss or a gradient is not finite.
        """
        loss = self.loss_of([self.predict(i) for i in batch], batch)
        if first:
            self.check_reach(loss)
        self.optimizer.zero_grad()
        if math.isfinite(loss.data):
            loss.backward()
            if all(math.isfinite(parameter.grad) for parameter in self.optimizer.params):
                return loss.data
        raise Diverged(
            f"fit stopped before step {self.optimizer.t + 1}, with a loss of {loss.data}: {find_anomaly(loss)}. "
            "The parameters are those that led there; try a smaller learning rate, or look for extreme numbers in X"
        )

    def predict(self, i: int) -> Any:
        """What the model says to sample `i`."""
        return self.model([Value(number) for number in self.samples[i]])

    def loss_of(self, predictions: list[Any], batch: list[int]) -> Value:
        """The loss of predictions for the samples of a batch.

        Raises:
            TypeError: If it is not a Value.
        """
        loss = self.loss(predictions, [self.targets[i] for i in batch])
        if not isinstance(loss, Value):
            raise TypeError(f"fit: the loss must return one Value, got {loss!r} ({type(loss).__name__})")
        return loss

    def check_reach(self, loss: Value) -> None:
        """Refuse an optimiser that was made for another model.

        Raises:
            ValueError: If the loss does not depend on any of its parameters.
        """
        if set(topological_order(loss)).isdisjoint(self.optimizer.params):
            raise ValueError(
                "fit: the loss depends on none of the optimizer's parameters, so nothing would be trained: make the "
                "optimizer for this model, and let the loss be computed from Values all the way"
            )
