"""Whole training steps as machine code: forward, backward and the optimiser's update, many of them in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from micrograd.engine.graph import topological_order
from micrograd.engine.jit.arguments import samples
from micrograd.engine.jit.columns import gather
from micrograd.engine.jit.lower import CUT, lower, module
from micrograd.engine.jit.machine import Machine, vector_width
from micrograd.engine.jit.memory import Array, aligned_zeros, whole_vectors
from micrograd.engine.jit.program import Program, compile_graph
from micrograd.engine.jit.steps import ODD, steps
from micrograd.engine.jit.trace import as_output, trace
from micrograd.engine.tracing import DRAW, FloatPlaceholder, trace_gradients, tracing
from micrograd.engine.value import Value

Rule = Callable[[Value, Value, tuple[Value, ...], Value, Value], tuple[Value, tuple[Value, ...]]]

GATHERED = 2**20  # numbers: no more samples than these are copied into the order in which steps take them, at a time


class Trainer:
    """A training step, compiled: forward, backward and update.

    The update computes a whole vector of parameters at once and writes it back, so what lies in the vector of the last
    parameter is written too. Nothing may lie there: the parameters are padded to whole vectors, and the leaves that are
    only read come after the padding.

    Args:
        f: The loss of one sample; `f(*arguments)` returns one Value.
        arrays: The arguments for all samples, each (samples,) or (samples, n).
        parameters: The leaves to train.
        rule: `rule(p, g, state, t, lr) -> (new p, new state)` in operations on Values.
        slots: How many numbers `state` has for a parameter.
        width: How many samples to compute at once; by default as many doubles as the processor has lanes.
        cut: How many instructions to put into one LLVM function.

    Attributes:
        parameters: The leaves to train.
        leaves: The leaves that the loss reads, trained or not.
        draws: The placeholders of the random numbers that the loss draws, in the order in which `drawn` gives them.

    Raises:
        TypeError: If `f` returns a list, or `rule` something else than a number and a state of `slots` numbers.
        TracingError: If `f` or `rule` looks at a number.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        arrays: Sequence[ArrayLike],
        parameters: Sequence[Value],
        rule: Rule,
        slots: int,
        *,
        width: int | None = None,
        cut: int = CUT,
    ) -> None:
        structure, self.arrays, self.samples = samples(arrays)
        self.width = width = width or vector_width()
        self.cut = cut
        self.parameters = list(parameters)
        graph = trace(f, structure)
        if graph.many:
            raise TypeError(f"training takes a loss of one Value, this one returns {len(graph.outputs)}")
        (loss,) = graph.outputs
        self.rows = len(graph.inputs)  # numbers of a sample
        averaged = trace_gradients(loss, parameters)
        self.leaves = graph.leaves
        self.draws = [node for node in topological_order(loss, *averaged) if node._rule is DRAW]
        trained = set(parameters)
        padding = [Value(0.0) for _ in range(-len(parameters) % width)]
        read = [leaf for leaf in graph.leaves if leaf not in trained]
        step = compile_graph(graph.inputs, [loss], averaged, [*parameters, *padding, *read])
        update = _update(rule, slots)
        first = lower(step, width, "step", cut)
        second = lower(update, width, "update", cut)
        self.memorised = step.leaves
        self.room = whole_vectors(len(step.leaves) + first.shared, width)
        self.hyper = 2 + second.shared
        self.ir = module([first, second], width, steps(len(parameters), 1 + slots, self.room, self.hyper))
        self.machine = Machine(self.ir, "train", "pppppppiiiiiu")
        self.memory = aligned_zeros(2 + slots, self.room)  # rows: parameters, what the rule keeps, gradients
        self.scratch = aligned_zeros(max(first.scratch, second.scratch))
        self.sums = aligned_zeros(len(parameters), width)
        self.out = aligned_zeros(0)  # the losses of the samples of the last batch
        self.columns: Array | None = None  # all samples, as the machine code reads them

    def load(self, state: Sequence[Sequence[float]]) -> None:
        """Take the numbers of the leaves, and what the optimiser keeps for each parameter."""
        self.memory[0, : len(self.memorised)] = [leaf._data for leaf in self.memorised]
        for k, kept in enumerate(zip(*state, strict=True), 1):
            self.memory[k, : len(self.parameters)] = kept

    def unload(self) -> list[list[float]]:
        """The numbers of the parameters, what the rule keeps, in `slots` rows, and the gradients of the last step."""
        rows: list[list[float]] = self.memory[:, : len(self.parameters)].tolist()
        return rows

    def run(
        self, orders: Sequence[Sequence[int]] | None, batch: int, t: int, rates: Sequence[float], seed: int
    ) -> Iterator[list[float]]:
        """Go through the samples, once for each learning rate, and take a step for each batch.

        Args:
            orders: The samples of each round, as many in all; None for rounds that take all as they are.
            batch: How many samples one step takes; the last of a round may have fewer.
            t: The number of steps that were taken before.
            rates: The learning rate of each round.
            seed: For random draws.

        Yields:
            After each call of machine code the mean losses of its batches. If a loss or a gradient is not finite, that
            step is not taken, and these are the last.
        """
        count = self.samples if orders is None else len(orders[0])
        most = max(1, GATHERED // (self.rows * batch))
        for rounds, part in _parts(len(rates), count, batch, most, gathered=orders is not None):
            if orders is None:
                at, jump = part.start, 0
                if self.columns is None:
                    self.columns = gather(self.arrays, np.arange(count)[np.newaxis], self.rows, self.width)
                gathered = self.columns
            else:
                at, jump = 0, whole_vectors(len(part), self.width)
                some = np.array([orders[i][part.start : part.stop] for i in rounds])
                gathered = gather(self.arrays, some, self.rows, self.width)
            steps = -(-len(part) // batch)
            hyper = aligned_zeros(len(rounds) * steps, self.hyper)
            hyper[:, 0] = np.arange(t + 1, t + 1 + len(hyper))
            hyper[:, 1] = np.repeat([rates[i] for i in rounds], steps)
            losses, self.out = aligned_zeros(len(hyper)), aligned_zeros(whole_vectors(min(batch, count), self.width))
            addresses = [array.ctypes.data for array in (self.memory, hyper, self.out, self.sums, self.scratch, losses)]
            taken = self.machine.run(
                gathered.ctypes.data + at * gathered.itemsize,
                *addresses,
                gathered.shape[1],
                len(part),
                batch,
                len(hyper),
                jump,
                (seed + t * ODD) % 2**64,
            )
            yield losses[:taken].tolist()
            if taken < len(hyper):
                return
            t += taken

    def losses(self, places: Sequence[Sequence[int]]) -> list[float]:
        """The loss of each of some samples, for the numbers that were loaded.

        Args:
            places: For each argument of `f`, from which samples to take it.
        """
        tried = copy(self)
        tried.memory = self.memory.copy()  # where a step will be taken
        tried.arrays = [array[np.asarray(chosen)] for array, chosen in zip(self.arrays, places, strict=True)]
        count = len(places[0])
        next(tried.run([range(count)], count, 0, [0.0], 0))
        losses: list[float] = tried.out[:count].tolist()
        return losses

    def drawn(self, t: int, seed: int) -> list[float]:
        """What the first sample draws in the step after `t`, for each of `draws`, if its batch is that sample."""
        lowered = lower(compile_graph([], self.draws, [], []), self.width, "draws", self.cut)
        machine = Machine(module([lowered], self.width), "draws", "ppppppiiu")
        out, scratch, none = (
            aligned_zeros(len(self.draws), self.width),
            aligned_zeros(lowered.scratch),
            aligned_zeros(0),
        )
        addresses = [array.ctypes.data for array in (none, none, out, none, scratch, none)]
        machine.run(*addresses, self.width, 1, (seed + t * ODD) % 2**64)
        found: list[float] = out[:, 0].tolist()
        return found


def _update(rule: Rule, slots: int) -> Program:
    """The program of an optimiser's rule: from p, the state and g to the new p and state, with the leaves t and lr.

    Raises:
        TypeError: If the rule returns something else, or computes with Values of its own.
        TracingError: If it looks at a number.
    """
    name = getattr(rule, "__name__", "the rule")
    p, g, t, lr = map(FloatPlaceholder, ("p", "g", "t", "lr"))
    state = tuple(FloatPlaceholder(f"state[{k}]") for k in range(slots))
    with tracing():
        result = rule(p, g, state, t, lr)
    if not (isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[1], (tuple, list))):
        raise TypeError(f"{name} must return the new p and a tuple, the new state, got {type(result).__name__}")
    if len(result[1]) != slots:
        raise TypeError(
            f"{name} must return as many numbers to keep as slots says, {slots}, got {len(result[1])}; set slots"
        )
    program = compile_graph([p, *state, g], [as_output(number) for number in (result[0], *result[1])], [], [t, lr])
    if len(program.leaves) > 2:
        raise TypeError(f"{name} must compute with numbers, but reads a Value of its own, {program.leaves[2]!r}")
    return program


def _parts(rounds: int, count: int, batch: int, most: int, gathered: bool) -> Iterator[tuple[range, range]]:
    """Calls of machine code: several whole rounds, or, where one has more than `most` steps, some batches of one.

    Yields:
        The rounds of a call, and which samples of each.
    """
    steps = -(-count // batch)
    if steps <= most:
        together = most // steps if gathered else rounds
        for first in range(0, rounds, together):
            yield range(first, min(rounds, first + together)), range(count)
    else:
        for i in range(rounds):
            for start in range(0, count, most * batch):
                yield range(i, i + 1), range(start, min(count, start + most * batch))
