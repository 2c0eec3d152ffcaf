"""A graph as machine code that runs over arrays of samples."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from micrograd.engine.jit.columns import Rows, pack
from micrograd.engine.jit.ir import Module
from micrograd.engine.jit.lower import PARAMETERS, lower
from micrograd.engine.jit.machine import Machine
from micrograd.engine.jit.memory import Array, addresses, aligned_zeros, whole_vectors
from micrograd.engine.jit.parts import cores, share, size, split
from micrograd.engine.jit.program import Program, compile_graph
from micrograd.engine.jit.results import Results
from micrograd.engine.jit.straight import SAMPLE
from micrograd.engine.value import Value

MOVE = 16  # instructions that take as long as bringing a number from or to memory
SHARED = 2**24  # instructions, of all samples: one thread has computed fewer before others are there to help


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
    """What the machine code reads and writes; one for each thread that is in a call.

    Attributes:
        inputs: The samples as columns, each `stride` numbers from the one before.
        read: The addresses of what the code reads, the inputs first.
        written: The address of `out`.
        kept: The addresses of what it needs besides.
    """

    def __init__(
        self, inputs: int, leaves: int, outputs: int, means: int, sums: int, scratch: int, width: int, stride: int
    ):
        self.stride = stride
        self.inputs = aligned_zeros(inputs, stride)
        self.leaves = aligned_zeros(leaves)
        self.out = aligned_zeros(outputs, stride)
        self.means = aligned_zeros(whole_vectors(means, width))[:means]
        self._working = [aligned_zeros(sums), aligned_zeros(scratch)]
        self.read = addresses(self.inputs, self.leaves)
        (self.written,) = addresses(self.out)
        self.kept = addresses(*self._working, self.means)


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
        self._results = Results(self.program)
        module = Module(width)
        lowered = lower(self.program._replace(results=self._results.computed), module, "kernel", cut)
        machine = Machine(module)
        self.ir = machine.ir
        self._run = machine.function("kernel", PARAMETERS.values())
        self._random = self.program.random
        self._floats = struct.Struct(f"{len(self.program.leaves)}d")  # makes an array of a list faster than NumPy
        room = len(self.program.leaves) + lowered.shared
        written = len(self._results.computed)
        self._sizes = (len(inputs), room, written, len(averaged), lowered.sums, lowered.scratch, width)
        moved = len(inputs) + written
        self._work = len(self.program.code) + MOVE * moved
        self._size = size(moved, self._work)
        self._idle: list[_Memory] = []
        seconds = time.perf_counter() - start
        self.stats = Stats(
            self.program.traced, len(self.program.code), width, lowered.functions, lowered.layers, seconds
        )

    def __call__(
        self,
        arrays: Sequence[Array],
        batch: int,
        *,
        at: Array | None = None,
        out: Array | None = None,
        seed: int | None = None,
    ) -> tuple[Array, Array]:
        """Run over all samples. Large batches are shared by the processor's cores.

        Args:
            arrays: The arguments, each a number, (batch,) or (batch, n); together as many columns as there are inputs.
            batch: The number of samples.
            at: What to take for the `data` of `leaves`, shape (leaves,); by default what it is.
            out: Where to write the outputs, shape (outputs, batch). It shares no memory with the arguments.
            seed: For random draws; by default from Python's global `random`, if there are any.

        Returns:
            The outputs, shape (outputs, batch), and the averages.
        """
        if seed is None:
            seed = random.getrandbits(64) if self._random else 0
        width = self.stats.width
        numbers = self._numbers(at)
        results, address = self._results.room(batch, width, out)
        if batch < 2 * self._size:
            memory = self._memory(whole_vectors(batch, width))
            pack(memory.inputs[:, :batch], arrays)
            return results, self._compute(memory, numbers, range(batch), results, address, seed)
        parts = split(batch, self._size, width)
        stride = whole_vectors(len(parts[0]), width)
        rows = Rows(arrays, width)

        def work(part: range) -> Array:
            memory = self._memory(stride)
            rows.pack(part, memory.read[0], stride)
            # Draws count the samples that are left, and these are those of the whole batch.
            means = self._compute(memory, numbers, part, results, address, seed + (batch - part.stop) * SAMPLE)
            return means * (len(part) / batch)

        threads = cores() if batch * self._work >= SHARED else 1
        means, *others = share(work, parts, threads)
        for other in others:
            means += other
        return results, means

    def _numbers(self, at: Array | None) -> Array:
        """The numbers of all leaves; the code may read more than those that have a gradient."""
        if at is not None and len(at) == len(self.program.leaves):
            return at
        numbers = np.frombuffer(self._floats.pack(*[leaf._data for leaf in self.program.leaves]))
        return numbers if at is None else np.concatenate([at, numbers[len(at) :]])

    def _compute(
        self, memory: _Memory, numbers: Array, part: range, results: Array, address: int | None, seed: int
    ) -> Array:
        """Write the results of samples whose inputs are in memory; gives the means, and the memory back."""
        start, count, stride = part.start, len(part), memory.stride
        memory.leaves[: len(numbers)] = numbers
        if address is None:
            self._run(*memory.read, memory.written, *memory.kept, stride, stride, count, seed)
            results[self._results.rows, start : start + count] = memory.out[:, :count]
        else:
            pitch = results.strides[0] // results.itemsize
            self._run(*memory.read, address + start * results.itemsize, *memory.kept, stride, pitch, count, seed)
        means = memory.means.copy()
        self._idle.append(memory)
        return means

    def _memory(self, stride: int) -> _Memory:
        """Memory for as many samples: that of an earlier call if it fits and no other thread has it."""
        try:
            memory = self._idle.pop()
            if memory.stride == stride:
                return memory
        except IndexError:
            pass
        return _Memory(*self._sizes, stride)
