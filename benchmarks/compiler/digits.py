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
    """The order of the samples in each epoch, as `fit` deals them with this seed."""
    rng, order = random.Random(SEED), list(range(count))
    for _ in range(epochs):
        rng.shuffle(order)
        yield list(order)
