"""What a program is cut into: stages, each a function of the same arguments that computes some of its registers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, Protocol

from micrograd.engine.jit.ir import INTEGER, NOALIAS, POINTER, Module, Register


class Arguments(NamedTuple):
    """What every stage is given.

    Attributes:
        inputs: The first of the samples; input i of it is `i * stride` numbers from here.
        leaves: The leaves, and behind them what is the same for all samples.
        outputs: Where the results go: result j of a sample to `j * pitch` numbers from here. They may be the inputs:
            an optimiser writes where it reads.
        sums: A vector for each sum over the samples that straight code adds up.
        scratch: For what a stage writes and a later one reads.
        totals: A number for each mean, where layers add theirs up.
        numbers: What tells this stage from others of its form.
        stride: How far apart inputs are.
        pitch: How far apart outputs are.
        left: How many samples there are from this one on.
        vectors: How many vectors of them to compute.
        seed: For random draws.
    """

    inputs: Register
    leaves: Register
    outputs: Register
    sums: Register
    scratch: Register
    totals: Register
    numbers: Register
    stride: Register
    pitch: Register
    left: Register
    vectors: Register
    seed: Register


MEMORY = {"inputs": POINTER, "leaves": NOALIAS, "outputs": POINTER, "sums": NOALIAS, "scratch": NOALIAS}
PARAMETERS = {
    **MEMORY,
    **dict.fromkeys(("totals", "numbers"), NOALIAS),
    **dict.fromkeys(("stride", "pitch", "left", "vectors", "seed"), INTEGER),
}


class Places(NamedTuple):
    """Where registers are kept that more than one stage needs, counted in numbers.

    Attributes:
        shared: Behind the leaves, if they are the same for all samples.
        scratch: In scratch memory, if they are not.
        vectors: How many vectors go through a stage before the next one, at most.
    """

    shared: dict[int, int]
    scratch: dict[int, int]
    vectors: int = 1


class Numbers:
    """The numbers of a stage, as its code has them: constants if no other stage has the same form, or looked up.

    Args:
        table: Where they are.
        known: What they are, if that is known.
    """

    def __init__(self, table: Register, known: Sequence[int] | None) -> None:
        self.table, self.known = table, known

    def __getitem__(self, i: int) -> Register:
        if self.known is None:
            return self.table.at(i).load(INTEGER)
        return self.table.function.constant(self.known[i], INTEGER)


class Form(Hashable, Protocol):
    """What is the same in several stages: code that takes what differs from a table."""

    def emit(self, module: Module, name: str, width: int, known: Sequence[int] | None) -> None:
        """Write a function `name` that computes a stage for the vectors of a block.

        Args:
            module: Where to write it.
            name: What it is called.
            width: The lanes of its vectors.
            known: The numbers of the stage, if it is the only one of this form.
        """


class Stage(Protocol):
    """Some registers of a program, or sums over them."""

    @property
    def reads(self) -> Iterable[int]:
        """The registers that it needs, its own among them."""
        ...

    @property
    def writes(self) -> Iterable[int]:
        """The registers that it computes."""
        ...

    def form(self, places: Places) -> tuple[Form, list[int]]:
        """Its form, and the numbers that make it this stage."""
        ...
