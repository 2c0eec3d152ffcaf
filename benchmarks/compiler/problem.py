"""What all peers compute: a network, a batch of samples and where training starts. Needs nothing but Python."""

import random
from functools import cached_property
from itertools import pairwise

from moons import moons


class Problem:
    """A multi-layer perceptron with relu and its data.

    A network of one output tells two moons apart by hinge loss; one of several, samples of no meaning by cross-entropy.
    The loss is the mean over the batch.
    """

    lr = 0.1

    def __init__(self, sizes, batch):
        self.sizes = sizes
        self.batch = batch

    @property
    def is_hinge(self):
        return self.sizes[-1] == 1

    @cached_property
    def data(self):
        """The samples and their classes."""
        if self.is_hinge:
            return moons(self.batch)
        rng = random.Random(1337)
        samples = [[rng.gauss(0, 1) for _ in range(self.sizes[0])] for _ in range(self.batch)]
        return samples, [rng.randrange(self.sizes[-1]) for _ in samples]

    @cached_property
    def parameters(self):
        """A flat list: for each layer, for each of its neurons the weights and then the bias, drawn as PyTorch does."""
        rng = random.Random(1337)
        return [
            rng.uniform(-1, 1) * nin**-0.5
            for nin, nout in pairwise(self.sizes)
            for _ in range(nout)
            for _ in range(nin + 1)
        ]

    def matrices(self, numpy):
        """The parameters, given NumPy: for each layer the weights, shape (nout, nin), and the biases, (nout,)."""
        layers, start = [], 0
        for nin, nout in pairwise(self.sizes):
            stop = start + nout * (nin + 1)
            rows = numpy.array(self.parameters[start:stop]).reshape(nout, nin + 1)
            layers.append((rows[:, :-1].copy(), rows[:, -1].copy()))
            start = stop
        return layers


def flat(numpy, layers):
    """The list that `Problem.matrices` was made of; of gradients as well."""
    rows = [numpy.column_stack([weights, biases]).ravel() for weights, biases in layers]
    return numpy.concatenate(rows).tolist()
