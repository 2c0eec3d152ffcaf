"""A pendulum was filmed: how long is it, and how strongly is it damped? Gradients through a simulation say."""

import matplotlib.pyplot as plt
import numpy as np

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import Adam
from shared.options import options
from shared.pictures import save

GRAVITY = 9.81  # m/s²
TIMES = np.arange(0, 6, 0.05)  # s, when the camera looks
TRUE = 1.2, 0.3, np.radians(120)  # length in m, damping in 1/s, and the angle from which it is let go


def swing(length, damping, angle, step=0.05):
    """The angle at each time, by the Runge-Kutta method."""

    def slope(angle, velocity):
        return velocity, -GRAVITY / length * angle.sin() - damping * velocity

    angles, velocity = [], 0.0
    for _ in TIMES:
        angles.append(angle)
        a1, v1 = slope(angle, velocity)
        a2, v2 = slope(angle + step / 2 * a1, velocity + step / 2 * v1)
        a3, v3 = slope(angle + step / 2 * a2, velocity + step / 2 * v2)
        a4, v4 = slope(angle + step * a3, velocity + step * v3)
        angle += step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        velocity += step / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
    return angles


args = options(__doc__, steps=400, seed=1)
simulate = jit(swing)
film = simulate(*TRUE)[0] + np.random.default_rng(args.seed).normal(0, np.radians(6), len(TIMES))
found = length, damping, start = Value(0.6), Value(0.0), Value(film[0])
guess = [value.data for value in found]
squared_error = jit(lambda film: sum((a - b) ** 2 for a, b in zip(swing(*found), film, strict=True)) / len(film))

optimizer = Adam(found, lr=0.03)
for step in range(args.steps):
    optimizer.zero_grad()
    (loss,) = squared_error.backward([film])
    if step in (0, 25, 50, 100, 200) or step == args.steps - 1:
        print(f"step {step:3}: off by {np.degrees(loss**0.5):4.1f}°, length {length:.3f} m, damping {damping:.3f} /s")
    optimizer.step()

ax = plt.figure().subplots()
ax.plot(TIMES, np.degrees(film), ".", label="film")
ax.plot(TIMES, np.degrees(simulate(*guess)[0]), ":", label=f"guess, {guess[0]} m")
ax.plot(TIMES, np.degrees(simulate(*(value.data for value in found))[0]), label=f"found, {length:.2f} m")
ax.set(xlabel="time (s)", ylabel="angle (°)")
ax.figure.legend(loc="outside upper center", ncols=3)
save(ax.figure, args.out / "pendulum.svg")
