"""A tiny autograd engine: numbers that remember how they were computed, and differentiate themselves.

Read `value.py` first, then the table of operations in `ops.py`.
"""

from micrograd.engine.anomaly import Anomaly, find_anomaly
from micrograd.engine.checking import GradientError, gradcheck
from micrograd.engine.gradients import grad
from micrograd.engine.graph import topological_order
from micrograd.engine.ops import OPS, Op, define
from micrograd.engine.value import Value

__all__ = [
    "OPS",
    "Anomaly",
    "GradientError",
    "Op",
    "Value",
    "define",
    "find_anomaly",
    "grad",
    "gradcheck",
    "topological_order",
]
