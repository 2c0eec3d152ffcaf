"""A program as text: what is compiled once is written once, and layers are single lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from micrograd.engine.jit.plan import Plan
from micrograd.engine.jit.program import Program, listed, spanned
from micrograd.engine.jit.stage import Form, Places, Stage
from micrograd.engine.jit.straight import READ, Straight


def listing(program: Program, plan: Plan) -> str:
    """The instructions of a program, in the order of its stages.

    Code that repeats is written where it is first computed; later, `%200 … %211 = as %100 … %111` says that the same
    is done with other registers, and how often. What needs to be read again, an input, a leaf or a constant, comes
    before the instruction that reads it first. A program without layers in which nothing repeats is a plain list.
    """
    places = Places(plan.shared, plan.scratch)
    stages: list[tuple[Stage, Form]] = [(stage, stage.form(Places(plan.shared, {}))[0]) for stage in plan.uniform]
    stages += [(stage, stage.form(places)[0]) for stage in plan.varying]
    if not plan.layers and len({form for _, form in stages}) == len(stages):
        return str(program)
    lines = list(_lines(program, stages))
    lines.append(f"return {listed(program.results)}")
    lines += [f"gradient {k}: {program.means[k]}" for k, _ in plan.added]
    return "\n".join([*lines, *map(str, program.scattered)])


def _lines(program: Program, stages: Sequence[tuple[Stage, Form]]) -> Iterator[str]:
    first: dict[Form, str] = {}
    read: set[int] = set()
    for form, row in groupby(stages, key=lambda stage: stage[1]):
        pieces: list[list[int]] = []
        for stage, _ in row:
            if not isinstance(stage, Straight):
                yield str(stage)
            elif stage.computes:
                pieces.append(stage.computes)
        if pieces and form not in first:
            for register in pieces[0]:
                outside = {arg for arg in program.code[register].args if program.code[arg].op in READ} - read
                read |= outside
                yield from map(program.line, (*sorted(outside), register))
            first[form] = spanned(pieces.pop(0))
        if pieces:
            times = f", {len(pieces)} times" if len(pieces) > 1 else ""
            yield f"{spanned([*pieces[0], *pieces[-1]])} = as {first[form]}{times}"
