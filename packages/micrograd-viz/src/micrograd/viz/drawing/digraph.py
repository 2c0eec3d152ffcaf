"""The graph as a `graphviz.Digraph`, for those who have that package, or a notebook written for it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from micrograd.viz.drawing import dot
from micrograd.viz.drawing.drawing import picture
from micrograd.viz.graph import read
from micrograd.viz.labels import Labels
from micrograd.viz.summary import MOST_FOLDED

if TYPE_CHECKING:
    import graphviz


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR", *, labels: Labels = None) -> graphviz.Digraph:
    """Hand the graph behind `root` to Graphviz, as the classic notebooks do.

    Args:
        root: The Value to start from, or an object of another class with `data`, `grad`, `_prev` and `_op`.
        format: What `render` of the result writes: "svg", "png" and so on.
        rankdir: The direction that edges point: "LR", "TB", "RL" or "BT".
        labels: Names for Values, as for `draw`.

    Returns:
        A `graphviz.Digraph`, which a notebook shows by itself. Where Graphviz's program `dot` is not installed, it
        shows and renders the SVG of `draw`; other formats need the program.

    Raises:
        ImportError: If the package graphviz is missing.
        TypeError: If `root` is not a Value, nor like one.
        ValueError: If `rankdir` is none of the four, or Graphviz does not know `format`.
    """
    try:
        import graphviz

        from micrograd.viz.drawing.drawn_digraph import DrawnDigraph
    except ModuleNotFoundError as error:
        raise ImportError("draw_dot needs the package graphviz: pip install graphviz (draw needs nothing)") from error
    nodes = read(root, labels)
    body = list(dot.statements(nodes, rankdir))
    if shutil.which("dot"):
        return graphviz.Digraph(format=format, body=body)
    return DrawnDigraph(picture(nodes, "TB" if rankdir in ("TB", "BT") else "LR", MOST_FOLDED).svg, format, body)
