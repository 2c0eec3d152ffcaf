"""What the boxes of a picture stand for, and what is written in them: one Value, or many that belong together."""

from micrograd.viz.summary.detail import MOST_FOLDED, less_and_less_detailed
from micrograd.viz.summary.parts import NOTHING, Part, Parts
from micrograd.viz.summary.records import Record, of_node, of_part

__all__ = ["MOST_FOLDED", "NOTHING", "Part", "Parts", "Record", "less_and_less_detailed", "of_node", "of_part"]
