"""Dense layers for few samples: the lanes of a vector are rows of a layer, or columns, and one sample follows another.

Vectors of samples, as in `dense.py`, would be narrow, or nearly empty. But results of a layer can lie in one side by
side, too: each is added up in the same order, and has the same bits. For that weights must lie column by column. Those
of transposed products mostly do. Others are brought into this order once, if several stages read them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from micrograd.engine.jit.dense import ROWS, Dense, DenseForm, Outer, OuterForm, Registers, abreast, entry, tiles
from micrograd.engine.jit.ir import DOUBLE, INTEGER, Function, Module, Register, Type, multiply_add, vector_of, where
from micrograd.engine.jit.machine import vector_width
from micrograd.engine.jit.plan import Plan
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Form, Numbers, Places, Stage

VECTORS = 8  # of sums that grow at the same time: each waits for its last product
SPARE = -1  # no register, but what lies behind all others in scratch memory


def narrow(plan: Plan, leaves: int) -> Plan:
    """The same stages with layers for few samples, and others before that bring weights into order.

    Args:
        plan: The stages.
        leaves: How many leaves the program has.
    """
    end = leaves + plan.room
    packed: dict[tuple[Registers, Registers], Packed] = {}

    def by_column(rows: Registers, columns: Registers) -> tuple[Registers, Registers]:
        """Rows and columns of the same numbers where they lie column by column."""
        nonlocal end
        if _adjacent(rows):
            return rows, columns
        height, size = len(rows), len(rows) * len(columns)
        if (rows, columns) not in packed:
            packed[rows, columns] = Packed(rows, columns, end)
            end += size
        first = packed[rows, columns].place
        return tuple(range(first, first + height)), tuple(range(0, size, height))

    readers = Counter((stage.rows, stage.columns) for stage in plan.varying if isinstance(stage, Dense))
    varying: list[Stage] = []
    spare = 0
    for stage in plan.varying:
        if isinstance(stage, Outer):
            stage = NarrowOuter(*stage)
            spare = max(spare, sum(map(len, stage.columns)))
        elif isinstance(stage, Dense) and (_adjacent(stage.rows) or readers[stage.rows, stage.columns] > 1):
            rows, columns = by_column(stage.rows, stage.columns)
            starts = by_column(stage.starts, (0,))[0] if stage.starts else ()
            stage = NarrowDense(stage.writes, rows, starts, stage.constant, stage.reads, columns)
        varying.append(stage)
    return plan._replace(
        uniform=[*plan.uniform, *packed.values()],
        varying=varying,
        room=end - leaves,
        scratch={**plan.scratch, SPARE: plan.kept},
        kept=plan.kept + spare,
    )


class Packed(NamedTuple):
    """The stage `leaf[place + k * height + j] = leaf[rows[j] + columns[k]]`, where `height` is the number of rows.

    Attributes:
        rows: Where the weights of each row begin.
        columns: How far each weight lies behind the first of its row.
        place: Behind the leaves.
    """

    rows: Registers
    columns: Registers
    place: int

    @property
    def reads(self) -> Registers:
        """No registers."""
        return ()

    @property
    def writes(self) -> Registers:
        """No registers."""
        return ()

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """The code for so many rows beyond the last whole vector, and all else as numbers."""
        numbers = [len(self.rows), len(self.columns), self.place, *self.rows, *self.columns]
        return PackedForm(len(self.rows) % vector_width()), numbers


@dataclass(frozen=True)
class PackedForm:
    """What copies of weights have in common.

    Attributes:
        rest: How many rows there are beyond the last whole vector.
    """

    rest: int

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """A vector of rows at a time, column by column."""
        f = Function(module, name, PARAMETERS, width=vector_width())
        block = Arguments(*f.arguments)
        height, across, place = (Numbers(block.numbers, known)[i] for i in range(3))
        rows = block.numbers.at(3)
        columns = rows.at(height)
        for size, first, end in tiles(height, self.rest, f.width):
            with f.loop(first, end, size) as j:
                weights = [entry(block.leaves, rows, j + r) for r in range(size)]
                with f.loop(0, across) as k:
                    column = columns.at(k).load(INTEGER)
                    numbers = [weight.at(column).load(DOUBLE) for weight in weights]
                    block.leaves.at(place + k * height + j).store(f.gathered(numbers))


class NarrowDense(Dense):
    """A `Dense` whose rows, and starts, lie side by side."""

    __slots__ = ()

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """The code for so many rows beyond the last whole tile, and all else as numbers."""
        writes, reads = ([places.scratch[register] for register in some] for some in (self.writes, self.reads))
        start = self.starts[0] if self.starts else 0
        numbers = [len(writes), len(reads), self.rows[0], start, *writes, *reads, *self.columns]
        return NarrowDenseForm(len(writes) % (VECTORS * vector_width()), self.constant), numbers


class NarrowDenseForm(DenseForm):
    """What such layers have in common: a `DenseForm`, with tiles of `VECTORS`."""

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Sample by sample, several vectors of rows at a time."""
        f = Function(module, name, PARAMETERS, width=vector_width())
        block = Arguments(*f.arguments)
        height, across, row, start = (Numbers(block.numbers, known)[i] for i in range(4))
        writes = block.numbers.at(4)
        reads = writes.at(height)
        columns = reads.at(across)
        weights, starts = block.leaves.at(row), block.leaves.at(start)
        with f.loop(0, _samples(block, width)) as s:
            scratch = block.scratch.at(s)
            for size, first, end in tiles(height, self.rest, VECTORS * f.width):
                with f.loop(first, end, size) as j:
                    vectors = _vectors(f, j, size)
                    if self.constant:
                        sums = [f.constant(float.fromhex(self.constant), type) for _, type in vectors]
                    else:
                        sums = _loaded(starts, vectors)
                    with f.loop(0, across, carried=sums) as k:
                        x = entry(scratch, reads, k).load(DOUBLE)
                        _add_products(sums, [x], _loaded(weights.at(columns.at(k).load(INTEGER)), vectors))
                    for (place, type), total in zip(vectors, sums, strict=True):
                        for lane in range(type.lanes):
                            entry(scratch, writes, place + lane).store(total.lane(lane))


