"""Modules and functions of one's own, as what they compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn

from micrograd.nn.interop.pair import Pair


def trace_to_net(function: Callable[..., Any], example: Sequence[Any]) -> tuple[nn.Module, list[Pair]]:
    """A Module of PyTorch that computes what a function of Values does.

    Args:
        function: The function, or a Module.
        example: Its arguments for one sample.

    Returns:
        The Module, and its parameters beside the tensors of the model.

    Raises:
        NotImplementedError: Always, so far.
    """
    name = getattr(function, "__name__", type(function).__name__)
    raise NotImplementedError(f"to_torch: {name} is no network of known parts, and traced functions do not go over yet")
