"""Graphs that several tests look at."""

import math

from hypothesis import strategies as st

from micrograd.engine import Value, atan2


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
    curves += x.expm1() + x.log1p() + x.erf() + x.asin() + x.acos() + x.atan() + atan2(x, y)
    curves += x.detach() * y + x.clamp(0.5, y) + y.clamp(max=x)
    powers = x**y + 2**x + x**0 + x**2 + x**3 / y**-0.5 + x**0.5 + x**-2 + x**1.7 + y**math.inf + y**math.nan
    return curves + x.maximum(y) * x.minimum(y) + powers


OPERATIONS = [
    Value.__add__,
    Value.__mul__,
    Value.maximum,
    lambda a, b: a.tanh(),
    lambda a, b: a * 2.0,
    lambda a, b: b**2,
]


@st.composite
def programs(draw):
    """A Value that some program computed, and names for some of the Values."""
    values = [Value(float(i)) for i in range(draw(st.integers(1, 4)))]
    for operation, i, j in draw(st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(), st.integers()))):
        values.append(operation(values[i % len(values)], values[j % len(values)]))
    names = {values[i % len(values)]: name for i, name in draw(st.lists(st.tuples(st.integers(), st.text("ab.1"))))}
    return values[-1], names
