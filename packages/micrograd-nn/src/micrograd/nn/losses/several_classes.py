"""The loss of scores for one of several classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from numbers import Integral
from typing import Any, Literal, overload

from micrograd.engine import Value, ops
from micrograd.nn.inputs import ArrayLike, described, is_number, shown, to_sequence
from micrograd.nn.losses.reduction import Reduction, ToOne, reduced, total
from micrograd.nn.losses.shapes import Predictions, no_values, number, partners, row_of

_NAME = "cross_entropy"


@overload
def cross_entropy(
    logits: Sequence[Value],
    targets: Any,
    reduction: Reduction = "mean",
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Value: ...
@overload
def cross_entropy(
    logits: Sequence[Sequence[Value]],
    targets: ArrayLike,
    reduction: ToOne = "mean",
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Value: ...
@overload
def cross_entropy(
    logits: Sequence[Sequence[Value]],
    targets: ArrayLike,
    reduction: Literal["none"],
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> list[Value]: ...
def cross_entropy(
    logits: Predictions,
    targets: Any,
    reduction: Reduction = "mean",
    *,
    weight: ArrayLike | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> Value | list[Value]:
    """Cross-entropy of several classes, `-log softmax(logits)[target]`, where logits may be as large as you like.

    Counterpart: `torch.nn.functional.cross_entropy`. Source of the smoothing: Szegedy et al., "Rethinking the Inception
    Architecture for Computer Vision", CVPR 2016, section 7.

    Args:
        logits: For each sample a row with a Value for each class. One sample may be given as its row alone.
        targets: For each sample the index of its class, an int, or a row with the probability of each class. For one
            sample given as its row alone, the index or the probabilities alone.
        reduction: "mean" over the samples, their "sum", or "none": a list with a Value for each sample.
        weight: A number or Value for each class, by which its part of the loss is multiplied. With indices the mean
            divides by the weights of the targets, with probabilities by the number of samples, as in PyTorch. None for
            1 each.
        ignore_index: A target that makes a sample count for nothing: its loss is 0, and the mean leaves it out. For
            indices alone.
        label_smoothing: The part of each target, from 0 to 1, that is spread evenly over all classes.

    Returns:
        One Value, or a list of them if `reduction` is "none" and the logits are rows. A mean over nothing is nan.

    Raises:
        TypeError: If the logits are not a list, a target is neither an int nor a row of numbers, or a weight is not a
            number.
        ValueError: If an index is not that of a class, the lengths differ, there are no logits, or another argument is
            out of range.

    Example:
        >>> cross_entropy([[Value(0.0), Value(1000.0)], [Value(3.0), Value(3.0)]], [1, 0], reduction="none")
        [Value(data=0.0, grad=0.0), Value(data=0.6931471805599453, grad=0.0)]
        >>> rows = [[Value(0.0), Value(2.0)], [Value(3.0), Value(3.0)]]
        >>> cross_entropy(rows, [-100, 0], weight=[0.5, 2.0])  # the first sample does not count
        Value(data=0.6931471805599453, grad=0.0)
    """
    if not isinstance(ignore_index, Integral):
        raise ValueError(f"{_NAME}: ignore_index must be an int, got {shown(ignore_index)}")
    if not (is_number(label_smoothing) and 0 <= label_smoothing <= 1):
        raise ValueError(f"{_NAME}: label_smoothing must be a number from 0 to 1, got {shown(label_smoothing)}")
    rows = row_of(_NAME, logits)
    alone = any(isinstance(logit, Value) for logit in rows)
    if alone:
        _check_alone(targets)
    samples = [rows] if alone else [row_of(_NAME, row) for row in rows]
    pairs = zip(samples, partners(_NAME, "target", [targets] if alone else targets, len(samples)), strict=True)
    weights = None if weight is None else list(_class_weights(weight))
    losses, shares = zip(
        *(_of_sample(row, target, weights, int(ignore_index), float(label_smoothing)) for row, target in pairs),
        strict=True,
    )
    result = reduced(_NAME, list(losses), reduction, total(shares))
    return result[0] if alone and isinstance(result, list) else result


def _check_alone(target: Any) -> None:
    """Refuse the classes of several samples in the place of the probabilities of one: PyTorch takes no ints there.

    Raises:
        ValueError: If the target of one sample is a list of ints that are not the probabilities of its classes.
    """
    row = to_sequence(target, f"{_NAME}: targets")
    if isinstance(row, (list, tuple)) and all(isinstance(each, Integral) for each in row) and sum(row) != 1:
        raise ValueError(
            f"{_NAME}: logits that are not in rows are those of one sample, and {shown(target)} is no row with the "
            "probability of each class; let the model return a list with a score for each class, or take "
            "binary_cross_entropy_with_logits for one score and two classes"
        )


def _of_sample(
    row: Sequence[Any], target: Any, weights: list[Any] | None, ignore_index: int, smoothing: float
) -> tuple[Value, Any]:
    """The loss of a sample, and its share of what a mean is divided by."""
    cost = _costs(row, weights)
    target = to_sequence(target, f"{_NAME}: targets")
    if isinstance(target, (list, tuple)):
        if ignore_index >= 0:
            raise ValueError(
                f"{_NAME}: ignore_index={ignore_index} is for targets that are indices, got {shown(target)}"
            )
        if len(target) != len(row):
            fix = "; give numbers, [t[0] for t in targets]" if len(target) == 1 else ""
            raise ValueError(
                f"{_NAME}: a target must be the index of a class, or a row with the probability of each of {len(row)} "
                f"classes, got {shown(target)}{fix}"
            )
        probabilities = [number(_NAME, "target", each) for each in target]
        return _expected(cost, probabilities, smoothing), 1.0
    if not isinstance(target, Value):
        target = _index(target, len(row), ignore_index)
    hits = [0.0 if k == ignore_index else _equal(target, k) for k in range(len(row))]
    kept = total(hits)  # 1, or 0 for a target that is ignored
    share = kept if weights is None else total(hit * weight for hit, weight in zip(hits, weights, strict=True))
    if smoothing:
        loss = _expected(cost, hits, smoothing)
    elif isinstance(target, Value):
        loss = total(ops.gate(cost(k), hit) for k, hit in enumerate(hits))
    else:
        loss = cost(target if kept else 0)
    return loss if not isinstance(kept, Value) and kept else ops.gate(loss, kept), share


def _costs(row: Sequence[Any], weights: list[Any] | None) -> Callable[[int], Value]:
    """What it would cost if a class were the right one: `log Σ exp(row) - row[k]`, times its weight.

    The largest logit is taken off first, so that no `exp` overflows.
    """
    if not any(isinstance(logit, Value) for logit in row):
        raise no_values(_NAME, row[0])
    if weights is not None and len(weights) != len(row):
        raise ValueError(f"{_NAME} needs a weight for each of {len(row)} classes, got {len(weights)}")
    minus_largest = -reduce(Value.maximum, row)
    shifted = [logit + minus_largest for logit in row]
    log_total = total(logit.exp() for logit in shifted).log()
    if weights is None:
        return lambda k: log_total - shifted[k]
    return lambda k: (log_total - shifted[k]) * weights[k]


def _expected(cost: Callable[[int], Value], probabilities: list[Any], smoothing: float) -> Value:
    """The mean of the costs, by the probabilities of the classes."""
    if smoothing:
        probabilities = [(1 - smoothing) * each + smoothing / len(probabilities) for each in probabilities]
    loss: Value = total(probability * cost(k) for k, probability in enumerate(probabilities))
    return loss


def _equal(target: Any, k: int) -> Any:
    """1 if the target is `k`, else 0."""
    if not isinstance(target, Value):
        return float(target == k)
    return 4.0 * ops.share(target, float(k)) * ops.share(float(k), target)  # under the compiler; each is 0.5 at a tie


def _index(target: Any, classes: int, ignore_index: int) -> int:
    """The index of a class, or the one that is ignored.

    Raises:
        TypeError: If it is not an int.
        ValueError: If it is another one.
    """
    if not isinstance(target, Integral):
        fix = "; make ints of them, [int(t) for t in targets]" if is_number(target) and target % 1 == 0 else ""
        raise TypeError(
            f"{_NAME}: a target must be the index of a class, an int, or a row with the probability of each class, "
            f"got {described(target)}{fix}"
        )
    if int(target) != ignore_index and int(target) not in range(classes):
        fix = "; for two classes and one score there is binary_cross_entropy_with_logits" if classes == 1 else ""
        raise ValueError(f"{_NAME}: target {target} is no index of a class, 0 to {classes - 1}{fix}")
    return int(target)


def _class_weights(weight: Any) -> list[Any]:
    """The weights of the classes.

    Raises:
        TypeError: If they are not a list of numbers.
    """
    row = to_sequence(weight, f"{_NAME}: weights")
    if not isinstance(row, (list, tuple)):
        raise TypeError(f"{_NAME} takes a list with a weight for each class, got {described(weight)}")
    return [number(_NAME, "weight", each) for each in row]
