"""A program as LLVM IR: cut into stages, with a loop over blocks of samples around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar, cast

from micrograd.engine.jit.cuts import cut
from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module, where
from micrograd.engine.jit.layers import Layers, find_layers
from micrograd.engine.jit.memory import whole_vectors
from micrograd.engine.jit.program import Program
from micrograd.engine.jit.script import Script, write
from micrograd.engine.jit.stage import MEMORY, Arguments, Places, Stage
from micrograd.engine.jit.straight import READ, Straight

PARAMETERS = {**MEMORY, "means": POINTER, **dict.fromkeys(("stride", "pitch", "n", "seed"), INTEGER)}

T = TypeVar("T")

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
        functions: How many functions of straight-line code there are.
        layers: How many dense layers, forward and backward, became loops.
    """

    sums: int
    shared: int
    scratch: int
    functions: int
    layers: int


def lower(program: Program, module: Module, name: str, most: int, *, repeats: bool | None = None) -> Lowered:
    """Write `program` as a function over arrays of samples.

    `name(inputs, leaves, outputs, sums, scratch, means, stride, pitch, n, seed)` reads input i of sample s at
    `inputs[i * stride + s]` and leaf k at `leaves[k]`. It writes result j of sample s to `outputs[j * pitch + s]`, and
    means of all samples to `means`, having added them up in `sums`. Rows, and the means, must have room for whole
    vectors. What is the same for all samples is computed once, and written behind the leaves.

    Args:
        program: What to compute.
        module: Where to write the function, and those that it calls.
        name: What it is called.
        most: How many instructions a function holds at most.
        repeats: Whether to cut the code where patterns begin; by default if that leaves less to compile.
    """
    layers = find_layers(program)
    means = [(k, mean.uniform) for k, mean in enumerate(program.means) if mean.uniform is not None]
    added = [k for k, mean in enumerate(program.means) if mean.varying is not None and k not in layers.summed]
    (pieces,) = cut(program, [_registers(program, varying=False)], most, repeats=repeats)
    uniform = _straight(program, pieces, means, {}, most)
    varying = _stages(program, layers, added, most, repeats)
    shared = _shared(len(program.leaves), uniform, varying)
    scratch, count = _scratch(varying)
    block = next((block for block in BLOCKS if count * block * module.width <= CACHE), BLOCKS[-1])
    slot = block * module.width
    places = Places(shared, {register: place * slot for register, place in scratch.items()})
    once = write(module, f"{name}.uniform", [stage.form(Places(shared, {})) for stage in uniform], width=1)
    often = write(module, f"{name}.varying", [stage.form(places) for stage in varying], module.width)
    _emit_kernel(module, name, once, often, program, added, block)
    sums = len(added) * module.width + whole_vectors(len(program.means), module.width)
    functions = len(once.functions) + len(often.functions)
    return Lowered(sums, len(shared), count * slot, functions, len(layers.dense) + len(layers.outer))


def _registers(program: Program, varying: bool) -> list[int]:
    """The registers to compute."""
    return [
        register
        for register, (op, _, _) in enumerate(program.code)
        if op not in READ and program.varying[register] == varying
    ]


def _straight(
    program: Program, pieces: list[list[int]], outputs: list[tuple[int, int]], sums: dict[int, list[int]], most: int
) -> list[Straight]:
    """Stages for pieces, which take their part of `sums`; the last writes the outputs if it has room for them."""
    stages = [
        Straight(program.code, [], piece, [], {register: sums.pop(register) for register in piece if register in sums})
        for piece in pieces
    ]
    if stages and len(stages[-1].computes) + len(outputs) <= most:
        stages[-1] = stages[-1]._replace(outputs=outputs)
        return stages
    return stages + [Straight(program.code, [], [], part, {}) for part in _parts(outputs, most)]


