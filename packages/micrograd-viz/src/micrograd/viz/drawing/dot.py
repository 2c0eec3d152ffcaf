"""The graph in DOT, the language of Graphviz: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from micrograd.viz import text
from micrograd.viz.graph import Node, read
from micrograd.viz.labels import Labels
from micrograd.viz.summary import Record

_RANKDIRS = ("LR", "TB", "RL", "BT")

# What means something to Graphviz inside a label: quotes end the string, braces, bars and angle brackets divide a
# record, a backslash starts an escape and an ampersand an HTML entity.
_ESCAPES = str.maketrans({char: f"\\{char}" for char in '\\"{}|<>'} | {"&": "&amp;", "\n": "\\n"})


def to_dot(root: Any, *, rankdir: str = "LR", labels: Labels = None) -> str:
    """Write the graph behind `root` as DOT text. Needs nothing installed.

    Args:
        root: The Value to start from, or an object of another class with `data`, `grad`, `_prev` and `_op`.
        rankdir: The direction that edges point: "LR", "TB", "RL" or "BT".
        labels: Names for Values, as for `draw`.

    Returns:
        The text; the same program gives the same text.

    Raises:
        TypeError: If `root` is not a Value, nor like one.
        ValueError: If `rankdir` is none of the four.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(2.0)
        >>> print(to_dot(a.relu(), labels={"a": a}))
        digraph {
            rankdir=LR
            n0 [label="{ a | data 2.0000 | grad 0.0000 }" shape=record]
            n1 [label="{ data 2.0000 | grad 0.0000 }" shape=record]
            n1_op [label="ReLU"]
            n1_op -> n1
            n0 -> n1_op
        }
        <BLANKLINE>
    """
    return of_nodes(read(root, labels), rankdir)


def of_nodes(nodes: Sequence[Node], rankdir: str) -> str:
    """The DOT text of a graph.

    Args:
        nodes: The graph, as `read` returns it.
        rankdir: The direction that edges point.

    Raises:
        ValueError: If `rankdir` is none of the four.
    """
    return "".join(("digraph {\n", *statements(nodes, rankdir), "}\n"))


def of_records(records: Sequence[Record], edges: Sequence[tuple[int, int]], rankdir: str) -> str:
    """The DOT text of records.

    Args:
        records: What is written in the boxes.
        edges: Pairs of positions among them.
        rankdir: The direction that edges point.
    """
    lines = [f"    rankdir={rankdir}\n"]
    for i, record in enumerate(records):
        words = [record.label, *(" ".join(line).strip() for line in record.lines), f"grad {record.grad}"]
        lines.append(f'    n{i} [label="{{ {" | ".join(map(_escape, words))} }}" shape=record]\n')
    lines += [f"    n{left} -> n{right}\n" for left, right in edges]
    return "".join(("digraph {\n", *lines, "}\n"))


def statements(nodes: Sequence[Node], rankdir: str) -> Iterator[str]:
    """The lines between the braces: a record for each Value, and before it an ellipse for its operation."""
    if rankdir not in _RANKDIRS:
        raise ValueError(f"rankdir is one of {', '.join(_RANKDIRS)}, got {rankdir!r}")
    yield f"    rankdir={rankdir}\n"
    for i, node in enumerate(nodes):
        label = f"{_escape(node.name)} | " if node.name else ""
        record = f"{{ {label}data {text.number(node.data)} | grad {text.number(node.grad)} }}"
        yield f'    n{i} [label="{record}" shape=record]\n'
        if node.op:
            yield f'    n{i}_op [label="{_escape(node.op)}"]\n'
            yield f"    n{i}_op -> n{i}\n"
    for result, node in enumerate(nodes):
        entrance = f"n{result}_op" if node.op else f"n{result}"
        yield from (f"    n{operand} -> {entrance}\n" for operand in node.operands)


def _escape(label: str) -> str:
    return label.translate(_ESCAPES)
