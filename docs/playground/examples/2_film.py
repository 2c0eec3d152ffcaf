"""A film of backpropagation."""

from micrograd.engine import Value
from micrograd.viz import film

a = Value(3.0)
b = Value(-3.0)
loss = (a * b + a) ** 2

film(loss, labels={"a": a, "b": b, "loss": loss})
