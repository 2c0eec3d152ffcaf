"""PyTorch, eager."""

import time
from itertools import pairwise

import numpy as np
import torch
from compiler import digits as data
from compiler.problem import flat
from torch import nn
from torch.nn.functional import cross_entropy

VERSION = f"PyTorch {torch.__version__}"
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def perceptron(problem):
    """The layers, with the parameters of the problem."""
    layers = []
    for nin, nout in pairwise(problem.sizes):
        layers += [nn.Linear(nin, nout), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    numbers = [array for layer in problem.matrices(np) for array in layer]
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), numbers, strict=True):
            parameter.copy_(torch.from_numpy(array))
    return model


def pairs(tensors):
    """Weights and biases of each layer as arrays."""
    arrays = [tensor.detach().numpy() for tensor in tensors]
    return list(zip(arrays[::2], arrays[1::2], strict=True))


class Network:
    def __init__(self, problem):
        samples, classes = problem.data
        self.X = torch.tensor(samples)
        self.y = torch.tensor(classes)
        if problem.is_hinge:
            self.y = self.y.double()[:, None]
        self.is_hinge = problem.is_hinge
        self.model = perceptron(problem)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=problem.lr)

    def backward(self):
        scores = self.model(self.X)
        self.loss = torch.relu(1 - self.y * scores).mean() if self.is_hinge else cross_entropy(scores, self.y)
        self.loss.backward()

    def found(self):
        return [self.loss.item(), *flat(np, pairs(parameter.grad for parameter in self.model.parameters()))]

    def train(self, steps):
        start = time.process_time()
        for _ in range(steps):
            self.optimizer.zero_grad()
            self.backward()
            self.optimizer.step()
        return (time.process_time() - start) / steps

    def parameters(self):
        return flat(np, pairs(self.model.parameters()))


def digits(epochs):
    """Seconds, compilation and held-out accuracy of training on the digits, and the parameters that it ends with."""
    X, X_new, y, y_new = map(torch.from_numpy, data.digits())
    model = perceptron(data.PROBLEM)
    start = time.process_time()
    optimizer = torch.optim.Adam(model.parameters(), lr=data.LR)
    for order in data.orders(len(X), epochs):
        for batch in torch.tensor(order).split(data.BATCH):
            optimizer.zero_grad()
            cross_entropy(model(X[batch]), y[batch]).backward()
            optimizer.step()
    seconds = time.process_time() - start
    accuracy = (model(X_new).argmax(dim=1) == y_new).double().mean().item()
    return {"seconds": seconds, "accuracy": accuracy, "parameters": flat(np, pairs(model.parameters()))}
