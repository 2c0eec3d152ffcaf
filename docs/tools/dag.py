"""Draw the graph behind the example of the README: `hatch run picture` writes it to dag.png."""

from pathlib import Path

from micrograd.engine import Value
from micrograd.viz import Drawing, draw


def picture() -> Drawing:
    """The classic example, with its gradients, from the top to the bottom."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return draw(g, labels=locals(), rankdir="TB")


if __name__ == "__main__":
    picture().save(Path(__file__).parents[2] / "dag.png")
