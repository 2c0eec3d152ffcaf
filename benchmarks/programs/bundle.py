"""The bundle adjustment of ADBench: 31,843 points as cameras see them, the error of each, and the Jacobian of that.

A camera has 11 numbers: an axis with an angle, a centre, a focal length, a principal point, two of radial distortion.

Source: Microsoft's ADBench, https://github.com/microsoft/ADBench, src/python/modules/PyTorch/ba_objective.py.
"""

import numpy as np

OBSERVATIONS = 31_843

rng = np.random.default_rng(1337)
CAMERA = np.array([-0.76, -1.11, -0.85, 34.6, 39.7, 53.9, 419.2, 5.9, -8.5, 0.088, 0.0027])
CAMERAS = CAMERA * rng.uniform(0.9, 1.1, (OBSERVATIONS, 11))
POINTS = np.array([7.2, 0.0011, 3.0]) * rng.uniform(0.9, 1.1, (OBSERVATIONS, 3))
WEIGHTS = rng.uniform(0.3, 0.5, OBSERVATIONS)
SEEN = np.array([272.0, 834.0]) * rng.uniform(0.9, 1.1, (OBSERVATIONS, 2))
ARRAYS = CAMERAS, POINTS, WEIGHTS, SEEN


def numbers(result):
    """The errors, then their derivatives, for some of the observations."""
    return np.concatenate([np.ravel(part[::100]) for part in result]).tolist()


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def errors(camera, point, weight, seen, sqrt, sin, cos):
    """What lies between where a camera sees a point and where it should, by anything that has arithmetic."""
    x = [p - c for p, c in zip(point, camera[3:6], strict=True)]
    angle = sqrt(camera[0] * camera[0] + camera[1] * camera[1] + camera[2] * camera[2])
    axis = [camera[i] / angle for i in range(3)]
    along = (axis[0] * x[0] + axis[1] * x[1] + axis[2] * x[2]) * (1 - cos(angle))
    x, y, z = (v * cos(angle) + w * sin(angle) + a * along for v, w, a in zip(x, cross(axis, x), axis, strict=True))
    x, y = x / z, y / z
    square = x * x + y * y
    scale = (1 + camera[9] * square + camera[10] * square * square) * camera[6]
    return [weight * (x * scale + camera[7] - seen[0]), weight * (y * scale + camera[8] - seen[1])]


def compiled():
    """Our function, after its first call."""
    from micrograd.engine import Value, jacobian
    from micrograd.engine.jit import jit

    def derivatives(camera, point, weight, seen):
        found = errors(camera, point, weight, seen, Value.sqrt, Value.sin, Value.cos)
        return found, jacobian(found, [*camera, *point, weight])

    found = jit(derivatives)
    found(*ARRAYS)
    return found


def micrograd():
    function = compiled()
    return lambda: function(*ARRAYS), numbers


def jax():
    from jax import block_until_ready, jacrev, jit, numpy, vmap

    def one(camera, point, weight, seen):
        return numpy.stack(errors(camera, point, weight, seen, numpy.sqrt, numpy.sin, numpy.cos))

    @jit
    @vmap
    def derivatives(*arrays):
        camera, point, weight = jacrev(one, argnums=(0, 1, 2))(*arrays)
        return one(*arrays), numpy.concatenate([camera, point, weight[:, None]], axis=1)

    arrays = [numpy.array(array) for array in ARRAYS]

    return lambda: block_until_ready(derivatives(*arrays)), numbers


PROGRAMS = {"micrograd": micrograd, "JAX": jax}
