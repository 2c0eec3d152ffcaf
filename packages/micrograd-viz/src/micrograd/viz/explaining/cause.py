"""Why a gradient is nan, infinite, zero or very large."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from micrograd.engine import Value, find_anomaly, operands, pullback
from micrograd.viz import text
from micrograd.viz.explaining.paths import Split, receiving

LARGE = 1e6
"""The size from which a gradient counts as exploding."""


class Cause(NamedTuple):
    """The first cause of a gradient that is nan, infinite, zero or very large.

    Attributes:
        node: The Value at which it happens: the one whose operation is the cause, or whose gradient is a bad sum.
        reason: What happens there, in a clause that names the operation and its operands.
    """

    node: Value
    reason: str


def find_cause(value: Value, nodes: Sequence[Value], parts: Split, names: Mapping[Value, str]) -> Cause | None:
    """Find what made a gradient nan, infinite, zero or very large.

    Args:
        value: The Value whose gradient it is.
        nodes: What is between the output and `value`, the output first and `value` last.
        parts: The gradient, split by path.
        names: What to call the Values.

    Returns:
        The cause; None for an ordinary gradient, and for the 0 of a Value that the output does not depend on.
    """
    if not math.isfinite(parts.gradient) or (parts.gradient == 0 and parts.paths):
        node, place, gradient = _origin(nodes, parts.gradient)
        if place is None:
            return Cause(
                node, f"the parts of the gradient of {names.get(node) or _call(node, names)} add up to {gradient!r}"
            )
        return _spoiling(node, place, gradient, names)
    if abs(parts.gradient) >= LARGE:
        return _steepest(value, parts, names)
    return None


# A node, the operand that it hands a bad gradient to, and its own gradient. Without an operand, that is the bad one.
_Origin = tuple[Value, int | None, float]


def _origin(nodes: Sequence[Value], bad: float) -> _Origin:
    """Repeat the walk of `backward`, and note for every bad gradient where the first of them began."""

    def is_bad(gradient: float) -> bool:
        return gradient == 0 if bad == 0 else not math.isfinite(gradient)

    gradients = defaultdict(float, {nodes[0]: 1.0})
    origins: dict[Value, _Origin] = {}
    saved: set[Value] = set()  # what has a part that is not bad

    def origin(node: Value) -> _Origin:
        if node in origins and not (bad == 0 and node in saved):  # one sound part saves a sum from 0, not from nan
            return origins[node]
        return node, None, gradients[node]

    for node in nodes[:-1]:
        if node not in gradients:  # what uses it is flat
            continue
        gradient = gradients[node]
        parts = pullback(node, gradient)
        for place, operand in receiving(node):
            part = parts[place]
            gradients[operand] += part
            if not is_bad(part):
                saved.add(operand)
            elif operand not in origins:
                origins[operand] = origin(node) if is_bad(gradient) else (node, place, gradient)
    return origin(nodes[-1])


def _spoiling(node: Value, place: int, gradient: float, names: Mapping[Value, str]) -> Cause:
    """The cause if the operation of `node` turned a sound gradient into a bad one."""
    derivative, part = (pullback(node, number)[place] for number in (1.0, gradient))
    if not math.isfinite(part):
        anomaly = find_anomaly(node)
        if anomaly is not None and anomaly.kind == "data":
            return Cause(anomaly.node, f"{_call(anomaly.node, names)} is {anomaly.node.data!r}")
    slope = _slope(node, place, names)
    if derivative == 0 or not math.isfinite(derivative):
        return Cause(node, f"{slope} is {derivative!r}")
    return Cause(node, f"{slope}, {derivative!r}, times the gradient that arrives there, {gradient!r}, is {part!r}")


def _steepest(value: Value, parts: Split, names: Mapping[Value, str]) -> Cause:
    """The cause if the gradient is very large: the largest derivative on the largest path, or else many paths."""
    largest = parts.paths[0]
    if abs(largest.contribution) < LARGE:
        return Cause(value, f"many paths add up, and none contributes more than {abs(largest.contribution)!r}")
    step = max(largest.steps, key=lambda step: abs(step.derivative))
    slope = _slope(step.result, step.place, names)
    return Cause(step.result, f"the steepest step of the largest path is {slope}, {step.derivative!r}")


def _slope(node: Value, place: int, names: Mapping[Value, str]) -> str:
    which = "" if len(operands(node)) == 1 else f" by its {('first', 'second')[place]} operand"
    return f"the derivative of {_call(node, names)}{which}"


def _call(node: Value, names: Mapping[Value, str]) -> str:
    """The operation of a node and its operands, such as `*(h = 0.0, 2.0)`."""
    if not operands(node):
        return names.get(node, "a leaf")
    below = [f"{names[each]} = {each.data!r}" if each in names else repr(each.data) for each in operands(node)]
    return f"{text.operation(node._op)}({', '.join(below)})"
