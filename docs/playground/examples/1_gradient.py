"""A gradient, and the graph it flows through."""

from micrograd.engine import Value
from micrograd.viz import draw

a = Value(2.0)
b = Value(-3.0)
c = a * b + a
c.backward()

print(f"c is {c.data}, and dc/da is {a.grad}")
draw(c, labels={"a": a, "b": b, "c": c})
