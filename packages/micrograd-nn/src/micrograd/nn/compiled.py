"""The training loop of `fit(..., jit=True)`: many steps in one call of machine code.

It does what the eager loop does. What a step is and where its learning rate comes from is for the optimiser and the
schedule to say; machine code that would not ask them what they were made to say is refused. And before the first step,
what was compiled is compared with the eager loop on some of the samples: see `proof.py`.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import getattr_static
from itertools import islice
from typing import Any, NoReturn

from micrograd.engine import Value, draw
from micrograd.engine.jit import TracingError, Trainer
from micrograd.engine.tracing import FloatPlaceholder
from micrograd.nn.dropping import drawing
from micrograd.nn.frozen import Frozen, check_state
from micrograd.nn.inputs import non_negative
from micrograd.nn.optim import TAKES_STEPS, Optimizer
from micrograd.nn.proof import check_loss, check_step, check_targets, choose
from micrograd.nn.schedule import FORMULAS
from micrograd.nn.training import Diverged, Record, Task

SECONDS = 0.1  # of machine code at a time: between calls the progress bar moves, and Ctrl-C is heard
SHARE = 9  # but as many times as long as what is written back between them takes, which grows with the parameters,
LONGEST = 1.0  # up to this


def train(task: Task, record: Record, advance: Callable[..., None]) -> None:
    """Do what the eager loop does, some epochs in each call of machine code.

    Between two calls, parameters, optimiser, schedule and history are what they would be in the eager loop.

    Raises:
        TypeError: If the model, the loss or the optimiser does what cannot be compiled.
        ValueError: If the compiled step differs from the eager one.
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
    """
    if task.epochs == 0:
        return
    optimizer, schedule = task.optimizer, task.schedule
    _check_optimizer(optimizer)
    check_state(optimizer)
    trainer = _proven_trainer(task)
    frozen = Frozen(optimizer)
    seed = random.getrandbits(64) if trainer.draws else 0
    orders = task.orders()
    done, at_once = 0, 1
    while done < task.epochs:
        rates = _rates(task, min(at_once, task.epochs - done))
        state, before = random.getstate(), optimizer.t
        dealt: list[list[int]] = []
        start = time.perf_counter()
        try:
            dealt += islice(orders, len(rates))
            seconds = _take(task, record, advance, trainer, dealt, rates, seed)
        except BaseException:
            _deal_again(task, state, dealt, -(-(optimizer.t - before) // task.steps))
            raise
        epoch, batch = divmod(optimizer.t - before, task.steps)
        if epoch < len(rates):
            _deal_again(task, state, dealt, epoch + 1)
            _stop(task, task.batches(dealt[epoch])[batch])
        record.confirm()
        done += len(rates)
        if schedule is not None:
            schedule.step()
            if done < task.epochs:
                frozen.check(optimizer)
        between = time.perf_counter() - start - seconds
        at_once = max(1, round(len(rates) * min(max(SECONDS, SHARE * between), LONGEST) / seconds))


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
    optimizer, schedule = task.optimizer, task.schedule
    losses: list[float] = []
    entered, seconds = 0, 0.0
    moved: list[tuple[object, str, Any]] = []  # comes first: `lr` is set by Python code, which Ctrl-C can stop
    first = schedule.last_epoch if schedule is not None and len(rates) > 1 else 0
    trainer.load(optimizer.state)
    start = time.perf_counter()
    for new in trainer.run(rates, task.size, orders if task.deal else None, t=optimizer.t, seed=seed):
        seconds += time.perf_counter() - start
        losses += new
        means = _means(task, losses[entered * task.steps :])
        record.enter(means, rates[entered : entered + len(means)])
        entered += len(means)
        ahead = min(entered, len(rates) - 1)
        if schedule is not None and ahead:
            moved = [(optimizer, "lr", rates[ahead]), (schedule, "last_epoch", first + ahead)]
        trainer.store(*moved, (optimizer, "state", trainer.state), (optimizer, "t", optimizer.t + len(new)))
        if new:
            advance(new[-1], len(new))
        start = time.perf_counter()
    return seconds


def _deal_again(task: Task, state: Any, dealt: list[list[int]], epochs: int) -> None:
    """Leave `random` where the eager loop would, which deals an epoch when it comes to it, and not some ahead.

    Args:
        task: The task.
        state: Where it was before.
        dealt: The orders of the epochs that were dealt.
        epochs: How many of them the eager loop would have dealt.
    """
    if task.deal == random.shuffle:
        random.setstate(state)
        for order in dealt[:epochs]:
            random.shuffle(order.copy())


def _means(task: Task, losses: list[float]) -> list[float]:
    """The mean losses of the whole epochs in the losses of batches."""
    count, steps = len(task.samples), task.steps
    sizes = [task.size] * (steps - 1) + [count - task.size * (steps - 1)]
    epochs = [losses[i : i + steps] for i in range(0, len(losses) - steps + 1, steps)]
    return [sum(loss * size for loss, size in zip(epoch, sizes, strict=True)) / count for epoch in epochs]


def _rates(task: Task, most: int) -> list[float]:
    """The learning rate of the next epoch, and of those after it that are known already.

    The eager loop asks a schedule after each epoch. One that may look at what has happened by then is asked then.
    """
    optimizer, schedule = task.optimizer, task.schedule
    rates = [optimizer.lr]
    if schedule is None:
        return rates * most
    foreseen = FORMULAS.get(type(schedule)) == (
        getattr_static(schedule, "step", None),
        getattr_static(schedule, "lr_at", None),
    )
    if foreseen and schedule.optimizer is optimizer:
        try:
            for epoch in range(schedule.last_epoch + 1, schedule.last_epoch + most):
                rates.append(non_negative("schedule", "lr", schedule.lr_at(epoch)))
        except (ValueError, ArithmeticError):
            pass  # its step will meet that when it comes to it
    return rates


def _stop(task: Task, batch: list[int]) -> NoReturn:
    """Find out where a loss or a gradient that is not finite began.

    Raises:
        Diverged: In any case.
    """
    task.part(batch).differentiate(list(range(len(batch))))
    raise Diverged(f"fit stopped before step {task.optimizer.t + 1}: the loss or a gradient is not finite")


def _proven_trainer(task: Task) -> Trainer:
    """Compile the step, and compare it with the eager one."""
    draws: list[Any] = []
    generator = random.Random(0)
    with drawing(lambda _: generator.random()), _collector_paused():  # the global generator is for the training
        chosen = choose(task)
        check_loss(task, chosen)
        trainer = _trainer(task, draws)
        check_step(task, chosen, trainer, draws)
        check_targets(task, trainer)
    return trainer


@contextmanager
def _collector_paused() -> Iterator[None]:
    """While it lasts, Python does not look for cycles: there are none among millions of nodes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _trainer(task: Task, draws: list[Any]) -> Trainer:
    """Compile the step; notes the placeholders of random numbers in the order in which they are drawn."""
    optimizer = task.optimizer
    hyper = {name: value for name, value in optimizer.hyper.items() if name != "lr"}

    def loss(x: list[Value], y: Any) -> Value:
        def noted(unit: Value) -> Any:
            draws.append(draw())
            return draws[-1]

        with drawing(noted):
            prediction = task.model(x)
            for target in y if isinstance(y, list) else [y]:
                target.__class__ = FloatPlaceholder  # the loss gets numbers without the compiler
            return task.loss([prediction], [y])

    def rule(p: Value, g: Value, state: tuple[Value, ...], t: Value, lr: Value) -> Any:
        return optimizer.rule(p, g, state, t=t, lr=lr, **hyper)

    return Trainer(
        _compilable("the model and the loss", loss),
        [task.samples, task.targets],
        optimizer.params,
        _compilable(f"{type(optimizer).__name__}.rule", rule),
        optimizer.slots,
    )


def _compilable(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, but its errors say whose they are and what to do."""

    @wraps(function)  # messages call placeholders as its arguments are called
    def tried(*args: Any) -> Any:
        try:
            return function(*args)
        except TracingError as error:
            raise TracingError(f"fit cannot compile {name}: {error}; or use jit=False") from error
        except Exception as error:
            raise TracingError(
                f"fit cannot compile {name}: placeholders for numbers lead to a {type(error).__name__}: {error}; "
                "write it in operations on Values that ask for no number, or use jit=False"
            ) from error

    tried.__name__ = name
    return tried


def _check_optimizer(optimizer: Optimizer) -> None:
    """Refuse an optimiser that does more in a step than its rule says.

    Raises:
        TypeError: If it does.
    """
    for name, original in TAKES_STEPS.items():
        if getattr_static(optimizer, name, None) is not original:
            raise TypeError(
                "fit with jit=True takes steps in machine code, made of the optimizer's rule, and would never call "
                f"{type(optimizer).__name__}.{name}; put what it does into the rule, or use jit=False"
            )
