"""Look-ups in tables of leaves, recovered from scalar instructions.

`take(table, i)` is traced as a sum over the table of which all terms but one are 0: `where(i == k, leafₖ)` for each
`k`. So it can be differentiated as any sum is, but costs as much as the table is long. Here the sum is found again, and
becomes one instruction that reads a leaf. What it hands back is a term `gate(g, i == k)` in the mean of each leaf, and
becomes one number that is added to one of the means.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, compress, pairwise
from math import inf, isnan
from typing import NamedTuple, cast

from micrograd.engine.jit.program import Instruction, Mean, Program, Scatter, needed_for

_Entries = defaultdict[int, list[tuple[int, int]]]  # by place: a mean, and the term of it that is for that place
WORTH = 12  # entries: to look one of fewer up takes longer than to go through all


def find_tables(program: Program) -> Program:
    """The same program, with `take` in place of sums over tables, and `scattered` in place of what they hand back."""
    places = _Places(program)
    if not places.of:
        return program
    code, varying, means, lines = [*program.code], [*program.varying], [*program.means], [*program.lines]
    for register, instruction in _looked_up(program, places):
        code[register] = instruction
    scattered, left = _scattered(program, places)
    sums: dict[tuple[int, int], int] = {}
    for k, terms in left.items():
        total = terms[0] if terms else None
        for term in terms[1:]:
            pair = cast(int, total), term
            if pair not in sums:
                sums[pair] = len(code)
                code.append(Instruction("+", pair))
                varying.append(True)
                lines += program.lines and [""]
            total = sums[pair]
        means[k] = means[k]._replace(varying=total)
    return _alive(program._replace(code=code, varying=varying, means=means, scattered=scattered, lines=lines))


class _Places:
    """Which registers say `i == k`, written as `not (i + -k)`.

    Attributes:
        program: Where they belong.
        of: For such a register, all `(i, k)` that it can be read as.
        found: For an index `i` the registers, by `k`.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.of: dict[int, list[tuple[int, int]]] = {}
        self.found: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for register, (op, args, _) in enumerate(program.code):
            if op == "not" and program.varying[register]:
                self.of[register] = list(_places(program, args[0]))
                for i, k in self.of[register]:
                    self.found[i][k] = register

    def terms(self, register: int) -> list[int]:
        """What a register is the sum of, if it may be one over a table."""
        return _terms(self.program, register, lambda _: False, most=len(self.of) + 1)


def _places(program: Program, difference: int) -> Iterator[tuple[int, int]]:
    """What a difference of an index and a place may be a difference of: at place 0 it is the index."""
    yield difference, 0
    op, args, _ = program.code[difference]
    if op == "+":
        for i, minus in (args, args[::-1]):
            number = -program.code[minus].number
            if program.code[minus].op == "const" and number.is_integer() and number > 0:
                yield i, int(number)


class _Row(NamedTuple):
    """Numbers that lie evenly, one for each place of a table."""

    first: int
    step: int
    length: int


def _row(numbers: Mapping[int, int]) -> _Row | None:
    """Numbers by place, if there is one for each of enough places, and they lie evenly."""
    if len(numbers) < WORTH or set(numbers) != set(range(len(numbers))):
        return None
    steps = {b - a for a, b in pairwise(numbers[k] for k in range(len(numbers)))}
    return _Row(numbers[0], steps.pop(), len(numbers)) if len(steps) == 1 else None


def _looked_up(program: Program, places: _Places) -> Iterator[tuple[int, Instruction]]:
    """The sums over tables, and what takes their place."""
    for register, (op, args, _) in enumerate(program.code):
        if op == "+":
            for terms, outside in (args, args[::-1]):
                if found := _look_up(program, places, terms, outside):
                    yield register, found


def _look_up(program: Program, places: _Places, terms: int, outside: int) -> Instruction | None:
    """What a sum of the terms of a table, and of what is nan outside of it, looks up."""
    code = program.code
    if code[outside].op != "where" or not _is_nan(code[code[outside].args[1]]):
        return None
    entries = [code[term] for term in places.terms(terms)]
    if not all(op == "where" and args[0] in places.of and code[args[1]].op == "leaf" for op, args, _ in entries):
        return None
    indices = set.intersection(*({i for i, _ in places.of[entry.args[0]]} for entry in entries))
    for i in sorted(indices):
        leaves = {k: entry.args[1] for entry in entries for j, k in places.of[entry.args[0]] if j == i}
        row = _row({k: int(code[leaf].number) for k, leaf in leaves.items()})
        if row and len(entries) == row.length and _is_outside(program, places, i, row.length, outside):
            return Instruction("take", (i, leaves[0], leaves[1]), float(row.length))
    return None


