"""A program as LLVM IR: cut into stages, with a loop over blocks of samples around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module, Register, Type, vector_of, where
from micrograd.engine.jit.machine import vector_width
from micrograd.engine.jit.memory import whole_vectors
from micrograd.engine.jit.narrow import narrow
from micrograd.engine.jit.plan import Plan, plan
from micrograd.engine.jit.program import Program
from micrograd.engine.jit.script import Script, write
from micrograd.engine.jit.stage import MEMORY, Arguments, Places

PARAMETERS = {**MEMORY, "means": POINTER, **dict.fromkeys(("stride", "pitch", "n", "divisor", "seed"), INTEGER)}

CUT = 500  # by default this many instructions in one function: LLVM's time is superlinear in that
# How many vectors go through a stage before the next one: its code stays in the cache, and so shall their numbers.
BLOCKS = 8, 4, 2
CACHE = 2**18  # numbers of scratch memory: with more, blocks are smaller


class Lowered(NamedTuple):
    """The memory that the code wants, and what it is made of.

    Attributes:
        sums: How many numbers for sums over the samples.
        shared: How many numbers the code writes behind the leaves.
        scratch: How many numbers of scratch memory.
        functions: How many functions there are; stages of the same form share one.
        layers: How many dense layers, forward and backward, became loops.
    """

    sums: int
    shared: int
    scratch: int
    functions: int
    layers: int


def lower(program: Program, module: Module, name: str, most: int, *, repeats: bool | None = None) -> Lowered:
    """Write `program` as a function over arrays of samples.

    `name(inputs, leaves, outputs, sums, scratch, means, stride, pitch, n, divisor, seed)` reads input i of sample s at
    `inputs[i * stride + s]` and leaf k at `leaves[k]`. It writes result j of sample s to `outputs[j * pitch + s]`, and
    the sums over `n` samples, divided by `divisor`, to `means`. Rows, and the means, must have room for whole vectors.
    What is the same for all samples is computed once, and written behind the leaves.

    Args:
        program: What to compute.
        module: Where to write the function, and those that it calls.
        name: What it is called.
        most: How many instructions a function holds at most.
        repeats: Whether to cut the code where patterns begin; by default if that leaves less to compile.
    """
    stages = plan(program, most, repeats=repeats)
    if module.width < vector_width():  # for few samples
        stages, block = narrow(stages, len(program.leaves)), 1
    else:
        block = next((block for block in BLOCKS if stages.kept * block * module.width <= CACHE), BLOCKS[-1])
    slot = block * module.width
    places = Places(stages.shared, {register: place * slot for register, place in stages.scratch.items()}, block)
    forms = [stage.form(Places(stages.shared, {})) for stage in stages.uniform]
    once = write(module, f"{name}.uniform", forms, width=1)
    often = write(module, f"{name}.varying", [stage.form(places) for stage in stages.varying], module.width)
    _emit_kernel(module, name, once, often, program, stages, block)
    sums = stages.sums * module.width + whole_vectors(len(program.means), module.width)
    functions = len(once.functions) + len(often.functions)
    return Lowered(sums, stages.room, stages.kept * slot, functions, stages.layers)


def _emit_kernel(
    module: Module, name: str, once: Script, often: Script, program: Program, stages: Plan, block: int
) -> None:
    """The loop over blocks of samples, and what comes before and after it."""
    f = Function(module, name, PARAMETERS)
    inputs, leaves, outputs, sums, scratch, averages, stride, pitch, n, divisor, seed = f.arguments
    totals, means = sums.at(stages.sums * f.width), len(program.means)
    if stages.sums:
        with f.loop(0, stages.sums) as place:  # what is added to -0 keeps even the sign of a zero
            sums.at(place * f.width).store(f.constant(-0.0))
    if means:
        for k, vector in _vectors(f, means):
            totals.at(k).store(f.constant(-0.0, vector))
            averages.at(k).store(f.constant(-0.0, vector))
    for first, step, length in dict.fromkeys(scatter.row for scatter in program.scattered):
        with f.loop(0, length) as k:  # but what no sample adds to is 0
            totals.at(k * step + first).store(f.constant(0.0, DOUBLE))
    one = f.constant(1, INTEGER)
    given = Arguments(inputs, leaves, outputs, sums, scratch, totals, totals, stride, pitch, n, one, seed)
    once.run(f, given._replace(outputs=averages, stride=one, pitch=one, left=one))
    with f.loop(0, n, block * f.width) as s:
        left = n - s
        needed = (left + (f.width - 1)) // f.width
        vectors = where(needed < block, needed, block)
        often.run(f, given._replace(inputs=inputs.at(s), outputs=outputs.at(s), left=left, vectors=vectors))
    if stages.added:
        tables = zip(("means", "sums"), zip(*stages.added, strict=True), strict=True)
        mean, place = (f.table(f"{name}.{part}", numbers) for part, numbers in tables)
        with f.loop(0, len(stages.added)) as i:
            total = totals.at(mean.at(i).load(INTEGER))
            lanes = sums.at(place.at(i).load(INTEGER) * f.width).load(f.vector)
            total.store(total.load(DOUBLE) + lanes.sum())
    if means:
        whole = divisor.cast("sitofp", "double")
        share = n.cast("sitofp", "double") / whole  # 1, unless the batch comes in parts or is added up
        for divided in (True, False):  # by 1 nothing changes, and with many means it takes long
            with f.when(divisor > 1 if divided else divisor <= 1):
                for k, vector in _vectors(f, means):
                    total = totals.at(k).load(vector)
                    if divided:
                        total = total / whole.broadcast(vector.lanes)
                    average = averages.at(k)
                    average.store(total + average.load(vector) * share.broadcast(vector.lanes))


def _vectors(f: Function, count: int) -> Iterator[tuple[Register, Type]]:
    """Vectors with room for so many numbers, and where each begins; the last one may be shorter."""
    lanes = vector_width()
    whole = count // lanes * lanes
    with f.loop(0, whole, lanes) as k:
        yield k, vector_of(lanes)
    if whole < count:
        yield f.constant(whole, INTEGER), vector_of(count - whole)
