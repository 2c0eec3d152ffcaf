"""Dense layers, recovered from scalar instructions.

A layer of neurons is, when it has been flattened, thousands of instructions that differ only in which weight they read.
Written out one by one they are more code than a processor's cache for instructions holds, and LLVM takes seconds for
them. But they can be found again. `b + w₀ x₀ + w₁ x₁ + …` is a dot product; dot products with the same `x` are the rows
of a matrix, if their weights lie evenly in memory; and the gradients `gⱼ xᵢ` of those weights, summed over the samples,
are an outer product. Both become loops of a few lines (`dense.py`), whatever their size.

Nothing is said about neurons here: a layer that someone wrote by hand is found too, and so is the transposed product
that the rules of differentiation make of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, cast

from micrograd.engine.jit.dense import Dense, Grid, Outer, Registers
from micrograd.engine.jit.program import Program

NOTHING = -1  # the leaf that a sum starts with, if it starts with a product
WORTH = 100  # products: fewer are faster written out


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
    found = Layers({}, [], set(), set())
    uses = Counter([arg for _, args, _ in program.code for arg in args])
    uses.update(program.results)
    uses.update(mean.varying for mean in program.means if mean.varying is not None)
    dots, inside = _dots(program, uses)
    for columns, rows in dots.items():
        for run in _runs(rows):
            if len(run) * len(columns) >= WORTH:
                results = tuple(row.register for row in run)
                found.dense[min(results)] = Dense(results, _starts(run), columns, _places(run))
                found.absorbed.update(register for result in results for register in inside[result])
    for columns, rows in _products(program, uses).items():
        for run in _runs(rows):
            if len(run) * len(columns) >= WORTH:
                found.outer.append(Outer(tuple(row.register for row in run), columns, _places(run)))
                for row in run:
                    for k in range(row.place, row.place + len(columns)):
                        found.summed.add(k)
                        found.absorbed.add(cast(int, program.means[k].varying))
    return found


def _dots(program: Program, uses: Counter[int]) -> tuple[dict[Registers, list[_Row]], dict[int, list[int]]]:
    """All dot products of weights that lie evenly, by what is multiplied with the weights.

    Returns:
        The dot products, and for each result the registers that only it needs.
    """
    code, varying = program.code, program.varying
    groups: dict[Registers, list[_Row]] = {}
    inside: dict[int, list[int]] = {}
    seen: set[int] = set()

    def weighted(register: int) -> tuple[int, int] | None:
        """Leaf and register of a product that nothing else needs."""
        op, args, _ = code[register]
        if op == "*" and uses[register] == 1 and varying[register]:
            for w, x in (args, args[::-1]):
                if code[w].op == "leaf" and varying[x]:
                    return int(code[w].number), x
        return None

    for last in range(len(code) - 1, -1, -1):
        if code[last].op != "+" or last in seen:
            continue
        terms, chain, rest = [], [], last  # the sum without `terms`, the last one first, is `rest`
        while code[rest].op == "+" and rest not in seen and (rest == last or uses[rest] == 1):
            one, other = code[rest].args
            if (term := weighted(other)) is None:
                one, other = other, one
                if (term := weighted(other)) is None:
                    break
            terms.append(term)
            chain += [rest, other]
            rest = one
        seen.update(chain)
        start = NOTHING
        if chain and (term := weighted(rest)):
            terms.append(term)
            chain.append(rest)
        elif code[rest].op == "leaf":
            start = int(code[rest].number)
        else:
            continue
        places = [place for place, _ in reversed(terms)]
        if len(places) > 1 and len({b - a for a, b in pairwise(places)}) == 1:
            inside[last] = chain
            row = _Row(last, places[0], places[1] - places[0], start)
            groups.setdefault(tuple(x for _, x in reversed(terms)), []).append(row)
    return groups, inside


def _products(program: Program, uses: Counter[int]) -> dict[Registers, list[_Row]]:
    """Runs of means of products with one factor in common, by what that is multiplied with."""

    def factors(k: int) -> Registers:
        register = program.means[k].varying if k < len(program.means) else None
        if register is None or program.code[register].op != "*" or uses[register] != 1:
            return ()
        args = program.code[register].args
        return args if all(program.varying[arg] for arg in args) else ()

    groups: dict[Registers, list[_Row]] = {}
    k = 0
    while k < len(program.means):
        first, columns = k, []
        for one in sorted(set(factors(k)) & set(factors(k + 1)))[:1]:
            while one in factors(k):
                a, b = factors(k)
                columns.append(b if a == one else a)
                k += 1
            groups.setdefault(tuple(columns), []).append(_Row(one, first, 1))
        k = max(k, first + 1)
    return groups


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


def _places(run: list[_Row]) -> Grid:
    return Grid(run[0].place, _spacing(run)[0], run[0].step)


def _starts(run: list[_Row]) -> Grid | None:
    return None if run[0].start == NOTHING else Grid(run[0].start, _spacing(run)[1], 0)


def _spacing(run: list[_Row]) -> tuple[int, int]:
    """The distance between the rows of a run; a single one has none."""
    return _distance(*run[:2]) if len(run) > 1 else (0, 0)
