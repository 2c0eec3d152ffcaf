"""How samples are measured between the epochs of a compiled training: in machine code as well."""

from __future__ import annotations

from typing import Any

from micrograd.engine.jit import jit
from micrograd.nn.training.compiled.step import compilable, loss_of_sample
from micrograd.nn.training.evaluation import Evaluation
from micrograd.nn.training.prediction import compiled_predictions
from micrograd.nn.training.task import Task


def compile_evaluation(evaluation: Evaluation, task: Task) -> None:
    """Let machine code compute predictions and losses: what it is compiled from has been proved to be a mean."""
    losses = jit(compilable("the model and the loss", loss_of_sample(task.model, task.loss)))

    def mean_loss(samples: Any, _: list[Any], targets: list[Any]) -> float:
        each: list[float] = losses(samples, targets).tolist()
        return sum(each) / len(each)

    evaluation.predict = compiled_predictions(task.model)
    evaluation.mean_loss = mean_loss
