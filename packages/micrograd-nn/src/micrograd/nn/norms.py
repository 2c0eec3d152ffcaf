"""Normalisation: the numbers of a sample, brought to one size."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any

from micrograd.engine import Value, ops
from micrograd.nn.inputs import integer, non_negative, sample_for
from micrograd.nn.module import Module


class RMSNorm(Module):
    """Divides by the root of the mean square: `x / sqrt(mean(x²) + eps) * weight`. Counterpart: `torch.nn.RMSNorm`.

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.

    Args:
        n: The number of inputs, at least 1.
        eps: A number of at least 0; None for 2.2e-16, the distance from 1 to the next float.

    Attributes:
        weight: `n` Values, 1 at first.

    Raises:
        ValueError: If `n` is not an int of at least 1, or `eps` is not a number of at least 0.

    Example:
        >>> [round(out.data, 6) for out in RMSNorm(2)([3.0, 4.0])]
        [0.848528, 1.131371]
    """

    def __init__(self, n: int, eps: float | None = None) -> None:
        self.nin = n
        self.weight = [Value(1.0) for _ in range(integer("RMSNorm", "n", n))]
        self.eps = sys.float_info.epsilon if eps is None else non_negative("RMSNorm", "eps", eps)

    def __call__(self, x: Value | float | Iterable[Value | float]) -> list[Value]:
        """The numbers of one sample, normalised.

        Args:
            x: `n` Values or numbers, in anything that iterates; a single one stands for a list of one.

        Returns:
            A list of `n` Values.

        Raises:
            TypeError: If they are neither Values nor numbers.
            ValueError: If there are not `n` inputs, or a batch of samples is given.
        """
        inputs = sample_for(self, len(self.weight), x)
        return [part * w for part, w in zip(_divided(inputs, self.eps), self.weight, strict=True)]

    def __repr__(self) -> str:
        return f"RMSNorm({len(self.weight)})"


class LayerNorm(Module):
    """Takes off the mean and divides by the deviation: `(x - mean) / sqrt(var + eps) * weight + bias`.

    The variance is that of these numbers themselves, divided by `n`. Counterpart: `torch.nn.LayerNorm`. Source: Ba,
    Kiros and Hinton, "Layer Normalization", 2016.

    Args:
        n: The number of inputs, at least 1.
        eps: A number of at least 0.

    Attributes:
        weight: `n` Values, 1 at first.
        bias: `n` Values, 0 at first.

    Raises:
        ValueError: If `n` is not an int of at least 1, or `eps` is not a number of at least 0.

    Example:
        >>> [round(out.data, 6) for out in LayerNorm(2)([3.0, 5.0])]
        [-0.999995, 0.999995]
    """

    def __init__(self, n: int, eps: float = 1e-5) -> None:
        self.nin = n
        self.weight = [Value(1.0) for _ in range(integer("LayerNorm", "n", n))]
        self.bias = [Value(0.0) for _ in self.weight]
        self.eps = non_negative("LayerNorm", "eps", eps)

    def __call__(self, x: Value | float | Iterable[Value | float]) -> list[Value]:
        """The numbers of one sample, normalised.

        Args:
            x: `n` Values or numbers, in anything that iterates; a single one stands for a list of one.

        Returns:
            A list of `n` Values.

        Raises:
            TypeError: If they are neither Values nor numbers.
            ValueError: If there are not `n` inputs, or a batch of samples is given.
        """
        inputs = sample_for(self, len(self.weight), x)
        mean = _mean(inputs)
        parts = _divided([number - mean for number in inputs], self.eps)
        return [part * w + b for part, w, b in zip(parts, self.weight, self.bias, strict=True)]

    def __repr__(self) -> str:
        return f"LayerNorm({len(self.weight)})"


def _mean(numbers: Sequence[Any]) -> Any:
    return reduce(add, numbers) * (1.0 / len(numbers))  # as a Value divides, also where there are only numbers


def _divided(numbers: Sequence[Any], eps: float) -> list[Any]:
    """The numbers divided by the root of their mean square and `eps`."""
    scale = ops.power(-0.5)(_mean([number * number for number in numbers]) + eps)
    return [number * scale for number in numbers]
