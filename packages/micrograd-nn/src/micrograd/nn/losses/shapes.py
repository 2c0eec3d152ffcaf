"""Predictions and the numbers that belong to them: read from whatever holds them, and brought together by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from numbers import Real
from typing import Any, TypeAlias

from micrograd.engine import Value
from micrograd.nn.inputs import described, shown, to_lists, to_sequence

Predictions: TypeAlias = Sequence[Value] | Sequence[Sequence[Value]]


def elementwise(name: str, function: Callable[..., Any], predictions: Any, **others: Any) -> list[Any]:
    """Apply a function to each prediction and its target or weight, in whatever shape they have in common.

    Args:
        name: That of the loss, for messages.
        function: Takes a Value, and a number or Value from each of `others`.
        predictions: A list of Values, or of rows of them.
        **others: By what one is called, such as `target`: as many, in the same shape.

    Returns:
        What the function returns, in the shape of the predictions.

    Raises:
        TypeError: If the predictions are not a list of Values, or one of the others is not a number.
        ValueError: If the lengths differ, or there are no predictions.
    """
    rows = row_of(name, predictions)
    columns = [partners(name, what, other, len(rows)) for what, other in others.items()]
    return [
        function(row, *map(partial(number, name), others, parts))
        if isinstance(row, Value)
        else elementwise(name, function, row, **dict(zip(others, parts, strict=True)))
        for row, *parts in zip(rows, *columns, strict=True)
    ]


def broadcast(name: str, what: str, weights: Any, predictions: Any) -> Any:
    """Weights in the shape of the predictions: one row may stand for all rows, and one number for all numbers.

    Args:
        name: That of the loss, for messages.
        what: What one of the weights is called.
        weights: A number, or lists of them.
        predictions: A list of Values, or of rows of them.

    Returns:
        A number for each prediction, yet to be read.

    Raises:
        ValueError: If the lengths differ.
    """
    if isinstance(predictions, Value):
        return weights
    rows = row_of(name, predictions)
    weights = to_sequence(weights, f"{name}: {what}s")
    if _depth(weights) < _depth(rows):
        weights = [weights] * len(rows)
    elif len(weights) == 1:
        weights = list(weights) * len(rows)
    pairs = zip(partners(name, what, weights, len(rows)), rows, strict=True)
    return [broadcast(name, what, weight, row) for weight, row in pairs]


def row_of(name: str, predictions: Any) -> Sequence[Any]:
    """Predictions by position.

    Raises:
        TypeError: If they are no list.
        ValueError: If there are none.
    """
    row = to_sequence(predictions, f"{name}: predictions")
    if isinstance(row, Real):
        raise no_values(name, row)
    if not isinstance(row, (list, tuple)):
        raise TypeError(f"{name} takes a list of Values, or of rows of Values, got {described(predictions)}")
    if not row:
        raise ValueError(f"{name} needs at least one prediction, got an empty {type(predictions).__name__}")
    return row


def no_values(name: str, number: Any) -> TypeError:
    """The error for numbers in the place of predictions."""
    return TypeError(
        f"{name} takes a list of Values, or of rows of Values, got {described(number)} among the predictions; what "
        ".data or float() returns has no gradient"
    )


def partners(name: str, what: str, others: Any, count: int) -> Sequence[Any]:
    """As many targets or weights as there are predictions, by position.

    Raises:
        TypeError: If they are no list.
        ValueError: If there are more or fewer.
    """
    row = to_sequence(others, f"{name}: {what}s")
    if not isinstance(row, (list, tuple)):
        fix = _fix(what, count) if isinstance(row, (Value, Real)) else ""
        raise TypeError(f"{name} takes a list of {count} {what}s, got {described(others)}{fix}")
    if len(row) != count:
        raise ValueError(f"{name} needs as many {what}s as predictions, got {count} and {len(row)}, {shown(row)}")
    return row


def _fix(what: str, count: int) -> str:
    """What to do about a single number where there is a row of so many predictions."""
    if count == 1:
        each = what[0]
        return (
            f"; where a model returns rows of one, let it return row[0], or give {what}s in rows of one, "
            f"[[{each}] for {each} in {what}s]"
        )
    return "; for scores of classes and the index of one there is cross_entropy" if what == "target" else ""


def number(name: str, what: str, other: Any) -> Any:
    """A target or a weight as a float; a Value is left alone.

    Raises:
        TypeError: If it is no number.
        ValueError: If it is several.
    """
    if isinstance(other, Value):
        return other
    read = to_lists(other, f"{name}: {what}s")
    if isinstance(read, list):
        fix = f"; give numbers, [{what[0]}[0] for {what[0]} in {what}s]" if len(read) == 1 else ""
        raise ValueError(f"{name} needs one {what} for a prediction, got {shown(other)}{fix}")
    return float(read)


def flat(nested: list[Any]) -> Iterator[Any]:
    """What lists in lists hold, in their order."""
    for part in nested:
        if isinstance(part, list):
            yield from flat(part)
        else:
            yield part


def _depth(nested: Any) -> int:
    """How many lists are in one another."""
    row = to_sequence(nested)
    return 1 + _depth(row[0]) if isinstance(row, (list, tuple)) and row else 0
