"""Two half moons: the points that both comparisons classify."""

import math
import random


def moons(count):
    """Two interleaved half circles with some noise, and their classes, -1 and 1."""
    rng = random.Random(1337)
    points, classes = [], []
    for i in range(count):
        upper = i % 2 == 0
        angle = math.pi * rng.random()
        x, y = (math.cos(angle), math.sin(angle)) if upper else (1 - math.cos(angle), 0.5 - math.sin(angle))
        points.append([x + rng.gauss(0, 0.1), y + rng.gauss(0, 0.1)])
        classes.append(-1 if upper else 1)
    return points, classes
