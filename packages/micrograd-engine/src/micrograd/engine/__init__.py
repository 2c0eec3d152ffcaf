"""A tiny autograd engine: numbers that remember how they were computed, and differentiate themselves.

Read `value.py` first, then the table of operations in `ops.py`.
"""

from micrograd.engine.anomaly import Anomaly, find_anomaly
from micrograd.engine.checking import GradientError, gradcheck
from micrograd.engine.gradients import grad, pullback
from micrograd.engine.graph import assign, topological_order
from micrograd.engine.number import draw
from micrograd.engine.ops import OPS, Op, define
from micrograd.engine.value import Value

__all__ = [
    "OPS",
    "Anomaly",
    "GradientError",
    "Op",
    "Value",
    "assign",
    "define",
    "draw",
    "find_anomaly",
    "grad",
    "gradcheck",
    "pullback",
    "topological_order",
]
