"""A number that remembers how it was computed, so that it can say how it changes.

The whole idea fits in three sentences. Every operation on Values makes a new Value that keeps the result, the operation
and its operands; together they form a graph. Each operation is a row in the table `ops.py` that knows its own
derivative. `backward` walks the graph from the end to the start, and hands every gradient on by the chain rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from micrograd.engine import graph, ieee, ops
from micrograd.engine.accumulation import backward_pass
from micrograd.engine.functions import Functions
from micrograd.engine.number import is_foreign, lifted, to_float, two_at_most
from micrograd.engine.op import CONSTANT, LEAF, Op
from micrograd.engine.table import lookup

_new = object.__new__
ABSENT: Any = object()  # the second operand of an operation that has one


class Value(Functions):
    """A scalar in a graph of computation: its number, its gradient, and the operation and operands it came from.

    Arithmetic is that of `torch.float64`, inf, nan and signed zero included: nothing overflows with an exception and
    `1 / Value(0.0)` is inf. `-a` is computed as `a * -1`, `a - b` as `a + (-b)` and `a / b` as `a * b**-1`, so a
    quotient agrees with torch to an ulp as long as `b**-2` is an ordinary number (1e-150 < |b| < 1e150).

    Values compare by their data with `<`, `<=`, `>` and `>=`, hence `max()`, `min()` and `sorted()` work; `==` and
    `hash` are those of identity, hence Values can be members of sets and keys of dicts. `bool` is False for 0, as in
    torch. `float(v)` is a plain number without a graph, and `math.exp(v)` takes it: gradients end there, in torch too.
    Write `v.exp()`.

    Args:
        data: The number: an int, a float, or any other real such as a NumPy scalar. It is kept as a float.
        _children: The operands, at most two Values; none for a leaf. Operators fill this in.
        _op: The name of the operation, a row of `micrograd.engine.ops`; empty for a leaf. Operators fill this in.
        label: A name for pictures and messages.

    Attributes:
        data: The number, a float. Assign a number to a leaf to change it; what was computed from it before stays.
        grad: The derivative of the last output that `backward` was called on, with respect to this Value; 0.0 before.
        label: The name, empty if there is none.

    Raises:
        TypeError: If `data` is not a real number, or a child is not a Value.
        ValueError: If there are more than two children.
        OverflowError: If `data` is an int too large for a float.

    Example:
        >>> a = Value(-4.0)
        >>> b = Value(2.0)
        >>> c = a * b + b**3
        >>> c.data
        0.0
        >>> c.backward()
        >>> a.grad, b.grad  # dc/da = b, dc/db = a + 3b²
        (2.0, 8.0)
    """

    # One object for each node, without a dict: quick to make, cheap to collect.
    __slots__ = ("grad", "_rule", "_a", "_b")

    def __init__(self, data: float, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        self._data = data if type(data) is float else to_float(data, "Value")
        self.grad = 0.0
        self._rule = lookup(_op) if _op else LEAF
        self._a, self._b = two_at_most(_children) if _children else (None, None)
        if label:
            self.label = label

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands, in argument order: `a * a` has two."""
        return () if self._a is None else (self._a,) if self._b is None else (self._a, self._b)

    @property
    def _op(self) -> str:
        """The name of the operation, such as `*`, `**2` or `ReLU`; empty for a leaf."""
        return self._rule.name

    _backward = property(graph.own_backward, graph.set_own_backward)
    __copy__, __deepcopy__ = graph.copy_node, graph.copy_graph

    def __reduce__(self) -> tuple[Any, ...]:
        return graph.pickle_node(self)

    @staticmethod
    def _record(rule: Op, a: Any, b: Any = ABSENT) -> Value:
        """Apply `rule` to one or two operands and remember it. A number among them becomes a leaf."""
        if not isinstance(a, Value) and (a := to_leaf(a, rule)) is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        if b is ABSENT:
            b = None
        elif not isinstance(b, Value) and (b := to_leaf(b, rule)) is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        node = _new(Value)
        try:
            node._data = rule.forward(a._data) if b is None else rule.forward(a._data, b._data)
        except AttributeError:
            for placeholder in (a, b):  # has no number, and its own way to record
                if isinstance(placeholder, Value) and not hasattr(placeholder, "_data"):
                    return placeholder._record(rule, *([a] if b is None else [a, b]))
            raise
        node.grad = 0.0
        node._rule = rule
        node._a = a
        node._b = b
        return node

    # Each operator is a row of the table, or made of others.

    def __add__(self, other: Value | float) -> Value:
        return self._record(ops.add, self, other)

    def __radd__(self, other: float) -> Value:
        return self._record(ops.add, other, self)

    def __mul__(self, other: Value | float) -> Value:
        return self._record(ops.mul, self, other)

    def __rmul__(self, other: float) -> Value:
        return self._record(ops.mul, other, self)

    @lifted("**")
    def __pow__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return self._record(ops.pow_, self, other)
        return self._record(ops.power(other), self)

    def __rpow__(self, other: float) -> Value:
        return self._record(ops.pow_, other, self)

    def __pos__(self) -> Value:
        return self

    def __neg__(self) -> Value:
        return self * -1.0

    @lifted("-")
    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    @lifted("-")
    def __rsub__(self, other: float) -> Value:
        return other + (-self)

    @lifted("/")
    def __truediv__(self, other: Value | float) -> Value:
        return self * (other**-1.0 if isinstance(other, Value) else ieee.reciprocal(other))

    @lifted("/")
    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1.0

    def __abs__(self) -> Value:
        return self._record(ops.abs_, self)

    def relu(self) -> Value:
        """`max(0, self)`; its derivative at 0 is 0. `torch.relu`.

        >>> Value(-2.0).relu().data
        0.0
        """
        return self._record(ops.relu, self)

    def backward(self) -> None:
        """Compute the derivative of this Value with respect to every node it was computed from, into their `grad`.

        Leaves accumulate: a second call adds to their `grad`, so set it to 0.0 between steps. The `grad` of a computed
        node is that of the last call. `torch.Tensor.backward` does the same.

        Raises:
            NotImplementedError: If the graph holds an operation that is not in the table. No `grad` has changed then.

        Example:
            >>> a = Value(3.0)
            >>> (a * a).backward()
            >>> a.grad  # two edges lead to a, and each adds 3
            6.0
        """
        backward_pass(self, _chain_rule)


def _chain_rule(results: Iterable[Value]) -> None:
    """Hand the gradient of each node on to its operands: the derivative of the node, times what has come to it."""
    for node in results:
        a, b = node._a, node._b
        if a is None:
            continue
        if b is None:
            (da,) = node._rule.vjp(node.grad, node._data, a._data)
            a.grad += da
        else:
            da, db = node._rule.vjp(node.grad, node._data, a._data, b._data)
            a.grad += da
            b.grad += db


def constant(number: float) -> Value:
    """The leaf of a plain number: a Value like others, but marked as one that nobody will change."""
    leaf = Value(number)
    leaf._rule = CONSTANT
    return leaf


def to_leaf(number: Any, rule: Op) -> Any:
    """A number among the operands of `rule`, as a leaf; NotImplemented if its type may itself know what to do."""
    if type(number) is float:
        return constant(number)
    return NotImplemented if is_foreign(number, rule.name) else constant(to_float(number, rule.name))
