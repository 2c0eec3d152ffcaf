"""A program as LLVM IR: every register a vector, one lane for each sample."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from micrograd.engine.jit.program import Instruction, Program

CUT = 500  # by default this many instructions in one function
READ = {"const", "input", "leaf"}  # not computed: read again wherever they are needed
POINTERS = ["in", "leaf", "out", "sums", "scratch"]
_OWN = {"leaf", "sums", "scratch"}  # `in` and `out` may be the same: an optimiser changes its numbers in place
_DECLARED = [f"ptr {'noalias ' if name in _OWN else ''}%{name}" for name in POINTERS]
SIGNATURE = ", ".join([*_DECLARED, "i64 %stride", "i64 %valid", "i64 %seed"])


class Lowered(NamedTuple):
    """IR text, and how much scratch memory its code wants.

    Attributes:
        ir: A module with a function `kernel`.
        slots: Vectors of scratch memory.
        functions: How many functions the straight-line code was cut into.
    """

    ir: str
    slots: int
    functions: int


def lower(program: Program, summed: int, width: int, name: str, cut: int) -> Lowered:
    """Write `program` as a function over arrays of samples.

    `kernel(in, leaf, out, sums, scratch, stride, n)` reads input i of sample s at `in[i * stride + s]` and leaf k at
    `leaf[k]`. It writes result j of sample s to `out[j * stride + s]`; of the last `summed` results it adds the samples
    up instead, lane by lane, in `sums`. Rows must have room for whole vectors; lanes beyond sample n are not summed.

    Args:
        program: What to compute.
        summed: How many results, the last ones, are summed.
        width: The number of lanes.
        name: What the function is called, instead of `kernel`.
        cut: How many instructions a piece holds at most: LLVM's time is superlinear in that.
    """
    varying = _varying(program.code)
    steps = [i for i, instruction in enumerate(program.code) if instruction.op not in READ]
    once = _pieces([i for i in steps if not varying[i]], cut)
    often = _pieces([i for i in steps if varying[i]], cut) or [[]]
    outputs = program.results[: len(program.results) - summed]
    wanted: dict[int, list[str]] = {}  # what is done with a register besides computing with it
    for j, register in enumerate(outputs):
        wanted.setdefault(register, []).append(f"out {j}")
    for k, register in enumerate(program.results[len(outputs) :]):
        wanted.setdefault(register, []).append(f"sum {k}")
    pieces = [*once, *often]
    slots, count = _slots(program.code, pieces, len(once), wanted)
    functions = []
    for number, piece in enumerate(pieces):
        done = set(piece) if number >= len(once) else set()
        if number == len(pieces) - 1:  # results that nothing in the loop computes
            done |= {register for register in wanted if program.code[register].op in READ or not varying[register]}
        functions.append(_Function(program.code, slots, width, wanted).text(f"{name}.{number}", piece, done))
    return Lowered("\n".join([*functions, _kernel(name, len(once), len(pieces), width)]), count, len(pieces))


def _pieces(steps: list[int], cut: int) -> list[list[int]]:
    return [steps[i : i + cut] for i in range(0, len(steps), cut)]


def _varying(code: list[Instruction]) -> list[bool]:
    """Which registers differ from sample to sample. The others are computed once, before the loop."""
    varying: list[bool] = []
    for op, args, _ in code:
        varying.append(op in {"input", "draw"} or any(varying[arg] for arg in args))
    return varying


def _slots(
    code: list[Instruction], pieces: list[list[int]], once: int, wanted: dict[int, list[str]]
) -> tuple[dict[int, int], int]:
    """Places in the scratch memory for the registers that one function computes and a later one reads."""
    home = {register: number for number, piece in enumerate(pieces) for register in piece}
    last: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        for register in piece:
            for arg in code[register].args:
                if home.get(arg, number) != number:
                    last[arg] = number
    for register in wanted:
        if register in home and home[register] < once:
            last[register] = len(pieces)
    slots: dict[int, int] = {}
    free: list[int] = []
    ends: dict[int, list[int]] = {}
    count = 0
    for number, piece in enumerate(pieces):
        for register in piece:
            if register in last:
                slots[register] = free.pop() if free else count
                count = max(count, slots[register] + 1)
                if number >= once:  # what is computed once is needed in every round
                    ends.setdefault(last[register], []).append(slots[register])
        free += ends.get(number, [])
    return slots, count


def double(number: float) -> str:
    """A float as LLVM reads it without loss: its bits."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"


def _signed(number: int) -> int:
    """The lowest 64 bits as LLVM writes them."""
    number &= 2**64 - 1
    return number - 2**64 if number >= 2**63 else number


