"""What is compared before a compiled training: whether machine code takes the steps that the eager loop would take.

The compiler sees one run of the model and the loss, with one sample, and what is no operation on Values is frozen in
it. Some of that it can refuse; the rest, be it a test for a type, a random number or a counter, shows up here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np

from micrograd.engine import Value, assign, topological_order
from micrograd.engine.jit import Trainer
from micrograd.nn.dropping import drawing
from micrograd.nn.training import Task, check_reach

LEAST, MOST = 3, 16  # samples
NODES = 50_000  # about as many are computed at most, if that leaves enough samples
LONG = 1000  # no batch of more is tried
DIGITS = 1e-9  # equal but for rounding, which is some 1e-16 an operation
SHAKE = 1e-10  # where results differ, they must move as much when every number on the way to them is moved by this
TINY = 1e-300  # below, numbers lose digits
SCALES = (0.0, 30.0, 1e-3, 1.0, 0.03)  # how far from the targets predictions are made up; neighbours differ most
FEW = 60  # samples in a batch with these
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
    """Refuse a loss that is not the mean of the losses of single samples, as what is compiled is that of one sample.

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
    sizes = {task.size, len(task.samples) - task.size * (task.steps - 1)}
    generators = [random.Random(i) for i in everything]
    made = [
        [_changed(p, generator, factor, more) for p, generator in zip(predictions, generators, strict=True)]
        for factor, more in ((0.0, 0.0), (0.25, 0.0), (0.0, 0.25))  # predictions that are all alike tell little
    ]
    made += [  # with losses from 0 to large ones
        [_near(p, part.targets[i], generators[i], SCALES[(i + k) % len(SCALES)]) for i, p in enumerate(predictions)]
        for k in range(len(SCALES))
    ]
    for k, changed in enumerate(made):
        singles = [part.loss_of([p], [i]) for i, p in enumerate(changed)]
        if inside.isdisjoint(topological_order(*singles)):  # else the loss knows more of the model than its predictions
            for size in sizes:
                batch = list(islice(cycle(everything), min(size, LONG if k < 3 else FEW)))
                _check_mean(part.loss_of([changed[i] for i in batch], batch), [singles[i].data for i in batch])


def check_targets(task: Task, trainer: Trainer) -> None:
    """Refuse a loss that treats any of the targets otherwise than the compiled one, or that refuses it.

    Raises:
        ValueError: If the loss of a target differs.
    """
    kinds = _kinds(task.targets)
    trainer.load(task.optimizer.state)
    for start in range(0, len(kinds), LONG):
        some = kinds[start : start + LONG]
        everything, part = list(range(len(some))), task.part(some)
        prediction = _predict(part, 0)
        together = part.loss_of([prediction] * len(some), everything).data
        if trainer.draws:
            continue  # machine code drops other units for each of them
        losses = trainer.losses(part.samples[:1] * len(some), part.targets)
        # Where the sums agree so closely, so do the losses.
        if abs(together - math.fsum(losses) / len(losses)) <= DIGITS / LONG * math.fsum(map(abs, losses)) / len(losses):
            continue
        for i in everything:
            alone = part.loss_of([prediction], [i])
            if _differ(_finite([alone.data]), _finite([losses[i]]), alone, []):
                raise ValueError(
                    f"fit with jit=True would not do what jit=False does. For the target {part.targets[i]} and the "
                    f"prediction for sample {some[0]}, the loss is {alone.data}, and compiled it is {losses[i]}. "
                    f"{WAY_OUT}"
                )


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
    numbers = [drawn.get(number, 0.5) for number in draws]  # what nobody reads is not drawn
    update_checked = False
    for i, sample in enumerate(chosen):
        loss = _loss(part, i, numbers)
        eager, compiled = _eager(loss, optimizer.params), _compiled(task, trainer, sample)
        if _differ(eager, compiled, loss, optimizer.params):
            raise ValueError(
                f"fit with jit=True would not do what jit=False does. Sample {sample}: {_told(eager, compiled)}. "
                f"{WAY_OUT}"
            )
        if compiled and not update_checked:
            _check_update(task, trainer)
            update_checked = True


def _loss(task: Task, i: int, numbers: list[float]) -> Value:
    """The loss of a sample in the eager loop, with these random numbers."""
    drawn = iter(numbers)

    def source(x: Value) -> Any:
        number = next(drawn, None)
        return otherwise(x) if number is None else number

    with drawing(source) as otherwise:
        return task.loss_of([task.predict(i)], [i])


# A step, below, is the loss and the gradient of each parameter; or None, if one of them is not finite.


