"""Losses of predictions that are to be numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, overload

from micrograd.engine import Value, where
from micrograd.nn.inputs import ArrayLike, is_number, shown
from micrograd.nn.losses.reduction import Reduction, ToOne, reduced, weighted
from micrograd.nn.losses.shapes import Predictions, elementwise


@overload
def mse_loss(
    predictions: Predictions, targets: ArrayLike, reduction: ToOne = "mean", *, weight: ArrayLike | None = None
) -> Value: ...
@overload
def mse_loss(
    predictions: Predictions, targets: ArrayLike, reduction: Literal["none"], *, weight: ArrayLike | None = None
) -> list[Any]: ...
def mse_loss(
    predictions: Predictions, targets: ArrayLike, reduction: Reduction = "mean", *, weight: ArrayLike | None = None
) -> Value | list[Any]:
    """The squared error, `(p - t)²`. Counterpart: `torch.nn.functional.mse_loss`.

    Args:
        predictions: A list of Values, or of rows of Values.
        targets: A number or Value for each prediction, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.
        weight: A number or Value for each prediction, in the same shape, by which its loss is multiplied; the mean
            divides by their sum. None for 1 each.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target or weight is not a number.
        ValueError: If the lengths differ, there are no predictions, or `reduction` is none of the three.

    Example:
        >>> mse_loss([Value(1.0), Value(5.0)], [1.0, 2.0])
        Value(data=4.5, grad=0.0)
        >>> mse_loss([Value(1.0), Value(5.0)], [1.0, 2.0], weight=[2.0, 1.0])
        Value(data=3.0, grad=0.0)
    """
    return _by_weight("mse_loss", lambda p, t: (p - t) ** 2, predictions, targets, reduction, weight)


@overload
def l1_loss(
    predictions: Predictions, targets: ArrayLike, reduction: ToOne = "mean", *, weight: ArrayLike | None = None
) -> Value: ...
@overload
def l1_loss(
    predictions: Predictions, targets: ArrayLike, reduction: Literal["none"], *, weight: ArrayLike | None = None
) -> list[Any]: ...
def l1_loss(
    predictions: Predictions, targets: ArrayLike, reduction: Reduction = "mean", *, weight: ArrayLike | None = None
) -> Value | list[Any]:
    """The absolute error, `|p - t|`; its derivative at 0 is 0. Counterpart: `torch.nn.functional.l1_loss`.

    Args:
        predictions: A list of Values, or of rows of Values.
        targets: A number or Value for each prediction, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.
        weight: A number or Value for each prediction, in the same shape, by which its loss is multiplied; the mean
            divides by their sum. None for 1 each.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target or weight is not a number.
        ValueError: If the lengths differ, there are no predictions, or `reduction` is none of the three.

    Example:
        >>> l1_loss([Value(1.0), Value(5.0)], [1.0, 2.0])
        Value(data=1.5, grad=0.0)
    """
    return _by_weight("l1_loss", lambda p, t: abs(p - t), predictions, targets, reduction, weight)


@overload
def huber_loss(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: ToOne = "mean",
    delta: float = 1.0,
    *,
    weight: ArrayLike | None = None,
) -> Value: ...
@overload
def huber_loss(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: Literal["none"],
    delta: float = 1.0,
    *,
    weight: ArrayLike | None = None,
) -> list[Any]: ...
def huber_loss(
    predictions: Predictions,
    targets: ArrayLike,
    reduction: Reduction = "mean",
    delta: float = 1.0,
    *,
    weight: ArrayLike | None = None,
) -> Value | list[Any]:
    """The squared error near the target, the absolute one far from it: outliers pull with a force of `delta` at most.

    It is `(p - t)² / 2` where `|p - t|` is below `delta`, else `delta (|p - t| - delta / 2)`. Counterpart:
    `torch.nn.functional.huber_loss`. Source: Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical
    Statistics 35, 1964.

    Args:
        predictions: A list of Values, or of rows of Values.
        targets: A number or Value for each prediction, in the same shape.
        reduction: "mean" over all elements, their "sum", or "none": a list in the shape of the predictions.
        delta: How far from the target the squared error ends, above 0.
        weight: A number or Value for each prediction, in the same shape, by which its loss is multiplied. As in
            PyTorch, the mean divides by the number of elements all the same. None for 1 each.

    Returns:
        One Value, or a list of them if `reduction` is "none".

    Raises:
        TypeError: If the predictions are not a list of Values, or a target or weight is not a number.
        ValueError: If the lengths differ, there are no predictions, `reduction` is none of the three, or `delta` is not
            above 0.

    Example:
        >>> huber_loss([Value(1.5), Value(5.0)], [1.0, 2.0], reduction="none")
        [Value(data=0.125, grad=0.0), Value(data=2.5, grad=0.0)]
    """
    if not (is_number(delta) and delta > 0):
        raise ValueError(f"huber_loss: delta must be a number above 0, got {shown(delta)}")

    def bounded_loss(p: Value, t: Any) -> Value:
        error: Value = p - t
        far = abs(error)
        return where(far >= delta, delta * (far - 0.5 * delta), 0.5 * (error * error))

    losses = elementwise("huber_loss", bounded_loss, predictions, target=targets)
    if weight is not None:
        losses, _ = weighted("huber_loss", losses, weight)
    return reduced("huber_loss", losses, reduction)


def _by_weight(
    name: str,
    error: Callable[[Value, Any], Value],
    predictions: Predictions,
    targets: ArrayLike,
    reduction: str,
    weight: ArrayLike | None,
) -> Value | list[Any]:
    """The errors, reduced by a mean that divides by the weights."""
    losses, divisor = elementwise(name, error, predictions, target=targets), None
    if weight is not None:
        losses, divisor = weighted(name, losses, weight)
    return reduced(name, losses, reduction, divisor)
