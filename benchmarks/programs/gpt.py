"""A small GPT that tells the next of 27 letters at 16 positions, as makemore and microgpt have it: 4,192 parameters.

No biases, root mean squares for norms, relu. Source: https://github.com/karpathy/makemore.
"""

import numpy as np

VOCABULARY, WIDTH, HEADS, POSITIONS, BATCH = 27, 16, 4, 16, 32
SIZE = WIDTH // HEADS  # of a head

rng = np.random.default_rng(1337)
LETTERS = rng.integers(VOCABULARY, size=(BATCH, POSITIONS + 1))
PARAMETERS = {
    name: rng.normal(0, 0.2, shape)
    for name, shape in {
        "letter": (VOCABULARY, WIDTH),
        "position": (POSITIONS, WIDTH),
        "query": (WIDTH, WIDTH),
        "key": (WIDTH, WIDTH),
        "value": (WIDTH, WIDTH),
        "joining": (WIDTH, WIDTH),
        "widening": (4 * WIDTH, WIDTH),
        "narrowing": (WIDTH, 4 * WIDTH),
        "telling": (VOCABULARY, WIDTH),
    }.items()
}


def micrograd():
    from programs.ours import gradient_of, values

    from micrograd.engine import take

    p = {name: values(array) for name, array in PARAMETERS.items()}

    def dot(a, b):
        return sum((ai * bi for ai, bi in zip(a[1:], b[1:], strict=True)), a[0] * b[0])

    def linear(rows, x):
        return [dot(row, x) for row in rows]

    def added(a, b):
        return [ai + bi for ai, bi in zip(a, b, strict=True)]

    def normed(x):
        scale = (dot(x, x) / WIDTH + 1e-5) ** -0.5
        return [xi * scale for xi in x]

    def shifted(scores):
        """Below zero, so that no exponential is too large."""
        top = scores[0]
        for score in scores[1:]:
            top = top.maximum(score)
        return [score - top for score in scores]

    def softmax(scores):
        powers = [score.exp() for score in shifted(scores)]
        share = sum(powers[1:], powers[0]) ** -1
        return [power * share for power in powers]

    def attend(query, keys, contents):
        """What one head takes from the positions so far."""
        shares = softmax([dot(query, key) * SIZE**-0.5 for key in keys])
        return [dot(shares, column) for column in zip(*contents, strict=True)]

    def loss(letters, following):
        keys, contents, total = [], [], 0.0
        for letter, right, position in zip(letters, following, p["position"], strict=True):
            x = normed(added(take(p["letter"], letter), position))
            unit = normed(x)
            query = linear(p["query"], unit)
            keys.append(linear(p["key"], unit))
            contents.append(linear(p["value"], unit))
            taken = []
            for head in (slice(start, start + SIZE) for start in range(0, WIDTH, SIZE)):
                taken += attend(query[head], [key[head] for key in keys], [content[head] for content in contents])
            x = added(x, linear(p["joining"], taken))
            wide = [v.relu() for v in linear(p["widening"], normed(x))]
            x = added(x, linear(p["narrowing"], wide))
            scores = shifted(linear(p["telling"], x))
            powers = [score.exp() for score in scores]
            total = total + sum(powers[1:], powers[0]).log() - take(scores, right)
        return total / POSITIONS

    letters = LETTERS.astype(float)
    return gradient_of(loss, list(p.values()), letters[:, :-1], letters[:, 1:])


def pytorch():
    import torch
    from torch.nn.functional import cross_entropy, rms_norm, scaled_dot_product_attention

    p = {name: torch.tensor(array, requires_grad=True) for name, array in PARAMETERS.items()}
    letters = torch.tensor(LETTERS)

    def normed(x):
        return rms_norm(x, (WIDTH,), eps=1e-5)

    def heads(x):
        return x.view(BATCH, POSITIONS, HEADS, SIZE).transpose(1, 2)

    def call():
        x = normed(p["letter"][letters[:, :-1]] + p["position"])
        unit = normed(x)
        taken = scaled_dot_product_attention(
            *(heads(unit @ p[name].T) for name in ("query", "key", "value")), is_causal=True
        )
        x = x + taken.transpose(1, 2).reshape(BATCH, POSITIONS, WIDTH) @ p["joining"].T
        x = x + torch.relu(normed(x) @ p["widening"].T) @ p["narrowing"].T
        loss = cross_entropy((x @ p["telling"].T).flatten(0, 1), letters[:, 1:].flatten())
        return loss, torch.autograd.grad(loss, p.values())

    def numbers(result):
        loss, gradients = result
        return [loss.item(), *torch.cat([part.flatten() for part in gradients]).tolist()]

    return call, numbers


def jax():
    from jax import nn, numpy
    from programs.theirs import jax_gradient_of

    seen = np.tril(np.ones((POSITIONS, POSITIONS), bool))

    def normed(x):
        return x * ((x * x).mean(axis=-1, keepdims=True) + 1e-5) ** -0.5

    def heads(x):
        return x.reshape(BATCH, POSITIONS, HEADS, SIZE)

    def loss(parameters, letters):
        p = dict(zip(PARAMETERS, parameters, strict=True))
        x = normed(p["letter"][letters[:, :-1]] + p["position"])
        query, key, value = (heads(normed(x) @ p[name].T) for name in ("query", "key", "value"))
        scores = numpy.einsum("bthd,bshd->bhts", query, key) * SIZE**-0.5
        shares = nn.softmax(numpy.where(seen, scores, -numpy.inf))
        taken = numpy.einsum("bhts,bshd->bthd", shares, value).reshape(BATCH, POSITIONS, WIDTH)
        x = x + taken @ p["joining"].T
        x = x + nn.relu(normed(x) @ p["widening"].T) @ p["narrowing"].T
        told = nn.log_softmax(x @ p["telling"].T)
        return -numpy.take_along_axis(told, letters[:, 1:, None], axis=-1).mean()

    return jax_gradient_of(loss, list(PARAMETERS.values()), LETTERS)


PROGRAMS = {"micrograd": micrograd, "JAX": jax, "PyTorch": pytorch}
