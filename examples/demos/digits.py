"""Handwritten digits of 8 x 8 pixels, a fifth of them held out: cross-entropy, minibatches, and compiled steps."""

import random
import time
from copy import deepcopy
from math import ceil
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from demos import pictures
from demos.report import print_loss
from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, LambdaLR, cross_entropy, fit

STEPS = 4500
BATCH = 32
HYPER = {"lr": 0.1, "momentum": 0.9, "weight_decay": 1e-3, "nesterov": True}


class Timed(LambdaLR):
    """Notes when each pass ended."""

    def __init__(self, *args):
        super().__init__(*args)
        self.ends = []

    def step(self):
        super().step()
        self.ends.append(time.perf_counter())


def run(steps: int, seed: int, out: Path) -> None:
    random.seed(seed)
    X, y = load_digits(return_X_y=True)
    X, X_new, y, y_new = train_test_split(X / 16, y, test_size=0.2, random_state=seed, stratify=y)
    model = MLP(64, [32, 10], init="glorot")  # drawn from -1 to 1, the weights are too large for 64 inputs
    untrained = deepcopy(model)
    print(f"digits: {len(X)} images, {len(model.parameters())} parameters")

    steps_in_a_pass = ceil(len(X) / BATCH)
    passes = ceil(steps / steps_in_a_pass)

    def decay(epoch):
        return 1 - epoch / passes

    optimizer = SGD(model.parameters(), **HYPER)
    schedule = Timed(optimizer, decay)
    start = time.perf_counter()
    random.seed(seed)  # for the order of the images, which `in_torch.py` draws as well
    history = fit(model, cross_entropy, optimizer, X, y, passes, BATCH, schedule=schedule, jit=True)
    print_loss(history, f"passes of {steps_in_a_pass} steps")

    predict = jit(model)
    scores = predict(X_new)
    accuracy = np.mean(scores.argmax(axis=1) == y_new)
    print(f"accuracy on the training images: {np.mean(predict(X).argmax(axis=1) == y):.1%}")
    print(f"accuracy on {len(X_new)} held-out images: {accuracy:.1%}")
    first, *_ = ends = schedule.ends
    print(
        f"compilation and the first pass took {first - start:.2f} s, the other {len(ends) - 1} {ends[-1] - first:.2f} s"
    )
    try:
        from demos import in_torch
    except ImportError:
        print("to see PyTorch train the same network beside it: pip install torch==2.13.0")
    else:
        in_torch.train(untrained, X, y, X_new, y_new, len(history.loss), BATCH, HYPER, decay, seed)

    *_, second, best = np.sort(scores).T
    hardest = (best - second).argsort()[:24]
    pictures.digits(
        out / "digits.png", X_new[hardest], y_new[hardest], scores[hardest].argmax(axis=1), accuracy, history
    )
