"""What happens in a film: the graph, its numbers, and the order in which `backward` hands gradients on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from micrograd.engine import Op, Value, check_differentiable, operation
from micrograd.engine.tracing import TracingError
from micrograd.viz import foreign
from micrograd.viz.filming.names import call, name
from micrograd.viz.filming.rules import encode, write_out
from micrograd.viz.graph import Node


def record(nodes: Sequence[Node]) -> dict[str, Any]:
    """Write down a forward and a backward pass as JSON can hold them. No Value changes, no `.grad` is touched.

    Args:
        nodes: The graph of the Value on which `backward` would be called, as `read` returns it.

    Returns:
        A dict of the graph and of the numbers of the passes:

        - `nodes`, operands first and the root last: each with its `name`, its `op`, its `operands` as positions in the
          list, the position of its rule in `rules` (None for a leaf), and whether it is a `constant`
          that is called as its number.
        - `leaves`: the positions of those that may be changed, in the order of the labels.
        - `rules`, as `write_out` gives them; None for one that cannot be written out.
        - `backward`: the edges in the order in which `backward` follows them, as positions in the edges of `trace`.
        - `data` and `grad` of each node, the latter as a first `backward` would leave it; and for each edge `local`,
          the derivative of its result with respect to its operand, and `part`, what it adds to the operand's gradient.

    Raises:
        NotImplementedError: If the graph holds an operation that is not in the table.
        ValueError: If a number has changed since the graph was computed.

    Example:
        >>> from micrograd.viz.graph import read
        >>> a = Value(3.0)
        >>> passes = record(read(a * a))
        >>> passes["data"], passes["grad"], passes["backward"], passes["part"]
        ([3.0, 9.0], [6.0, 1.0], [0, 1], [3.0, 3.0])
    """
    rules = [_rule(node, nodes) if node.operands else None for node in nodes]
    arity = {rule: len(node.operands) for node, rule in zip(nodes, rules, strict=True) if rule}
    check_differentiable(arity)
    _check_up_to_date(nodes, rules)

    first = list(accumulate((len(node.operands) for node in nodes), initial=0))  # edge of each node
    gradient = [-0.0] * (len(nodes) - 1) + [1.0]
    reached = {len(nodes) - 1}  # by a gradient: operations may be flat along an operand
    local, part, backward = [0.0] * first[-1], [0.0] * first[-1], []
    for i in reversed(range(len(nodes))):
        node, rule = nodes[i], rules[i]
        if rule is None or i not in reached:
            continue
        operands = [nodes[operand].data for operand in node.operands]
        slopes, parts = (rule.vjp(g, node.data, *operands) for g in (1.0, gradient[i]))
        for place, (operand, slope, share) in enumerate(zip(node.operands, slopes, parts, strict=True)):
            edge = first[i] + place
            local[edge], part[edge] = float(slope), float(share)
            gradient[operand] += part[edge]
            backward.append(edge)
            if place not in rule.flat:
                reached.add(operand)

    names = name(nodes)
    return {
        "nodes": [
            {
                "name": names[i],
                "op": node.op,
                "operands": node.operands,
                "rule": None if rule is None else [*arity].index(rule),
                "constant": node.constant and not node.name,
            }
            for i, (node, rule) in enumerate(zip(nodes, rules, strict=True))
        ],
        "leaves": sorted(
            (i for i, node in enumerate(nodes) if not (node.operands or node.constant)), key=lambda i: nodes[i].rank
        ),
        "rules": [_written(rule, operands) for rule, operands in arity.items()],
        "backward": backward,
        "data": [encode(node.data) for node in nodes],
        "grad": [encode(number if i in reached else 0.0) for i, number in enumerate(gradient)],
        "local": [encode(number) for number in local],
        "part": [encode(number) for number in part],
    }


def _rule(node: Node, nodes: Sequence[Node]) -> Op:
    """How a computed node differentiates."""
    if isinstance(node.value, Value):
        return operation(node.value)
    return foreign.rule(node.value, [nodes[operand].value for operand in node.operands])


def _check_up_to_date(nodes: Sequence[Node], rules: Sequence[Op | None]) -> None:
    """Refuse a graph whose results are not those of its numbers, as after a step of an optimiser.

    What gives nan is let through: so do operations that only know how they differentiate.
    """
    for node, rule in zip(nodes, rules, strict=True):
        if rule is not None and isinstance(node.value, Value):
            operands = [nodes[operand].data for operand in node.operands]
            try:
                computed = rule.forward(*operands)
            except (ArithmeticError, ValueError) as error:
                found, same = f"an error ({error})", False
            else:
                found = str(computed)
                same = math.isclose(computed, node.data, rel_tol=foreign.CLOSE) or math.isnan(computed)
            if not same:
                written = call(node.op, [*map(str, operands)])
                raise ValueError(
                    f"a film shows how numbers come about, but {written} is {found}, and the graph has {node.data}: "
                    "a number has changed since, so compute the graph again"
                )


def _written(rule: Op, operands: int) -> dict[str, Any] | None:
    try:
        return write_out(rule, operands)
    except TracingError:
        return None
