"""What is compared before a compiled training: whether machine code takes the steps that the eager loop would take.

The compiler sees one run of the model and the loss, with one sample, and what is no operation on Values is frozen in
it. Some of that it can refuse; the rest, be it a test for a type, a random number or a counter, shows up here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Any, NamedTuple

import numpy as np

from micrograd.engine import Value, assign, topological_order
from micrograd.engine.jit.training import Trainer
from micrograd.nn.dropping import draw, drawing
from micrograd.nn.training import Task, check_reach

LEAST, MOST = 3, 16  # samples
NODES = 50_000  # about as many are computed at most, if that leaves enough samples
LONG = 1000  # no batch of more is tried
DIGITS = 1e-9  # equal but for rounding, which is some 1e-16 an operation
NUDGE = 1e-7  # where results differ, they must move less than that when the samples are moved by this
WAY_OUT = (
    "what is no operation on Values is frozen when it is compiled: a test for a type or a size, a random number of "
    "one's own, what changes from call to call. Write it in operations on Values, or use jit=False"
)


def choose(task: Task) -> list[int]:
    """Some samples: spread evenly from the first to the last, and one for each of some different targets."""
    one = task.part([0])
    size = len(topological_order(one.loss_of([one.predict(0)], [0])))
    count = min(MOST, max(LEAST, NODES // size))
    return list(dict.fromkeys(_spread(range(len(task.samples)), count) + _spread(_kinds(task.targets), count)))


def check_loss(task: Task, chosen: list[int]) -> None:
    """Refuse a loss that is not the mean of the losses of single samples, or that refuses a target.

    What is compiled is the loss of one sample, and when it runs it no longer looks at the targets.

    Raises:
        ValueError: If the loss of a batch is not the mean, or depends on no parameter.
    """
    part, everything = task.part(chosen), list(range(len(chosen)))
    check_reach(task.optimizer, part.loss_of([_predict(part, 0)], [0]))
    alone = [part.loss_of([_predict(part, i)], [i]).data for i in everything]
    predictions: list[Any] = []
    for batch in (everything[i : i + task.size] for i in range(0, len(everything), task.size)):
        predictions += [_predict(part, i) for i in batch]
        _check_mean(part.loss_of([predictions[i] for i in batch], batch), [alone[i] for i in batch])

    inside = {node for node in topological_order(*_values(predictions)) if node._prev}
    for factor, more in ((0.0, 0.0), (0.25, 0.0), (0.0, 0.25)):  # predictions that are all alike tell little
        changed = [_changed(p, random.Random(i), factor, more) for i, p in enumerate(predictions)]
        singles = [part.loss_of([p], [i]) for i, p in enumerate(changed)]
        if inside.isdisjoint(topological_order(*singles)):  # else the loss knows more of the model than its predictions
            for size in {task.size, len(task.samples) - task.size * (task.steps - 1)}:
                batch = list(islice(cycle(everything), min(size, LONG)))
                _check_mean(part.loss_of([changed[i] for i in batch], batch), [singles[i].data for i in batch])

    kinds = _kinds(task.targets)
    for start in range(0, len(kinds), LONG):
        some = kinds[start : start + LONG]
        task.part(some).loss_of(predictions[:1] * len(some), list(range(len(some))))


def check_step(task: Task, chosen: list[int], trainer: Trainer, draws: list[Any]) -> None:
    """Refuse a compiled step that is not the eager one.

    Args:
        task: The task.
        chosen: The samples to try, each as a batch of its own.
        trainer: The compiled step.
        draws: The placeholders of random numbers, in the order in which model and loss draw them.

    Raises:
        ValueError: If the loss or the gradient of a sample differs, or what the rule of the optimiser makes of it.
    """
    optimizer, part = task.optimizer, task.part(chosen)
    drawn = dict(zip(trainer.draws, trainer.drawn(optimizer.t, 0), strict=True)) if trainer.draws else {}
    # What nobody reads is not drawn. What is no placeholder was drawn behind the compiler's back, and will be again.
    numbers = [drawn.get(number, 0.5) if isinstance(number, Value) else None for number in draws]
    update_checked = False
    for i, sample in enumerate(chosen):
        eager, compiled = _eager(part, i, numbers), _compiled(task, trainer, sample)
        apart = _apart(eager, compiled)
        if any(far > DIGITS * size for far, size in zip(apart, _sizes(eager), strict=True)):
            moved = zip(*(_apart(eager, _eager(part, i, numbers, nudge)) for nudge in (NUDGE, -NUDGE)), strict=True)
            if any(far > max(distances) for far, distances in zip(apart, moved, strict=True)):
                raise ValueError(
                    f"fit with jit=True would not do what jit=False does. Sample {sample}: {_told(eager, compiled)}. "
                    f"{WAY_OUT}"
                )
        if compiled and not update_checked:
            _check_update(task, trainer)
            update_checked = True


class _Step(NamedTuple):
    loss: float
    gradients: list[float]


def _eager(task: Task, i: int, numbers: list[float | None], nudge: float = 0.0) -> _Step | None:
    """The loss and gradients of a sample, moved a little; None if one is not finite. Leaves `.grad` as it was."""
    if nudge:
        row = task.samples[i]
        scale = max(map(abs, row)) or 1.0
        task = replace(task, samples=[[x + nudge * (abs(x) or scale) for x in row]], targets=[task.targets[i]])
        i = 0
    drawn = iter(numbers)

    def source(x: Value) -> Any:
        number = next(drawn, None)
        return draw(x) if number is None else number

    with drawing(source):
        loss = task.loss_of([task.predict(i)], [i])
    params = task.optimizer.params
    leaves = [*params, *(node for node in topological_order(loss) if not node._prev)]
    before = [leaf.grad for leaf in leaves]
    try:
        assign(*((leaf, "grad", 0.0) for leaf in leaves))
        loss.backward()
        step = _Step(loss.data, [parameter.grad for parameter in params])
    finally:
        assign(*((leaf, "grad", kept) for leaf, kept in zip(leaves, before, strict=True)))
    return step if math.isfinite(step.loss) and all(map(math.isfinite, step.gradients)) else None


def _compiled(task: Task, trainer: Trainer, sample: int) -> _Step | None:
    """The same of machine code, which has taken the step in the memory of the trainer."""
    optimizer = task.optimizer
    trainer.load(optimizer.state)
    (losses,) = trainer.run([[sample]], 1, optimizer.t, [optimizer.lr], 0)
    return _Step(losses[0], trainer.unload()[-1]) if losses else None


def _sizes(step: _Step | None) -> tuple[float, float]:
    """How large a loss and a gradient are, the latter by its largest part."""
    return (abs(step.loss), max(map(abs, step.gradients))) if step else (0.0, 0.0)


def _apart(a: _Step | None, b: _Step | None) -> tuple[float, float]:
    """How far two losses, and two gradients, are apart."""
    if a is None or b is None:
        far = 0.0 if a is b else math.inf
        return far, far
    return abs(a.loss - b.loss), max(abs(x - y) for x, y in zip(a.gradients, b.gradients, strict=True))


def _told(eager: _Step | None, compiled: _Step | None) -> str:
    """Two different steps in words."""
    if eager is None or compiled is None:
        return f"its loss or gradient is {'finite' if eager else 'not finite'} with jit=False alone"
    if abs(eager.loss - compiled.loss) > DIGITS * abs(eager.loss):
        return f"its loss is {eager.loss}, and compiled it is {compiled.loss}"
    gaps = [abs(x - y) for x, y in zip(eager.gradients, compiled.gradients, strict=True)]
    k = gaps.index(max(gaps))
    return f"the gradient of parameter {k} is {eager.gradients[k]}, and compiled it is {compiled.gradients[k]}"


def _check_update(task: Task, trainer: Trainer) -> None:
    """Refuse the step that the trainer has taken, if the rule makes something else of its gradients.

    Raises:
        ValueError: If a parameter, or what is kept for it, differs.
    """
    optimizer = task.optimizer
    data, *kept, gradients = trainer.unload()
    for k, (parameter, g, state) in enumerate(zip(optimizer.params, gradients, optimizer.state, strict=True)):
        changed, keep = optimizer.rule(parameter.data, g, state, t=optimizer.t + 1, **optimizer.hyper)
        size = max(map(abs, (parameter.data, g, *state)))
        for eager, compiled in zip((changed, *keep), (data[k], *(row[k] for row in kept)), strict=True):
            same = eager == compiled or (eager != eager and compiled != compiled)
            if not (same or abs(eager - compiled) <= DIGITS * max(abs(eager), size)):
                raise ValueError(
                    f"fit with jit=True would not do what jit=False does: {type(optimizer).__name__}.rule makes "
                    f"{eager} of parameter {k}, or of what it keeps for it, and compiled {compiled}. {WAY_OUT}"
                )


def _check_mean(together: Value, losses: Sequence[float]) -> None:
    """Refuse a loss of several samples that is not the mean of theirs.

    Raises:
        ValueError: If it is not.
    """
    mean, size = math.fsum(losses) / len(losses), math.fsum(map(abs, losses)) / len(losses)
    if math.isfinite(together.data) and abs(together.data - mean) > DIGITS * size:
        told = f"{len(losses)} samples" if len(losses) > 2 else "two samples"
        raise ValueError(
            f"fit with jit=True takes a loss that is a mean over the samples, but {told} together have {together.data} "
            f"and alone {mean} on average; use reduction='mean', or jit=False"
        )


def _predict(task: Task, i: int) -> Any:
    """What the model says to a sample, with the same units dropped each time."""
    generator = random.Random(i)
    with drawing(lambda _: generator.random()):
        return task.predict(i)


def _values(prediction: Any) -> list[Value]:
    """The Values in a prediction: one, or those in lists of them."""
    if isinstance(prediction, (list, tuple)):
        return [value for part in prediction for value in _values(part)]
    return [prediction] if isinstance(prediction, Value) else []


def _changed(prediction: Any, generator: random.Random, factor: float, more: float) -> Any:
    """A prediction of the same shape, made of numbers that are up to so much larger or smaller."""
    if type(prediction) in (list, tuple):  # a class of one's own may not be made so
        return type(prediction)(_changed(part, generator, factor, more) for part in prediction)
    if not isinstance(prediction, Value):
        return prediction
    return Value(prediction.data * (1 + generator.uniform(-factor, factor)) + generator.uniform(-more, more))


def _spread(items: Sequence[int], count: int) -> list[int]:
    """At most `count` of the items, evenly spread from the first to the last."""
    last = len(items) - 1
    return list(items) if last < count else [items[round(i * last / (count - 1))] for i in range(count)]


def _kinds(targets: Any) -> list[int]:
    """A sample for each different target."""
    if isinstance(targets, np.ndarray):
        firsts: list[int] = np.unique(targets, axis=0, return_index=True)[1].tolist()
        return firsts
    return list({str(target): i for i, target in enumerate(targets)}.values())
