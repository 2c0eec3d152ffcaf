"""See every gradient.

`draw` makes a picture of the graph behind a Value, `film` steps through its forward and backward pass, and `explain`
says where a gradient comes from; all three in pure Python. `plot_history`, `plot_decision_boundary` and `plot_weights`
show a training with matplotlib. `trace` and `draw_dot` are called as in the notebooks written for the classic
micrograd; `to_dot` gives the graph as DOT text. `python -m micrograd.viz` does the same for an expression.

Example:
    >>> from micrograd.engine import Value
    >>> a, b = Value(-4.0), Value(2.0)
    >>> c = a * b
    >>> c.backward()
    >>> drawing = draw(c, labels={"a": a, "b": b, "c": c})
    >>> drawing.svg[:4]
    '<svg'
"""

from micrograd.viz.drawing import Drawing, draw, draw_dot, to_dot
from micrograd.viz.explaining import Cause, Explanation, Path, Step, explain
from micrograd.viz.filming import Film, film
from micrograd.viz.graph import trace
from micrograd.viz.plots import plot_decision_boundary, plot_history, plot_weights

__all__ = [
    "Cause",
    "Drawing",
    "Explanation",
    "Film",
    "Path",
    "Step",
    "draw",
    "draw_dot",
    "explain",
    "film",
    "plot_decision_boundary",
    "plot_history",
    "plot_weights",
    "to_dot",
    "trace",
]