class NarrowOuter(Outer):
    """An `Outer` whose columns are brought side by side first."""

    __slots__ = ()

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """The code for so many rows and columns beyond the last whole tile, and all else as numbers."""
        rows, columns = len(self.rows[0]), len(self.columns[0])
        numbers = [rows, columns, len(self.rows), places.scratch[SPARE], *self.cells]
        numbers += [places.scratch[register] for register in self.reads]
        return NarrowOuterForm(rows % ROWS, columns % (abreast(vector_width()) * vector_width())), numbers


class NarrowOuterForm(OuterForm):
    """What such gradients have in common: an `OuterForm`, with tiles of whole vectors of columns."""

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Sample by sample and tile by tile, each over all terms."""
        f = Function(module, name, PARAMETERS, width=vector_width())
        block = Arguments(*f.arguments)
        height, across, terms, spare = (Numbers(block.numbers, known)[i] for i in range(4))
        cells = block.numbers.at(4)
        rows = cells.at(height)
        columns = rows.at(terms * height)
        lines = block.scratch.at(spare)
        with f.loop(0, _samples(block, width)) as s:
            scratch = block.scratch.at(s)
            with f.loop(0, terms * across) as k:
                lines.at(k).store(entry(scratch, columns, k).load(DOUBLE))
            for size, top, bottom in tiles(height, self.rows, ROWS):
                with f.loop(top, bottom, size) as j:
                    targets = [entry(block.totals, cells, j + r) for r in range(size)]
                    for some, first, end in tiles(across, self.columns, abreast(f.width) * f.width):
                        with f.loop(first, end, some) as k:
                            vectors = _vectors(f, k, some)
                            sums = [f.constant(-0.0, type) for _ in targets for _, type in vectors]
                            with f.loop(0, terms, carried=sums) as t:
                                left = [entry(scratch, rows, t * height + j + r).load(DOUBLE) for r in range(size)]
                                _add_products(sums, left, _loaded(lines.at(t * across), vectors))
                            for (target, (place, type)), total in zip(product(targets, vectors), sums, strict=True):
                                cell = target.at(place)
                                cell.store(cell.load(type) + total)


def _adjacent(places: Registers) -> bool:
    return places == tuple(range(places[0], places[0] + len(places)))


def _samples(block: Arguments, width: int) -> Register:
    """How many samples there are in a vector of them."""
    return where(block.left < width, block.left, width)


def _vectors(f: Function, first: Register, count: int) -> list[tuple[Register, Type]]:
    """Vectors for so many numbers, and where each begins; the last one may be shorter."""
    return [(first + i, vector_of(min(f.width, count - i))) for i in range(0, count, f.width)]


def _loaded(memory: Register, vectors: Sequence[tuple[Register, Type]]) -> list[Register]:
    return [memory.at(place).load(type) for place, type in vectors]


def _add_products(sums: list[Register], left: Sequence[Register], right: Sequence[Register]) -> None:
    """Add all products of numbers and vectors."""
    factors = product(left, right)
    sums[:] = [multiply_add(a.broadcast(b.type.lanes), b, total) for (a, b), total in zip(factors, sums, strict=True)]
