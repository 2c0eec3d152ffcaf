"""Gradients that add up in leaves, and attributes that belong together: all are set, or none.

Ctrl-C, an error in a derivative or another thread may come at any moment, and half a step is the worst of both.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import length_hint, setitem
from typing import TYPE_CHECKING, Any

from micrograd.engine.graph import topological_order
from micrograd.engine.number import Number, to_float
from micrograd.engine.op import OwnOp, check_differentiable

if TYPE_CHECKING:
    from micrograd.engine.value import Value


_set_entry: Callable[[Any, str, Any], object] = setitem


def assign(*changes: tuple[object, str, Any]) -> None:
    """Set attributes of many objects, all of them or none: a Ctrl-C takes effect before the first or after the last.

    An optimiser's step needs this: half a step is the worst of both.

    Args:
        *changes: Triples of an object, the name of an attribute, and what it is to be; or of a list of objects, the
            name, and a list of what it is to be for each. Of a dict, not of a subclass, the entry of that name is set.

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
        >>> group = {"lr": 0.1}
        >>> assign((a, "data", 0.0), (group, "lr", 0.01))
        >>> group
        {'lr': 0.01}
    """
    calls: list[Iterator[object]] = []
    for thing, name, value in changes:
        several, wanted = (thing, value) if isinstance(thing, list) else ([thing], [value])
        if len(several) != len(wanted):
            raise ValueError(f"assign takes a value for each object, got {len(several)} objects, {len(wanted)} values")
        kinds = set(map(type, several))
        if name == "data" and all(getattr(kind, "data", None) is Number.data for kind in kinds):
            name = "_data"  # the slot that lies behind it
            if not set(map(type, wanted)) <= {float}:
                wanted = [to_float(number, "Value.data") for number in wanted]
        calls.append(map(_set_entry if kinds == {dict} else setattr, several, repeat(name), wanted))
    _at_once(chain.from_iterable(calls))


def set_gradients(nodes: Iterable[Value], gradients: Iterable[float | None]) -> None:
    """Set `grad`, of all nodes or, if an interrupt comes, of none."""
    _at_once(map(setattr, nodes, repeat("grad"), gradients))


def _at_once(calls: Iterator[object]) -> None:
    """Go through calls of C code in one such call: Python hears of an interrupt only between its own instructions."""
    deque(calls, maxlen=0)


def backward_pass(root: Value, hand_on: Callable[[Iterator[Value]], None]) -> None:
    """Add to the `grad` of the leaves behind `root`; an error or an interrupt leaves them as they were.

    Args:
        root: What to differentiate.
        hand_on: Goes through the nodes, results before operands, and adds to the `grad` of operands. All begin where a
            sum does, but for that of `root`, which is 1.

    Raises:
        NotImplementedError: If the graph holds an operation that is not in the table. No `grad` has changed then.
    """
    order = topological_order(root)
    rules = {node._rule for node in order if node._a is not None}
    check_differentiable(rules)
    if any(rule.flat for rule in rules):
        order = _carrying_gradient(order)
    # Where a sum begins: even a zero keeps its sign when it is added. A node's own rule may not add anything.
    zero = 0.0 if any(isinstance(rule, OwnOp) for rule in rules) else -0.0
    leaves = [node for node in order if node._a is None]
    with accumulating:  # other threads may share the leaves
        before = [leaf.grad for leaf in leaves]
        results = reversed(order)
        try:
            for node in order:
                node.grad = zero
            root.grad = 1.0
            hand_on(results)
            gradients = [to_float(leaf.grad, "backward") for leaf in leaves]
            set_gradients(leaves, before)
            accumulate(leaves, gradients)
            for leaf in leaves:
                if isinstance(leaf._rule, OwnOp):
                    leaf._rule.backward()
        except BaseException as error:
            set_gradients(leaves, before)
            if isinstance(error, Exception):
                node = order[min(length_hint(results), len(order) - 1)]  # the one that was reached
                error.add_note(
                    f"raised by the derivative of operation {node._op!r}, which must return a tuple with a number "
                    f"for each of its {len(node._prev)} operands"
                )
            raise


def _carrying_gradient(order: list[Value]) -> list[Value]:
    """The nodes that the gradient of the last one reaches, across operations that are flat along an operand.

    The `grad` of computed nodes that are left out is set to 0.
    """
    reached = {order[-1]}
    for node in reversed(order):
        if node in reached:
            reached.update(operand for i, operand in enumerate(node._prev) if i not in node._rule.flat)
        elif node._a is not None:
            node.grad = 0.0
    return [node for node in order if node in reached]


def accumulate(leaves: Sequence[Value], gradients: Sequence[float]) -> None:
    """Add to the `grad` of leaves, of all or none. A `grad` of 0 or None counts as if there were none yet.

    Args:
        leaves: The leaves.
        gradients: What to add, one for each.
    """
    with accumulating:
        before = [leaf.grad for leaf in leaves]
        try:
            for leaf, kept, gradient in zip(leaves, _floats(before), gradients, strict=True):
                leaf.grad = kept + gradient if kept else gradient  # added to a 0, a negative zero would lose its sign
        except BaseException:
            set_gradients(leaves, before)
            raise


def _floats(gradients: Sequence[float | None]) -> Sequence[float | None]:
    """Gradients that others may have set as the floats they stand for: nobody's float32 is to infect a sum."""
    try:
        if type(sum(gradients)) is float:  # type: ignore[arg-type]  # None is a TypeError, float32 another type
            return gradients
    except TypeError:
        pass
    return [kept and to_float(kept, "grad") for kept in gradients]


# Held while gradients are added to leaves, which several threads may share.
accumulating = threading.RLock()


def _after_fork() -> None:
    """A thread that held the lock is not there in a forked child, and would never release it."""
    global accumulating
    accumulating = threading.RLock()


if hasattr(os, "register_at_fork"):  # not on Windows, nor in a browser
    os.register_at_fork(after_in_child=_after_fork)
