"""Dense layers as loops over tiles: a few rows times a few columns that stay in the processor's registers.

Every vector that is loaded takes part in several multiplications, as in any fast matrix product; see Goto and van de
Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.ir import DOUBLE, INTEGER, Function, Module, Register, multiply_add, where
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Places

Registers: TypeAlias = tuple[int, ...]

ROWS = 4  # of a tile


class Grid(NamedTuple):
    """Places in memory: that of row j and column k is `first + j * row + k * column`."""

    first: int
    row: int
    column: int

    def row_at(self, base: Register, j: Register) -> Register:
        """The address of the first number of a row."""
        return base.at(j * self.row + self.first)


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

    def emit(self, module: Module, name: str, places: Places) -> None:
        """Several vectors at a time, and what is left of them one by one."""
        f = Function(module, name, PARAMETERS)
        block = Arguments(*f.arguments)
        rows, columns = _table(f, f"{name}.rows", self.writes, places), _table(f, f"{name}.columns", self.reads, places)
        v: Register | int = 0
        for across in (_across(f.width), 1):
            with f.loop(v, block.vectors - (across - 1), across) as v:
                strip = block._replace(scratch=block.scratch.at(v * f.width))
                for size, first, end in _tiles(len(self.writes)):
                    with f.loop(first, end, size) as j:
                        self._tile(f, strip, rows, columns, [j + r for r in range(size)], across)

    def _tile(
        self, f: Function, strip: Arguments, rows: Register, columns: Register, js: list[Register], across: int
    ) -> None:
        """All products of some rows with some vectors: nothing is written in between."""
        weights = [self.weights.row_at(strip.leaves, j) for j in js]
        if self.starts is None:
            starts = [f.constant(-0.0) for _ in js]
        else:
            starts = [self.starts.row_at(strip.leaves, j).load(DOUBLE).broadcast() for j in js]
        sums = [start for start in starts for _ in range(across)]
        with f.loop(0, len(self.reads), carried=sums) as k:
            column = _entry(strip.scratch, columns, k)
            x = [column.at(i * f.width).load(f.vector) for i in range(across)]
            w = [weight.at(k * self.weights.column).load(DOUBLE).broadcast() for weight in weights]
            _add_products(sums, w, x)
        results = iter(sums)
        for j in js:
            row = _entry(strip.scratch, rows, j)
            for i in range(across):
                row.at(i * f.width).store(next(results))


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

    def emit(self, module: Module, name: str, places: Places) -> None:
        """Tile by tile, each over all vectors of the block."""
        f = Function(module, name, PARAMETERS)
        block = Arguments(*f.arguments)
        rows, columns = _table(f, f"{name}.rows", self.rows, places), _table(f, f"{name}.columns", self.columns, places)
        last = (block.vectors - 1) * f.width
        count = block.left - last
        with f.when(count < f.width):  # the products of the lanes beyond the last sample shall be -0: that adds nothing
            samples = f.lanes(range(f.width)) < count.broadcast()
            for table, registers, filler in ((rows, self.rows, -0.0), (columns, self.columns, 0.0)):
                with f.loop(0, len(registers)) as i:
                    vector = _entry(block.scratch, table, i).at(last)
                    vector.store(where(samples, vector.load(f.vector), filler))
        for height, top, bottom in _tiles(len(self.rows)):
            with f.loop(top, bottom, height) as j:
                for across, first, end in _tiles(len(self.columns), _across(f.width)):
                    with f.loop(first, end, across) as k:
                        js, ks = [j + r for r in range(height)], [k + c for c in range(across)]
                        self._tile(f, block, rows, columns, js, ks)

    def _tile(
        self, f: Function, block: Arguments, rows: Register, columns: Register, js: list[Register], ks: list[Register]
    ) -> None:
        """Some rows times some columns: the lanes are added up at the end of the block, for memory holds one number."""
        grid = self.grid
        left, right = [_entry(block.scratch, rows, j) for j in js], [_entry(block.scratch, columns, k) for k in ks]
        cells = [block.totals.at(j * grid.row + k * grid.column + grid.first) for j, k in product(js, ks)]
        sums = [f.constant(-0.0) for _ in cells]
        with f.loop(0, block.vectors, carried=sums) as v:
            sample = v * f.width
            _add_products(sums, *([vector.at(sample).load(f.vector) for vector in side] for side in (left, right)))
        for cell, total in zip(cells, sums, strict=True):
            cell.store(cell.load(DOUBLE) + total.sum())


def _add_products(sums: list[Register], left: Sequence[Register], right: Sequence[Register]) -> None:
    sums[:] = [multiply_add(a, b, total) for (a, b), total in zip(product(left, right), sums, strict=True)]


def _table(f: Function, name: str, registers: Registers, places: Places) -> Register:
    """Where registers are kept in scratch memory, for loops to look up."""
    return f.table(name, [places.scratch[register] for register in registers])


def _entry(scratch: Register, table: Register, index: Register) -> Register:
    """The address of the first vector of a register."""
    return scratch.at(table.at(index).load(INTEGER))


def _across(width: int) -> int:
    """Vectors of a tile: AVX-512 has 32 registers, AVX and SSE have 16."""
    return 4 if width >= 8 else 2


def _tiles(count: int, size: int = ROWS) -> list[tuple[int, int, int]]:
    """`count` in tiles of `size` and one of what is left: `(size, first, end)`."""
    whole = count - count % size
    return [part for part in ((size, 0, whole), (count - whole, whole, count)) if part[1] < part[2]]
