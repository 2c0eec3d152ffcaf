"""The graph behind a Value, read once: all pictures are made of what is noted here."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from micrograd import engine
from micrograd.engine import Value
from micrograd.viz import foreign, text
from micrograd.viz.labels import Names

_READ = ("data", "grad", "_prev", "_op")


@dataclass(slots=True, eq=False)
class Node:
    """A Value as it was when the graph was read. Its words can be shown, whatever was in them.

    Attributes:
        value: The Value, or an object of another class that has the same attributes.
        data: Its number.
        grad: Its gradient.
        op: The operation that made it; empty for a leaf.
        name: What it is called; empty if it has no name.
        rank: Its place among the labels; the last one if it is not there.
        operands: The positions of its operands, all smaller than its own.
        constant: Whether it is the leaf that a plain number of the program became.
    """

    value: Any
    data: float
    grad: float
    op: str
    name: str
    rank: int
    operands: tuple[int, ...]
    constant: bool


def read(root: Any, labels: object = None) -> list[Node]:
    """Read the graph that computed `root`.

    Here objects of other classes come in, such as the Value that somebody wrote to learn: they need `data`, `grad`,
    `_prev` and `_op`. What comes after works with Nodes alone.

    Args:
        root: The Value to start from.
        labels: Names for Values, as for `draw`.

    Returns:
        The nodes, operands before results and `root` last.

    Raises:
        TypeError: If one of the four is missing somewhere, or a number is none; or `labels` are no labels.
        ValueError: If a node was computed from itself.
    """
    names = Names(labels)
    nodes: list[Node] = []
    place: dict[int, int] = {}  # by identity, as other classes may have an == and no hash
    for value, operands in _walk(root, names.rank):
        try:
            positions = tuple([place[id(operand)] for operand in operands])
        except KeyError:
            raise ValueError(f"a graph has no cycles, but {reprlib.repr(value)} was computed from itself") from None
        data, grad = _number(value, "data"), 0.0 if value.grad is None else _number(value, "grad")
        constant = isinstance(value, Value) and engine.is_constant(value)
        place[id(value)] = len(nodes)
        op, name, rank = text.operation(value._op), names.of(value), names.rank(value)
        nodes.append(Node(value, data, grad, op, name, rank, positions, constant))
    return nodes


def trace(root: Any) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """Collect the graph that computed `root`.

    Args:
        root: The Value to start from, or an object of another class with `data`, `grad`, `_prev` and `_op`.

    Returns:
        The nodes, operands before results and `root` last; and the edges as pairs `(operand, result)`, grouped by
        result and in argument order. A Value that is used twice by one operation has two edges to it: `a * a`. Where
        another class keeps operands in a set, which has neither, both are restored as far as the table of operations
        tells from the numbers.

    Raises:
        TypeError: If `root` is not a Value, nor like one.

    Example:
        >>> a = Value(3.0)
        >>> nodes, edges = trace(a * a)
        >>> len(nodes), len(edges)
        (2, 2)
    """
    nodes = read(root)
    return [node.value for node in nodes], [(nodes[i].value, node.value) for node in nodes for i in node.operands]


def edges_of(nodes: Sequence[Node]) -> list[tuple[int, int]]:
    """The edges as pairs of positions `(operand, result)`, in the order of `trace`."""
    return [(operand, result) for result, node in enumerate(nodes) for operand in node.operands]


def _walk(root: Any, rank: Callable[[Any], int]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Each node once with its operands, in the order of the engine's `topological_order`, and as little recursive."""
    seen: set[int] = set()
    todo: list[tuple[Any, tuple[Any, ...] | None]] = [(root, None)]
    while todo:
        value, operands = todo.pop()
        if operands is not None:  # and they have had their turn
            yield value, operands
        elif id(value) not in seen:
            seen.add(id(value))
            operands = _operands(value, rank)
            todo.append((value, operands))
            todo += [(operand, None) for operand in reversed(operands)]


def _operands(value: Any, rank: Callable[[Any], int]) -> tuple[Any, ...]:
    if isinstance(value, Value):
        return engine.operands(value)
    missing = [name for name in _READ if isinstance(value, type) or not hasattr(value, name)]
    if missing:
        raise TypeError(
            f"a graph is drawn from one Value, got {text.kind(value)}, which has no {', '.join(missing)}; for "
            "several, draw each or their sum"
        )
    return foreign.operands(value, rank)


def _number(value: Any, name: str) -> float:
    number = getattr(value, name)
    try:
        return float(number)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"{name} of a node is a number, got {reprlib.repr(number)} ({text.kind(number)}) in a {text.kind(value)}"
        ) from None
