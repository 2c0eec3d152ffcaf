"""Our compiler."""

import time

import llvmlite
import numpy as np
from compiler import digits as data

from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, Adam, cross_entropy, fit, hinge_loss

VERSION = f"llvmlite {llvmlite.__version__}"


def perceptron(problem):
    """The network, with the parameters of the problem."""
    model = MLP(problem.sizes[0], problem.sizes[1:])
    for p, number in zip(model.parameters(), problem.parameters, strict=True):
        p.data = number
    return model


def noting(kind):
    """A kind of optimiser that notes after which steps `fit` hands it parameters, and when.

    The first time, all is compiled and an epoch done.
    """

    class Noting(kind):
        def __init__(self, *args, **hyper):
            self.noted = []
            super().__init__(*args, **hyper)
            self.noted.clear()

        @property
        def t(self):
            return self._t

        @t.setter
        def t(self, t):  # handed over together with all the rest
            self._t = t
            self.noted.append((t, time.process_time()))

    return Noting


class Network:
    def __init__(self, problem):
        self.samples, self.classes = problem.data
        self.X, self.y = np.array(self.samples), np.array(self.classes, dtype=np.float64)
        self.model = perceptron(problem)
        self.lr = problem.lr
        self.loss = hinge_loss if problem.is_hinge else cross_entropy
        self.compiled = jit(lambda x, y: self.loss([self.model(x)], [y]))

    def backward(self):
        self.losses = self.compiled.backward(self.X, self.y)

    def found(self):
        return [self.losses.mean(), *(p.grad for p in self.model.parameters())]

    def train(self, steps):
        """Seconds of a step in `fit` beyond the first, which comes with compiling; notes what that takes.

        What comes after the last step, freeing the machine code above all, counts neither for the one nor the other.
        """
        optimizer = noting(SGD)(self.model.parameters(), self.lr)
        start = time.process_time()
        fit(self.model, self.loss, optimizer, self.samples, self.classes, epochs=steps, progress=False, jit=True)
        (first, compiled), *_, (last, end) = optimizer.noted
        self.compiling = compiled - start
        return (end - compiled) / (last - first)

    def parameters(self):
        return [p.data for p in self.model.parameters()]


def digits(epochs):
    """Seconds, compilation and held-out accuracy of training on the digits, and the parameters that it ends with."""
    X, X_new, y, y_new = data.digits()
    model = perceptron(data.PROBLEM)
    start = time.process_time()
    optimizer = noting(Adam)(model.parameters(), lr=data.LR)
    fit(model, cross_entropy, optimizer, X, y, epochs, data.BATCH, seed=data.SEED, progress=False, jit=True)
    seconds = time.process_time() - start
    accuracy = (jit(model)(X_new).argmax(axis=1) == y_new).mean()
    return {
        "seconds": seconds,
        "compiling": optimizer.noted[0][1] - start,
        "accuracy": accuracy,
        "parameters": [p.data for p in model.parameters()],
    }
