"""The engine's table of operations as a table to read.

Derivatives are not written here: each is traced, and the expression that comes back is written down. What happens at
the edges is not written here either: it is computed. Here stand only how a program writes each operation, what it is,
and where its edges are.
"""

from math import inf, nan
from typing import NamedTuple

from micrograd.engine import OPS, Op, Value, is_constant, operands
from micrograd.engine.ops import power
from micrograd.engine.tracing import trace_derivative


class About(NamedTuple):
    """What the table of the engine does not say.

    Attributes:
        written: How a program writes the operation.
        forward: What it computes.
        edges: Operands at which the answer is not obvious.
    """

    written: str
    forward: str
    edges: tuple[tuple[float, ...], ...] = ()


OPERATIONS = {
    "+": About("a + b", "the sum", ((inf, -inf),)),
    "*": About("a * b", "the product", ((0.0, inf),)),
    "**3": About(
        "a**3", "a constant power, here the third; each has a row of its own, made when it is used", ((0.0,),)
    ),
    "**": About("a**b", "a power with a Value as exponent", ((0.0, 0.0), (-8.0, 1 / 3), (0.0, -1.0))),
    "abs": About("abs(a)", "the size", ((0.0,),)),
    "max": About("a.maximum(b)", "the larger of the two", ((1.0, 1.0), (nan, 1.0))),
    "min": About("a.minimum(b)", "the smaller of the two", ((1.0, 1.0), (nan, 1.0))),
    "clamp_min": About("a.clamp(min=b)", "`a`, or `b` where `a` is less", ((1.0, 1.0), (nan, 1.0), (1.0, nan))),
    "clamp_max": About("a.clamp(max=b)", "`a`, or `b` where `a` is more", ((1.0, 1.0), (nan, 1.0), (1.0, nan))),
    "ReLU": About("a.relu()", "`a` above 0, else 0", ((0.0,), (nan,))),
    "exp": About("a.exp()", "e to the power of `a`", ((1000.0,), (-inf,))),
    "expm1": About("a.expm1()", "`exp(a) - 1`, exact near 0", ((1e-20,), (-inf,))),
    "log": About("a.log()", "the natural logarithm", ((0.0,), (-1.0,))),
    "log1p": About("a.log1p()", "`log(1 + a)`, exact near 0", ((1e-20,), (-1.0,))),
    "sqrt": About("a.sqrt()", "the square root", ((0.0,), (-1.0,))),
    "tanh": About("a.tanh()", "the hyperbolic tangent", ((1000.0,),)),
    "sigmoid": About("a.sigmoid()", "`1 / (1 + exp(-a))`", ((-1000.0,),)),
    "erf": About("a.erf()", "the error function", ((0.0,), (inf,))),
    "sin": About("a.sin()", "the sine, of radians", ((inf,),)),
    "cos": About("a.cos()", "the cosine, of radians", ((inf,),)),
    "asin": About("a.asin()", "the inverse sine, in radians", ((1.0,), (1.5,))),
    "acos": About("a.acos()", "the inverse cosine, in radians", ((1.0,), (1.5,))),
    "atan": About("a.atan()", "the inverse tangent, in radians", ((inf,),)),
    "atan2": About("a.atan2(b)", "the angle of the point (b, a), in radians", ((0.0, -1.0), (0.0, 0.0))),
    "detach": About("a.detach()", "`a` itself, without a gradient", ((1.0,),)),
}
HELPERS = {
    "gate": About("gate(a, b)", "`a` where `b` is above 0, else 0", ((inf, 0.0), (1.0, nan))),
    "sign": About("sign(a)", "1 above 0, -1 below", ((0.0,), (nan,))),
    "<": About("less(a, b)", "1 where `a` is less than `b`, else 0", ((1.0, 1.0), (nan, 1.0))),
    "<=": About("less_equal(a, b)", "1 where `a` is at most `b`, else 0", ((1.0, 1.0), (nan, 1.0))),
    "not": About("not_(a)", "1 where `a` is 0, else 0", ((-0.0,), (nan,))),
    "where": About("where(a, b)", "`b` where `a` is not 0, else -0.0, which changes no sum", ((0.0, inf), (nan, inf))),
    "/": About("divide(a, b)", "the quotient, which `a / b` makes of a product and a power", ((0.0, 0.0), (-1.0, 0.0))),
    "share": About("share(a, b)", "how much of a maximum's gradient goes to `a`", ((1.0, 1.0),)),
}


