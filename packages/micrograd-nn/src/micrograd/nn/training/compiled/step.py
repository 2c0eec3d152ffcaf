"""The step that `fit(..., jit=True)` runs: model, loss and rule as machine code, compared with the eager step."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from micrograd.engine import Value, drawing
from micrograd.engine.jit import TracingError, Trainer
from micrograd.engine.tracing import FloatPlaceholder
from micrograd.nn.training.compiled.proof import check_loss, check_step, check_targets, choose
from micrograd.nn.training.task import Task


def compile_step(task: Task) -> Trainer:
    """Compile the step of a task, and compare it with the eager one on some of the samples: see `proof.py`.

    Raises:
        TypeError: If the model, the loss or the rule does what cannot be compiled.
        ValueError: If the compiled step differs from the eager one.
    """
    with drawing(random.Random(0).random), _collector_paused():  # the global generator is for the training
        chosen = choose(task)
        check_loss(task, chosen)
        trainer = _trainer(task)
        check_step(task, chosen, trainer)
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


def _trainer(task: Task) -> Trainer:
    """Compile the step."""
    optimizer = task.optimizer
    hyper = {name: value for name, value in optimizer.hyper.items() if name != "lr"}

    def loss(x: list[Value], y: Any) -> Value:
        prediction = task.model(x)
        for target in _numbers(y):
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


def _numbers(target: Any) -> list[Any]:
    """What a target consists of."""
    return [number for part in target for number in _numbers(part)] if isinstance(target, list) else [target]


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
