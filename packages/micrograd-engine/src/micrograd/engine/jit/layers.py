"""Dense layers, recovered from scalar instructions.

A layer of neurons is, when it has been flattened, thousands of instructions that differ only in which weight they read.
Written out one by one they are more code than a processor's cache for instructions holds, and LLVM takes seconds for
them. But they can be found again. `b + w₀ x₀ + w₁ x₁ + …` is a dot product; dot products with the same `x` are the rows
of a matrix, if their weights lie evenly in memory; and the gradients `gⱼ xᵢ` of those weights, summed over the samples,
are an outer product. Both become loops of a few lines (`tiles.py`), whatever their size.

Nothing is said about neurons here: a layer that someone wrote by hand is found too, and so is the transposed product
that the rules of differentiation make of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from micrograd.engine.jit.program import Program

NOTHING = -1  # the leaf that a sum starts with, if it starts with a product
WORTH = 512  # products: fewer are faster written out


class Grid(NamedTuple):
    """Places in memory: that of row j and column k is `first + j * row + k * column`."""

    first: int
    row: int
    column: int


class Dense(NamedTuple):
    """`results[j] = starts[j] + Σₖ leaf[weights[j, k]] * columns[k]`, added up in this order.

    Attributes:
        results: Registers.
        starts: Which leaves the sums start with, in one column; None if they start with a product.
        columns: Registers.
        weights: Which leaves.
    """

    results: tuple[int, ...]
    starts: Grid | None
    columns: tuple[int, ...]
    weights: Grid


class Outer(NamedTuple):
    """`sums[places[j, k]] += rows[j] * columns[k]`, over all samples.

    Attributes:
        rows: Registers.
        columns: Registers.
        places: Which sums.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    places: Grid


class Layers(NamedTuple):
    """What was found.

    Attributes:
        dense: By the first of their results.
        outer: In no particular order.
        absorbed: The registers that they compute, or that nothing else needs.
        summed: The sums that they compute.
    """

    dense: dict[int, Dense]
    outer: list[Outer]
    absorbed: set[int]
    summed: set[int]


class _Row(NamedTuple):
    """A dot product, or the products of one number with several; what it reads or writes begins at `place`."""

    register: int
    place: int
    step: int
    start: int = NOTHING


def find_layers(program: Program) -> Layers:
    """Find the dense layers in a program."""
    uses = [0] * len(program.code)
    for _, args, _ in program.code:
        for arg in args:
            uses[arg] += 1
    for register in [*program.results, *(mean.varying for mean in program.means if mean.varying is not None)]:
        uses[register] += 1
    found = Layers({}, [], set(), set())
    _find_dense(program, uses, found)
    _find_outer(program, uses, found)
    return found


def _find_dense(program: Program, uses: list[int], found: Layers) -> None:
    code, varying = program.code, program.varying
    inside: set[int] = set()  # sums and products that belong to a longer sum
    parts: dict[int, list[int]] = {}
    groups: dict[tuple[int, ...], list[_Row]] = {}

    def weighted(register: int) -> tuple[int, int] | None:
        """Leaf and register of a product that nothing else needs."""
        op, args, _ = code[register]
        if op == "*" and uses[register] == 1 and varying[register]:
            for w, x in (args, args[::-1]):
                if code[w].op == "leaf" and varying[x]:
                    return int(code[w].number), x
        return None

    for last in range(len(code) - 1, -1, -1):
        if code[last].op != "+" or last in inside:
            continue
        chain = [last]
        terms: list[tuple[int, int]] = []
        start = None
        while True:
            a, b = code[chain[-1]].args
            if not (term := weighted(b)):
                a, b = b, a
                term = weighted(b)
            if not term:
                break
            terms.append(term)
            chain.append(b)
            if first := weighted(a):
                terms.append(first)
                chain.append(a)
                start = NOTHING
                break
            if code[a].op == "leaf":
                start = int(code[a].number)
                break
            if code[a].op != "+" or uses[a] != 1 or not varying[a]:
                break
            chain.append(a)
        if start is None or len(terms) < 2:
            continue
        inside.update(chain)
        terms.reverse()
        places = [place for place, _ in terms]
        step = places[1] - places[0]
        if places == list(range(places[0], places[0] + step * len(places), step)) if step else False:
            parts[last] = chain
            row = _Row(last, places[0], step, start)
            groups.setdefault(tuple(x for _, x in terms), []).append(row)
    for columns, rows in groups.items():
        for run in _runs(rows):
            if len(run) * len(columns) >= WORTH:
                places, starts = _grids(run)
                results = tuple(row.register for row in run)
                found.dense[min(results)] = Dense(results, starts, columns, places)
                found.absorbed.update(register for result in results for register in parts[result])


def _find_outer(program: Program, uses: list[int], found: Layers) -> None:
    def factors(k: int) -> tuple[int, ...]:
        register = program.means[k].varying if k < len(program.means) else None
        if register is None or program.code[register].op != "*" or uses[register] != 1:
            return ()
        args = program.code[register].args
        return args if all(program.varying[arg] for arg in args) else ()

    groups: dict[tuple[int, ...], list[_Row]] = {}
    k = 0
    while k < len(program.means):
        common = set(factors(k)) & set(factors(k + 1))
        if not common:
            k += 1
            continue
        one = min(common)
        columns = []
        first = k
        while one in factors(k):
            a, b = factors(k)
            columns.append(b if a == one else a)
            k += 1
        groups.setdefault(tuple(columns), []).append(_Row(one, first, 1))
    for columns, rows in groups.items():
        for run in _runs(rows):
            if len(run) * len(columns) >= WORTH:
                places, _ = _grids(run)
                found.outer.append(Outer(tuple(row.register for row in run), columns, places))
                for row in run:
                    for k in range(row.place, row.place + len(columns)):
                        found.summed.add(k)
                        found.absorbed.add(program.means[k].varying)  # type: ignore[arg-type]


def _runs(rows: list[_Row]) -> Iterator[list[_Row]]:
    """The rows in parts that lie evenly in memory."""
    run: list[_Row] = []
    for row in sorted(rows, key=lambda row: row.place):
        if run and not _continues(run, row):
            yield run
            run = []
        run.append(row)
    yield run


def _continues(run: list[_Row], row: _Row) -> bool:
    if row.step != run[0].step or (row.start == NOTHING) != (run[0].start == NOTHING):
        return False
    return len(run) == 1 or _distance(run[-1], row) == _distance(run[0], run[1])


def _distance(a: _Row, b: _Row) -> tuple[int, int]:
    return b.place - a.place, b.start - a.start


def _grids(run: list[_Row]) -> tuple[Grid, Grid | None]:
    """Where the products of the rows lie, and where the numbers that they start with."""
    place, start = _distance(run[0], run[min(1, len(run) - 1)])
    first = run[0]
    return Grid(first.place, place, first.step), None if first.start == NOTHING else Grid(first.start, start, 0)