def _parts(items: list[T], size: int) -> list[list[T]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def _stages(program: Program, layers: Layers, added: list[int], most: int, repeats: bool | None) -> list[Stage]:
    """The loop's part of the program, in an order in which everything is there when it is needed."""
    sums: dict[int, list[int]] = {}
    for place, k in enumerate(added):
        sums.setdefault(cast(int, program.means[k].varying), []).append(place)
    found: list[Stage] = [*layers.dense.values(), *layers.outer]
    read = {register for layer in found for register in layer.reads}
    copies = {register for register in read if program.code[register].op in READ or not program.varying[register]}
    # What is an input and a result, too: an optimiser that swaps numbers writes over what is still to be read.
    copies.update(register for register in program.results if program.code[register].op == "input")
    stages: list[Stage] = [Straight(program.code, part, [], [], {}) for part in _parts(sorted(copies), most)]
    gaps: list[list[int]] = [[]]
    between: list[Stage] = []
    for register in _registers(program, varying=True):
        if register in layers.dense:
            between.append(layers.dense[register])
            gaps.append([])
        elif register not in layers.absorbed:
            gaps[-1].append(register)
    *pieces, last = cut(program, gaps, most, repeats=repeats)
    for some, layer in zip(pieces, between, strict=True):
        stages += [*_straight(program, some, [], sums, most), layer]
    stages += _straight(program, last, list(enumerate(program.results)), sums, most)
    rest = _parts(list(sums.items()), most)  # results of layers, and inputs
    scattered = [Straight(program.code, [], [], [], {}, part) for part in _parts([*program.scattered], most)]
    return [*stages, *(Straight(program.code, [], [], [], dict(part)) for part in rest), *scattered, *layers.outer]


def _shared(leaves: int, uniform: Sequence[Stage], varying: Sequence[Stage]) -> dict[int, int]:
    """Places behind the leaves for what is the same for all samples and read by another stage."""
    home = {register: i for i, stage in enumerate(uniform) for register in stage.writes}
    readers = [*enumerate(uniform), *((-1, stage) for stage in varying)]
    read = {register for i, stage in readers for register in stage.reads if home.get(register, i) != i}
    return {register: leaves + place for place, register in enumerate(sorted(read))}


def _scratch(stages: Sequence[Stage]) -> tuple[dict[int, int], int]:
    """Places in scratch memory for what one stage of the loop computes and a later one reads, and their number."""
    home = {register: i for i, stage in enumerate(stages) for register in stage.writes}
    last = {register: i for i, stage in enumerate(stages) for register in stage.reads if home.get(register, i) != i}
    places: dict[int, int] = {}
    free: list[int] = []
    ends: dict[int, list[int]] = {}
    count = 0
    for i, stage in enumerate(stages):
        for register in stage.writes:
            if register in last:
                if not free:
                    free.append(count)
                    count += 1
                places[register] = free.pop()
                ends.setdefault(last[register], []).append(places[register])
        free += ends.get(i, [])
    return places, count


def _emit_kernel(
    module: Module, name: str, once: Script, often: Script, program: Program, added: list[int], block: int
) -> None:
    """The loop over blocks of samples, and what comes before and after it."""
    f = Function(module, name, PARAMETERS, private=False)
    inputs, leaves, outputs, sums, scratch, averages, stride, pitch, n, seed = f.arguments
    totals, means = sums.at(len(added) * f.width), len(program.means)
    with f.loop(0, len(added)) as place:  # what is added to -0 keeps even the sign of a zero
        sums.at(place * f.width).store(f.constant(-0.0))
    with f.loop(0, means, f.width) as k:
        totals.at(k).store(f.constant(-0.0))
        averages.at(k).store(f.constant(-0.0))
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
    table = f.table(f"{name}.added", added)
    with f.loop(0, len(added)) as place:
        total = totals.at(table.at(place).load(INTEGER))
        total.store(total.load(DOUBLE) + sums.at(place * f.width).load(f.vector).sum())
    samples = n.cast("sitofp", "double").broadcast()
    with f.loop(0, means, f.width) as k:
        average = averages.at(k)
        average.store(totals.at(k).load(f.vector) / samples + average.load(f.vector))
