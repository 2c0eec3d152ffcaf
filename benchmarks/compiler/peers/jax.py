"""JAX, compiled: a call for each step, and a loop of its own over steps."""

import time

import jax
import jax.numpy as jnp
import numpy as np
from compiler.problem import flat

VERSION = f"JAX {jax.__version__}"
jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)  # twice as fast for calls as short as these


def scores(layers, X):
    *hidden, (weights, biases) = layers
    for w, b in hidden:
        X = jax.nn.relu(X @ w.T + b)
    return X @ weights.T + biases


def hinge(layers, X, y):
    """The mean loss."""
    return jax.nn.relu(1 - y * scores(layers, X)[:, 0]).mean()


def cross_entropy(layers, X, y):
    """The mean loss."""
    told = jax.nn.log_softmax(scores(layers, X))
    return -jnp.take_along_axis(told, y[:, None], axis=1).mean()


class Network:
    def __init__(self, problem):
        samples, classes = problem.data
        self.X = jnp.array(samples)
        self.y = jnp.array(classes)
        loss = hinge if problem.is_hinge else cross_entropy
        self.layers = jax.tree.map(jnp.array, problem.matrices(np))

        @jax.jit
        def loop(steps, layers, X, y):
            def step(_, layers):
                return jax.tree.map(lambda p, g: p - problem.lr * g, layers, jax.grad(loss)(layers, X, y))

            return jax.lax.fori_loop(0, steps, step, layers)

        self.compiled = jax.jit(jax.value_and_grad(loss))
        self.loop = loop
        self.train(1, keep=False)  # compiles it

    def backward(self):
        self.mean, self.gradients = jax.block_until_ready(self.compiled(self.layers, self.X, self.y))

    def found(self):
        return [float(self.mean), *flat(np, self.gradients)]

    def train(self, steps, keep=True):
        start = time.process_time()
        layers = jax.block_until_ready(self.loop(steps, self.layers, self.X, self.y))
        seconds = time.process_time() - start
        if keep:
            self.layers = layers
        return seconds / steps

    def parameters(self):
        return flat(np, self.layers)
