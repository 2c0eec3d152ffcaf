"""A program as LLVM IR: cut into stages, with a loop over blocks of samples around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from micrograd.engine.jit.functions import definitions, double
from micrograd.engine.jit.layers import Dense, Layers, Outer, find_layers
from micrograd.engine.jit.program import Program
from micrograd.engine.jit.straight import ARGUMENTS, PARAMETERS, READ, Piece
from micrograd.engine.jit.tiles import Tiles, trim

CUT = 500  # by default this many instructions in one function: LLVM's time is superlinear in that
BLOCK = 8  # vectors that go through a stage before the next one: its code stays in the cache, and so do their numbers


class Straight(NamedTuple):
    """A stage of instructions that are written out.

    Attributes:
        registers: What to compute.
        outputs: `(result, register)`: what to write, when all has been read.
        summed: What to add to sums besides, computed elsewhere.
    """

    registers: list[int]
    outputs: list[tuple[int, int]]
    summed: list[int]


Stage: TypeAlias = Straight | Dense | Outer


class Lowered(NamedTuple):
    """IR text, and the memory that its code wants.

    Attributes:
        ir: The functions.
        called: The names of the functions of `functions.py` that they call.
        shared: How many numbers the code writes behind the leaves.
        scratch: How many numbers of scratch memory.
        functions: How many functions of straight-line code there are.
        layers: How many dense layers, forward and backward, became loops.
    """

    ir: str
    called: set[str]
    shared: int
    scratch: int
    functions: int
    layers: int


def lower(program: Program, width: int, name: str, cut: int) -> Lowered:
    """Write `program` as a function over arrays of samples.

    `name(in, leaf, out, sums, scratch, means, stride, n, seed)` reads input i of sample s at `in[i * stride + s]` and
    leaf k at `leaf[k]`. It writes result j of sample s to `out[j * stride + s]`, and means of all samples to `means`,
    having added them up, lane by lane, in `sums`. Rows must have room for whole vectors. What is the same for all
    samples is computed once, and written behind the leaves.

    Args:
        program: What to compute.
        width: The number of lanes.
        name: What the function is called.
        cut: How many instructions a function holds at most.
    """
    layers = find_layers(program)
    uniform = [(k, mean.uniform) for k, mean in enumerate(program.means) if mean.uniform is not None]
    once = _written_out(_steps(program, varying=False), uniform, cut)
    sums: dict[int, list[int]] = {}
    for k, mean in enumerate(program.means):
        if mean.varying is not None and k not in layers.summed:
            sums.setdefault(mean.varying, []).append(k)
    often = _stages(program, layers, list(sums), cut)
    shared = _shared(program, once, often)
    slots, count = _slots(program, often, BLOCK * width)
    texts = []
    called: set[str] = set()
    tiles = Tiles(width, slots)
    for i, straight in enumerate(once):
        texts.append(Piece(program.code, 1, shared, {}).text(f"{name}.once.{i}", *straight, {}))
    for i, stage in enumerate(often):
        if isinstance(stage, Dense):
            texts.append(tiles.dense(f"{name}.{i}", stage))
        elif isinstance(stage, Outer):
            texts.append(tiles.outer(f"{name}.{i}", stage))
        else:
            piece = Piece(program.code, width, shared, slots)
            texts += [piece.text(f"{name}.{i}.one", *stage, sums), _each_vector(f"{name}.{i}", width)]
            called |= piece.called
    texts.append(_kernel(name, len(once), len(often), len(program.means), width))
    found = len(layers.dense) + len(layers.outer)
    return Lowered("\n".join(texts), called, len(shared), count, len(once) + len(often) - found, found)


def _steps(program: Program, varying: bool) -> list[int]:
    """The registers to compute."""
    return [
        register
        for register, (op, _, _) in enumerate(program.code)
        if op not in READ and program.varying[register] == varying
    ]


def _written_out(registers: list[int], outputs: list[tuple[int, int]], cut: int) -> list[Straight]:
    """Stages for `registers`; the last one writes the outputs, unless they are too many for it."""
    stages = [Straight(registers[i : i + cut], [], []) for i in range(0, len(registers), cut)]
    if stages and len(stages[-1].registers) + len(outputs) <= cut:
        return [*stages[:-1], Straight(stages[-1].registers, outputs, [])]
    return stages + [Straight([], outputs[i : i + cut], []) for i in range(0, len(outputs), cut)]


def _stages(program: Program, layers: Layers, summed: list[int], cut: int) -> list[Stage]:
    """The loop's part of the program, in an order in which everything is there when it is needed."""
    stages: list[Stage] = []
    read = {x for layer in layers.dense.values() for x in layer.columns}
    read.update(x for layer in layers.outer for x in (*layer.rows, *layer.columns))
    read.update(program.results)  # may be written over what is read, if an optimiser swaps numbers
    registers = sorted(x for x in read if program.code[x].op == "input")  # into scratch memory, where layers look
    for register in _steps(program, varying=True):
        if register in layers.dense:
            stages += [*_written_out(registers, [], cut), layers.dense[register]]
            registers = []
        elif register not in layers.absorbed:
            registers.append(register)
    stages += _written_out(registers, list(enumerate(program.results)), cut)
    done = {register for stage in stages if isinstance(stage, Straight) for register in stage.registers}
    rest = [register for register in summed if register not in done]  # results of layers, and inputs
    return [*stages, *(Straight([], [], rest[i : i + cut]) for i in range(0, len(rest), cut)), *layers.outer]


