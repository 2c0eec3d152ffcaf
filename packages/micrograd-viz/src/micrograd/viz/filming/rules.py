"""The rules of the engine's table as data, for readers that are not Python.

A derivative is written once, in `micrograd.engine.ops`. Here its rule is called on placeholders, as `grad` calls it on
Values, and the expression that comes back is written down line by line. Whoever can do the forward functions of the
table can then follow the lines, and so differentiates without knowing a derivative.
"""

from __future__ import annotations

import math
from typing import Any

from micrograd.engine import Op, Value, topological_order
from micrograd.engine.tracing import trace_derivative

Number = float | str
"""A number in JSON, which has no inf and no nan: they are written as text."""


def encode(number: float) -> Number:
    """A float as JSON can hold it.

    Example:
        >>> encode(-0.0), encode(float("-inf")), encode(float("nan"))
        (-0.0, '-inf', 'nan')
    """
    return number if math.isfinite(number) else str(number)


def write_out(rule: Op, operands: int) -> dict[str, Any]:
    """Write down what a row of the table computes, and how it differentiates.

    Args:
        rule: The row.
        operands: How many operands it takes, 1 or 2.

    Returns:
        `op`, `lines` and `results`. The first is the name of the row. Each line makes a number: it is a constant, or a
        list of an operation's name and the places of its operands. Places count from 0: the gradient of the result, the
        result, the operands, the lines. `results` are the places of the gradients of the operands.

    Raises:
        TracingError: If the rule decides by its numbers, with `if` or a function of `math`.

    Example:
        >>> from micrograd.engine import OPS
        >>> write_out(OPS["tanh"], operands=1)  # g * (1 + (out * out) * -1)
        {'op': 'tanh', 'lines': [1.0, ['*', 1, 1], -1.0, ['*', 4, 5], ['+', 3, 6], ['*', 0, 7]], 'results': [8]}
    """
    placeholders, parts = trace_derivative(rule, operands)
    place: dict[Value, int] = {placeholder: i for i, placeholder in enumerate(placeholders)}
    lines: list[Number | list[str | int]] = []
    for node in topological_order(*parts):
        if node not in place:
            place[node] = len(place)
            lines.append([node._op, *[place[operand] for operand in node._prev]] if node._prev else encode(node.data))
    return {"op": rule.name, "lines": lines, "results": [place[part] for part in parts]}
