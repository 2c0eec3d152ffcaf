"""What the Values in a film are called. Those without a label need a name too, so that sentences can speak of them."""

from __future__ import annotations

from collections.abc import Sequence

from micrograd.viz import text
from micrograd.viz.graph import Node

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


def name(nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
    """Name all nodes of a graph, and write down how each is computed.

    Args:
        nodes: The graph, as `read` returns it.

    Returns:
        The names: its own; else the number of a constant, an expression if it is short, or the place of the node
        in the graph, such as `v7`. And the calls, in terms of the names; empty for a leaf.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> a = Value(3.0)
        >>> name(read(a * 2, {"a": a}))
        (['a', '2', '(a * 2)'], ['', '', 'a * 2'])
    """
    names: list[str] = []
    calls = []
    for i, node in enumerate(nodes):
        calls.append(call(node.op, [names[operand] for operand in node.operands]) if node.operands else "")
        if node.name:
            names.append(text.shorten(node.name))
        elif node.constant:
            names.append(f"{node.data:.5g}")
        else:
            expression = calls[i] if node.op[:1].isalpha() else f"({calls[i]})"
            names.append(expression if calls[i] and len(expression + node.op) <= _ROOM else f"v{i}")
    return names, calls
