"""Straight-line LLVM IR: one instruction of a program after the other, every register a vector of samples."""

from __future__ import annotations

from collections.abc import Callable

from micrograd.engine.jit.functions import FUNCTIONS, call, double
from micrograd.engine.jit.program import Instruction

READ = {"const", "input", "leaf"}  # not computed: read again wherever they are needed

# Every function of a kernel takes the same arguments. `in` and `out` point at the first of the samples it computes,
# `stride` numbers apart for each input and result. `in` and `out` may be the same: an optimiser writes where it reads.
ARGUMENTS = "ptr %in, ptr %leaf, ptr %out, ptr %sums, ptr %scratch, i64 %stride, i64 %left, i64 %vectors, i64 %seed"
PARAMETERS = ARGUMENTS.replace("ptr %leaf", "ptr noalias %leaf").replace("ptr %s", "ptr noalias %s")


class Piece:
    """Writes one function of straight-line code.

    Args:
        code: The program.
        width: How many samples a vector holds.
        shared: Where registers that are the same for all samples are kept, as if they were leaves.
        slots: Where other registers are kept for later pieces, in scratch memory, counted in numbers.

    Attributes:
        called: The names of the functions that the module must have besides.
    """

    def __init__(self, code: list[Instruction], width: int, shared: dict[int, int], slots: dict[int, int]) -> None:
        self.code, self.width, self.shared, self.slots = code, width, shared, slots
        self.type = f"<{width} x double>"
        self.integers = f"<{width} x i64>"
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.called: set[str] = set()
        self.fresh = 0

    def text(
        self,
        function: str,
        registers: list[int],
        outputs: list[tuple[int, int]],
        summed: list[int],
        sums: dict[int, list[int]],
    ) -> str:
        """Write the function.

        Args:
            function: Its name.
            registers: What to compute.
            outputs: `(result, register)`: what to write, after everything has been read.
            summed: Registers of other functions that this one adds to their sums.
            sums: The sums that the samples of a register are added to.
        """
        if summed or any(register in sums for register in registers):
            self.mask()
        for register in registers:
            instruction = self.code[register]
            if instruction.op == "input":
                self.names[register] = self.load("in", self.let(f"mul i64 %stride, {int(instruction.number)}"))
            else:
                self.names[register] = self.emit(instruction, [self.read(arg) for arg in instruction.args])
            if register in self.shared:
                self.store(self.names[register], "leaf", str(self.shared[register]))
            elif register in self.slots:
                self.store(self.names[register], "scratch", str(self.slots[register]))
            for k in sums.get(register, []):
                self.add(register, k)
        for register in summed:
            for k in sums[register]:
                self.add(register, k)
        for result, name in [(result, self.read(register)) for result, register in outputs]:
            self.store(name, "out", self.let(f"mul i64 %stride, {result}"))
        return define(function, self.lines)

    def let(self, expression: str) -> str:
        """A register with the value of an expression."""
        self.fresh += 1
        self.lines.append(f"%t{self.fresh} = {expression}")
        return f"%t{self.fresh}"

    def address(self, base: str, index: str) -> str:
        """The place of a number in memory."""
        return self.let(f"getelementptr double, ptr %{base}, i64 {index}")

    def store(self, name: str, base: str, index: str) -> None:
        """Write a vector."""
        self.lines.append(f"store {self.type} {name}, ptr {self.address(base, index)}, align 8")

    def load(self, base: str, index: str) -> str:
        """Read a vector."""
        return self.let(f"load {self.type}, ptr {self.address(base, index)}, align 8")

    def broadcast(self, type: str, scalar: str) -> str:
        """A vector that holds a scalar in all its lanes."""
        vector = f"<{self.width} x {type}>"
        one = self.let(f"insertelement {vector} poison, {type} {scalar}, i64 0")
        return self.let(f"shufflevector {vector} {one}, {vector} poison, <{self.width} x i32> zeroinitializer")

    def read(self, register: int) -> str:
        """The name of a register that this or an earlier function computed, or that comes from outside."""
        if register not in self.names:
            op, _, number = self.code[register]
            if op == "const":
                self.names[register] = self.splat(number)
            elif op == "input" and register not in self.slots:
                self.names[register] = self.load("in", self.let(f"mul i64 %stride, {int(number)}"))
            elif op == "leaf" or register in self.shared:
                place = self.address("leaf", str(int(number) if op == "leaf" else self.shared[register]))
                self.names[register] = self.broadcast("double", self.let(f"load double, ptr {place}, align 8"))
            else:
                self.names[register] = self.load("scratch", str(self.slots[register]))
        return self.names[register]

    def splat(self, number: float) -> str:
        """A vector that holds a constant in all its lanes."""
        return f"splat (double {double(number)})"

    def mask(self) -> None:
        """Which lanes are samples: the last vector may reach beyond them."""
        lanes = ", ".join(f"i64 {lane}" for lane in range(self.width))
        self.lines.append(f"%mask = icmp slt {self.integers} <{lanes}>, {self.broadcast('i64', '%left')}")

    def add(self, register: int, k: int) -> None:
        """Add the samples to sum `k`, lane by lane."""
        before = self.load("sums", str(k * self.width))
        after = self.let(f"fadd {self.type} {before}, {self.read(register)}")
        self.store(self.select("%mask", after, before), "sums", str(k * self.width))

    def select(self, condition: str, yes: str, no: str) -> str:
        """Lane by lane one or the other."""
        return self.let(f"select <{self.width} x i1> {condition}, {self.type} {yes}, {self.type} {no}")

    def compare(self, how: str, a: str, b: str) -> str:
        """Lane by lane a truth."""
        return self.let(f"fcmp {how} {self.type} {a}, {b}")

    def call(self, name: str, *args: str) -> str:
        """What LLVM has a name for; some of it we have, for vectors, as functions of our own."""
        if name in FUNCTIONS and self.width > 1:
            self.called.add(name)
            return self.let(call(name, self.width, *args))
        typed = ", ".join(f"{self.type} {arg}" for arg in args)
        return self.let(f"call {self.type} @llvm.{name}.v{self.width}f64({typed})")

    def emit(self, instruction: Instruction, args: list[str]) -> str:
        """Write the code of one instruction."""
        if instruction.op == "pow":
            args = [*args, self.splat(instruction.number)]
        if instruction.op == "draw":
            return self.draw(int(instruction.number))
        if instruction.op not in _EMIT:
            raise NotImplementedError(f"jit cannot compile operation {instruction.op!r}; it knows {', '.join(_EMIT)}")
        return _EMIT[instruction.op](self, *args)

    def draw(self, site: int) -> str:
        """A number from 0 to 1: the counter (samples left, site, seed) through the finaliser of SplitMix64."""

        def splat(number: int) -> str:
            return f"splat (i64 {number})"

        start = self.let(f"mul i64 %left, {_signed(0x9E3779B97F4A7C15)}")
        start = self.let(f"add i64 {self.let(f'add i64 {start}, %seed')}, {_signed(site * 0xD1342543DE82EF95)}")
        lanes = ", ".join(f"i64 {_signed(-lane * 0x9E3779B97F4A7C15)}" for lane in range(self.width))
        x = self.let(f"add {self.integers} {self.broadcast('i64', start)}, <{lanes}>")
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = self.let(f"xor {self.integers} {x}, {self.let(f'lshr {self.integers} {x}, {splat(shift)}')}")
            x = self.let(f"mul {self.integers} {x}, {splat(_signed(factor))}")
        x = self.let(f"xor {self.integers} {x}, {self.let(f'lshr {self.integers} {x}, {splat(31)}')}")
        x = self.let(f"uitofp {self.integers} {self.let(f'lshr {self.integers} {x}, {splat(11)}')} to {self.type}")
        return self.let(f"fmul {self.type} {x}, {self.splat(2.0**-53)}")


