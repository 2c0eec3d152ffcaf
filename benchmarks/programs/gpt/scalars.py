"""The GPT on our Values: for one sequence at a time, or compiled for many."""

import numpy as np
from programs.gpt import POSITIONS, SIZE, WIDTH, matrices, sequences
from programs.ours import flat, gradient_of, values

from micrograd.engine import take

P = {name: values(matrix) for name, matrix in matrices().items()}


def dot(a, b):
    return sum((ai * bi for ai, bi in zip(a[1:], b[1:], strict=True)), a[0] * b[0])


def linear(rows, x):
    return [dot(row, x) for row in rows]


def added(a, b):
    return [ai + bi for ai, bi in zip(a, b, strict=True)]


def normed(x):
    scale = (dot(x, x) / WIDTH + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def shifted(scores):
    """Below zero, so that no exponential is too large."""
    top = scores[0]
    for score in scores[1:]:
        top = top.maximum(score)
    return [score - top for score in scores]


def softmax(scores):
    powers = [score.exp() for score in shifted(scores)]
    share = sum(powers[1:], powers[0]) ** -1
    return [power * share for power in powers]


def attend(query, keys, contents):
    """What one head takes from the positions so far."""
    shares = softmax([dot(query, key) * SIZE**-0.5 for key in keys])
    return [dot(shares, column) for column in zip(*contents, strict=True)]


def loss(letters, following):
    """The mean over the positions of one sequence."""
    keys, contents, total = [], [], 0.0
    for letter, right, position in zip(letters, following, P["position"], strict=True):
        x = normed(added(take(P["letter"], letter), position))
        attention = linear(P["attention"], normed(x))
        query, key, content = (attention[start : start + WIDTH] for start in range(0, 3 * WIDTH, WIDTH))
        keys.append(key)
        contents.append(content)
        taken = []
        for head in (slice(start, start + SIZE) for start in range(0, WIDTH, SIZE)):
            taken += attend(query[head], [key[head] for key in keys], [content[head] for content in contents])
        x = added(x, linear(P["joining"], taken))
        wide = [v.relu() for v in linear(P["widening"], normed(x))]
        x = added(x, linear(P["narrowing"], wide))
        scores = shifted(linear(P["telling"], x))
        powers = [score.exp() for score in scores]
        total = total + sum(powers[1:], powers[0]).log() - take(scores, right)
    return total / POSITIONS


def eager(count):
    parameters, batch = flat(list(P.values())), sequences(count)

    def call():
        """The mean loss; its gradient is in the parameters."""
        for parameter in parameters:
            parameter.grad = 0.0
        mean = 0.0
        for sequence in batch:
            part = loss(sequence[:-1], sequence[1:]) / count
            part.backward()
            mean += part.data
        return mean

    return call, lambda mean: [mean, *(parameter.grad for parameter in parameters)]


def compiled(count):
    letters = np.array(sequences(count), dtype=float)
    return gradient_of(loss, list(P.values()), letters[:, :-1], letters[:, 1:])
