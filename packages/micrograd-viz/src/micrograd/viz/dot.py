"""The graph in DOT, the language of Graphviz: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from micrograd.engine import Value
from micrograd.viz import text
from micrograd.viz.cards import Card
from micrograd.viz.graph import trace
from micrograd.viz.text import Labels

if TYPE_CHECKING:
    import graphviz

_RANKDIRS = ("LR", "TB", "RL", "BT")

# What means something to Graphviz inside a label: quotes end the string, braces, bars and angle brackets divide a
# record, a backslash starts an escape and an ampersand an HTML entity.
_ESCAPES = str.maketrans({char: f"\\{char}" for char in '\\"{}|<>'} | {"&": "&amp;", "\n": "\\n"})


def to_dot(root: Value, *, rankdir: str = "LR", labels: Labels = None) -> str:
    """Write the graph behind `root` as DOT text. Needs nothing installed.

    Args:
        root: The Value to start from.
        rankdir: The direction that edges point: "LR", "TB", "RL" or "BT".
        labels: Names for Values, as for `draw`.

    Returns:
        The text; the same program gives the same text.

    Raises:
        TypeError: If `root` is not a Value.
        ValueError: If `rankdir` is none of the four.

    Example:
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
    return "".join(("digraph {\n", *_statements(root, rankdir, labels), "}\n"))


def of_cards(written: Sequence[Card], edges: Sequence[tuple[int, int]], rankdir: str) -> str:
    """Write cards as DOT text.

    Args:
        written: The cards.
        edges: Pairs of positions among them.
        rankdir: The direction that edges point.

    Returns:
        The text.
    """
    lines = [f"    rankdir={rankdir}\n"]
    for i, card in enumerate(written):
        words = [card.label, *(" ".join(line).strip() for line in card.lines), f"grad {card.grad}"]
        lines.append(f'    n{i} [label="{{ {" | ".join(map(_escape, words))} }}" shape=record]\n')
    lines += [f"    n{left} -> n{right}\n" for left, right in edges]
    return "".join(("digraph {\n", *lines, "}\n"))


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR", *, labels: Labels = None) -> graphviz.Digraph:
    """Hand the graph behind `root` to Graphviz, as the classic notebooks do.

    Args:
        root: The Value to start from.
        format: What `render` of the result writes: "svg", "png" and so on.
        rankdir: The direction that edges point: "LR", "TB", "RL" or "BT".
        labels: Names for Values, as for `draw`.

    Returns:
        A `graphviz.Digraph`, which a notebook shows by itself. Where Graphviz's program `dot` is not installed, it
        shows and renders the SVG of `draw`; other formats need the program.

    Raises:
        ImportError: If the package graphviz is missing.
        TypeError: If `root` is not a Value.
        ValueError: If `rankdir` is none of the four, or Graphviz does not know `format`.
    """
    try:
        from micrograd.viz.digraph import digraph
    except ModuleNotFoundError as error:
        raise ImportError("draw_dot needs the package graphviz: pip install graphviz (draw needs nothing)") from error
    return digraph(root, format, rankdir, labels, list(_statements(root, rankdir, labels)))


def _statements(root: Value, rankdir: str, labels: Labels) -> Iterator[str]:
    """The lines between the braces: a record for each Value, and before it an ellipse for its operation."""
    if rankdir not in _RANKDIRS:
        raise ValueError(f"rankdir is one of {', '.join(_RANKDIRS)}, got {rankdir!r}")
    nodes, edges = trace(root)
    named = text.names(labels)
    identity = {node: f"n{i}" for i, node in enumerate(nodes)}
    entrance = {node: f"{name}_op" if node._op else name for node, name in identity.items()}
    yield f"    rankdir={rankdir}\n"
    for node, name in identity.items():
        label = f"{_escape(named[node])} | " if node in named else ""
        record = f"{{ {label}data {text.number(node.data)} | grad {text.number(node.grad)} }}"
        yield f'    {name} [label="{record}" shape=record]\n'
        if node._op:
            yield f'    {entrance[node]} [label="{_escape(node._op)}"]\n'
            yield f"    {entrance[node]} -> {name}\n"
    for operand, node in edges:
        yield f"    {identity[operand]} -> {entrance[node]}\n"


def _escape(label: str) -> str:
    return label.translate(_ESCAPES)
