"""The choice of an activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from micrograd.engine import Value
from micrograd.nn.functions import ACTIVATIONS
from micrograd.nn.inputs import choice, described

Nonlin: TypeAlias = bool | str | Callable[[Value], Value]
"""True for relu, False for nothing, the name of an activation, or a function."""


def check_nonlin(owner: str, nonlin: Nonlin) -> Nonlin:
    """The choice, as it is.

    Raises:
        ValueError: If it is none.
    """
    choice(owner, "nonlin", nonlin, ACTIVATIONS)
    return nonlin


def activate(owner: str, nonlin: Nonlin, act: Value) -> Value:
    """Apply an activation.

    Args:
        owner: Whose it is, for the error messages.
        nonlin: The choice, which may have been replaced since it was checked.
        act: What to apply it to.

    Returns:
        The result.

    Raises:
        ValueError: If it is no choice.
        TypeError: If a function does not return a Value.
    """
    out = choice(owner, "nonlin", nonlin, ACTIVATIONS)(act)
    if not isinstance(out, Value):
        raise TypeError(
            f"{owner}: nonlin must return a Value, got {described(out)}; a number has no gradient, so write "
            "v.tanh() for math.tanh(v)"
        )
    return out