def _reads(program: Program, stage: Stage) -> list[int]:
    if isinstance(stage, Dense):
        return list(stage.columns)
    if isinstance(stage, Outer):
        return [*stage.rows, *stage.columns]
    operands = [arg for register in stage.registers for arg in program.code[register].args]
    return operands + stage.summed + [register for _, register in stage.outputs]


def _writes(stage: Stage) -> list[int]:
    return [] if isinstance(stage, Outer) else list(stage.results if isinstance(stage, Dense) else stage.registers)


def _shared(program: Program, once: list[Straight], often: list[Stage]) -> dict[int, int]:
    """Places behind the leaves for what is computed once and read by another stage."""
    home = {register: i for i, stage in enumerate(once) for register in stage.registers}
    readers = [(i if i < len(once) else -1, stage) for i, stage in enumerate([*once, *often])]
    read = {register for i, stage in readers for register in _reads(program, stage) if home.get(register, i) != i}
    return {register: len(program.leaves) + place for place, register in enumerate(sorted(read))}


def _slots(program: Program, stages: list[Stage], size: int) -> tuple[dict[int, int], int]:
    """Places in scratch memory, `size` numbers each, for what one stage of the loop computes and a later one reads."""
    home = {register: i for i, stage in enumerate(stages) for register in _writes(stage)}
    last = {r: i for i, stage in enumerate(stages) for r in _reads(program, stage) if home.get(r, i) != i}
    slots: dict[int, int] = {}
    free: list[int] = []
    ends: dict[int, list[int]] = {}
    count = 0
    for i, stage in enumerate(stages):
        for register in _writes(stage):
            if register in last:
                if not free:
                    free.append(count * size)
                    count += 1
                slots[register] = free.pop()
                ends.setdefault(last[register], []).append(slots[register])
        free += ends.get(i, [])
    return slots, count * size


def _each_vector(name: str, width: int) -> str:
    """`name`: call `name.one` for every vector of a block."""
    return f"""define private void @{name}({PARAMETERS}) #0 {{
start:
  br label %loop
loop:
  %v = phi i64 [0, %start], [%next, %loop]
  %offset = mul i64 %v, {width}
  %in.v = getelementptr double, ptr %in, i64 %offset
  %out.v = getelementptr double, ptr %out, i64 %offset
  %scratch.v = getelementptr double, ptr %scratch, i64 %offset
  %left.v = sub i64 %left, %offset
  call void @{name}.one(ptr %in.v, ptr %leaf, ptr %out.v, ptr %sums, ptr %scratch.v,
                        i64 %stride, i64 %left.v, i64 1, i64 %seed)
  %next = add i64 %v, 1
  %more = icmp slt i64 %next, %vectors
  br i1 %more, label %loop, label %end
end:
  ret void
}}
"""


