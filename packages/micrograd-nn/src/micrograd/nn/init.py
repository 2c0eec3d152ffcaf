"""Where weights start. Counterpart: `torch.nn.init`."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Literal, TypeAlias

from micrograd.engine import Value
from micrograd.nn.inputs import choice, integer, is_number, shown

Init: TypeAlias = Literal["kaiming", "glorot"] | Callable[[int, int], float] | None
"""None, a name or a function: it draws one weight, given the numbers of inputs and of outputs of the layer."""


def draw_weights(owner: str, nin: int, nout: int, init: Init) -> list[Value]:
    """Draw the weights of one output of a layer, from Python's global `random`.

    Args:
        owner: Who wants them; for the error messages.
        nin: The number of inputs, at least 1: as many weights there are.
        nout: The number of outputs of the layer, at least 1.
        init: How one is drawn: None for the classic start, uniform from -1 to 1; "kaiming" for uniform up to
            `sqrt(6 / nin)`, which suits relu (He et al., "Delving Deep into Rectifiers", ICCV 2015); "glorot" for
            uniform up to `sqrt(6 / (nin + nout))` (Glorot and Bengio, "Understanding the Difficulty of Training Deep
            Feedforward Neural Networks", AISTATS 2010); or a function of `nin` and `nout`.

    Returns:
        The weights.

    Raises:
        ValueError: If `nin` or `nout` is not an int of at least 1, `init` is none of these, or it draws what is no
            finite number.

    Example:
        >>> draw_weights("example", 2, 1, lambda nin, nout: 1 / nin)
        [Value(data=0.5, grad=0.0), Value(data=0.5, grad=0.0)]
    """
    nin, nout = integer(owner, "nin", nin), integer(owner, "nout", nout)
    draw = choice(owner, "init", init, _STARTS)
    weights = [draw(nin, nout) for _ in range(nin)]
    for weight in weights:
        if not (is_number(weight) and math.isfinite(weight)):
            raise ValueError(f"{owner}: init must draw finite numbers, got {shown(weight)}")
    return [Value(weight) for weight in weights]


def _uniform(bound: float) -> float:
    return random.uniform(-bound, bound)


_STARTS: dict[str | None, Callable[[int, int], float]] = {
    None: lambda nin, nout: _uniform(1),
    "kaiming": lambda nin, nout: _uniform(math.sqrt(6 / nin)),
    "glorot": lambda nin, nout: _uniform(math.sqrt(6 / (nin + nout))),
}
