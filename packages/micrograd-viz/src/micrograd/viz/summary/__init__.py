"""What the boxes of a picture stand for, and what is written in them: one Value, or many that belong together."""

from micrograd.viz.summary import records
from micrograd.viz.summary.folding import fold
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.records import Record
from micrograd.viz.summary.summary import MOST_BOXES, summarise

__all__ = ["MOST_BOXES", "Grouping", "Record", "fold", "records", "summarise"]
