"""The functions of vectors beside exact ones, computed with 400 digits."""

import math
import struct
from decimal import Decimal, localcontext
from functools import cache
from math import inf, nan

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from micrograd.engine.jit.ir import INTEGER, POINTER, Function, Module
from micrograd.engine.jit.machine import Machine
from micrograd.engine.jit.vector_math import FUNCTIONS, call

BOUNDS = {"exp": 1, "log": 1, "tanh": 2, "sin": 1, "cos": 1}  # in units of the last place
FAR = 1e5  # beyond, sine and cosine are the C library's
TINY = 5e-324
OTHER_NAN = struct.unpack("d", struct.pack("Q", 2**64 - 1))[0]  # all bits set
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")

names = pytest.mark.parametrize("name", BOUNDS)
widths = pytest.mark.parametrize("width", [1, 2, 4, 8, 16])


@cache
def machine(name, width):
    module = Module(width)
    f = Function(module, "map", {"numbers": POINTER, "results": POINTER, "n": INTEGER}, INTEGER, private=False)
    numbers, results, n = f.arguments
    with f.loop(0, n, width) as i:
        results.at(i).store(call(name, numbers.at(i).load(f.vector)))
    f.ret(n)
    return Machine(module)


def compute(name, width, numbers):
    padded = np.array([*numbers, *[1.0] * (-len(numbers) % width)])
    results = np.empty_like(padded)
    machine(name, width).function("map", [POINTER, POINTER, INTEGER])(
        padded.ctypes.data, results.ctypes.data, len(padded)
    )
    return results[: len(numbers)].tolist()


def exact(name, number):
    """So many digits that `1 - e^-2x` has enough left for the smallest x."""
    if name in {"sin", "cos"} and abs(number) > FAR:
        return Decimal(getattr(math, name)(number))
    with localcontext(prec=400, traps=[]):
        x = Decimal(number)
        if name in {"exp", "log"}:
            return x.exp() if name == "exp" else x.ln()
        if name == "tanh":
            e = (-2 * abs(x)).exp()
            return ((1 - e) / (1 + e)).copy_sign(x)
        return sine(x % (2 * PI) if name == "sin" else (x + PI / 2) % (2 * PI))


def sine(x):
    total = term = x
    k = 1
    while abs(term) > Decimal("1e-60") * abs(x):
        k += 2
        term *= -x * x / (k * (k - 1))
        total += term
    return total


def check(name, numbers, results):
    for number, result in zip(numbers, results, strict=True):
        expected = exact(name, number)
        rounded = float(expected)
        if math.isinf(rounded):
            assert result == rounded, (number, result)
        else:
            error = abs(Decimal(result) - expected) / Decimal(math.ulp(rounded))
            assert error <= BOUNDS[name], (number, result, rounded)


def test_every_function_is_tested():
    assert FUNCTIONS.keys() == BOUNDS.keys()


EDGES = {
    "exp": {inf: inf, -inf: 0.0, 710.0: inf, 1e308: inf, -745.1: TINY, -746.0: 0.0, -1e308: 0.0, TINY: 1.0, 0.0: 1.0},
    "log": {inf: inf, -inf: nan, -1.0: nan, -TINY: nan, -1e308: nan, 1.0: 0.0, 0.0: -inf},
    "tanh": {inf: 1.0, -inf: -1.0, 20.0: 1.0, -1e308: -1.0, 1e-300: 1e-300, -1e-310: -1e-310, TINY: TINY, 0.0: 0.0},
    "sin": {inf: nan, -inf: nan, 1e-300: 1e-300, -1e-310: -1e-310, TINY: TINY, 0.0: 0.0},
    "cos": {inf: nan, -inf: nan, 1e-300: 1.0, TINY: 1.0, 0.0: 1.0},
}
AT_MINUS_ZERO = {"exp": 1.0, "log": -inf, "tanh": -0.0, "sin": -0.0, "cos": 1.0}  # for a dictionary, 0.0 is the same


@widths
@names
def test_edges(name, width):
    numbers = [*EDGES[name], -0.0, nan, -nan, OTHER_NAN]
    expected = [*EDGES[name].values(), AT_MINUS_ZERO[name], nan, nan, nan]
    assert repr(compute(name, width, numbers)) == repr(expected)


@widths
@names
@settings(max_examples=50)
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@example(numbers=[TINY, 3 * TINY, 2.0**-1022, 0.3465, 0.3467, 0.7071, 0.7072, 1 - 2**-53, 1 + 2**-52, 1.4142, 1.4143])
@example(numbers=[709.78, -708.5, -720.0, -744.4, 1.5, 18.2, 19.0, FAR, -FAR, FAR + 1, 1e22, 1.7976931348623157e308])
@example(numbers=[0.5196239946812786, 0.1254882753522201, 0.7065195864219617, 62227.88188414325, -2.3279127862727886])
def test_any_number(name, width, numbers):
    if name == "log":
        numbers = [abs(number) or 1.0 for number in numbers]
    check(name, numbers, compute(name, width, numbers))


RANGES = {
    "exp": [(-0.4, 0.4), (-708.0, 709.7), (-745.0, -708.0)],
    "log": [(0.99, 1.01), (0.7, 1.5), (0.0, 100.0), (0.0, 1e-308)],
    "tanh": [(-0.15, 0.15), (0.15, 0.6), (-20.0, 20.0), (17.0, 19.0)],
    "sin": [(-1.0, 1.0), (-10.0, 10.0), (-FAR, FAR), (FAR, 1e9)],
    "cos": [(-1.0, 1.0), (-10.0, 10.0), (-FAR, FAR), (FAR, 1e9)],
}


@names
def test_a_thousand_numbers(name):
    rng = np.random.default_rng(11)
    numbers = np.concatenate([rng.uniform(low, high, 1000 // len(RANGES[name])) for low, high in RANGES[name]])
    check(name, numbers.tolist(), compute(name, 8, numbers))


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_near_the_zeros_of_sine_and_cosine(name):
    quarters = np.random.default_rng(12).integers(1, 63600, 500)
    numbers = quarters * (math.pi / 2)
    check(name, numbers.tolist(), compute(name, 8, numbers))


def test_one_lane_far_away_leaves_the_others_right():
    numbers = [1.0, -2.0, 1e300, nan, 0.5, -0.0, inf, 3.0]
    found = compute("sin", 8, numbers)
    assert np.isnan([found[3], found[6]]).all()
    assert repr(found[5]) == "-0.0"
    check("sin", [numbers[i] for i in (0, 1, 2, 4, 7)], [found[i] for i in (0, 1, 2, 4, 7)])
