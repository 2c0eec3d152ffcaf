"""The graph of a function as a flat list of instructions: each computed once, none in vain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, compress
from typing import NamedTuple

from micrograd.engine import ops
from micrograd.engine.graph import topological_order
from micrograd.engine.indexing import entry
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
        *(ops.exp, ops.expm1, ops.log, ops.log1p, ops.sqrt, ops.tanh, ops.sigmoid, ops.erf),
        *(ops.sin, ops.cos, ops.asin, ops.acos, ops.atan, ops.atan2),
        *(ops.gate, ops.sign, ops.share, ops.less, ops.less_equal, ops.not_, ops.where),
    )
} | {
    ops.clamp_min: "max",
    ops.clamp_max: "min",
    entry: "where",
}  # the same numbers; only what they do with a gradient differs
SYMMETRIC = {"+", "*"}  # max and min are not: max(0, -0) is the first


class Instruction(NamedTuple):
    """One step. The register it writes is its place in the program.

    Attributes:
        op: One of `NATIVE`, or of those that no row is for: `neg`, `reciprocal`, `pow` to a constant exponent, `const`,
            `draw`, and `input` or `leaf`, which read number `number` from outside; and `take`, which reads one of
            `number` leaves, the one at the index that its first operand is: the others are the first two leaves.
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
        return " + ".join(varying + uniform) or "0"


class Scatter(NamedTuple):
    """What each sample adds to one of several means.

    Attributes:
        at: The register that says to which. If it is none of them, then to none.
        value: The register of what is added.
        first: The mean at 0.
        step: From one to the next.
        length: How many there are.
    """

    at: int
    value: int
    first: int
    step: int
    length: int

    @property
    def reads(self) -> tuple[int, int]:
        """The registers that it needs."""
        return self.at, self.value

    @property
    def row(self) -> tuple[int, int, int]:
        """Which means: the first, the step and how many."""
        return self.first, self.step, self.length

    def __str__(self) -> str:
        return f"gradient[{self.first} + {self.step} * %{self.at}] += mean(%{self.value})"


class Program(NamedTuple):
    """Instructions in static single assignment.

    Attributes:
        code: The instructions.
        varying: Whether what they compute differs from sample to sample.
        leaves: The live Values that `leaf` instructions read.
        results: The registers that are computed for every sample.
        means: What is averaged over the samples.
        traced: The number of nodes of the graph, before simplification.
        scattered: What is added to a mean that each sample says.
        lines: The line of the user's source that each instruction comes from, or nothing, if someone wants to know.
    """

    code: list[Instruction]
    varying: list[bool]
    leaves: list[Value]
    results: list[int]
    means: list[Mean]
    traced: int
    scattered: Sequence[Scatter] = ()
    lines: Sequence[str] = ()

    @property
    def random(self) -> bool:
        """Whether it draws random numbers."""
        return any(instruction.op == "draw" for instruction in self.code)

    def uses(self) -> Counter[int]:
        """How often each register is needed."""
        uses = Counter([arg for _, args, _ in self.code for arg in args])
        uses.update(self.results)
        uses.update(part for mean in self.means for part in mean if part is not None)
        uses.update(register for scatter in self.scattered for register in scatter.reads)
        return uses

    def line(self, register: int) -> str:
        """An instruction as text."""
        op, args, number = self.code[register]
        whole = op in {"input", "leaf", "draw", "take"}
        detail = f" {number:g}" if whole else f" {number!r}" if op in {"const", "pow"} else ""
        return f"%{register} = {op}{detail} {', '.join(f'%{arg}' for arg in args)}".rstrip()

    def __str__(self) -> str:
        lines = [*map(self.line, range(len(self.code))), f"return {listed(self.results)}"]
        return "\n".join([*lines, *(f"gradient {mean}" for mean in self.means), *map(str, self.scattered)])


def listed(registers: Sequence[int]) -> str:
    """Registers as text."""
    return ", ".join(f"%{register}" for register in registers)


def spanned(registers: Sequence[int]) -> str:
    """The first and the last of many registers as text."""
    return listed(registers) if len(registers) < 3 else f"%{registers[0]} … %{registers[-1]}"


