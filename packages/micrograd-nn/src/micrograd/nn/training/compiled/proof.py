"""What is compared before a compiled training: whether machine code takes the steps that the eager loop would take.

The compiler sees one run of the model and the loss, with one sample, and what is no operation on Values is frozen in
it. Some of that it can refuse; the rest, be it a test for a type, a random number or a counter, shows up here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle, islice, product, repeat, zip_longest
from typing import Any, TypeAlias

import numpy as np

from micrograd.engine import Value, assign, drawing, operands, topological_order
from micrograd.engine.jit import Trainer
from micrograd.nn.inputs import is_number, to_lists
from micrograd.nn.losses.shapes import flat
from micrograd.nn.training.compiled.ahead import live_numbers, steps_taken
from micrograd.nn.training.compiled.rounding import DIGITS, TINY, all_finite, differ
from micrograd.nn.training.task import Task

LEAST, MOST = 3, 16  # samples
NODES = 50_000  # about as many are computed at most, if that leaves enough samples
LONG = 1000  # no batch of more samples is tried
FEW = 60  # or of so many, where predictions are far from what the model says
REMEDY = (
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
    orders = everything, _mixed(part.targets)
    part.check_reach(part.loss_of([_predict(part, 0)], [0]))
    alone = [part.loss_of([_predict(part, i)], [i]).data for i in everything]
    predictions = [_predict(part, i) for i in everything]
    for order in orders:
        for batch in part.batches(order):
            _check_mean(part, predictions, alone, batch)

    inside = {node for node in topological_order(*_values(predictions)) if operands(node)}
    for most, others in _made_up(part, predictions):
        singles = [part.loss_of([other], [i]) for i, other in enumerate(others)]
        if inside.isdisjoint(topological_order(*singles)):  # else the loss knows more of the model than its predictions
            for order, size in product(orders, set(task.sizes)):
                batch = list(islice(cycle(order), min(size, most)))
                _check_mean(part, others, [single.data for single in singles], batch)


def check_step(task: Task, chosen: list[int], trainer: Trainer, live: Sequence[str]) -> None:
    """Refuse a compiled step that is not the eager one.

    Args:
        task: The task.
        chosen: The samples to try, each as a batch of its own.
        trainer: The compiled step.
        live: The hyperparameters that it is given.

    Raises:
        ValueError: If the loss or the gradient of a sample differs, or what the rule of the optimiser makes of it.
    """
    optimizer, part = task.optimizer, task.part(chosen)
    numbers = trainer.drawn(optimizer.t, seed=0)
    update_checked = False
    for i, sample in enumerate(chosen):
        loss = _loss(part, i, numbers)
        eager = _eager(loss, task)
        trainer.load(optimizer.state)
        (losses,) = trainer.run([live_numbers(optimizer, live)], 1, [[sample]], t=steps_taken(optimizer))
        compiled = [*(losses or [math.nan]), *trainer.gradients]
        if differ(eager, compiled, loss, optimizer.params, task.clip):
            raise _difference(f". Sample {sample}: {_described(eager, compiled)}")
        if losses and not update_checked:
            _check_update(task, trainer)
            update_checked = True


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
        if trainer.random:
            continue  # machine code drops other units for each of them
        losses = trainer.losses(part.samples[:1] * len(some), *part.arrays[1:])
        # Where the sums agree so closely, so do the losses.
        if abs(together - math.fsum(losses) / len(losses)) <= DIGITS / LONG * math.fsum(map(abs, losses)) / len(losses):
            continue
        for i in everything:
            alone = part.loss_of([prediction], [i])
            if differ([alone.data], [losses[i]], alone):
                raise _difference(
                    f". For the target {part.targets[i]} and the prediction for sample {some[0]}, the loss is "
                    f"{alone.data}, and compiled it is {losses[i]}"
                )


def _difference(what: str) -> ValueError:
    return ValueError(f"fit with jit=True would not do what jit=False does{what}. {REMEDY}")


def _loss(task: Task, i: int, numbers: list[float]) -> Value:
    """The loss of a sample in the eager loop, with these random numbers."""
    upcoming = iter(numbers)
    with drawing(lambda: next(upcoming, 0.5)):
        return task.loss_of([task.predict(i)], [i])


def _eager(loss: Value, task: Task) -> list[float]:
    """The loss, and the gradient of each parameter as the rule gets it. Leaves `.grad` as it was."""
    params = task.optimizer.params
    leaves = [*params, *(node for node in topological_order(loss) if not operands(node))]
    before = [leaf.grad for leaf in leaves]
    try:
        assign((leaves, "grad", [0.0] * len(leaves)))
        loss.backward()
        task.clip(params)
        return [loss.data, *(parameter.grad for parameter in params)]
    finally:
        assign((leaves, "grad", before))


def _described(eager: list[float], compiled: list[float]) -> str:
    """The difference between two steps in words."""
    if not (all_finite(eager) and all_finite(compiled)):
        return f"its loss or gradient is {'finite' if all_finite(eager) else 'not finite'} with jit=False alone"
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
    told = [
        {**optimizer.hyper_of(group), "t": t + 1}
        for group, t in zip(optimizer.param_groups, steps_taken(optimizer), strict=True)
        for _ in group["params"]
    ]
    steps = zip(optimizer.params, trainer.gradients, optimizer.state, trainer.data, trainer.state, told, strict=True)
    for k, (parameter, g, state, data, kept, hyper) in enumerate(steps):
        changed, keep = optimizer.rule(parameter.data, g, state, **hyper)
        size = max(map(abs, (parameter.data, g, *state)))
        for eager, compiled in zip((changed, *keep), (data, *kept), strict=True):
            same = eager == compiled or (eager != eager and compiled != compiled)
            if not (same or abs(eager - compiled) <= DIGITS * max(abs(eager), size)):
                raise _difference(
                    f": {type(optimizer).__name__}.rule makes {eager} of parameter {k}, or of what it keeps for it, "
                    f"and compiled {compiled}"
                )


def _check_mean(task: Task, predictions: list[Any], losses: list[float], batch: list[int]) -> None:
    """Refuse a loss of several samples that is not the mean of theirs.

    Raises:
        ValueError: If it is not.
    """
    together = task.loss_of([predictions[i] for i in batch], batch)
    alone = [losses[i] for i in batch]
    mean, size = math.fsum(alone) / len(alone), math.fsum(map(abs, alone)) / len(alone)
    odd = math.isfinite(together.data) and not abs(together.data - mean) <= DIGITS * size  # as nan is not
    if odd and differ([together.data], [mean], together):
        samples = f"{len(alone)} samples" if len(alone) > 2 else "two samples"
        raise ValueError(
            f"fit with jit=True takes a loss that is a mean over the samples, but {samples} together have "
            f"{together.data} and alone {mean} on average; use reduction='mean', give weights of classes to fit as "
            "class_weight, and samples that are to be ignored a sample_weight of 0; or use jit=False"
        )


def _predict(task: Task, i: int) -> Any:
    """What the model says to a sample, with the same units dropped each time."""
    with drawing(random.Random(i).random):
        return task.predict(i)


def _values(prediction: Any) -> list[Value]:
    """The Values in a prediction: one, or those in lists of them."""
    if isinstance(prediction, (list, tuple)):
        return [value for part in prediction for value in _values(part)]
    return [prediction] if isinstance(prediction, Value) else []


Change: TypeAlias = Callable[[float, float, random.Random], float]  # of a prediction, with its target


def _away(distance: float) -> Change:
    """About so far from the target, on either side."""
    return lambda number, target, generator: target + distance * generator.choice((-1, 1)) * generator.uniform(0.5, 1.0)


NEAR: tuple[Change, ...] = (
    lambda number, target, generator: number,
    lambda number, target, generator: number * (1 + generator.uniform(-0.25, 0.25)),
    lambda number, target, generator: number + generator.uniform(-0.25, 0.25),
)
FAR = tuple(map(_away, (0.0, 30.0, 1e-3, 1.0, 0.03)))  # neighbours differ most


def _made_up(task: Task, predictions: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Other predictions: from those that are all alike, or all about as good, one learns little.

    Yields:
        In batches of how many samples, at most, to try them; and a prediction for each sample.
    """
    generators = [random.Random(i) for i in range(len(predictions))]

    def changed(changes: Iterable[Change]) -> list[Any]:
        return list(map(_changed, predictions, task.targets, changes, generators))

    for change in NEAR:
        yield LONG, changed(repeat(change))
    for k in range(len(FAR)):
        yield FEW, changed(islice(cycle(FAR), k, None))


