"""Rows of parameters, looked up by number."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from micrograd.engine import Value, take
from micrograd.nn.inputs import integer, to_sequence
from micrograd.nn.module import Module


class Embedding(Module):
    """A row of parameters for each of `num` things, such as the letters of an alphabet. `torch.nn.Embedding`.

    The rows are drawn from Python's global `random`, normal with mean 0 and deviation 1. A sample of `fit` is a list,
    so a model gets a list of rows, even of one index; join them for what takes one row of numbers, such as `Linear`.

    Args:
        num: The number of rows, at least 1.
        dim: The length of a row, at least 1.

    Attributes:
        weight: `num` rows of `dim` Values.

    Raises:
        ValueError: If a size is not an int of at least 1.

    Example:
        >>> letters = Embedding(26, 2)
        >>> letters
        Embedding(26, 2)
        >>> letters(3) == letters.weight[3]
        True
        >>> [len(row) for row in letters([0, 25, 0])]
        [2, 2, 2]
        >>> from micrograd.nn import Linear, Sequential
        >>> model = Sequential(letters, lambda rows: sum(rows, []), Linear(6, 26))  # which letter follows three
        >>> len(model([0, 25, 0]))
        26
    """

    def __init__(self, num: int, dim: int) -> None:
        num, dim = integer("Embedding", "num", num), integer("Embedding", "dim", dim)
        self.weight = [[Value(random.gauss(0.0, 1.0)) for _ in range(dim)] for _ in range(num)]

    def __call__(self, index: Value | float | Iterable[Any]) -> list[Any]:
        """The row at an index, by `micrograd.engine.take`.

        Args:
            index: A whole number from 0 to `num - 1`: an int, a float or a Value, as `fit` passes them; or lists of
                them, nested to any depth.

        Returns:
            A list of `dim` Values; for lists of indices, such lists in their places.

        Raises:
            TypeError: If an index is no number.
            ValueError: If it is no whole number.
            IndexError: If there is no such row. In compiled code, which has no errors, the row is nan then.
        """
        if not isinstance(index, Value):
            index = to_sequence(index, "the indices of an Embedding")
        if isinstance(index, (list, tuple)):
            return [self(part) for part in index]
        row: list[Value] = take(self.weight, index)  # type: ignore[arg-type]  # what is no number is refused
        return row

    def __repr__(self) -> str:
        return f"Embedding({len(self.weight)}, {len(self.weight[0])})"
