"""A gated recurrent unit: a sequence of pairs of numbers, and what is read from the last state."""

import numpy as np

STEPS, INPUTS, HIDDEN, BATCH = 30, 2, 8, 100

rng = np.random.default_rng(1337)
X, y = rng.normal(size=(BATCH, STEPS, INPUTS)), rng.normal(size=BATCH)
GATES = rng.normal(0, 0.4, (3, HIDDEN, INPUTS + HIDDEN + 1))  # update, reset, candidate; biases last
READING = rng.normal(0, 0.4, HIDDEN + 1)


def micrograd():
    from programs.ours import affine, gradient_of, values

    gates, reading = values(GATES), values(READING)
    update, reset, candidate = gates

    def loss(x, y):
        h = [0.0] * HIDDEN
        for xt in x:
            z = [affine(row, xt + h).sigmoid() for row in update]
            r = [affine(row, xt + h).sigmoid() for row in reset]
            kept = [ri * hi for ri, hi in zip(r, h, strict=True)]
            c = [affine(row, xt + kept).tanh() for row in candidate]
            h = [(1 - zi) * hi + zi * ci for zi, hi, ci in zip(z, h, c, strict=True)]
        return (affine(reading, h) - y) ** 2

    return gradient_of(loss, [gates, reading], X, y)


def jax():
    from jax import lax, nn, numpy
    from programs.theirs import jax_gradient_of

    def affine(rows, *parts):
        return numpy.concatenate(parts, axis=1) @ rows[:, :-1].T + rows[:, -1]

    def loss(parameters, X, y):
        (update, reset, candidate), reading = parameters

        def step(h, x):
            z, r = nn.sigmoid(affine(update, x, h)), nn.sigmoid(affine(reset, x, h))
            return (1 - z) * h + z * numpy.tanh(affine(candidate, x, r * h)), None

        h, _ = lax.scan(step, numpy.zeros((BATCH, HIDDEN)), X.swapaxes(0, 1))
        return ((affine(reading[None], h)[:, 0] - y) ** 2).mean()

    return jax_gradient_of(loss, [GATES, READING], X, y)


PROGRAMS = {"micrograd": micrograd, "JAX": jax}
