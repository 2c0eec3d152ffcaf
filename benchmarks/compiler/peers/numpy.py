"""NumPy by hand."""

import time

import numpy as np
from compiler.problem import flat

VERSION = f"NumPy {np.__version__}"


class Network:
    def __init__(self, problem):
        samples, classes = problem.data
        self.X = np.array(samples, dtype=np.float64)
        self.y = np.array(classes)
        self.lr = problem.lr
        self.loss = hinge if problem.is_hinge else cross_entropy
        self.layers = problem.matrices(np)

    def backward(self):
        inputs, x = [], self.X
        for weights, biases in self.layers:
            if inputs:
                np.maximum(x, 0.0, out=x)
            inputs.append(x)
            x = x @ weights.T
            x += biases
        self.mean, delta = self.loss(x, self.y)
        self.gradients = []
        for (weights, _), x in zip(reversed(self.layers), reversed(inputs), strict=True):
            self.gradients.append((delta.T @ x, delta.sum(axis=0)))
            if x is not self.X:
                delta = delta @ weights
                delta *= x > 0
        self.gradients.reverse()

    def found(self):
        return [float(self.mean), *flat(np, self.gradients)]

    def train(self, steps):
        start = time.process_time()
        for _ in range(steps):
            self.backward()
            for layer, gradients in zip(self.layers, self.gradients, strict=True):
                for parameter, gradient in zip(layer, gradients, strict=True):
                    parameter -= self.lr * gradient
        return (time.process_time() - start) / steps

    def parameters(self):
        return flat(np, self.layers)


def hinge(scores, y):
    """The mean loss and its derivative by the scores."""
    margins = 1 - y * scores[:, 0]
    wrong = margins > 0
    return margins[wrong].sum() / len(y), np.where(wrong, y / -len(y), 0.0)[:, None]


def cross_entropy(scores, y):
    """The mean loss and its derivative by the scores."""
    scores -= scores.max(axis=1, keepdims=True)
    samples = np.arange(len(y))
    right = scores[samples, y]
    np.exp(scores, out=scores)
    totals = scores.sum(axis=1, keepdims=True)
    mean = (np.log(totals[:, 0]) - right).mean()
    scores /= totals
    scores[samples, y] -= 1
    scores /= len(y)
    return mean, scores
