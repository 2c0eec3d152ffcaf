"""How good a model is: its predictions, their loss, and what metrics say of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import cache
from itertools import cycle, islice
from typing import Any, TypeAlias

from micrograd.engine import Value, drawing
from micrograd.nn.inputs import (
    ArrayLike,
    described,
    flag,
    function,
    integer,
    is_number,
    shown,
    to_array_or_lists,
    to_lists,
)
from micrograd.nn.training.data import read_pairs
from micrograd.nn.training.metrics import Metric, checked_metrics
from micrograd.nn.training.mode import mode, modules_of
from micrograd.nn.training.prediction import compiled_predictions, eager_predictions

Loss: TypeAlias = Callable[[list[Any], list[Any]], Value]


def evaluate(
    model: Callable[[list[Value]], Any],
    loss: Loss,
    X: ArrayLike,
    y: ArrayLike,
    *,
    metrics: Mapping[str, Metric] | None = None,
    batch_size: int | None = None,
    jit: bool = False,
) -> dict[str, float]:
    """The loss and the metrics of a model, in evaluation mode. Counterpart: `keras.Model.evaluate`.

    All modules are set to evaluation mode, and each back to its own mode afterwards, whatever happens. The loss is
    computed from the predicted numbers.

    Args:
        model: A Module, or any other function from a list of Values to a prediction.
        loss: Takes a list of predictions and one of targets, returns one Value.
        X: The samples, as `fit` takes them.
        y: The targets, one for each sample.
        metrics: Functions of predictions and targets by name, as `{"accuracy": accuracy}`.
        batch_size: How many samples the loss is computed of at a time, at least 1; the loss of all is then the mean of
            those of batches, weighted by their sizes. None for all samples.
        jit: Whether to compile the model, anew in each call (`pip install numpy llvmlite`).

    Returns:
        The loss, as `loss`, and the metrics by their names.

    Raises:
        TypeError: If the model or the loss is no function, the samples or targets are not numbers, `loss` does not
            return a Value or a metric no number, or with `jit` the model cannot be compiled.
        ValueError: If there are no samples, not as many targets as samples, `batch_size` is out of range, or a metric
            is called as a column of a `History` is.
        ImportError: If `jit` is wanted and the compiler is not installed.

    Example:
        >>> from micrograd.nn import accuracy, hinge_loss
        >>> evaluate(lambda x: x[0] - 1.0, hinge_loss, [0.0, 3.0, 1.5], [-1, 1, -1], metrics={"accuracy": accuracy})
        {'loss': 0.5, 'accuracy': 0.6666666666666666}
    """
    function("evaluate", "model", model)
    function("evaluate", "loss", loss)
    jit = flag("evaluate", "jit", jit)
    samples, targets = read_pairs("evaluate", X, y, to_array_or_lists if jit else to_lists)
    size = None if batch_size is None else integer("evaluate", "batch_size", batch_size)
    evaluation = Evaluation("evaluate", model, loss, checked_metrics("evaluate", metrics), size)
    if jit:
        evaluation.predict = compiled_predictions(model)
    return evaluation(samples, to_lists(targets))


class Evaluation:
    """How samples are measured, in evaluation mode.

    Predictions are numbers, and the loss is computed from these: so it does not matter who computes them.

    Args:
        owner: Whose errors these are.
        model: From a list of Values to a prediction.
        loss: From predictions and targets to a Value.
        metrics: By their names; each takes predictions, as numbers, and targets.
        size: The number of samples in a batch of which the loss is computed, None for all; the loss of all is the mean.

    Attributes:
        predict: From samples to a list of predictions, numbers or lists of them. Another way to do it may be put in.
        mean_loss: From samples, a function that returns such predictions, and targets to the loss; also this may be
            another, which need not ask for them.
    """

    def __init__(
        self,
        owner: str,
        model: Callable[[list[Value]], Any],
        loss: Loss,
        metrics: Mapping[str, Metric],
        size: int | None,
    ) -> None:
        self.predict = eager_predictions(model)
        self.mean_loss: Callable[[Any, Callable[[], list[Any]], list[Any]], float] = self._mean_loss
        self._owner, self._loss, self._metrics, self._size = owner, loss, metrics, size
        self._modules = modules_of(model)  # once, for in large models they take a while to find

    def __call__(self, samples: Any, targets: list[Any], loss: bool = True) -> dict[str, float]:
        """Measure some samples.

        Args:
            samples: Rows of numbers.
            targets: One for each.
            loss: Whether the loss is asked for.

        Returns:
            The loss and the metrics by their names.

        Raises:
            TypeError: If the loss returns no Value, or a metric no number.
        """
        with mode(self._modules, False):
            predictions = cache(lambda: self.predict(samples))
            found = {"loss": self.mean_loss(samples, predictions, targets)} if loss else {}
            for name, metric in self._metrics.items():  # which may sort what they get
                found[name] = self._number(name, metric(list(predictions()), list(targets)))
        return found

    def check(self, samples: Any, targets: list[Any]) -> None:
        """Refuse targets that the loss does not take, and samples that the model does not, as far as the first shows.

        Raises:
            TypeError: If the loss returns no Value.
        """
        with mode(self._modules, False), drawing(lambda: 0.5):  # the global generator is for the training
            first = list(samples[:1])
            self.mean_loss(first * len(targets), lambda: self.predict(first) * len(targets), targets)

    def try_metrics(self, samples: Any, targets: list[Any]) -> None:
        """Refuse targets that a metric does not take, beside what the model says to the first samples.

        Raises:
            TypeError: If a metric returns no number.
        """
        if not self._metrics:
            return
        with mode(self._modules, False), drawing(lambda: 0.5), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of predictions that are nearly all alike
            predictions = self.predict(list(samples[:2]))
            for name, metric in self._metrics.items():
                try:
                    self._number(name, metric(list(islice(cycle(predictions), len(targets))), list(targets)))
                except Exception as error:
                    error.add_note(
                        f"{self._owner} tried the metric {shown(name)} before the training, on all targets and what "
                        "the model says to the first samples"
                    )
                    raise

    def _mean_loss(self, _: Any, predict: Callable[[], list[Any]], targets: list[Any]) -> float:
        predictions = predict()
        total, size = 0.0, self._size or len(predictions)
        for start in range(0, len(predictions), size):
            batch = [_values(prediction) for prediction in predictions[start : start + size]]
            loss = self._loss(batch, targets[start : start + size])
            if not isinstance(loss, Value):
                raise TypeError(f"{self._owner}: the loss must return one Value, got {described(loss)}")
            total += loss.data * len(batch)
        return total / len(predictions)

    def _number(self, name: str, result: Any) -> float:
        try:
            number = to_lists(result)
        except TypeError:
            number = None
        if not is_number(number):
            raise TypeError(f"{self._owner}: the metric {shown(name)} must return a number, got {described(result)}")
        return float(number)


def _values(prediction: Any) -> Any:
    """A prediction that losses take: Values, leaves, in place of the numbers."""
    return [_values(part) for part in prediction] if isinstance(prediction, list) else Value(prediction)
