"""What a traced function is made of here: arrays, and statements that compute one from others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Shape: TypeAlias = tuple[int, ...]
Kind: TypeAlias = Literal["input", "parameter", "constant", "computed"]


def row_by_row(shape: Sequence[int]) -> list[int]:
    """The strides of numbers that lie row by row."""
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]


class Array(NamedTuple):
    """Numbers under one name.

    Attributes:
        name: What it is called, as "x", "0.weight" or "relu1".
        shape: How its numbers are put together; they lie row by row. () is a single number.
        kind: Where they come from.
        varying: Whether they differ from sample to sample.
        numbers: Those of a constant.
        line: The line of the source that computes it, or nothing.
    """

    name: str
    shape: Shape
    kind: Kind
    varying: bool
    numbers: Sequence[float] = ()
    line: str = ""

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return math.prod(self.shape)


class Strided(NamedTuple):
    """Places that lie evenly: element (i, j, …) of a statement reads the one at `start + strides[0] * i + …`.

    Attributes:
        start: The first.
        strides: From one to the next, along each axis of the statement.
    """

    start: int
    strides: tuple[int, ...]

    def spread(self, shape: Sequence[int]) -> list[int]:
        """All the places, row by row."""
        found = [self.start]
        for stride, size in zip(self.strides, shape, strict=True):
            found = [place + stride * i for place in found for i in range(size)]
        return found


class Listed(NamedTuple):
    """Places in no order.

    Attributes:
        places: One for each element of the statement, row by row.
    """

    places: tuple[int, ...]


Places: TypeAlias = Strided | Listed
"""Which numbers of an array are read."""


class Read(NamedTuple):
    """An operand: numbers of an array.

    Attributes:
        array: Which one, as its place in `ArrayProgram.arrays`.
        places: Which of its numbers.
    """

    array: int
    places: Places


Operand: TypeAlias = Read | float
"""Numbers of an array, or one that is the same for all elements."""


class Map(NamedTuple):
    """`out[i] = op(operands[i])`, for each element.

    Attributes:
        out: The array.
        op: An operation of a program, such as `+` or `exp`, or `-`.
        operands: As many as the operation takes, over `shape`.
        shape: The elements. Row by row they are the numbers of `out`.
    """

    out: int
    op: str
    operands: tuple[Operand, ...]
    shape: Shape


class Sum(NamedTuple):
    """`out[i] = start[i] + Σₖ a[i, k] * b[i, k]`, added up in this order.

    Attributes:
        out: The array.
        start: Over `shape`; None if the sum begins with its first term.
        factors: One or two, over `(*shape, terms)`.
        shape: The elements.
        terms: How many are added up for each.
    """

    out: int
    start: Operand | None
    factors: tuple[Operand, ...]
    shape: Shape
    terms: int


class Pieces(NamedTuple):
    """An array that is others one after the other.

    Attributes:
        parts: Each over the one axis that its length is.
        lengths: How many numbers each has.
    """

    parts: tuple[Operand, ...]
    lengths: tuple[int, ...]


class Join(NamedTuple):
    """`out` is pieces of others one after the other.

    Attributes:
        out: The array.
        pieces: What it is.
    """

    out: int
    pieces: Pieces


class Take(NamedTuple):
    """`out[i] = table[i, at[i]]`; nan where an index is none of 0, 1, …, `length - 1`.

    Attributes:
        out: The array.
        table: Over `(*shape, length)`.
        at: Over `shape`: which of them.
        shape: The elements.
        length: How many numbers there are to choose from.
    """

    out: int
    table: Read
    at: Operand
    shape: Shape
    length: int


class Total(NamedTuple):
    """`gradient[i] += Σₖ a[i, k] * b[i, k]`, for every sample.

    Attributes:
        to: Numbers of a parameter, over `shape`: their gradients are meant.
        factors: One or two, over `(*shape, terms)`.
        shape: The elements.
        terms: How many are added up for each.
    """

    to: Read
    factors: tuple[Operand, ...]
    shape: Shape
    terms: int


class Scatter(NamedTuple):
    """`gradient[i, at[i]] += value[i]`, for every sample; nothing where an index is no place of the table.

    Attributes:
        to: The table: numbers of a parameter, over `(*shape, length)`. Their gradients are meant.
        at: Over `shape`: which of them.
        value: Over `shape`.
        shape: The elements.
        length: How many numbers there are to choose from.
    """

    to: Read
    at: Operand
    value: Operand
    shape: Shape
    length: int


Statement: TypeAlias = Map | Sum | Join | Take | Total | Scatter
"""What is done at once to numbers of arrays."""


class ArrayProgram(NamedTuple):
    """A traced function.

    Attributes:
        arrays: All of them: inputs and parameters first, in order.
        statements: In an order in which everything is there when it is needed.
        results: The arrays that are computed for a sample.
    """

    arrays: list[Array]
    statements: list[Statement]
    results: list[Pieces]
