"""The GPT on arrays of JAX."""

import numpy as np
from jax import lax, nn, numpy
from programs.gpt import HEADS, POSITIONS, SIZE, VOCABULARY, WIDTH, matrices, sequences
from programs.theirs import jax_gradient_of

SEEN = np.tril(np.ones((POSITIONS, POSITIONS), bool))


def normed(x):
    return x * lax.rsqrt((x * x).mean(axis=-1, keepdims=True) + 1e-5)


def loss(parameters, letters, following):
    """With products of ones and zeros for tables, which take less time here than to gather and to scatter."""
    letter, position, attention, joining, widening, narrowing, telling = parameters
    x = normed(nn.one_hot(letters, VOCABULARY) @ letter + position)
    query, key, value = numpy.moveaxis((normed(x) @ attention.T).reshape(-1, POSITIONS, 3, HEADS, SIZE), 2, 0)
    scores = numpy.einsum("bthd,bshd->bhts", query, key) * SIZE**-0.5
    shares = nn.softmax(numpy.where(SEEN, scores, -numpy.inf))
    taken = numpy.einsum("bhts,bshd->bthd", shares, value).reshape(-1, POSITIONS, WIDTH)
    x = x + taken @ joining.T
    x = x + nn.relu(normed(x) @ widening.T) @ narrowing.T
    told = nn.log_softmax(x @ telling.T)
    return -(told * nn.one_hot(following, VOCABULARY)).sum(axis=-1).mean()


def compiled(count):
    letters = np.array(sequences(count))
    return jax_gradient_of(loss, [np.array(matrix) for matrix in matrices().values()], letters[:, :-1], letters[:, 1:])
