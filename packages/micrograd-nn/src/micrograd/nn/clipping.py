"""Gradients that are cut down before a step, so that one bad batch cannot throw the parameters far away."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce

from micrograd.engine import Value, assign, ops, to_float
from micrograd.nn.inputs import described, flag, is_number, non_negative, shown


def clip_grad_norm_(
    parameters: Value | Iterable[Value],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale all gradients by one factor, so that their norm is at most `max_norm`: their direction stays.

    Call it between `backward` and `step`. Counterpart: `torch.nn.utils.clip_grad_norm_`. Source: Pascanu, Mikolov and
    Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.

    Args:
        parameters: Values, or a single one; one that comes twice counts once. A `grad` of None counts as 0, and stays.
        max_norm: The largest norm, at least 0. As in PyTorch, 1e-6 is added to the norm before it is compared.
        norm_type: The `p` of the norm `(Σ |g|ᵖ)^(1/p)`, above 0; `math.inf` for the largest `|g|`.
        error_if_nonfinite: Whether a norm that is nan or infinite is an error. If not, the gradients become nan, or 0
            where they are finite and the norm is infinite.

    Returns:
        The norm of the gradients as they were.

    Raises:
        TypeError: If one of the parameters is not a Value, or its gradient not a number.
        ValueError: If `max_norm` or `norm_type` is out of range.
        RuntimeError: If the norm is not finite and `error_if_nonfinite` is True. In all cases no gradient has changed.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> (3 * a + 4 * b).backward()
        >>> clip_grad_norm_([a, b], max_norm=1.0)
        5.0
        >>> f"{a.grad:.3f} {b.grad:.3f}"
        '0.600 0.800'
    """
    name = "clip_grad_norm_"
    max_norm = non_negative(name, "max_norm", max_norm)
    if not (is_number(norm_type) and norm_type > 0):
        raise ValueError(f"{name}: norm_type must be a number above 0, such as 2 or math.inf, got {shown(norm_type)}")
    strict = flag(name, "error_if_nonfinite", error_if_nonfinite)
    carriers, gradients = _gradients(name, parameters)
    norm = _norm(gradients, float(norm_type))
    if strict and not math.isfinite(norm):
        raise RuntimeError(
            f"{name}: the norm of the gradients is {norm}, so they cannot be clipped; find_anomaly(loss) of "
            "micrograd.engine says where it began"
        )
    factor = ops.clamp_max(1 / (norm + 1e-6) * max_norm, 1.0)  # torch too rounds twice
    assign((carriers, "grad", [gradient * factor for gradient in gradients]))
    return norm


def clip_grad_value_(parameters: Value | Iterable[Value], clip_value: float) -> None:
    """Hold every gradient between `-clip_value` and `clip_value`. Counterpart: `torch.nn.utils.clip_grad_value_`.

    Call it between `backward` and `step`.

    Args:
        parameters: Values, or a single one. A `grad` of None counts as 0, and stays.
        clip_value: The largest size of a gradient, at least 0.

    Raises:
        TypeError: If one of the parameters is not a Value, or its gradient not a number.
        ValueError: If `clip_value` is out of range. In both cases no gradient has changed.

    Example:
        >>> a, b = Value(1.0), Value(2.0)
        >>> (3 * a - 0.25 * b).backward()
        >>> clip_grad_value_([a, b], 0.5)
        >>> a.grad, b.grad
        (0.5, -0.25)
    """
    bound = non_negative("clip_grad_value_", "clip_value", clip_value)
    carriers, gradients = _gradients("clip_grad_value_", parameters)
    assign((carriers, "grad", [ops.clamp_max(ops.clamp_min(gradient, -bound), bound) for gradient in gradients]))


def _gradients(name: str, parameters: Value | Iterable[Value]) -> tuple[list[Value], list[float]]:
    """The parameters that have a gradient, each once, and their gradients."""
    given = list(parameters) if isinstance(parameters, Iterable) else [parameters]
    for parameter in given:
        if not isinstance(parameter, Value):
            raise TypeError(f"{name} takes Values, such as model.parameters(), got {described(parameter)}")
    carriers = [parameter for parameter in dict.fromkeys(given) if parameter.grad is not None]
    return carriers, [to_float(parameter.grad, f"{name}: the gradient of a parameter") for parameter in carriers]


def _norm(gradients: list[float], p: float) -> float:
    """`(Σ |g|ᵖ)^(1/p)`, in arithmetic that never raises."""
    sizes = [abs(gradient) for gradient in gradients]
    norm: float = reduce(ops.maximum, sizes, 0.0) if p == math.inf else ops.power(1 / p)(sum(map(ops.power(p), sizes)))
    return norm
