"""Where a gradient comes from, path by path, and what made it nan, infinite, zero or very large."""

from micrograd.viz.explaining.cause import Cause
from micrograd.viz.explaining.explanation import Explanation, explain
from micrograd.viz.explaining.paths import Path, Step

__all__ = ["Cause", "Explanation", "Path", "Step", "explain"]
