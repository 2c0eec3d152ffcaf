"""What happens in a film: the graph, its numbers, and the order in which `backward` hands gradients on."""

from __future__ import annotations

from typing import Any

from micrograd.engine import Op, Value
from micrograd.engine.ops import CONSTANT, check_differentiable
from micrograd.viz.filming.names import name
from micrograd.viz.filming.rules import NeedsNumbersError, encode, write_out
from micrograd.viz.graph import trace


def record(root: Value, labels: object = None) -> dict[str, Any]:
    """Write down a forward and a backward pass as JSON can hold them. No Value changes, no `.grad` is touched.

    Args:
        root: The Value on which `backward` would be called.
        labels: Names for Values, as for `draw`.

    Returns:
        A dict of the graph and of the numbers of the passes:

        - `nodes`, operands first and `root` last: each with its `name`, its `op`, the `call` that computes it, its
          `operands` as positions in the list, the position of its rule in `rules` (None for a leaf), and whether it is
          a `constant`.
        - `rules`, as `write_out` gives them; None for one that cannot be written out.
        - `backward`: the edges in the order in which `backward` follows them, as positions in the edges of `trace`.
        - `data` and `grad` of each node, the latter as a first `backward` would leave it; and for each edge `local`,
          the derivative of its result with respect to its operand, and `part`, what it adds to the operand's gradient.

    Raises:
        TypeError: If `root` is not a Value, or `labels` are no labels.
        NotImplementedError: If the graph holds an operation that is not in the table.

    Example:
        >>> a = Value(3.0)
        >>> passes = record(a * a, labels={"a": a})
        >>> passes["data"], passes["grad"], passes["backward"], passes["part"]
        ([3.0, 9.0], [6.0, 1.0], [0, 1], [3.0, 3.0])
    """
    nodes, edges = trace(root)
    arity = {node._rule: len(node._prev) for node in nodes if node._prev}
    check_differentiable(arity)

    incoming: dict[Value, list[int]] = {}
    for edge, (_, node) in enumerate(edges):
        incoming.setdefault(node, []).append(edge)
    gradient = dict.fromkeys(nodes, -0.0) | {root: 1.0}
    local, part = [0.0] * len(edges), [0.0] * len(edges)
    for node in reversed(incoming):
        operands = [operand.data for operand in node._prev]
        slopes = node._rule.vjp(1.0, node.data, *operands)
        parts = node._rule.vjp(gradient[node], node.data, *operands)
        for place, (edge, operand) in enumerate(zip(incoming[node], node._prev, strict=True)):
            local[edge], part[edge] = float(slopes[place]), float(parts[place])
            gradient[operand] += part[edge]

    names, calls = name(nodes, labels)
    position = {node: i for i, node in enumerate(nodes)}
    return {
        "nodes": [
            {
                "name": names[i],
                "op": node._op,
                "call": calls[i],
                "operands": [position[operand] for operand in node._prev],
                "rule": [*arity].index(node._rule) if node._prev else None,
                "constant": node._rule is CONSTANT,
            }
            for i, node in enumerate(nodes)
        ],
        "rules": [_written(rule, operands) for rule, operands in arity.items()],
        "backward": [edge for node in reversed(incoming) for edge in incoming[node]],
        "data": [encode(node.data) for node in nodes],
        "grad": [encode(gradient[node]) for node in nodes],
        "local": [encode(number) for number in local],
        "part": [encode(number) for number in part],
    }


def _written(rule: Op, operands: int) -> dict[str, Any] | None:
    try:
        return write_out(rule, operands)
    except NeedsNumbersError:
        return None
