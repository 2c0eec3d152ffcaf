"""The order of computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from micrograd.engine.value import Value


def topological_order(*roots: Value) -> list[Value]:
    """All nodes that the roots were computed from and the roots themselves, operands before results.

    A depth-first walk that keeps its own stack, because Python's would end after a thousand nodes. A node is finished,
    and takes its place in the order, after its operands; so an operand that is shared comes before all that use it.
    The order depends on the graph alone, the first operand's part coming first.

    Args:
        *roots: The nodes to start from, such as a loss; a single one comes last.

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
    seen: set[Value] = set()
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
