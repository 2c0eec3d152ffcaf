"""Run a function once on placeholders, to see which graph it builds."""

from __future__ import annotations

import inspect
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Real
from typing import Any, NamedTuple, NoReturn

from micrograd.engine import ops
from micrograd.engine.gradients import grad
from micrograd.engine.graph import topological_order
from micrograd.engine.jit.arrays import Structure
from micrograd.engine.number import onlookers
from micrograd.engine.operands import is_foreign, to_float
from micrograd.engine.ops import Op
from micrograd.engine.value import Value, constant

DRAW = Op("draw", lambda: math.nan, ops.LEAF.vjp)


class TracingError(TypeError):
    """A traced function looked at a number that is known only when the compiled code runs."""


def _refuse(value: Value) -> NoReturn:
    if value.label:
        told = value.label
    elif value._prev:
        told = f"the result of {value._op!r}"
    else:
        told = "a placeholder" if isinstance(value, Traced) else f"the leaf of {value._data}"
    error = TracingError(
        f"a function compiled by jit looked at a number that is known only when it runs (.data, .grad, float() or a "
        f"comparison of {told}): whatever it decides now would be frozen; use operations instead, such as relu() or "
        "maximum()"
    )
    watch = onlookers.get(threading.get_ident())
    if isinstance(watch, _Watch) and watch.refused is None:
        watch.refused = error
    raise error


class _Watch:
    """Looks on while a function is traced.

    Args:
        lookups: Whether placeholders for floats may be looked up in sets and dicts.

    Attributes:
        refused: The first look that was refused. The function may have caught that, and gone on as if nothing had been.
    """

    def __init__(self, lookups: bool) -> None:
        self.lookups = lookups
        self.refused: TracingError | None = None

    def look(self, value: Value) -> None:
        if value._rule is not ops.CONSTANT:  # nobody will change that
            _refuse(value)

    def draw(self) -> Value:
        node = Traced()
        node._rule = DRAW
        return node


class Traced(Value):
    """A placeholder: it records operations as a Value does, but has no number.

    Args:
        label: How messages call it.
    """

    __slots__ = ()

    def __init__(self, label: str = "") -> None:
        self._rule = ops.LEAF
        self._a = self._b = None
        if label:
            self.label = label

    @classmethod
    def _record(cls, rule: Op, a: Any, *more: Any) -> Value:  # pyright: ignore[reportIncompatibleMethodOverride]
        values = []
        for operand in (a, *more):
            if not isinstance(operand, Value):
                if is_foreign(operand, rule.name):
                    return NotImplemented  # type: ignore[no-any-return]
                operand = constant(to_float(operand, rule.name))
            values.append(operand)
        node = cls()
        node._rule = rule
        node._a, node._b = (*values, None)[:2]
        return node

    def _has_no_number(self, *_: Any) -> NoReturn:
        _refuse(self)

    data = property(_has_no_number, _has_no_number)  # pyright: ignore[reportIncompatibleMethodOverride]
    grad = property(_has_no_number, _has_no_number)  # pyright: ignore[reportAssignmentType]
    backward = _has_no_number
    __repr__ = __float__ = __bool__ = __eq__ = __ne__ = _has_no_number
    __format__ = _has_no_number  # type: ignore[assignment]
    __hash__ = Value.__hash__  # of identity, as ever


