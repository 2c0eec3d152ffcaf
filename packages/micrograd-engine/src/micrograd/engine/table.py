"""The table as a whole: a row is found by its name, and others are added."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from micrograd.engine.number import to_float
from micrograd.engine.op import Op, undefined
from micrograd.engine.ops import OPS, power


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
    if not name or lookup(name).vjp is not undefined:
        raise ValueError(f"cannot define operation {name!r}: the name is empty or taken; choose another")
    OPS[name] = Op(name, _to_floats(name, forward), vjp, flat)
    return OPS[name]


def _to_floats(name: str, forward: Callable[..., float]) -> Callable[..., float]:
    """`forward`, but what it returns is a float: other numbers would compute on in their own way."""

    @wraps(forward)
    def checked(*operands: Any) -> Any:
        result = forward(*operands)
        if type(result) is float or hasattr(result, "_record"):  # a Value, when it is traced
            return result
        return to_float(result, f"operation {name!r}, whose forward must return a float,")

    return checked


def lookup(name: str) -> Op:
    """The row called `name`; for `**2` and the like, made on demand; for an unknown name, a row without derivative."""
    if name in OPS:
        return OPS[name]
    if name.startswith("**"):
        try:
            return power(float(name[2:]))
        except ValueError:
            pass
    return Op(name, lambda *operands: math.nan, undefined)
