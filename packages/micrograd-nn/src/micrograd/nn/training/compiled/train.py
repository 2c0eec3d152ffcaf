"""The training loop of `fit(..., jit=True)`: many steps in one call of machine code.

It does what the eager loop does. What a step is and where its learning rate comes from is for the optimiser and the
schedule to say; machine code that would not ask them what they were made to say is refused.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from inspect import getattr_static
from typing import Any, NoReturn

from micrograd.engine.jit import Trainer
from micrograd.nn.inputs import non_negative
from micrograd.nn.schedule import FORMULAS, LRScheduler
from micrograd.nn.training.compiled.frozen import Frozen, check_optimizer
from micrograd.nn.training.compiled.step import compile_step
from micrograd.nn.training.epoch_end import EpochEnd
from micrograd.nn.training.history import Record
from micrograd.nn.training.task import Diverged, Task

SECONDS = 0.1  # of machine code at a time: between calls the progress bar moves, and Ctrl-C is heard
SHARE = 9  # but as many times as long as what is written back between them takes, which grows with the parameters,
LONGEST = 1.0  # up to this


def train(task: Task, record: Record, end: EpochEnd, advance: Callable[..., None]) -> None:
    """Do what the eager loop does, some epochs in each call of machine code.

    Between two calls, parameters, optimiser, schedule and history are what they would be in the eager loop.

    Raises:
        TypeError: If the model, the loss or the optimiser does what cannot be compiled.
        ValueError: If the compiled step differs from the eager one.
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
    """
    if task.epochs == 0:
        return
    _check(task)
    optimizer = task.optimizer
    check_optimizer(optimizer)
    trainer = compile_step(task)
    frozen = Frozen(optimizer)
    seed = random.getrandbits(64) if trainer.random else 0
    done, at_once = 0, 1
    while done < task.epochs:
        rates = _rates(task, 1 if end.watches else min(at_once, task.epochs - done))
        state, before = random.getstate(), optimizer.t
        orders: list[list[int]] = []
        start = time.perf_counter()
        try:
            for k in range(len(rates)):
                orders.append(task.order(task.generator(before + k * task.steps)))
            seconds = _take(task, record, advance, trainer, orders, rates, seed)
        except BaseException:
            _rewind(task, state, orders[: -(-(optimizer.t - before) // task.steps)])
            raise
        epoch, batch = divmod(optimizer.t - before, task.steps)
        if epoch < len(rates):
            _rewind(task, state, orders[: epoch + 1])
            _stop(task, task.batches(orders[epoch])[batch])
        done += len(rates)
        if not end(advance):
            return
        if done < task.epochs:
            frozen.check(optimizer)
        between = time.perf_counter() - start - seconds
        at_once = max(1, round(len(rates) * min(max(SECONDS, SHARE * between), LONGEST) / seconds))


def _check(task: Task) -> None:
    """Refuse what is not compiled yet.

    Raises:
        ValueError: If there is such a thing.
    """
    parts = {
        "weights of samples": task.weights is not None,
        "clipping": task.clip_norm is not None or task.clip_value is not None,
        "several schedules": len(task.schedules) > 1,
    }
    for name, used in parts.items():
        if used:
            raise ValueError(f"fit with jit=True does not know {name}; use jit=False")


def _schedule(task: Task) -> LRScheduler | None:
    return task.schedules[0] if task.schedules else None


def _rates(task: Task, most: int) -> list[float]:
    """The learning rate of the next epoch, and of those after it that are known already.

    The eager loop asks a schedule after each epoch. One that may look at what has happened by then is asked then.
    """
    optimizer, schedule = task.optimizer, _schedule(task)
    rates = [optimizer.lr]
    if schedule is None:
        return rates * most
    methods = (getattr_static(schedule, "step", None), getattr_static(schedule, "lr_at", None))
    if FORMULAS.get(type(schedule)) == methods and schedule.optimizer is optimizer:
        try:
            for epoch in range(schedule.last_epoch + 1, schedule.last_epoch + most):
                rates.append(non_negative("schedule", "lr", schedule.lr_at(epoch)))
        except (ValueError, ArithmeticError):
            pass  # its step will meet that when it comes to it
    return rates


def _take(
    task: Task,
    record: Record,
    advance: Callable[..., None],
    trainer: Trainer,
    orders: list[list[int]],
    rates: list[float],
    seed: int,
) -> float:
    """Train for as many epochs as there are rates, and go to the last of these rates.

    What a call of machine code has done is written back before the next one, all of it at once: numbers, counts,
    schedule and history always belong together.

    Fewer steps are taken if a loss or a gradient is not finite.

    Returns:
        The seconds in machine code.
    """
    optimizer, schedule = task.optimizer, _schedule(task)
    losses: list[float] = []
    entered, seconds = 0, 0.0
    changes: list[tuple[object, str, Any]] = []
    first = schedule.last_epoch if schedule is not None and len(rates) > 1 else 0
    trainer.load(optimizer.state)
    start = time.perf_counter()
    for new in trainer.run(rates, task.size, orders if task.shuffle else None, t=optimizer.t, seed=seed):
        seconds += time.perf_counter() - start
        losses += new
        means = _means(task, losses[entered * task.steps :])
        record.enter(means, [[rate] for rate in rates[entered : entered + len(means)]])
        entered += len(means)
        ahead = min(entered, len(rates) - 1)
        if schedule is not None and ahead:  # these come first: `lr` is set by Python code, which Ctrl-C can stop
            changes = [(optimizer, "lr", rates[ahead]), (schedule, "last_epoch", first + ahead)]
        trainer.store(*changes, (optimizer, "state", trainer.state), (optimizer, "t", optimizer.t + len(new)))
        if new:
            advance(new[-1], len(new))
        start = time.perf_counter()
    return seconds


def _means(task: Task, losses: list[float]) -> list[float]:
    """The mean losses of the whole epochs in the losses of batches."""
    steps, sizes, count = task.steps, task.sizes, len(task.samples)
    epochs = [losses[i : i + steps] for i in range(0, len(losses) - steps + 1, steps)]
    return [sum(loss * size for loss, size in zip(epoch, sizes, strict=True)) / count for epoch in epochs]


def _rewind(task: Task, state: Any, orders: list[list[int]]) -> None:
    """Leave `random` where the eager loop would, which shuffles an epoch when it comes to it, and not some ahead.

    Args:
        task: The task.
        state: Where `random` was before.
        orders: Those that the eager loop would have come to.
    """
    if task.shuffle and task.seed is None:
        random.setstate(state)
        for _ in orders:
            task.order(random)


def _stop(task: Task, batch: list[int]) -> NoReturn:
    """Find out where a loss or a gradient that is not finite began.

    Raises:
        Diverged: In any case.
    """
    task.part(batch).differentiate(list(range(len(batch))))
    raise Diverged(f"fit stopped before step {task.optimizer.t + 1}: the loss or a gradient is not finite")
