"""Dense layers as loops over tiles: a few rows times a few columns that stay in the processor's registers.

Every vector that is loaded takes part in several multiplications, as in any fast matrix product; see Goto and van de
Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008. The code of a layer does not depend on
its size: it looks up where its rows and columns begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.ir import DOUBLE, INTEGER, Function, Module, Register, multiply_add, where
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Numbers, Places

Registers: TypeAlias = tuple[int, ...]

ROWS = 4  # of a tile


class Grid(NamedTuple):
    """Places in memory: that of row j and column k is `first + j * row + k * column`."""

    first: int
    row: int
    column: int


class Dense(NamedTuple):
    """The stage `writes[j] = starts[j] + Σₖ leaf[weights[j, k]] * reads[k]`, added up in this order.

    Attributes:
        writes: Registers.
        starts: Which leaves the sums start with, in one column; None if they start with a product.
        reads: Registers.
        weights: Which leaves.
    """

    writes: Registers
    starts: Grid | None
    reads: Registers
    weights: Grid

    def form(self, places: Places) -> tuple[DenseForm, list[int]]:
        """The code for so many rows beyond the last whole tile, and all else as numbers."""
        starts = self.starts or Grid(0, 0, 0)
        numbers = [len(self.writes), len(self.reads), *self.weights, starts.first, starts.row]
        numbers += [places.scratch[register] for register in self.writes + self.reads]
        return DenseForm(len(self.writes) % ROWS, self.starts is not None), numbers


@dataclass(frozen=True)
class DenseForm:
    """What layers have in common.

    Attributes:
        rest: How many rows there are beyond the last whole tile.
        starts: Whether the sums start with a leaf.
    """

    rest: int
    starts: bool

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Several vectors at a time, and what is left of them one by one."""
        f = Function(module, name, PARAMETERS, width=width)
        block = Arguments(*f.arguments)
        rows = Numbers(block.numbers, known)[0]
        v: Register | int = 0
        for across in (_across(f.width), 1):
            with f.loop(v, block.vectors - (across - 1), across) as v:
                strip = block._replace(scratch=block.scratch.at(v * f.width))
                for size, first, end in _tiles(rows, self.rest):
                    with f.loop(first, end, size) as j:
                        self._tile(f, strip, Numbers(block.numbers, known), [j + r for r in range(size)], across)

    def _tile(self, f: Function, strip: Arguments, numbers: Numbers, js: list[Register], across: int) -> None:
        """All products of some rows with some vectors: nothing is written in between."""
        rows, columns, first, row, column, start, start_row = (numbers[i] for i in range(7))
        weights = [strip.leaves.at(j * row + first) for j in js]
        if self.starts:
            starts = [strip.leaves.at(j * start_row + start).load(DOUBLE).broadcast() for j in js]
        else:
            starts = [f.constant(-0.0) for _ in js]
        sums = [start for start in starts for _ in range(across)]
        writes = numbers.table.at(7)
        reads = writes.at(rows)
        with f.loop(0, columns, carried=sums) as k:
            vector = _entry(strip.scratch, reads, k)
            x = [vector.at(i * f.width).load(f.vector) for i in range(across)]
            w = [weight.at(k * column).load(DOUBLE).broadcast() for weight in weights]
            _add_products(sums, w, x)
        results = iter(sums)
        for j in js:
            vector = _entry(strip.scratch, writes, j)
            for i in range(across):
                vector.at(i * f.width).store(next(results))


class Outer(NamedTuple):
    """The stage `totals[grid[j, k]] += rows[j] * columns[k]`, over all samples.

    Attributes:
        rows: Registers.
        columns: Registers.
        grid: Which totals.
    """

    rows: Registers
    columns: Registers
    grid: Grid

    @property
    def reads(self) -> Registers:
        """Both factors."""
        return self.rows + self.columns

    @property
    def writes(self) -> Registers:
        """No registers."""
        return ()

    def form(self, places: Places) -> tuple[OuterForm, list[int]]:
        """The code for so many rows and columns beyond the last whole tile, and all else as numbers."""
        numbers = [len(self.rows), len(self.columns), *self.grid]
        numbers += [places.scratch[register] for register in self.rows + self.columns]
        return OuterForm(len(self.rows) % ROWS, len(self.columns) % ROWS), numbers


@dataclass(frozen=True)
class OuterForm:
    """What gradients of layers have in common.

    Attributes:
        rows: How many rows there are beyond the last whole tile.
        columns: How many columns there are beyond it.
    """

    rows: int
    columns: int

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Tile by tile, each over all vectors of the block."""
        f = Function(module, name, PARAMETERS, width=width)
        block = Arguments(*f.arguments)
        numbers = Numbers(block.numbers, known)
        height, across = numbers[0], numbers[1]
        rows = block.numbers.at(5)
        columns = rows.at(height)
        last = (block.vectors - 1) * f.width
        count = block.left - last
        with f.when(count < f.width):  # the products of the lanes beyond the last sample shall be -0: that adds nothing
            samples = f.lanes(range(f.width)) < count.broadcast()
            for table, registers, filler in ((rows, height, -0.0), (columns, across, 0.0)):
                with f.loop(0, registers) as i:
                    vector = _entry(block.scratch, table, i).at(last)
                    vector.store(where(samples, vector.load(f.vector), filler))
        for size, top, bottom in _tiles(height, self.rows):
            with f.loop(top, bottom, size) as j:
                for some, first, end in _tiles(across, self.columns % _across(f.width), _across(f.width)):
                    with f.loop(first, end, some) as k:
                        js, ks = [j + r for r in range(size)], [k + c for c in range(some)]
                        self._tile(f, block, numbers, js, ks)

    def _tile(self, f: Function, block: Arguments, numbers: Numbers, js: list[Register], ks: list[Register]) -> None:
        """Some rows times some columns: the lanes are added up at the end of the block, for memory holds one number."""
        height, _, first, row, column = (numbers[i] for i in range(5))
        rows = block.numbers.at(5)
        columns = rows.at(height)
        left, right = [_entry(block.scratch, rows, j) for j in js], [_entry(block.scratch, columns, k) for k in ks]
        cells = [block.totals.at(j * row + k * column + first) for j, k in product(js, ks)]
        sums = [f.constant(-0.0) for _ in cells]
        with f.loop(0, block.vectors, carried=sums) as v:
            sample = v * f.width
            _add_products(sums, *([vector.at(sample).load(f.vector) for vector in side] for side in (left, right)))
        for cell, total in zip(cells, sums, strict=True):
            cell.store(cell.load(DOUBLE) + total.sum())


def _add_products(sums: list[Register], left: Sequence[Register], right: Sequence[Register]) -> None:
    sums[:] = [multiply_add(a, b, total) for (a, b), total in zip(product(left, right), sums, strict=True)]


def _entry(scratch: Register, table: Register, index: Register) -> Register:
    """The address of the first vector of a register."""
    return scratch.at(table.at(index).load(INTEGER))


def _across(width: int) -> int:
    """Vectors of a tile: AVX-512 has 32 registers, AVX and SSE have 16."""
    return 4 if width >= 8 else 2


def _tiles(count: Register, rest: int, size: int = ROWS) -> list[tuple[int, Register | int, Register]]:
    """`count` in tiles of `size` and one of the `rest`: `(size, first, end)`."""
    whole = count - rest
    tiles: list[tuple[int, Register | int, Register]] = [(size, 0, whole)]
    return [*tiles, (rest, whole, count)] if rest else tiles
