"""Whole training steps as machine code: forward, backward and the optimiser's update, many of them in one call."""

from __future__ import annotations

import reprlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micrograd.engine.accumulation import assign
from micrograd.engine.graph import is_constant, operands, topological_order
from micrograd.engine.jit.arguments import positive, read_arguments
from micrograd.engine.jit.columns import gather, pack
from micrograd.engine.jit.ir import Module
from micrograd.engine.jit.kernel import Kernel
from micrograd.engine.jit.lock import compiling
from micrograd.engine.jit.lower import CUT, PARAMETERS, lower
from micrograd.engine.jit.machine import AT_ONCE, Machine, vector_width
from micrograd.engine.jit.memory import Array, addresses, aligned_zeros, whole_vectors
from micrograd.engine.jit.program import compile_graph
from micrograd.engine.jit.rules import Rule, trace_rule
from micrograd.engine.jit.steps import TRAIN_PARAMETERS, Clipping, Update, emit_steps
from micrograd.engine.jit.tables import find_tables
from micrograd.engine.jit.trace import Graph, trace
from micrograd.engine.number import to_float
from micrograd.engine.tracing import DRAW, trace_gradients
from micrograd.engine.value import Value

GATHERED = 2**20  # numbers: no more samples than these are copied into the order in which steps take them, at a time
ODD = 2862933555777941757  # spreads the numbers of the steps over all seeds


