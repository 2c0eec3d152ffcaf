"""Trains the network of the training page, a moment at a time."""

import json
import math
import random
import warnings
from time import perf_counter

from micrograd.nn import MLP, SGD, fit, hinge_loss

SAMPLES = 100
BATCH = 20
MOMENTUM = 0.9


def moons(draw: random.Random, label: int, t: float) -> tuple[float, float]:
    """A half circle, and another one upside down that reaches into it."""
    angle = math.pi * t
    x, y = math.cos(angle), math.sin(angle)
    x, y = (x - 0.5, y - 0.25) if label < 0 else (0.5 - x, 0.25 - y)
    return x + draw.gauss(0, 0.08), y + draw.gauss(0, 0.08)


def circles(draw: random.Random, label: int, t: float) -> tuple[float, float]:
    """A ring around a disc."""
    angle = 2 * math.pi * t
    radius = (0.45 if label < 0 else 1.15) + draw.gauss(0, 0.1)
    return radius * math.cos(angle), radius * math.sin(angle)


def spiral(draw: random.Random, label: int, t: float) -> tuple[float, float]:
    """Two arms that wind around each other for three quarters of a turn."""
    angle = 1.5 * math.pi * t
    radius = 0.15 + 1.1 * t
    x, y = label * radius * math.cos(angle), label * radius * math.sin(angle)
    return x + draw.gauss(0, 0.04), y + draw.gauss(0, 0.04)


SHAPES = {"moons": moons, "circles": circles, "spiral": spiral}


class Training:
    """A data set, a network that learns it, and how far it has come."""

    def __init__(self, shape: str, hidden: list[int], seed: int) -> None:
        random.seed(seed)
        draw = random.Random(seed)
        self.y = [1 if i % 2 else -1 for i in range(SAMPLES)]
        self.X = [SHAPES[shape](draw, label, i / (SAMPLES - 1)) for i, label in enumerate(self.y)]
        self.model = MLP(2, [*hidden, 1])
        self.optimizer = SGD(self.model.parameters(), lr=0.0, momentum=MOMENTUM)

    def weights(self) -> list[list[list[float]]]:
        """For each layer, for each neuron: its weights, and its bias after them."""
        return [
            [[parameter.data for parameter in (*neuron.w, neuron.b)] for neuron in layer.neurons]
            for layer in self.model.layers
        ]


training: Training


def start(shape: str, hidden: str, seed: int) -> str:
    """Begin anew.

    Args:
        shape: The name of a data set.
        hidden: The sizes of the hidden layers, as JSON.
        seed: Decides on the samples, the first weights, and what is dropped.

    Returns:
        JSON of the samples `X`, their classes `y`, -1 or 1, and the `weights`.
    """
    global training
    training = Training(shape, json.loads(hidden), seed)
    return json.dumps({"X": training.X, "y": training.y, "weights": training.weights()})


def advance(lr: float, dropout: float, milliseconds: float) -> str:
    """Train for a moment, but at least one pass through all samples.

    Args:
        lr: The learning rate.
        dropout: The probability of dropping the output of a hidden neuron.
        milliseconds: How long to go on.

    Returns:
        JSON of the mean `losses` of the passes, the `weights`, and whether the training `diverged`.
    """
    training.optimizer.lr = lr
    for layer in training.model.layers[:-1]:
        for neuron in layer.neurons:
            neuron.dropout = dropout
    losses: list[float] = []
    diverged = False
    end = perf_counter() + milliseconds / 1000
    while not diverged and (not losses or perf_counter() < end):
        with warnings.catch_warnings(action="ignore"):  # the page says that it diverged
            history = fit(
                training.model, hinge_loss, training.optimizer, training.X, training.y, 1, BATCH, progress=False
            )
        losses += history.loss
        diverged = history.diverged
    return json.dumps({"losses": losses, "weights": training.weights(), "diverged": diverged})
