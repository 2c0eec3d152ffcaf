"""The classic micrograd 0.1.0, in its own environment."""

import time

from micrograd.nn import MLP

VERSION = "classic micrograd 0.1.0"


class Network:
    def __init__(self, problem):
        self.samples, self.classes = problem.data
        self.lr = problem.lr
        self.model = MLP(problem.sizes[0], list(problem.sizes[1:]))
        for p, number in zip(self.model.parameters(), problem.parameters):  # noqa: B905
            p.data = number

    def backward(self):
        scores = [self.model(x) for x in self.samples]
        losses = [(1 + -y * score).relu() for y, score in zip(self.classes, scores)]  # noqa: B905
        self.loss = sum(losses) * (1.0 / len(losses))
        self.loss.backward()

    def found(self):
        return [self.loss.data, *(p.grad for p in self.model.parameters())]

    def train(self, steps):
        start = time.process_time()
        for _ in range(steps):
            self.model.zero_grad()
            self.backward()
            for p in self.model.parameters():
                p.data -= self.lr * p.grad
        return (time.process_time() - start) / steps

    def parameters(self):
        return [p.data for p in self.model.parameters()]
