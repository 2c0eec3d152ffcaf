"""Statements about arrays, `micrograd.engine.jit.arrays`, as operations on tensors that hold a batch of samples.

The samples are the first axis of what differs between them. A tensor is whatever a language has for one: a node of a
graph of PyTorch's, or a name in a graph of ONNX.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from micrograd.engine.jit.arrays import (
    ArrayProgram,
    Join,
    Listed,
    Map,
    Operand,
    Pieces,
    Places,
    Read,
    Scatter,
    Strided,
    Sum,
    Take,
    Total,
    row_by_row,
)

Tensor: TypeAlias = Any
Shape: TypeAlias = tuple[int, ...]


class Language(ABC):
    """What can be done to tensors."""

    @abstractmethod
    def numbers(self, numbers: Sequence[float], shape: Shape) -> Tensor:
        """A tensor of these numbers."""

    @abstractmethod
    def places(self, places: Sequence[int]) -> Tensor:
        """A tensor of whole numbers, with one axis."""

    @abstractmethod
    def shaped(self, x: Tensor, varying: bool, shape: Shape) -> Tensor:
        """The numbers of `x`, those of a sample if it is `varying`, in another shape."""

    @abstractmethod
    def piece(self, x: Tensor, start: int, end: int) -> Tensor:
        """A piece of the last axis."""

    @abstractmethod
    def picked(self, x: Tensor, places: Tensor) -> Tensor:
        """The last axis at places, a tensor with one axis."""

    @abstractmethod
    def permuted(self, x: Tensor, order: Sequence[int]) -> Tensor:
        """`x` with its axes, all of them, in another order."""

    @abstractmethod
    def expanded(self, x: Tensor, like: Tensor | None, shape: Shape) -> Tensor:
        """`x` repeated along axes of length 1 to this shape, and to as many samples as `like` has, if that is given."""

    @abstractmethod
    def einsum(self, equation: str, factors: Sequence[Tensor]) -> Tensor:
        """A sum of products, in Einstein's notation."""

    @abstractmethod
    def joined(self, parts: Sequence[Tensor]) -> Tensor:
        """Tensors one after the other along the last axis."""

    @abstractmethod
    def operation(self, op: str, operands: Sequence[Tensor | float]) -> Tensor:
        """An operation of a program on each number."""

    def begun(self, start: Tensor | float, total: Tensor) -> Tensor:
        """A sum of products that nothing else needs, and what it begins with."""
        return self.operation("+", [start, total])

    @abstractmethod
    def taken(self, table: Tensor, at: Tensor, length: int, rows: Rows) -> Tensor:
        """Numbers of `table`, which has one axis; nan where `at` is none of 0, 1, …, `length - 1`."""


class Rows(NamedTuple):
    """Where the rows of a table lie. Entry `at` is at `first + step * at`, or, if there is a list, at what that says.

    Attributes:
        first: A tensor over the elements of a statement.
        step: From an entry to the next.
        listed: A tensor with one axis, or None.
    """

    first: Tensor
    step: int
    listed: Tensor | None


class _Read(NamedTuple):
    """A tensor, and along which axes of a statement it lies, in its order."""

    tensor: Tensor
    axes: list[int]
    varying: bool


