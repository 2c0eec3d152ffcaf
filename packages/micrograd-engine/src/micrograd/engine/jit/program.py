"""The graph of a function as a flat list of instructions: each computed once, none in vain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from micrograd.engine import ops
from micrograd.engine.graph import topological_order
from micrograd.engine.jit.trace import trace_forward
from micrograd.engine.op import CONSTANT, LEAF, Op, check_differentiable
from micrograd.engine.ops import Power
from micrograd.engine.tracing import DRAW
from micrograd.engine.value import Value

# The rows that instructions compute, and what those are called. Others are traced, down to these: so it does not matter
# what names users give to theirs.
NATIVE: dict[Op, str] = {
    row: row.name
    for row in (
        *(ops.add, ops.mul, ops.divide, ops.pow_, ops.relu, ops.abs_, ops.maximum, ops.minimum),
        *(ops.exp, ops.log, ops.sqrt, ops.tanh, ops.sigmoid, ops.sin, ops.cos, ops.gate, ops.sign, ops.share),
    )
}


class Instruction(NamedTuple):
    """One step. The register it writes is its place in the program.

    Attributes:
        op: One of `NATIVE`, or of those that no row is for: `neg`, `reciprocal`, `pow` to a constant exponent, `const`,
            `draw`, and `input` or `leaf`, which read number `number` from outside.
        args: The registers it reads, all of earlier instructions.
        number: The constant, or the exponent of `pow`, or which input or leaf.
    """

    op: str
    args: tuple[int, ...] = ()
    number: float = 0.0


class Mean(NamedTuple):
    """A mean over the samples, `mean(varying) + uniform`: what is the same for all samples is added once.

    Attributes:
        varying: A register that differs from sample to sample, or None.
        uniform: A register that does not, or None.
    """

    varying: int | None
    uniform: int | None

    def __str__(self) -> str:
        varying = [] if self.varying is None else [f"mean(%{self.varying})"]
        uniform = [] if self.uniform is None else [f"%{self.uniform}"]
        return " + ".join(varying + uniform)


class Program(NamedTuple):
    """Instructions in static single assignment.

    Attributes:
        code: The instructions.
        varying: Whether what they compute differs from sample to sample.
        leaves: The live Values that `leaf` instructions read.
        results: The registers that are computed for every sample.
        means: What is averaged over the samples.
        traced: The number of nodes of the graph, before simplification.
    """

    code: list[Instruction]
    varying: list[bool]
    leaves: list[Value]
    results: list[int]
    means: list[Mean]
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
        lines.append(f"return {', '.join(f'%{result}' for result in self.results)}")
        return "\n".join(lines + [f"gradient {mean}" for mean in self.means])


def compile_graph(
    inputs: Sequence[Value], outputs: Sequence[Value], averaged: Sequence[Value], leaves: Sequence[Value]
) -> Program:
    """Flatten a graph.

    Args:
        inputs: The placeholders.
        outputs: What to compute for every sample.
        averaged: What to average over the samples.
        leaves: Live Values to be numbered first; others follow in the order in which the graph reaches them.

    Returns:
        The program.
    """
    order = topological_order(*outputs, *averaged)
    builder = _Builder(_forwards(order))
    register = {value: builder.emit("input", number=i) for i, value in enumerate(inputs)}
    for leaf in leaves:
        register[leaf] = builder.leaf(leaf)
    builder.flatten(order, register)
    results = [register[value] for value in outputs]
    means = [builder.split(register[value]) for value in averaged]
    code, place = _without_dead(
        builder.code, [*results, *(part for mean in means for part in mean if part is not None)]
    )
    return Program(
        code,
        [builder.varying[old] for old in place],
        builder.leaves,
        [place[result] for result in results],
        [Mean(*(None if part is None else place[part] for part in mean)) for mean in means],
        len(order),
    )


def _forwards(order: list[Value]) -> dict[Op, tuple[list[Value], list[Value]]]:
    """The rows in a graph that are no instruction, and those in theirs: the operands, and the graph of `forward`."""
    found: dict[Op, tuple[list[Value], list[Value]]] = {}
    todo = [order]
    while todo:
        arities = {node._rule: len(node._prev) for node in todo.pop() if node._a is not None}
        for rule, arity in arities.items():
            if rule not in NATIVE and not isinstance(rule, Power) and rule not in found:
                _check(rule)
                found[rule] = trace_forward(rule, arity)
                todo.append(found[rule][1])
    return found


class _Builder:
    """Appends instructions, but not one that is there already or that need not be computed.

    Args:
        forwards: The rows that are no instruction, as graphs of others.
    """

    def __init__(self, forwards: dict[Op, tuple[list[Value], list[Value]]]) -> None:
        self.forwards = forwards
        self.code: list[Instruction] = []
        self.varying: list[bool] = []
        self.leaves: list[Value] = []
        self.place: dict[object, int] = {}
        self.draws = 0

    def flatten(self, order: list[Value], register: dict[Value, int]) -> None:
        """Append the nodes of a topological order, and enter their registers; those that have one are left out."""
        for node in order:
            if node in register:
                continue
            if node._rule is CONSTANT:
                register[node] = self.emit("const", number=node._data)
            elif node._rule is DRAW:
                self.draws += 1
                register[node] = self.emit("draw", number=self.draws)
            elif node._a is None:
                register[node] = self.leaf(node)
            else:
                register[node] = self.apply(node._rule, [register[operand] for operand in node._prev])

    def leaf(self, leaf: Value) -> int:
        if leaf._rule is not LEAF:
            _check(leaf._rule)
        self.leaves.append(leaf)
        return self.emit("leaf", number=len(self.leaves) - 1)

    def emit(self, op: str, *args: int, number: float = 0.0) -> int:
        if op in {"+", "*"} and args[0] > args[1]:  # max and min are not symmetric: max(0, -0) is the first
            args = args[::-1]
        key = (op, args, number.hex() if op in {"const", "pow"} else number)  # hex tells -0.0 from 0.0, and finds nan
        if key not in self.place:
            self.place[key] = len(self.code)
            self.code.append(Instruction(op, args, number))
            self.varying.append(op in {"input", "draw"} or any(self.varying[arg] for arg in args))
        return self.place[key]

    def apply(self, rule: Op, args: list[int]) -> int:
        """The register of `rule` applied to registers, simplified where IEEE 754 says that no bit changes."""
        if rule in self.forwards:
            inputs, order = self.forwards[rule]
            register = dict(zip(inputs, args, strict=True))
            self.flatten(order, register)
            return register[order[-1]]
        constants = [self.code[arg].number if self.code[arg].op == "const" else None for arg in args]
        if constants.count(None) < len(args):
            simpler = self.simplified(rule, args, constants)
            if simpler is not None:
                return simpler
        if isinstance(rule, Power):
            return self.power(args[0], rule.exponent)
        return self.emit(NATIVE[rule], *args)

    def simplified(self, rule: Op, args: list[int], constants: list[float | None]) -> int | None:
        """The register that already has the result, where some operands are constants."""
        if None not in constants:
            return self.emit("const", number=rule.forward(*constants))
        other, number = args[constants.index(None)], next(number for number in constants if number is not None)
        if rule is ops.mul and number == 1.0:
            return other
        if rule is ops.mul and number == -1.0:
            return self.negate(other)
        if rule is ops.add and number == 0.0 and (str(number) == "-0.0" or self.never_negative_zero(other)):
            return other
        return None

    def negate(self, register: int) -> int:
        op, args, _ = self.code[register]
        return args[0] if op == "neg" else self.emit("neg", register)

    def power(self, base: int, exponent: float) -> int:
        """The short ways that `ieee.to_the` takes, instruction by instruction."""
        if exponent == 0.0:
            return self.emit("const", number=1.0)
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

    def split(self, register: int) -> tuple[int | None, int | None]:
        """A mean as its varying and its uniform part."""
        uniform: int | None = None
        while self.varying[register]:
            op, args, _ = self.code[register]
            same = [arg for arg in args if not self.varying[arg]]
            if op != "+" or not same:
                return register, uniform
            uniform = same[0] if uniform is None else self.apply(ops.add, [uniform, same[0]])
            register = args[1 - args.index(same[0])]
        return None, register if uniform is None else self.apply(ops.add, [uniform, register])

    def never_negative_zero(self, register: int) -> bool:
        op, args, _ = self.code[register]
        return op in {"exp", "sigmoid", "abs"} or (op == "*" and args[0] == args[1])


def _check(rule: Op) -> None:
    """Refuse the operation of a node that has a `_backward` of its own, or that nobody has defined."""
    if rule.vjp is LEAF.vjp:
        raise NotImplementedError(
            f"jit cannot compile operation {rule.name!r}: it is not in the table; add its row with "
            f"micrograd.engine.define({rule.name!r}, ...)"
        )
    check_differentiable([rule], again=True)


def _without_dead(code: list[Instruction], results: Sequence[int]) -> tuple[list[Instruction], dict[int, int]]:
    """The instructions that `results` need, and their new numbers."""
    needed = set(results)
    for register in range(len(code) - 1, -1, -1):
        if register in needed:
            needed.update(code[register].args)
    place: dict[int, int] = {}
    alive: list[Instruction] = []
    for register, (op, args, number) in enumerate(code):
        if register in needed:
            place[register] = len(alive)
            alive.append(Instruction(op, tuple([place[arg] for arg in args]), number))
    return alive, place
