"""The loop over training steps: forward and backward, a look at what came out, and the updates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module, Register, where

TRAIN_PARAMETERS = {
    **dict.fromkeys(("inputs", "memory", "hyper", "seeds", "outputs", "sums", "scratch", "losses"), POINTER),
    **dict.fromkeys(("stride", "n", "batch", "steps", "jump"), INTEGER),
}


class Update(NamedTuple):
    """How a group of parameters changes.

    Attributes:
        name: Of the function of the module that does it.
        first: The place of its first parameter in a row of the memory, at the beginning of a vector.
        length: How many parameters.
        hyper: The place of its first number among those of a step.
    """

    name: str
    first: int
    length: int
    hyper: int


class Clipping(NamedTuple):
    """What the gradients of all parameters may be; None for anything.

    Attributes:
        value: The largest absolute value.
        norm: The largest norm.
    """

    value: float | None
    norm: float | None


def emit_steps(module: Module, updates: Sequence[Update], clipping: Clipping, rows: int, room: int, hyper: int) -> None:
    """Write `train`, which takes steps on one batch after the other with the module's functions `step` and updates.

    It returns how many it took: it stops before the update where a loss or a gradient is not finite.

    Args:
        module: Where to write it.
        updates: What changes the parameters, of which there is at least one.
        clipping: What happens to the gradients before.
        rows: How many rows of the memory lie before that of the gradients.
        room: The length of a row.
        hyper: How many numbers each step has for the updates.
    """
    f = Function(module, "train", TRAIN_PARAMETERS, INTEGER)
    inputs, memory, hypers, seeds, outputs, sums, scratch, losses, stride, n, batch, steps, jump = f.arguments
    gradients = memory.at(rows * room)
    room_, none = (f.constant(number, INTEGER) for number in (room, 0))
    trained = updates[-1].first + updates[-1].length
    carried = [none, none]
    with f.loop(0, steps, carried=carried) as i:
        taken, start = carried  # samples of this round, and where it begins
        left = n - taken
        count = where(left < batch, left, batch)
        here, seed = inputs.at(start + taken), seeds.at(i).load(INTEGER)
        f.run("step", here, memory, outputs, sums, scratch, gradients, stride, stride, count, count, seed)
        total = [f.constant(0.0, DOUBLE)]
        with f.loop(0, count, carried=total) as s:
            total[0] = total[0] + outputs.at(s).load(DOUBLE)
        loss = total[0] / count.cast("sitofp", "double")
        losses.at(i).store(loss)
        zeros = [f.constant(0.0)]
        with f.loop(0, trained, f.width, carried=zeros) as k:
            zeros[0] = zeros[0] + gradients.at(k).load(f.vector) * 0.0
        with f.when((zeros[0].sum() + loss * 0.0).differs(0.0)):
            f.ret(i)
        _clip(f, gradients, trained, clipping)
        for name, first, length, place in updates:
            numbers, group, length_ = hypers.at(i * hyper + place), memory.at(first), f.constant(length, INTEGER)
            f.run(name, group, numbers, group, sums, scratch, gradients, room_, room_, length_, length_, none)
        taken = taken + count
        over = taken >= n
        carried[:] = where(over, 0, taken), where(over, start + jump, start)
    f.ret(steps)


def _clip(f: Function, gradients: Register, count: int, clipping: Clipping) -> None:
    """Change gradients, all of them finite, as `torch.nn.utils.clip_grad_value_` and then `clip_grad_norm_` do."""
    if clipping.value is not None:
        with f.loop(0, count, f.width) as k:
            g = gradients.at(k).load(f.vector)
            g = where(g > clipping.value, clipping.value, g)
            gradients.at(k).store(where(g < -clipping.value, -clipping.value, g))
    if clipping.norm is not None:
        squares = [f.constant(0.0)]
        with f.loop(0, count, f.width, carried=squares) as k:
            g = gradients.at(k).load(f.vector)
            squares[0] = squares[0] + g * g
        factor = 1.0 / (squares[0].sum().intrinsic("sqrt") + 1e-6) * clipping.norm
        factor = where(factor < 1.0, factor, 1.0).broadcast()
        with f.loop(0, count, f.width) as k:
            gradients.at(k).store(gradients.at(k).load(f.vector) * factor)
