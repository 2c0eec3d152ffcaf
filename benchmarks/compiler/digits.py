"""Handwritten digits of 8 x 8 pixels, and how both learn them: the same weights at first, the same batches."""

import random

from compiler.problem import Problem

PROBLEM = Problem((64, 32, 10), 32)
BATCH, LR, SEED = 32, 0.003, 1337


def digits():
    """1,437 images to learn from and 360 held out, then the classes of the ones and of the others."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    return train_test_split(X / 16, y, test_size=360, random_state=SEED, stratify=y)


def orders(count, epochs):
    """The order of the samples in each epoch, as `fit` deals them when Python's `random` begins with this seed."""
    rng = random.Random(SEED)
    for _ in range(epochs):
        order = list(range(count))
        rng.shuffle(order)
        yield order
