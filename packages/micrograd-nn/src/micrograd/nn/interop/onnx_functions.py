"""Operations that ONNX has not, or that runtimes have not in float64, as functions of those that they have.

The functions go along in the file. They are in a domain of their own, so a runtime takes what is written here, and no
operation of its own that has the same name.
"""

from __future__ import annotations

import numpy as np
from onnx import FunctionProto, parser

DOMAIN = "micrograd"
OPSET = 18

_ZERO = "zero = Constant <value = double {0.0}> ()"
_ONE = "one = Constant <value = double {1.0}> ()"
_HALF_PI = "half_pi = Constant <value = double {1.5707963267948966}> ()"


def _list(numbers: object) -> str:
    return ", ".join(map(repr, np.asarray(numbers, float).tolist()))


def _erf() -> str:
    """From 0 to x the integral of e^-t² is x times its mean, here at 48 points, after Gauss and Legendre.

    From 6 on the error function is 1 to the last digit, and here exactly. A nan, which a runtime may clip, stays one.
    """
    points, weights = np.polynomial.legendre.leggauss(48)
    return f"""(a) => (out) {{
        points = Constant <value = double[48] {{{_list((1.0 + points) / 2.0)}}}> ()
        weights = Constant <value = double[48, 1] {{{_list(weights / np.sqrt(np.pi))}}}> ()
        end = Constant <value = double {{6.0}}> ()
        start = Constant <value = double {{-6.0}}> ()
        last = Constant <value = int64[1] {{-1}}> ()
        x = Clip (a, start, end)
        rows = Unsqueeze (x, last)
        places = Mul (rows, points)
        squares = Mul (places, places)
        minus = Neg (squares)
        heights = Exp (minus)
        means = MatMul (heights, weights)
        mean = Squeeze (means, last)
        within = Mul (x, mean)
        whole = Div (x, end)
        size = Abs (x)
        beyond = Equal (size, end)
        found = Where (beyond, whole, within)
        lost = IsNaN (a)
        out = Where (lost, a, found)
    }}"""


