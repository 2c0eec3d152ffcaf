"""The paths from an output back to a Value, and what each of them hands down."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from micrograd.engine import Value, operands, operation, pullback


class Step(NamedTuple):
    """One edge of a path, from the result of an operation to one of its operands.

    Attributes:
        result: The node whose operation it is.
        place: Which operand the path goes on to, 0 or 1.
        derivative: The local derivative: of the result with respect to that operand.
    """

    result: Value
    place: int
    derivative: float

    @property
    def operand(self) -> Value:
        """The node that the path goes on to."""
        return operands(self.result)[self.place]


class Path(NamedTuple):
    """One way from an output back to a Value, and its part of the gradient.

    Attributes:
        contribution: The product of the derivatives of its steps, multiplied in the order of the steps as `backward`
            multiplies: what `backward` would find if this were the only path.
        steps: Its edges, from the output to the Value; none if the two are the same.
    """

    contribution: float
    steps: tuple[Step, ...]


class Split(NamedTuple):
    """A gradient, split into the contributions of paths.

    Attributes:
        gradient: The whole, as one `backward` finds it.
        paths: The paths with the largest contributions, the largest in size first.
        rest: The sum of all other contributions.
        others: How many other paths there are.
    """

    gradient: float
    paths: tuple[Path, ...]
    rest: float
    others: int


def receiving(node: Value) -> list[tuple[int, Value]]:
    """The operands that a gradient goes to, each with its place: not those along which the operation is flat."""
    flat = operation(node).flat
    return [(place, operand) for place, operand in enumerate(operands(node)) if place not in flat]


@dataclass(slots=True)
class _Flow:
    """What has arrived at a node: its gradient, and the same split into paths."""

    gradient: float = 0.0
    arrivals: list[tuple[float, int, int]] = field(default_factory=list)  # contribution, end of its trail, last edge
    rest: float = 0.0
    others: int = 0


def split(value: Value, nodes: Sequence[Value], k: int) -> Split:
    """Split the gradient of an output with respect to `value` by path, without walking every path.

    The walk is that of `backward`, and every node hands on the `k` largest contributions that reached it, besides the
    sum and the number of all others. That is enough: two contributions that reach the same node are multiplied by the
    same derivatives afterwards, so the smaller of them never overtakes. Time and memory grow with `k` times the nodes.

    Args:
        value: The Value whose gradient is wanted.
        nodes: What is between the two, the output first and `value` last; none if it does not depend on `value`.
        k: How many paths to keep.

    Returns:
        The parts.

    Raises:
        NotImplementedError: If an operation among them is not in the table.
    """
    leading = set(nodes)
    flows: defaultdict[Value, _Flow] = defaultdict(_Flow)
    if nodes:
        flows[nodes[0]] = _Flow(1.0, [(1.0, -1, -1)])
    trails, edges = array("q"), array("q")  # the kept paths, as a tree: what comes before a step, and its edge

    def settle(flow: _Flow) -> list[tuple[float, int]]:
        flow.arrivals.sort(key=_size, reverse=True)  # a stable sort: of equals, the one that came first
        kept = []
        for contribution, trail, edge in flow.arrivals[:k]:
            kept.append((contribution, len(trails)))
            trails.append(trail)
            edges.append(edge)
        for contribution, _, _ in flow.arrivals[k:]:
            flow.rest += contribution
            flow.others += 1
        return kept

    for position, node in enumerate(nodes[:-1]):
        if node not in flows:  # what uses it is flat
            continue
        flow = flows.pop(node)
        kept = settle(flow)
        gradients = (flow.gradient, flow.rest, *[contribution for contribution, _ in kept])
        whole, rest, *parts = [pullback(node, gradient) for gradient in gradients]
        for place, operand in receiving(node):
            if operand in leading:
                into, edge = flows[operand], 2 * position + place
                into.gradient += whole[place]
                into.arrivals += [(part[place], trail, edge) for part, (_, trail) in zip(parts, kept, strict=True)]
                if flow.others:
                    into.rest += rest[place]
                    into.others += flow.others

    @cache  # large paths have many steps in common
    def step(edge: int) -> Step:
        node, place = nodes[edge // 2], edge % 2
        return Step(node, place, pullback(node, 1.0)[place])

    def path(contribution: float, trail: int) -> Path:
        steps = []
        while edges[trail] >= 0:
            steps.append(step(edges[trail]))
            trail = trails[trail]
        return Path(contribution, tuple(reversed(steps)))

    end = flows[value]
    largest = settle(end)
    return Split(end.gradient, tuple(path(*each) for each in largest), end.rest, end.others)


def _size(arrival: tuple[float, int, int]) -> float:
    """The size of a contribution; nan is as large as inf."""
    contribution = arrival[0]
    return math.inf if math.isnan(contribution) else abs(contribution)
