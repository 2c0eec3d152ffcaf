"""What our side of the programs has in common."""

import numpy as np

from micrograd.engine import Value
from micrograd.engine.jit import jit


def values(numbers):
    """Values in place of the numbers of an array, or of nested lists."""
    return [values(part) for part in numbers] if np.ndim(numbers) else Value(float(numbers))


def flat(nested):
    """The Values of nested lists, in order."""
    return [value for part in nested for value in (flat(part) if isinstance(part, list) else [part])]


def affine(row, x):
    """The scalar product of `x` and the weights in a row, whose last Value is a bias."""
    return sum((w * xi for w, xi in zip(row[:-1], x, strict=True)), row[-1])


def gradient_of(loss, parameters, *arrays):
    """A call that gives the losses and the gradient of their mean, and what makes a list of them.

    The parameters are those of the Values at first, and then in a vector, as other peers have theirs in arrays: the
    first result says in which order.
    """
    compiled = jit(loss)
    given = {}

    def numbers(result):
        losses, gradient = result
        given["at"] = np.array([leaf.data for leaf in compiled.leaves])
        by_leaf = dict(zip(compiled.leaves, gradient.tolist(), strict=True))
        return [losses.mean(), *(by_leaf[p] for p in flat(parameters))]

    return lambda: compiled.value_and_grad(*arrays, **given), numbers
