"""A robot arm draws a heart: at each point of it, the Gauss-Newton method finds the angles of four joints."""

import matplotlib.pyplot as plt
import numpy as np

from micrograd.engine import jacobian
from micrograd.engine.jit import jit
from shared.options import options
from shared.pictures import save

LINKS = 0.5, 0.4, 0.3, 0.2  # m
START = np.radians([-60, 75, 50, 50])  # each joint's turn away from the link before it


def arm(angles):
    """The joints, from the first link's end to the hand, in m from the shoulder."""
    x = y = direction = 0.0
    for length, angle in zip(LINKS, angles, strict=True):
        direction += angle
        x, y = x + length * direction.cos(), y + length * direction.sin()
        yield [x, y]


@jit
def reach(angles, target):
    """How far the hand is off the target, and how that changes with the angles: 2 numbers, 2 rows of 4."""
    *_, hand = arm(angles)
    off = [place - aim for place, aim in zip(hand, target, strict=True)]
    return off, jacobian(off, angles)


def heart(points):
    t = np.linspace(0, 2 * np.pi, points)
    x, y = 16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, y], axis=1) / 40 + [0.65, 0.3]  # m


args = options(__doc__, steps=7)
targets = heart(121)
angles = np.tile(START, (len(targets), 1))
for step in range(args.steps):
    off, slopes = reach(angles, targets)
    print(f"step {step}: off by {np.hypot(*off.T).max():.1e} m at most")
    angles -= np.einsum("tji,ti->tj", np.linalg.pinv(slopes), off)  # the smallest turns that should close the gap

ax = plt.figure().subplots()
joints = jit(lambda angles: [[0.0, 0.0], *arm(angles)])(angles)
for pose in joints[:96:16]:
    ax.plot(*pose.T, "o-", color="C0", alpha=0.4, linewidth=4, markersize=8)
ax.plot(*joints[:, -1].T, "C1", linewidth=3)
ax.set(xlabel="m", ylabel="m", aspect="equal")
save(ax.figure, args.out / "robot_arm.svg")