def _eager(loss: Value, params: list[Value]) -> list[float] | None:
    """The step of the eager loop. Leaves `.grad` as it was."""
    leaves = [*params, *(node for node in topological_order(loss) if not node._prev)]
    before = [leaf.grad for leaf in leaves]
    try:
        assign((leaves, "grad", [0.0] * len(leaves)))
        loss.backward()
        return _finite([loss.data, *(parameter.grad for parameter in params)])
    finally:
        assign((leaves, "grad", before))


def _shaken(loss: Value, params: list[Value]) -> Iterator[list[float] | None]:
    """Steps as they would be, had everything been rounded far more coarsely, there and back."""
    order = topological_order(loss)
    for seed in range(2):
        for shake in (SHAKE, -SHAKE):
            generator, copies = random.Random(seed), dict[Value, Value]()
            for node in order:
                operands = [copies[operand] for operand in node._prev]
                copies[node] = Value._record(node._rule, *operands) if operands else Value(node.data)
                copies[node].data *= 1 + shake * generator.uniform(-1, 1)
            copies[loss].backward()
            yield _finite([copies[loss].data, *(copies[p].grad if p in copies else 0.0 for p in params)])


def _compiled(task: Task, trainer: Trainer, sample: int) -> list[float] | None:
    """The step of machine code, which has taken it in the memory of the trainer."""
    optimizer = task.optimizer
    trainer.load(optimizer.state)
    (losses,) = trainer.run([optimizer.lr], 1, [[sample]], t=optimizer.t)
    return [losses[0], *trainer.gradients] if losses else None


def _finite(step: list[float]) -> list[float] | None:
    return step if all(map(math.isfinite, step)) else None


def _differ(eager: list[float] | None, compiled: list[float] | None, loss: Value, params: list[Value]) -> bool:
    """Whether two steps differ, in any of their numbers, by more than rounding can explain."""
    count = 1 + len(params)
    apart = _apart(eager, compiled, count)
    equal = [DIGITS * abs(number) + TINY for number in eager or [0.0] * count]
    if all(far <= near for far, near in zip(apart, equal, strict=True)):
        return False
    moved = [_apart(eager, shaken, count) for shaken in _shaken(loss, params)]
    return any(far > max(near) for far, *near in zip(apart, equal, *moved, strict=True))


def _apart(a: list[float] | None, b: list[float] | None, count: int) -> list[float]:
    """How far the numbers of two steps, so many each, are apart."""
    if a is None or b is None:
        return [0.0 if a is b else math.inf] * count
    return [abs(x - y) for x, y in zip(a, b, strict=True)]


def _told(eager: list[float] | None, compiled: list[float] | None) -> str:
    """Two different steps in words."""
    if eager is None or compiled is None:
        return f"its loss or gradient is {'finite' if eager else 'not finite'} with jit=False alone"
    if abs(eager[0] - compiled[0]) > DIGITS * abs(eager[0]):
        return f"its loss is {eager[0]}, and compiled it is {compiled[0]}"
    k = max(range(len(eager)), key=lambda k: abs(eager[k] - compiled[k]) / max(abs(eager[k]), abs(compiled[k]), TINY))
    return f"the gradient of parameter {k - 1} is {eager[k]}, and compiled it is {compiled[k]}"


def _check_update(task: Task, trainer: Trainer) -> None:
    """Refuse the step that the trainer has taken, if the rule makes something else of its gradients.

    Raises:
        ValueError: If a parameter, or what is kept for it, differs.
    """
    optimizer = task.optimizer
    before = zip(optimizer.params, trainer.gradients, optimizer.state, trainer.data, trainer.state, strict=True)
    for k, (parameter, g, state, data, kept) in enumerate(before):
        changed, keep = optimizer.rule(parameter.data, g, state, t=optimizer.t + 1, **optimizer.hyper)
        size = max(map(abs, (parameter.data, g, *state)))
        for eager, compiled in zip((changed, *keep), (data, *kept), strict=True):
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
    odd = math.isfinite(together.data) and abs(together.data - mean) > DIGITS * size
    if odd and _differ([together.data], [mean], together, []):
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


def _near(prediction: Any, target: Any, generator: random.Random, distance: float) -> Any:
    """A prediction about so far from the target, on either side; from 0 where the target is a class."""
    if type(prediction) in (list, tuple):
        parts = target if isinstance(target, list) and len(target) == len(prediction) else [0.0] * len(prediction)
        return type(prediction)(_near(p, t, generator, distance) for p, t in zip(prediction, parts, strict=True))
    if not isinstance(prediction, Value):
        return prediction
    centre = 0.0 if isinstance(target, list) else target
    return Value(centre + distance * generator.choice((-1, 1)) * generator.uniform(0.5, 1.0))


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
