"""A small GPT that tells the next of 27 letters at 16 positions, as makemore and microgpt have it: 4,192 parameters.

No biases, root mean squares for norms, relu; query, key and value are the rows of one matrix. What is computed is the
mean loss of some sequences and its gradient. Source: https://github.com/karpathy/makemore.

This file needs nothing but Python, as the environment of the classic micrograd has no more.
"""

import random
from importlib import import_module

VOCABULARY, WIDTH, HEADS, POSITIONS = 27, 16, 4, 16
SIZE = WIDTH // HEADS  # of a head

SHAPES = {
    "letter": (VOCABULARY, WIDTH),
    "position": (POSITIONS, WIDTH),
    "attention": (3 * WIDTH, WIDTH),
    "joining": (WIDTH, WIDTH),
    "widening": (4 * WIDTH, WIDTH),
    "narrowing": (WIDTH, 4 * WIDTH),
    "telling": (VOCABULARY, WIDTH),
}


def matrices():
    """The parameters at first, as lists of rows."""
    rng = random.Random(1337)
    return {name: [[rng.gauss(0, 0.2) for _ in range(n)] for _ in range(m)] for name, (m, n) in SHAPES.items()}


def sequences(count):
    """Lists of letters, one more in each than there are positions."""
    rng = random.Random(1337)
    return [[rng.randrange(VOCABULARY) for _ in range(POSITIONS + 1)] for _ in range(count)]


def program(module, name):
    """One that is imported where it runs."""
    return lambda count: getattr(import_module(f"{__name__}.{module}"), name)(count)


PROGRAMS = {
    "micrograd": program("scalars", "compiled"),
    "micrograd, eager": program("scalars", "eager"),
    "classic": program("classic", "script"),
    "PyTorch": program("pytorch", "eager"),
    "torch.compile": program("pytorch", "compiled"),
    "JAX": program("jax", "compiled"),
}
