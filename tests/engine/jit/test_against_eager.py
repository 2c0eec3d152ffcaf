"""Compiled functions beside eager ones: the same numbers, however the code is cut and however wide it is.

They agree bit for bit, but for the functions that the compiler computes in its own way; behind those, as far as the
function's condition lets two ways of rounding agree.
"""

import itertools
import math
import random
from functools import partialmethod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Op, Value, grad
from micrograd.engine.jit import jit
from micrograd.engine.table import lookup
from micrograd.engine.value import constant

BINARY = {"+", "*", "/", "**", "max", "min", "clamp_min", "clamp_max", "atan2", "gate", "share", "<", "<=", "where"}
TABLE = [name for name in OPS if name != "cube"]  # the docstring of `define` adds that one
CURVES = {"exp", "expm1", "log", "log1p", "tanh", "sigmoid", "erf", "sin", "cos", "asin", "acos", "atan", "atan2"}
OWN_WAY = CURVES | {"**"}  # of the compiler, or of the C library
NUMBERS = [0.3, -0.7, 1.0, -1.0, 2.0, -3.5, 0.0, -0.0, math.inf, -math.inf, math.nan, 1e308, 5e-324]
EXPONENTS = [-3, -2, -1, -0.5, 0, 0.5, 1, 1 / 3, 2, 2.5, 3, 4, math.inf, math.nan]


def eager(f, *columns, leaves=(), kind=Value):
    """The numbers that `f` returns, sample by sample; `leaves` are its last arguments."""
    return np.array([[v.data for v in f(*map(kind, (*sample, *leaves)))] for sample in zip(*columns, strict=True)])


def compiled(f, *columns, leaves=(), **shape):
    """The same by machine code, which closes over the leaves."""
    closed = [Value(x) for x in leaves]
    return jit(lambda *inputs: f(*inputs, *closed), **shape)(*columns)


def with_gradients(f):
    def both(*inputs):
        out = f(*inputs)
        return [out, *grad(out, inputs)]

    return both


def second_derivatives(f):
    def second(*inputs):
        return [h for g in grad(f(*inputs), inputs) for h in grad(g, inputs)]

    return second


def identical(found, expected):
    """Equal bit for bit; but any nan will do."""
    assert np.array_equal(found, expected, equal_nan=True)
    zero = expected == 0.0
    assert np.array_equal(np.signbit(found[zero]), np.signbit(expected[zero]))


def agree(found, expected, atol=1e-300):
    """Equal to a few ulp; inf, nan and the sign of zero exactly."""
    np.testing.assert_allclose(found, expected, rtol=2e-15, atol=atol)
    zero = expected == 0.0
    assert np.array_equal(np.signbit(found[zero]), np.signbit(expected[zero]))


class Rounded(Value):
    """A Value whose operations read every operand with a small error of their own.

    How far the results of a few runs lie apart tells how much the way of rounding matters.
    """

    __slots__ = ()

    @staticmethod
    def _record(rule, a, *more):
        node = Value._record(rule, a, *more)
        node.__class__ = Rounded
        node.data = rule.forward(*[operand.data * (1 + random.uniform(-1, 1) * 2**-51) for operand in node._prev])
        return node

    # Python asks the right operand first if its class has reflected methods of its own: `Value * Rounded` is Rounded.
    __radd__ = partialmethod(Value.__radd__)
    __rmul__ = partialmethod(Value.__rmul__)
    __rsub__ = partialmethod(Value.__rsub__)


def agree_as_far_as_rounding_allows(found, f, *columns, leaves=()):
    """As close as eager runs that round differently; nan and infinities where all of those have them."""
    expected = eager(f, *columns, leaves=leaves)
    runs = np.array([eager(f, *columns, leaves=leaves, kind=Rounded) for _ in range(8)])
    with np.errstate(invalid="ignore"):
        spread = np.abs(runs - expected).max(axis=0)
        off = ~(np.abs(found - expected) <= 10 * spread + 1e-15 * np.abs(expected) + 1e-300)
    finite = np.isfinite(expected) & np.isfinite(spread)
    special = ~np.isfinite(expected) & np.all((runs == expected) | (np.isnan(runs) & np.isnan(expected)), axis=0)
    wrong = finite & off | special & (found != expected) & ~(np.isnan(found) & np.isnan(expected))
    assert not wrong.any(), f"{found[wrong]} instead of {expected[wrong]} ± {spread[wrong]} at {np.argwhere(wrong)}"