def define(name: str, lines: list[str]) -> str:
    """The text of a function of the kernel."""
    body = "\n".join(line if line.endswith(":") else f"  {line}" for line in lines)
    return f"define private void @{name}({PARAMETERS}) #0 {{\n{body}\n  ret void\n}}\n"


def _signed(number: int) -> int:
    """The lowest 64 bits as LLVM writes them."""
    number &= 2**64 - 1
    return number - 2**64 if number >= 2**63 else number


def _binary(op: str) -> Callable[..., str]:
    return lambda f, a, b: f.let(f"{op} {f.type} {a}, {b}")


def _intrinsic(name: str) -> Callable[..., str]:
    return lambda f, *args: f.call(name, *args)


def _reciprocal(f: Piece, a: str) -> str:
    return f.let(f"fdiv {f.type} {f.splat(1.0)}, {a}")


def _sigmoid(f: Piece, a: str) -> str:
    e = f.call("exp", f.let(f"fneg {f.type} {a}"))
    return _reciprocal(f, f.let(f"fadd {f.type} {f.splat(1.0)}, {e}"))


def _larger(how: str) -> Callable[..., str]:
    def emit(f: Piece, a: str, b: str) -> str:
        first = f.let(f"or <{f.width} x i1> {f.compare(how, a, b)}, {f.compare('uno', a, a)}")
        return f.select(first, a, b)

    return emit


def _share(f: Piece, a: str, b: str) -> str:
    tie = f.select(f.compare("oeq", a, b), f.splat(0.5), f.splat(1.0))
    return f.select(f.compare("olt", a, b), f.splat(0.0), tie)


def _sign(f: Piece, a: str) -> str:
    below = f.select(f.compare("olt", a, f.splat(0.0)), f.splat(-1.0), f.splat(0.0))
    return f.select(f.compare("ogt", a, f.splat(0.0)), f.splat(1.0), below)


# How each operation computes, in the words of LLVM. A comparison that begins with `o` is false where there is a nan.
_EMIT: dict[str, Callable[..., str]] = {
    "+": _binary("fadd"),
    "*": _binary("fmul"),
    "/": lambda f, a, b: f.let(f"fdiv {f.type} {a}, {b}"),
    "neg": lambda f, a: f.let(f"fneg {f.type} {a}"),
    "reciprocal": _reciprocal,
    "ReLU": lambda f, a: f.select(f.compare("olt", a, f.splat(0.0)), f.splat(0.0), a),
    "gate": lambda f, g, x: f.select(f.compare("ole", x, f.splat(0.0)), f.splat(0.0), g),
    "sign": _sign,
    "share": _share,
    "max": _larger("oge"),
    "min": _larger("ole"),
    "sigmoid": _sigmoid,
    "abs": _intrinsic("fabs"),
    "**": _intrinsic("pow"),
    "pow": _intrinsic("pow"),
    **{name: _intrinsic(name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos")},
}
