"""The table of operations: how each one computes, and how it differentiates.

This is the only place in micrograd where a derivative is written. A row has a name, a `forward` on floats, and a `vjp`
(vector-Jacobian product, the chain rule for one node): given `g`, the gradient of the final output with respect to the
node's result `out`, it returns the gradient with respect to each operand.

A `vjp` is plain arithmetic and other rows, so whatever has arithmetic can read it. `Value.backward` passes floats and
gets numbers. `grad` passes Values and gets Values, which can be differentiated again, drawn, or compiled.

The derivatives at the edges (0, inf, nan) are those of `torch.float64`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any

from micrograd.engine import ieee
from micrograd.engine.operands import to_float


class Op:
    """One row of the table. Rows are told apart by identity, as Values are: two of one name are two operations.

    Calling a row applies it: to floats it computes a float, to Values it records a node.

    Attributes:
        name: What `Value._op` shows and graphs print.
        forward: Takes one or two floats, returns a float, never raises.
        vjp: Takes `(g, out, a)` or `(g, out, a, b)`, all floats or all Values; returns one gradient for each operand.
        flat: The places of the operands along which the function has steps and is flat between them. No gradient goes
            there, which is less than 0: behind an infinite slope, 0 would become nan.

    Example:
        >>> from micrograd.engine import OPS, Value
        >>> OPS["exp"](0.0), OPS["exp"](Value(0.0))
        (1.0, Value(data=1.0, grad=0.0))
    """

    __slots__ = ("name", "forward", "vjp", "flat")

    def __init__(
        self,
        name: str,
        forward: Callable[..., float],
        vjp: Callable[..., tuple[Any, ...]],
        flat: Iterable[int] = (),
    ) -> None:
        self.name, self.forward, self.vjp, self.flat = name, forward, vjp, frozenset(flat)

    def __repr__(self) -> str:
        return f"Op({self.name!r})"

    def pull(self, g: Any, out: Any, *operands: Any) -> tuple[Any, ...]:
        """What `vjp` returns, if that is a gradient for each operand.

        Raises:
            ValueError: If it is not.
        """
        parts = self.vjp(g, out, *operands)
        if not isinstance(parts, (tuple, list)) or len(parts) != len(operands):
            raise ValueError(
                f"the derivative of operation {self.name!r} must return {len(operands)} gradients, one for each "
                f"operand, got {parts!r}; (g,) is a tuple of one"
            )
        return tuple(parts)

    def __call__(self, *operands: Any) -> Any:
        """Compute with floats, or record a node if any operand is a Value.

        Raises:
            TypeError: If an operand is neither a number nor a Value.
        """
        values = [operand for operand in operands if hasattr(operand, "_record")]
        if values:
            special = max(values, key=lambda value: len(type(value).__mro__))  # a subclass has its own way to record
            node = special._record(self, *operands)
            if node is not NotImplemented:
                return node
        return self.forward(*[to_float(operand, self.name) for operand in operands if not hasattr(operand, "_record")])


class OwnOp(Op):
    """The operation of one node that says itself how it hands its gradient on, as in the classic micrograd.

    Attributes:
        hand_on: Reads the node's `grad` and adds to that of its operands.
    """

    __slots__ = ("hand_on",)

    def __init__(self, name: str, hand_on: Callable[[], object]) -> None:
        super().__init__(name, lambda *operands: math.nan, self._hand_on)
        self.hand_on = hand_on

    def _hand_on(self, g: float, out: float, *operands: float) -> tuple[float, ...]:
        """Stands in the place of a `vjp`, and has no more to add."""
        self.hand_on()
        return (-0.0,) * len(operands)  # x + -0.0 is x, bit for bit


def _undefined(*_: Any) -> tuple[Any, ...]:
    """Stands for the derivative that a leaf, or a name that nobody has defined, does not have."""
    raise NotImplementedError


LEAF = Op("", lambda: math.nan, _undefined)
CONSTANT = Op("", lambda: math.nan, _undefined)  # the leaf that a plain number became: nobody will change it
OPS: dict[str, Op] = {}


def define(
    name: str, forward: Callable[..., float], vjp: Callable[..., tuple[Any, ...]], flat: Iterable[int] = ()
) -> Op:
    """Add a row to the table.

    Args:
        name: The name of the operation, not yet in the table.
        forward: The function on one or two floats. It should return inf or nan rather than raise.
        vjp: The derivative, `(g, out, a) -> (da,)` or `(g, out, a, b) -> (da, db)`, in arithmetic and other rows.
        flat: The places of operands that no gradient goes to, as for the argument of a step function; none by default.
            There `vjp` returns -0.0, which changes no sum.

    Returns:
        The row, to be called on Values and numbers.

    Raises:
        ValueError: If the name is empty or taken, or reads as a constant power such as `**2`.

    Example:
        >>> from micrograd.engine import Value, define
        >>> cube = define("cube", lambda a: a * a * a, lambda g, out, a: (g * 3 * a * a,))
        >>> x = Value(2.0)
        >>> cube(x).backward()
        >>> x.grad
        12.0
    """
    if not name or lookup(name).vjp is not _undefined:
        raise ValueError(f"cannot define operation {name!r}: the name is empty or taken; choose another")
    return _add(name, _to_floats(name, forward), vjp, flat)


def _to_floats(name: str, forward: Callable[..., float]) -> Callable[..., float]:
    """`forward`, but what it returns is a float: other numbers would compute on in their own way."""

    @wraps(forward)
    def checked(*operands: Any) -> Any:
        result = forward(*operands)
        if type(result) is float or hasattr(result, "_record"):  # a Value, when it is traced
            return result
        return to_float(result, f"operation {name!r}, whose forward must return a float,")

    return checked


def _add(name: str, forward: Callable[..., float], vjp: Callable[..., tuple[Any, ...]], flat: Iterable[int] = ()) -> Op:
    """Put a row into the table."""
    OPS[name] = Op(name, forward, vjp, flat)
    return OPS[name]


def lookup(name: str) -> Op:
    """The row called `name`; for `**2` and the like, made on demand; for an unknown name, a row without derivative."""
    if name in OPS:
        return OPS[name]
    if name.startswith("**"):
        try:
            return power(float(name[2:]))
        except ValueError:
            pass
    return Op(name, lambda *operands: math.nan, _undefined)


def check_differentiable(rules: Iterable[Op], *, again: bool = False) -> None:
    """Refuse operations that have no derivative.

    Args:
        rules: The operations of a graph.
        again: Whether the derivative is to be a graph itself, which no node's own function makes.

    Raises:
        NotImplementedError: If one of `rules` has no derivative.
    """
    for rule in rules:
        if rule.vjp is _undefined:
            raise NotImplementedError(
                f"operation {rule.name!r} has no derivative; add its row to the table with "
                f"micrograd.engine.define({rule.name!r}, ...), or give the node a _backward of its own"
            )
        if again and isinstance(rule, OwnOp):
            raise NotImplementedError(
                f"a node called {rule.name!r} has a _backward of its own, which works on numbers: it can be neither "
                f"differentiated again nor compiled; make it a row with micrograd.engine.define({rule.name!r}, ...)"
            )


# Helpers: derivatives need them, most where a function has a corner. They are rows too, so that such a derivative can
# itself be differentiated and compiled.

gate: Op = _add(  # g where x is above 0, else 0, even if g is inf or nan: multiplying by a 0 or 1 would not do
    "gate",
    lambda g, x: 0.0 if x <= 0 else g,
    lambda h, out, g, x: (gate(h, x), 0.0),
)
sign: Op = _add("sign", ieee.sign, lambda g, out, a: (-0.0,), flat={0})
share: Op = _add(  # how much of a maximum's gradient goes to a: all, half at a tie, or nothing
    "share",
    lambda a, b: 0.0 if a < b else 0.5 if a == b else 1.0,
    lambda g, out, a, b: (-0.0, -0.0),
    flat={0, 1},
)
divide: Op = _add(  # 0 / 1e-310 is 0, where 0 * (1 / 1e-310) is nan
    "/",
    ieee.divide,
    lambda g, out, a, b: (divide(g, b), -g * divide(out, b)),
)

# Arithmetic. Subtraction and division have no rows: a - b is a + (b * -1), and a / b is a * b**-1.

add: Op = _add("+", operator.add, lambda g, out, a, b: (g, g))
mul: Op = _add("*", operator.mul, lambda g, out, a, b: (g * b, g * a))


class Power(Op):
    """The row of `a ** exponent` for a constant exponent; `power` makes it.

    Attributes:
        exponent: The constant.
    """

    __slots__ = ("exponent",)

    def __init__(self, exponent: float) -> None:
        super().__init__(
            f"**{exponent:g}" if float(f"{exponent:g}") == exponent else f"**{exponent!r}",
            ieee.to_the(exponent),
            lambda g, out, a: (g * (exponent * power(exponent - 1.0)(a)) if exponent else 0.0,),
        )
        self.exponent = exponent


@lru_cache(maxsize=1024)
def power(exponent: float) -> Power:
    """The row of `a ** exponent` for a constant exponent, called `**2` for a square. d(aᶜ)/da = c aᶜ⁻¹.

    Args:
        exponent: The constant; any float.

    Returns:
        A row with one operand.
    """
    return Power(exponent)


# Both operands vary: d(aᵇ)/da = b aᵇ⁻¹, d(aᵇ)/db = aᵇ ln a. The gates put a 0 where the exponent is 0, and where
# the base is 0 and the exponent is not negative: the constant pieces of the function, where the formulas give nan.
pow_: Op = _add(
    "**",
    ieee.power,
    lambda g, out, a, b: (
        gate(g * (b * pow_(a, b - 1.0)), abs(b)),
        g * gate(out * log(a), maximum(abs(a), -b)),
    ),
)
abs_: Op = _add("abs", math.fabs, lambda g, out, a: (g * sign(a),))
maximum: Op = _add("max", ieee.maximum, lambda g, out, a, b: _split(g, share(a, b), share(b, a)))
minimum: Op = _add("min", ieee.minimum, lambda g, out, a, b: _split(g, share(b, a), share(a, b)))


def _split(g: Any, to_a: Any, to_b: Any) -> tuple[Any, Any]:
    return gate(g * to_a, to_a), gate(g * to_b, to_b)


# Functions of one operand. relu' is 1 above zero and 0 at zero and below; |a|' is 0 at 0.

relu: Op = _add("ReLU", lambda a: 0.0 if a < 0 else a, lambda g, out, a: (gate(g, out),))
exp: Op = _add("exp", ieee.exp, lambda g, out, a: (g * out,))
log: Op = _add("log", ieee.log, lambda g, out, a: (divide(g, a),))
sqrt: Op = _add("sqrt", ieee.sqrt, lambda g, out, a: (divide(g, 2.0 * out),))
tanh: Op = _add("tanh", math.tanh, lambda g, out, a: (g * (1.0 - out * out),))
sigmoid: Op = _add("sigmoid", ieee.sigmoid, lambda g, out, a: (g * (1.0 - out) * out,))
sin: Op = _add("sin", ieee.sin, lambda g, out, a: (g * cos(a),))
cos: Op = _add("cos", ieee.cos, lambda g, out, a: (g * -sin(a),))
