"""Losses of scores for one of two classes."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeAlias, overload

from micrograd.engine import Value, ops
from micrograd.nn.inputs import ArrayLike, shown
from micrograd.nn.losses.reduction import Reduction, ToOne, reduced, weighted
from micrograd.nn.losses.shapes import Predictions, broadcast, elementwise

Weight: TypeAlias = ArrayLike | Value | float | None


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

    return reduced("hinge_loss", elementwise("hinge_loss", margin_loss, predictions, target=targets), reduction)


@overload
def binary_cross_entropy_with_logits(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: ToOne = "mean",
    *,
    weight: Weight = None,
    pos_weight: Weight = None,
) -> Value: ...
@overload
def binary_cross_entropy_with_logits(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: Literal["none"],
    *,
    weight: Weight = None,
    pos_weight: Weight = None,
) -> list[Any]: ...
def binary_cross_entropy_with_logits(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: Reduction = "mean",
    *,
    weight: Weight = None,
    pos_weight: Weight = None,
) -> Value | list[Any]:
    """Cross-entropy of two classes, `-t log σ(p) - (1 - t) log(1 - σ(p))`, where `p` may be as large as you like.

    Counterpart: `torch.nn.functional.binary_cross_entropy_with_logits`.

    Args:
        predictions: Logits: a list of Values, or of rows of Values.
        targets: The probability of class 1 for each, from 0 to 1, or a Value, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.
        weight: What the loss of each is multiplied by: numbers or Values in the same shape, one row for all rows, or
            one number for all. As in PyTorch, the mean divides by the number of elements all the same. None for 1 each.
        pos_weight: What the part of class 1, `-t log σ(p)`, is multiplied by, given in the same ways: the number of
            samples of class 0 for each of class 1 makes up for a class that is rare. None for 1 each.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target or weight is not a number.
        ValueError: If a target is outside 0 to 1, the lengths differ, there are no predictions, or `reduction` is none
            of the three.

    Example:
        >>> binary_cross_entropy_with_logits([Value(1000.0), Value(0.0)], [0, 1], reduction="none")
        [Value(data=1000.0, grad=0.0), Value(data=0.6931471805599453, grad=0.0)]
        >>> binary_cross_entropy_with_logits([Value(0.0)], [1], pos_weight=2.0)
        Value(data=1.3862943611198906, grad=0.0)
    """
    name = "binary_cross_entropy_with_logits"

    def logistic_loss(p: Value, t: Any, positive: Any = None) -> Value:
        if not isinstance(t, Value) and not 0 <= t <= 1:
            raise ValueError(
                f"{name} takes targets from 0 to 1, got {shown(t)}; turn classes -1 and 1 into (t + 1) / 2"
            )
        finite = p.minimum(1e308)  # so that nothing takes inf from inf
        above, below = p.relu(), finite.relu() - finite  # |p| on its side of 0; at 0 the slopes are 0 and -1
        negative, rest = 1 - t, _log1p((-(above + below)).exp())
        if positive is not None:
            rest = (1 + (positive - 1) * t) * rest
            t = positive * t
        loss: Value = _times(negative, above) + _times(t, below) + rest
        return loss

    others = {"target": targets}
    if pos_weight is not None:
        others["pos_weight"] = broadcast(name, "pos_weight", pos_weight, predictions)
    losses = elementwise(name, logistic_loss, predictions, **others)
    if weight is not None:
        losses, _ = weighted(name, losses, broadcast(name, "weight", weight, losses))
    return reduced(name, losses, reduction)


def _times(weight: Any, size: Value) -> Any:
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
