"""The loop over training steps: forward and backward, a look at what came out, and the update."""

from __future__ import annotations

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module, where

TRAIN_PARAMETERS = {
    **dict.fromkeys(("inputs", "memory", "hyper", "seeds", "outputs", "sums", "scratch", "losses"), POINTER),
    **dict.fromkeys(("stride", "n", "batch", "steps", "jump"), INTEGER),
}


def emit_steps(module: Module, parameters: int, rows: int, room: int, hyper: int) -> None:
    """Write `train`, which takes steps on one batch after the other with the module's functions `step` and `update`.

    It returns how many it took: it stops before the update where a loss or a gradient is not finite.

    Args:
        module: Where to write it.
        parameters: How many are trained.
        rows: How many rows of the memory lie before that of the gradients.
        room: The length of a row.
        hyper: How many numbers each step has for the optimiser.
    """
    f = Function(module, "train", TRAIN_PARAMETERS, INTEGER)
    inputs, memory, hypers, seeds, outputs, sums, scratch, losses, stride, n, batch, steps, jump = f.arguments
    gradients = memory.at(rows * room)
    count_, room_, none = (f.constant(number, INTEGER) for number in (parameters, room, 0))
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
        with f.loop(0, parameters, f.width, carried=zeros) as k:
            zeros[0] = zeros[0] + gradients.at(k).load(f.vector) * 0.0
        with f.when((zeros[0].sum() + loss * 0.0).differs(0.0)):
            f.ret(i)
        f.run(
            "update", memory, hypers.at(i * hyper), memory, sums, scratch, gradients, room_, room_, count_, count_, none
        )
        taken = taken + count
        over = taken >= n
        carried[:] = where(over, 0, taken), where(over, start + jump, start)
    f.ret(steps)
