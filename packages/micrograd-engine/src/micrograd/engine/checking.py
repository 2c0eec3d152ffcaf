"""Gradients against finite differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from math import inf
from typing import Any

from micrograd.engine.accumulation import set_gradients
from micrograd.engine.gradients import grad
from micrograd.engine.graph import topological_order
from micrograd.engine.number import to_list
from micrograd.engine.value import Value

_HALVINGS = 8


class GradientError(AssertionError):
    """A gradient is not what finite differences say it is."""


def gradcheck(
    f: Callable[..., Value],
    inputs: Sequence[Value | float],
    *,
    order: int = 2,
    step: float = 1e-5,
    rtol: float = 1e-5,
    atol: float = 1e-6,
) -> bool:
    """Compare the gradients of `f` with central finite differences.

    The first order compares `backward` and `grad` with `(f(x + h) - f(x - h)) / 2h` for every input, the second order
    compares `grad` of `grad` with the same difference of the first gradients, for every pair. Differences of several
    `h` are extrapolated to `h` = 0, so that they are good to many digits also where `f` bends sharply. `.data` and
    `.grad` of everything are afterwards what they were. The idea is that of `torch.autograd.gradcheck` and
    `gradgradcheck`; the extrapolation is Ridders', "Accurate computation of F'(x) and F'(x) F''(x)", Advances in
    Engineering Software 4, 1982.

    Args:
        f: A function of as many Values as there are inputs, which returns one Value. It should be smooth around the
            inputs: at a corner such as relu's at 0 a finite difference says nothing.
        inputs: Where to check. A number is made a leaf; a leaf Value is used as it is, so that `f` may close over it
            (the parameters of a model, say) and ignore its arguments.
        order: 1 for first derivatives only, 2 for second derivatives as well.
        step: The largest `h`, for inputs of size up to 1; above that it is relative.
        rtol: How far a derivative may be from the difference, relative to the difference.
        atol: And absolutely; both are added.

    Returns:
        True, so that it can stand in an assert.

    Raises:
        GradientError: If a derivative is off. The message names the input, the derivative and the difference.
        TypeError: If an input is neither a number nor a Value, the inputs are a dict, a set or no list at all,
            or `f` does not return a Value.
        ValueError: If an input is not a leaf, or `order` is not 1 or 2.

    Example:
        >>> gradcheck(lambda a, b: (a * b).tanh(), [0.5, -1.5])
        True
    """
    if order not in (1, 2):
        raise ValueError(f"gradcheck checks order 1 or 2, got {order!r}")
    leaves = [x if isinstance(x, Value) else Value(x) for x in to_list(inputs, "gradcheck")]
    for i, leaf in enumerate(leaves):
        if leaf._prev:
            raise ValueError(
                f"gradcheck takes leaves, input {i}, {leaf!r}, was computed by {leaf._op!r}; pass Value(v.data)"
            )

    def output() -> Value:
        out = f(*leaves)
        if not isinstance(out, Value):
            raise TypeError(f"gradcheck takes a function that returns a Value, got {out!r} ({type(out).__name__})")
        return out

    def difference(g: Callable[[], list[Value]], j: int) -> list[float]:
        """The derivative of everything `g` returns with respect to leaf `j`."""
        return _extrapolated(g, leaves[j], step * max(1.0, abs(leaves[j].data)), rtol, atol)

    def compare(what: str, got: float, expected: float, j: int) -> None:
        if not abs(got - expected) <= atol + rtol * abs(expected):  # `not`, so that a nan does not pass
            raise GradientError(
                f"{what} with respect to {_name(f, j, leaves[j])} is {got!r}, but finite differences give {expected!r} "
                f"(at {[leaf.data for leaf in leaves]}); if f has a corner there, check elsewhere"
            )

    def gradients() -> list[Value]:
        return grad(output(), leaves)

    backward = _backward(output(), leaves)
    first = gradients()
    for j in range(len(leaves)):
        (expected,) = difference(lambda: [output()], j)
        compare("backward: the gradient", backward[j], expected, j)
        compare("grad: the gradient", first[j].data, expected, j)
    if order == 2:
        second = [grad(g, leaves) for g in first]
        for j in range(len(leaves)):
            for i, expected in enumerate(difference(gradients, j)):
                compare(
                    f"grad of grad: the derivative of the gradient of {_name(f, i, leaves[i])}",
                    second[i][j].data,
                    expected,
                    j,
                )
    return True


def _extrapolated(g: Callable[[], list[Value]], leaf: Value, h: float, rtol: float, atol: float) -> list[float]:
    """The derivative of everything `g` returns, from differences with `h`, `h / 2`, `h / 4` and so on.

    The error of a central difference is a series in h², so two of them tell its first term, and without it the next
    one. That goes on until a derivative changes by less than what it is compared with tolerates. Later ones would only
    have lost more digits, so the one that changed least is the answer.
    """
    best: list[float] = []
    error: list[float] = []
    coarser: list[list[float]] = []
    for halvings in range(_HALVINGS):
        finer = [_central(g, leaf, h / 2**halvings)]
        for k, old in enumerate(coarser, 1):
            finer.append([new + (new - was) / (4.0**k - 1) for new, was in zip(finer[-1], old, strict=True)])
        if not coarser:
            best, error = finer[0], [inf] * len(finer[0])
        else:
            for i, (new, simpler, was) in enumerate(zip(finer[-1], finer[-2], coarser[-1], strict=True)):
                change = max(abs(new - simpler), abs(new - was))
                if change <= error[i]:
                    best[i], error[i] = new, change
        if all(change <= (atol + rtol * abs(slope)) / 10 for slope, change in zip(best, error, strict=True)):
            break
        coarser = finer
    return best


def _central(g: Callable[[], list[Value]], leaf: Value, h: float) -> list[float]:
    with _moved(leaf, h) as above:
        high = [value.data for value in g()]
    with _moved(leaf, -h) as below:
        low = [value.data for value in g()]
    return [(a - b) / (above - below) for a, b in zip(high, low, strict=True)]


def _name(f: Callable[..., Any], i: int, leaf: Value) -> str:
    """`input 0 (a)`, with the leaf's label, or else the name that `f` gives its argument if it has one."""
    if leaf.label:
        return f"input {i} ({leaf.label})"
    from inspect import Parameter, signature  # slow to import, and only an error needs it

    try:
        parameters = list(signature(f).parameters.values())
    except (TypeError, ValueError):  # some builtins do not tell
        parameters = []
    named = [p.name for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    return f"input {i} ({named[i]})" if i < len(named) else f"input {i}"


def _backward(output: Value, leaves: Sequence[Value]) -> list[float]:
    """What `backward` adds to the leaves; the caller's gradients stay."""
    nodes = list(dict.fromkeys([*topological_order(output), *leaves]))
    before = [node.grad for node in nodes]
    try:
        set_gradients(nodes, repeat(0.0))
        output.backward()
        return [leaf.grad for leaf in leaves]
    finally:
        set_gradients(nodes, before)


@contextmanager
def _moved(leaf: Value, by: float) -> Iterator[float]:
    """Move `leaf` while the context lasts; gives where it is then."""
    data = leaf.data
    leaf.data = data + by
    try:
        yield leaf.data
    finally:
        leaf.data = data
