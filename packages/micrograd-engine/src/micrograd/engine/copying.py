"""Copies and pickles of whole graphs, however deep.

Left to themselves, `copy.deepcopy` and `pickle` follow operands recursively and end with a RecursionError after a few
hundred nodes. Here a graph is taken apart along its topological order, and put together again in the same order. What
is shared stays shared, also between several Values that are copied or pickled together; the class of a node and its
attributes are kept, and `__init__` is not called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from micrograd.engine import ops
from micrograd.engine.graph import topological_order

if TYPE_CHECKING:
    from micrograd.engine.value import Value

_OF_THE_GRAPH = {"_data", "grad", "_rule", "_a", "_b"}


def twin(node: Value, operands: Iterable[Value]) -> Value:
    """A Value like `node`, computed from `operands`, with the same attributes."""
    made = _new(type(node), node.data, node.grad, _copied_rule(node), operands)
    _set_attributes(made, _attributes(node))
    return made


def deepcopy_graph(root: Value, memo: dict[int, Any]) -> Value:
    """A copy of the graph of `root`; nodes that `memo` has are taken from there, new ones are entered."""
    new = topological_order(root, seen=_Known(lambda node: id(node) in memo))
    for node in new:
        operands = [memo[id(operand)] for operand in node._prev]
        memo[id(node)] = _new(type(node), node.data, node.grad, _copied_rule(node), operands)
    for node in new:  # now that all are there: attributes may lead to any of them
        _set_attributes(memo[id(node)], deepcopy(_attributes(node), memo))
    copied: Value = memo[id(root)]
    return copied


def reduce_node(node: Value) -> tuple[Any, ...]:
    """What `pickle` writes for a Value: a leaf itself, or a place among the nodes that are written together."""
    if node._a is None:
        arguments = type(node), node.data, node.grad, _copied_rule(node) is ops.CONSTANT
        return _leaf, arguments, _attributes(node) or None, None, None, _set_attributes
    part = _parts.get(id(node)) or _Part(node)
    return _pick, (part, part.place[node])


class _Part:
    """The nodes that a pickle writes in one go, because a first one of them is asked for.

    It lives as long as the pickle's memory does, and a later node whose operands are in it refers to them there. So the
    nodes of one graph are written once, in whichever order and however often they are asked for.
    """

    def __init__(self, root: Value) -> None:
        known = _Known(lambda node: id(node) in _parts)
        self.nodes = [node for node in topological_order(root, seen=known) if node._a is not None]
        self.place = {node: i for i, node in enumerate(self.nodes)}
        _parts.update({id(node): self for node in self.nodes})

    def __reduce__(self) -> tuple[Any, ...]:
        entries = [
            (type(node), node.data, node.grad, _copied_rule(node).name, [self.place.get(x, x) for x in node._prev])
            for node in self.nodes
        ]
        attributes = [_attributes(node) for node in self.nodes]
        return _together, (entries,), attributes if any(attributes) else None, None, None, _set_all


_parts: WeakValueDictionary[int, _Part] = WeakValueDictionary()


class _Known(set["Value"]):
    """The nodes that a walk has seen, to which others count that were known before."""

    def __init__(self, before: Callable[[Value], bool]) -> None:
        self.before = before

    def __contains__(self, node: object) -> bool:
        return super().__contains__(node) or self.before(node)  # type: ignore[arg-type]


def _new(cls: type[Value], data: float, grad: float, rule: ops.Op, operands: Iterable[Value]) -> Value:
    node = object.__new__(cls)
    node._data, node.grad, node._rule = data, grad, rule
    node._a, node._b = (*operands, None, None)[:2]
    return node


def _copied_rule(node: Value) -> ops.Op:
    """The row of the node: itself, since it may be one that `define` never saw.

    Raises:
        TypeError: If it is no row but a function that knows this one node.
    """
    if isinstance(node._rule, ops.OwnOp):
        raise TypeError(
            f"cannot copy {node!r}: its own _backward would go on writing to the original; "
            "compute it again from the copies of its operands, or make it a row with micrograd.engine.define"
        )
    return node._rule


def _attributes(node: Value) -> dict[str, Any]:
    """What a node has beside its place in the graph: a label, and what a subclass keeps."""
    state: Any = object.__getstate__(node)  # a dict, or a pair of that and one of slots
    in_dict, in_slots = state if isinstance(state, tuple) else (state, {})
    return (in_dict or {}) | {name: value for name, value in in_slots.items() if name not in _OF_THE_GRAPH}


def _set_attributes(node: Value, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        setattr(node, name, value)


# What a pickle names.


def _leaf(cls: type[Value], data: float, grad: float, constant: bool) -> Value:
    return _new(cls, data, grad, ops.CONSTANT if constant else ops.LEAF, ())


def _together(entries: list[Any]) -> list[Value]:
    nodes: list[Value] = []
    for cls, data, grad, op, operands in entries:
        operands = [nodes[operand] if isinstance(operand, int) else operand for operand in operands]
        nodes.append(_new(cls, data, grad, ops.lookup(op), operands))
    return nodes


def _pick(nodes: list[Value], place: int) -> Value:
    return nodes[place]


def _set_all(nodes: list[Value], attributes: list[dict[str, Any]]) -> None:
    for node, own in zip(nodes, attributes, strict=True):
        _set_attributes(node, own)
