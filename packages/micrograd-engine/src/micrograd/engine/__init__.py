"""A tiny autograd engine: numbers that remember how they were computed, and differentiate themselves.

Read `value.py` first, then the table of operations in `ops.py`, then what stands between them, `op.py` and `graph.py`.
"""

from micrograd.engine.accumulation import assign
from micrograd.engine.anomaly import Anomaly, find_anomaly
from micrograd.engine.checking import GradientError, gradcheck
from micrograd.engine.gradients import grad, hessian, jacobian, operation, pullback
from micrograd.engine.graph import between, is_constant, operands, topological_order
from micrograd.engine.indexing import take
from micrograd.engine.number import to_float
from micrograd.engine.op import Op, check_differentiable
from micrograd.engine.ops import OPS
from micrograd.engine.randomness import draw, drawing
from micrograd.engine.several import atan2, logsumexp, where
from micrograd.engine.table import define, lookup
from micrograd.engine.value import Value

__all__ = [
    "OPS",
    "Anomaly",
    "GradientError",
    "Op",
    "Value",
    "assign",
    "atan2",
    "between",
    "check_differentiable",
    "define",
    "draw",
    "drawing",
    "find_anomaly",
    "grad",
    "gradcheck",
    "hessian",
    "is_constant",
    "jacobian",
    "logsumexp",
    "lookup",
    "operands",
    "operation",
    "pullback",
    "take",
    "to_float",
    "topological_order",
    "where",
]
