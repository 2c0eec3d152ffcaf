"""Loss functions, with the names and reductions of `torch.nn.functional`.

They are made of operations on Values alone and never look at a Value's data, so they can be differentiated any number
of times, and traced.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias, overload

from micrograd.engine import Value, ops
from micrograd.nn.inputs import ArrayLike, described, shown, to_lists, to_sequence

Predictions: TypeAlias = Sequence[Value] | Sequence[Sequence[Value]]
ToOne: TypeAlias = Literal["mean", "sum"]
Reduction: TypeAlias = Literal["mean", "sum", "none"]


@overload
def mse_loss(predictions: Predictions, targets: ArrayLike, reduction: ToOne = "mean") -> Value: ...
@overload
def mse_loss(predictions: Predictions, targets: ArrayLike, reduction: Literal["none"]) -> list[Any]: ...
def mse_loss(predictions: Predictions, targets: ArrayLike, reduction: Reduction = "mean") -> Value | list[Any]:
    """The squared error, `(p - t)²`. Counterpart: `torch.nn.functional.mse_loss`.

    Args:
        predictions: A list of Values, or of rows of Values.
        targets: A number or Value for each prediction, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target is not a number.
        ValueError: If the lengths differ, there are no predictions, or `reduction` is none of the three.

    Example:
        >>> mse_loss([Value(1.0), Value(5.0)], [1.0, 2.0])
        Value(data=4.5, grad=0.0)
    """
    return _reduced("mse_loss", _elementwise("mse_loss", lambda p, t: (p - t) ** 2, predictions, targets), reduction)


@overload
def hinge_loss(predictions: Predictions, targets: ArrayLike, reduction: ToOne = "mean") -> Value: ...
@overload
def hinge_loss(predictions: Predictions, targets: ArrayLike, reduction: Literal["none"]) -> list[Any]: ...
def hinge_loss(predictions: Predictions, targets: ArrayLike, reduction: Reduction = "mean") -> Value | list[Any]:
    """The max-margin loss of two classes, `relu(1 - t p)`: 0 for a score on the right side by at least 1.

    In PyTorch it is written out, `torch.relu(1 - t * p).mean()`; scikit-learn has `sklearn.metrics.hinge_loss`. Source:
    Cortes and Vapnik, "Support-Vector Networks", Machine Learning 20, 1995.

    Args:
        predictions: Scores: a list of Values, or of rows of Values.
        targets: The class of each, -1 or 1, or a Value, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target is not a number.
        ValueError: If a target is neither -1 nor 1, the lengths differ, there are no predictions, or `reduction` is
            none of the three.

    Example:
        >>> hinge_loss([Value(2.0), Value(0.5)], [1, -1])
        Value(data=0.75, grad=0.0)
    """

    def margin_loss(p: Value, t: Any) -> Value:
        if not isinstance(t, Value) and t not in (-1, 1):
            raise ValueError(f"hinge_loss takes targets -1 and 1, got {shown(t)}; turn classes 0 and 1 into 2 * t - 1")
        margin: Value = 1 + -t * p
        return margin.relu()

    return _reduced("hinge_loss", _elementwise("hinge_loss", margin_loss, predictions, targets), reduction)


@overload
def binary_cross_entropy_with_logits(
    predictions: Predictions, targets: ArrayLike, reduction: ToOne = "mean"
) -> Value: ...
@overload
def binary_cross_entropy_with_logits(
    predictions: Predictions, targets: ArrayLike, reduction: Literal["none"]
) -> list[Any]: ...
def binary_cross_entropy_with_logits(
    predictions: Predictions, targets: ArrayLike, reduction: Reduction = "mean"
) -> Value | list[Any]:
    """Cross-entropy of two classes, `-t log σ(p) - (1 - t) log(1 - σ(p))`, where `p` may be as large as you like.

    Counterpart: `torch.nn.functional.binary_cross_entropy_with_logits`.

    Args:
        predictions: Logits: a list of Values, or of rows of Values.
        targets: The probability of class 1 for each, from 0 to 1, or a Value, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target is not a number.
        ValueError: If a target is outside 0 to 1, the lengths differ, there are no predictions, or `reduction` is none
            of the three.

    Example:
        >>> binary_cross_entropy_with_logits([Value(1000.0), Value(0.0)], [0, 1], reduction="none")
        [Value(data=1000.0, grad=0.0), Value(data=0.6931471805599453, grad=0.0)]
    """
    name = "binary_cross_entropy_with_logits"

    def logistic_loss(p: Value, t: Any) -> Value:
        if not isinstance(t, Value) and not 0 <= t <= 1:
            raise ValueError(
                f"{name} takes targets from 0 to 1, got {shown(t)}; turn classes -1 and 1 into (t + 1) / 2"
            )
        finite = p.minimum(1e308)  # so that nothing takes inf from inf
        above, below = p.relu(), finite.relu() - finite  # |p| on its side of 0; at 0 the slopes are 0 and -1
        loss: Value = _weighted(1 - t, above) + _weighted(t, below) + _log1p((-(above + below)).exp())
        return loss

    return _reduced(name, _elementwise(name, logistic_loss, predictions, targets), reduction)


@overload
def cross_entropy(logits: Sequence[Value], targets: Any, reduction: Reduction = "mean") -> Value: ...
@overload
def cross_entropy(logits: Sequence[Sequence[Value]], targets: ArrayLike, reduction: ToOne = "mean") -> Value: ...
@overload
def cross_entropy(logits: Sequence[Sequence[Value]], targets: ArrayLike, reduction: Literal["none"]) -> list[Value]: ...
def cross_entropy(logits: Predictions, targets: Any, reduction: Reduction = "mean") -> Value | list[Value]:
    """Cross-entropy of several classes, `-log softmax(logits)[target]`, where logits may be as large as you like.

    Counterpart: `torch.nn.functional.cross_entropy`.

    Args:
        logits: For each sample a row with a Value for each class. One sample may be given as its row alone.
        targets: For each sample the index of its class, an int, or a row with the probability of each class. For one
            sample given as its row alone, the index or the probabilities alone.
        reduction: "mean" over the samples, their "sum", or "none": a list with a Value for each sample.

    Returns:
        One Value, or a list of them if `reduction` is "none" and the logits are rows.

    Raises:
        TypeError: If the logits are not a list, or a target is neither an int nor a row of numbers.
        ValueError: If an index is not that of a class, the lengths differ, there are no logits, or `reduction` is none
            of the three.

    Example:
        >>> cross_entropy([[Value(0.0), Value(1000.0)], [Value(3.0), Value(3.0)]], [1, 0], reduction="none")
        [Value(data=0.0, grad=0.0), Value(data=0.6931471805599453, grad=0.0)]
    """
    rows = _row("cross_entropy", logits)
    if any(isinstance(logit, Value) for logit in rows):
        losses = cross_entropy([rows], [targets], reduction)
        return losses[0] if isinstance(losses, list) else losses
    samples = [_row("cross_entropy", row) for row in rows]
    pairs = zip(samples, _targets("cross_entropy", targets, len(samples)), strict=True)
    return _reduced("cross_entropy", [_cross_entropy_of_row(row, target) for row, target in pairs], reduction)


def _cross_entropy_of_row(row: Sequence[Any], target: Any) -> Value:
    """`log Σ exp(row) - row[target]`, with the largest logit taken off first so that no `exp` overflows."""
    name = "cross_entropy"
    if not any(isinstance(logit, Value) for logit in row):
        raise _no_values(name, row[0])
    minus_largest = -reduce(Value.maximum, row)
    shifted = [logit + minus_largest for logit in row]
    log_total = _total([logit.exp() for logit in shifted]).log()
    target = to_sequence(target, f"{name}: targets")
    if isinstance(target, (list, tuple)):
        weights = _targets(name, target, len(row))
        return _total([_number(name, w) * (log_total - logit) for w, logit in zip(weights, shifted, strict=True)])
    if isinstance(target, Value):  # under the compiler; 4 share(a, b) share(b, a) is 1 where a equals b, else 0
        hits = [4.0 * ops.share(target, float(k)) * ops.share(float(k), target) for k in range(len(row))]
        return _total([ops.gate(log_total - logit, hit) for logit, hit in zip(shifted, hits, strict=True)])
    if not isinstance(target, Integral):
        raise TypeError(
            f"{name}: a target must be the index of a class, an int, or a row with the probability of each class, "
            f"got {described(target)}"
        )
    if int(target) not in range(len(row)):
        raise ValueError(f"{name}: target {target} is no index of a class, 0 to {len(row) - 1}")
    loss: Value = log_total - shifted[int(target)]
    return loss


def _weighted(weight: Any, size: Value) -> Any:
    """`weight * size`, and 0 for a weight of 0 even where `size` is infinite."""
    if not isinstance(weight, Value):
        return weight * size if weight else 0.0
    return ops.gate(weight * size, abs(weight) + (0.5 - ops.share(size, math.inf)))  # that share is 0.5 at inf, else 0


def _log1p(e: Value) -> Value:
    """`log(1 + e)` for `e` >= 0, to the last digits even if `e` is tiny.

    What `1 + e` loses by rounding is added back. See Goldberg, "What Every Computer Scientist Should Know About
    Floating-Point Arithmetic", ACM Computing Surveys 23, 1991, theorem 4.
    """
    total: Value = 1 + e
    return total.log() + (e - (total - 1))


def _elementwise(name: str, loss: Callable[[Value, Any], Value], predictions: Any, targets: Any) -> list[Any]:
    """Apply `loss` to each prediction and its target, in whatever shape they have in common."""
    rows = _row(name, predictions)
    return [
        loss(row, _number(name, target)) if isinstance(row, Value) else _elementwise(name, loss, row, target)
        for row, target in zip(rows, _targets(name, targets, len(rows)), strict=True)
    ]


def _row(name: str, predictions: Any) -> Sequence[Any]:
    """Predictions by position."""
    row = to_sequence(predictions, f"{name}: predictions")
    if isinstance(row, Real):
        raise _no_values(name, row)
    if not isinstance(row, (list, tuple)):
        raise TypeError(f"{name} takes a list of Values, or of rows of Values, got {described(predictions)}")
    if not row:
        raise ValueError(f"{name} needs at least one prediction, got an empty {type(predictions).__name__}")
    return row


def _no_values(name: str, number: Any) -> TypeError:
    return TypeError(
        f"{name} takes a list of Values, or of rows of Values, got {described(number)} among the predictions; what "
        ".data or float() returns has no gradient"
    )


def _targets(name: str, targets: Any, count: int) -> Sequence[Any]:
    """As many targets as there are predictions, by position."""
    row = to_sequence(targets, f"{name}: targets")
    if not isinstance(row, (list, tuple)):
        raise TypeError(f"{name} takes a list of {count} targets, got {described(targets)}")
    if len(row) != count:
        raise ValueError(f"{name} needs as many targets as predictions, got {count} and {len(row)}")
    return row


def _number(name: str, target: Any) -> Any:
    """The target as a float; a Value is left alone."""
    if isinstance(target, Value):
        return target
    number = to_lists(target, f"{name}: targets")
    if isinstance(number, list):
        raise ValueError(f"{name} needs one target for a prediction, got {shown(target)}")
    return float(number)


def _reduced(name: str, losses: list[Any], reduction: str) -> Value | list[Any]:
    if reduction == "none":
        return losses
    if reduction not in ("mean", "sum"):
        raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
    terms = list(_flat(losses))
    total = _total(terms)
    return total / len(terms) if reduction == "mean" else total


def _flat(losses: list[Any]) -> Iterator[Value]:
    for loss in losses:
        if isinstance(loss, Value):
            yield loss
        else:
            yield from _flat(loss)


def _total(terms: list[Value]) -> Value:
    return sum(terms[1:], terms[0])  # sum(terms) would start with 0 + terms[0], a node for nothing
