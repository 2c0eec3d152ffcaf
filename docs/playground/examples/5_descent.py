"""Descent: find the bottom of a valley."""

from micrograd.engine import Value

x = Value(-4.0)
for step in range(20):
    y = (x - 3) ** 2 + 1
    x.grad = 0.0
    y.backward()
    x.data -= 0.2 * x.grad
    print(f"step {step:2}   x = {x.data:8.5f}   y = {y.data:8.5f}")
