"""The classic network, on any class of Values: so that engines can be compared on the same program."""

import random


class Neuron:
    def __init__(self, value, nin, nonlin):
        self.w = [value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = value(0.0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)  # noqa: B905 (as the classic has it)
        return act.relu() if self.nonlin else act


class MLP:
    def __init__(self, value, nin, nouts):
        sizes = [nin, *nouts]
        self.layers = [
            [Neuron(value, sizes[i], nonlin=i != len(nouts) - 1) for _ in range(sizes[i + 1])]
            for i in range(len(nouts))
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = [neuron(x) for neuron in layer]
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [p for layer in self.layers for neuron in layer for p in [*neuron.w, neuron.b]]
