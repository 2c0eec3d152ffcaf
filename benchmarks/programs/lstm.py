"""The LSTM of ADBench: two layers of 14 cells read a text as bits, one character after the other.

Source: Microsoft's ADBench, https://github.com/microsoft/ADBench, src/python/modules/PyTorch/lstm_objective.py.
"""

from itertools import pairwise

import numpy as np

LAYERS, BITS = 2, 14


def problem(count):
    """Parameters of the gates and of the outer affine maps, the states at first, and a text of `count` characters."""
    rng = np.random.default_rng(1337)
    gates, outer = rng.random((2 * LAYERS, 4 * BITS)), rng.random((3, BITS))
    states = rng.random((2 * LAYERS, BITS))
    text = rng.integers(32, 127, count)
    return gates, outer, states, (text[:, None] >> np.arange(BITS)[::-1] & 1).astype(float)


def micrograd(count):
    from programs.ours import gradient_of, values

    from micrograd.engine import Value

    gates, outer, states, text = problem(count)
    gates, outer = values(gates), values(outer)

    def cell(weights, biases, hidden, memory, x):
        lines = [w * v + b for w, v, b in zip(weights, (x + hidden) * 2, biases, strict=True)]
        forget, ingate, outgate = (
            [v.sigmoid() for v in lines[start : start + BITS]] for start in range(0, 3 * BITS, BITS)
        )
        change = [v.tanh() for v in lines[3 * BITS :]]
        memory = [m * f + i * c for m, f, i, c in zip(memory, forget, ingate, change, strict=True)]
        return [o * m.tanh() for o, m in zip(outgate, memory, strict=True)], memory

    def loss(text):
        state = [[Value(v) for v in row] for row in states.tolist()]
        total = 0.0
        for x, right in pairwise(text):
            x = [v * w for v, w in zip(x, outer[0], strict=True)]
            for i in range(0, 2 * LAYERS, 2):
                state[i], state[i + 1] = cell(gates[i], gates[i + 1], state[i], state[i + 1], x)
                x = state[i]
            guess = [v * w + b for v, w, b in zip(x, outer[1], outer[2], strict=True)]
            norm = sum((v.exp() for v in guess), 2.0).log()
            total = total + sum(r * (v - norm) for r, v in zip(right, guess, strict=True))
        return total * (-1 / ((count - 1) * BITS))

    return gradient_of(loss, [gates, outer], text[None])


def jax(count):
    from jax import lax, nn, numpy
    from programs.theirs import jax_gradient_of

    gates, outer, states, text = problem(count)

    def cell(weights, biases, hidden, memory, x):
        lines = numpy.concatenate([x, hidden, x, hidden]) * weights + biases
        forget, ingate, outgate, change = lines.reshape(4, BITS)
        memory = memory * nn.sigmoid(forget) + nn.sigmoid(ingate) * numpy.tanh(change)
        return nn.sigmoid(outgate) * numpy.tanh(memory), memory

    def loss(parameters, text):
        gates, outer = parameters

        def step(state, pair):
            x, right = pair
            x = x * outer[0]
            new = []
            for i in range(0, 2 * LAYERS, 2):
                new += cell(gates[i], gates[i + 1], state[i], state[i + 1], x)
                x = new[-2]
            guess = x * outer[1] + outer[2]
            return numpy.stack(new), (right * (guess - numpy.log(numpy.exp(guess).sum() + 2))).sum()

        _, totals = lax.scan(step, states, (text[:-1], text[1:]))
        return -totals.sum() / ((count - 1) * BITS)

    return jax_gradient_of(loss, [gates, outer], text)


PROGRAMS = {"micrograd": micrograd, "JAX": jax}
