"""The graph behind a Value: its order, its parts, and copies of the whole, however deep it is.

Left to themselves, `copy.deepcopy` and `pickle` follow operands recursively and end with a RecursionError after a few
hundred nodes. Here a graph is taken apart along its topological order, and put together again in the same order. What
is shared stays shared, also between several Values that are copied or pickled together; the class of a node and its
attributes are kept, and `__init__` is not called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import ref

from micrograd.engine.op import CONSTANT, LEAF, Op, OwnOp, check_differentiable
from micrograd.engine.ops import OPS
from micrograd.engine.table import lookup

if TYPE_CHECKING:
    from micrograd.engine.value import Value


def topological_order(*roots: Value, seen: set[Value] | None = None) -> list[Value]:
    """All nodes that the roots were computed from and the roots themselves, operands before results.

    A depth-first walk that keeps its own stack, because Python's would end after a thousand nodes. A node is finished,
    and takes its place in the order, after its operands; so an operand that is shared comes before all that use it.
    The order depends on the graph alone, the first operand's part coming first.

    Args:
        *roots: The nodes to start from, such as a loss; a single one comes last.
        seen: Nodes to leave out, with all that only they were computed from; those in the order are added. None by
            default.

    Returns:
        Each node once.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> b = a * a
        >>> [node.data for node in topological_order(b + a)]
        [3.0, 9.0, 12.0]
    """
    order: list[Value] = []
    seen = set() if seen is None else seen
    todo: list[Value | None] = [*reversed(roots)]
    while todo:
        node = todo.pop()
        if node is None:  # the mark above a node whose operands are finished
            order.append(todo.pop())  # type: ignore[arg-type]
            continue
        while node not in seen:  # down along the first operands
            seen.add(node)
            a, b = node._a, node._b
            if a is None:
                order.append(node)
                break
            todo += (node, None) if b is None else (node, None, b)
            node = a
    return order


def operands(node: Value) -> tuple[Value, ...]:
    """What a node was computed from, in argument order; `a * a` has two operands, a leaf none.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> [operand.data for operand in operands(a * a + 1)]
        [9.0, 1.0]
    """
    return node._prev


def is_constant(node: Value) -> bool:
    """Whether a node is the leaf that a plain number in an expression became: nobody will change it.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> [is_constant(operand) for operand in operands(a * 2)]
        [False, True]
    """
    return node._rule is CONSTANT


def between(inputs: Iterable[Value], output: Value) -> list[Value]:
    """The nodes through which `output` depends on an input: all that a gradient on its way to the inputs passes.

    Args:
        inputs: Where the ways begin, leaves or not.
        output: Where they end.

    Returns:
        Each node once, operands before results; the inputs that `output` depends on and `output` itself are among
        them. Nothing if it depends on none.

    Raises:
        TypeError: If one of them is not a Value.

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(3.0), Value(2.0)
        >>> [node.data for node in between([a], a * b + b.exp())]
        [3.0, 6.0, 13.38905609893065]
    """
    reached = set(inputs)
    for value in (output, *reached):
        if not hasattr(value, "_record"):
            raise TypeError(f"between takes Values, got {value!r} ({type(value).__name__})")
    found = []
    for node in topological_order(output):
        if node in reached or node._a in reached or node._b in reached:
            reached.add(node)
            found.append(node)
    return found


def own_backward(node: Value) -> Callable[[], object]:
    """A function that adds what this node's `grad` means for its operands to theirs.

    Assign another to say yourself how the node differentiates, as programs for the classic micrograd do. It goes
    before the table, whatever the operation is called.
    """
    return node._rule.backward if isinstance(node._rule, OwnOp) else partial(_propagate, node)


def set_own_backward(node: Value, backward: Callable[[], object]) -> None:
    """Let a node differentiate by a function of its own."""
    if not callable(backward):
        raise TypeError(f"_backward of {node!r} must be a function without arguments, got {backward!r}")
    node._rule = OwnOp(node._op, backward)


def _propagate(node: Value) -> None:
    """Add to the gradients of a node's operands, as `backward` does for one node after the other."""
    if node._prev:
        check_differentiable([node._rule])
        parts = node._rule.pull(node.grad or 0.0, node._data, *[operand._data for operand in node._prev])
        for operand, part in zip(node._prev, parts, strict=True):
            operand.grad = (operand.grad or 0.0) + part


_OF_THE_GRAPH = {"_data", "grad", "_rule", "_a", "_b"}


def copy_node(node: Value) -> Value:
    """A Value like `node`, computed from the same operands, with the same attributes."""
    made = _new(type(node), node.data, node.grad, _copied_rule(node), node._prev)
    _set_attributes(made, _attributes(node))
    return made


def copy_graph(root: Value, memo: dict[int, Any]) -> Value:
    """A copy of the graph of `root`; nodes that `memo` has are taken from there, new ones are entered."""
    new = topological_order(root, seen=_Known(lambda node: id(node) in memo))
    for node in new:
        operands = [memo[id(operand)] for operand in node._prev]
        memo[id(node)] = _new(type(node), node.data, node.grad, _copied_rule(node), operands)
    for node in new:  # now that all are there: attributes may lead to any of them
        _set_attributes(memo[id(node)], deepcopy(_attributes(node), memo))
    copied: Value = memo[id(root)]
    return copied


def pickle_node(node: Value) -> tuple[Any, ...]:
    """What `pickle` writes for a Value.

    Its operands are part of it, and pickle would follow them as deep as the graph goes. So before them stand, in the
    order of computation, the nodes behind it that this pickle has not met: each finds its own operands written already.
    Which nodes a pickle has met, an object in it remembers, which lives as long as the pickle's memory. Should it be
    that of another pickle that still goes on, then nodes are asked for that it has met, and a new one begins.
    """
    rule = _copied_rule(node)
    if rule not in (LEAF, CONSTANT) and not _is_found(rule):
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
    about = type(node), node.data, node.grad, rule.name, rule is CONSTANT
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


def _is_found(rule: Op) -> bool:
    """Whether who reads the pickle finds the same row by its name, as far as this program can tell."""
    found = lookup(rule.name)
    return found is rule or (rule.name not in OPS and _code(found) is _code(rule))


def _code(rule: Op) -> object:
    """The code of a derivative: all constant powers have the same, and all rows without derivative."""
    return getattr(rule.vjp, "__code__", None)


class _Known(set["Value"]):
    """The nodes that a walk has seen, to which others count that were known before."""

    def __init__(self, before: Callable[[Value], bool]) -> None:
        self.before = before

    def __contains__(self, node: object) -> bool:
        return super().__contains__(node) or self.before(node)  # type: ignore[arg-type]


def _new(cls: type[Value], data: float, grad: float, rule: Op, operands: Iterable[Value]) -> Value:
    node = object.__new__(cls)
    node._data, node.grad, node._rule = data, grad, rule
    node._a, node._b = (*operands, None, None)[:2]
    return node


def _copied_rule(node: Value) -> Op:
    """The row of the node: itself, since it may be one that `define` never saw.

    Raises:
        TypeError: If it is no row but a function that knows this one node.
    """
    if isinstance(node._rule, OwnOp):
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
    rule = CONSTANT if constant else lookup(op) if op else LEAF
    return _new(cls, data, grad, rule, operands)
