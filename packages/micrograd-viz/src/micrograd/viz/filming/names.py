"""What the Values in a film are called. Those without a label need a name too, so that sentences can speak of them."""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.engine import Value
from micrograd.engine.ops import CONSTANT
from micrograd.viz import text

_ROOM = 12  # about as many letters as fit into the narrowest box, name and operation together


def call(op: str, operands: Sequence[str]) -> str:
    """Write an operation and its operands as Python has them.

    Example:
        >>> call("*", ["a", "b"]), call("**2", ["a"]), call("max", ["a", "b"])
        ('a * b', 'a**2', 'max(a, b)')
    """
    if len(operands) == 2 and not op[0].isalnum():
        return f" {op} ".join(operands)
    return operands[0] + op if op.startswith("**") else f"{op}({', '.join(operands)})"


def name(nodes: Sequence[Value], labels: object) -> tuple[list[str], list[str]]:
    """Name all nodes of a graph, and write down how each is computed.

    Args:
        nodes: The nodes, operands before results.
        labels: Names for Values, as for `draw`.

    Returns:
        The names: the label of a node if it has one; else the number of a constant, an expression if it is short, or
        the place of the node in the graph, such as `v7`. And the calls, in terms of the names; empty for a leaf.

    Raises:
        TypeError: If `labels` are no labels.

    Example:
        >>> a = Value(3.0)
        >>> b = a * 2
        >>> name([a, *b._prev[1:], b], {"a": a})
        (['a', '2', '(a * 2)'], ['', '', 'a * 2'])
    """
    given = text.names(labels)
    names: dict[Value, str] = {}
    calls = []
    for i, node in enumerate(nodes):
        calls.append(call(node._op, [names[operand] for operand in node._prev]) if node._prev else "")
        if node in given:
            names[node] = text.shorten(given[node])
        elif node._rule is CONSTANT:
            names[node] = f"{node.data:.5g}"
        else:
            expression = calls[i] if node._op[:1].isalpha() else f"({calls[i]})"
            names[node] = expression if calls[i] and len(expression + node._op) <= _ROOM else f"v{i}"
    return [*names.values()], calls
