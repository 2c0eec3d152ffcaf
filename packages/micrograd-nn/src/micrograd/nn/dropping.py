"""Dropout."""

from __future__ import annotations

from micrograd.engine import Value, draw, ops
from micrograd.nn.inputs import dropout_rate


def dropout(x: Value, p: float) -> Value:
    """Inverted dropout: 0 with probability `p`, else `x / (1 - p)`, so that the mean is `x`.

    The draw comes from Python's global `random`: the same seed, the same units dropped. Counterpart:
    `torch.nn.functional.dropout`. Source: Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", JMLR 15, 2014.

    Args:
        x: The output of a unit.
        p: The probability of dropping it, from 0 to 1. 1 always drops.

    Returns:
        `x` times a constant.

    Raises:
        ValueError: If `p` is not a number from 0 to 1.

    Example:
        >>> import random
        >>> from micrograd.engine import Value
        >>> random.seed(0)
        >>> [dropout(Value(3.0), 0.25).data for _ in range(5)]
        [4.0, 4.0, 4.0, 4.0, 4.0]
        >>> dropout(Value(3.0), 1.0).data
        0.0
    """
    rate = dropout_rate(p)
    kept: Value = x * ops.gate(ops.power(-1.0)(1.0 - rate), draw() - rate)
    return kept