class Trainer:
    """A training loop in machine code: each step is forward, backward and the optimiser's update.

    `run`, then `store`: what lies between is done in memory of its own, and no Value changes. It begins with the
    numbers that the leaves have when it is made; `load` takes them anew. This is what `micrograd.nn.fit` uses with
    `jit=True`. PyTorch has no counterpart: there the loop over steps stays in Python.

    Args:
        f: The loss of one sample: `f(*arguments)` returns one Value, of Values and what holds Values, as for `jit`. The
            loss of a batch is the mean over its samples.
        arrays: The arguments for all samples, as a compiled function takes them: arrays of shape (samples,) or
            (samples, n), say, and numbers, which go with every sample. Those of float64 are not copied, and must stay
            as they are.
        parameters: The leaves to train. Others that the loss reads are live, too, but stay as they are. Several groups
            are lists in a list.
        rule: `rule(p, g, state, t, lr) -> (new p, new state)`: how a parameter with gradient `g` changes in step `t`,
            which is 1 in the first, at learning rate `lr`. Traced, so it is arithmetic and rows of the table. For
            several groups a list with the rule of each.
        slots: How many numbers `state`, a tuple, has.
        numbers: How many numbers a rule takes after `t`: `lr`, and others that change from round to round.
        clip_value: If given, gradients are made no larger than this, in absolute terms, before the rules see them.
        clip_norm: If given, all gradients are then scaled down so that their norm is no larger than this.
        width: How many samples to compute at once; by default as many doubles as the processor has lanes.
        cut: How many instructions to put into one LLVM function.

    Attributes:
        parameters: The leaves to train, all groups in one list.
        random: Whether the loss reads random numbers.
        ir: The code in the language of LLVM.

    Raises:
        TypeError: If `f` returns a list, `rule` something else than a number and a state of `slots` numbers, or an
            array or what gradients are clipped to is not numbers.
        ValueError: If the shapes do not fit, there are no samples, there is not a rule for each group, `numbers`,
            `width` or `cut` is not a whole number of at least 1, what gradients are clipped to is below 0, or a
            parameter is no leaf, a constant, or comes twice.
        TracingError: If `f` or `rule` looks at a number, or `rule` draws one.

    Example:
        >>> w = Value(0.0)
        >>> def momentum(p, g, state, t, lr):
        ...     velocity = 0.5 * state[0] + g
        ...     return p - lr * velocity, (velocity,)
        >>> X, y = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
        >>> trainer = Trainer(lambda x, y: (w * x - y) ** 2, [X, y], [w], momentum, slots=1)
        >>> losses = [loss for some in trainer.run([0.05] * 100, batch=3) for loss in some]
        >>> trainer.store()
        >>> len(losses), f"{w:.4f}"
        (100, '2.0000')
    """

    # An update computes a whole vector of parameters at once and writes it back, so what lies in the vector of the last
    # parameter of a group is written too. Nothing may lie there: groups are padded to whole vectors, and the leaves
    # that are only read come after the padding.

    def __init__(
        self,
        f: Callable[..., Any],
        arrays: Sequence[ArrayLike],
        parameters: Sequence[Value] | Sequence[Sequence[Value]],
        rule: Rule | Sequence[Rule],
        slots: int,
        *,
        numbers: int = 1,
        clip_value: float | None = None,
        clip_norm: float | None = None,
        width: int | None = None,
        cut: int = CUT,
    ) -> None:
        self._structure, self._arrays, self._samples = read_arguments(arrays)
        self._width = width = vector_width() if width is None else positive("a Trainer", "width", width)
        self._cut, self._slots = positive("a Trainer", "cut", cut), slots
        self._numbers = positive("a Trainer", "count of numbers", numbers)
        clipping = Clipping(_limit("clip_value", clip_value), _limit("clip_norm", clip_norm))
        groups, rules = _groups(parameters, rule)
        self.parameters = [p for group in groups for p in group]
        trained = Counter(self.parameters)
        for p, times in trained.items():
            if times > 1 or operands(p) or is_constant(p):
                raise ValueError(f"a Trainer takes parameters that are leaves, each once, and no constants, got {p!r}")
        with compiling():
            graph = trace(f, self._structure)
            if graph.structure != ():
                raise TypeError(f"training takes a loss of one Value, this one returns {len(graph.outputs)}")
            padded = [p for group in groups for p in (*group, *(Value(0.0) for _ in range(-len(group) % width)))]
            averaged = trace_gradients(graph.outputs[0], padded)
            self._draws = graph.draws
            read = [leaf for leaf in graph.leaves if leaf not in trained]
            step = find_tables(compile_graph(graph.inputs, graph.outputs, averaged, [*padded, *read]))
            self.random = step.random
            order = topological_order(*graph.outputs, *averaged) if self.random else []
            self._read = [node for node in order if node._rule is DRAW]
            module = Module(width)
            lowered = [lower(step, module, "step", cut)]
            updates: list[Update] = []
            first = hyper = 0
            for k, (group, one) in enumerate(zip(groups, rules, strict=True)):
                updates.append(Update(f"update{k}", first, len(group), hyper))
                lowered.append(lower(trace_rule(one, slots, numbers), module, f"update{k}", cut))
                first += whole_vectors(len(group), width)
                hyper += 1 + numbers + lowered[-1].shared
            self._rows = len(graph.inputs)  # numbers of a sample
            self._leaves = step.leaves
            self._hyper, self._updates = hyper, updates
            self._trained = first  # numbers in a row of the memory, parameters with what pads their groups
            self._places = np.concatenate([np.arange(update.length) + update.first for update in updates])
            room = whole_vectors(len(step.leaves) + lowered[0].shared, width)
            emit_steps(module, updates, clipping, 1 + slots, room, hyper)
            self.ir = str(module)
            machine = Machine(module.parts(AT_ONCE), module.tables)
            self._train = machine.function("train", TRAIN_PARAMETERS.values())
            self._step = machine.function("step", PARAMETERS.values())
        self._memory = aligned_zeros(2 + slots, room)  # rows: leaves, what the rules keep, gradients
        self._scratch = aligned_zeros(max(part.scratch for part in lowered))
        self._sums = aligned_zeros(lowered[0].sums)
        self.load([(0.0,) * slots] * len(self.parameters))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Trainer is machine code, and can be neither copied nor pickled: make another one")

    def load(self, state: Sequence[Sequence[float]]) -> None:
        """Read the `data` of all leaves, trained or not, and what the rule keeps.

        Args:
            state: For each parameter `slots` numbers, all 0 before the first step.

        Raises:
            ValueError: If they are more or fewer.
        """
        count = len(self.parameters)
        if list(map(len, state)) != [self._slots] * count:
            raise ValueError(f"a Trainer takes a state of {self._slots} numbers for each of {count} parameters")
        self._memory[1:-1, self._places] = np.reshape(state, (count, self._slots)).T
        self._memory[0, : len(self._leaves)] = [leaf._data for leaf in self._leaves]

    def run(
        self,
        rates: ArrayLike,
        batch: int,
        orders: Sequence[Sequence[int]] | None = None,
        *,
        t: int | Sequence[int] = 0,
        seed: int | Sequence[int] = 0,
    ) -> Iterator[list[float]]:
        """Go through the samples once for each learning rate, and take a step for each batch.

        Args:
            rates: The learning rate of each round. If there are several groups, or the rules take several numbers, for
                each round a row, with these numbers for the first group, then for the second, and so on.
            batch: How many samples one step takes; the last of a round may have fewer.
            orders: Which samples each round takes, and in which order, one for each rate and as many samples in all;
                None for all as they are.
            t: The number of steps that were taken before; of each group, if they differ.
            seed: For random draws; one for all rounds, or one for each. Step by step the draws are the same, however
                the steps are divided into calls.

        Yields:
            After each call of machine code the mean losses of its batches. If a loss or a gradient is not finite, that
            step is not taken, and these are the last.

        Raises:
            TypeError: If a rate is not a number.
            ValueError: If `batch` is not a whole number of at least 1, or the orders or seeds do not fit.
        """
        rates = _rates(rates, len(self._updates), self._numbers)
        counts = [t] * len(self._updates) if isinstance(t, int) else list(t)
        t = max(counts)
        seeds = np.array([each % 2**64 for each in ([seed] * len(rates) if isinstance(seed, int) else seed)], np.uint64)
        batch = positive("a Trainer", "batch", batch)
        lengths = [self._samples] * len(rates) if orders is None else list(map(len, orders))
        if len(lengths) != len(rates) or len(set(lengths)) > 1 or 0 in lengths:
            raise ValueError(
                f"a Trainer takes an order for each of the {len(rates)} rates, all of one length of at least 1, got "
                f"lengths {lengths[:10]}"
            )
        if len(seeds) != len(rates):
            raise ValueError(f"a Trainer takes a seed, or one for each of the {len(rates)} rates, got {len(seeds)}")
        if not len(rates):
            return
        count = lengths[0]
        most = max(1, GATHERED // max(1, self._rows * batch))
        out = aligned_zeros(whole_vectors(min(batch, count), self._width))
        for rounds, part in _parts(len(rates), count, batch, most, gathered=orders is not None):
            if orders is None:
                columns, start, jump = self._columns, part.start, 0
            else:
                some = [orders[i][part.start : part.stop] for i in rounds]
                columns, start = self._gather(_indices(some, self._samples)), 0
                jump = whole_vectors(len(part), self._width)
            each = -(-len(part) // batch)  # steps of a round
            hyper = aligned_zeros(len(rounds) * each, self._hyper)
            for k, update in enumerate(self._updates):
                live = hyper[:, update.hyper : update.hyper + 1 + self._numbers]
                live[:, 0] = np.arange(1, 1 + len(hyper)) + counts[k]
                live[:, 1:] = np.repeat(rates[rounds.start : rounds.stop, k], each, axis=0)
            draws, losses = _draws(seeds[rounds.start : rounds.stop], each, t), aligned_zeros(len(hyper))
            arrays = addresses(columns[:, start:], self._memory, hyper, draws, out, self._sums, self._scratch, losses)
            taken = self._train(*arrays, columns.shape[1], len(part), batch, len(hyper), jump)
            yield losses[:taken].tolist()
            if taken < len(hyper):
                return
            t += taken
            counts = [count + taken for count in counts]

    def store(self, *changes: tuple[object, str, Any]) -> None:
        """Write `data` and `grad` of the parameters, all of it or, if a Ctrl-C comes, nothing.

        Args:
            *changes: What else is to change in the same moment, as `micrograd.engine.assign` takes it.
        """
        assign(*changes, (self.parameters, "data", self.data), (self.parameters, "grad", self.gradients))

    @property
    def data(self) -> list[float]:
        """The numbers of the parameters, as they are in memory."""
        return self._row(0)

    @property
    def state(self) -> list[tuple[float, ...]]:
        """What the rule keeps for each parameter."""
        return [tuple(kept) for kept in self._memory[1:-1, self._places].T.tolist()]

    @property
    def gradients(self) -> list[float]:
        """The gradients of the parameters in the last step, whether it was taken or not."""
        return self._row(-1)

    def losses(self, *arrays: ArrayLike) -> list[float]:
        """The loss of each of some samples, with the numbers in memory. No step is taken.

        Args:
            *arrays: The arguments, of the structure of those that the trainer was made with.

        Raises:
            TypeError: If one is not numbers.
            ValueError: If the structure is another one.
        """
        structure, arguments, count = read_arguments(arrays)
        if structure != self._structure:
            raise ValueError("a Trainer computes losses of arguments of the structure that it was made with")
        room = whole_vectors(count, self._width)
        columns, losses, gradients = (
            aligned_zeros(self._rows, room),
            aligned_zeros(room),
            aligned_zeros(self._trained),
        )
        pack(columns.T[:count], arguments)
        where = addresses(columns, self._memory, losses, self._sums, self._scratch, gradients)
        self._step(*where, room, room, count, count, 0)
        found: list[float] = losses[:count].tolist()
        return found

    def drawn(self, t: int, seed: int) -> list[float]:
        """The random numbers that the loss draws for a batch of a single sample, in the step after `t`, in its order.

        Args:
            t: The number of steps that were taken before.
            seed: As for `run`.

        Returns:
            The numbers; 0.5 for one that the loss does not read, which is not drawn.
        """
        if not self.random:
            return [0.5] * len(self._draws)
        draw = Kernel(Graph([], self._read, (), [], []), False, self._width, self._cut)
        numbers, _ = draw([], 1, seed=int(_draws(np.array([seed % 2**64], np.uint64), 1, t)[0]))
        drawn = dict(zip(self._read, numbers[:, 0].tolist(), strict=True))
        return [drawn.get(node, 0.5) for node in self._draws]

    def _row(self, row: int) -> list[float]:
        numbers: list[float] = self._memory[row, self._places].tolist()
        return numbers

    @cached_property
    def _columns(self) -> Array:
        """All samples in their order."""
        return self._gather(np.arange(self._samples)[np.newaxis])

    def _gather(self, orders: NDArray[np.intp]) -> Array:
        return gather(self._arrays, orders, self._rows, self._width)


def _draws(seeds: NDArray[np.uint64], each: int, t: int) -> NDArray[np.uint64]:
    """The seeds of the steps after `t`, for each its own: so many of each round, made of the seed of that."""
    steps = np.arange(t, t + each * len(seeds), dtype=np.uint64)
    return np.repeat(seeds, each) + steps * np.uint64(ODD)


def _indices(orders: Sequence[Sequence[int]], samples: int) -> NDArray[np.intp]:
    """The orders as an array, if they are numbers of samples.

    Raises:
        ValueError: If they are not.
    """
    indices = np.array(orders)
    if indices.dtype.kind not in "iu":
        raise ValueError(f"a Trainer takes orders of whole numbers, got {reprlib.repr(orders)}")
    for index in indices.min(), indices.max():
        if not 0 <= index < samples:
            raise ValueError(
                f"a Trainer with {samples} samples takes orders of numbers from 0 to {samples - 1}, got {index}"
            )
    return indices


def _groups(
    parameters: Sequence[Value] | Sequence[Sequence[Value]], rule: Rule | Sequence[Rule]
) -> tuple[list[list[Value]], list[Rule]]:
    """Groups of parameters, and the rule of each.

    Raises:
        ValueError: If there are not as many rules as groups.
    """
    rules = [rule] if callable(rule) else list(rule)
    groups = [list(group) for group in parameters if not isinstance(group, Value)]
    if not groups:
        groups = [[p for p in parameters if isinstance(p, Value)]]
    if len(rules) != len(groups):
        raise ValueError(f"a Trainer takes a rule for each group of parameters, got {len(groups)} and {len(rules)}")
    return groups, rules


def _limit(name: str, limit: float | None) -> float | None:
    """What gradients are clipped to.

    Raises:
        TypeError: If it is no number.
        ValueError: If it is below 0.
    """
    if limit is None or to_float(limit, name) >= 0:
        return limit
    raise ValueError(f"a Trainer takes a {name} of at least 0, got {limit!r}")


def _rates(rates: ArrayLike, groups: int, numbers: int) -> Array:
    """Learning rates, and what else the rules take, by round, group and number.

    Raises:
        TypeError: If one is not a number.
        ValueError: If they are more or fewer.
    """
    given = np.array(rates, dtype=object)
    array = np.array([to_float(rate, "a learning rate") for rate in given.flat])
    if array.size != len(given) * groups * numbers:
        raise ValueError(
            f"a Trainer with {groups} groups and {numbers} numbers for each takes {groups * numbers} in a round, got "
            f"rates of shape {given.shape}"
        )
    return array.reshape(len(given), groups, numbers)


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
