"""The training loop: what `fit` takes, and the loop that takes one step at a time."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from micrograd.engine import Value, assign
from micrograd.nn.inputs import ArrayLike, integer, to_array_or_lists, to_lists
from micrograd.nn.module import Module
from micrograd.nn.optim import Optimizer
from micrograd.nn.schedule import LRScheduler
from micrograd.nn.training.history import History, Record
from micrograd.nn.training.progress import progress_bar
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
    shuffle: bool = True,
    seed: int | None = None,
    schedule: LRScheduler | None = None,
    progress: bool = True,
    jit: bool = False,
) -> History:
    """Train a model.

    The model and all modules in it are set to training mode, and back to the mode they were in at the end. Ctrl-C
    (KeyboardInterrupt) ends the training and returns what there is: the parameters are then those after a whole number
    of steps, which `optimizer.t` counts, and the history has the epochs that are finished. When the loss or a gradient
    turns nan or infinite, the training ends with a warning that names the operation where it began; the step is not
    taken, so the parameters are those that led there.

    Args:
        model: A Module, or any other function from a list of Values to a prediction.
        loss: Takes the list of a batch's predictions and the list of its targets, returns one Value. A regularisation
            term may be added to it here.
        optimizer: Made for the parameters to train.
        X: The samples: a list, tuple or array of rows of numbers. The model gets each row as a list of Values; a sample
            that is a single number counts as a row of one.
        y: The targets, one for each sample: numbers or rows of numbers. The loss gets whole numbers as ints, others as
            floats, rows as lists.
        epochs: How many times to go through all samples, at least 0.
        batch_size: The number of samples for one step, at least 1; the last batch may be smaller. None for all samples.
        shuffle: Whether to put the samples into batches anew in each epoch. A single batch keeps its order.
        seed: Makes the shuffling reproducible on its own. None to draw from Python's global `random`, as dropout does.
        schedule: Its `step()` is called after each epoch.
        progress: Whether to show a progress bar, on standard error or as a widget in a notebook, if tqdm is installed
            (`pip install tqdm`).
        jit: Whether to compile the training step, forward, backward and update, to machine code, and to take many steps
            in one call of it (`pip install numpy llvmlite`). The loss must then be the mean of the losses of the
            samples, and neither it nor the model may look at numbers; targets are passed to it as Values. Before it
            starts, the compiled step is compared with that of `jit=False` on some of the samples.

    Returns:
        The losses and learning rates to plot, and whether the training came to its end.

    Raises:
        TypeError: If the samples or targets are not numbers, or `loss` does not return a Value; or with `jit` if the
            model, the loss or the optimiser does what cannot be compiled.
        ImportError: If `jit` is wanted and the compiler is not installed.
        ValueError: If there are no samples, not as many targets as samples, `epochs` or `batch_size` is out of range,
            or the loss depends on none of the optimiser's parameters; or with `jit` if the compiled step differs.

    Warns:
        RuntimeWarning: If the loss or a gradient turns nan or infinite.

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
    epochs = integer("fit", "epochs", epochs, least=0)
    samples, targets = _samples_and_targets(X, y, to_array_or_lists if jit else to_lists)
    size = len(samples) if batch_size is None else min(integer("fit", "batch_size", batch_size), len(samples))
    shuffler = None
    if shuffle and size < len(samples):
        shuffler = random.shuffle if seed is None else random.Random(seed).shuffle
    task = Task(model, loss, optimizer, schedule, samples, targets, epochs, size, shuffler)
    if jit:
        from micrograd.nn.training.compiled.train import train
    else:
        train = _train
    record = Record(optimizer, task.steps)
    try:
        with _training_mode(model), progress_bar(epochs, task.steps, progress) as advance:
            train(task, record, advance)
    except KeyboardInterrupt:
        record.history.interrupted = True
    except Diverged as diverged:
        record.history.diverged = True
        warnings.warn(str(diverged), RuntimeWarning, stacklevel=2)
    return record.closed()


def _train(task: Task, record: Record, advance: Callable[..., None]) -> None:
    """Train, a step at a time.

    Raises:
        TypeError: If the loss is not a Value.
        ValueError: If it depends on no parameter.
        Diverged: If a loss or a gradient is not finite. That step has not been taken.
    """
    optimizer, schedule = task.optimizer, task.schedule
    first = True
    for order in task.orders():
        total = 0.0
        for i, batch in enumerate(task.batches(order), 1):
            loss = task.differentiate(batch, first)
            first = False
            total += loss * len(batch)
            if i == task.steps:
                record.enter([total / len(order)], [optimizer.lr])
            optimizer.step()
            advance(loss)
        record.confirm()
        if schedule is not None:
            schedule.step()


def _samples_and_targets(X: ArrayLike, y: ArrayLike, read: Callable[[Any, str], Any]) -> tuple[Any, Any]:
    """The samples, rows, and as many targets: lists, or arrays if that is how they are read."""
    rows, targets = read(X, "fit: X"), read(y, "fit: y")
    for name, numbers in (("X", rows), ("y", targets)):
        if not hasattr(numbers, "__len__"):
            raise TypeError(f"fit: {name} must be a list, a tuple or an array, got {numbers!r}")
    if len(rows) != len(targets):
        raise ValueError(
            f"fit needs a target for each sample, got {len(rows)} samples in X and {len(targets)} targets in y"
        )
    if len(rows) == 0:
        raise ValueError("fit needs at least one sample, got an empty X")
    return _rows(rows), targets


def _rows(samples: Any) -> Any:
    """Samples as rows, which those that are single numbers are not yet."""
    if isinstance(samples, list):
        return [row if isinstance(row, list) else [row] for row in samples]
    return samples.reshape(-1, 1) if samples.ndim == 1 else samples


@contextmanager
def _training_mode(model: object) -> Iterator[None]:
    """Set all modules to training mode, and each back to its own mode afterwards."""
    modes = [(module, module.training) for module in (model.modules() if isinstance(model, Module) else ())]
    try:
        assign(*((module, "training", True) for module, _ in modes))
        yield
    finally:
        assign(*((module, "training", mode) for module, mode in modes))
