"""The training loop of `fit(..., jit=True)`: many steps in one call of machine code.

It does what the eager loop does. What a step is and where its learning rate comes from is for the optimiser and the
schedule to say; machine code that would not ask them what they were made to say is refused.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, NoReturn

from micrograd.engine.jit import Trainer
from micrograd.nn.training.compiled.ahead import Coming, foresee, live_names, steps_taken
from micrograd.nn.training.compiled.frozen import Frozen, check_optimizer
from micrograd.nn.training.compiled.measure import compile_evaluation
from micrograd.nn.training.compiled.step import compile_step
from micrograd.nn.training.compiled.structure import Structure
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
    optimizer, live = task.optimizer, live_names(task.schedules)
    check_optimizer(optimizer)
    trainer = compile_step(task, live)
    frozen = Frozen(optimizer, live)
    compile_evaluation(end, task)
    structure = Structure(task.model if end.watches else None, optimizer.params)  # nobody else changes a model
    done, at_once = 0, 1
    while done < task.epochs:
        coming = foresee(task, 1 if end.watches else min(at_once, task.epochs - done), live)
        state, before = random.getstate(), optimizer.t
        orders: list[list[int]] = []
        seeds: list[int] = []
        start = time.perf_counter()
        try:
            for k in range(len(coming)):
                order, seed = _draw(task, before + k * task.steps, trainer.random)
                orders.append(order)
                seeds.append(seed)
            seconds = _take(task, record, advance, trainer, orders, seeds, coming)
        except BaseException:
            _rewind(task, state, -(-(optimizer.t - before) // task.steps), trainer.random)
            raise
        epoch, batch = divmod(optimizer.t - before, task.steps)
        if epoch < len(coming):
            _rewind(task, state, epoch + 1, trainer.random)
            _stop(task, task.batches(orders[epoch])[batch])
        done += len(coming)
        if not end(advance):
            return
        if done < task.epochs:
            frozen.check(optimizer)
            structure.check()
        between = time.perf_counter() - start - seconds
        at_once = max(1, round(len(coming) * min(max(SECONDS, SHARE * between), LONGEST) / seconds))


def _take(
    task: Task,
    record: Record,
    advance: Callable[..., None],
    trainer: Trainer,
    orders: list[list[int]],
    seeds: list[int],
    coming: list[Coming],
) -> float:
    """Train for some epochs, and go to the last of them.

    What a call of machine code has done is written back before the next one, all of it at once: numbers, counts,
    schedules and history always belong together.

    Fewer steps are taken if a loss or a gradient is not finite.

    Returns:
        The seconds in machine code.
    """
    optimizer = task.optimizer
    losses: list[float] = []
    entered, seconds = 0, 0.0
    trainer.load(optimizer.state)
    start = time.perf_counter()
    rates = [epoch.numbers for epoch in coming]
    shuffled = orders if task.shuffle else None
    for new in trainer.run(rates, task.size, shuffled, t=steps_taken(optimizer), seed=seeds):
        seconds += time.perf_counter() - start
        losses += new
        means = _means(task, losses[entered * task.steps :])
        record.enter(means, [epoch.rates for epoch in coming[entered : entered + len(means)]])
        entered += len(means)
        changes = coming[min(entered, len(coming) - 1)].changes
        trainer.store(*changes, (optimizer, "state", trainer.state), (optimizer, "t", optimizer.t + len(new)))
        if new:
            advance(new[-1], len(new))
        start = time.perf_counter()
    return seconds


def _means(task: Task, losses: list[float]) -> list[float]:
    """The mean losses of the whole epochs in the losses of batches."""
    steps, sizes = task.steps, task.sizes
    return [
        sum(loss * size for loss, size in zip(losses[i : i + steps], sizes, strict=True)) / task.taken
        for i in range(0, len(losses) - steps + 1, steps)
    ]


def _draw(task: Task, t: int, random_numbers: bool) -> tuple[list[int], int]:
    """What is drawn for an epoch that begins after `t` steps: the order, and a seed if machine code draws, too.

    Both come from what the eager loop draws from, in each epoch anew: so it does not matter in how many calls of `fit`
    the epochs are.
    """
    generator = task.generator(t)
    return task.order(generator), generator.getrandbits(64) if random_numbers else 0


def _rewind(task: Task, state: Any, epochs: int, random_numbers: bool) -> None:
    """Leave `random` where it is when epochs are drawn for as they come, and not some ahead.

    Args:
        task: The task.
        state: Where `random` was before.
        epochs: How many have come.
        random_numbers: Whether machine code draws.
    """
    if task.seed is None and (task.shuffle or random_numbers):
        random.setstate(state)
        for _ in range(epochs):
            _draw(task, 0, random_numbers)


def _stop(task: Task, batch: list[int]) -> NoReturn:
    """Find out where a loss or a gradient that is not finite began.

    Raises:
        Diverged: In any case.
    """
    task.part(batch).differentiate(list(range(len(batch))))
    raise Diverged(f"fit stopped before step {task.optimizer.t + 1}: the loss or a gradient is not finite")