def compile_graph(
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    averaged: Sequence[Value],
    leaves: Sequence[Value],
    line: Callable[[Value], str] | None = None,
) -> Program:
    """Flatten a graph.

    Args:
        inputs: The placeholders.
        outputs: What to compute for every sample.
        averaged: What to average over the samples.
        leaves: Live Values to be numbered first; others follow in the order in which the graph reaches them.
        line: Says which line of the source a node comes from, or nothing.

    Returns:
        The program.
    """
    order = topological_order(*outputs, *averaged)
    builder = _Builder(_forwards(order))
    register = {value: builder.given("input", i) for i, value in enumerate(inputs)}
    for leaf in leaves:
        register[leaf] = builder.leaf(leaf)
    builder.flatten(order, register)
    results = [register[value] for value in outputs]
    means = [builder.split(register[value]) for value in averaged]
    needed = needed_for([*results, *(part for mean in means for part in mean if part is not None)], builder.args)
    place = list(accumulate(needed, initial=0))
    return Program(
        builder.instructions(needed, place),
        list(compress(builder.varying, needed)),
        builder.leaves,
        [place[result] for result in results],
        [Mean(*(None if part is None else place[part] for part in mean)) for mean in means],
        len(order),
        lines=[] if line is None else list(compress(_lines(register, len(needed), line), needed)),
    )


def _lines(register: dict[Value, int], count: int, line: Callable[[Value], str]) -> list[str]:
    """A line for each register; what a node takes several registers for has that of the node, whose own comes last."""
    lines = [""] * count
    for node, place in register.items():
        lines[place] = lines[place] or line(node)
    for place in range(count - 2, -1, -1):
        lines[place] = lines[place] or lines[place + 1]
    return lines


def needed_for(results: Iterable[int], args: Sequence[tuple[int, ...]]) -> bytearray:
    """1 for each register that `results` need, 0 for the others.

    Args:
        results: Registers.
        args: What each register is computed from.
    """
    needed = bytearray(len(args))
    for register in results:
        needed[register] = 1
    for register in range(len(needed) - 1, -1, -1):
        if needed[register]:
            for arg in args[register]:
                needed[arg] = 1
    return needed


def _forwards(order: list[Value]) -> dict[Op, tuple[list[Value], list[Value]]]:
    """The rows in a graph that are no instruction, and those in theirs: the operands, and the graph of `forward`."""
    found: dict[Op, tuple[list[Value], list[Value]]] = {}
    todo = [order]
    while todo:
        nodes = {node._rule: node for node in todo.pop()}
        for rule, node in nodes.items():
            if node._a is not None and not (rule in NATIVE or isinstance(rule, Power) or rule in found):
                _check(rule)
                found[rule] = trace_forward(rule, len(node._prev))
                todo.append(found[rule][1])
    return found


