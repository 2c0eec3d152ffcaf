"""Pictures of a graph: laid out in columns, and written as SVG, PNG or DOT."""

from micrograd.viz.drawing.digraph import draw_dot
from micrograd.viz.drawing.dot import to_dot
from micrograd.viz.drawing.drawing import Drawing, draw
from micrograd.viz.drawing.scene import Scene, compose

__all__ = ["Drawing", "Scene", "compose", "draw", "draw_dot", "to_dot"]
