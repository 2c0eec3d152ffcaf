"""A derivative of a derivative."""

from micrograd.engine import Value, grad
from micrograd.viz import draw

x = Value(2.0)
y = x**3
(slope,) = grad(y, [x])
(bend,) = grad(slope, [x])

print("y =", y.data, "  y' =", slope.data, "  y'' =", bend.data)
draw(slope, labels={"x": x, "y": y, "slope": slope})
