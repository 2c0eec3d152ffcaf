"""A damped pendulum over 200 steps of Runge and Kutta: how far from a measured angle it ends.

Its frequency and its damping are to be found. Samples are beginnings: an angle and a velocity.
"""

import numpy as np

STEPS, H = 200, 0.05
PARAMETERS = np.array([4.0, 0.1])  # the square of the frequency, the damping


def problem(batch):
    """The beginnings, shape (batch, 2), and the angles in the end."""
    rng = np.random.default_rng(1337)
    return rng.uniform(-1, 1, (batch, 2)), rng.uniform(-1, 1, batch)


def runge_kutta_step(slope, angle, velocity):
    a1, v1 = slope(angle, velocity)
    a2, v2 = slope(angle + H / 2 * a1, velocity + H / 2 * v1)
    a3, v3 = slope(angle + H / 2 * a2, velocity + H / 2 * v2)
    a4, v4 = slope(angle + H * a3, velocity + H * v3)
    return angle + H / 6 * (a1 + 2 * a2 + 2 * a3 + a4), velocity + H / 6 * (v1 + 2 * v2 + 2 * v3 + v4)


def micrograd(batch):
    from programs.ours import gradient_of, values

    beginnings, angles = problem(batch)
    stiffness, damping = parameters = values(PARAMETERS)

    def slope(angle, velocity):
        return velocity, -stiffness * angle.sin() - damping * velocity

    def loss(beginning, y):
        angle, velocity = beginning
        for _ in range(STEPS):
            angle, velocity = runge_kutta_step(slope, angle, velocity)
        return (angle - y) ** 2

    return gradient_of(loss, parameters, beginnings, angles)


def jax(batch):
    from jax import lax, numpy
    from programs.theirs import jax_gradient_of

    beginnings, angles = problem(batch)

    def loss(parameters, beginnings, angles):
        stiffness, damping = parameters

        def slope(angle, velocity):
            return velocity, -stiffness * numpy.sin(angle) - damping * velocity

        def step(state, _):
            return runge_kutta_step(slope, *state), None

        (angle, _), _ = lax.scan(step, (beginnings[:, 0], beginnings[:, 1]), length=STEPS)
        return ((angle - angles) ** 2).mean()

    return jax_gradient_of(loss, PARAMETERS, beginnings, angles)


def numba(batch):
    """By hand: the derivatives by both parameters go beside the state, through the same steps."""
    from math import cos, sin

    from numba import njit

    beginnings, angles = problem(batch)

    @njit
    def slope(state, stiffness, damping):
        angle, velocity, angle_s, velocity_s, angle_d, velocity_d = state
        pull, change = -stiffness * sin(angle), -stiffness * cos(angle)
        return (
            velocity,
            pull - damping * velocity,
            velocity_s,
            change * angle_s - damping * velocity_s - sin(angle),
            velocity_d,
            change * angle_d - damping * velocity_d - velocity,
        )

    @njit
    def moved(s, h, d):
        return s[0] + h * d[0], s[1] + h * d[1], s[2] + h * d[2], s[3] + h * d[3], s[4] + h * d[4], s[5] + h * d[5]

    @njit
    def gradient(parameters, beginnings, angles):
        stiffness, damping = parameters
        found = np.zeros(3)
        for i in range(len(angles)):
            state = (beginnings[i, 0], beginnings[i, 1], 0.0, 0.0, 0.0, 0.0)
            for _ in range(STEPS):
                first = slope(state, stiffness, damping)
                second = slope(moved(state, H / 2, first), stiffness, damping)
                third = slope(moved(state, H / 2, second), stiffness, damping)
                fourth = slope(moved(state, H, third), stiffness, damping)
                state = moved(moved(state, H / 6, first), H / 3, second)
                state = moved(moved(state, H / 3, third), H / 6, fourth)
            error = state[0] - angles[i]
            found += np.array([error * error, 2 * error * state[2], 2 * error * state[4]])
        return found / len(angles)

    return lambda: gradient(PARAMETERS, beginnings, angles), np.ndarray.tolist


PROGRAMS = {"micrograd": micrograd, "JAX": jax, "numba": numba}
