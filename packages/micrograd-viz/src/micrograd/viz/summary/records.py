"""What is written in the boxes of a picture: a record of one Value, or of many Values that are drawn as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from micrograd.viz import text
from micrograd.viz.graph import Node
from micrograd.viz.labels import common_path
from micrograd.viz.summary.folding import Fold
from micrograd.viz.summary.summary import Box, Range

PADDING, LINE, STRIP = 10.0, 20.0, 22.0
"""The room at both ends of a line, the height of a line, and that of the strip with the gradient at the bottom."""

_EM = 13.0  # the size of the letters, in pixels as all sizes here
_GAP = 1.0  # ems between the left and the right words of a line
_LONGEST = 40  # letters of a line in the record of many Values
_LISTED = 8  # lines for the leaves of a record
_NARROWEST = 140.0  # takes a number of nine characters, so that most boxes are as wide as each other


class Record(NamedTuple):
    """The writing in a box, its size and its colour.

    Attributes:
        label: The name, on the left of the first line.
        op: The operation, on the right of the first line. There is no such line if it has neither.
        lines: More lines, as pairs of words on the left and on the right.
        grad: The gradient, on the strip.
        shade: The gradient that colours the strip.
        wrong: Whether one of the numbers is inf or nan.
        several: Whether it stands for more than one thing.
        title: All of it in full, shown when the pointer rests on the box.
    """

    label: str
    op: str
    lines: list[tuple[str, str]]
    grad: str
    shade: float
    wrong: bool
    several: bool
    title: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the box: enough for its longest line, and for all of them."""
        lines = [(self.label, self.op)] * self.has_heading + [*self.lines, ("grad", self.grad)]
        ems = (text.width(left + right) + _GAP * bool(left and right) for left, right in lines)
        return max(_NARROWEST, round(_EM * max(ems) + 2 * PADDING)), LINE * (len(lines) - 1) + 4 + STRIP

    @property
    def has_heading(self) -> bool:
        """Whether there is a first line. The 2 in `2 * x` has no name and no operation."""
        return bool(self.label or self.op)


def of_node(node: Node) -> Record:
    """The record of one Value, as it was read."""
    return Record(
        label=text.shorten(node.name),
        op=text.symbol(node.op),
        lines=[("data", text.number(node.data))],
        grad=text.number(node.grad),
        shade=node.grad,
        wrong=not (math.isfinite(node.data) and math.isfinite(node.grad)),
        several=False,
        title="\n".join(filter(None, (node.name, node.op, f"data {node.data!r}", f"grad {node.grad!r}"))),
    )


def of_box(box: Box) -> Record:
    """The record of many Values that are drawn as one, in the box of a summary."""
    title = f"{box.count:,} \N{MULTIPLICATION SIGN} {box.title}" if box.count > 1 else box.title
    operations = ", ".join(f"{times:,} {text.symbol(op)}" for op, times in box.operations.items())
    about = [(text.shorten(words, _LONGEST), "") for words in (box.name, operations) if words]
    return Record(
        label=text.shorten(title, _LONGEST),
        op="",
        lines=[*about, ("data", str(box.data))],
        grad=str(box.grad),
        shade=box.grad.largest,
        wrong=bool(box.data.wrong or box.grad.wrong),
        several=box.count > 1,
        title="\n".join(filter(None, (title, box.name, operations, f"{len(box.values):,} values"))),
    )


def of_fold(fold: Fold, nodes: Sequence[Node]) -> Record:
    """The record of a result and what only that needs, or of leaves of the same use: with a line for each leaf.

    Args:
        fold: Where they are.
        nodes: The graph.

    Returns:
        The record.
    """
    result, inside = nodes[fold.result], [nodes[i] for i in fold.nodes]
    if len(inside) == 1:
        return of_node(result)
    leaves = sorted((node for node in inside if not node.operands), key=lambda node: (node.constant, node.rank))
    used = [nodes[operand] for node in inside for operand in node.operands if not nodes[operand].operands]
    path, outside = (common_path([node.name for node in several if node.name]) for several in (leaves, used))
    if result.operands:
        words = [result.name, path, fold.title, "" if path else outside]
        shown, lines = [result], [("data", text.number(result.data))]
    else:
        words, shown, lines = [path or text.counted(len(leaves), "leaf", "leaves")], leaves, []
    heading = [text.shorten(each, _LONGEST) for each in words if each]
    grads = Range.of([node.grad for node in shown], [node.grad for node in inside])
    listed = [(_within(path, node), f"{text.number(node.data)}, grad {text.number(node.grad)}") for node in leaves]
    if len(listed) > _LISTED:
        listed[_LISTED - 1 :] = [(f"and {len(listed) - _LISTED + 1:,} more", "")]
    return Record(
        label=heading[0],
        op="",
        lines=[*((words, "") for words in heading[1:]), *listed, *lines],
        grad=str(grads),
        shade=grads.largest,
        wrong=not all(math.isfinite(number) for node in inside for number in (node.data, node.grad)),
        several=False,
        title="\n".join([*heading, *(f"{_within('', node)} data {node.data!r} grad {node.grad!r}" for node in inside)]),
    )


def _within(path: str, node: Node) -> str:
    """What a Value is called in a box of those whose names begin with `path`."""
    name = text.shorten(node.name.removeprefix(path).removeprefix("."))
    return name or text.symbol(node.op) or ("constant" if node.constant else "leaf")