def _changed(prediction: Any, target: Any, change: Change, generator: random.Random) -> Any:
    """A prediction of the same shape, of other numbers; where the target is a class, it counts as 0."""
    if type(prediction) in (list, tuple):  # a class of one's own may not be made so
        parts = target if isinstance(target, list) and len(target) == len(prediction) else [0.0] * len(prediction)
        return type(prediction)(map(_changed, prediction, parts, repeat(change), repeat(generator)))
    if not isinstance(prediction, Value):
        return prediction
    return Value(change(prediction.data, 0.0 if isinstance(target, list) else target, generator))


def _spread(items: Sequence[int], count: int) -> list[int]:
    """At most `count` of the items, evenly spread from the first to the last."""
    last = len(items) - 1
    return list(items) if last < count else [items[round(i * last / (count - 1))] for i in range(count)]


def _mixed(targets: list[Any]) -> list[int]:
    """An order in which neighbours have different targets, as far as there are different ones.

    With targets that are all alike many a loss is a mean that is none: one that weighs classes, say.
    """
    kinds: dict[str, list[int]] = {}
    for i, target in enumerate(targets):
        kinds.setdefault(str(target), []).append(i)
    return [i for some in zip_longest(*kinds.values()) for i in some if i is not None]


def _kinds(targets: Any) -> list[int]:
    """A sample for each different target; if these are very many rows, for each number in each place of them."""
    kinds = _firsts(targets)
    if len(kinds) <= LONG or is_number(targets[0]):
        return kinds
    rows = enumerate(map(flat, to_lists(targets)))
    numbers = {(place, str(number)): i for i, row in rows for place, number in enumerate(row)}
    return list(dict.fromkeys(numbers.values()))


def _firsts(targets: Any) -> list[int]:
    """A sample for each different target."""
    if isinstance(targets, np.ndarray):
        firsts: list[int] = np.unique(targets, axis=0, return_index=True)[1].tolist()
        return firsts
    return list({str(target): i for i, target in enumerate(targets)}.values())
