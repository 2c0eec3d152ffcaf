"""The functions of micrograd.nn, and the Modules that PyTorch has for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import nn

from micrograd.nn.functions import (
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)

_FUNCTIONS: list[tuple[Any, Callable[..., nn.Module], dict[str, Any]]] = [
    (relu, nn.ReLU, {}),
    (tanh, nn.Tanh, {}),
    (sigmoid, nn.Sigmoid, {}),
    (leaky_relu, nn.LeakyReLU, {}),
    (gelu, nn.GELU, {}),
    (silu, nn.SiLU, {}),
    (softplus, nn.Softplus, {}),
    (softmax, nn.Softmax, {"dim": -1}),
    (log_softmax, nn.LogSoftmax, {"dim": -1}),
]
_SETTINGS = {leaky_relu: "negative_slope", gelu: "approximate"}  # by the same name here and there


def function_to_torch(function: Any) -> nn.Module | None:
    """The Module for a function, or for a partial that sets what that Module can be set to; None if there is none."""
    bare, settings = function, {}
    if isinstance(function, partial) and not function.args:
        bare, settings = function.func, function.keywords
    for ours, kind, fixed in _FUNCTIONS:
        if bare is ours and settings.keys() <= {_SETTINGS.get(ours)}:
            return kind(**fixed, **settings)
    return None


def function_from_torch(net: nn.Module) -> Any:
    """The function for a Module, as a partial where it is set to something else than usual; None if there is none.

    Raises:
        ValueError: If it is set to something that the function cannot be.
    """
    for ours, kind, fixed in _FUNCTIONS:
        if type(net) is kind:
            usual, given = _settings(kind(**fixed)), _settings(net)
            changed = {name: value for name, value in given.items() if value != usual.get(name)}
            if not changed.keys() <= {_SETTINGS.get(ours)}:
                name, value = next(item for item in changed.items() if item[0] != _SETTINGS.get(ours))
                raise ValueError(f"has {name}={value!r}, and {ours.__name__} only knows {name}={usual.get(name)!r}")
            return partial(ours, **changed) if changed else ours
    return None


def _settings(net: nn.Module) -> dict[str, Any]:
    """What a Module of PyTorch is set to. Whether it works in place does not change results."""
    return {key: value for key, value in vars(net).items() if key not in ("training", "inplace") and key[0] != "_"}
