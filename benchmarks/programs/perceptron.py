"""A perceptron that classifies a batch of 100, by cross-entropy: the network and the samples of `compiler.problem`."""

from compiler.problem import Problem, flat

BATCH = 100


def micrograd(*sizes):
    import numpy as np
    from programs.ours import gradient_of

    from micrograd.nn import MLP, cross_entropy

    problem = Problem(sizes, BATCH)
    samples, classes = map(np.array, problem.data)
    model = MLP(sizes[0], sizes[1:])
    for p, number in zip(model.parameters(), problem.parameters, strict=True):
        p.data = number
    return gradient_of(lambda x, y: cross_entropy([model(x)], [y]), model.parameters(), samples, classes)


def jax(*sizes):
    import jax
    import numpy as np
    from compiler.peers.jax import cross_entropy

    problem = Problem(sizes, BATCH)
    samples, classes = map(jax.numpy.array, problem.data)
    layers = jax.tree.map(jax.numpy.array, problem.matrices(np))
    compiled = jax.jit(jax.value_and_grad(cross_entropy))

    def numbers(result):
        loss, gradients = result
        return [float(loss), *flat(np, gradients)]

    return lambda: jax.block_until_ready(compiled(layers, samples, classes)), numbers


PROGRAMS = {"micrograd": micrograd, "JAX": jax}
