"""A graph as machine code that runs over arrays of samples."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Sequence
from typing import NamedTuple

from micrograd.engine.jit.columns import pack
from micrograd.engine.jit.ir import Module
from micrograd.engine.jit.lower import PARAMETERS, lower
from micrograd.engine.jit.machine import Machine
from micrograd.engine.jit.memory import Array, addresses, aligned_zeros, whole_vectors
from micrograd.engine.jit.program import Program, compile_graph
from micrograd.engine.value import Value


class Stats(NamedTuple):
    """What compiling took and gave.

    Attributes:
        traced: Nodes of the graph, gradients included.
        instructions: Instructions after simplification.
        width: Samples computed at once, one in each lane of a vector.
        functions: Pieces that the straight-line code was cut into.
        layers: Dense layers, forward and backward, that were found again and became loops.
        seconds: Time from the graph to machine code.
    """

    traced: int
    instructions: int
    width: int
    functions: int
    layers: int
    seconds: float


class _Memory:
    """What the machine code reads and writes; one for each thread that is in a call."""

    def __init__(self, inputs: int, leaves: int, outputs: int, means: int, sums: int, scratch: int, stride: int):
        self.stride = stride
        self.inputs = aligned_zeros(inputs, stride)
        self.leaves = aligned_zeros(leaves)
        self.out = aligned_zeros(outputs, stride)
        self.means = aligned_zeros(means)
        self.working = [aligned_zeros(sums), aligned_zeros(scratch)]
        self.addresses = addresses(self.inputs, self.leaves, self.out, *self.working, self.means)


class Kernel:
    """Machine code for one graph.

    Args:
        inputs: The placeholders; each is a column of the samples.
        outputs: What to compute for every sample.
        averaged: What to average over the samples.
        leaves: Live Values, in the order in which they are to lie in memory.
        width: The number of lanes.
        cut: How many instructions a function may hold.

    Attributes:
        leaves: The live Values, in their order.
        program: The instructions.
        ir: The same in the language of LLVM.
        stats: Counts and times.
    """

    def __init__(
        self,
        inputs: Sequence[Value],
        outputs: Sequence[Value],
        averaged: Sequence[Value],
        leaves: Sequence[Value],
        width: int,
        cut: int,
    ) -> None:
        start = time.perf_counter()
        self.leaves = list(leaves)
        self.program: Program = compile_graph(inputs, outputs, averaged, leaves)
        module = Module(width)
        lowered = lower(self.program, module, "kernel", cut)
        machine = Machine(module)
        self.ir = machine.ir
        self._run = machine.function("kernel", PARAMETERS.values())
        self._random = self.program.random
        self._numbers = struct.Struct(f"{len(self.program.leaves)}d")  # writes a list of floats faster than numpy
        room = len(self.program.leaves) + lowered.shared
        self._sizes = (len(inputs), room, len(outputs), len(averaged), lowered.sums, lowered.scratch)
        self._idle: list[_Memory] = []
        seconds = time.perf_counter() - start
        self.stats = Stats(
            self.program.traced, len(self.program.code), width, lowered.functions, lowered.layers, seconds
        )

    def __call__(
        self, arrays: Sequence[Array], batch: int, *, at: Array | None = None, seed: int | None = None
    ) -> tuple[Array, Array]:
        """Run over all samples.

        Args:
            arrays: The arguments, each a number, (batch,) or (batch, n); together as many columns as there are inputs.
            batch: The number of samples.
            at: What to take for the `data` of `leaves`, shape (leaves,); by default what it is.
            seed: For random draws; by default from Python's global `random`, if there are any.

        Returns:
            The outputs, shape (outputs, batch), and the averages.
        """
        memory = self._memory(batch)
        pack(memory.inputs[:, :batch], arrays)
        self._numbers.pack_into(memory.leaves.data, 0, *[leaf._data for leaf in self.program.leaves])
        if at is not None:
            memory.leaves[: len(at)] = at
        if seed is None:
            seed = random.getrandbits(64) if self._random else 0
        self._run(*memory.addresses, memory.stride, memory.stride, batch, seed)
        results = memory.out[:, :batch].copy(), memory.means.copy()
        self._idle.append(memory)
        return results

    def _memory(self, batch: int) -> _Memory:
        """Memory for a batch of this size: that of an earlier call if it fits and no other thread has it."""
        stride = whole_vectors(batch, self.stats.width)
        try:
            memory = self._idle.pop()
            if memory.stride == stride:
                return memory
        except IndexError:
            pass
        return _Memory(*self._sizes, stride)
