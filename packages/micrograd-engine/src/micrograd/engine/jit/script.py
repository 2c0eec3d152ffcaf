"""Stages one after the other: a table says which code runs with which numbers, and how often in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import groupby
from typing import NamedTuple

from micrograd.engine.jit.ir import INTEGER, POINTER, Function, Module
from micrograd.engine.jit.stage import Arguments, Form

# Numbers: which function, where its numbers begin, how many a stage has, and how many stages follow each other.
CALL = 4
FEW = 8  # calls: so many are written one after the other


class Script(NamedTuple):
    """What the code of a program does, in order.

    Attributes:
        name: What the names of its tables begin with.
        functions: The names of the functions, one for each form.
        numbers: The numbers of all stages.
        calls: `CALL` numbers for each row of stages of one form.
    """

    name: str
    functions: list[str]
    numbers: list[int]
    calls: list[int]

    def run(self, f: Function, given: Arguments) -> None:
        """Write the calls, a loop over them if they are many."""
        if not self.calls:
            return
        table = f.table(f"{self.name}.numbers", self.numbers)
        if len(self.calls) <= FEW * CALL:
            for which, first, size, count in zip(*[iter(self.calls)] * CALL, strict=True):
                with f.loop(0, count) if count > 1 else nullcontext(0) as k:
                    f.run(self.functions[which], *given._replace(numbers=table.at(k * size + first)))
            return
        functions, calls = (
            f.functions(f"{self.name}.functions", self.functions),
            f.table(f"{self.name}.calls", self.calls),
        )
        with f.loop(0, len(self.calls), CALL) as i:
            which, first, size, count = [calls.at(i + k).load(INTEGER) for k in range(CALL)]
            function = functions.at(which).load(POINTER)
            with f.loop(0, count) as k:
                f.run(function, *given._replace(numbers=table.at(first + k * size)))


def write(module: Module, name: str, stages: Sequence[tuple[Form, list[int]]], width: int) -> Script:
    """Write a function for each form, and note which stages call it.

    Args:
        module: Where to write them.
        name: What their names begin with.
        stages: Form and numbers of each.
        width: The lanes of vectors.
    """
    often = Counter(form for form, _ in stages)
    place = {form: i for i, form in enumerate(often)}
    script = Script(name, [f"{name}.{i}" for i in range(len(often))], [], [])
    for (form, size), row in groupby(stages, key=lambda stage: (stage[0], len(stage[1]))):
        numbers = [numbers for _, numbers in row]
        if often[form] == 1:
            form.emit(module, script.functions[place[form]], width, numbers[0])
        script.calls.extend([place[form], len(script.numbers), size, len(numbers)])
        for some in numbers:
            script.numbers.extend(some)
    for form, count in often.items():
        if count > 1:
            form.emit(module, script.functions[place[form]], width, None)
    return script