class Evaluation:
    """Computes the arrays of a program.

    Args:
        program: The program.
        language: What tensors are.
        given: The inputs, shape (batch, numbers) each, and the parameters in their own shapes.
    """

    def __init__(self, program: ArrayProgram, language: Language, given: Sequence[Tensor]) -> None:
        self.program, self.language = program, language
        self._sample = next((x for x, array in zip(given, program.arrays, strict=False) if array.varying), None)
        self._arrays: dict[int, tuple[Tensor, Shape]] = {}
        for i, array in enumerate(program.arrays):
            if array.kind == "constant":
                self._arrays[i] = language.numbers(array.numbers, array.shape), array.shape
            elif array.kind != "computed":
                self._arrays[i] = given[i], (array.size,) if array.varying else array.shape
        self._flat: dict[int, Tensor] = {}

    def run(self) -> list[Tensor]:
        """Compute all; gives the results, shape (batch, numbers)."""
        for statement in self.program.statements:
            match statement:
                case Map(out, op, operands, shape):
                    given = [self.operand(operand, shape) for operand in operands]
                    computed = self.language.operation(op, given)
                    covered = {axis for operand in operands for axis in self._axes(operand, shape)}
                    self._arrays[out] = self._covering(out, computed, covered, shape), shape
                case Sum():
                    self._arrays[statement.out] = self._sum(statement), statement.shape
                case Join(out, pieces):
                    array = self.program.arrays[out]
                    self._arrays[out] = self._joined(pieces, array.varying), (array.size,)
                case Take():
                    self._arrays[statement.out] = self._take(statement), statement.shape
                case Total() | Scatter():
                    self.add(statement)
        return [self._joined(pieces, True) for pieces in self.program.results]

    def add(self, statement: Total | Scatter) -> None:
        """Add to gradients, where the language has them."""
        raise NotImplementedError

    def operand(self, operand: Operand, shape: Shape) -> Tensor | float:
        """What an operand reads, so that it fits to others over this shape."""
        if not isinstance(operand, Read):
            return operand
        tensor, axes, varying = self.read(operand, shape)
        if axes != sorted(axes):
            order = [axes.index(axis) for axis in sorted(axes)]
            tensor = self.language.permuted(tensor, [0, *(i + 1 for i in order)] if varying else order)
        sizes = tuple(size if axis in axes else 1 for axis, size in enumerate(shape))
        return tensor if len(axes) == len(shape) else self.language.shaped(tensor, varying, sizes)

    def read(self, operand: Read, shape: Shape) -> _Read:
        """What an operand reads, along the axes that matter."""
        array = self.program.arrays[operand.array]
        tensor, own = self._arrays[operand.array]
        places = operand.places
        if isinstance(places, Listed):
            picked = self.language.picked(self.flat(operand.array), self.language.places(places.places))
            return _Read(self.language.shaped(picked, array.varying, shape), [*range(len(shape))], array.varying)
        strides = dict(enumerate(places.strides))
        axes = sorted((axis for axis in strides if strides[axis]), key=lambda axis: (-abs(strides[axis]), axis))
        sizes = tuple(shape[axis] for axis in axes)
        count = math.prod(sizes)
        if [strides[axis] for axis in axes] != row_by_row(sizes):
            spread = Strided(places.start, tuple(strides[axis] for axis in axes)).spread(sizes)
            picked = self.language.picked(self.flat(operand.array), self.language.places(spread))
            return _Read(self.language.shaped(picked, array.varying, sizes), axes, array.varying)
        if (places.start, sizes) == (0, own):
            return _Read(tensor, axes, array.varying)
        flat = self.flat(operand.array)
        if (places.start, count) != (0, array.size):
            flat = self.language.piece(flat, places.start, places.start + count)
        return _Read(flat if len(sizes) == 1 else self.language.shaped(flat, array.varying, sizes), axes, array.varying)

    def flat(self, array: int) -> Tensor:
        """The numbers of an array along one axis."""
        tensor, own = self._arrays[array]
        if len(own) == 1:
            return tensor
        if array not in self._flat:
            size, varying = self.program.arrays[array].size, self.program.arrays[array].varying
            self._flat[array] = self.language.shaped(tensor, varying, (size,))
        return self._flat[array]

    def products(self, factors: Sequence[Operand], shape: Shape, keep: Sequence[int], over_samples: bool) -> Tensor:
        """The sum of products over the axes that are not kept, and over the samples, if that is wanted."""
        reads = [self.read(factor, shape) for factor in factors if isinstance(factor, Read)]
        scale = math.prod(factor for factor in factors if not isinstance(factor, Read))
        covered = {axis for read in reads for axis in read.axes}
        scale *= math.prod(size for axis, size in enumerate(shape) if axis not in covered and axis not in keep)
        varying = any(read.varying for read in reads)
        if not reads:
            return self.language.numbers([scale], ())
        kept = "".join(_letter(axis) for axis in keep if axis in covered)
        terms = ",".join("z" * read.varying + "".join(map(_letter, read.axes)) for read in reads)
        equation = f"{terms}->{'z' * (varying and not over_samples)}{kept}"
        total = self.language.einsum(equation, [read.tensor for read in reads])
        return total if scale == 1 else self.language.operation("*", [total, scale])

    def _sum(self, statement: Sum) -> Tensor:
        shape, axes = statement.shape, [*range(len(statement.shape))]
        whole = (*shape, statement.terms)
        total = self.products(statement.factors, whole, axes, False)
        covered = {axis for factor in statement.factors for axis in self._axes(factor, whole) if axis < len(shape)}
        if len(covered) < len(shape):
            sizes = tuple(size if axis in covered else 1 for axis, size in enumerate(shape))
            total = self.language.shaped(total, self._varies(*statement.factors), sizes)
        if statement.start is not None:
            total = self.language.begun(self.operand(statement.start, shape), total)
            covered |= {*self._axes(statement.start, shape)}
        return self._covering(statement.out, total, covered, shape)

    def _take(self, statement: Take) -> Tensor:
        shape, length = statement.shape, statement.length
        at = self.index(statement.at, shape, self.program.arrays[statement.out].varying)
        rows = self.rows(statement.table.places, shape, length)
        return self.language.taken(self.flat(statement.table.array), at, length, rows)

    def rows(self, places: Places, shape: Shape, length: int) -> Rows:
        """Where the rows of a table lie that is read over `(*shape, length)`."""
        if isinstance(places, Listed):
            firsts = range(0, math.prod(shape) * length, length)
            first = self.language.shaped(self.language.places(firsts), False, shape)
            return Rows(first, 1, self.language.places(places.places))
        first = self.language.places(Strided(places.start, places.strides[:-1]).spread(shape))
        return Rows(self.language.shaped(first, False, shape), places.strides[-1], None)

    def index(self, operand: Operand, shape: Shape, varying: bool) -> Tensor:
        """Which entries of tables are meant, over all of a shape."""
        return self._everywhere(operand, shape, varying)

    def _varies(self, *operands: Operand) -> bool:
        """Whether one of them differs from sample to sample."""
        return any(isinstance(operand, Read) and self.program.arrays[operand.array].varying for operand in operands)

    def _axes(self, operand: Operand, shape: Shape) -> list[int]:
        """The axes along which an operand is not the same everywhere."""
        if not isinstance(operand, Read):
            return []
        places = operand.places
        return [axis for axis in range(len(shape)) if isinstance(places, Listed) or places.strides[axis]]

    def _covering(self, out: int, computed: Tensor, covered: set[int], shape: Shape) -> Tensor:
        """What was computed, along all axes."""
        if len(covered) == len(shape):
            return computed
        return self.language.expanded(computed, self._sample if self.program.arrays[out].varying else None, shape)

    def _everywhere(self, operand: Operand, shape: Shape, varying: bool) -> Tensor:
        """An operand over all of a shape and, if it is wanted, over all samples."""
        axes, own = self._axes(operand, shape), self._varies(operand)
        if not isinstance(operand, Read):
            tensor = self.language.numbers([operand], (1,) * len(shape))
        else:
            tensor = self.operand(operand, shape)
            if own == varying and all(size == 1 or axis in axes for axis, size in enumerate(shape)):
                return tensor
        return self.language.expanded(tensor, self._sample if varying else None, shape)

    def _joined(self, pieces: Pieces, varying: bool) -> Tensor:
        parts = zip(pieces.parts, pieces.lengths, strict=True)
        tensors = [self._everywhere(part, (length,), varying and self._sample is not None) for part, length in parts]
        return tensors[0] if len(tensors) == 1 else self.language.joined(tensors)


def _letter(axis: int) -> str:
    return "abcdefghijklmnopqrstuvwxy"[axis]
