"""Dense layers as loops over tiles: a few rows times a few columns that stay in the processor's registers.

Every vector that is loaded takes part in several multiplications, as in any fast matrix product; see Goto and van de
Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34, 2008. The code of a layer does not depend on
its size: it looks up where its rows and columns begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import gcd
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.ir import DOUBLE, INTEGER, Function, Module, Register, lane_sums, multiply_add, where
from micrograd.engine.jit.program import spanned
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Form, Numbers, Places

Registers: TypeAlias = tuple[int, ...]

ROWS, COLUMNS = 6, 4  # of a tile


class Dense(NamedTuple):
    """The stage `writes[j] = leaf[starts[j]] + Σₖ leaf[rows[j] + columns[k]] * reads[k]`, added up in this order.

    Attributes:
        writes: Registers.
        rows: Where the weights of each row begin.
        starts: The leaves that the sums start with; none if they start with a constant.
        constant: Which one, in hexadecimal.
        reads: Registers.
        columns: How far each weight lies behind the first of its row.
    """

    writes: Registers
    rows: Registers
    starts: Registers
    constant: str
    reads: Registers
    columns: Registers

    def __str__(self) -> str:
        return (
            f"{spanned(self.writes)} = layer of {len(self.writes)} x {len(self.reads)} leaves, of {spanned(self.reads)}"
        )

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """The code for so many rows beyond the last whole tile, and all else as numbers."""
        writes, reads = ([places.scratch[register] for register in some] for some in (self.writes, self.reads))
        numbers = [len(writes), len(reads), *writes, *self.rows, *self.starts, *reads, *self.columns]
        return DenseForm(len(writes) % ROWS, self.constant), numbers


@dataclass(frozen=True)
class DenseForm:
    """What layers have in common.

    Attributes:
        rest: How many rows there are beyond the last whole tile.
        constant: What the sums start with, in hexadecimal; a leaf if it is empty.
    """

    rest: int
    constant: str

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Several vectors at a time, and what is left of them one by one."""
        f = Function(module, name, PARAMETERS, width=width)
        block = Arguments(*f.arguments)
        height, across = (Numbers(block.numbers, known)[i] for i in range(2))
        tables = [block.numbers.at(2)]
        for count in (height, height, *([] if self.constant else [height]), across):
            tables.append(tables[-1].at(count))
        for size, first, end in tiles(height, self.rest):
            with f.loop(first, end, size) as j:
                v: Register | int = 0
                for vectors in (abreast(f.width), 1):
                    with f.loop(v, block.vectors - (vectors - 1), vectors) as v:
                        strip = block._replace(scratch=block.scratch.at(v * f.width))
                        self._tile(f, strip, tables, [j + r for r in range(size)], across, vectors)

    def _tile(
        self, f: Function, strip: Arguments, tables: list[Register], js: list[Register], columns: Register, vectors: int
    ) -> None:
        """All products of some rows with some vectors: nothing is written in between."""
        writes, rows, *starts, reads, offsets = tables
        weights = [entry(strip.leaves, rows, j) for j in js]
        if self.constant:
            first = [f.constant(float.fromhex(self.constant)) for _ in js]
        else:
            first = [entry(strip.leaves, starts[0], j).load(DOUBLE).broadcast() for j in js]
        sums = [start for start in first for _ in range(vectors)]
        with f.loop(0, columns, carried=sums) as k:
            vector, offset = entry(strip.scratch, reads, k), offsets.at(k).load(INTEGER)
            x = [vector.at(i * f.width).load(f.vector) for i in range(vectors)]
            w = [weight.at(offset).load(DOUBLE).broadcast() for weight in weights]
            _add_products(sums, w, x)
        results = iter(sums)
        for j in js:
            vector = entry(strip.scratch, writes, j)
            for i in range(vectors):
                vector.at(i * f.width).store(next(results))


