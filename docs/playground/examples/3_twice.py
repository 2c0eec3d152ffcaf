"""Why gradients add up: a is used twice."""

from micrograd.engine import Value
from micrograd.viz import film

a = Value(3.0)
b = a * a
b.backward()

h = 0.001
print("by backward:", a.grad)
print("by nudging: ", ((3 + h) ** 2 - (3 - h) ** 2) / (2 * h))
film(b, labels={"a": a, "b": b})
