"""Straight-line code: one instruction of a program after the other, every register a vector of samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit import lookups, vector_math
from micrograd.engine.jit.ir import DOUBLE, Function, Module, Register, where
from micrograd.engine.jit.program import Instruction, Scatter
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Numbers, Places

READ = {"const", "input", "leaf"}  # not computed: read again wherever they are needed
SAMPLE = 0x9E3779B97F4A7C15  # from a sample to the next, in the counter that random draws are made of


# A step of a piece, an instruction or what moves a number from or to memory: the operation, the steps whose results it
# takes, and a constant, in hexadecimal: that tells -0.0 from 0.0, and finds nan.
Step: TypeAlias = tuple[str, tuple[int, ...], str]


class Straight(NamedTuple):
    """A stage of instructions that are written out.

    Attributes:
        code: The program.
        copies: Registers from outside, or that are the same for all samples, to be kept where layers look for theirs.
        computes: The registers to compute.
        outputs: `(result, register)`: what to write, when all has been read.
        sums: To which sum the samples of a register are added, whether it is computed here or elsewhere.
        scattered: What is added to a mean that each sample says.
    """

    code: list[Instruction]
    copies: list[int]
    computes: list[int]
    outputs: list[tuple[int, int]]
    sums: dict[int, int]
    scattered: Sequence[Scatter] = ()

    @property
    def reads(self) -> list[int]:
        """The operands, and what is copied, written or added up."""
        operands = [arg for register in self.computes for arg in self.code[register].args]
        scattered = [register for scatter in self.scattered for register in scatter.reads]
        return [*self.copies, *operands, *self.sums, *scattered, *(register for _, register in self.outputs)]

    @property
    def writes(self) -> list[int]:
        """What is copied or computed."""
        return self.copies + self.computes

    def form(self, places: Places) -> tuple[Piece, list[int]]:
        """Its instructions, by the order in which they follow each other, and the places that they read and write."""
        steps: list[Step] = []
        numbers: list[int] = []
        known: dict[int, int] = {}  # which step gives a register
        sums = dict(self.sums)

        def move(op: str, place: float, *args: int) -> int:
            numbers.append(int(place))
            steps.append((op, args, ""))
            return len(steps) - 1

        def outside(register: int) -> int:
            op, _, number = self.code[register]
            if op == "const":
                steps.append(("const", (), number.hex()))
                return len(steps) - 1
            if op == "leaf" or register in places.shared:
                return move("leaf", places.shared.get(register, number))
            return move("input", number)

        def read(register: int) -> int:
            if register not in known:
                place = places.scratch.get(register)
                known[register] = outside(register) if place is None else move("load", place)
            return known[register]

        for register in self.copies:
            known[register] = outside(register)
            move("store", places.scratch[register], known[register])
        for register in self.computes:
            op, args, number = self.code[register]
            if op == "draw":
                known[register] = move(op, number)
            elif op == "take":
                first, second = [int(self.code[leaf].number) for leaf in args[1:]]
                row = [move("place", place) for place in (first, second - first, number)]
                steps.append((op, (*row, read(args[0])), ""))
                known[register] = len(steps) - 1
            else:
                operands = tuple([known[arg] if arg in known else read(arg) for arg in args])
                known[register] = len(steps)
                steps.append((op, operands, number.hex() if op == "pow" else ""))
            if register in places.shared:
                move("keep", places.shared[register], known[register])
            elif register in places.scratch:
                move("store", places.scratch[register], known[register])
            if register in sums:
                move("add", sums.pop(register), known[register])
        for register, place in sums.items():
            move("add", place, read(register))
        for scatter in self.scattered:
            row = [move("place", place) for place in scatter.row]
            steps.append(("scatter", (*row, *map(read, scatter.reads)), ""))
        results = [read(register) for _, register in self.outputs]
        for (result, _), value in zip(self.outputs, results, strict=True):
            move("output", result, value)
        return Piece(tuple(steps), places.vectors), numbers


@dataclass(frozen=True)
class Piece:
    """The form of straight code.

    Attributes:
        steps: What it does.
        vectors: How many vectors go through it before the next stage, at most.
    """

    steps: tuple[Step, ...]
    vectors: int

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """A loop over the vectors, with its body in a function: LLVM would take long for so much code in a loop."""
        body = f"{name}.vector" if self.vectors > 1 else name
        vector = Function(module, body, PARAMETERS, width=width)
        _Vector(vector, known).write(self.steps)
        vector.close()
        if self.vectors == 1:  # a call takes as long as a dozen instructions
            return
        f = Function(module, name, PARAMETERS, width=width)
        block = Arguments(*f.arguments)
        with f.loop(0, block.vectors) as v:
            sample = v * f.width
            given = block._replace(
                inputs=block.inputs.at(sample),
                outputs=block.outputs.at(sample),
                scratch=block.scratch.at(sample),
                left=block.left - sample,
            )
            f.run(body, *given)


class _Vector:
    """Writes what is done with one vector of samples."""

    def __init__(self, f: Function, known: Sequence[int] | None) -> None:
        self.f, self.given = f, Arguments(*f.arguments)
        self.numbers = Numbers(self.given.numbers, known)

    def write(self, steps: Sequence[Step]) -> None:
        """Write all steps."""
        values: list[Register] = []
        moved = 0
        for op, args, number in steps:
            operands = [values[arg] for arg in args]
            if op in _MOVE:
                values.append(_MOVE[op](self, self.numbers[moved], *operands))
                moved += 1
            elif op == "const":
                values.append(self.f.constant(float.fromhex(number)))
            elif op == "pow":
                values.append(_COMPUTE[op](*operands, self.f.constant(float.fromhex(number))))
            elif op in _LOOK_UP:
                values.append(_LOOK_UP[op](self, *operands))
            elif op in _COMPUTE:
                values.append(_COMPUTE[op](*operands))
            else:
                raise NotImplementedError(f"jit cannot compile operation {op!r}; it knows {', '.join(_COMPUTE)}")

    def leaf(self, place: Register) -> Register:
        """What is the same for all samples."""
        return self.given.leaves.at(place).load(DOUBLE).broadcast()

    def keep(self, place: Register, value: Register) -> Register:
        """Keep what is the same for all samples."""
        return self._store(self.given.leaves.at(place), value)

    def load(self, place: Register) -> Register:
        """What another stage computed."""
        return self.given.scratch.at(place).load(self.f.vector)

    def store(self, place: Register, value: Register) -> Register:
        """Keep it for another stage."""
        return self._store(self.given.scratch.at(place), value)

    def input(self, place: Register) -> Register:
        """An input, from outside."""
        return self.given.inputs.at(self.given.stride * place).load(self.f.vector)

    def output(self, place: Register, value: Register) -> Register:
        """Write a result."""
        return self._store(self.given.outputs.at(self.given.pitch * place), value)

    def add(self, place: Register, value: Register) -> Register:
        """Add the samples to a sum, lane by lane."""
        sum_ = self.given.sums.at(place * self.f.width)
        total = sum_.load(self.f.vector)
        return self._store(sum_, where(self.samples, total + value, total))

    def place(self, number: Register) -> Register:
        """A number that tells this stage from others of its form."""
        return number

    def take(self, first: Register, step: Register, length: Register, index: Register) -> Register:
        """The leaf that each sample says."""
        return lookups.take(self.given.leaves, first, step, length, index)

    def scatter(self, first: Register, step: Register, length: Register, index: Register, value: Register) -> Register:
        """Add the samples to the totals that they say."""
        lookups.scatter(self.given.totals, first, step, length, index, where(self.samples, value, -0.0))
        return value

    @staticmethod
    def _store(place: Register, value: Register) -> Register:
        place.store(value)
        return value

    @cached_property
    def samples(self) -> Register:
        """Which lanes are samples: the last vector may reach beyond them."""
        return self.f.lanes(range(self.f.width)) < self.given.left.broadcast()

    def draw(self, site: Register) -> Register:
        """A number from 0 to 1: the counter (samples left, site, seed) through the finaliser of SplitMix64."""
        start = self.given.left * SAMPLE + self.given.seed + site * 0xD1342543DE82EF95
        x = start.broadcast() + self.f.lanes(-lane * SAMPLE for lane in range(self.f.width))
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> shift)) * factor
        x = x ^ (x >> 31)
        return (x >> 11).cast("uitofp", "double") * 2.0**-53


_MOVE: dict[str, Callable[..., Register]] = {
    name: getattr(_Vector, name)
    for name in ("leaf", "keep", "load", "store", "input", "output", "add", "draw", "place")
}
_LOOK_UP: dict[str, Callable[..., Register]] = {"take": _Vector.take, "scatter": _Vector.scatter}


def _function(name: str) -> Callable[..., Register]:
    """What LLVM has a name for; some of it we have, for vectors, as functions of our own."""

    def compute(a: Register, *others: Register) -> Register:
        if name in vector_math.FUNCTIONS and a.type.lanes > 1:
            return vector_math.call(name, a)
        return a.intrinsic(name, *others)

    return compute


def _reciprocal(a: Register) -> Register:
    return 1.0 / a


# How each operation computes. Where there is a nan, comparisons are false.
_COMPUTE: dict[str, Callable[..., Register]] = {
    "+": Register.__add__,
    "*": Register.__mul__,
    "/": Register.__truediv__,
    "neg": Register.__neg__,
    "reciprocal": _reciprocal,
    "ReLU": lambda a: where(a < 0.0, 0.0, a),
    "gate": lambda g, x: where(x <= 0.0, 0.0, g),
    "sign": lambda a: where(a > 0.0, 1.0, where(a < 0.0, -1.0, 0.0)),
    "share": lambda a, b: where(a < b, 0.0, where(a.equals(b), 0.5, 1.0)),
    "max": lambda a, b: where((a >= b) | a.differs(a), a, b),
    "min": lambda a, b: where((a <= b) | a.differs(a), a, b),
    "<": lambda a, b: where(a < b, 1.0, 0.0),
    "<=": lambda a, b: where(a <= b, 1.0, 0.0),
    "not": lambda a: where(a.equals(0.0), 1.0, 0.0),
    "where": lambda condition, a: where(condition.differs(0.0), a, -0.0),
    "sigmoid": lambda a: _reciprocal(_COMPUTE["exp"](-a) + 1.0),
    "abs": _function("fabs"),
    "**": _function("pow"),
    "pow": _function("pow"),
    **{name: _function(name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos")},
    **{name: partial(vector_math.call, name) for name in ("expm1", "log1p", "erf", "asin", "acos", "atan", "atan2")},
}
