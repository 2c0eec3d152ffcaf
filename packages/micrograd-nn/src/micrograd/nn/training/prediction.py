"""What a model says to samples, as numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine import Value
from micrograd.nn.inputs import ArrayLike, flag, function, integer, to_array_or_lists, to_lists
from micrograd.nn.training.data import read_samples
from micrograd.nn.training.mode import mode, modules_of
from micrograd.nn.training.progress import counting_bar


def predict(
    model: Callable[[list[Value]], Any],
    X: ArrayLike,
    *,
    batch_size: int | None = None,
    jit: bool = False,
    progress: bool = False,
) -> list[Any]:
    """What a model says to samples, in evaluation mode. Counterpart: `keras.Model.predict`.

    All modules are set to evaluation mode, and each back to its own mode afterwards, whatever happens.

    Args:
        model: A Module, or any other function from a list of Values to a prediction.
        X: The samples, as `fit` takes them; there may be none.
        batch_size: How many samples to predict at a time, at least 1: with `jit` so many go through machine code in one
            call, which bounds its memory, and the bar moves after each batch. None for all with `jit`, else for 1.
        jit: Whether to compile the model, anew in each call (`pip install numpy llvmlite`). For many calls keep
            `compiled = jit(model.eval())`, of `micrograd.engine.jit`.
        progress: Whether to show a progress bar, if tqdm is installed.

    Returns:
        For each sample a float, or a list of them if the model returns a list.

    Raises:
        TypeError: If the model is no function, the samples are not numbers, the model returns something else than
            Values, or with `jit` cannot be compiled.
        ValueError: If `batch_size` is out of range.
        ImportError: If `jit` is wanted and the compiler is not installed.

    Example:
        >>> from micrograd.nn import MLP
        >>> model = MLP(2, [3])
        >>> rows = predict(model, [[0.5, 1.0], [2.0, -1.0]])
        >>> len(rows), len(rows[0])
        (2, 3)
        >>> rows[0] == [score.data for score in model([0.5, 1.0])]
        True
    """
    function("predict", "model", model)
    jit, progress = flag("predict", "jit", jit), flag("predict", "progress", progress)
    samples = read_samples("predict", X, to_array_or_lists if jit else to_lists)
    size = (len(samples) or 1 if jit else 1) if batch_size is None else integer("predict", "batch_size", batch_size)
    of_batch = compiled_predictions(model) if jit else eager_predictions(model)
    predictions: list[Any] = []
    with mode(modules_of(model), False), counting_bar("predict", len(samples), progress) as advance:
        for start in range(0, len(samples), size):
            batch = of_batch(samples[start : start + size])
            predictions += batch
            advance(len(batch))
    return predictions


def eager_predictions(model: Callable[[list[Value]], Any]) -> Callable[[Any], list[Any]]:
    """From samples to the predictions of a model, sample by sample."""
    return lambda samples: [numbers(model([Value(number) for number in sample])) for sample in samples]


def compiled_predictions(model: Callable[[list[Value]], Any]) -> Callable[[Any], list[Any]]:
    """The same in machine code, which is compiled when it is called first, in the mode in which the model is then.

    Raises:
        ImportError: If the compiler is not installed.
    """
    from micrograd.engine.jit import jit

    compiled = jit(model)
    return lambda samples: _by_sample(compiled(samples))


def _by_sample(results: Any) -> list[Any]:
    """The predictions in what a compiled model returns: an array, or for a tuple one of each of its parts."""
    if isinstance(results, tuple):
        return [list(parts) for parts in zip(*map(_by_sample, results), strict=True)]
    predictions: list[Any] = numbers(results)
    return predictions


def numbers(prediction: Any, what: str = "the predictions of a model") -> Any:
    """A prediction without its graph: numbers in lists as it has Values in lists and tuples.

    Args:
        prediction: A Value or number, or lists, tuples and arrays of them.
        what: What it is, for the error message.

    Raises:
        TypeError: If it holds something else.
    """
    if isinstance(prediction, Value):
        return prediction.data
    if isinstance(prediction, (list, tuple)):
        return [numbers(part, what) for part in prediction]
    return to_lists(prediction, what)