class Outer(NamedTuple):
    """The stage `totals[cells[j] + k] += Σₜ rows[t][j] * columns[t][k]`, over all samples.

    Attributes:
        rows: For each term registers.
        columns: For each term registers.
        cells: The total for the first column of each row.
    """

    rows: tuple[Registers, ...]
    columns: tuple[Registers, ...]
    cells: Registers

    @property
    def reads(self) -> Registers:
        """All factors."""
        return tuple(chain(*self.rows, *self.columns))

    @property
    def writes(self) -> Registers:
        """No registers."""
        return ()

    def __str__(self) -> str:
        rows, columns = self.rows[0], self.columns[0]
        times = f", {len(self.rows)} times" if len(self.rows) > 1 else ""
        return f"gradients of {len(rows)} x {len(columns)} leaves: {spanned(rows)} by {spanned(columns)}{times}"

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """The code for so many rows and columns beyond the last whole tile, and all else as numbers."""
        rows, columns = len(self.rows[0]), len(self.columns[0])
        numbers = [rows, columns, len(self.rows), *self.cells]
        numbers += [places.scratch[register] for register in self.reads]
        return OuterForm(rows % ROWS, columns % COLUMNS), numbers


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
        """Tile by tile, each over all terms and all vectors of the block."""
        f = Function(module, name, PARAMETERS, width=width)
        block = Arguments(*f.arguments)
        numbers = Numbers(block.numbers, known)
        height, across, terms = (numbers[i] for i in range(3))
        cells = block.numbers.at(3)
        rows = cells.at(height)
        columns = rows.at(terms * height)
        for size, top, bottom in tiles(height, self.rows):
            with f.loop(top, bottom, size) as j:
                for some, first, end in tiles(across, self.columns % abreast(f.width), abreast(f.width)):
                    with f.loop(first, end, some) as k:
                        js, ks = [j + r for r in range(size)], [k + c for c in range(some)]
                        self._tile(f, block, (height, across, terms), (cells, rows, columns), js, ks)

    @staticmethod
    def _tile(
        f: Function,
        block: Arguments,
        sizes: tuple[Register, ...],
        tables: tuple[Register, ...],
        js: list[Register],
        ks: list[Register],
    ) -> None:
        """Some rows times some columns: the lanes are added up at the end of the block, for memory holds one number."""
        (height, across, terms), (places, rows, columns) = sizes, tables
        cells = [entry(block.totals, places, j).at(k) for j, k in product(js, ks)]
        sums = [f.constant(-0.0) for _ in cells]
        last = block.vectors - 1
        count = block.left - last * f.width
        whole = where(count < f.width, last, block.vectors)
        with f.loop(0, terms, carried=sums) as t:
            left = [entry(block.scratch, rows, t * height + j) for j in js]
            right = [entry(block.scratch, columns, t * across + k) for k in ks]
            with f.loop(0, whole, carried=sums) as v:
                _add_products(sums, *(_loaded(side, v) for side in (left, right)))
            with f.loop(whole, block.vectors, carried=sums) as v:  # the last one, if lanes of it are no samples
                before, samples = list(sums), f.lanes(range(f.width)) < count.broadcast()
                _add_products(sums, *(_loaded(side, v) for side in (left, right)))
                sums[:] = [where(samples, after, total) for after, total in zip(sums, before, strict=True)]
        together = gcd(len(ks), f.width)  # cells of a row lie side by side
        for i in range(0, len(cells), together):
            total = lane_sums(sums[i : i + together])
            cells[i].store(cells[i].load(total.type) + total)


def _add_products(sums: list[Register], left: Sequence[Register], right: Sequence[Register]) -> None:
    sums[:] = [multiply_add(a, b, total) for (a, b), total in zip(product(left, right), sums, strict=True)]


def _loaded(addresses: Sequence[Register], v: Register) -> list[Register]:
    """A vector of each of some registers."""
    return [address.at(v * address.function.width).load(address.function.vector) for address in addresses]


def entry(memory: Register, table: Register, index: Register) -> Register:
    """The address that an entry of a table means."""
    return memory.at(table.at(index).load(INTEGER))


def abreast(width: int) -> int:
    """Vectors of a tile: AVX-512 has 32 registers, AVX and SSE have 16."""
    return 4 if width >= 8 else 2


def tiles(count: Register, rest: int, size: int = ROWS) -> list[tuple[int, Register | int, Register]]:
    """`count` in tiles of `size` and one of the `rest`: `(size, first, end)`."""
    whole = count - rest
    tiles: list[tuple[int, Register | int, Register]] = [(size, 0, whole)]
    return [*tiles, (rest, whole, count)] if rest else tiles
