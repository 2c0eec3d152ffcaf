"""Functions of several Values that are made of rows of the table."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import reduce
from typing import Any, overload

from micrograd.engine import ops
from micrograd.engine.choice import choose
from micrograd.engine.number import to_float, to_list
from micrograd.engine.value import Value, constant

LARGEST = sys.float_info.max


@overload
def where(condition: Value | float, a: Value, b: Value | float) -> Value: ...
@overload
def where(condition: Value | float, a: Value | float, b: Value) -> Value: ...
@overload
def where(condition: Value | float, a: float, b: float) -> float: ...
def where(condition: Value | float, a: Value | float, b: Value | float) -> Value | float:
    """`a` where the condition holds, else `b`. `torch.where`.

    No gradient goes to what is not chosen, however often you differentiate: there it cannot become nan, as in PyTorch
    it does where that branch has an infinite slope. Nor is there one for the condition.

    In a compiled function the condition is decided for each sample, and `a` and `b` are both computed. Write it with a
    comparison, such as `x > 0`, which there is 1 or 0; several are joined by `*`.

    Args:
        condition: What a comparison gives, or a number or Value, which holds where it is not 0; nan does.
        a: A Value or a number.
        b: A Value or a number.

    Returns:
        A Value; of two numbers a number, if the condition is decided.

    Raises:
        TypeError: If one of them is neither a number nor a Value.

    Example:
        >>> x = Value(0.0)
        >>> y = where(x > 0, x.log(), 3 * x)
        >>> y.backward()
        >>> y.data, x.grad
        (0.0, 3.0)
    """
    a, b = (branch if isinstance(branch, Value) else to_float(branch, "where") for branch in (a, b))
    chosen = choose(condition, a, b)
    if isinstance(chosen, Value) or not (isinstance(a, Value) or isinstance(b, Value)):
        return chosen  # type: ignore[no-any-return]
    return constant(chosen)


def logsumexp(values: Iterable[Value | float]) -> Value:
    """The logarithm of the sum of the exponentials, a smooth maximum, where no `exp` overflows. `torch.logsumexp`.

    Its gradients are the softmax of the values.

    Args:
        values: Values, or numbers among them; at least one.

    Returns:
        A Value; of numbers alone, a number.

    Raises:
        TypeError: If one is neither a number nor a Value, or they are a dict, a set or no list at all.
        ValueError: If there are none.

    Example:
        >>> a, b = Value(1000.0), Value(1000.0)
        >>> y = logsumexp([a, b])
        >>> y.backward()
        >>> y.data, a.grad
        (1000.6931471805599, 0.5)
    """
    terms: list[Any] = [
        term if isinstance(term, Value) else to_float(term, "logsumexp") for term in to_list(values, "logsumexp")
    ]
    if not terms:
        raise ValueError("logsumexp takes at least one Value, got none")
    largest = ops.clamp_max(ops.clamp_min(reduce(ops.maximum, terms), -LARGEST), LARGEST)  # takes no inf from inf
    shift = ops.detach(largest)  # taken off and put back, it adds nothing to the gradient
    total = sum((ops.exp(term - shift) for term in terms[1:]), ops.exp(terms[0] - shift))
    return ops.log(total) + shift  # type: ignore[no-any-return]


def atan2(y: Value | float, x: Value | float) -> Value:
    """The angle of the point (x, y) in radians, from -pi to pi. `torch.atan2`.

    Its derivative at the origin, where there is no direction, is 0.

    Args:
        y: How far up, a Value or a number.
        x: How far to the right.

    Returns:
        A Value; of two numbers a number.

    Raises:
        TypeError: If one is neither a number nor a Value.

    Example:
        >>> atan2(Value(1.0), Value(-1.0)).data  # 3/4 pi
        2.356194490192345
    """
    return ops.atan2(y, x)  # type: ignore[no-any-return]
