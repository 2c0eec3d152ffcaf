"""Our compiler."""

import random
import time
from functools import cached_property

import llvmlite
import numpy as np
from compiler import digits as data

from micrograd.engine.jit import Trainer, jit
from micrograd.nn import MLP, Adam, cross_entropy, fit, hinge_loss

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


def descend(p, g, state, t, lr):
    """Plain gradient descent."""
    return p - lr * g, state


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

    @cached_property
    def trainer(self):
        """What `fit` trains with; notes how long it takes to compile."""
        start = time.process_time()
        parameters, arrays = self.model.parameters(), [self.X, self.y]
        trainer = Trainer(lambda x, y: self.loss([self.model(x)], [y]), arrays, parameters, descend, slots=0)
        self.compiling = time.process_time() - start
        return trainer

    def train(self, steps):
        """Seconds of a step; `fit` moreover brings the parameters to the trainer and back."""
        trainer = self.trainer
        start = time.process_time()
        for _ in trainer.run([self.lr] * steps, len(self.X)):
            pass
        seconds = (time.process_time() - start) / steps
        trainer.store()
        return seconds

    def parameters(self):
        return [p.data for p in self.model.parameters()]


def digits(epochs):
    """Seconds, compilation and held-out accuracy of training on the digits, and the parameters that it ends with."""
    X, X_new, y, y_new = data.digits()
    model = perceptron(data.PROBLEM)
    random.seed(data.SEED)  # for the order of the images
    start = time.process_time()
    optimizer = noting(Adam)(model.parameters(), lr=data.LR)
    fit(model, cross_entropy, optimizer, X, y, epochs, data.BATCH, progress=False, jit=True)
    seconds = time.process_time() - start
    accuracy = (jit(model)(X_new).argmax(axis=1) == y_new).mean()
    return {
        "seconds": seconds,
        "compiling": optimizer.noted[0][1] - start,
        "accuracy": accuracy,
        "parameters": [p.data for p in model.parameters()],
    }
