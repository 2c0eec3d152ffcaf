"""Copies and pickles of whole graphs, however deep.

Left to themselves, `copy.deepcopy` and `pickle` follow operands recursively and end with a RecursionError after a few
hundred nodes. Here a graph is taken apart along its topological order, and put together again in the same order. What
is shared stays shared, also between several Values that are copied or pickled together; the class of a node and its
attributes are kept, and `__init__` is not called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from weakref import ref

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
    """What `pickle` writes for a Value.

    Its operands are part of it, and pickle would follow them as deep as the graph goes. So before them stand, in the
    order of computation, the nodes behind it that this pickle has not met: each finds its own operands written already.
    Which nodes a pickle has met, an object in it remembers, which lives as long as the pickle's memory. Should it be
    that of another pickle that still goes on, then nodes are asked for that it has met, and a new one begins.
    """
    rule = _copied_rule(node)
    if rule not in (ops.LEAF, ops.CONSTANT) and not _is_found(rule):
        raise TypeError(
            f"cannot pickle {node!r}: its operation {rule.name!r} is not the one of this name in the table; "
            "add it with micrograd.engine.define, under a name of its own"
        )
    met = _met()
    if id(node) in met.nodes:
        met = _met(anew=True)
    before = []
    if not all(id(operand) in met.nodes for operand in node._prev):
        before = topological_order(node, seen=_Known(lambda node: id(node) in met.nodes))[:-1]
    met.nodes.add(id(node))
    about = type(node), node.data, node.grad, rule.name, rule is ops.CONSTANT
    arguments = (*about, met, before, *node._prev) if node._prev else about
    return _made, arguments, _attributes(node) or None, None, None, _set_attributes


class _Met:
    """The nodes that a pickle has met."""

    def __init__(self) -> None:
        self.nodes: set[int] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Met, ()


_latest = threading.local()


def _met(anew: bool = False) -> _Met:
    """That of this thread's latest pickle, if it lives, or a new one."""
    met: _Met | None = None if anew else getattr(_latest, "met", lambda: None)()
    if met is None:
        met = _Met()
        _latest.met = ref(met)
    return met


def _is_found(rule: ops.Op) -> bool:
    """Whether who reads the pickle finds the same row by its name, as far as this program can tell."""
    found = ops.lookup(rule.name)
    return found is rule or (rule.name not in ops.OPS and _code(found) is _code(rule))


def _code(rule: ops.Op) -> object:
    """The code of a derivative: all constant powers have the same, and all rows without derivative."""
    return getattr(rule.vjp, "__code__", None)


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


def _attributes(node: Value) -> Any:
    """What a node has beside its place in the graph: a label, and what a subclass keeps."""
    state: Any = node.__getstate__()  # mostly a dict, or a pair of that and one of slots
    if hasattr(node, "__setstate__"):
        return state
    in_dict, in_slots = state if isinstance(state, tuple) else (state, {})
    return (in_dict or {}) | {name: value for name, value in in_slots.items() if name not in _OF_THE_GRAPH}


def _set_attributes(node: Any, attributes: Any) -> None:
    if hasattr(node, "__setstate__"):
        node.__setstate__(attributes)
        return
    for name, value in attributes.items():
        setattr(node, name, value)


def _made(
    cls: type[Value],
    data: float,
    grad: float,
    op: str,
    constant: bool,
    met: object = None,
    before: object = None,
    *operands: Value,
) -> Value:
    """What a pickle names."""
    rule = ops.CONSTANT if constant else ops.lookup(op) if op else ops.LEAF
    return _new(cls, data, grad, rule, operands)
