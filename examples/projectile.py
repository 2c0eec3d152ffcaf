"""The slowest throw into a basket, against the drag of the air: Newton's method through a simulation of the flight."""

import matplotlib.pyplot as plt
import numpy as np

from micrograd.engine import grad, hessian
from micrograd.engine.jit import jit
from shared.options import options
from shared.pictures import save

GRAVITY = 9.81  # m/s²
BASKET = ahead, above = 4.2, 0.95  # m from the hand
args = options(__doc__, steps=6, drag=0.022)  # 1/m: drag coefficient 0.5, air 1.2 kg/m³, ball of 0.12 m and 0.62 kg


def flight(angle, speed, time, parts=50):
    """Where the ball is after each part of the time, in m from the hand."""

    def acceleration(u, v):
        brake = args.drag * (u**2 + v**2).sqrt()
        return -brake * u, -brake * v - GRAVITY

    h, x, y, u, v = time / parts, 0.0, 0.0, speed * angle.cos(), speed * angle.sin()
    for _ in range(parts):
        du, dv = acceleration(u, v)
        du, dv = acceleration(u + h / 2 * du, v + h / 2 * dv)  # in the middle of the step
        x, y = x + h * (u + h / 2 * du), y + h * (v + h / 2 * dv)
        u, v = u + h * du, v + h * dv
        yield [x, y]


@jit
def derivatives(unknowns):
    """Gradient and Hessian of Lagrange's function. By a price, its gradient is how far the ball is off."""
    angle, speed, time, *prices = unknowns
    *_, end = flight(angle, speed, time)
    total = speed**2 + sum(price * (place - aim) for price, place, aim in zip(prices, end, BASKET, strict=True))
    return grad(total, unknowns), hessian(total, unknowns)


fly = jit(lambda *throw: [[0.0, 0.0], *flight(*throw)])
ax = plt.figure().subplots()
unknowns = np.array([np.radians(60), 8.0, 1.0, -10.0, -10.0])  # rad, m/s, s, two prices
for step in range(args.steps):
    (gradient,), (curvature,) = derivatives([unknowns])
    angle, speed, time, *_ = unknowns
    print(f"step {step}: {np.degrees(angle):.4f}°, {speed:.4f} m/s: off by {np.hypot(*gradient[3:]):.1e} m")
    ax.plot(*fly(angle, speed, time)[0].T, color="C0", alpha=(2 + step) / (1 + args.steps))
    unknowns -= np.linalg.solve(curvature, gradient)

angle = np.pi / 4 + np.arctan2(above, ahead) / 2  # the textbook's throw, where there is no air
speed = np.sqrt(GRAVITY * (above + np.hypot(*BASKET)))
path = fly(angle, speed, ahead / (speed * np.cos(angle)))[0]
print(f"textbook: {np.degrees(angle):.4f}°, {speed:.4f} m/s: off by {np.hypot(*path[-1] - BASKET):.1e} m")
ax.plot(*path.T, "C1:", label="the textbook's throw")
ax.plot(*BASKET, "C2o", label="the basket")
ax.set(xlabel="m ahead of the hand", ylabel="m above it", aspect="equal")
ax.legend(loc="lower center")
save(ax.figure, args.out / "projectile.svg")
