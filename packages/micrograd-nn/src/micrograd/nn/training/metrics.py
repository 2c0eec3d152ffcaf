"""What says how good predictions are, in a number for people."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from micrograd.nn.inputs import ArrayLike, described, shown
from micrograd.nn.training.prediction import numbers

Metric: TypeAlias = Callable[[list[Any], list[Any]], float]

_TAKEN = ("loss", "lr", "interrupted", "diverged")  # columns that are there already, and words of History
_PREFIXES = ("lr_", "val_")


def checked_metrics(owner: str, metrics: Mapping[str, Metric] | None) -> dict[str, Metric]:
    """Metrics by their names, none if None.

    Raises:
        TypeError: If it is no mapping from names to functions, or one takes the targets first, as scikit-learn's do.
        ValueError: If a name is that of another column.
    """
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        raise TypeError(
            f'{owner}: metrics must be a dict of functions, as {{"accuracy": accuracy}}, got {described(metrics)}'
        )
    for name, metric in metrics.items():
        if not isinstance(name, str) or not callable(metric):
            raise TypeError(f"{owner}: metrics must be functions by name, got {described(metric)} for {shown(name)}")
        if _takes_targets_first(metric):
            function = getattr(metric, "__name__", name)
            raise TypeError(
                f"{owner}: the metric {shown(name)} takes (y_true, y_pred), as scikit-learn's do, but metrics here are "
                f"called with the predictions first; turn them round: lambda p, t: {function}(t, p)"
            )
        if name in _TAKEN or name.startswith(_PREFIXES):
            raise ValueError(f"{owner}: a metric cannot be called {shown(name)}, as a column of the history is")
    return dict(metrics)


def _takes_targets_first(metric: Metric) -> bool:
    """Whether it is called as the metrics of scikit-learn and Keras are; what has no signature is not."""
    try:
        parameters = inspect.signature(metric).parameters.values()
    except (TypeError, ValueError):
        return False
    first = next(iter(parameters), None)
    return first is not None and first.name == "y_true" and first.kind is not first.KEYWORD_ONLY


def accuracy(predictions: ArrayLike, targets: ArrayLike) -> float:
    """The part of the samples whose class is predicted. Counterpart: `sklearn.metrics.accuracy_score`, for scores.

    Args:
        predictions: For each sample what a model says, numbers or Values: a score for each class, of which the largest
            counts; or one score of two classes, above 0 for class 1, alone or as a row of one. Such a score is what
            losses take, a logit. Probabilities, say of a model that ends in a sigmoid, are nearly all above 0: take 0.5
            off them first. A sample with a nan among its scores counts as wrong.
        targets: For each sample the index of its class, or a row with the probability of each, of which the largest
            counts; of two classes 1 for the one, and 0 or -1 for the other.

    Returns:
        From 0 to 1.

    Raises:
        TypeError: If they are not numbers.
        ValueError: If there are none, or not as many targets as predictions, or a target is no class.

    Example:
        >>> accuracy([[0.1, 2.0, 0.3], [1.0, 0.0, 0.0]], [1, 2])
        0.5
        >>> accuracy([-3.0, 0.5, 2.0, -1.0], [-1, 1, 1, 1])
        0.75
    """
    scores, classes = _rows("predictions", predictions), _rows("targets", targets)
    if len(scores) != len(classes):
        raise ValueError(f"accuracy needs a target for each prediction, got {len(scores)} and {len(classes)}")
    if not scores or [] in scores:
        raise ValueError("accuracy needs at least one prediction, and a score in each, got none")
    return sum(map(_is_right, scores, classes)) / len(scores)


def _rows(name: str, data: Any) -> list[Any]:
    rows = numbers(data, f"accuracy: the {name}")
    if not isinstance(rows, list):
        raise TypeError(f"accuracy takes a list of {name}, got {described(data)}")
    return rows


def _is_right(scores: Any, target: Any) -> bool:
    """Whether the scores of a sample are highest for its class; where one is a nan, no class is."""
    score, label = _alone(scores), _alone(target)
    if isinstance(score, list):
        if any(isinstance(each, list) for each in score):
            raise ValueError(f"accuracy takes a number or a row of numbers for each sample, got {shown(score)}")
        return _largest(score) == _index(target, len(score)) and not any(map(math.isnan, score))
    if label not in (-1, 0, 1):
        raise ValueError(f"accuracy takes targets 0 and 1, or -1 and 1, for single scores, got {shown(label)}")
    return bool(score > 0 if label == 1 else score <= 0)


def _index(target: Any, classes: int) -> int:
    if isinstance(target, list):
        if len(target) == classes and not any(map(math.isnan, target)):
            return _largest(target)
    elif target in range(classes):
        return int(target)
    raise ValueError(f"accuracy: target {shown(target)} is neither a class, 0 to {classes - 1}, nor a row of them")


def _alone(row: Any) -> Any:
    """What is in a row of one; other rows, and numbers, as they are."""
    return row[0] if isinstance(row, list) and len(row) == 1 else row


def _largest(row: list[float]) -> int:
    """The index of the largest number, as in PyTorch the first of several."""
    return max(range(len(row)), key=row.__getitem__)