class _Builder:
    """Appends instructions, but not one that is there already or that need not be computed.

    What instructions are made of stands in columns: programs have millions of them.

    Args:
        forwards: The rows that are no instruction, as graphs of others.
    """

    def __init__(self, forwards: dict[Op, tuple[list[Value], list[Value]]]) -> None:
        self.forwards = forwards
        self.ops: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.numbers: list[float] = []
        self.varying: list[bool] = []
        self.leaves: list[Value] = []
        self.draws = 0
        self.constants: set[int] = set()
        self.known: defaultdict[str, dict[object, int]] = defaultdict(dict)  # registers by their instruction

    def flatten(self, order: list[Value], register: dict[Value, int]) -> None:
        """Append the nodes of a topological order, and enter their registers; those that have one are left out."""
        for node in order:
            rule, a, b = node._rule, node._a, node._b
            if a is not None:
                register[node] = self.apply(rule, (register[a],) if b is None else (register[a], register[b]))
            elif node in register:
                continue
            elif rule is CONSTANT:
                register[node] = self.constant(node._data)
            elif rule is DRAW:
                self.draws += 1
                register[node] = self.given("draw", self.draws)
            else:
                register[node] = self.leaf(node)

    def leaf(self, leaf: Value) -> int:
        if leaf._rule is not LEAF:
            _check(leaf._rule)
        self.leaves.append(leaf)
        return self.given("leaf", len(self.leaves) - 1)

    def given(self, op: str, number: int) -> int:
        """The register of what comes from outside."""
        return self.append(op, (), number, op != "leaf")

    def constant(self, number: float) -> int:
        key = number.hex()  # tells -0.0 from 0.0, and finds nan
        register = self.known["const"].get(key)
        if register is None:
            register = self.known["const"][key] = self.append("const", (), number, False)
            self.constants.add(register)
        return register

    def compute(self, op: str, args: tuple[int, ...], number: float = 0.0) -> int:
        """The register of an operation applied to one or two registers."""
        if op in SYMMETRIC and args[0] > args[1]:
            args = args[::-1]
        key = args if op != "pow" else (args, number.hex())
        new = len(self.ops)
        register = self.known[op].setdefault(key, new)
        if register == new:
            varying = self.varying
            self.append(op, args, number, varying[args[0]] or varying[args[-1]])
        return register

    def append(self, op: str, args: tuple[int, ...], number: float, varying: bool) -> int:
        self.ops.append(op)
        self.args.append(args)
        self.numbers.append(number)
        self.varying.append(varying)
        return len(self.ops) - 1

    def apply(self, rule: Op, args: tuple[int, ...]) -> int:
        """The register of `rule` applied to registers, simplified where IEEE 754 says that no bit changes."""
        op = NATIVE.get(rule)
        if op and self.constants.isdisjoint(args):
            return self.compute(op, args)
        if rule in self.forwards:
            inputs, order = self.forwards[rule]
            register = dict(zip(inputs, args, strict=True))
            self.flatten(order, register)
            return register[order[-1]]
        if not self.constants.isdisjoint(args):
            simpler = self.simplified(rule, args)
            if simpler is not None:
                return simpler
        if isinstance(rule, Power):
            return self.power(args[0], rule.exponent)
        return self.compute(NATIVE[rule], args)

    def simplified(self, rule: Op, args: tuple[int, ...]) -> int | None:
        """The register that already has the result, where some operands are constants."""
        varies = [arg for arg in args if arg not in self.constants]
        numbers = [self.numbers[arg] for arg in args if arg in self.constants]
        if not varies:
            return self.constant(rule.forward(*numbers))
        (other,), (number,) = varies, numbers
        if rule is ops.mul and number == 1.0:
            return other
        if rule is ops.mul and number == -1.0:
            return self.negate(other)
        if rule is ops.add and number == 0.0 and (str(number) == "-0.0" or self.never_negative_zero(other)):
            return other
        return None

    def negate(self, register: int) -> int:
        return self.args[register][0] if self.ops[register] == "neg" else self.compute("neg", (register,))

    def power(self, base: int, exponent: float) -> int:
        """The short ways that `ieee.to_the` takes, instruction by instruction."""
        if exponent == 0.0:
            return self.constant(1.0)
        if exponent == 1.0:
            return base
        if exponent == 0.5:
            return self.compute("sqrt", (base,))
        if exponent == 2.0:
            return self.compute("*", (base, base))
        if exponent == 3.0:
            return self.compute("*", (self.compute("*", (base, base)), base))
        if exponent in (-0.5, -1.0, -2.0):
            return self.compute("reciprocal", (self.power(base, -exponent),))
        return self.compute("pow", (base,), exponent)

    def split(self, register: int) -> tuple[int | None, int | None]:
        """A mean as its varying and its uniform part."""
        uniform: int | None = None
        while self.varying[register]:
            args = self.args[register]
            same = [arg for arg in args if not self.varying[arg]]
            if self.ops[register] != "+" or not same:
                return register, uniform
            uniform = same[0] if uniform is None else self.apply(ops.add, (uniform, same[0]))
            register = args[1 - args.index(same[0])]
        return None, register if uniform is None else self.apply(ops.add, (uniform, register))

    def never_negative_zero(self, register: int) -> bool:
        op, args = self.ops[register], self.args[register]
        return op in {"exp", "sigmoid", "abs"} or (op == "*" and args[0] == args[1])

    def instructions(self, needed: bytearray, place: list[int]) -> list[Instruction]:
        """Those that are needed, with the registers at their new places."""
        moved = [
            (place[args[0]], place[args[1]]) if len(args) == 2 else tuple([place[arg] for arg in args])
            for args in compress(self.args, needed)
        ]
        columns = compress(self.ops, needed), moved, compress(self.numbers, needed)
        return list(map(Instruction._make, zip(*columns, strict=True)))


def _check(rule: Op) -> None:
    """Refuse the operation of a node that has a `_backward` of its own, or that nobody has defined."""
    if rule.vjp is LEAF.vjp:
        raise NotImplementedError(
            f"jit cannot compile operation {rule.name!r}: it is not in the table; add its row with "
            f"micrograd.engine.define({rule.name!r}, ...)"
        )
    check_differentiable([rule], again=True)
