"""Trains the network of the training page, a moment at a time."""

import json
import random
import warnings
from time import perf_counter

from micrograd.nn import MLP, SGD, fit, mse_loss

BATCH = 20
MOMENTUM = 0.9

Weights = list[list[list[float]]]  # for each layer, for each neuron: its weights, and its bias after them


class Training:
    """Samples, a network that learns them, and what takes its steps."""

    def __init__(self, X: list[list[float]], y: list[float], weights: Weights) -> None:
        self.X, self.y = X, y
        self.model = MLP(2, [len(neurons) for neurons in weights])
        numbers = [number for neurons in weights for neuron in neurons for number in neuron]
        for parameter, number in zip(self.model.parameters(), numbers, strict=True):
            parameter.data = number
        self.optimizer = SGD(self.model.parameters(), lr=0.0, momentum=MOMENTUM)

    def epoch(self) -> bool:
        """A pass through all samples; gives whether it diverged."""
        with warnings.catch_warnings(action="ignore"):  # the page says so
            return fit(self.model, mse_loss, self.optimizer, self.X, self.y, 1, BATCH, progress=False).diverged

    def weights(self) -> Weights:
        """The weights and biases as they are now."""
        return [
            [[parameter.data for parameter in (*neuron.w, neuron.b)] for neuron in layer.neurons]
            for layer in self.model.layers
        ]


training: Training


def start(task: str) -> None:
    """Begin anew.

    Args:
        task: JSON of the samples `X`, their classes `y`, -1 or 1, the `weights` to begin with, and the `seed` of what
            is drawn from then on: the batches, and what is dropped.
    """
    global training
    begun = json.loads(task)
    random.seed(begun["seed"])
    training = Training(begun["X"], begun["y"], begun["weights"])


def advance(lr: float, dropout: float, milliseconds: float) -> str:
    """Train for a moment, but at least one pass through all samples.

    Args:
        lr: The learning rate.
        dropout: The probability of dropping the output of a hidden neuron.
        milliseconds: How long to go on.

    Returns:
        JSON of how many `epochs` it was, the `weights`, and whether the training `diverged` in the last one.
    """
    training.optimizer.lr = lr
    for layer in training.model.layers[:-1]:
        for neuron in layer.neurons:
            neuron.dropout = dropout
    epochs = 0
    diverged = False
    end = perf_counter() + milliseconds / 1000
    while not diverged and (not epochs or perf_counter() < end):
        diverged = training.epoch()
        epochs += 1
    return json.dumps({"epochs": epochs, "weights": training.weights(), "diverged": diverged})
