"""The order of computation, and what is done to many nodes at once."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from micrograd.engine.number import Number
from micrograd.engine.operands import to_float
from micrograd.engine.ops import CONSTANT

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
        if node is None:  # the mark below a finished node's operands
            order.append(todo.pop())  # type: ignore[arg-type]
        elif node not in seen:
            seen.add(node)
            if node._a is None:
                order.append(node)
            else:
                todo += (node, None)
                if node._b is not None:
                    todo.append(node._b)
                todo.append(node._a)
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

    Example:
        >>> from micrograd.engine import Value
        >>> a, b = Value(3.0), Value(2.0)
        >>> [node.data for node in between([a], a * b + b.exp())]
        [3.0, 6.0, 13.38905609893065]
    """
    reached = set(inputs)
    found = []
    for node in topological_order(output):
        if node in reached or node._a in reached or node._b in reached:
            reached.add(node)
            found.append(node)
    return found


def carrying_gradient(order: list[Value]) -> list[Value]:
    """The nodes that the gradient of the last one reaches, across operations that are flat along an operand.

    Args:
        order: What `topological_order` of one root returned. The `grad` of computed nodes that are left out is set to
            0.0.

    Returns:
        The nodes, in the same order.
    """
    reached = {order[-1]}
    for node in reversed(order):
        if node in reached:
            reached.update(operand for i, operand in enumerate(node._prev) if i not in node._rule.flat)
        elif node._a is not None:
            node.grad = 0.0
    return [node for node in order if node in reached]


def assign(*changes: tuple[object, str, Any]) -> None:
    """Set attributes of many objects, all of them or none: a Ctrl-C takes effect before the first or after the last.

    An optimiser's step needs this: half a step is the worst of both.

    Args:
        *changes: Triples of an object, the name of an attribute, and what it is to be; or of a list of objects, the
            name, and a list of what it is to be for each.

    Raises:
        TypeError: If the `data` of a Value is to be no number. Nothing has changed.
        ValueError: If two lists differ in length. Nothing has changed.
        OverflowError: If it is an int too large for a float. Nothing has changed.

    Example:
        >>> from micrograd.engine import Value, assign
        >>> a, b = Value(1.0), Value(2.0)
        >>> assign((a, "data", b.data), (b, "data", a.data))
        >>> assign(([a, b], "grad", [0.5, 0.25]))
        >>> a, b
        (Value(data=2.0, grad=0.5), Value(data=1.0, grad=0.25))
    """
    objects: list[object] = []
    names: list[str] = []
    values: list[Any] = []
    for thing, name, value in changes:
        several, wanted = (thing, value) if isinstance(thing, list) else ([thing], [value])
        if len(several) != len(wanted):
            raise ValueError(f"assign takes a value for each object, got {len(several)} objects, {len(wanted)} values")
        if name == "data" and all(getattr(kind, "data", None) is Number.data for kind in set(map(type, several))):
            name = "_data"  # the slot that lies behind it
            if not set(map(type, wanted)) <= {float}:
                wanted = [to_float(number, "Value.data") for number in wanted]
        objects += several
        names += [name] * len(several)
        values += wanted
    _set(objects, names, values)


def set_gradients(leaves: Iterable[Value], gradients: Iterable[float | None]) -> None:
    """Set `grad`, of all leaves or, if an interrupt comes, of none."""
    _set(leaves, repeat("grad"), gradients)


def _set(objects: Iterable[object], names: Iterable[str], values: Iterable[Any]) -> None:
    """Set attributes in one call of C code: Python hears of an interrupt only between its own instructions."""
    deque(map(setattr, objects, names, values), maxlen=0)


# Held while gradients are added to leaves, which several threads may share.
accumulating = threading.RLock()


def accumulate(leaves: Sequence[Value], gradients: Iterable[float]) -> None:
    """Add to the `grad` of leaves, of all or none. A `grad` of 0 or None counts as if there were none yet.

    Args:
        leaves: The leaves.
        gradients: What to add, one for each.
    """
    with accumulating:
        before = [leaf.grad for leaf in leaves]
        numbers = floats(before)
        try:
            for leaf, kept, gradient in zip(leaves, numbers, gradients, strict=True):
                leaf.grad = kept + gradient if kept else gradient  # added to a 0, a negative zero would lose its sign
        except BaseException:
            set_gradients(leaves, before)
            raise


def floats(gradients: Sequence[float | None]) -> Sequence[float | None]:
    """Gradients that others may have set as the floats they stand for: nobody's float32 is to infect a sum."""
    try:
        if type(sum(gradients)) is float:  # type: ignore[arg-type]  # None is a TypeError, float32 another type
            return gradients
    except TypeError:
        pass
    return [kept and to_float(kept, "grad") for kept in gradients]


def _after_fork() -> None:
    """A thread that held the lock is not there in a forked child, and would never release it."""
    global accumulating
    accumulating = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows, nor in a browser
    os.register_at_fork(after_in_child=_after_fork)
