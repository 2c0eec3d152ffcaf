"""Functions of Values that are written in other languages, each with an example of what it takes."""

import random
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np

import graphs
from micrograd.engine import Value, take, where
from micrograd.nn import MLP, Embedding, LayerNorm, Linear, RMSNorm, Sequential, gelu, softmax


class Case(NamedTuple):
    """A function, and samples: arrays as a compiled function takes them."""

    f: object
    arrays: tuple


def _weights(*shape):
    if not shape:
        return Value(random.gauss(0.0, 0.5))
    return [_weights(*shape[1:]) for _ in range(shape[0])]


def _hinge():
    model = MLP(2, [16, 16, 1])
    return Case(lambda x, y: (1 - y * model(x)).relu(), ([[0.5, -1.0], [0.1, 0.3], [-2.0, 0.7]], [1.0, -1.0, 1.0]))


def _gru():
    """Three steps with two inputs and three hidden numbers."""
    update, reset, candidate, out = _weights(3, 6), _weights(3, 6), _weights(3, 6), _weights(4)

    def dot(row, x):
        return sum((w * xi for w, xi in zip(row, x, strict=False)), row[-1])

    def run(x, y):
        h = [0.0] * 3
        for t in range(3):
            now = x[2 * t : 2 * t + 2]
            z, r = ([dot(row, now + h).sigmoid() for row in rows] for rows in (update, reset))
            c = [dot(row, now + [a * b for a, b in zip(r, h, strict=True)]).tanh() for row in candidate]
            h = [(1 - a) * b + a * new for a, b, new in zip(z, h, c, strict=True)]
        return (dot(out, h) - y) ** 2

    return Case(run, (np.linspace(-1.0, 1.0, 12).reshape(2, 6), [0.5, -0.5]))


def _attention():
    """One head over four letters, which a table gives vectors, with a loss on the last."""
    letters, query, key, value = _weights(13, 4), _weights(4, 4), _weights(4, 4), _weights(4, 4)

    def matrix(rows, x):
        return [reduce(add, (w * xi for w, xi in zip(row, x, strict=True))) for row in rows]

    def run(x, right):
        rows = [take(letters, i) for i in x]
        keys, values = [matrix(key, row) for row in rows], [matrix(value, row) for row in rows]
        asked = matrix(query, rows[-1])
        shares = softmax([reduce(add, (a * b for a, b in zip(asked, k, strict=True))) * 0.5 for k in keys])
        mixed = [reduce(add, (s * v[j] for s, v in zip(shares, values, strict=True))) for j in range(4)]
        scores = matrix(letters, mixed)
        return reduce(add, (score.exp() for score in scores)).log() - take(scores, right)

    return Case(run, ([[0, 12, 3, 3], [7, 7, 1, 0]], [5, 12]))


def _modules():
    model = Sequential(Linear(3, 8), gelu, LayerNorm(8), Linear(8, 4, bias=False), RMSNorm(4), softmax)
    return Case(lambda x: model(x)[2].log(), ([[1.0, -2.0, 0.5], [0.0, 0.25, 1.5]],))


def _spelling():
    letters = Embedding(12, 3)
    model = Sequential(letters, lambda rows: [*rows[0], *rows[1]], Linear(6, 1))
    return Case(lambda x: model(x)[0].tanh(), ([[0, 11], [3, 3], [5, 1]],))


def _loose_table():
    """A table of Values that lie in several places."""
    table = [Value(random.gauss(0.0, 1.0), label=f"entry{k}") for k in range(13)]
    return Case(lambda i, x: take(table, i) * x, ([3.0, 12.0, 3.0], [1.0, 2.0, 3.0]))


def _every_operation():
    weight = Value(0.3)
    return Case(lambda x, y: graphs.every_operation(x * weight, y), ([0.4, -0.9, 0.7], [1.2, 0.3, 2.0]))


def _choices():
    low, high = Value(-0.5), Value(0.5)
    return Case(
        lambda x, y: where(x < low, x * high, where(x <= y, y.clamp(low, high), x.clamp(min=high))) * x.maximum(y),
        ([-1.0, 0.2, 0.5, 3.0], [0.0, 0.2, 0.7, -3.0]),
    )


def _nested():
    slope, floor = Value(2.0, label="slope"), Value(1.0, label="floor")
    return Case(
        lambda state, pair: slope * state["a"][1] * pair[0] + state["b"] ** 2 * pair[1][0] + floor,
        ({"a": [[1.0, 2.0], [3.0, 4.0]], "b": [5.0, 6.0]}, (np.array([1.0, 2.0]), np.array([[3.0], [4.0]]))),
    )


def _only_leaves():
    a, b = Value(-1.2), Value(1.0)
    return Case(lambda: (1.0 - a) ** 2 + 100.0 * (b - a**2) ** 2, ())


MAKERS = {
    maker.__name__[1:]: maker
    for maker in (
        _hinge,
        _gru,
        _attention,
        _modules,
        _spelling,
        _loose_table,
        _every_operation,
        _choices,
        _nested,
        _only_leaves,
    )
}


def make(name):
    """A case, always with the same weights."""
    random.seed(7)
    return MAKERS[name]()


def of_any_kind(seed):
    """Sums, products and functions of whatever came before, in no order."""
    leaves = [Value(random.Random(seed).uniform(-1, 1)) for _ in range(4)]

    def f(x):
        draw = random.Random(seed)
        known = [*x, *leaves]
        for _ in range(draw.randint(1, 60)):
            a, b = draw.choice(known), draw.choice(known[-8:])
            known.append(draw.choice([a + b, a * b, a - b, a.tanh(), a * 0.5, 1.0 - b, a.relu() + b, a.minimum(b)]))
        return sum(known[-draw.randint(1, 12) :], known[0] + leaves[0]).tanh()

    return Case(f, ([[0.5, -0.25, 2.0], [1.5, 0.0, -0.75]],))
