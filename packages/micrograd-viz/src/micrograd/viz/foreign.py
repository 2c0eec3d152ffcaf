"""What the engine's table says about the operations of other classes.

These have a name and numbers, and no rule. A row of the table is theirs if it has that name and, for their operands,
that result: a function that is called `tanh` and computes something else is not differentiated as tanh.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence, Set
from typing import Any, NoReturn

from micrograd.engine import OPS, Op, check_differentiable, lookup
from micrograd.viz import text

CLOSE = 1e-6  # so that numbers of single precision will do

_OTHER_NAMES = {
    "-": Op("a - b", operator.sub, lambda g, out, a, b: (g, -g)),
    "relu": OPS["ReLU"],
}
"""Operations that the engine composes of others, or spells otherwise."""


def operands(value: Any, rank: Callable[[Any], int]) -> tuple[Any, ...]:
    """What an object of another class was computed from.

    A set has neither the order of the operands nor the second edge of `a * a`, and is in another order each time. Both
    are what the result says they were. If it does not tell, as for a sum, that to which something is added comes first,
    and then they are in the order of the labels, which is their `rank`, and of their numbers.
    """
    given = () if value._prev is None else tuple(value._prev)
    if not isinstance(value._prev, Set):
        return given

    def order(operand: Any) -> tuple[bool, int, float]:
        try:
            return str(operand._op) != str(value._op), rank(operand), float(operand.data)
        except (AttributeError, TypeError, ValueError, OverflowError):  # it is no node, as will be said
            return True, rank(operand), 0.0

    given = tuple(sorted(given, key=order))
    return next((way for way in (given, given[::-1], given * 2) if _is_result(value, way)), given)


def rule(value: Any, operands: Sequence[Any]) -> Op:
    """The row of what another class computed; if there is none, one that says why when a derivative is wanted."""
    if _is_result(value, operands):
        return _row(value._op)
    name = text.operation(value._op)

    def refuse(*_: Any) -> NoReturn:
        check_differentiable([_row(value._op)])
        raise NotImplementedError(
            f"derivatives come from the engine's table, where {name!r} is another operation than that of this "
            f"{text.kind(value)}, for which {name}({', '.join(str(each.data) for each in operands)}) is {value.data}; "
            "compute it again if a number has changed since, or give an operation of your own another name"
        )

    return Op(name, lambda *_: math.nan, refuse)


def _row(op: object) -> Op:
    return OPS.get(str(op)) or _OTHER_NAMES.get(str(op)) or lookup(str(op))


def _is_result(value: Any, operands: Sequence[Any]) -> bool:
    """Whether the table has the operation, and it gives the number of `value`."""
    row = _row(value._op)
    try:
        check_differentiable([row])
        data, computed = float(value.data), row.forward(*[float(operand.data) for operand in operands])
    except (NotImplementedError, AttributeError, TypeError, ValueError, OverflowError):  # or it takes other operands
        return False
    return math.isclose(computed, data, rel_tol=CLOSE, abs_tol=CLOSE) or (math.isnan(computed) and math.isnan(data))
