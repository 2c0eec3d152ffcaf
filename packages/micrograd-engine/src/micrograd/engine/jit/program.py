"""The graph of a function as a flat list of instructions: each computed once, none in vain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from micrograd.engine import ops
from micrograd.engine.graph import topological_order
from micrograd.engine.jit.trace import DRAW
from micrograd.engine.value import Value


class Instruction(NamedTuple):
    """One step. The register it writes is its place in the program.

    Attributes:
        op: The name of an operation; or `input` or `leaf`, which read number `number` from outside; or `const`.
        args: The registers it reads, all of earlier instructions.
        number: The constant, or the exponent of `pow`, or which input or leaf.
    """

    op: str
    args: tuple[int, ...] = ()
    number: float = 0.0


class Program(NamedTuple):
    """Instructions in static single assignment.

    Attributes:
        code: The instructions.
        leaves: The live Values that `leaf` instructions read.
        results: The registers that are the results.
        traced: The number of nodes of the graph, before simplification.
    """

    code: list[Instruction]
    leaves: list[Value]
    results: list[int]
    traced: int

    @property
    def random(self) -> bool:
        """Whether it draws random numbers."""
        return any(instruction.op == "draw" for instruction in self.code)

    def __str__(self) -> str:
        lines = []
        for i, (op, args, number) in enumerate(self.code):
            detail = (
                f" {number!r}" if op in {"const", "pow"} else f" {number:g}" if op in {"input", "leaf", "draw"} else ""
            )
            lines.append(f"%{i} = {op}{detail} {', '.join(f'%{arg}' for arg in args)}".rstrip())
        return "\n".join([*lines, f"return {', '.join(f'%{result}' for result in self.results)}"])


def compile_graph(inputs: Sequence[Value], roots: Sequence[Value], leaves: Sequence[Value] = ()) -> Program:
    """Flatten the graph of `roots`.

    Args:
        inputs: The placeholders.
        roots: The results.
        leaves: Live Values to be numbered first; others follow in the order in which the graph reaches them.

    Returns:
        The program.
    """
    builder = _Builder()
    register = {value: builder.emit("input", number=i) for i, value in enumerate(inputs)}
    order = topological_order(*roots)
    leaves = list(leaves)
    register |= {leaf: builder.emit("leaf", number=k) for k, leaf in enumerate(leaves)}
    draws = 0
    for node in order:
        if node in register:
            continue
        if node._rule is ops.CONSTANT:
            register[node] = builder.constant(node.data)
        elif node._rule is DRAW:
            draws += 1
            register[node] = builder.emit("draw", number=draws)
        elif node._a is None:
            register[node] = builder.emit("leaf", number=len(leaves))
            leaves.append(node)
        else:
            register[node] = builder.apply(node._rule, [register[operand] for operand in node._prev])
    code, results = _without_dead(builder.code, [register[root] for root in roots])
    return Program(code, leaves, results, len(order))


class _Builder:
    """Appends instructions, but not one that is there already or that need not be computed."""

    def __init__(self) -> None:
        self.code: list[Instruction] = []
        self.place: dict[object, int] = {}

    def emit(self, op: str, *args: int, number: float = 0.0) -> int:
        if op in {"+", "*"}:  # max and min are not symmetric: max(0, -0) is the first
            args = tuple(sorted(args))
        key = (op, args, number.hex() if op in {"const", "pow"} else number)  # hex tells -0.0 from 0.0, and finds nan
        if key not in self.place:
            self.place[key] = len(self.code)
            self.code.append(Instruction(op, args, number))
        return self.place[key]

    def constant(self, number: float) -> int:
        return self.emit("const", number=number)

    def known(self, register: int) -> float | None:
        op, _, number = self.code[register]
        return number if op == "const" else None

    def apply(self, rule: ops.Op, args: list[int]) -> int:
        """The register of `rule` applied to registers, simplified where IEEE 754 says that no bit changes."""
        numbers = [self.known(arg) for arg in args]
        if all(number is not None for number in numbers):
            return self.constant(rule.forward(*numbers))
        if rule.name == "*" and 1.0 in numbers:
            return args[1 - numbers.index(1.0)]
        if rule.name == "*" and -1.0 in numbers:
            return self.negate(args[1 - numbers.index(-1.0)])
        if rule.name == "+":
            for i in (0, 1):
                if str(numbers[i]) == "-0.0" or (numbers[i] == 0.0 and self.never_negative_zero(args[1 - i])):
                    return args[1 - i]
        if rule.name.startswith("**") and len(args) == 1:
            return self.power(args[0], float(rule.name[2:]))
        return self.emit(rule.name, *args)

    def negate(self, register: int) -> int:
        op, args, _ = self.code[register]
        return args[0] if op == "neg" else self.emit("neg", register)

    def power(self, base: int, exponent: float) -> int:
        """The short ways that `ieee.to_the` takes, instruction by instruction."""
        if exponent == 0.0:
            return self.constant(1.0)
        if exponent == 1.0:
            return base
        if exponent == 0.5:
            return self.emit("sqrt", base)
        if exponent == 2.0:
            return self.emit("*", base, base)
        if exponent == 3.0:
            return self.emit("*", self.emit("*", base, base), base)
        if exponent in (-0.5, -1.0, -2.0):
            return self.emit("reciprocal", self.power(base, -exponent))
        return self.emit("pow", base, number=exponent)

    def never_negative_zero(self, register: int) -> bool:
        op, args, _ = self.code[register]
        return op in {"exp", "sigmoid", "abs"} or (op == "*" and args[0] == args[1])


def _without_dead(code: list[Instruction], results: list[int]) -> tuple[list[Instruction], list[int]]:
    """The instructions that `results` need, renumbered."""
    needed = set(results)
    for register in range(len(code) - 1, -1, -1):
        if register in needed:
            needed.update(code[register].args)
    place: dict[int, int] = {}
    alive: list[Instruction] = []
    for register, instruction in enumerate(code):
        if register in needed:
            place[register] = len(alive)
            alive.append(instruction._replace(args=tuple(place[arg] for arg in instruction.args)))
    return alive, [place[result] for result in results]
