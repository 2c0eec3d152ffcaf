"""How samples are measured between the epochs of a compiled training: in machine code as well."""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit import jit
from micrograd.nn.training.compiled.rounding import DIGITS
from micrograd.nn.training.compiled.step import compilable, loss_of_sample
from micrograd.nn.training.epoch_end import EpochEnd
from micrograd.nn.training.prediction import compiled_predictions
from micrograd.nn.training.task import Task


def compile_evaluation(end: EpochEnd, task: Task) -> None:
    """Let machine code compute predictions, and the loss if that is the mean of the losses of single samples.

    For the training samples that has been proved. Targets for validation may be others, which a loss ignores, say.
    """
    losses = jit(compilable("the model and the loss", loss_of_sample(task.model, task.loss)))

    def mean_loss(samples: Any, _: list[Any], targets: list[Any]) -> float:
        each: list[float] = losses(samples, targets).tolist()
        return sum(each) / len(each)

    evaluation = end.evaluation
    eager, expected = evaluation.mean_loss, end.check()
    evaluation.predict, evaluation.mean_loss = compiled_predictions(task.model), mean_loss
    found = end.check()
    if found is not None and expected is not None and not abs(found - expected) <= DIGITS * abs(expected):
        evaluation.mean_loss = eager
