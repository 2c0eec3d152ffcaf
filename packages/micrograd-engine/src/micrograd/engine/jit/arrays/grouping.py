"""Scalar instructions as statements about arrays: what is done alike, to numbers of the same arrays, is done at once.

Instructions of one depth do not need each other. Those among them that do the same, as the relus of a layer, become one
statement, and what they compute one array. Sums of many terms (`chains.py`) count as single instructions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeAlias

from micrograd.engine.jit.arrays.chains import Term
from micrograd.engine.jit.arrays.instructions import GIVEN, Instructions
from micrograd.engine.jit.arrays.order import in_order
from micrograd.engine.jit.arrays.places import axes, places
from micrograd.engine.jit.arrays.statements import (
    Array,
    ArrayProgram,
    Join,
    Listed,
    Map,
    Operand,
    Pieces,
    Read,
    Scatter,
    Shape,
    Statement,
    Sum,
    Take,
    Total,
)
from micrograd.engine.jit.program import SYMMETRIC, Program
from micrograd.engine.jit.tables import find_tables

CONSTANT = -1  # in the place of an array
NAMES = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power", "pow": "power", "ReLU": "relu"}
NAMES |= {"<": "less", "<=": "at_most", "neg": "negative", "where": "chosen", "gate": "gated", "not": "is_zero"}

Source: TypeAlias = tuple[int, Any]
"""Where a number is: an array, and its place there; or `CONSTANT`, and the number in hexadecimal, which tells -0.0 from
0.0, and finds nan."""
Reading: TypeAlias = tuple[int, list[int]] | float
"""What an operand reads: places of an array, or one number."""


class _Node(NamedTuple):
    """An instruction, or a sum.

    Attributes:
        register: What it computes.
        op: The operation; `Σ` for a sum.
        detail: What else nodes of one statement have in common.
        operands: By position, what it reads there: one number, or one for each term.
    """

    register: int
    op: str
    detail: Hashable
    operands: list[list[Source]]


def with_tables(program: Program, parameters: Sequence[Array]) -> Program:
    """A program with look-ups in tables (`find_tables`); as it is, if the gradients of a table are of several arrays.

    Args:
        program: The scalars.
        parameters: The arrays of its leaves.
    """
    owner = [i for i, array in enumerate(parameters) for _ in range(array.size)]
    found = find_tables(program)
    tables = [[first + step * k for k in range(length)] for _, _, first, step, length in found.scattered]
    return found if all(len({owner[leaf] for leaf in table}) == 1 for table in tables) else program


class Grouping:
    """Finds the statements of a program.

    Args:
        program: The scalars. Its leaves are the numbers of `parameters`, in their order; so are its means, if there are
            any.
        inputs: What the inputs of the program are the numbers of, in their order.
        parameters: The arrays of its leaves.
    """

    def __init__(self, program: Program, inputs: Sequence[Array], parameters: Sequence[Array]) -> None:
        self.program = program
        self.arrays: list[Array] = [*inputs, *parameters]
        self._instructions = Instructions(program)
        self._statements: list[Statement] = []
        self._order: list[int] = []  # for each statement the register for which it is there
        self._now = 0
        self._names: defaultdict[str, int] = defaultdict(int)
        self._joined: dict[tuple[Hashable, ...], int] = {}
        given: list[Source] = [(i, k) for i, array in enumerate(self.arrays) for k in range(array.size)]
        count = sum(array.size for array in inputs)
        self._leaves = given[count:]
        self._sources: dict[int, Source] = {}
        for register, (op, _, number) in enumerate(program.code):
            if op in GIVEN:
                known = given if op == "input" else self._leaves
                self._sources[register] = _constant(number) if op == "const" else known[int(number)]

    def result(self, sizes: Sequence[int]) -> ArrayProgram:
        """The statements.

        Args:
            sizes: How many numbers each result has.
        """
        for level in self._instructions.levels():
            groups: dict[Hashable, list[_Node]] = {}
            for node in map(self._node, level):
                arrays = [frozenset(map(_array, operand)) for operand in node.operands]
                key = node.op, node.detail, self.program.varying[node.register], *arrays
                groups.setdefault(key, []).append(node)
            for group in groups.values():
                for nodes in _by_constants(group):
                    self._add(nodes)
        self._now = len(self.program.code)
        self._add_totals(self._instructions.totals)
        self._add_scattered()
        registers = iter(self.program.results)
        results = [self._pieces([self._sources[register] for register in islice(registers, size)]) for size in sizes]
        return ArrayProgram(self.arrays, in_order(self._statements, self._order), results)

    # From instructions of one level to statements.

    def _node(self, register: int) -> _Node:
        op, args, number = self.program.code[register]
        if register in self._instructions.chains:
            start, terms, _ = self._instructions.chains[register]
            factors = self._factors(terms)
            begins = [] if start is None else [[self._sources[start]]]
            return _Node(register, "Σ", (len(terms), len(factors)), [*factors, *begins])
        if register in self._instructions.minus:
            return _Node(register, "-", None, [[self._sources[arg]] for arg in self._instructions.reads(register)])
        if op == "take":
            first, second = (int(self.program.code[arg].number) for arg in args[1:])
            table = [self._leaves[first + (second - first) * k] for k in range(int(number))]
            return _Node(register, op, number, [table, [self._sources[args[0]]]])
        sources = [self._sources[arg] for arg in args]
        if op in SYMMETRIC:
            sources.sort(key=_array)
        if op == "pow":
            sources.append(_constant(number))
        return _Node(register, op, None, [[source] for source in sources])

    def _factors(self, terms: Sequence[Term]) -> list[list[Source]]:
        """By position the factors of each term; those of one array come at the same position."""
        factors = [sorted([self._sources[arg] for arg in term], key=self._parameters_first) for term in terms]
        return [list(column) for column in zip(*factors, strict=True)]

    def _parameters_first(self, source: Source) -> tuple[bool, int]:
        array = source[0]
        return array == CONSTANT or self.arrays[array].kind != "parameter", array

    def _add(self, nodes: list[_Node]) -> None:
        """A statement for nodes that do the same to the same arrays."""
        nodes = min(_orders(nodes), key=_unevenness)
        registers = [node.register for node in nodes]
        self._now = min(registers)
        op = nodes[0].op
        columns = zip(*(node.operands for node in nodes), strict=True)
        readings = [self._reading([source for part in column for source in part]) for column in columns]
        terms = len(nodes[0].operands[0])
        if op == "Σ":
            count = sum(len(operand) == terms for operand in nodes[0].operands)
            shape = _axes(readings[:count], readings[count:], terms)
            factors = tuple(_operand(reading, (*shape, terms)) for reading in readings[:count])
            start = _operand(readings[count], shape) if readings[count:] else None
            out = self._computed("sum", registers)
            self._append(Sum(out, start, factors, shape, terms))
        elif op == "take":
            table, at = readings
            shape = _axes([table], [at], terms)
            out = self._computed("row", registers)
            self._append(Take(out, _read(table, (*shape, terms)), _operand(at, shape), shape, terms))
        else:
            shape = _axes([], readings)
            out = self._computed(NAMES.get(op, op), registers)
            self._append(Map(out, op, tuple(_operand(reading, shape) for reading in readings), shape))

    def _append(self, statement: Statement) -> None:
        self._statements.append(statement)
        self._order.append(self._now)

    def _computed(self, name: str, registers: Sequence[int]) -> int:
        """A new array of these registers."""
        for place, register in enumerate(registers):
            self._sources[register] = len(self.arrays), place
        lines = [self.program.lines[register] for register in registers if self.program.lines]
        return self._new(name, len(registers), self.program.varying[registers[0]], next(filter(None, lines), ""))

    def _new(self, name: str, size: int, varying: bool, line: str = "") -> int:
        self._names[name] += 1
        shape = () if size == 1 else (size,)
        self.arrays.append(Array(f"{name}{self._names[name]}", shape, "computed", varying, line=line))
        return len(self.arrays) - 1

    # Gradients, which are added up over the samples.

    def _add_totals(self, totals: list[list[Term]]) -> None:
        """Statements for what is added to the gradient of each leaf."""
        groups: defaultdict[Hashable, list[tuple[Source, list[list[Source]]]]] = defaultdict(list)
        for leaf, mean, varying in zip(self._leaves, self.program.means, totals, strict=False):  # or none are
            uniform = [] if mean.uniform is None else [(mean.uniform,)]
            for kind, some in groupby(sorted([*varying, *uniform], key=len), key=len):
                factors = self._factors(list(some))
                arrays = [frozenset(map(_array, factor)) for factor in factors]
                groups[(kind, len(factors[0]), _array(leaf), *arrays)].append((leaf, factors))
        for members in groups.values():
            to = self._reading([leaf for leaf, _ in members])
            columns = list(zip(*(factors for _, factors in members), strict=True))
            readings = [self._reading([source for part in column for source in part]) for column in columns]
            count = len(columns[0][0])
            shape = _axes(readings, [to], count)
            operands = tuple(_operand(reading, (*shape, count)) for reading in readings)
            self._append(Total(_read(to, shape), operands, shape, count))

    def _add_scattered(self) -> None:
        """Statements for what is added to the gradient of the leaf that a sample says."""
        groups: defaultdict[Hashable, list[tuple[list[Source], Source, Source]]] = defaultdict(list)
        for at, value, first, step, length in self.program.scattered:
            table = [self._leaves[first + step * k] for k in range(length)]
            place, part = self._sources[at], self._sources[value]
            groups[(length, _array(table[0]), _array(place), _array(part))].append((table, place, part))
        for members in groups.values():
            to = self._reading([source for sources, _, _ in members for source in sources])
            places_ = self._reading([source for _, source, _ in members])
            values = self._reading([source for _, _, source in members])
            length = len(members[0][0])
            shape = _axes([to], [places_, values], length)
            read = _read(to, (*shape, length))
            self._append(Scatter(read, _operand(places_, shape), _operand(values, shape), shape, length))

    # How numbers are read.

    def _reading(self, sources: Sequence[Source]) -> Reading:
        """Numbers as those of one array, which is made if they are of several; one number, if they all are that."""
        arrays = {array for array, _ in sources}
        if len(arrays) == 1 and arrays != {CONSTANT}:
            return arrays.pop(), [place for _, place in sources]
        distinct = tuple(dict.fromkeys(sources))
        if len(distinct) == 1:
            return float.fromhex(distinct[0][1])
        if distinct not in self._joined:
            self._joined[distinct] = self._join(distinct)
        place = {source: i for i, source in enumerate(distinct)}
        return self._joined[distinct], [place[source] for source in sources]

    def _join(self, sources: Sequence[Source]) -> int:
        if all(array == CONSTANT for array, _ in sources):
            numbers = [float.fromhex(number) for _, number in sources]
            self.arrays.append(Array(f"numbers{len(self.arrays)}", (len(sources),), "constant", False, numbers))
            return len(self.arrays) - 1
        pieces = self._pieces(sources)
        varying = any(isinstance(part, Read) and self.arrays[part.array].varying for part in pieces.parts)
        out = self._new("joined", len(sources), varying)
        self._append(Join(out, pieces))
        return out

    def _pieces(self, sources: Sequence[Source]) -> Pieces:
        """Numbers as pieces of arrays, one after the other."""
        pieces = [list(piece) for _, piece in groupby(sources, key=_array)]
        parts = tuple(_operand(self._reading(piece), (len(piece),)) for piece in pieces)
        return Pieces(parts, tuple(map(len, pieces)))


def _constant(number: float) -> Source:
    return CONSTANT, number.hex()


def _array(source: Source) -> int:
    return source[0]


def _by_constants(nodes: list[_Node]) -> list[list[_Node]]:
    """Nodes by the constants that they read, if several read the same: 0.5 x and 0.7 x are two things to do with x."""
    alike: dict[Hashable, list[_Node]] = {}
    for node in nodes:
        numbers = tuple([operand[0] for operand in node.operands if operand[0][0] == CONSTANT])
        alike.setdefault(numbers, []).append(node)
    groups = list(alike.values())
    return groups if all(len(group) > 1 for group in groups) else [nodes]


def _orders(nodes: list[_Node]) -> Iterator[list[_Node]]:
    """Orders in which the numbers of nodes may lie: that of the program, or that of one of the operands."""
    yield nodes
    for p in range(len(nodes[0].operands)):
        yield sorted(nodes, key=partial(_first, p))


def _first(p: int, node: _Node) -> Source:
    """The first number that a node reads in the place of an operand."""
    return node.operands[p][0]


def _unevenness(nodes: list[_Node]) -> int:
    """How many operands would be read from places that do not lie evenly, or, half as bad, backwards."""
    cost = 0
    for p in range(len(nodes[0].operands)):
        reading = [place for array, place in map(partial(_first, p), nodes) if array != CONSTANT]
        if len(reading) > 1:
            cost += 2 * isinstance(places(reading, axes([reading])), Listed) + (reading[-1] < reading[0])
    return cost


def _axes(long: Sequence[Reading], short: Sequence[Reading], terms: int = 1) -> Shape:
    """The axes of a statement; `long` readings have so many numbers for each of its elements, `short` ones have one."""
    readings = [reading[1] for reading in long if isinstance(reading, tuple)]
    readings += [
        [place for place in reading[1] for _ in range(terms)] for reading in short if isinstance(reading, tuple)
    ]
    shape = axes(readings, terms)
    return shape[:-1] if terms > 1 else shape


def _read(reading: Reading, shape: Shape) -> Read:
    assert isinstance(reading, tuple), "what is a number alone is no place"
    array, numbers = reading
    return Read(array, places(numbers, shape))


def _operand(reading: Reading, shape: Shape) -> Operand:
    return _read(reading, shape) if isinstance(reading, tuple) else reading
