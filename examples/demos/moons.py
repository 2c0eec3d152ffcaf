"""Two half moons, the classic demo: 100 points of two classes, max-margin loss, L2 regularisation, all in each step."""

import random
from pathlib import Path

import numpy as np
from sklearn.datasets import make_moons

from demos import pictures
from demos.report import print_loss
from micrograd.engine import Value
from micrograd.nn import MLP, SGD, LambdaLR, fit, hinge_loss
from micrograd.viz import draw

STEPS = 100


def run(steps: int, seed: int, out: Path) -> None:
    random.seed(seed)
    X, y = points(100, seed)
    model = MLP(2, [16, 16, 1])
    print(f"moons: {len(X)} points, {len(model.parameters())} parameters")

    def loss(scores, targets):
        return hinge_loss(scores, targets) + 1e-4 * sum(p * p for p in model.parameters())

    optimizer = SGD(model.parameters(), lr=1.0)
    schedule = LambdaLR(optimizer, lambda k: 1.0 - 0.9 * k / 100)
    history = fit(model, loss, optimizer, X, y, epochs=steps, schedule=schedule)
    print_loss(history, "steps")

    X_new, y_new = points(1000, seed + 1)
    print(f"accuracy on the training points: {accuracy(model, X, y):.1%}")
    print(f"accuracy on {len(X_new)} new points: {accuracy(model, X_new, y_new):.1%}")

    pictures.boundary(out / "moons.png", model, X, y, history)
    draw_neuron(out / "neuron.svg", model, X[0].tolist())


def points(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points, and their classes, -1 and 1."""
    X, y = make_moons(n_samples=count, noise=0.1, random_state=seed)
    return X, y * 2 - 1


def accuracy(model: MLP, X: np.ndarray, y: np.ndarray) -> float:
    return sum((model(x) > 0) == (label > 0) for x, label in zip(X.tolist(), y, strict=True)) / len(X)


def draw_neuron(path: Path, model: MLP, point: list[float]) -> None:
    """The graph of the neuron of the first layer that one point excites most, with its gradients."""
    model.zero_grad()
    x = [Value(number) for number in point]
    neuron = max(model.layers[0].neurons, key=lambda neuron: neuron(x).data)
    output = neuron(x)
    output.backward()
    labels = {**dict(neuron.named_parameters()), "x.0": x[0], "x.1": x[1], "output": output}
    draw(output, labels=labels).save(path)
    print(f"wrote {path}")