@pytest.mark.parametrize("name", TABLE)
def test_every_operation_at_every_edge(name, shape):
    columns = list(zip(*itertools.product(NUMBERS, repeat=2 if name in BINARY else 1), strict=True))
    f = with_gradients(OPS[name])
    found, expected = compiled(f, *columns, **shape), eager(f, *columns)
    if name in OWN_WAY:
        cancels = name in {"tanh", "sigmoid"}  # in 1 - out, or 1 - out²
        agree(found, expected, atol=1e-15 if cancels else 1e-300)
    else:
        identical(found, expected)


@pytest.mark.parametrize("name", sorted(BINARY))
def test_every_operation_with_a_constant_on_either_side(name):
    def f(a):
        results = [OPS[name](*operands) for c in NUMBERS for operands in ((a, c), (c, a))]
        return [*results, *(grad(result, a) for result in results)]

    agree(compiled(f, NUMBERS), eager(f, NUMBERS))


@pytest.mark.parametrize("made", [Value, constant], ids=["leaves", "constants"])
def test_every_operation_of_what_all_samples_share(made):
    def f(a):
        numbers = [made(x) for x in NUMBERS]
        unary = [OPS[name](x) for name in TABLE if name not in BINARY for x in numbers]
        return [a, *unary, *(OPS[name](x, y) for name in sorted(BINARY) for x in numbers for y in numbers)]

    agree(compiled(f, [1.0, 2.0, 3.0], width=2), eager(f, [1.0, 2.0, 3.0]))


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_constant_powers(exponent):
    f = with_gradients(lambda a: a**exponent)
    agree(compiled(f, NUMBERS), eager(f, NUMBERS))


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_second_derivatives_of_constant_powers(exponent):
    f = second_derivatives(lambda a: a**exponent)
    agree_as_far_as_rounding_allows(compiled(f, NUMBERS), f, NUMBERS)


@pytest.mark.parametrize("name", TABLE)
def test_second_derivatives(name, shape):
    columns = list(zip(*itertools.product(NUMBERS, repeat=2 if name in BINARY else 1), strict=True))
    f = second_derivatives(OPS[name])
    agree_as_far_as_rounding_allows(compiled(f, *columns, **shape), f, *columns)


POSITIVE = {"log", "sqrt", "**", "**-0.5", "**0.5", "**1.5"}  # nan below 0, which says little about what follows
ROUNDING = [*TABLE, "**-3", "**-2", "**-1", "**-0.5", "**0", "**0.5", "**1", "**1.5", "**2", "**3", "**4"]


def steps(names):
    """A program: rows of an operation and two numbers that choose its operands."""
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 99), st.integers(0, 99)), min_size=8, max_size=30)


def graph(program, constants):
    """What the program computes: the sum of all its results, which are kept small."""

    def f(*inputs):
        results = [*inputs, *map(constant, constants)]
        for name, i, j in program:
            a, b = results[i % len(results)], results[-1 - j % min(len(results), 6)]
            if name in POSITIVE:
                a = abs(a) + 0.1
            out = lookup(name)(a, b) if name in BINARY else lookup(name)(a)
            results.append(out.tanh() if name in {"exp", "+", "*"} or name.startswith("**") else out)
        return sum(results)

    return f


usual = st.floats(-2, 2).map(lambda x: round(x, 3))
special = st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan])


