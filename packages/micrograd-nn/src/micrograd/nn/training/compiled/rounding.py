"""Whether results of the eager loop and of machine code differ by more than rounding can explain."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

from micrograd.engine import Value, operands, operation, topological_order

DIGITS = 1e-9  # equal but for rounding, which is some 1e-16 an operation
SHAKE = 1e-10  # where results differ, they must move as much when every number on the way to them is moved by this
TINY = 1e-300  # below, numbers lose digits


def differ(
    eager: list[float],
    compiled: list[float],
    loss: Value,
    params: Sequence[Value] = (),
    clip: Callable[[list[Value]], None] = lambda _: None,
) -> bool:
    """Whether two results differ, in any of their numbers, by more than rounding can explain.

    Where one number is not finite, training stops, and the others do not count.

    Args:
        eager: The loss, and the gradient of each of `params`.
        compiled: The same, computed in another way.
        loss: The node of the eager loss.
        params: Some Values.
        clip: What happens to the gradients of Values after `backward`.
    """
    apart = _apart(eager, compiled)
    equal = [DIGITS * abs(number) + TINY if math.isfinite(number) else TINY for number in eager]
    if all(far <= near for far, near in zip(apart, equal, strict=True)):
        return False
    moved = [_apart(eager, shaken) for shaken in _shaken(loss, params, clip)]
    return any(far > max(near) for far, *near in zip(apart, equal, *moved, strict=True))


def all_finite(numbers: list[float]) -> bool:
    """Whether no number is nan or infinite."""
    return all(map(math.isfinite, numbers))


def _apart(a: list[float], b: list[float]) -> list[float]:
    """How far the numbers of two results are apart."""
    if all_finite(a) and all_finite(b):
        return [abs(x - y) for x, y in zip(a, b, strict=True)]
    return [math.inf if all_finite(a) or all_finite(b) else 0.0] * len(a)


def _shaken(loss: Value, params: Sequence[Value], clip: Callable[[list[Value]], None]) -> Iterator[list[float]]:
    """The loss and the gradients as they would be, had everything been rounded far more coarsely, there and back."""
    order = topological_order(loss)
    for seed in range(2):
        for shake in (SHAKE, -SHAKE):
            generator, copies = random.Random(seed), dict[Value, Value]()
            for node in order:
                inputs = [copies[operand] for operand in operands(node)]
                copies[node] = operation(node)(*inputs) if inputs else Value(node.data)
                copies[node].data *= 1 + shake * generator.uniform(-1, 1)
            copies[loss].backward()
            shaken = [copies.get(p, Value(0.0)) for p in params]
            clip(shaken)
            yield [copies[loss].data, *(p.grad for p in shaken)]
