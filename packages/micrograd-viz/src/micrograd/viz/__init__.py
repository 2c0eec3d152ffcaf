"""See the graph behind a Value.

`draw` makes a picture, in pure Python. `trace` and `draw_dot` are called as in the notebooks written for the classic
micrograd; `to_dot` gives the same graph as DOT text.

Example:
    >>> from micrograd.engine import Value
    >>> a, b = Value(-4.0), Value(2.0)
    >>> c = a * b
    >>> c.backward()
    >>> drawing = draw(c, labels={"a": a, "b": b, "c": c})
    >>> drawing.svg[:4]
    '<svg'
"""

from micrograd.viz.dot import draw_dot, to_dot
from micrograd.viz.graph import trace
from micrograd.viz.svg import Drawing, draw

__all__ = ["Drawing", "draw", "draw_dot", "to_dot", "trace"]
