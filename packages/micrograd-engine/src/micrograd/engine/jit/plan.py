"""What a program is cut into, in which order, and where stages keep what others read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from micrograd.engine.jit.cuts import cut
from micrograd.engine.jit.layers import Layers, find_layers
from micrograd.engine.jit.program import Program
from micrograd.engine.jit.stage import Stage
from micrograd.engine.jit.straight import READ, Straight

T = TypeVar("T")

OUTPUTS = 50  # results that one stage writes: they may lie where inputs do, and LLVM looks at all pairs


class Plan(NamedTuple):
    """The stages of a program.

    Attributes:
        uniform: What is computed once, the same for all samples.
        varying: What is computed for every block of samples.
        layers: How many of these are dense layers, forward and backward.
        added: The means whose samples straight code adds up, and in which sum: some may have the same.
        sums: How many sums there are.
        shared: Where stages keep what is the same for all samples, counted from the first leaf.
        room: How many numbers are kept there, behind the leaves.
        scratch: Where they keep what is not, counted in registers.
        kept: How many registers are kept at a time.
    """

    uniform: list[Stage]
    varying: list[Stage]
    layers: int
    added: list[tuple[int, int]]
    sums: int
    shared: dict[int, int]
    room: int
    scratch: dict[int, int]
    kept: int


def plan(program: Program, most: int, *, repeats: bool | None = None) -> Plan:
    """Cut a program into stages.

    Args:
        program: What to compute.
        most: How many instructions a stage of straight code has at most.
        repeats: Whether to cut the code where patterns begin; by default if that leaves less to compile.
    """
    layers = find_layers(program)
    means = [(k, mean.uniform) for k, mean in enumerate(program.means) if mean.uniform is not None]
    sums: dict[int, int] = {}
    added = [
        (k, sums.setdefault(mean.varying, len(sums)))
        for k, mean in enumerate(program.means)
        if mean.varying is not None and k not in layers.summed
    ]
    (pieces,) = cut(program, [_registers(program, varying=False)], most, repeats=repeats)
    uniform = _straight(program, pieces, means, {}, most)
    varying = _stages(program, layers, dict(sums), most, repeats)
    shared = _shared(len(program.leaves), uniform, varying)
    found = len(layers.dense) + len(layers.outer)
    return Plan([*uniform], varying, found, added, len(sums), shared, len(shared), *_scratch(varying))


def _registers(program: Program, varying: bool) -> list[int]:
    """The registers to compute."""
    return [
        register
        for register, (op, _, _) in enumerate(program.code)
        if op not in READ and program.varying[register] == varying
    ]


def _straight(
    program: Program, pieces: list[list[int]], outputs: list[tuple[int, int]], sums: dict[int, int], most: int
) -> list[Straight]:
    """Stages for pieces, which take their part of `sums`; the last writes the outputs if it has room for them."""
    stages = [
        Straight(program.code, [], piece, [], {register: sums.pop(register) for register in piece if register in sums})
        for piece in pieces
    ]
    if stages and len(outputs) <= min(most, OUTPUTS):
        stages[-1] = stages[-1]._replace(outputs=outputs)
        return stages
    return stages + [Straight(program.code, [], [], part, {}) for part in _parts(outputs, min(most, OUTPUTS))]


def _parts(items: list[T], size: int) -> list[list[T]]:
    return [items[i : i + size] for i in range(0, len(items), size)]


def _stages(program: Program, layers: Layers, sums: dict[int, int], most: int, repeats: bool | None) -> list[Stage]:
    """The loop's part of the program, in an order in which everything is there when it is needed."""
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
