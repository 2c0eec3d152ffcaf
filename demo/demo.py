"""Train a small network of scalar Values, and look at what it learned.

    python demo/demo.py                  # two half moons: the classic demo, in half a minute
    python demo/demo.py --data digits    # handwritten digits, in about a minute

Prints loss and accuracy, and writes pictures to the folder `out`.
"""

import argparse
import random
from math import ceil
from pathlib import Path

import pictures
from sklearn.datasets import load_digits, make_moons
from sklearn.model_selection import train_test_split

from micrograd.engine import Value
from micrograd.nn import MLP, SGD, Adam, History, LambdaLR, cross_entropy, fit, hinge_loss
from micrograd.viz import draw


def moons(steps: int, seed: int, out: Path) -> None:
    """The classic demo: 100 points of two classes, max-margin loss with L2 regularisation, all points in each step."""
    random.seed(seed)
    X, y = make_moons(n_samples=100, noise=0.1, random_state=seed)
    y = y * 2 - 1  # classes -1 and 1
    model = MLP(2, [16, 16, 1])
    print(f"moons: {len(X)} points, {len(model.parameters())} parameters")

    def loss(scores, targets):
        return hinge_loss(scores, targets) + 1e-4 * sum(p * p for p in model.parameters())

    def accuracy(X, y):
        return sum((model(x) > 0) == (label > 0) for x, label in zip(X.tolist(), y, strict=True)) / len(X)

    optimizer = SGD(model.parameters(), lr=1.0)
    schedule = LambdaLR(optimizer, lambda k: 1.0 - 0.9 * k / 100)
    history = fit(model, loss, optimizer, X, y, epochs=steps, schedule=schedule)
    print_loss(history, "steps")
    print(f"accuracy on the training points: {accuracy(X, y):.1%}")
    X_new, y_new = make_moons(n_samples=1000, noise=0.1, random_state=seed + 1)
    print(f"accuracy on {len(X_new)} new points: {accuracy(X_new, y_new * 2 - 1):.1%}")

    pictures.boundary(out / "moons.png", lambda x: model(x).data, X, y, history.loss)
    draw_neuron(out / "neuron.svg", model, X[0].tolist())


def digits(steps: int, seed: int, out: Path) -> None:
    """Real handwritten digits of 8 x 8 pixels, 600 to learn from, a fifth of all held out; cross-entropy and Adam."""
    random.seed(seed)
    X, y = load_digits(return_X_y=True)
    split = train_test_split(X / 16, y, train_size=600, test_size=0.2, random_state=seed, stratify=y)
    X, X_new, y, y_new = (part.tolist() for part in split)
    model = MLP(64, [12, 10])
    for p in model.parameters():
        p.data *= 0.2  # drawn from -1 to 1, the weights are too large for 64 inputs
    print(f"digits: {len(X)} images, {len(model.parameters())} parameters")

    def predict(x):
        logits = model(x)
        return max(range(10), key=lambda digit: logits[digit].data)

    def accuracy(X, y):
        return sum(predict(x) == label for x, label in zip(X, y, strict=True)) / len(X)

    epochs = ceil(steps / 25)
    optimizer = Adam(model.parameters(), lr=0.03)
    schedule = LambdaLR(optimizer, lambda epoch: 1 - epoch / epochs)
    history = fit(model, cross_entropy, optimizer, X, y, epochs, batch_size=24, schedule=schedule)
    print_loss(history, "passes of 25 steps")
    print(f"accuracy on the training images: {accuracy(X, y):.1%}")
    print(f"accuracy on {len(X_new)} held-out images: {accuracy(X_new, y_new):.1%}")

    pictures.digits(out / "digits.png", X_new[:24], y_new[:24], [predict(x) for x in X_new[:24]], history.loss)


def print_loss(history: History, unit: str) -> None:
    if not history.loss:
        raise SystemExit("stopped before the first loss was known")
    print(f"loss {history.loss[0]:.4f} -> {history.loss[-1]:.4f} in {len(history.loss)} {unit}")


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small network of scalar Values, and look at what it learned.")
    parser.add_argument("--data", choices=["moons", "digits"], default="moons")
    parser.add_argument(
        "--steps",
        type=int,
        help="optimiser steps (default: 100 for moons; 200 for digits, there in whole passes of 25)",
    )
    parser.add_argument("--seed", type=int, default=1337, help="for the weights and the data (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the pictures (default: %(default)s)")
    args = parser.parse_args()
    if args.steps is not None and args.steps < 1:
        parser.error(f"--steps must be at least 1, got {args.steps}")

    args.out.mkdir(parents=True, exist_ok=True)
    if args.data == "moons":
        moons(args.steps or 100, args.seed, args.out)
    else:
        digits(args.steps or 200, args.seed, args.out)


if __name__ == "__main__":
    main()
