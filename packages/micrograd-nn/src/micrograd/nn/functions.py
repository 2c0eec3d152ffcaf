"""Functions of one number, which activations are, and of a list of them: with the names and results of PyTorch's.

They are made of operations that never look at a Value's data, so they can be differentiated any number of times, and
traced.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import reduce, wraps
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeAlias, overload

from micrograd.engine import Value, ops, to_float, where
from micrograd.engine import logsumexp as logsumexp_of_row
from micrograd.nn.inputs import shown, to_sequence

Numbers: TypeAlias = Value | float | Iterable[Any]
"""A Value, a number, or lists of them."""

Options = ParamSpec("Options")


class Elementwise(Protocol[Options]):
    """A function that returns what it takes: a Value, a number, or lists of them."""

    @overload
    def __call__(self, x: Value, /, *args: Options.args, **kwargs: Options.kwargs) -> Value: ...
    @overload
    def __call__(self, x: float, /, *args: Options.args, **kwargs: Options.kwargs) -> float: ...
    @overload
    def __call__(self, x: Iterable[Any], /, *args: Options.args, **kwargs: Options.kwargs) -> list[Any]: ...


def _elementwise(function: Callable[Concatenate[Any, Options], Any]) -> Elementwise[Options]:
    """Let a function of a Value or a number take lists of them as well, nested to any depth."""

    @wraps(function)
    def mapped(x: Any, /, *args: Options.args, **kwargs: Options.kwargs) -> Any:
        if not isinstance(x, Value):
            x = to_sequence(x, f"{function.__name__}: x")
            if isinstance(x, (list, tuple)):
                return [mapped(part, *args, **kwargs) for part in x]
            x = to_float(x, function.__name__)
        return function(x, *args, **kwargs)

    return mapped


def _rowwise(function: Callable[[Any], Any]) -> Callable[[Numbers], Any]:
    """Let a function of a list of Values and numbers take any row of them, and nested lists, row by row."""
    name = function.__name__

    @wraps(function)
    def mapped(x: Any, /) -> Any:
        row = to_sequence(x, f"{name}: x")
        if not isinstance(row, (list, tuple)):
            raise TypeError(f"{name} takes a list of Values and numbers, or lists of such lists, got {shown(x)}")
        if not row:
            raise ValueError(f"{name} takes at least one Value, got an empty {type(x).__name__}")
        parts = [part if isinstance(part, Value) else to_sequence(part, f"{name}: x") for part in row]
        if any(isinstance(part, (list, tuple)) for part in parts):
            return [mapped(part) for part in parts]
        return function([part if isinstance(part, Value) else to_float(part, name) for part in parts])

    return mapped


@_elementwise
def relu(x: Any) -> Any:
    """`max(0, x)`; its derivative at 0 is 0. Counterpart: `torch.nn.functional.relu`.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.

    Example:
        >>> relu([-1.0, [2.0, Value(3.0)]])
        [0.0, [2.0, Value(data=3.0, grad=0.0)]]
    """
    return ops.relu(x)


@_elementwise
def tanh(x: Any) -> Any:
    """The hyperbolic tangent, between -1 and 1. Counterpart: `torch.tanh`.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.

    Example:
        >>> tanh([0.0, Value(1000.0)])
        [0.0, Value(data=1.0, grad=0.0)]
    """
    return ops.tanh(x)


@_elementwise
def sigmoid(x: Any) -> Any:
    """The logistic function `1 / (1 + exp(-x))`, between 0 and 1. Counterpart: `torch.sigmoid`.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.

    Example:
        >>> sigmoid([0.0, Value(1000.0)])
        [0.5, Value(data=1.0, grad=0.0)]
    """
    return ops.sigmoid(x)


@_elementwise
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """`x` above 0, else `negative_slope * x`. Counterpart: `torch.nn.functional.leaky_relu`.

    Source: Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", ICML 2013.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.
        negative_slope: The slope below 0, and at 0.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number, or `negative_slope` is no number.

    Example:
        >>> leaky_relu([-100.0, Value(3.0)])
        [-1.0, Value(data=3.0, grad=0.0)]
    """
    return where(ops.less(0.0, x), x, to_float(negative_slope, "leaky_relu") * x)


@_elementwise
def gelu(x: Any, approximate: Literal["none", "tanh"] = "none") -> Any:
    """`x Φ(x)`, with the distribution function of the normal distribution. Counterpart: `torch.nn.functional.gelu`.

    Source: Hendrycks and Gimpel, "Gaussian Error Linear Units (GELUs)", 2016.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.
        approximate: "tanh" for the formula with a hyperbolic tangent that GPT-2 has, which is off by up to 0.0005.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.
        ValueError: If `approximate` is neither "none" nor "tanh".

    Example:
        >>> gelu([0.0, Value(3.0)])
        [0.0, Value(data=2.99595030590511, grad=0.0)]
    """
    if approximate == "none":
        tail = ops.erf(x * math.sqrt(0.5))
    elif approximate == "tanh":
        tail = ops.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * (x * x * x)))
    else:
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', got {shown(approximate)}")
    return x * 0.5 * (1.0 + tail)


@_elementwise
def silu(x: Any) -> Any:
    """`x sigmoid(x)`, also called swish. Counterpart: `torch.nn.functional.silu`.

    Source: Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in
    Reinforcement Learning", Neural Networks 107, 2018.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.

    Example:
        >>> silu([0.0, Value(1000.0)])
        [0.0, Value(data=1000.0, grad=0.0)]
    """
    return x * ops.sigmoid(x)


@_elementwise
def softplus(x: Any) -> Any:
    """`log(1 + exp(x))`, a smooth relu; beyond 20 it is `x` itself. Counterpart: `torch.nn.functional.softplus`.

    Args:
        x: A Value, a number, or lists of them, nested to any depth.

    Returns:
        What `x` is: a Value, a number, or lists of them.

    Raises:
        TypeError: If something in `x` is neither a Value nor a number.

    Example:
        >>> softplus([0.0, Value(1000.0)])
        [0.6931471805599453, Value(data=1000.0, grad=0.0)]
    """
    return where(ops.less(20.0, x), x, ops.log1p(ops.exp(x)))


@_rowwise
def softmax(x: Any) -> Any:
    """The exponentials of a list, divided by their sum: positive, and 1 together. `torch.softmax(x, dim=-1)`.

    The numbers may be as large as you like. Minus infinity, by which attention hides positions, gives 0, and no
    gradient. Counterpart: `torch.nn.functional.softmax`.

    Args:
        x: A list of Values and numbers, at least one; or lists of such lists, each of which is taken for itself.

    Returns:
        As many Values, in lists as `x` has them; numbers where there were only numbers.

    Raises:
        TypeError: If it is no list, or something in it is neither a Value nor a number.
        ValueError: If a list is empty.

    Example:
        >>> softmax([Value(1000.0), Value(1000.0), -math.inf])
        [Value(data=0.5, grad=0.0), Value(data=0.5, grad=0.0), Value(data=0.0, grad=0.0)]
    """
    powers = [ops.exp(part) for part in _shifted(x)]
    share = reduce(ops.add, powers) ** -1.0
    return [part * share for part in powers]


@_rowwise
def log_softmax(x: Any) -> Any:
    """The logarithm of `softmax`, exact where that is too small for a float. `torch.log_softmax(x, dim=-1)`.

    Counterpart: `torch.nn.functional.log_softmax`.

    Args:
        x: A list of Values and numbers, at least one; or lists of such lists, each of which is taken for itself.

    Returns:
        As many Values, in lists as `x` has them; numbers where there were only numbers.

    Raises:
        TypeError: If it is no list, or something in it is neither a Value nor a number.
        ValueError: If a list is empty.

    Example:
        >>> log_softmax([Value(0.0), Value(1000.0)])
        [Value(data=-1000.0, grad=0.0), Value(data=0.0, grad=0.0)]
    """
    shifted = _shifted(x)
    log_total = ops.log(reduce(ops.add, map(ops.exp, shifted)))
    return [part - log_total for part in shifted]


@_rowwise
def logsumexp(x: Any) -> Any:
    """The logarithm of the sum of the exponentials, a smooth maximum. Counterpart: `torch.logsumexp(x, dim=-1)`.

    It is [that of the engine][micrograd.engine.logsumexp], for lists of lists as well.

    Args:
        x: A list of Values and numbers, at least one; or lists of such lists, each of which is taken for itself.

    Returns:
        A Value, or a number if there were only numbers; for lists of lists a list of them.

    Raises:
        TypeError: If it is no list, or something in it is neither a Value nor a number.
        ValueError: If a list is empty.

    Example:
        >>> logsumexp([[Value(1000.0), Value(1000.0)], [0.0, 0.0]])
        [Value(data=1000.6931471805599, grad=0.0), 0.6931471805599453]
    """
    return logsumexp_of_row(x)


def _shifted(row: Any) -> list[Any]:
    """The numbers with the largest taken off, so that no `exp` overflows. It adds nothing to the gradient."""
    largest = ops.detach(reduce(ops.maximum, row))
    return [part - largest for part in row]


ACTIVATIONS: dict[bool | str, Callable[[Any], Any]] = {
    True: Value.relu,
    False: operator.pos,  # which returns a Value as it is
    "relu": relu,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "leaky_relu": leaky_relu,
    "gelu": gelu,
    "silu": silu,
}
"""What `nonlin` may be beside a function."""
