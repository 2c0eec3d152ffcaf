"""What the Values in a film are called. Those without a label need a name too, so that sentences can speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from micrograd.viz import text
from micrograd.viz.graph import Node

_ROOM = 12  # about as many letters as fit into the narrowest box, name and operation together

_NOUNS = {"": "x", "+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power"}


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
        The names: its own; else the number of a constant, or an expression if it is short and has no numbered name in
        it; else a noun with a number, such as `sum2` for the second sum. And the calls, in terms of the names; empty
        for a leaf.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> a = Value(3.0)
        >>> name(read((a * 2 + 1000).tanh(), {"a": a}))
        (['a', '2', '(a * 2)', '1000', 'sum1', 'tanh1'], ['', '', 'a * 2', '', '(a * 2) + 1000', 'tanh(sum1)'])
    """
    given = {text.shorten(node.name) for node in nodes}
    numbers: dict[str, count[int]] = {}
    names: list[str] = []
    calls: list[str] = []
    numbered: set[int] = set()
    for i, node in enumerate(nodes):
        calls.append(call(node.op, [names[operand] for operand in node.operands]) if node.operands else "")
        expression = calls[i] if node.op[:1].isalpha() else f"({calls[i]})"
        if node.name:
            names.append(text.shorten(node.name))
        elif node.constant:
            names.append(f"{node.data:.5g}")
        elif calls[i] and len(expression + node.op) <= _ROOM and numbered.isdisjoint(node.operands):
            names.append(expression)
        else:
            noun = "power" if node.op.startswith("**") else _NOUNS.get(node.op, node.op.lower())
            several = (f"{noun}{number}" for number in numbers.setdefault(noun, count(1)))
            names.append(next(name for name in several if name not in given))
            numbered.add(i)
    return names, calls
