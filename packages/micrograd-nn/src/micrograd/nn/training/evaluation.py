"""How good a model is: its predictions, their loss, and what metrics say of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from micrograd.engine import Value, drawing
from micrograd.nn.inputs import described, is_number, shown, to_lists
from micrograd.nn.training.mode import mode

Metric: TypeAlias = Callable[[list[Any], list[Any]], float]
Loss: TypeAlias = Callable[[list[Any], list[Any]], Value]


@dataclass
class Evaluation:
    """How samples are measured, in evaluation mode.

    Predictions are computed first, as numbers, and the loss from these: so it does not matter who computes them.

    Attributes:
        owner: Whose errors these are.
        model: From a list of Values to a prediction.
        loss: From predictions and targets to a Value.
        metrics: By their names; each takes predictions, as numbers, and targets.
        size: The number of samples in a batch of which the loss is computed, None for all; the loss of all is the mean.
        predict: From samples to a list of predictions, numbers or lists of them.
        mean_loss: From such predictions, and their targets, to the loss.
    """

    owner: str
    model: Callable[[list[Value]], Any]
    loss: Loss
    metrics: Mapping[str, Metric]
    size: int | None
    predict: Callable[[Any], list[Any]] = field(init=False)
    mean_loss: Callable[[list[Any], list[Any]], float] = field(init=False)

    def __post_init__(self) -> None:
        self.predict = self._predict
        self.mean_loss = self._mean_loss

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
        with mode(self.model, False):
            predictions = self.predict(samples)
            found = {"loss": self.mean_loss(predictions, targets)} if loss else {}
            for name, metric in self.metrics.items():  # which may sort what they get
                found[name] = self._number(name, metric(list(predictions), list(targets)))
        return found

    def check(self, samples: Any, targets: list[Any]) -> None:
        """Refuse samples that the model, or targets that the loss does not take, as far as the first of them shows.

        Raises:
            TypeError: If the loss returns no Value.
        """
        with mode(self.model, False), drawing(lambda: 0.5):  # the global generator is for the training
            self._mean_loss(self._predict(samples[:1]), targets[:1])

    def _predict(self, samples: Any) -> list[Any]:
        return [prediction_of(self.model, sample) for sample in samples]

    def _mean_loss(self, predictions: list[Any], targets: list[Any]) -> float:
        total, size = 0.0, self.size or len(predictions)
        for start in range(0, len(predictions), size):
            batch = [_values(prediction) for prediction in predictions[start : start + size]]
            loss = self.loss(batch, targets[start : start + size])
            if not isinstance(loss, Value):
                raise TypeError(f"{self.owner}: the loss must return one Value, got {described(loss)}")
            total += loss.data * len(batch)
        return total / len(predictions)

    def _number(self, name: str, result: Any) -> float:
        number = to_lists(result, f"{self.owner}: what the metric {shown(name)} returns")
        if not is_number(number):
            raise TypeError(f"{self.owner}: the metric {shown(name)} must return a number, got {described(result)}")
        return float(number)


def prediction_of(model: Callable[[list[Value]], Any], sample: Any) -> Any:
    """What a model says to a sample, a row of numbers: as numbers."""
    return numbers(model([Value(number) for number in sample]))


def numbers(prediction: Any) -> Any:
    """A prediction without its graph: numbers in lists as it has Values in lists and tuples.

    Raises:
        TypeError: If it holds something else.
    """
    if isinstance(prediction, Value):
        return prediction.data
    if isinstance(prediction, (list, tuple)):
        return [numbers(part) for part in prediction]
    return to_lists(prediction, "the predictions of a model")


def _values(prediction: Any) -> Any:
    """A prediction that losses take: Values, leaves, in place of the numbers."""
    return [_values(part) for part in prediction] if isinstance(prediction, list) else Value(prediction)
