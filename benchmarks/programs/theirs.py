"""What JAX's side of the programs has in common."""

import jax
import numpy as np


def jax_gradient_of(loss, parameters, *arrays):
    compiled = jax.jit(jax.value_and_grad(loss))
    parameters, arrays = jax.tree.map(jax.numpy.array, (parameters, arrays))

    def call():
        return jax.block_until_ready(compiled(parameters, *arrays))

    def numbers(result):
        return np.concatenate([np.ravel(part) for part in jax.tree.leaves(result)]).tolist()

    return call, numbers
