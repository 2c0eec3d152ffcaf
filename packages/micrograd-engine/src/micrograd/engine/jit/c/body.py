"""The statements of an array program as loops in C."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from micrograd.engine.jit.arrays import (
    Array,
    ArrayProgram,
    Join,
    Listed,
    Map,
    Operand,
    Pieces,
    Places,
    Read,
    Scatter,
    Sum,
    Take,
    Total,
)
from micrograd.engine.jit.arrays.statements import Shape
from micrograd.engine.jit.c.expressions import Float, Names, comment, number, operation

INDENT = "    "
LOOPS = "ijklmnoq"  # the names of indices; of further ones, i8, i9 and so on
WIDE = 100


class Body:
    """Writes what a function does.

    Args:
        program: What to compute.
        known: How its inputs and parameters are called, by their places among the arrays. One that ends in `*` is an
            address.
        gradients: How the gradients of its parameters are called, by the same places.
        names: Those that are free in the function.
        float_: The type of numbers.

    Attributes:
        lines: What was written.
        functions: The names of the functions of ours that it calls.
        read: The arrays that it reads, and those whose gradients it adds to, by what they are called.
    """

    def __init__(
        self,
        program: ArrayProgram,
        known: Mapping[int, str],
        gradients: Mapping[int, str],
        names: Names,
        float_: Float,
    ) -> None:
        self.program, self.known, self.gradients = program, dict(known), gradients
        self.names = names
        self.float: Float = float_
        self.lines: list[str] = []
        self.functions: set[str] = set()
        self.read: set[str] = set()
        self._depth = 1
        self._line = ""
        axes = max(
            [len(statement.shape) for statement in program.statements if not isinstance(statement, Join)], default=0
        )
        further = [f"i{axis}" for axis in range(len(LOOPS), axes + 1)]  # a sum has one more
        self._indices = [names.new(name) for name in (*LOOPS, *further)]
        self._total_name = names.new("total")
        self._tables: dict[tuple[int, ...], str] = {}

    def write(self) -> None:
        """Write all statements."""
        for i, array in enumerate(self.program.arrays):
            if array.kind == "constant":
                self.known[i] = self.names.new(array.name)
                numbers = [number(value, self.float) for value in array.numbers]
                self._numbers(f"static const {self.float} {self.known[i]}", numbers)
        for statement in self.program.statements:
            if isinstance(statement, (Total, Scatter)):
                self._say("The gradients.")
                self._total(statement) if isinstance(statement, Total) else self._scatter(statement)
                continue
            array = self.program.arrays[statement.out]
            self._say(array.line or self._line)
            self.known[statement.out] = name = self.names.new(array.name)
            if array.shape:
                self.put(f"{self.float} {name}[{array.size}];")
            match statement:
                case Map():
                    self._map(statement, array, name)
                case Sum():
                    self._sum(statement, array, name)
                case Take():
                    self._take(statement, array, name)
                case Join(pieces=pieces):
                    self.pieces(pieces, name)

    def _say(self, line: str) -> None:
        """A comment, unless it was the last one."""
        if line != self._line:
            self._line = line
            self.put(comment(line))

    def put(self, line: str) -> None:
        """Write a line."""
        self.lines.append(f"{INDENT * self._depth}{line}")

    # The statements.

    def _map(self, statement: Map, array: Array, name: str) -> None:
        with self.loops(statement.shape) as indices:
            operands = [self.operand(operand, indices, statement.shape) for operand in statement.operands]
            expression, called = operation(statement.op, operands, self.float)
            self.functions |= {called} - {""}
            self.put(f"{self._target(array, name, indices, statement.shape)} = {expression};")

    def _sum(self, statement: Sum, array: Array, name: str) -> None:
        shape = statement.shape
        with self.loops(shape) as indices:
            total = self._total_name if array.shape else name
            first = None if statement.start is None else self.operand(statement.start, indices, shape)
            self._added(total, first, statement.factors, indices, shape, statement.terms)
            if array.shape:
                self.put(f"{name}[{_place(indices, shape)}] = {total};")

    def _added(
        self,
        total: str,
        first: str | None,
        factors: Sequence[Operand],
        indices: list[str],
        shape: Shape,
        terms: int,
    ) -> None:
        """`total` as the sum of products, in their order."""
        start, begin = (
            (first, 0) if first is not None else (self._product(factors, [*indices, "0"], (*shape, terms)), 1)
        )
        self.put(f"{self.float} {total} = {start};")
        k = self._indices[len(indices)]
        with self._loop(k, begin, terms):
            self.put(f"{total} += {self._product(factors, [*indices, k], (*shape, terms))};")

    def _product(self, factors: Sequence[Operand], indices: list[str], shape: Shape) -> str:
        return " * ".join(self.operand(factor, indices, shape) for factor in factors)

    def _take(self, statement: Take, array: Array, name: str) -> None:
        shape, length = statement.shape, statement.length
        self.functions.add("place")
        with self.loops(shape) as indices:
            at = self.names.new("at")
            self.put(f"const int {at} = place({self.operand(statement.at, indices, shape)}, {length});")
            found = self.operand(statement.table, [*indices, at], (*shape, length))
            self.put(f"{self._target(array, name, indices, shape)} = {at} < 0 ? NAN : {found};")

    def _total(self, statement: Total) -> None:
        shape, terms = statement.shape, statement.terms
        name, array = self.gradients[statement.to.array], self.program.arrays[statement.to.array]
        self.read.add(name)
        with self.loops(shape) as indices:
            to = f"{name}{self._index(array, statement.to.places, indices, shape)}"
            if terms == 1:
                self.put(f"{to} += {self._product(statement.factors, [*indices, '0'], (*shape, 1))};")
            elif shape:
                self._added(self._total_name, None, statement.factors, indices, shape, terms)
                self.put(f"{to} += {self._total_name};")
            else:
                k = self._indices[0]
                with self._loop(k, 0, terms):
                    self.put(f"{to} += {self._product(statement.factors, [k], (terms,))};")

    def _scatter(self, statement: Scatter) -> None:
        shape, length = statement.shape, statement.length
        name, array = self.gradients[statement.to.array], self.program.arrays[statement.to.array]
        self.read.add(name)
        self.functions.add("place")
        with self.loops(shape) as indices:
            at = self.names.new("at")
            self.put(f"const int {at} = place({self.operand(statement.at, indices, shape)}, {length});")
            to = f"{name}{self._index(array, statement.to.places, [*indices, at], (*shape, length))}"
            self.put(f"if ({at} >= 0)")
            self.put(f"{INDENT}{to} += {self.operand(statement.value, indices, shape)};")

    def pieces(self, pieces: Pieces, name: str) -> None:
        """Write an array that is pieces of others."""
        first = 0
        for part, length in zip(pieces.parts, pieces.lengths, strict=True):
            shape = (length,) if length > 1 else ()
            with self.loops(shape) as indices:
                place = f"{first} + {indices[0]}" if first and indices else indices[0] if indices else f"{first}"
                self.put(f"{name}[{place}] = {self.operand(part, indices or ['0'], (length,))};")
            first += length

    # Loops, and what they read.

    @contextmanager
    def loops(self, shape: Shape) -> Iterator[list[str]]:
        """Loops over the elements of a statement; gives the names of the indices."""
        indices = self._indices[: len(shape)]
        start = len(self.lines)
        for index, size in zip(indices, shape, strict=True):
            self.put(f"for (int {index} = 0; {index} < {size}; {index}++) {{")
            self._depth += 1
        yield indices
        for _ in shape:
            self._depth -= 1
            self.put("}")
        self._without_braces(start, len(shape))

    @contextmanager
    def _loop(self, index: str, first: int, end: int) -> Iterator[None]:
        self.put(f"for (int {index} = {first}; {index} < {end}; {index}++)")
        self._depth += 1
        yield
        self._depth -= 1

    def _without_braces(self, start: int, loops: int) -> None:
        """A loop around a single line has no braces."""
        if loops and len(self.lines) == start + 2 * loops + 1:
            heads, body = self.lines[start : start + loops], self.lines[start + loops]
            self.lines[start:] = [*(head.removesuffix(" {") for head in heads), body]

    def operand(self, operand: Operand, indices: Sequence[str], shape: Shape) -> str:
        """What a statement reads."""
        if not isinstance(operand, Read):
            return number(operand, self.float)
        array, name = self.program.arrays[operand.array], self.known[operand.array]
        self.read.add(name)
        return f"{name}{self._index(array, operand.places, indices, shape)}"

    def _target(self, array: Array, name: str, indices: Sequence[str], shape: Shape) -> str:
        return f"{name}[{_place(indices, shape)}]" if array.shape else f"const {self.float} {name}"

    def _index(self, array: Array, places: Places, indices: Sequence[str], shape: Shape) -> str:
        """Where in an array a statement reads."""
        if not array.shape:
            return ""
        if isinstance(places, Listed):
            return f"[{self._table(places.places)}[{_place(indices, shape)}]]"
        steps = [
            (stride, index) for stride, index in zip(places.strides, indices, strict=True) if stride and index != "0"
        ]
        text = " ".join(
            f"{'-' if stride < 0 else '+'} {index if abs(stride) == 1 else f'{abs(stride)} * {index}'}"
            for stride, index in steps
        )
        if not places.start and text.startswith("+"):
            return f"[{text[2:]}]"
        return f"[{f'{places.start} {text}'.strip()}]"

    def _table(self, numbers: tuple[int, ...]) -> str:
        """The name of a table of places."""
        if numbers not in self._tables:
            self._tables[numbers] = self.names.new(f"places{len(self._tables) + 1}")
        return self._tables[numbers]

    def tables(self) -> list[str]:
        """The tables of places that were needed."""
        return [
            line
            for numbers, name in self._tables.items()
            for line in wrapped(f"{INDENT}static const int {name}[{len(numbers)}] = {{", [*map(str, numbers)], "};")
        ]

    def _numbers(self, name: str, numbers: list[str]) -> None:
        self.lines += wrapped(f"{INDENT * self._depth}{name}[{len(numbers)}] = {{", numbers, "};")


def wrapped(before: str, items: Sequence[str], after: str, last: str = ",") -> list[str]:
    """A list in lines that are not too long; `last` is behind its last item, if there are several lines."""
    if len(before) + sum(len(item) + 2 for item in items) + len(after) <= WIDE:
        return [f"{before}{', '.join(items)}{after}"]
    indent = INDENT + before[: len(before) - len(before.lstrip())]
    lines = [indent]
    for item in items:
        if len(lines[-1]) + len(item) > WIDE:
            lines.append(indent)
        lines[-1] += f"{item}, "
    lines[-1] = f"{lines[-1].removesuffix(', ')}{last}"
    return [before, *(line.rstrip() for line in lines), f"{indent.removesuffix(INDENT)}{after}"]


def _place(indices: Sequence[str], shape: Shape) -> str:
    """The place of an element, row by row."""
    text = indices[0] if indices else "0"
    for index, size in zip(indices[1:], shape[1:], strict=True):
        text = f"{size} * ({text}) + {index}" if " " in text else f"{size} * {text} + {index}"
    return text
