"""The training loop of `fit(..., jit=True)`: many steps in one call of machine code."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from itertools import islice

from micrograd.engine.jit.training import Trainer
from micrograd.nn.optim import Optimizer
from micrograd.nn.training import Diverged, Task

SECONDS = 0.1  # of machine code at a time: between calls the progress bar moves, and Ctrl-C is heard
_ODD = 2862933555777941757  # spreads the numbers of the steps over all seeds


def compiled_epochs(task: Task, advance: Callable[..., None]) -> Iterator[float]:
    """Do what the eager loop does, some epochs in each call.

    Raises:
        TypeError: If the loss is not a Value, or looks at the number of one.
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
        ValueError: If the loss of a batch is not the mean of the losses of its samples.
    """
    _check_loss(task)
    optimizer, counts = task.optimizer, task.batch_sizes
    trainer = _trainer(task)
    trainer.load(optimizer.state)
    seed = random.getrandbits(64) if trainer.random else 0
    orders = task.orders()
    at_once = 1
    while chunk := list(islice(orders, at_once)):
        t = optimizer.t
        lrs = [lr for lr in _rates(task, len(chunk)) for _ in counts]
        start = time.perf_counter()
        taken, losses = trainer.run(
            chunk if task.deal else None, task.size, list(enumerate(lrs, t + 1)), (seed + t * _ODD) % 2**64
        )
        at_once = max(1, round(len(chunk) * SECONDS / (time.perf_counter() - start)))
        _write(optimizer, trainer, t + taken)
        if taken:
            advance(losses[-1], taken)
        for i in range(taken // len(counts)):
            means = losses[i * len(counts) : (i + 1) * len(counts)]
            yield sum(mean * count for mean, count in zip(means, counts, strict=True)) / len(task.samples)
        if taken < len(lrs):
            epoch, batch = divmod(taken, len(counts))
            task.differentiate(task.batches(chunk[epoch])[batch])  # finds where it began
            raise Diverged(f"fit stopped before step {t + taken + 1}: the loss or a gradient is not finite")


def _check_loss(task: Task) -> None:
    """Refuse a loss that is not the mean of the losses of single samples, and targets that it refuses.

    What is compiled is the loss of one sample, and when it runs it no longer looks at the targets.
    """
    pair = list(range(len(task.samples)))[:2]
    state = random.getstate()  # dropout may draw here, but should not notice
    predictions = [task.predict(i) for i in pair]
    random.setstate(state)
    together = task.loss_of(predictions, pair).data
    alone = [task.loss_of([prediction], [i]).data for i, prediction in zip(pair, predictions, strict=True)]
    mean = sum(alone) / len(alone)
    if not (math.isclose(together, mean, rel_tol=1e-9, abs_tol=1e-12) or not math.isfinite(together)):
        raise ValueError(
            f"fit with jit=True takes a loss that is a mean over the samples, but two samples together have {together} "
            f"and alone {' and '.join(map(str, alone))}; use reduction='mean', or jit=False"
        )
    for i in {str(target): i for i, target in enumerate(task.targets)}.values():
        task.loss_of(predictions[:1], [i])


def _trainer(task: Task) -> Trainer:
    """Compile the step."""
    optimizer = task.optimizer
    hyper = {name: value for name, value in optimizer.hyper.items() if name != "lr"}
    return Trainer(
        lambda x, y: task.loss([task.model(x)], [y]),
        [task.samples, task.targets],
        optimizer.params,
        lambda p, g, state, t, lr: optimizer.rule(p, g, state, t=t, lr=lr, **hyper),
        optimizer.slots,
    )


def _rates(task: Task, epochs: int) -> list[float]:
    """The learning rates of the epochs to come."""
    schedule = task.schedule
    if schedule is None:
        return [task.optimizer.lr] * epochs
    return [schedule.lr_at(schedule.last_epoch + i) for i in range(epochs)]


def _write(optimizer: Optimizer, trainer: Trainer, t: int) -> None:
    """Hand the parameters and what the rule keeps back to the optimiser."""
    data, *state = trainer.memory[: 1 + optimizer.slots, : len(optimizer.params)].tolist()
    optimizer.write(t, [(p, tuple(kept)) for p, *kept in zip(data, *state, strict=True)])
