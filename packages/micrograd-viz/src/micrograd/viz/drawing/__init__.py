"""Pictures of a graph: laid out in columns, and written as SVG, PNG, DOT or HTML."""

from micrograd.viz.drawing.digraph import draw_dot
from micrograd.viz.drawing.dot import to_dot
from micrograd.viz.drawing.drawing import Drawing, draw
from micrograd.viz.drawing.page import as_json, document, in_frame, stage
from micrograd.viz.drawing.views import MOST_NODES, View, views

__all__ = [
    "MOST_NODES",
    "Drawing",
    "View",
    "as_json",
    "document",
    "draw",
    "draw_dot",
    "in_frame",
    "stage",
    "to_dot",
    "views",
]
