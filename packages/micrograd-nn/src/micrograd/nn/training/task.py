"""What a call of `fit` is to do."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from micrograd.engine import Value, drawing, find_anomaly, topological_order
from micrograd.nn.clipping import clip_grad_norm_, clip_grad_value_
from micrograd.nn.inputs import to_lists
from micrograd.nn.module import Module
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler


class Diverged(ArithmeticError):
    """The loss or a gradient is nan or infinite."""


@dataclass(frozen=True)
class Task:
    """What `fit` has to do, checked: the eager loop and the compiled one both work from it.

    Attributes:
        model: As `fit` takes it; `loss` and `optimizer`, too.
        schedules: What steps after each epoch.
        samples: Rows of numbers: lists, or for the compiled loop perhaps an array.
        targets: One for each sample, in a list or an array.
        epochs: How many epochs there are.
        size: The number of samples in a batch; the last may have fewer.
        taken: How many samples an epoch takes: all, or fewer, which are drawn for each epoch.
        shuffle: Whether to change the order of the samples before each epoch.
        seed: What an epoch draws from is made of it; None for Python's global `random`.
        weights: One for each sample; None if all count alike, and then the loss is that of whole batches.
        clip_norm: The largest norm of the gradients, if there is one.
        clip_value: The largest size of each, if there is one.
    """

    model: Callable[[list[Value]], Any]
    loss: Callable[[list[Any], list[Any]], Value]
    optimizer: Optimizer
    schedules: Sequence[LRScheduler]
    samples: Any
    targets: Any
    epochs: int
    size: int
    taken: int
    shuffle: bool
    seed: int | None = None
    weights: list[float] | None = None
    clip_norm: float | None = None
    clip_value: float | None = None

    @property
    def arrays(self) -> list[Any]:
        """What there is of each sample: inputs, target, and weight, if there are weights."""
        return [self.samples, self.targets, *([] if self.weights is None else [self.weights])]

    @property
    def steps(self) -> int:
        """The number of batches in an epoch."""
        return -(-self.taken // self.size)

    @property
    def sizes(self) -> list[int]:
        """The number of samples in each batch of an epoch."""
        return [self.size] * (self.steps - 1) + [self.taken - self.size * (self.steps - 1)]

    @property
    def rates(self) -> list[float]:
        """The present learning rate of each group of parameters."""
        return [self.optimizer.hyper_of(group)["lr"] for group in self.optimizer.param_groups]

    def generator(self, t: int) -> Any:
        """What an epoch draws from, that begins after `t` steps: a `random.Random`, or the module `random`.

        That of a seed depends on nothing but the seed and `t`: so a training in several calls is one in a single call.
        """
        return random if self.seed is None else random.Random(f"epoch {self.seed} {t}")

    def order(self, generator: Any) -> list[int]:
        """The order of the samples in an epoch, the first thing that is drawn for it."""
        if not self.shuffle:
            return self._as_they_are
        if self.taken < len(self.samples):
            drawn: list[int] = generator.sample(self._as_they_are, self.taken)
            return drawn
        order = self._as_they_are.copy()
        generator.shuffle(order)
        return order

    @cached_property
    def _as_they_are(self) -> list[int]:
        """All samples in their order."""
        return list(range(len(self.samples)))

    @contextmanager
    def epoch(self) -> Iterator[list[int]]:
        """The order of the samples in the next epoch; while it lasts, `draw` goes on with the same generator."""
        generator = self.generator(self.optimizer.t)
        order = self.order(generator)
        if self.seed is None:
            yield order
        else:
            with drawing(generator.random):
                yield order

    def batches(self, order: list[int]) -> list[list[int]]:
        """The batches of an epoch."""
        return [order[start : start + self.size] for start in range(0, len(order), self.size)]

    def part(self, chosen: list[int]) -> Task:
        """The same task with some of the samples, as lists."""
        samples, targets = ([to_lists(rows[i]) for i in chosen] for rows in (self.samples, self.targets))
        weights = self.weights and [self.weights[i] for i in chosen]
        return replace(self, samples=samples, targets=targets, taken=len(chosen), weights=weights)

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
            + ("" if self.weights is None else ", or for targets that the loss ignores: they need the weight 0")
        )

    def predict(self, i: int) -> Any:
        """What the model says to sample `i`."""
        return self.model([Value(number) for number in self.samples[i]])

    def loss_of(self, predictions: list[Any], batch: list[int]) -> Value:
        """The loss of predictions for the samples of a batch: with weights the mean of what each has alone, weighted.

        Raises:
            TypeError: If it is not a Value.
        """
        if self.weights is None:
            return self._loss(predictions, batch)
        terms = [
            self.weights[i] * self._loss([prediction], [i]) for prediction, i in zip(predictions, batch, strict=True)
        ]
        return sum(terms[1:], terms[0]) / len(terms)

    def _loss(self, predictions: list[Any], batch: list[int]) -> Value:
        loss = self.loss(predictions, [self.targets[i] for i in batch])
        if not isinstance(loss, Value):
            raise TypeError(f"fit: the loss must return one Value, got {loss!r} ({type(loss).__name__})")
        return loss

    def clip(self, parameters: list[Value]) -> None:
        """Cut the gradients of parameters down, if they are to be."""
        if self.clip_norm is not None:
            clip_grad_norm_(parameters, self.clip_norm)
        if self.clip_value is not None:
            clip_grad_value_(parameters, self.clip_value)

    def check_reach(self, loss: Value) -> None:
        """Refuse an optimiser that was made for another model, and warn of one that was made for other parts of it.

        Raises:
            ValueError: If the loss does not depend on any of its parameters.
        """
        parameters = self.optimizer.params
        beyond = set(parameters).difference(topological_order(loss))
        if len(beyond) == len(parameters):
            raise ValueError(
                "fit: the loss depends on none of the optimizer's parameters, so nothing would be trained: make the "
                "optimizer for this model, and let the loss be computed from Values all the way"
            )
        if beyond and isinstance(self.model, Module):
            beyond.difference_update(value for _, value in self.model.named_parameters())
            if beyond:
                warnings.warn(
                    f"fit: {len(beyond)} of the {len(parameters)} parameters of the optimizer are not in the model, "
                    "and the loss does not depend on them: they are not trained. If parts of the model were replaced, "
                    "make the optimizer anew, for model.parameters()",
                    UserWarning,
                    stacklevel=5,  # where the eager loop is called
                )
