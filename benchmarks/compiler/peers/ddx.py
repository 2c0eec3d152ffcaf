"""ddx-ad: the Jacobian of the loss of one sample, compiled, at a batch of points."""

import time
from itertools import pairwise

import ddx
import numpy as np

VERSION = f"ddx-ad {ddx.__version__}"


def loss(sizes):
    """The hinge loss in symbols: the parameters in the order of the problem, then what is not differentiated."""
    layers = [
        [[ddx.var(f"p{layer}_{j}_{i}") for i in range(nin + 1)] for j in range(nout)]
        for layer, (nin, nout) in enumerate(pairwise(sizes))
    ]
    values = [ddx.param(f"x{i}") for i in range(sizes[0])]
    y = ddx.param("y")
    for layer in layers:
        sums = []
        for *weights, total in layer:
            for w, x in zip(weights, values, strict=True):
                total = total + w * x
            sums.append(total)
        values = [relu(total) for total in sums]
    return relu(1.0 - y * sums[0])


def relu(x):
    return ddx.select(x > 0.0, x, 0.0)


class Network:
    def __init__(self, problem):
        samples, classes = problem.data
        self.lr = problem.lr
        self.p = np.array(problem.parameters)
        data = np.column_stack([samples, classes]).T
        columns = np.vstack([np.repeat(self.p[:, None], problem.batch, axis=1), data])
        compiled = ddx.equation(lambda: loss(problem.sizes)).compile(points=problem.batch)
        self.call = compiled.buffer(columns)
        self.shares = np.full(problem.batch, 1 / problem.batch)

    def backward(self):
        self.call.x[: len(self.p)] = self.p[:, None]  # every point has parameters of its own
        self.call()
        self.mean = self.call.value @ self.shares
        self.gradients = self.call.jacobian @ self.shares

    def found(self):
        return [float(self.mean), *self.gradients.tolist()]

    def train(self, steps):
        start = time.process_time()
        for _ in range(steps):
            self.backward()
            self.p -= self.lr * self.gradients
        return (time.process_time() - start) / steps

    def parameters(self):
        return self.p.tolist()
