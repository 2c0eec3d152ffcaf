"""Rows that users add to the table, compiled: whatever they are called, and refused by name where that cannot be."""

import itertools
import math
import operator
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Op, Value, define, grad
from micrograd.engine.jit import TracingError, jit


def identical(found, expected):
    """Equal bit for bit."""
    assert np.asarray(found, dtype=float).tobytes() == np.asarray(expected, dtype=float).tobytes()


# Instructions of the compiler, arguments of its functions and names of ours; none may be taken for the user's row.
@pytest.mark.parametrize(
    "name",
    ["neg", "reciprocal", "pow", "const", "input", "leaf", "draw", "**x", "**", "tanh", "ReLU", "+", "/", "%0"],
)
def test_a_row_may_have_any_name(name):
    OPS.pop(name, None)
    row = define(name, lambda a: a * a / 3.0 - 1.0, lambda g, out, a: (g * a * 2.0 / 3.0,))
    x, w = [1.7, -0.1, 0.0], 3.0
    leaf = Value(w)
    f = jit(lambda x: row(x * leaf))
    identical(f.backward(x), [row(number * w) for number in x])
    eager = Value(w)
    for number in x:
        row(number * eager).backward()
    assert leaf.grad == pytest.approx(eager.grad / len(x), rel=1e-15)


def test_a_row_is_known_by_itself_and_not_by_its_name():
    mine = Op("tanh", lambda a: a + 1.0, lambda g, out, a: (g,))
    assert jit(lambda x: [mine(x), x.tanh()])([0.0]).tolist() == [[1.0, 0.0]]


def test_more_powers_than_the_engine_remembers():
    f = jit(lambda x: sum(x**exponent for exponent in range(1, 1100)))
    assert f([0.5]).tolist() == pytest.approx([1.0], rel=1e-14)


FORWARDS = {
    "softplus": lambda a: OPS["log"](1.0 + OPS["exp"](a)),
    "quotient": lambda a: a / 3.0 - 7.0 / a,
    "powers": lambda a: (a * a + 2.0) ** 2 + a**3 - (a * a) ** 0.5 + 2**a,
    "integers": lambda a: 3 * a - 2 + a / 7,
    "negated": lambda a: -a + +a - (-a),
    "size": lambda a: abs(a) / (1.0 + abs(a)),
    "nested": lambda a: OPS["max"](a, OPS["**"](OPS["abs"](a), 1.5)),
    "constant": lambda a: 0.25,
    "itself": lambda a: a,
    "numpy number": lambda a: np.float64(0.1) * a,
}
NUMBERS = [0.3, -0.7, 1.0, -1.0, 2.0, -3.5, 1e-3, 0.1]


@pytest.mark.parametrize("name", FORWARDS)
def test_forward_computes_what_it_does_on_floats(name, shape):
    row = define(name, FORWARDS[name], lambda g, out, a: (g * a,))
    found = jit(lambda x: [row(x), row(row(x) * 0.5)], **shape)(NUMBERS)
    expected = np.array([[row(x), row(row(x) * 0.5)] for x in NUMBERS])
    if name in {"softplus", "powers", "nested"}:  # exp, log and powers
        np.testing.assert_allclose(found, expected, rtol=1e-14)
    else:
        identical(found, expected)


def test_division_by_zero_is_that_of_ieee():
    row = define("inverse", lambda a: 1.0 / a, lambda g, out, a: (-g * out * out,))
    assert jit(row)([0.0, -0.0, 2.0]).tolist() == [math.inf, -math.inf, 0.5]


def test_a_row_of_two_operands_and_its_derivatives(shape):
    hypot = define("hypot", lambda a, b: OPS["sqrt"](a * a + b * b), lambda g, out, a, b: (g * a / out, g * b / out))

    def f(x, y):
        out = hypot(x, y * 2.0)
        first = grad(out, [x, y])
        return [out, *first, *grad(first[0], [x, y])]

    pairs = [(a, b) for a, b in itertools.product(NUMBERS, repeat=2)]
    found = jit(f, **shape)(*zip(*pairs, strict=True))
    identical(found, [[v.data for v in f(Value(a), Value(b))] for a, b in pairs])


ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": lambda a, b: a / (abs(b) + 0.5)}
EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b"]) | st.floats(-3, 3).map(lambda x: round(x, 2)),
    lambda inner: st.tuples(st.sampled_from([*ARITHMETIC]), inner, inner),
    max_leaves=12,
)


def evaluate(expression, operands):
    if isinstance(expression, tuple):
        symbol, left, right = expression
        return ARITHMETIC[symbol](evaluate(left, operands), evaluate(right, operands))
    return operands.get(expression, expression)


@settings(max_examples=25)
@given(expression=EXPRESSIONS, points=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=9))
def test_any_arithmetic(shape, expression, points):
    row = Op("any", lambda a, b: evaluate(expression, {"a": a, "b": b}), lambda g, out, a, b: (g, g))
    found = jit(lambda a, b: row(a, b), **shape)(*zip(*points, strict=True))
    identical(found, [row(a, b) for a, b in points])


w = Value(2.0)
REFUSED = {
    "math": lambda a: math.exp(a),
    "max": lambda a: max(a, 0.0),
    "min": lambda a: min(0.0, a),
    "branch": lambda a: a if a > 0 else -a,
    "equal": lambda a: 1.0 if a == 0 else a,
    "truth": lambda a: a or 1.0,
    "round": lambda a: round(a),
    "floor": lambda a: a // 1,
    "remainder": lambda a: a % 2,
    "int": lambda a: int(a),
    "text": lambda a: float(f"{a:.3f}"),
    "method": lambda a: a.is_integer(),
    "numpy": lambda a: np.sign(a),
    "list": lambda a: [a],
    "leaf": lambda a: a * w,
    "data": lambda a: a * w.data,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_forward_that_is_more_than_arithmetic_is_refused_by_name(name):
    row = define(f"odd {name}", REFUSED[name], lambda g, out, a: (g,))
    with pytest.raises(TracingError, match=rf"cannot compile operation 'odd {name}': .*rows of the table, such as OPS"):
        jit(lambda x: row(x) * 2.0)([1.0])


def test_an_operation_that_is_not_in_the_table_is_refused_by_name():
    with pytest.raises(NotImplementedError, match="jit cannot compile operation 'cube': it is not in the table"):
        jit(lambda x: Value(0.0, (x,), "cube"))([1.0])


@pytest.mark.parametrize("name", ["cube", "*"])
@pytest.mark.parametrize("call", [lambda f: f([1.0]), lambda f: f.backward([1.0])], ids=["forward", "backward"])
def test_a_node_with_a_backward_of_its_own_is_refused_by_name(name, call):
    w = Value(2.0)
    node = Value(w.data**3, (w, w), name)
    node._backward = lambda: None
    with pytest.raises(NotImplementedError, match=rf"'{re.escape(name)}'.*_backward of its own.* nor compiled.*define"):
        call(jit(lambda x: x * node))


def test_a_leaf_with_a_backward_of_its_own_is_refused():
    w = Value(2.0)
    w._backward = lambda: None
    with pytest.raises(NotImplementedError, match="_backward of its own"):
        jit(lambda x: x * w)([1.0])