def rows() -> list[dict[str, str]]:
    """A row for each operation that a program can write.

    Raises:
        LookupError: If the engine's table and this one have not the same operations.
    """
    described, there = {*OPERATIONS, *HELPERS} - {"**3"}, {*OPS}
    if described != there:
        raise LookupError(f"docs/hooks/operations.py and the engine's table differ in {sorted(described ^ there)}")
    return [row(name, about) for name, about in OPERATIONS.items()]


def helper_rows() -> list[dict[str, str]]:
    """A row for each operation that only derivatives use."""
    return [row(name, about) for name, about in HELPERS.items()]


def row(name: str, about: About) -> dict[str, str]:
    """What there is to know about one operation."""
    op = OPS[name] if name in OPS else power(float(name.removeprefix("**")))
    arity = len(about.edges[0])
    return {
        "operation": f"`{about.written}`",
        "shown as": f"`{name}`",
        "forward": about.forward,
        "derivative": "<br>".join(f"`{part}`" for part in derivatives(op, arity)),
        "at the edge": "<br>".join(edge(op, point) for point in about.edges),
    }


def derivatives(op: Op, arity: int) -> list[str]:
    """The gradient of each operand, as an expression of `g`, `out`, `a` and `b`."""
    _, gradients = trace_derivative(op, arity)
    return [expression(gradient)[0] for gradient in gradients]


COMPARISON, SUM, PRODUCT, POWER, ATOM = range(5)  # how tightly an expression binds


def expression(node: Value) -> tuple[str, int]:
    """What a node computes as Python writes it, and how tightly the last operation binds."""

    def part(operand: Value, tightness: int) -> str:
        text, binds = expression(operand)
        return text if binds >= tightness else f"({text})"

    match node._op, operands(node):
        case _, () if node.label:
            return node.label, ATOM
        case _, ():
            return f"{node.data:g}", ATOM if node.data >= 0 else PRODUCT
        case "+", (a, b):
            right = part(b, SUM)
            return f"{part(a, SUM)} - {right[1:]}" if right[0] == "-" else f"{part(a, SUM)} + {right}", SUM
        case "*", (a, b) if is_number(b, -1.0):
            text, binds = expression(a)
            return f"-({text})" if binds == SUM else f"-{text}", POWER if binds == SUM else min(binds, POWER)
        case "*", (a, b) if b._op == "**-1":
            return f"{part(a, PRODUCT)} / {part(operands(b)[0], POWER)}", PRODUCT
        case "/", (a, b):
            return f"{part(a, PRODUCT)} / {part(b, POWER)}", PRODUCT
        case "*", (a, b):
            return f"{part(a, PRODUCT)} * {part(b, POWER) if operands(b) else part(b, PRODUCT)}", PRODUCT
        case "<" | "<=" as sign, (a, b):
            return f"{part(a, SUM)} {sign} {part(b, SUM)}", COMPARISON
        case "**", (a, b):
            return f"{part(a, ATOM)}**{part(b, ATOM)}", POWER
        case op, (a,) if op.startswith("**"):
            return f"{part(a, ATOM)}{op}", POWER
        case op, several:
            return f"{op}({', '.join(part(operand, COMPARISON) for operand in several)})", ATOM


def is_number(node: Value, number: float) -> bool:
    """Whether a node is a constant with this number."""
    return is_constant(node) and node.data == number


def edge(op: Op, point: tuple[float, ...]) -> str:
    """What an operation gives at an edge, and its derivatives there."""
    leaves = [Value(number) for number in point]
    result = op(*leaves)
    result.backward()
    where = ", ".join(f"{name} = {number:.4g}" for name, number in zip("ab", point, strict=False))
    slopes = ", ".join(f"{leaf.grad:g}" for leaf in leaves)
    return f"{where}: `{result.data:g}`, slope `{slopes}`"
