"""What both directions speak of."""

from __future__ import annotations

from typing import NamedTuple

from torch import nn

from micrograd.engine import Value


class Pair(NamedTuple):
    """A tensor here and there.

    Attributes:
        name: Its name in the model.
        values: Its Values, row by row.
        parameter: The tensor of PyTorch.
    """

    name: str
    values: list[Value]
    parameter: nn.Parameter


class UnknownError(ValueError):
    """What has no counterpart on the other side, by its place."""
