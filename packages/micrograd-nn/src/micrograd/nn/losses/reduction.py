"""From the losses of all predictions to one."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from micrograd.engine import Value
from micrograd.nn.losses.shapes import elementwise, flat

ToOne: TypeAlias = Literal["mean", "sum"]
Reduction: TypeAlias = Literal["mean", "sum", "none"]


def weighted(name: str, losses: list[Any], weight: Any) -> tuple[list[Any], Any]:
    """Each loss times its weight, and the total of the weights.

    Args:
        name: That of the loss, for messages.
        losses: Values, in lists of any depth.
        weight: A number or Value for each of them, in the same shape.

    Raises:
        TypeError: If a weight is not a number.
        ValueError: If the lengths differ.
    """
    weights = elementwise(name, lambda _, number: number, losses, weight=weight)
    return elementwise(name, operator.mul, losses, weight=weights), total(flat(weights))


def reduced(name: str, losses: list[Any], reduction: str, divisor: Any = None) -> Value | list[Any]:
    """The mean of losses, their sum, or the losses as they are.

    Args:
        name: That of the loss, for messages.
        losses: Values, in lists of any depth.
        reduction: "mean", "sum" or "none".
        divisor: What to divide the sum by for the mean; None for the number of losses.

    Raises:
        ValueError: If `reduction` is none of the three.
    """
    if reduction == "none":
        return losses
    if reduction not in ("mean", "sum"):
        raise ValueError(f"{name}: reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
    terms = list(flat(losses))
    everything: Value = total(terms)
    if reduction == "mean":
        everything = everything / (len(terms) if divisor is None else divisor)
    return everything


def total(terms: Iterable[Any]) -> Any:
    """The sum; Python's would start with 0 + the first, a node for nothing."""
    first, *others = terms
    return sum(others, first)
