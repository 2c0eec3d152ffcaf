"""The training loop of `fit(..., jit=True)`: many steps in one call of machine code."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from micrograd.engine import Value
from micrograd.engine.jit.training import Trainer
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler
from micrograd.nn.training import Diverged, differentiate

SECONDS = 0.1  # of machine code at a time: between calls the progress bar moves, and Ctrl-C is heard
_ODD = 2862933555777941757  # spreads the numbers of the steps over all seeds


def compiled_epochs(
    model: Callable[[list[Value]], Any],
    loss: Callable[[list[Any], list[Any]], Value],
    optimizer: Optimizer,
    samples: list[list[float]],
    targets: list[Any],
    orders: Iterator[list[int]],
    size: int,
    advance: Callable[..., None],
    schedule: LRScheduler | None,
) -> Iterator[float]:
    """Do what the eager loop does, some epochs in each call.

    Raises:
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
        ValueError: If the loss of a batch is not the mean of the losses of its samples.
    """
    hyper = {name: value for name, value in optimizer.hyper.items() if name != "lr"}
    trainer = Trainer(
        lambda x, y: loss([model(x)], [y]),
        [samples, targets],
        optimizer.params,
        lambda p, g, state, t, lr: optimizer.rule(p, g, state, t=t, lr=lr, **hyper),
        optimizer.slots,
    )
    _check_mean(model, loss, samples[:2], targets[:2])
    seed = random.getrandbits(64) if trainer.random else 0
    counts = [min(size, len(samples) - start) for start in range(0, len(samples), size)]
    trainer.load(optimizer.state)
    at_once = 1
    one_batch = len(counts) == 1  # and so the same order in every epoch
    while chunk := [order if one_batch else list(order) for order in islice(orders, at_once)]:
        first = schedule.last_epoch if schedule is not None else 0
        lrs = [schedule.lr_at(first + i) if schedule is not None else optimizer.lr for i in range(len(chunk))]
        t = optimizer.t
        steps = [(t + 1 + i * len(counts) + j, lr) for i, lr in enumerate(lrs) for j in range(len(counts))]
        start = time.perf_counter()
        taken, losses = trainer.run(None if one_batch else chunk, size, steps, (seed + t * _ODD) % 2**64)
        at_once = max(1, round(len(chunk) * SECONDS / (time.perf_counter() - start)))
        _write(optimizer, trainer, t + taken)
        if taken:
            advance(losses[-1], taken)
        for i in range(taken // len(counts)):
            means = losses[i * len(counts) : (i + 1) * len(counts)]
            yield sum(mean * count for mean, count in zip(means, counts, strict=True)) / len(samples)
        if taken < len(steps):
            epoch, batch = divmod(taken, len(counts))
            places = chunk[epoch][batch * size : (batch + 1) * size]
            differentiate(model, loss, optimizer, [samples[i] for i in places], [targets[i] for i in places])
            raise Diverged(f"fit stopped before step {t + taken + 1}: the loss or a gradient is not finite")


def _check_mean(model: Any, loss: Any, samples: list[list[float]], targets: list[Any]) -> None:
    """Refuse a loss that is not the mean of the losses of single samples: those are what is compiled."""
    state = random.getstate()  # dropout may draw here, but should not notice
    predictions = [model([Value(number) for number in sample]) for sample in samples]
    random.setstate(state)
    together = loss(predictions, targets).data
    alone = [loss([p], [target]).data for p, target in zip(predictions, targets, strict=True)]
    mean = sum(alone) / len(alone)
    if not (math.isclose(together, mean, rel_tol=1e-9, abs_tol=1e-12) or not math.isfinite(together)):
        raise ValueError(
            f"fit with jit=True takes a loss that is a mean over the samples, but two samples together have {together} "
            f"and alone {' and '.join(map(str, alone))}; use reduction='mean', or jit=False"
        )


def _write(optimizer: Optimizer, trainer: Trainer, t: int) -> None:
    """Hand the parameters and what the rule keeps back to the optimiser."""
    data, *state = trainer.memory[: 1 + optimizer.slots, : len(optimizer.params)].tolist()
    optimizer.write(t, [(p, tuple(kept)) for p, *kept in zip(data, *state, strict=True)])
