"""One of two: `where`, and how it is decided.

A condition that has a number is decided at once, as an `if` is. The branch that is not taken is no part of the graph,
so no gradient goes there, and none can come back as nan. While a function is traced the number is not known yet, and
the choice is recorded: `where(condition, a) + where(not condition, b)`, of which one is a zero that changes no sum.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from micrograd.engine import ops
from micrograd.engine.number import on_read, to_float

if TYPE_CHECKING:
    from micrograd.engine.value import Value


def is_traced() -> bool:
    """Whether this thread runs a function to see what it does."""
    return threading.get_ident() in on_read


def choose(condition: Value | float, a: Any, b: Any) -> Any:
    """`a` if the condition holds, which is where it is not 0, else `b`."""
    if not hasattr(condition, "_record"):
        return a if to_float(condition, "where") else b
    if is_traced():
        return ops.where(condition, a) + ops.where(ops.not_(condition), b)
    return a if condition else b


# A gradient goes into both branches of a choice that is recorded. What it is in the one that will not be chosen is
# thrown away where it has come out again. To make it 0 on its way in would not do: behind an infinite slope, 0 becomes
# nan. So `grad` keeps, for what a gradient does not always come to, the condition under which it does.


def both(condition: Value | None, another: Value) -> Value:
    """A condition that holds where two do; None always does."""
    together: Value = another if condition is None else ops.where(condition, another)
    return together


def either(condition: Value | None, another: Value | None) -> Value | None:
    """A condition that holds where one of two does; None always does."""
    if condition is None or another is None or _opposite(condition, another) or _opposite(another, condition):
        return None
    one: Value = ops.not_(ops.not_(condition) * ops.not_(another))
    return one


def _opposite(condition: Value, another: Value) -> bool:
    return another._rule is ops.not_ and another._a is condition


def held(condition: Value | None, gradient: Value) -> Value:
    """A gradient where the condition holds, else a zero that changes no sum."""
    part: Value = gradient if condition is None else ops.where(condition, gradient)
    return part
