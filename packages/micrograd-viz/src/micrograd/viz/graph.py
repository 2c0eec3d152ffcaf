"""The nodes and edges behind a Value."""

from micrograd.engine import Value, topological_order


def trace(root: Value) -> tuple[list[Value], list[tuple[Value, Value]]]:
    """Collect the graph that computed `root`.

    Args:
        root: The Value to start from.

    Returns:
        The nodes, operands before results and `root` last; and the edges as pairs `(operand, result)`, grouped by
        result and in argument order. A Value that is used twice by one operation has two edges to it: `a * a`.

    Raises:
        TypeError: If `root` is not a Value.

    Example:
        >>> a = Value(3.0)
        >>> nodes, edges = trace(a * a)
        >>> len(nodes), len(edges)
        (2, 2)
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"a graph is drawn from one Value, got {type(root).__name__}; for several, trace each or their sum"
        )
    nodes = topological_order(root)
    return nodes, [(operand, node) for node in nodes for operand in node._prev]
