"""The GPT in the style of scripts on the classic micrograd: one letter after another, a graph for each sequence.

The classic `Value` has neither `exp` nor `log`, so it is given both, as such scripts do.
"""
# ruff: noqa: B905 (as such scripts have it)

import math

from programs.gpt import POSITIONS, SIZE, WIDTH, matrices, sequences

from micrograd.engine import Value


def exp(self):
    out = Value(math.exp(self.data), (self,), "exp")

    def backward():
        self.grad += out.data * out.grad

    out._backward = backward
    return out


def log(self):
    out = Value(math.log(self.data), (self,), "log")

    def backward():
        self.grad += out.grad / self.data

    out._backward = backward
    return out


Value.exp, Value.log = exp, log

state = {name: [[Value(number) for number in row] for row in matrix] for name, matrix in matrices().items()}
params = [p for matrix in state.values() for row in matrix for p in row]


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits):
    top = max(logit.data for logit in logits)
    exps = [(logit - top).exp() for logit in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x):
    scale = (sum(xi * xi for xi in x) / WIDTH + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def gpt(letter, position, keys, values):
    """The scores of the next letter; adds to the keys and values of the letters before."""
    x = rmsnorm([a + b for a, b in zip(state["letter"][letter], state["position"][position])])
    attention = linear(rmsnorm(x), state["attention"])
    query, key, value = attention[:WIDTH], attention[WIDTH : 2 * WIDTH], attention[2 * WIDTH :]
    keys.append(key)
    values.append(value)
    mixed = []
    for start in range(0, WIDTH, SIZE):
        head = slice(start, start + SIZE)
        scores = [sum(q * k for q, k in zip(query[head], k[head])) / SIZE**0.5 for k in keys]
        weights = softmax(scores)
        mixed += [sum(w * v for w, v in zip(weights, column)) for column in zip(*(value[head] for value in values))]
    x = [a + b for a, b in zip(x, linear(mixed, state["joining"]))]
    hidden = [h.relu() for h in linear(rmsnorm(x), state["widening"])]
    x = [a + b for a, b in zip(x, linear(hidden, state["narrowing"]))]
    return linear(x, state["telling"])


def script(count):
    batch = sequences(count)

    def call():
        """The mean loss; its gradient is in the parameters."""
        for p in params:
            p.grad = 0
        mean = 0
        for sequence in batch:
            keys, values, losses = [], [], []
            for position in range(POSITIONS):
                scores = gpt(sequence[position], position, keys, values)
                losses.append(-softmax(scores)[sequence[position + 1]].log())
            loss = sum(losses) / POSITIONS / count
            loss.backward()
            mean += loss.data
        return mean

    return call, lambda mean: [mean, *(p.grad for p in params)]
