"""How samples are measured between the epochs of a compiled training: in machine code as well."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from micrograd.engine import drawing
from micrograd.engine.jit import jit
from micrograd.nn.training.compiled.proof import check_loss, choose
from micrograd.nn.training.compiled.step import compilable, loss_of_sample
from micrograd.nn.training.epoch_end import EpochEnd
from micrograd.nn.training.mode import mode, modules_of
from micrograd.nn.training.prediction import compiled_predictions
from micrograd.nn.training.task import Task


def compile_evaluation(end: EpochEnd, task: Task) -> None:
    """Let machine code compute predictions, and the validation loss if that is the mean of those of single samples."""
    evaluation = end.evaluation
    evaluation.predict = compiled_predictions(task.model)
    if end.validation is None:
        return
    samples, targets = end.validation
    count = len(targets)
    if _is_mean(replace(task, samples=samples, targets=targets, size=count, taken=count, weights=None)):
        losses = jit(compilable("the model and the loss", loss_of_sample(task.model, task.loss)))

        def mean_loss(samples: Any, _: Callable[[], list[Any]], targets: list[Any]) -> float:
            each: list[float] = losses(samples, targets).tolist()
            return sum(each) / len(each)

        evaluation.mean_loss = mean_loss
    end.check()


def _is_mean(validating: Task) -> bool:
    """Whether the loss is a mean of those of single samples for these, as it is for the training samples.

    Their targets may be others, which it ignores, say. And with weights it has been computed of single samples alone.
    """
    try:
        with mode(modules_of(validating.model), False), drawing(random.Random(0).random):
            check_loss(validating, choose(validating))
    except ValueError:
        return False
    return True
