"""A graph as machine code that runs over arrays of samples."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from micrograd.engine.jit.columns import Rows, pack
from micrograd.engine.jit.ir import Module
from micrograd.engine.jit.listing import listing
from micrograd.engine.jit.lock import compiling
from micrograd.engine.jit.lower import PARAMETERS, Lowered, lower
from micrograd.engine.jit.machine import AT_ONCE, Machine
from micrograd.engine.jit.memory import Array, addresses, aligned_zeros, whole_vectors
from micrograd.engine.jit.parts import cores, share, size, split
from micrograd.engine.jit.plan import plan
from micrograd.engine.jit.program import Program, compile_graph
from micrograd.engine.jit.results import Results
from micrograd.engine.jit.straight import SAMPLE
from micrograd.engine.jit.tables import find_tables
from micrograd.engine.jit.trace import Graph
from micrograd.engine.tracing import trace_gradients
from micrograd.engine.value import Value

MOVE = 16  # instructions that take as long as bringing a number from or to memory
SHARED = 2**25  # instructions, of all samples: one thread has computed fewer before others are awake to help


class Seconds(NamedTuple):
    """Where the time went that compiling took.

    Attributes:
        trace: Running the function on placeholders. A call and a gradient share that.
        differentiate: The graph of the gradient.
        flatten: Both as a list of instructions.
        lower: The list in the language of LLVM: layers are found, the rest is cut into pieces.
        llvm: Machine code.
    """

    trace: float
    differentiate: float
    flatten: float
    lower: float
    llvm: float


class Stats(NamedTuple):
    """What compiling took and gave.

    Attributes:
        traced: Nodes of the graph, gradients included.
        instructions: Instructions after simplification.
        width: Samples computed at once, one in each lane of a vector.
        functions: The functions that the code consists of; stages of the same form share one.
        layers: Dense layers, forward and backward, that were found again and became loops.
        seconds: Time from the function to machine code.
        spent: What it was spent on.
    """

    traced: int
    instructions: int
    width: int
    functions: int
    layers: int
    seconds: float
    spent: Seconds


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


# What all parts of a call have in common: the numbers of the leaves; where the outputs go, shape (outputs, batch), and
# where in memory these begin, if machine code can write them there; the number of samples; what sums over them are
# divided by; and the seed of random draws. A plain tuple: every call makes one.
_Job: TypeAlias = tuple[Array, Array, int | None, int, int, int]


class Kernel:
    """Machine code for one graph.

    Args:
        graph: What to compute for every sample.
        gradients: Whether to compute the mean of the gradient of its only output, too.
        width: The number of lanes.
        cut: How many instructions a function may hold.
        repeats: Whether to cut the code where patterns begin, as in `lower`; the numbers are the same.

    Raises:
        TypeError: If gradients are wanted of a function that returns several Values.

    Attributes:
        leaves: The live Values, in their order.
        stats: Counts and times.
    """

    def __init__(self, graph: Graph, gradients: bool, width: int, cut: int, *, repeats: bool | None = None) -> None:
        if gradients and graph.structure != ():
            raise TypeError(f"a gradient is that of a function of one Value, this one returns {len(graph.outputs)}")
        times = [time.perf_counter()]
        self._graph, self._gradients, self._cut, self._repeats = graph, gradients, cut, repeats
        self.leaves = list(graph.leaves)
        averaged = self._averaged()
        times.append(time.perf_counter())
        program = self._flattened(averaged)
        times.append(time.perf_counter())
        del averaged  # here and below: what is needed no more would be in memory with what comes
        self._results = Results(program)
        module, lowered = self._lowered(program, width)
        times.append(time.perf_counter())
        self._random = program.random
        self._read = program.leaves
        self._floats = struct.Struct(f"{len(self._read)}d")  # makes an array of a list faster than NumPy
        inputs, room, written = len(graph.inputs), len(self._read) + lowered.shared, len(self._results.computed)
        self._sizes = (inputs, room, written, len(program.means), lowered.sums, lowered.scratch, width)
        self._work = len(program.code) + MOVE * (inputs + written)
        self._size = size(inputs + written, self._work)
        self._idle: list[_Memory] = []
        counts = program.traced, len(program.code), width, lowered.functions, lowered.layers
        parts, tables = list(module.parts(AT_ONCE)), module.tables
        del program, module
        self._run = Machine(parts, tables).function("kernel", PARAMETERS.values())
        times.append(time.perf_counter())
        spent = Seconds(graph.seconds, *(after - before for before, after in pairwise(times)))
        self.stats = Stats(*counts, sum(spent), spent)

    # What the code needs no more is made again when someone wants to read it: it takes several times its memory.

    @property
    def program(self) -> Program:
        """The instructions."""
        with compiling():
            return self._flattened(self._averaged())

    @property
    def listing(self) -> str:
        """The instructions as text, in the order of the code."""
        program = self.program
        with compiling():
            return listing(program, plan(program, self._cut, repeats=self._repeats))

    @property
    def ir(self) -> str:
        """The code in the language of LLVM."""
        with compiling():
            module, _ = self._lowered(self.program, self.stats.width)
            return str(module)

    def _flattened(self, averaged: list[Value]) -> Program:
        graph = self._graph
        return find_tables(compile_graph(graph.inputs, graph.outputs, averaged, graph.leaves))

    def _averaged(self) -> list[Value]:
        return trace_gradients(self._graph.outputs[0], self._graph.leaves) if self._gradients else []

    def _lowered(self, program: Program, width: int) -> tuple[Module, Lowered]:
        module = Module(width)
        program = program._replace(results=self._results.computed)
        return module, lower(program, module, "kernel", self._cut, repeats=self._repeats)

    def __call__(
        self,
        arrays: Sequence[Array],
        batch: int,
        *,
        at: Array | None = None,
        out: Array | None = None,
        summed: bool = False,
        seed: int | None = None,
    ) -> tuple[Array, Array]:
        """Run over all samples. Large batches are shared by the processor's cores.

        Args:
            arrays: The arguments, each a number, (batch,) or (batch, n); together as many columns as there are inputs.
            batch: The number of samples.
            at: What to take for the `data` of `leaves`, shape (leaves,); by default what it is.
            out: Where to write the outputs, shape (outputs, batch). It shares no memory with the arguments.
            summed: Whether to add up over the samples, in place of averaging.
            seed: For random draws; by default from Python's global `random`, if there are any.

        Returns:
            The outputs, shape (outputs, batch), and the averages or sums.
        """
        if seed is None:
            seed = random.getrandbits(64) if self._random else 0
        width = self.stats.width
        numbers = self._numbers(at)
        results, address = self._results.room(batch, width, out)
        job = numbers, results, address, batch, 1 if summed else batch, seed
        if batch < 2 * self._size:
            memory = self._memory(whole_vectors(batch, width))
            pack(memory.inputs.T[:batch], arrays)
            return results, self._compute(memory, job, range(batch))
        return results, self._in_parts(arrays, batch, job)

    def _in_parts(self, arrays: Sequence[Array], batch: int, job: _Job) -> Array:
        """Write the results of a large batch; gives the means."""
        width = self.stats.width
        parts = split(batch, self._size, width)
        stride = whole_vectors(len(parts[0]), width)
        rows = Rows(arrays, width)

        def work(part: range) -> Array:
            memory = self._memory(stride)
            rows.pack(part, memory.read[0], stride)
            return self._compute(memory, job, part)

        threads = cores() if batch * self._work >= SHARED else 1
        means, *others = share(work, parts, threads)
        for other in others:
            means += other
        return means

    def _numbers(self, at: Array | None) -> Array:
        """The numbers of all leaves; the code may read more than those that have a gradient."""
        if at is not None and len(at) == len(self._read):
            return at
        numbers = np.frombuffer(self._floats.pack(*[leaf._data for leaf in self._read]))
        return numbers if at is None else np.concatenate([at, numbers[len(at) :]])

    def _compute(self, memory: _Memory, job: _Job, part: range) -> Array:
        """Write the results of samples whose inputs are in memory; gives the means, and the memory back."""
        numbers, results, address, batch, divisor, seed = job
        start, count, stride = part.start, len(part), memory.stride
        memory.leaves[: len(numbers)] = numbers
        written, pitch = memory.written, stride
        if address is not None:
            written, pitch = address + start * results.itemsize, results.strides[0] // results.itemsize
        # Draws count the samples that are left, and these are those of the whole batch.
        draws = seed + (batch - part.stop) * SAMPLE
        self._run(*memory.read, written, *memory.kept, stride, pitch, count, divisor, draws)
        if address is None:
            results[self._results.rows, start : start + count] = memory.out[:, :count]
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