def _is_outside(program: Program, places: _Places, i: int, length: int, outside: int) -> bool:
    """Whether a register is nan where the index is none of the places, else a zero that changes no sum."""
    condition = program.code[program.code[outside].args[0]]
    if condition.op != "not":
        return False
    return sorted(places.terms(condition.args[0])) == sorted(places.found[i][k] for k in range(length))


def _is_nan(instruction: Instruction) -> bool:
    return instruction.op == "const" and isnan(instruction.number)


def _scattered(program: Program, places: _Places) -> tuple[list[Scatter], dict[int, list[int]]]:
    """What is added to one of several means, and for each of those the terms that are left."""
    code = program.code
    uses = Counter([arg for _, args, _ in code for arg in args])
    uses.update(program.results)
    uses.update({mean.varying for mean in program.means if mean.varying is not None})
    handed_back, sums = _handed_back(program, places)
    apart: dict[int, list[int]] = {}  # the terms of a register, which equal means share
    terms: dict[int, list[int]] = {}
    entries: defaultdict[tuple[int, int], _Entries] = defaultdict(lambda: defaultdict(list))
    for k, (register, _) in enumerate(program.means):
        if register is None:
            continue
        if register not in apart:
            apart[register] = _terms(program, register, lambda part: uses[part] > 1 and part not in sums)
        if handed_back.isdisjoint(apart[register]):
            continue
        terms[k] = [*apart[register]]
        for term in filter(handed_back.__contains__, terms[k]):
            value, condition = code[term].args
            for i, place in places.of[condition]:
                entries[i, value][place].append((k, term))
    scattered: list[Scatter] = []
    left: dict[int, list[int]] = {}
    for (i, value), of_place in entries.items():
        for group in _groups(of_place):
            row = _row({place: k for place, (k, _) in group.items()})
            if row and all(term in terms[k] for k, term in group.values()):
                scattered.append(Scatter(i, value, *row))
                for k, term in group.values():
                    terms[k].remove(term)
                    left[k] = terms[k]
    return scattered, left


def _handed_back(program: Program, places: _Places) -> tuple[set[int], set[int]]:
    """What look-ups hand back, and with it its sums, term by term: several means may share one and be scattered."""
    single: set[int] = set()
    sums: set[int] = set()
    for register, (op, args, _) in enumerate(program.code):
        if op == "gate" and args[1] in places.of:
            single.add(register)
            sums.add(register)
        elif op == "+" and not single.isdisjoint(args) and sums.issuperset(args):
            sums.add(register)
    return single, sums


def _groups(of_place: _Entries) -> Iterator[dict[int, tuple[int, int]]]:
    """The first entry of each place, then the second: a column of the table after the other."""
    for n in range(max(map(len, of_place.values()))):
        yield {place: entries[n] for place, entries in of_place.items() if n < len(entries)}


def _terms(program: Program, register: int, whole: Callable[[int], bool], most: float = inf) -> list[int]:
    """What a register is the sum of, in order.

    Args:
        program: Where it belongs.
        register: The register.
        whole: Whether a sum is not to be taken apart.
        most: Of so many terms and more, only some are given.
    """
    terms: list[int] = []
    todo = [register]
    while todo and len(terms) < most:
        register = todo.pop()
        op, args, _ = program.code[register]
        if op == "+" and not whole(register):
            todo += args
        else:
            terms.append(register)
    return terms[::-1]


def _alive(program: Program) -> Program:
    """The program without instructions that nothing needs."""
    code, means, scattered = program.code, program.means, program.scattered
    results = [*program.results, *(part for mean in means for part in mean if part is not None)]
    results += [register for scatter in scattered for register in scatter.reads]
    needed = needed_for(results, [args for _, args, _ in code])
    place = list(accumulate(needed, initial=0))
    return program._replace(
        code=[one._replace(args=tuple([place[arg] for arg in one.args])) for one in compress(code, needed)],
        varying=list(compress(program.varying, needed)),
        results=[place[result] for result in program.results],
        means=[Mean(*(None if part is None else place[part] for part in mean)) for mean in means],
        scattered=[scatter._replace(at=place[scatter.at], value=place[scatter.value]) for scatter in scattered],
        lines=list(compress(program.lines, needed)),
    )
