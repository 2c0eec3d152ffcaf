"""What is written in the boxes of a picture: a record of one Value, or of many Values that are drawn as one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from micrograd.viz import text
from micrograd.viz.graph import Node
from micrograd.viz.summary.parts import NOTHING, Part
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


def of_part(part: Part, nodes: Sequence[Node], shown: Sequence[int], around: Part, listed: bool) -> Record:
    """The record of many Values that are drawn as one, as part of a picture.

    Args:
        part: Where they are.
        nodes: The graph.
        shown: Those of them that are used outside, the last one of all among them.
        around: What the picture is of.
        listed: Whether there is a line for each leaf.

    Returns:
        The record; of a single Value that of `of_node`.
    """
    inside = [nodes[i] for i in part.nodes]
    if len(inside) == 1:
        return of_node(replace(inside[0], name=around.within(inside[0].name)))
    grads = Range.of([nodes[i].grad for i in shown], [node.grad for node in inside])
    data = Range.of([nodes[i].data for i in shown], [node.data for node in inside])
    op = "" if listed else text.symbol(part.op)
    words = [part.label, "" if op else part.about]
    heading = [text.shorten(around.within(each), _LONGEST) for each in words if each]
    leaves = sorted((node for node in inside if not node.operands), key=lambda node: (node.constant, node.rank))
    lines = _listed([_line(node, part) for node in leaves])
    return Record(
        label=heading[0],
        op=op,
        lines=[*((words, "") for words in heading[1:]), *(lines if listed else []), ("data", str(data))],
        grad=str(grads),
        shade=grads.largest,
        wrong=not all(math.isfinite(number) for node in inside for number in (node.data, node.grad)),
        several=True,
        title="\n".join([*heading, *(f"{_name(node)} data {node.data!r} grad {node.grad!r}" for node in inside)]),
    )


def _line(leaf: Node, part: Part) -> tuple[str, str]:
    """The line for a leaf. What a number has for a gradient is of no use, so equal ones can share a line."""
    return _name(leaf, part), text.number(leaf.data) + ("" if leaf.constant else f", grad {text.number(leaf.grad)}")


def _listed(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines with a count in the place of those that would be the same, and of those for which there is no room."""
    times = Counter(lines)
    shown = [*times][: _LISTED if len(times) <= _LISTED else _LISTED - 1]
    left = len(lines) - sum(times[line] for line in shown)
    more = [(f"and {left:,} more", "")] if left else []
    counted = [f"{times[line]} \N{MULTIPLICATION SIGN} " if times[line] > 1 else "" for line in shown]
    return [(count + name, numbers) for count, (name, numbers) in zip(counted, shown, strict=True)] + more


def _name(node: Node, part: Part = NOTHING) -> str:
    """What a Value is called in a box of those that are parts of `part`."""
    return text.shorten(part.within(node.name)) or text.symbol(node.op) or ("constant" if node.constant else "leaf")
