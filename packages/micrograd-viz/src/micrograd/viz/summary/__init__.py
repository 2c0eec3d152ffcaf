"""What the boxes of a picture stand for, and what is written in them: one Value, or many that belong together."""

from micrograd.viz.summary.detail import MOST_FOLDED, less_and_less_detailed
from micrograd.viz.summary.records import Record, of_node

__all__ = ["MOST_FOLDED", "Record", "less_and_less_detailed", "of_node"]
