"""Run a function once on placeholders, to see which graph it builds."""

from __future__ import annotations

import inspect
import reprlib
import time
from collections import Counter
from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

from micrograd.engine import ops
from micrograd.engine.graph import topological_order
from micrograd.engine.jit.structure import Call, Parts, Shape, Static, Structure, has_names, made_of, places
from micrograd.engine.number import to_float
from micrograd.engine.op import CONSTANT, Op
from micrograd.engine.tracing import FloatPlaceholder, Placeholder, TracingError, tracing
from micrograd.engine.value import Value, constant


class Graph(NamedTuple):
    """What tracing a function found.

    Attributes:
        inputs: The placeholders.
        outputs: What the function returned, one after the other.
        structure: How that was put together.
        leaves: The Values that the function closes over; their data is read at every call.
        draws: The placeholders of random numbers, in the order in which it drew them.
        seconds: How long it took.
    """

    inputs: list[Value]
    outputs: list[Value]
    structure: Structure
    leaves: list[Value]
    draws: list[Value]
    seconds: float = 0.0


def trace(f: Callable[..., Any], call: Call, made: Callable[[str], Value] = Placeholder) -> Graph:
    """Run `f` on placeholders.

    Args:
        f: The function.
        call: The structure of its arguments.
        made: Makes a placeholder of a given name.

    Raises:
        TracingError: If `f` looks at the number of a placeholder, or of a Value that it closes over; if it uses a
            placeholder of another trace.
        TypeError: If it returns something else than Values and numbers, in lists, tuples and dicts.
    """
    start = time.perf_counter()
    inputs: list[Value] = []
    arguments: list[Any] = []
    keywords: dict[str, Any] = {}
    names = dict(enumerate(_names(f)))
    for place, part in zip(call.places, call.parts, strict=True):
        name = place if isinstance(place, str) else names.get(place, f"argument {place}")
        argument = part.value if isinstance(part, Static) else _placeholders(part, name, inputs, made)
        if isinstance(place, str):
            keywords[place] = argument
        else:
            arguments.append(argument)
    with tracing() as draws:
        result = f(*arguments, **keywords)
    outputs: list[Value] = []
    returned = _read_result(result, outputs)
    order = topological_order(*outputs)
    _check_own(order, {*inputs, *draws})
    leaves = _leaves(order)
    return Graph(inputs, outputs, returned, leaves, draws, time.perf_counter() - start)


def _placeholders(structure: Structure, name: str, inputs: list[Value], made: Callable[[str], Value]) -> Any:
    """What the function gets for an argument, or a part of one; its placeholders are added to `inputs`."""
    if isinstance(structure, Parts):
        parts = zip(structure.places, structure.parts, strict=True)
        return structure.filled([_placeholders(part, f"{name}[{place!r}]", inputs, made) for place, part in parts])
    if structure:
        n, *inner = structure
        return [_placeholders(tuple(inner), f"{name}[{k}]", inputs, made) for k in range(n)]
    inputs.append(made(name))
    return inputs[-1]


def _read_result(result: Any, outputs: list[Value]) -> Structure:
    """The structure of what a function returned; what it holds is added to `outputs`.

    Raises:
        TypeError: If it holds something else than Values and numbers, or the parts of a list are not alike.
    """
    if not isinstance(result, (tuple, list, dict)):
        outputs.append(as_output(result))
        return ()
    parts = [_read_result(result[place], outputs) for place in places(result)]
    shapes: set[Shape] = {part for part in parts if not isinstance(part, Parts)} or {()}
    is_axis = isinstance(result, list) or (isinstance(result, tuple) and shapes == {()} and not has_names(result))
    if not is_axis or any(isinstance(part, Parts) for part in parts):
        return made_of(result, parts)
    if len(shapes) > 1:
        raise TypeError(
            "a compiled function returns a list as one array, so what is in it must have one shape, got "
            f"{reprlib.repr(tuple(parts))}; return a tuple or a dict, which is one of several arrays"
        )
    return len(parts), *shapes.pop()


def _names(f: Callable[..., Any]) -> list[str]:
    """The names of the positional parameters of `f`, as far as Python knows them."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # some functions written in C have none
        return []
    return [parameter.name for parameter in parameters if parameter.kind <= parameter.POSITIONAL_OR_KEYWORD]


def trace_forward(rule: Op, count: int) -> tuple[list[Value], list[Value]]:
    """Run the `forward` of a row on placeholders.

    Args:
        rule: The row.
        count: How many operands it takes.

    Returns:
        The placeholders, and the graph of the result: that comes last.

    Raises:
        TracingError: If `forward` is not made of arithmetic and other rows.
    """
    operands: list[Value] = [FloatPlaceholder() for _ in range(count)]
    own = set(operands)
    try:
        with tracing(lookups=True):
            output = as_output(rule.forward(*operands))
        order = topological_order(output)
        if any(node._a is None and node._rule is not CONSTANT and node not in own for node in order):
            raise TypeError("it returns a Value, made of others")
        return operands, order
    except Exception as error:
        looked = "looks at a number, as math.exp(a), max(a, b) and a > b do"
        reason = looked if isinstance(error, TracingError) else f"fails ({type(error).__name__}: {error})"
        raise TracingError(
            f"jit cannot compile operation {rule.name!r}: called with placeholders, its forward {reason}; write it in "
            "arithmetic and rows of the table, such as OPS['exp'](a), OPS['max'](a, b) or OPS['gate'](a, b)"
        ) from error


def as_output(output: Any) -> Value:
    """What a function returned, as a Value.

    Raises:
        TypeError: If it is no number.
    """
    if isinstance(output, Value):
        return output
    if isinstance(output, Real):
        return constant(to_float(output, "jit"))
    raise TypeError(
        "a compiled function returns Values and numbers, alone or in lists, tuples and dicts, "
        f"got {type(output).__name__}{'; does it lack a return?' if output is None else ''}"
    )


def _check_own(order: list[Value], own: set[Value]) -> None:
    """Refuse placeholders of another trace, which whatever keeps Values hands out again.

    Raises:
        TracingError: If one is in a graph.
    """
    for node in order:
        if node._a is None and isinstance(node, Placeholder) and node not in own:
            raise TracingError(
                f"a traced function used a Value that was kept while another was traced, or this one for other "
                f"arguments, and was computed from {node.label or 'a random number'} there: compute it anew, or keep "
                "it for one call only"
            )


def _leaves(order: list[Value]) -> list[Value]:
    """The live leaves, in the order of the depths of the sums that they are in: rows of a layer lie side by side."""
    users = Counter([operand for node in order for operand in node._prev])
    depth: dict[Value, int] = {}  # how many operations after an input; 0 for what does not depend on any
    for node in order:
        operands = node._prev
        before = max([depth[operand] for operand in operands]) if operands else int(isinstance(node, Placeholder))
        depth[node] = before + 1 if before and operands else before
    meets: dict[Value, int] = {}
    for node in reversed(order):
        if node._a is not None and depth[node]:
            if node._rule is ops.add:  # its terms and partial sums are as deep as the whole sum
                for term in node._prev:
                    if users[term] == 1 and term._rule in (ops.add, ops.mul):
                        depth[term] = depth[node]
            for operand in node._prev:
                meets[operand] = min(meets.get(operand, depth[node]), depth[node])
    return sorted(filter(_is_live, depth), key=lambda leaf: meets.get(leaf, 0))


def _is_live(node: Value) -> bool:
    """Whether a node is a Value that the function closes over."""
    return node._a is None and node._rule is not CONSTANT and not isinstance(node, Placeholder)
