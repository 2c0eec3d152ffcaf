"""Graphs that several tests look at."""

import math

from micrograd.engine import Value


def seed_example(a: Value, b: Value) -> Value:
    """The expression that the classic micrograd shows first, of a = -4 and b = 2."""
    c, d = a + b, a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f


def every_operation(x: Value, y: Value) -> Value:
    """All rows of the table that a program can write, and powers of many kinds."""
    curves = x.relu() + x.exp() + y.log() + y.sqrt() + x.tanh() + x.sigmoid() + x.sin() + x.cos() + abs(x)
    powers = x**y + 2**x + x**0 + x**2 + x**3 / y**-0.5 + x**0.5 + x**-2 + x**1.7 + y**math.inf + y**math.nan
    return curves + x.maximum(y) * x.minimum(y) + powers