class _Function:
    """Writes one piece of straight-line code."""

    def __init__(
        self, code: list[Instruction], slots: dict[int, int], width: int, wanted: dict[int, list[str]]
    ) -> None:
        self.code, self.slots, self.width, self.wanted = code, slots, width, wanted
        self.type = f"<{width} x double>"
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.fresh = 0

    def text(self, name: str, piece: list[int], done: set[int]) -> str:
        sums = any(use.startswith("sum") for register in done for use in self.wanted.get(register, []))
        if sums:
            self.lines += self.mask()
        for register in piece:
            instruction = self.code[register]
            self.names[register] = self.emit(instruction, [self.read(arg) for arg in instruction.args])
            if register in self.slots:
                self.store(self.names[register], "scratch", f"{self.slots[register] * self.width}")
            if register in done:
                self.finish(register)
        for register in sorted(done - set(piece)):
            self.finish(register)
        body = "\n".join(f"  {line}" for line in self.lines)
        return f"define private void @{name}({SIGNATURE}) #0 {{\n{body}\n  ret void\n}}\n"

    def let(self, expression: str) -> str:
        self.fresh += 1
        self.lines.append(f"%t{self.fresh} = {expression}")
        return f"%t{self.fresh}"

    def address(self, base: str, index: str) -> str:
        return self.let(f"getelementptr double, ptr %{base}, i64 {index}")

    def store(self, name: str, base: str, index: str) -> None:
        self.lines.append(f"store {self.type} {name}, ptr {self.address(base, index)}, align 8")

    def load(self, base: str, index: str) -> str:
        return self.let(f"load {self.type}, ptr {self.address(base, index)}, align 8")

    def read(self, register: int) -> str:
        """The name of a register that this or an earlier function computed, or that comes from outside."""
        if register not in self.names:
            op, _, number = self.code[register]
            if op == "const":
                self.names[register] = self.splat(number)
            elif op == "input":
                self.names[register] = self.load("in", self.let(f"mul i64 %stride, {int(number)}"))
            elif op == "leaf":
                scalar = self.let(f"load double, ptr {self.address('leaf', str(int(number)))}, align 8")
                one = self.let(f"insertelement {self.type} poison, double {scalar}, i64 0")
                self.names[register] = self.let(
                    f"shufflevector {self.type} {one}, {self.type} poison, <{self.width} x i32> zeroinitializer"
                )
            else:
                self.names[register] = self.load("scratch", str(self.slots[register] * self.width))
        return self.names[register]

    def splat(self, number: float) -> str:
        return f"splat (double {double(number)})"

    def mask(self) -> list[str]:
        lanes = ", ".join(f"i64 {lane}" for lane in range(self.width))
        integers = f"<{self.width} x i64>"
        return [
            f"%n0 = insertelement {integers} poison, i64 %valid, i64 0",
            f"%n1 = shufflevector {integers} %n0, {integers} poison, <{self.width} x i32> zeroinitializer",
            f"%mask = icmp slt {integers} <{lanes}>, %n1",
        ]

    def finish(self, register: int) -> None:
        """Write or sum a result."""
        for use in self.wanted.get(register, []):
            what, number = use.split()
            name = self.read(register)
            if what == "out":
                self.store(name, "out", self.let(f"mul i64 %stride, {number}"))
            else:
                place = str(int(number) * self.width)
                before = self.load("sums", place)
                after = self.let(f"fadd contract {self.type} {before}, {name}")
                self.store(self.select("%mask", after, before), "sums", place)

    def select(self, condition: str, yes: str, no: str) -> str:
        return self.let(f"select <{self.width} x i1> {condition}, {self.type} {yes}, {self.type} {no}")

    def compare(self, how: str, a: str, b: str) -> str:
        return self.let(f"fcmp {how} {self.type} {a}, {b}")

    def call(self, intrinsic: str, *args: str) -> str:
        typed = ", ".join(f"{self.type} {arg}" for arg in args)
        return self.let(f"call {self.type} @llvm.{intrinsic}.v{self.width}f64({typed})")

    def emit(self, instruction: Instruction, args: list[str]) -> str:
        if instruction.op == "pow":
            args = [*args, self.splat(instruction.number)]
        if instruction.op == "draw":
            return self.draw(int(instruction.number))
        if instruction.op not in _EMIT:
            raise NotImplementedError(f"jit cannot compile operation {instruction.op!r}; it knows {', '.join(_EMIT)}")
        return _EMIT[instruction.op](self, *args)

    def draw(self, site: int) -> str:
        """A number from 0 to 1: the counter (samples left, site, seed) through the finaliser of SplitMix64."""
        integers = f"<{self.width} x i64>"

        def splat(number: int) -> str:
            return f"splat (i64 {number})"

        start = self.let(f"mul i64 %valid, {_signed(0x9E3779B97F4A7C15)}")
        start = self.let(f"add i64 {self.let(f'add i64 {start}, %seed')}, {_signed(site * 0xD1342543DE82EF95)}")
        one = self.let(f"insertelement {integers} poison, i64 {start}, i64 0")
        x = self.let(f"shufflevector {integers} {one}, {integers} poison, <{self.width} x i32> zeroinitializer")
        lanes = ", ".join(f"i64 {_signed(-lane * 0x9E3779B97F4A7C15)}" for lane in range(self.width))
        x = self.let(f"add {integers} {x}, <{lanes}>")
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            x = self.let(f"xor {integers} {x}, {self.let(f'lshr {integers} {x}, {splat(shift)}')}")
            x = self.let(f"mul {integers} {x}, {splat(_signed(factor))}")
        x = self.let(f"xor {integers} {x}, {self.let(f'lshr {integers} {x}, {splat(31)}')}")
        x = self.let(f"uitofp {integers} {self.let(f'lshr {integers} {x}, {splat(11)}')} to {self.type}")
        return self.let(f"fmul {self.type} {x}, {self.splat(2.0**-53)}")