@settings(max_examples=12)
@given(
    program=steps(ROUNDING),
    points=st.lists(st.tuples(usual | special, usual), min_size=3, max_size=6),
    leaf=usual,
    constants=st.lists(usual | special, max_size=3),
)
def test_random_graphs(shape, program, points, leaf, constants):
    f = with_gradients(graph(program, constants))
    columns = list(zip(*points, strict=True))
    found = compiled(f, *columns, leaves=[leaf], **shape)
    agree_as_far_as_rounding_allows(found, f, *columns, leaves=[leaf])


MIXED = Op("mixed", lambda a, b: a * a - 3 * b + (a - b) * (a - b), lambda g, out, a, b: (g * (4 * a - 2 * b), g * b))
ROWS = {name: lookup(name) for name in TABLE if name not in OWN_WAY}
ROWS |= {f"**{n}": lookup(f"**{n}") for n in (-2, -1, -0.5, 0, 0.5, 1, 2, 3)}
ROWS |= {"mixed": MIXED, "negate": lambda a: -a, "minus": lambda a, b: a - b, "over": lambda a, b: a / b}
OF_TWO = {*BINARY, "mixed", "minus", "over"}

anything = st.floats(-9, 9) | st.floats() | special | st.sampled_from([1e308, -1e308, 5e-324, 2.2e-308, 0.1, 0.3])


def exact_graph(program, constants):
    """What the program computes: its last results, and their gradients."""

    def f(*inputs):
        results = [*inputs, *map(constant, constants)]
        for name, i, j in program:
            a, b = results[-1 - i % len(results)], results[-1 - j % min(len(results), 6)]
            results.append(ROWS[name](a, b) if name in OF_TWO else ROWS[name](a))
        outputs = results[-4:]
        return [*outputs, *(g for out in outputs for g in grad(out, inputs))]

    return f


@settings(max_examples=20)
@given(data=st.data())
def test_random_graphs_are_identical(shape, data):
    f = exact_graph(data.draw(steps(sorted(ROWS))), data.draw(st.lists(anything, max_size=3)))
    columns = [data.draw(st.lists(anything, min_size=9, max_size=9)) for _ in range(2)]
    leaf = data.draw(anything)
    identical(compiled(f, *columns, leaves=[leaf], **shape), eager(f, *columns, leaves=[leaf]))


# Where products cancel, one rounding less is another result: a small one, and even nan or an infinity.
CANCELLING = {
    "root": lambda x, y: (x * x - y * y).sqrt(),
    "reciprocal": lambda x, y: 1 / (x * x - y * y),
    "sums": lambda x, y: (x * y + y * 3.7) - (y * x + 3.7 * y),
    "determinant": lambda x, y: OPS["sign"]((x + 1) * (y + 1) - (y + 1) * (x + 1)),
    "gradient": lambda x, y: sum(grad((x * x - x * y).sqrt(), [x, y]), Value(0.0)),
}


@pytest.mark.parametrize("name", CANCELLING)
def test_what_cancels_without_the_compiler_cancels_with_it(name, shape):
    def f(x, y):
        return [CANCELLING[name](x, y)]

    numbers = [0.1, 0.3, 1.7, -2.9, 1e-9, 1234.567]
    identical(compiled(f, numbers, numbers, **shape), eager(f, numbers, numbers))


ZEROS = {
    "cos": lambda w, x: (w * x).cos(),
    "negative": lambda w, x: -(w * abs(x)),
    "product": lambda w, x: w * x * -0.0,
    "relu": lambda w, x: (w * x - 1.0).relu() * -1.0,
    "uniform": lambda w, x: x + w * -0.0,
}


@pytest.mark.parametrize("name", ZEROS)
@pytest.mark.parametrize("batch", [1, 3, 8, 9, 17])
@pytest.mark.parametrize("before", [0.0, -0.0, None], ids=str)
def test_gradients_that_are_zero_keep_their_sign(name, batch, before, shape):
    x = [0.0] * batch
    expected, found = Value(0.0), Value(0.0)
    ZEROS[name](expected, Value(0.0)).backward()
    found.grad = before
    jit(lambda x: ZEROS[name](found, x), **shape).backward(x)
    assert repr(found.grad) == repr(expected.grad)