class Operand(Traced):
    """Stands for a float, not for a Value: among themselves they divide and take powers as floats do."""

    __slots__ = ()

    def __truediv__(self, other: Any) -> Value:
        return other.__rtruediv__(self) if _is_value(other) else self._record(ops.divide, self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return other * ops.power(-1.0)(self) if _is_value(other) else self._record(ops.divide, other, self)

    def __pow__(self, other: Any) -> Value:
        return self._record(ops.pow_, self, other)

    def __rpow__(self, other: Any) -> Value:
        return self._record(ops.pow_, other, self)


def _is_value(operand: Any) -> bool:
    return isinstance(operand, Value) and not isinstance(operand, Operand)


class Sealed(Operand):
    """Stands for a float that may not be looked up either: `weights[t]`, `t in classes` and `2 * t in classes`.

    Others have the hash of Values, which is that of identity with the compiler and without.
    """

    __slots__ = ()

    @classmethod
    def _record(cls, rule: Op, a: Any, *more: Any) -> Value:
        node = Traced._record(rule, a, *more)
        if isinstance(node, Traced) and not any(map(_is_value, (a, *more))):  # a float without the compiler
            node.__class__ = cls
        return node

    def __hash__(self) -> int:
        watch = onlookers.get(threading.get_ident())
        return _refuse(self) if isinstance(watch, _Watch) and not watch.lookups else object.__hash__(self)


@contextmanager
def watching(lookups: bool = False) -> Iterator[None]:
    """While it lasts, looking at the number of a Value that is no constant raises TracingError, in this thread.

    Args:
        lookups: Whether placeholders for floats may be looked up in sets and dicts, as the engine does.

    Raises:
        TracingError: At the end too, if one was raised and did not come this far.
    """
    thread, watch = threading.get_ident(), _Watch(lookups)
    before = onlookers.get(thread)
    onlookers[thread] = watch
    try:
        yield
    finally:
        if before is None:
            del onlookers[thread]
        else:
            onlookers[thread] = before
    if watch.refused is not None:
        raise watch.refused


def gradients(output: Value, leaves: Sequence[Value]) -> list[Value]:
    """The gradients of a traced output. No derivative may look at a number either.

    Raises:
        TracingError: If one does.
    """
    with watching(lookups=True):
        return grad(output, leaves)


class Graph(NamedTuple):
    """What tracing a function found.

    Attributes:
        inputs: The placeholders.
        outputs: What the function returned.
        many: Whether that was a list or a tuple.
        leaves: The Values that the function closes over; their data is read at every call.
    """

    inputs: list[Value]
    outputs: list[Value]
    many: bool
    leaves: list[Value]


def trace(f: Callable[..., Any], structure: Structure) -> Graph:
    """Run `f` on placeholders.

    Raises:
        TracingError: If `f` looks at the number of a placeholder, or of a Value that it closes over.
        TypeError: If it returns something else than a Value or a number, or a list or tuple of them.
    """
    inputs: list[Value] = []
    arguments: list[Any] = []
    keywords: dict[str, Any] = {}
    names = _names(f)
    for i, part in enumerate(structure):
        name, n = part if isinstance(part, tuple) else (names[i] if i < len(names) else f"argument {i}", part)
        made = [Traced(name)] if n is None else [Traced(f"{name}[{k}]") for k in range(n)]
        inputs += made
        argument = made[0] if n is None else made
        if isinstance(part, tuple):
            keywords[name] = argument
        else:
            arguments.append(argument)
    with watching():
        result = f(*arguments, **keywords)
    many = isinstance(result, (list, tuple))
    outputs = [as_output(output) for output in (result if many else [result])]
    return Graph(inputs, outputs, many, _leaves(outputs))


def _names(f: Callable[..., Any]) -> list[str]:
    """The names of the positional parameters of `f`, as far as Python knows them."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # some functions written in C have none
        return []
    return [parameter.name for parameter in parameters if parameter.kind <= parameter.POSITIONAL_OR_KEYWORD]


def trace_forward(rule: Op, count: int) -> tuple[list[Value], Value]:
    """Run the `forward` of a row on placeholders.

    Args:
        rule: The row.
        count: How many operands it takes.

    Returns:
        The placeholders, and the result.

    Raises:
        TracingError: If `forward` is not made of arithmetic and other rows.
    """
    operands: list[Value] = [Operand() for _ in range(count)]
    try:
        with watching():
            output = as_output(rule.forward(*operands))
        if _leaves([output]):
            raise TypeError("it returns a Value, made of others")
        return operands, output
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
        "a compiled function returns a Value or a number, or a list or tuple of them that has no other inside, "
        f"got {type(output).__name__}{'; does it lack a return?' if output is None else ''}"
    )


def _leaves(outputs: list[Value]) -> list[Value]:
    """The live leaves, in the order of the levels where they meet inputs: the weights of a layer lie side by side."""
    level: dict[Value, int] = {}  # how many operations after an input; 0 for what does not depend on any
    meets: dict[Value, int] = {}
    for node in topological_order(*outputs):
        before = max((level[operand] for operand in node._prev), default=int(isinstance(node, Traced)))
        level[node] = before + (1 if before and node._prev else 0)
        if before:
            for operand in node._prev:
                meets[operand] = min(meets.get(operand, before), before)
    leaves = [node for node in level if node._a is None and node._rule is not ops.CONSTANT]
    return sorted((leaf for leaf in leaves if not isinstance(leaf, Traced)), key=lambda leaf: meets.get(leaf, 0))
