"""A function of samples and its derivatives, of any order, each of which is again such a function."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from micrograd.engine.jit.arrays.grouping import Grouping, with_tables
from micrograd.engine.jit.arrays.lines import line_of
from micrograd.engine.jit.arrays.statements import Array, ArrayProgram, Kind
from micrograd.engine.jit.lock import compiling
from micrograd.engine.jit.program import compile_graph
from micrograd.engine.tracing import Placeholder, trace_gradients, tracing
from micrograd.engine.value import Value


class Numbers(NamedTuple):
    """Arrays, and the Values that their numbers are.

    Attributes:
        arrays: The arrays.
        values: The numbers of all of them, one after the other, row by row.
    """

    arrays: list[Array]
    values: list[Value]

    def followed_by(self, other: Numbers) -> Numbers:
        """These, and others behind them."""
        return Numbers([*self.arrays, *other.arrays], [*self.values, *other.values])

    def chosen(self, which: Sequence[bool]) -> Numbers:
        """Some of the arrays."""
        values = iter(self.values)
        kept = [(array, [next(values) for _ in range(array.size)]) for array in self.arrays]
        kept = [pair for pair, wanted in zip(kept, which, strict=True) if wanted]
        return Numbers([array for array, _ in kept], [value for _, own in kept for value in own])

    def gradients(self, kind: Kind) -> Numbers:
        """Placeholders for the gradients of these."""
        arrays = [Array(f"gradient of {array.name}", array.shape, kind, kind == "input") for array in self.arrays]
        return Numbers(arrays, [Placeholder("gradient") for _ in self.values])


class Level(NamedTuple):
    """A function of samples, or a derivative of one, which is such a function again: `Traced.level`.

    Attributes:
        inputs: What it takes that differs from sample to sample.
        parameters: What it takes that is the same for all.
        results: What it computes for each sample.
        totals: What it adds up over the samples: one array for each of the first parameters.

    Example:
        >>> from micrograd.engine.jit.arrays import Traced
        >>> slope = Traced(lambda x: x.sin()).level().derivative([True])
        >>> [array.name for array in slope.inputs.arrays]
        ['x', 'gradient of out']
        >>> [statement.op for statement in slope.program().statements]
        ['cos', '*']
    """

    inputs: Numbers
    parameters: Numbers
    results: Numbers
    totals: Numbers

    def program(self) -> ArrayProgram:
        """The statements, with `Total` and `Scatter` for the totals."""
        with compiling():
            given, leaves = self.inputs, self.parameters
            graph = compile_graph(given.values, self.results.values, self.totals.values, leaves.values, line_of)
            grouping = Grouping(with_tables(graph, leaves.arrays), given.arrays, leaves.arrays)
            return grouping.result([math.prod(array.shape) for array in self.results.arrays])

    def derivative(self, of: Sequence[bool]) -> Level:
        """How gradients of what it computes become those of what it takes.

        It takes what this level takes, and the gradients behind that: among the inputs those of results, among the
        parameters those of totals. Its results are the gradients of the inputs, its totals those of the parameters.

        Args:
            of: Which of the results and, behind them, of the totals have a gradient; at least one. The others are left
                out, rather than given a gradient of 0, which an infinite slope would make nan.

        Raises:
            TracingError: If a derivative looks at a number.
        """
        count = len(self.results.arrays)
        results, totals = self.results.chosen(of[:count]), self.totals.chosen(of[count:])
        of_results, of_totals = results.gradients("input"), totals.gradients("parameter")
        computed, handed = results.followed_by(totals), of_results.followed_by(of_totals)
        with tracing():
            total = reduce(add, [value * g for value, g in zip(computed.values, handed.values, strict=True)])
        gradients = trace_gradients(total, [*self.inputs.values, *self.parameters.values])
        first = len(self.inputs.values)
        return Level(
            self.inputs.followed_by(of_results),
            self.parameters.followed_by(of_totals),
            Numbers(self.inputs.arrays, gradients[:first]),
            Numbers(self.parameters.arrays, gradients[first:]),
        )
