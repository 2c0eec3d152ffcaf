"""Copies and pickles of whole graphs, however deep.

Left to themselves, `copy.deepcopy` and `pickle` follow operands recursively and end with a RecursionError after a few
hundred nodes. Here a graph is taken apart along its topological order, and put together again in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from micrograd.engine.graph import topological_order

if TYPE_CHECKING:
    from micrograd.engine.value import Value

# A leaf as the object it is, or a computed node as its data, gradient, operation and the places of its operands.
Entry = Any


def pack(root: Value) -> list[Entry]:
    """The graph of `root` as a flat list, operands before results, `root` last, for `unpack`."""
    place: dict[Value, int] = {}
    entries: list[Entry] = []
    for node in topological_order(root):
        place[node] = len(entries)
        if node is root or node._prev:
            entries.append((node.data, node.grad, node._op, [place[operand] for operand in node._prev]))
        else:
            entries.append(node)
    return entries


def unpack(cls: type[Value], entries: list[Entry]) -> Value:
    """The root of the graph that `pack` made `entries` of."""
    nodes: list[Value] = []
    for entry in entries:
        if isinstance(entry, cls):
            nodes.append(entry)
        else:
            data, grad, op, operands = entry
            nodes.append(cls(data, [nodes[i] for i in operands], op))
            nodes[-1].grad = grad
    return nodes[-1]


def twin(node: Value, operands: Iterable[Value]) -> Value:
    """A Value like `node`, computed from `operands`."""
    made = type(node)(node.data, operands)
    made.grad = node.grad
    made._rule = node._rule  # the row itself: it may be one that `define` never saw
    return made


def deepcopy_graph(root: Value, memo: dict[int, Any]) -> Value:
    """A copy of the graph of `root`; nodes that `memo` has are taken from there, new ones are entered."""
    for node in topological_order(root):
        if id(node) not in memo:
            memo[id(node)] = twin(node, [memo[id(operand)] for operand in node._prev])
    copied: Value = memo[id(root)]
    return copied
