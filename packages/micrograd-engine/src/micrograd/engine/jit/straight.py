"""Straight-line code: one instruction of a program after the other, every register a vector of samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from micrograd.engine.jit import vector_math
from micrograd.engine.jit.ir import DOUBLE, Function, Module, Register, where
from micrograd.engine.jit.program import Instruction
from micrograd.engine.jit.stage import PARAMETERS, Arguments, Places

READ = {"const", "input", "leaf"}  # not computed: read again wherever they are needed


class Straight(NamedTuple):
    """A stage of instructions that are written out.

    Attributes:
        code: The program.
        writes: The registers to compute.
        outputs: `(result, register)`: what to write, when all has been read.
        sums: To which sums the samples of a register are added, whether it is computed here or elsewhere.
    """

    code: list[Instruction]
    writes: list[int]
    outputs: list[tuple[int, int]]
    sums: dict[int, list[int]]

    @property
    def reads(self) -> list[int]:
        """The operands, and what is written or added up."""
        operands = [arg for register in self.writes for arg in self.code[register].args]
        return [*operands, *self.sums, *(register for _, register in self.outputs)]

    def emit(self, module: Module, name: str, places: Places) -> None:
        """A loop over the vectors, with its body in a function: LLVM would take long for so much code in a loop."""
        self.emit_vector(module, f"{name}.vector", places)
        f = Function(module, name, PARAMETERS)
        block = Arguments(*f.arguments)
        with f.loop(0, block.vectors) as v:
            sample = v * f.width
            vector = block._replace(
                inputs=block.inputs.at(sample),
                outputs=block.outputs.at(sample),
                scratch=block.scratch.at(sample),
                left=block.left - sample,
            )
            f.run(f"{name}.vector", *vector)

    def emit_vector(self, module: Module, name: str, places: Places, width: int | None = None) -> None:
        """A function `name` that computes one vector of `width` samples."""
        vector = _Vector(Function(module, name, PARAMETERS, width=width), self.code, places)
        sums = dict(self.sums)
        for register in self.writes:
            vector.compute(register)
            if register in sums:
                vector.add(register, sums.pop(register))
        for register, elsewhere in sums.items():
            vector.add(register, elsewhere)
        vector.write(self.outputs)


class _Vector:
    """Writes what is done with one vector of samples."""

    def __init__(self, f: Function, code: list[Instruction], places: Places) -> None:
        self.f, self.code = f, code
        self.shared, self.scratch = places
        self.given = Arguments(*f.arguments)
        self.known: dict[int, Register] = {}

    def compute(self, register: int) -> None:
        """Compute a register, and keep it where other stages look for it."""
        op, args, number = self.code[register]
        if op == "input":
            value = self.input(number)
        elif op == "draw":
            value = self.draw(int(number))
        elif op in _COMPUTE:
            operands = [self.read(arg) for arg in args]
            if op == "pow":
                operands.append(self.f.constant(number))
            value = _COMPUTE[op](*operands)
        else:
            raise NotImplementedError(f"jit cannot compile operation {op!r}; it knows {', '.join(_COMPUTE)}")
        self.known[register] = value
        if register in self.shared:
            self.given.leaves.at(self.shared[register]).store(value)
        elif register in self.scratch:
            self.given.scratch.at(self.scratch[register]).store(value)

    def read(self, register: int) -> Register:
        """A register that this or an earlier stage computed, or that comes from outside."""
        if register not in self.known:
            op, _, number = self.code[register]
            if op == "const":
                value = self.f.constant(number)
            elif op == "leaf" or register in self.shared:
                place = self.given.leaves.at(int(number) if op == "leaf" else self.shared[register])
                value = place.load(DOUBLE).broadcast()
            elif register in self.scratch:
                value = self.given.scratch.at(self.scratch[register]).load(self.f.vector)
            else:
                value = self.input(number)
            self.known[register] = value
        return self.known[register]

    def input(self, number: float) -> Register:
        """An input, from outside."""
        return self.given.inputs.at(self.given.stride * int(number)).load(self.f.vector)

    def add(self, register: int, sums: Sequence[int]) -> None:
        """Add the samples to sums, lane by lane."""
        for k in sums:
            place = self.given.sums.at(k * self.f.width)
            total = place.load(self.f.vector)
            place.store(where(self.samples, total + self.read(register), total))

    def write(self, outputs: Sequence[tuple[int, int]]) -> None:
        """Write results, once all are read."""
        for result, value in [(result, self.read(register)) for result, register in outputs]:
            self.given.outputs.at(self.given.pitch * result).store(value)

    @cached_property
    def samples(self) -> Register:
        """Which lanes are samples: the last vector may reach beyond them."""
        return self.f.lanes(range(self.f.width)) < self.given.left.broadcast()

    def draw(self, site: int) -> Register:
        """A number from 0 to 1: the counter (samples left, site, seed) through the finaliser of SplitMix64."""
        start = self.given.left * 0x9E3779B97F4A7C15 + self.given.seed + site * 0xD1342543DE82EF95
        x = start.broadcast() + self.f.lanes(-lane * 0x9E3779B97F4A7C15 for lane in range(self.f.width))
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = (x ^ (x >> shift)) * factor
        x = x ^ (x >> 31)
        return (x >> 11).cast("uitofp", "double") * 2.0**-53


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
    "sigmoid": lambda a: _reciprocal(_COMPUTE["exp"](-a) + 1.0),
    "abs": _function("fabs"),
    "**": _function("pow"),
    "pow": _function("pow"),
    **{name: _function(name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos")},
}