def _kernel(name: str, once: int, often: int, means: int, width: int) -> str:
    """The loop over blocks of samples, and what comes before and after it."""
    vector = f"<{width} x double>"
    zero = double(-0.0)  # where a sum begins: what is added to it keeps even the sign of a zero
    before = "\n".join(
        f"  call void @{name}.once.{i}(ptr %in, ptr %leaf, ptr %means, ptr %sums, ptr %scratch, "
        "i64 1, i64 1, i64 1, i64 %seed)"
        for i in range(once)
    )
    stages = "\n".join(
        f"  call void @{name}.{i}({ARGUMENTS.replace('%in', '%from').replace('%out', '%to')})" for i in range(often)
    )
    return f"""define void @{name}(ptr %in, ptr noalias %leaf, ptr %out, ptr noalias %sums, ptr noalias %scratch,
                  ptr %means, i64 %stride, i64 %n, i64 %seed) #0 {{
start:
  br label %clear
clear:
  %c = phi i64 [0, %start], [%c.next, %zero]
  %unset = icmp slt i64 %c, {means}
  br i1 %unset, label %zero, label %ready
zero:
  %lane = mul i64 %c, {width}
  %sum.at = getelementptr double, ptr %sums, i64 %lane
  store {vector} splat (double {zero}), ptr %sum.at, align 8
  %uniform.at = getelementptr double, ptr %means, i64 %c
  store double {zero}, ptr %uniform.at, align 8
  %c.next = add i64 %c, 1
  br label %clear
ready:
{before}
  br label %block
block:
  %s = phi i64 [0, %ready], [%next, %block]
  %from = getelementptr double, ptr %in, i64 %s
  %to = getelementptr double, ptr %out, i64 %s
  %left = sub i64 %n, %s
  %room = add i64 %left, {width - 1}
  %needed = sdiv i64 %room, {width}
  %few = icmp slt i64 %needed, {BLOCK}
  %vectors = select i1 %few, i64 %needed, i64 {BLOCK}
{stages}
  %next = add i64 %s, {BLOCK * width}
  %more = icmp slt i64 %next, %n
  br i1 %more, label %block, label %summed
summed:
  %count = sitofp i64 %n to double
  br label %test
test:
  %k = phi i64 [0, %summed], [%k.next, %mean]
  %another = icmp slt i64 %k, {means}
  br i1 %another, label %mean, label %end
mean:
  %place = mul i64 %k, {width}
  %lanes.at = getelementptr double, ptr %sums, i64 %place
  %lanes = load {vector}, ptr %lanes.at, align 8
  %sum = call reassoc double @llvm.vector.reduce.fadd.v{width}f64(double {zero}, {vector} %lanes)
  %average = fdiv double %sum, %count
  %mean.at = getelementptr double, ptr %means, i64 %k
  %uniform = load double, ptr %mean.at, align 8
  %total = fadd double %average, %uniform
  store double %total, ptr %mean.at, align 8
  %k.next = add i64 %k, 1
  br label %test
end:
  ret void
}}
"""


def module(parts: Sequence[Lowered], width: int, *more: str) -> str:
    """The text of a module that has these parts, all that they call, and `more`."""
    names = set().union(*(part.called for part in parts))
    layers = [trim(width)] if any(part.layers for part in parts) else []
    bits = f'"min-legal-vector-width"="{width * 64}" "prefer-vector-width"="{width * 64}"'  # or LLVM may halve vectors
    functions = [definitions(sorted(names), width), *layers, *(part.ir for part in parts), *more]
    return "\n".join([*functions, f"attributes #0 = {{ nounwind {bits} }}\n"])