def _binary(op: str) -> Callable[..., str]:
    return lambda f, a, b: f.let(f"{op} contract {f.type} {a}, {b}")


def _intrinsic(name: str) -> Callable[..., str]:
    return lambda f, *args: f.call(name, *args)


def _reciprocal(f: _Function, a: str) -> str:
    return f.let(f"fdiv {f.type} {f.splat(1.0)}, {a}")


def _sigmoid(f: _Function, a: str) -> str:
    e = f.call("exp", f.let(f"fneg {f.type} {a}"))
    return _reciprocal(f, f.let(f"fadd {f.type} {f.splat(1.0)}, {e}"))


def _larger(how: str) -> Callable[..., str]:
    def emit(f: _Function, a: str, b: str) -> str:
        first = f.let(f"or <{f.width} x i1> {f.compare(how, a, b)}, {f.compare('uno', a, a)}")
        return f.select(first, a, b)

    return emit


def _share(f: _Function, a: str, b: str) -> str:
    tie = f.select(f.compare("oeq", a, b), f.splat(0.5), f.splat(1.0))
    return f.select(f.compare("olt", a, b), f.splat(0.0), tie)


def _sign(f: _Function, a: str) -> str:
    below = f.select(f.compare("olt", a, f.splat(0.0)), f.splat(-1.0), f.splat(0.0))
    return f.select(f.compare("ogt", a, f.splat(0.0)), f.splat(1.0), below)


# How each operation computes, in the words of LLVM. A comparison that begins with `o` is false where there is a nan.
_EMIT: dict[str, Callable[..., str]] = {
    "+": _binary("fadd"),
    "*": _binary("fmul"),
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


def _kernel(name: str, once: int, pieces: int, width: int) -> str:
    """The loop over the samples, a vector of them at a time."""
    passed = "ptr %leaf, {out}, ptr %sums, ptr %scratch, i64 %stride, i64 {valid}, i64 %seed"
    before = "\n".join(
        f"  call void @{name}.{i}(ptr %in, {passed.format(out='ptr %out', valid='%n')})" for i in range(once)
    )
    inside = "\n".join(
        f"  call void @{name}.{i}(ptr %from, {passed.format(out='ptr %to', valid='%left')})"
        for i in range(once, pieces)
    )
    arguments = ", ".join([*_DECLARED, "i64 %stride", "i64 %n", "i64 %seed"])
    return f"""define void @{name}({arguments}) #0 {{
start:
{before}
  br label %loop
loop:
  %s = phi i64 [0, %start], [%next, %loop]
  %from = getelementptr double, ptr %in, i64 %s
  %to = getelementptr double, ptr %out, i64 %s
  %left = sub i64 %n, %s
{inside}
  %next = add i64 %s, {width}
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}}
"""


def means(name: str, count: int, width: int) -> str:
    """`name.means`: clear the sums, run `name`, and divide the sums by the number of samples."""
    vector = f"<{width} x double>"
    arguments = ", ".join(
        [*(f"ptr %{pointer}" for pointer in [*POINTERS, "means"]), "i64 %stride", "i64 %n", "i64 %seed"]
    )
    passed = ", ".join([*(f"ptr %{pointer}" for pointer in POINTERS), "i64 %stride", "i64 %n", "i64 %seed"])
    return f"""declare double @llvm.vector.reduce.fadd.v{width}f64(double, {vector})
define void @{name}.means({arguments}) #0 {{
start:
  call void @llvm.memset.p0.i64(ptr %sums, i8 0, i64 {count * width * 8}, i1 false)
  call void @{name}({passed})
  %count = sitofp i64 %n to double
  br label %test
test:
  %k = phi i64 [0, %start], [%next, %mean]
  %more = icmp slt i64 %k, {count}
  br i1 %more, label %mean, label %end
mean:
  %lane = mul i64 %k, {width}
  %from = getelementptr double, ptr %sums, i64 %lane
  %lanes = load {vector}, ptr %from, align 8
  %sum = call reassoc double @llvm.vector.reduce.fadd.v{width}f64(double -0.0, {vector} %lanes)
  %average = fdiv double %sum, %count
  %to = getelementptr double, ptr %means, i64 %k
  store double %average, ptr %to, align 8
  %next = add i64 %k, 1
  br label %test
end:
  ret void
}}
"""


def attributes(width: int) -> str:
    """The attributes of all functions; without them LLVM may split vectors into halves."""
    return (
        f'attributes #0 = {{ nounwind "min-legal-vector-width"="{width * 64}" "prefer-vector-width"="{width * 64}" }}\n'
    )
