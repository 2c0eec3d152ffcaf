"""The training loop: what `fit` takes, and the loop that takes one step at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

from micrograd.engine import Value
from micrograd.nn.inputs import ArrayLike, described, flag, function, integer, non_negative, to_array_or_lists, to_lists
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler
from micrograd.nn.training.callbacks import FitState, checked_callbacks
from micrograd.nn.training.data import read_data
from micrograd.nn.training.epoch_end import VALIDATION, EpochEnd, measured_columns
from micrograd.nn.training.evaluation import Evaluation
from micrograd.nn.training.history import History, Record
from micrograd.nn.training.metrics import Metric, checked_metrics
from micrograd.nn.training.mode import mode, modules_of
from micrograd.nn.training.progress import progress_bar
from micrograd.nn.training.schedules import check_schedules, schedules_of
from micrograd.nn.training.task import Diverged, Task


def fit(
    model: Callable[[list[Value]], Any],
    loss: Callable[[list[Any], list[Any]], Value],
    optimizer: Optimizer,
    X: ArrayLike,
    y: ArrayLike,
    epochs: int,
    batch_size: int | None = None,
    *,
    steps_per_epoch: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    schedule: LRScheduler | Sequence[LRScheduler] | None = None,
    progress: bool = True,
    jit: bool = False,
    validation: tuple[ArrayLike, ArrayLike] | float | None = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Iterable[object] = (),
    clip_grad_norm: float | None = None,
    clip_grad_value: float | None = None,
    class_weight: Mapping[Any, float] | None = None,
    sample_weight: ArrayLike | None = None,
    history: Mapping[str, Sequence[float]] | None = None,
) -> History:
    """Train a model.

    The model and all modules in it are set to training mode, and back to the mode they were in at the end. Ctrl-C
    (KeyboardInterrupt) ends the training and returns what there is: the parameters are then those after a whole number
    of steps, which `optimizer.t` counts, and the history has the epochs whose steps are all taken. When the loss or a
    gradient turns nan or infinite, the training ends with a warning that names the operation where it began; the step
    is not taken, so the parameters are those that led there.

    After each epoch, in this order: metrics and the validation loss are computed, in evaluation mode, and entered into
    the history; the schedules step; the callbacks are called.

    Args:
        model: A Module, or any other function from a list of Values to a prediction.
        loss: Takes the list of a batch's predictions and the list of its targets, returns one Value. A regularisation
            term may be added to it here, unless there are weights, which would weigh it, too.
        optimizer: Made for the parameters to train.
        X: The samples: a list, tuple or array of rows of numbers. The model gets each row as a list of Values; a sample
            that is a single number counts as a row of one.
        y: The targets, one for each sample: numbers or rows of numbers. The loss gets whole numbers as ints, others as
            floats, rows as lists.
        epochs: How many times to go through all samples, or to take `steps_per_epoch`, at least 0; those of `history`
            count.
        batch_size: The number of samples for one step, at least 1; the last batch may be smaller. None for all samples.
        steps_per_epoch: How many steps make an epoch, as in Keras, where that is not to go through all samples: those
            of each epoch are drawn anew. With 1, schedules step after each step. None for all samples.
        shuffle: Whether to put the samples into batches anew in each epoch. A single batch keeps its order.
        seed: Makes a training reproducible on its own: what an epoch shuffles and drops comes from a generator that is
            made of the seed and `optimizer.t`, so each epoch has an order of its own, and several calls train as one
            does. None to draw from Python's global `random`.
        schedule: Its `step()` is called after each epoch; of a list of schedules that of each, in order. After Ctrl-C
            they have stepped for the epochs in the history; but `ReduceLROnPlateau` does not step for an epoch whose
            validation loss Ctrl-C has prevented.
        progress: Whether to show a progress bar, on standard error or as a widget in a notebook, if tqdm is installed
            (`pip install tqdm`).
        jit: Whether to compile the training step, forward, backward and update, to machine code, and to take many steps
            in one call of it (`pip install numpy llvmlite`). The loss must then be the mean of the losses of the
            samples, and neither it nor the model may look at numbers; targets are passed to it as Values. Before it
            starts, the compiled step is compared with that of `jit=False` on some of the samples.
        validation: Samples and targets, `(X, y)`, whose loss is computed after each epoch; or a fraction between 0 and
            1 of the samples, which are put aside. Which ones depends on the seed alone, so each call takes the same.
        metrics: Functions of predictions and targets by name, as `{"accuracy": accuracy}`. After each epoch each of
            them gets what the model says to the training samples, as numbers, and must return a number; and, under
            `val_` and its name, the same of the validation samples. Before the first epoch each is tried once.
        callbacks: Objects with methods `on_fit_begin(state)`, `on_epoch_end(state)` or `on_fit_end(state)`: see
            `FitState`. `EarlyStopping` and `Checkpoint` are such.
        clip_grad_norm: The largest norm of the gradients of a step, as for `clip_grad_norm_`.
        clip_grad_value: The largest size of each of them, as for `clip_grad_value_`. One of the two can be given.
        class_weight: The weight of each class, by its target, which is multiplied with those of `sample_weight`.
        sample_weight: A weight of at least 0 for each sample. With weights, the loss of a batch is the mean of weight
            times loss over its samples, as in Keras, where the loss of a sample is what `loss` returns for it alone, a
            regularisation term included: use the optimiser's `weight_decay` instead. What has the weight 0 counts for
            nothing, whatever its loss; so must a target that the loss ignores, for alone it has no loss. Metrics and
            validation do not know weights.
        history: What an earlier call returned, or `resume`, or its columns in a dict: this one goes on, and returns
            both. It stays as it is. An epoch that Ctrl-C cut short is not in it, and is begun anew.

    Returns:
        The losses, learning rates, and metrics to plot, and whether the training came to its end.

    Raises:
        TypeError: If the model or the loss is no function, `optimizer` no Optimizer; if the samples or targets are not
            numbers, or `loss` does not return a Value, a metric no number; or with `jit` if the model, the loss or the
            optimiser does what cannot be compiled.
        ImportError: If `jit` is wanted and the compiler is not installed.
        ValueError: If there are no samples, not as many targets as samples, a number is out of range, an epoch of
            `steps_per_epoch` is longer than the samples last, or shorter without `shuffle`, the loss depends on none of
            the optimiser's parameters, or a schedule is one of another optimiser or ends too early; or with `jit` if
            the compiled step differs.

    Warns:
        RuntimeWarning: If the loss or a gradient turns nan or infinite.
        UserWarning: If the optimiser has parameters that are none of the model's, and the loss does not reach them.

    Example:
        >>> import random
        >>> from micrograd.nn import MLP, SGD, mse_loss
        >>> random.seed(0)
        >>> model = MLP(1, [8, 1])
        >>> X = [0.0, 0.5, 1.0, 1.5]
        >>> y = [0.0, 0.25, 1.0, 2.25]
        >>> history = fit(model, mse_loss, SGD(model.parameters(), lr=0.05), X, y, epochs=100, progress=False)
        >>> history.loss[-1] < 0.05 < history.loss[0]
        True
    """
    function("fit", "model", model)
    function("fit", "loss", loss)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"fit: optimizer must be an Optimizer, such as SGD(model.parameters(), lr=0.1), got {described(optimizer)}"
        )
    shuffle, progress, jit = (
        flag("fit", name, given) for name, given in (("shuffle", shuffle), ("progress", progress), ("jit", jit))
    )
    epochs = integer("fit", "epochs", epochs, least=0)
    seed = _seed(seed)
    data = read_data(
        X, y, to_array_or_lists if jit else to_lists,
        validation=validation, seed=seed, sample_weight=sample_weight, class_weight=class_weight,
    )  # fmt: skip
    size = len(data.samples) if batch_size is None else min(integer("fit", "batch_size", batch_size), len(data.samples))
    taken = len(data.samples) if steps_per_epoch is None else _taken(len(data.samples), size, steps_per_epoch, shuffle)
    metrics = checked_metrics("fit", metrics)
    earlier = _earlier(history)
    done = len(earlier.loss)
    if clip_grad_norm is not None and clip_grad_value is not None:
        raise ValueError("fit: clip_grad_norm and clip_grad_value are two ways to clip gradients; choose one")
    task = Task(
        model, loss, optimizer, schedules_of("fit", schedule), *data.trained, max(0, epochs - done), size, taken,
        shuffle=shuffle and size < len(data.samples), seed=seed, weights=data.weights,
        clip_norm=_limit("clip_grad_norm", clip_grad_norm), clip_value=_limit("clip_grad_value", clip_grad_value),
    )  # fmt: skip
    callbacks = checked_callbacks("fit", callbacks)
    check_schedules(task.schedules, optimizer, 0 if callbacks else task.epochs)
    modules = modules_of(model)
    measured = {"": (data.samples, to_lists(data.targets))} if metrics else {}
    if data.validation is not None:
        measured[VALIDATION] = data.validation
    record = Record(optimizer, task.steps, earlier, measured_columns(metrics, validated=VALIDATION in measured))
    end = EpochEnd(
        record,
        FitState(model, optimizer, schedule, epochs, record.history, callbacks),
        task.schedules,
        modules,
        Evaluation("fit", model, loss, metrics, batch_size),
        measured,
    )
    if jit:
        from micrograd.nn.training.compiled.train import train
    else:
        train = _train
    try:
        with mode(modules, True), progress_bar(epochs, task.steps, progress, done=done) as advance:
            if end.begin():
                train(task, record, end, advance)
    except KeyboardInterrupt:
        record.history.interrupted = True
    except Diverged as diverged:
        record.history.diverged = True
        warnings.warn(str(diverged), RuntimeWarning, stacklevel=2)
    finally:
        end.finish()
    return record.history


def _train(task: Task, record: Record, end: EpochEnd, advance: Callable[..., None]) -> None:
    """Train, a step at a time.

    Raises:
        TypeError: If the loss is not a Value.
        ValueError: If it depends on no parameter.
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
    """
    first = True
    for _ in range(task.epochs):
        total = 0.0
        with task.epoch() as order:
            for i, batch in enumerate(task.batches(order), 1):
                loss = task.differentiate(batch, first)
                first = False
                total += loss * len(batch)
                task.clip(task.optimizer.params)
                if i == task.steps:
                    record.enter([total / len(order)], [task.rates])
                task.optimizer.step()
                advance(loss)
        if not end(advance):
            return


def _seed(seed: int | None) -> int | None:
    """The seed as an int, so that equal ones are one."""
    if seed is not None and not isinstance(seed, Integral):
        raise TypeError(f"fit: seed must be an int or None, got {described(seed)}")
    return None if seed is None else int(seed)


def _taken(count: int, size: int, steps: int, shuffle: bool) -> int:
    """How many of so many samples an epoch of so many steps takes.

    Raises:
        ValueError: If there are too few, or some would be left out that `shuffle=False` never reaches.
    """
    taken, most = integer("fit", "steps_per_epoch", steps) * size, -(-count // size)
    if steps > most:
        raise ValueError(
            f"fit: steps_per_epoch must be at most {most}, as {count} samples make no more batches of {size}, got "
            f"{steps}; use more epochs"
        )
    if taken < count and not shuffle:
        raise ValueError(
            f"fit: with shuffle=False steps_per_epoch={steps} would take the first {taken} of {count} samples in every "
            "epoch; use shuffle=True, or pass these alone"
        )
    return min(taken, count)


def _limit(name: str, limit: float | None) -> float | None:
    """A limit for gradients, if there is one."""
    return None if limit is None else non_negative("fit", name, limit)


def _earlier(history: Mapping[str, Sequence[float]] | None) -> History:
    """A copy of an earlier history; an empty one if there is none."""
    if history is None:
        return History()
    if not (isinstance(history, Mapping) and {"loss", "lr"} <= set(history)):
        raise TypeError(
            "fit: history must be what fit or resume returned, or a dict of its columns, loss and lr among them, got "
            f"{described(history)}"
        )
    return History(history)
