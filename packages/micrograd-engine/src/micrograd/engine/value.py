"""A number that remembers how it was computed, so that it can say how it changes.

The whole idea fits in three sentences. Every operation on Values makes a new Value that keeps the result, the operation
and its operands; together they form a graph. Each operation is a row in the table `ops.py` that knows its own
derivative. `backward` walks the graph from the end to the start, and hands every gradient on by the chain rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from micrograd.engine import graph, ieee, ops
from micrograd.engine.copying import deepcopy_graph, reduce_node, twin
from micrograd.engine.number import Number
from micrograd.engine.operands import is_foreign, lifted, to_float, two_at_most
from micrograd.engine.ops import Op

_new = object.__new__
_ABSENT: Any = object()  # the second operand of an operation that has one


class Value(Number):
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

    # One object for each node: quick to make, cheap to collect. The label, which few have, is set when it is given.
    __slots__ = ("grad", "_rule", "_a", "_b", "_label")

    grad: float
    _rule: Op
    _a: Value | None
    _b: Value | None
    _label: str

    def __init__(self, data: float, _children: Iterable[Value] = (), _op: str = "", label: str = "") -> None:
        self._data = data if type(data) is float else to_float(data, "Value")
        self.grad = 0.0
        self._rule = ops.lookup(_op) if _op else ops.LEAF
        self._a, self._b = two_at_most(_children) if _children else (None, None)
        if label:
            self.label = label

    @property
    def label(self) -> str:
        """The name for pictures and messages; empty if there is none."""
        return getattr(self, "_label", "")

    @label.setter
    def label(self, label: str) -> None:
        self._label = "" if label is None else str(label)

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands, in argument order: `a * a` has two."""
        return tuple(operand for operand in (self._a, self._b) if operand is not None)

    @property
    def _op(self) -> str:
        """The name of the operation, such as `*`, `**2` or `ReLU`; empty for a leaf."""
        return self._rule.name

    @property
    def _backward(self) -> Callable[[], object]:
        """A function that adds what this node's `grad` means for its operands to theirs.

        Assign another to say yourself how the node differentiates, as programs for the classic micrograd do. It goes
        before the table, whatever the operation is called.
        """
        return self._rule.hand_on if isinstance(self._rule, ops.OwnOp) else partial(_hand_on, self)

    @_backward.setter
    def _backward(self, hand_on: Callable[[], object]) -> None:
        if not callable(hand_on):
            raise TypeError(f"_backward of {self!r} must be a function without arguments, got {hand_on!r}")
        self._rule = ops.OwnOp(self._op, hand_on)

    @staticmethod
    def _record(rule: Op, a: Any, b: Any = _ABSENT) -> Value:
        """Apply `rule` to one or two operands and remember it. A number among them becomes a leaf."""
        if not isinstance(a, Value) and (a := _to_leaf(a, rule)) is NotImplemented:
            return NotImplemented  # type: ignore[no-any-return]
        if b is _ABSENT:
            b = None
        elif not isinstance(b, Value) and (b := _to_leaf(b, rule)) is NotImplemented:
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

    def exp(self) -> Value:
        """`e` to the power of this Value; inf above about 709.8. `torch.exp`.

        >>> Value(0.0).exp().data
        1.0
        """
        return self._record(ops.exp, self)

    def log(self) -> Value:
        """The natural logarithm; -inf at 0, nan below. `torch.log`.

        >>> Value(1.0).log().data
        0.0
        """
        return self._record(ops.log, self)

    def sqrt(self) -> Value:
        """The square root; nan below 0. `torch.sqrt`.

        >>> Value(9.0).sqrt().data
        3.0
        """
        return self._record(ops.sqrt, self)

    def tanh(self) -> Value:
        """The hyperbolic tangent, between -1 and 1. `torch.tanh`.

        >>> Value(0.0).tanh().data
        0.0
        """
        return self._record(ops.tanh, self)

    def sigmoid(self) -> Value:
        """The logistic function `1 / (1 + exp(-self))`, between 0 and 1. `torch.sigmoid`.

        >>> Value(0.0).sigmoid().data
        0.5
        """
        return self._record(ops.sigmoid, self)

    def sin(self) -> Value:
        """The sine of this Value in radians; nan at infinity. `torch.sin`.

        >>> Value(0.0).sin().data
        0.0
        """
        return self._record(ops.sin, self)

    def cos(self) -> Value:
        """The cosine of this Value in radians; nan at infinity. `torch.cos`.

        >>> Value(0.0).cos().data
        1.0
        """
        return self._record(ops.cos, self)

    def maximum(self, other: Value | float) -> Value:
        """The larger of the two, nan if either is; at a tie each gets half of the gradient. `torch.maximum`.

        >>> Value(2.0).maximum(3).data
        3.0
        """
        result: Value = ops.maximum(self, other)
        return result

    def minimum(self, other: Value | float) -> Value:
        """The smaller of the two, nan if either is; at a tie each gets half of the gradient. `torch.minimum`.

        >>> Value(2.0).minimum(3).data
        2.0
        """
        result: Value = ops.minimum(self, other)
        return result

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
        order = graph.topological_order(self)
        rules = {node._rule for node in order if node._a is not None}
        ops.check_differentiable(rules)
        if any(rule.flat for rule in rules):
            order = graph.carrying_gradient(order)
        # Where a sum begins: even a zero keeps its sign when it is added. A node's own rule may not add anything.
        nothing = 0.0 if any(isinstance(rule, ops.OwnOp) for rule in rules) else -0.0
        leaves = [node for node in order if node._a is None]
        with graph.accumulating:  # other threads may share the leaves
            before = [leaf.grad for leaf in leaves]
            node = self
            try:
                for node in order:
                    node.grad = nothing
                self.grad = 1.0
                for node in reversed(order):
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
                gradients = [to_float(leaf.grad, "backward") for leaf in leaves]
                graph.set_gradients(leaves, before)
                graph.accumulate(leaves, gradients)
                for leaf in leaves:
                    if isinstance(leaf._rule, ops.OwnOp):
                        leaf._rule.hand_on()
            except BaseException as error:
                graph.set_gradients(leaves, before)
                if isinstance(error, Exception):
                    error.add_note(
                        f"raised by the derivative of operation {node._op!r}, which must return a tuple with a number "
                        f"for each of its {len(node._prev)} operands"
                    )
                raise

    def __copy__(self) -> Value:
        return twin(self, self._prev)

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        return deepcopy_graph(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        return reduce_node(self)


def constant(number: float) -> Value:
    """The leaf of a plain number: a Value like others, but marked as one that nobody will change."""
    leaf = Value(number)
    leaf._rule = ops.CONSTANT
    return leaf


def _to_leaf(number: Any, rule: Op) -> Any:
    if type(number) is float:
        return constant(number)
    return NotImplemented if is_foreign(number, rule.name) else constant(to_float(number, rule.name))


def _hand_on(node: Value) -> None:
    """Add to the gradients of a node's operands, as `backward` does for one node after the other."""
    if node._prev:
        ops.check_differentiable([node._rule])
        parts = node._rule.pull(node.grad or 0.0, node._data, *[operand._data for operand in node._prev])
        for operand, part in zip(node._prev, parts, strict=True):
            operand.grad = (operand.grad or 0.0) + part
