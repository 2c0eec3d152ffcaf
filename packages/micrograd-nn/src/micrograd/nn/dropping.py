"""Dropout."""

from __future__ import annotations

from typing import Any

from micrograd.engine import Value, draw, ops
from micrograd.nn.inputs import dropout_rate, to_sequence
from micrograd.nn.module import Module


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


class Dropout(Module):
    """`dropout` of all that comes in, in training mode; nothing happens in evaluation mode. `torch.nn.Dropout`.

    Args:
        p: The probability of dropping a number, from 0 to 1.

    Attributes:
        p: The probability. It may be set later.

    Raises:
        ValueError: If `p` is not a number from 0 to 1.

    Example:
        >>> import random
        >>> random.seed(1)
        >>> half = Dropout(0.5)
        >>> half([1.0, 2.0, [3.0]])
        [0.0, 4.0, [6.0]]
        >>> half.eval()([1.0, 2.0, [3.0]])
        [1.0, 2.0, [3.0]]
    """

    def __init__(self, p: float = 0.5) -> None:
        self.p = dropout_rate(p)

    def __call__(self, x: Any) -> Any:
        """The numbers that are left, and 0 for the others.

        Args:
            x: A Value, a number, or lists of them, nested to any depth.

        Returns:
            What `x` is; in evaluation mode, or if `p` is 0, `x` itself.
        """
        if not (self.training and self.p):
            return x
        if not isinstance(x, Value):
            x = to_sequence(x, "the inputs of a Dropout")
        return [self(part) for part in x] if isinstance(x, (list, tuple)) else dropout(x, self.p)

    def __repr__(self) -> str:
        return f"Dropout({self.p})"