# The arctangent is that of float32, and one step of Newton's method; that of large numbers is what another lacks to a
# quarter of a turn.
_BODIES = {
    "Sigmoid": f"""(a) => (out) {{
        {_ONE}
        minus = Neg (a)
        power = Exp (minus)
        sum = Add (power, one)
        out = Reciprocal (sum)
    }}""",
    "Expm1": f"""(a) => (out) {{
        {_ONE}
        {_ZERO}
        power = Exp (a)
        change = Sub (power, one)
        log = Log (power)
        product = Mul (change, a)
        better = Div (product, log)
        small = Equal (power, one)
        gone = Equal (power, zero)
        far = IsInf (power)
        edge = Or (gone, far)
        some = Where (edge, change, better)
        out = Where (small, a, some)
    }}""",
    "Log1p": f"""(a) => (out) {{
        {_ONE}
        sum = Add (a, one)
        change = Sub (sum, one)
        log = Log (sum)
        product = Mul (log, a)
        better = Div (product, change)
        small = Equal (sum, one)
        far = IsInf (sum)
        some = Where (far, log, better)
        out = Where (small, a, some)
    }}""",
    "Erf": _erf(),
    "Atan": f"""(a) => (out) {{
        {_ONE}
        {_ZERO}
        {_HALF_PI}
        size = Abs (a)
        steep = Greater (size, one)
        turned = Reciprocal (size)
        x = Where (steep, turned, size)
        single = Cast <to = 1> (x)
        near = Atan (single)
        angle = Cast <to = 11> (near)
        sine = Sin (angle)
        cosine = Cos (angle)
        rise = Mul (x, cosine)
        over = Sub (rise, sine)
        run = Mul (x, sine)
        under = Add (cosine, run)
        step = Div (over, under)
        found = Add (angle, step)
        rest = Sub (half_pi, found)
        positive = Where (steep, rest, found)
        negative = Neg (positive)
        below = Less (a, zero)
        signed = Where (below, negative, positive)
        none = Equal (a, zero)
        out = Where (none, a, signed)
    }}""",
    "Asin": f"""(a) => (out) {{
        {_ONE}
        left = Sub (one, a)
        right = Add (one, a)
        product = Mul (left, right)
        root = Sqrt (product)
        under = Add (one, root)
        slope = Div (a, under)
        half = micrograd.Atan (slope)
        out = Add (half, half)
    }}""",
    "Acos": f"""(a) => (out) {{
        {_ONE}
        left = Sub (one, a)
        right = Add (one, a)
        square = Div (left, right)
        slope = Sqrt (square)
        half = micrograd.Atan (slope)
        out = Add (half, half)
    }}""",
    "Atan2": f"""(y, x) => (out) {{
        {_ONE}
        {_ZERO}
        {_HALF_PI}
        pi = Add (half_pi, half_pi)
        up = Abs (y)
        along = Abs (x)
        alike = Equal (up, along)
        origin = Equal (up, zero)
        both = And (alike, origin)
        diagonal = Where (origin, zero, one)
        ratio = Div (up, along)
        slope = Where (alike, diagonal, ratio)
        first = micrograd.Atan (slope)
        flipped = Sub (pi, first)
        over = Reciprocal (x)
        left = Less (over, zero)
        before = Less (x, zero)
        west = Or (left, before)
        angle = Where (west, flipped, first)
        under = Reciprocal (y)
        lower = Less (under, zero)
        below = Less (y, zero)
        south = Or (lower, below)
        minus = Neg (one)
        sign = Where (south, minus, one)
        out = Mul (sign, angle)
    }}""",
    "Gate": f"""(g, a) => (out) {{
        {_ZERO}
        closed = LessOrEqual (a, zero)
        out = Where (closed, zero, g)
    }}""",
    "Sign": f"""(a) => (out) {{
        {_ONE}
        {_ZERO}
        minus = Neg (one)
        below = Less (a, zero)
        above = Greater (a, zero)
        lower = Where (below, minus, zero)
        out = Where (above, one, lower)
    }}""",
    "Share": f"""(a, b) => (out) {{
        {_ONE}
        {_ZERO}
        half = Constant <value = double {{0.5}}> ()
        lower = Less (a, b)
        tie = Equal (a, b)
        some = Where (tie, half, one)
        out = Where (lower, zero, some)
    }}""",
    "IsLess": f"""(a, b) => (out) {{
        {_ONE}
        {_ZERO}
        holds = Less (a, b)
        out = Where (holds, one, zero)
    }}""",
    "IsAtMost": f"""(a, b) => (out) {{
        {_ONE}
        {_ZERO}
        holds = LessOrEqual (a, b)
        out = Where (holds, one, zero)
    }}""",
    "IsZero": f"""(a) => (out) {{
        {_ONE}
        {_ZERO}
        holds = Equal (a, zero)
        out = Where (holds, one, zero)
    }}""",
    "Chosen": f"""(condition, a) => (out) {{
        {_ZERO}
        none = Neg (zero)
        fails = Equal (condition, zero)
        out = Where (fails, none, a)
    }}""",
}
_NEEDS = {"Asin": "Atan", "Acos": "Atan", "Atan2": "Atan"}


def function(name: str) -> FunctionProto:
    """The definition of a function.

    Args:
        name: Its name in the domain.
    """
    head = f'<domain: "{DOMAIN}", opset_import: ["" : {OPSET}, "{DOMAIN}" : 1]>'
    return parser.parse_function(f"{head}\n{name} {_BODIES[name]}")


def with_needed(names: set[str]) -> list[str]:
    """These functions and those that they call, which come first."""
    return sorted(names | {_NEEDS[name] for name in names if name in _NEEDS}, key=lambda name: (name in _NEEDS, name))
