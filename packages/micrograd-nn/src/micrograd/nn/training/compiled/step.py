"""The step that `fit(..., jit=True)` runs: model, loss and rule as machine code, compared with the eager step."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from typing import Any

from micrograd.engine import Value, drawing
from micrograd.engine.jit import TracingError, Trainer
from micrograd.engine.tracing import FloatPlaceholder
from micrograd.nn.optim import Optimizer
from micrograd.nn.training.compiled.ahead import live_numbers
from micrograd.nn.training.compiled.proof import check_loss, check_step, check_targets, choose
from micrograd.nn.training.task import Task


def compile_step(task: Task, live: Sequence[str]) -> Trainer:
    """Compile the step of a task, and compare it with the eager one on some of the samples: see `proof.py`.

    Args:
        task: The task.
        live: The hyperparameters that change from epoch to epoch; the others are compiled in.

    Raises:
        TypeError: If the model, the loss or the rule does what cannot be compiled.
        ValueError: If the compiled step differs from the eager one.
    """
    with drawing(random.Random(0).random), _collector_paused():  # the global generator is for the training
        chosen = choose(task)
        check_loss(task, chosen)
        trainer = _trainer(task, live)
        check_step(task, chosen, trainer, live)
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


def loss_of_sample(model: Callable[..., Any], loss: Callable[..., Value]) -> Callable[[list[Value], Any], Value]:
    """From the placeholders of a sample and of its target to its loss."""

    def alone(x: list[Value], y: Any) -> Value:
        prediction = model(x)
        for target in _numbers(y):
            target.__class__ = FloatPlaceholder  # the loss gets numbers without the compiler
        return loss([prediction], [y])

    return alone


def _trainer(task: Task, live: Sequence[str]) -> Trainer:
    """Compile the step."""
    optimizer = task.optimizer

    alone = loss_of_sample(task.model, task.loss)

    def loss(x: list[Value], y: Any, *weight: Value) -> Value:
        return weight[0] * alone(x, y) if weight else alone(x, y)

    return Trainer(
        compilable("the model and the loss", loss),
        task.arrays,
        [group["params"] for group in optimizer.param_groups],
        [_rule(optimizer, group, live) for group in optimizer.param_groups],
        optimizer.slots,
        numbers=len(live_numbers(optimizer, live)) // len(optimizer.param_groups),
        clip_value=task.clip_value,
        clip_norm=task.clip_norm,
    )


class _NotZero(FloatPlaceholder):
    """A hyperparameter that changes, but never to 0: rules may ask whether it is."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # others look at no number
        return True


def _rule(optimizer: Optimizer, group: dict[str, Any], live: Sequence[str]) -> Callable[..., Any]:
    """The rule for a group of parameters. After `t` it takes the hyperparameters that change."""
    hyper = optimizer.hyper_of(group)

    def rule(p: Value, g: Value, state: tuple[Value, ...], t: Value, lr: Value, *others: Value) -> Any:
        upcoming = iter(others)
        changing: dict[str, Any] = {"lr": lr}
        for other in others:
            other.__class__ = _NotZero
        for name in live:
            if name != "lr":
                value = hyper[name]
                changing[name] = tuple(islice(upcoming, len(value))) if isinstance(value, tuple) else next(upcoming)
        return optimizer.rule(p, g, state, t=t, **{**hyper, **changing})

    return compilable(f"{type(optimizer).__name__}.rule", rule)


def _numbers(target: Any) -> list[Any]:
    """What a target consists of."""
    return [number for part in target for number in _numbers(part)] if isinstance(target, list) else [target]


def compilable(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
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
