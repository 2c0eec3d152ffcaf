"""The functions of vectors beside exact ones, computed with 400 digits."""

import itertools
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

BOUNDS = {name: 2 if name in {"expm1", "tanh", "atan2"} else 1 for name in FUNCTIONS}  # in units of the last place
FAR = 1e5  # beyond, sine and cosine are the C library's
TINY = 5e-324
OTHER_NAN = struct.unpack("d", struct.pack("Q", 2**64 - 1))[0]  # all bits set
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")

names = pytest.mark.parametrize("name", [name for name in BOUNDS if name != "atan2"])
widths = pytest.mark.parametrize("width", [1, 2, 4, 8, 16])


@cache
def machine(name, width):
    module = Module(width)
    taken = ["y", "x"] if name == "atan2" else ["x"]
    parameters = {**dict.fromkeys([*taken, "results"], POINTER), "n": INTEGER}
    f = Function(module, "map", parameters, INTEGER)
    *columns, results, n = f.arguments
    with f.loop(0, n, width) as i:
        results.at(i).store(call(name, *[column.at(i).load(f.vector) for column in columns]))
    f.ret(n)
    return Machine([str(module)], module.tables).function("map", parameters.values())


def compute(name, width, *columns):
    count = len(columns[0])
    padded = [np.array([*column, *[1.0] * (-count % width)]) for column in columns]
    results = np.empty_like(padded[0])
    machine(name, width)(*[array.ctypes.data for array in (*padded, results)], len(results))
    return results[:count].tolist()


def exact(name, number):
    """So many digits that `1 - e^-2x` has enough left for the smallest x."""
    if name in {"sin", "cos"} and abs(number) > FAR:
        return Decimal(getattr(math, name)(number))
    with localcontext(prec=400, traps=[]):
        x = Decimal(number)
        if name in {"exp", "expm1"}:
            return x.exp() - (name == "expm1")
        if name in {"log", "log1p"}:
            return (x + (name == "log1p")).ln()
        if name == "tanh":
            e = (-2 * abs(x)).exp()
            return ((1 - e) / (1 + e)).copy_sign(x)
        if name in EXACT:
            with localcontext(prec=80, traps=[]):
                return EXACT[name](x)
        return sine(x % (2 * PI) if name == "sin" else (x + PI / 2) % (2 * PI))


def sine(x):
    total = term = x
    k = 1
    while abs(term) > Decimal("1e-60") * abs(x):
        k += 2
        term *= -x * x / (k * (k - 1))
        total += term
    return total


def error_function(x):
    if abs(x) > 7:
        return Decimal(1).copy_sign(x)
    total = term = x
    k = 1
    while abs(term) > Decimal("1e-60") * abs(total):
        k += 2
        term *= 2 * x * x / k
        total += term
    return 2 / PI.sqrt() * (-x * x).exp() * total


def arctangent(x):
    """Halved until its square is small: the angle of (1, x) is twice that of (1 + r, x) where r is their distance."""
    halvings = 0
    while abs(x) > Decimal("0.01"):
        x /= 1 + (1 + x * x).sqrt()
        halvings += 1
    total, power, k = x, x, 1
    while abs(power) > Decimal("1e-60") * abs(x):
        power *= -x * x
        k += 2
        total += power / k
    return total * 2**halvings


def angle(y, x):
    if x == 0:
        return (PI / 2).copy_sign(y)
    return arctangent(y / x) + (PI.copy_sign(y) if x < 0 else 0)


EXACT = {
    "erf": error_function,
    "asin": lambda x: 2 * arctangent(x / (1 + ((1 - x) * (1 + x)).sqrt())),
    "acos": lambda x: PI if x == -1 else 2 * arctangent(((1 - x) / (1 + x)).sqrt()),
    "atan": arctangent,
}


def check(name, numbers, results):
    check_against([exact(name, number) for number in numbers], BOUNDS[name], numbers, results)


def check_against(exactly, bound, numbers, results):
    for expected, number, result in zip(exactly, numbers, results, strict=True):
        rounded = float(expected)
        if math.isinf(rounded):
            assert result == rounded, (number, result)
        else:
            error = abs(Decimal(result) - expected) / Decimal(math.ulp(rounded))
            assert error <= bound, (number, result, rounded)


EDGES = {
    "exp": {inf: inf, -inf: 0.0, 710.0: inf, 1e308: inf, -745.1: TINY, -746.0: 0.0, -1e308: 0.0, TINY: 1.0, 0.0: 1.0},
    "expm1": {inf: inf, -inf: -1.0, 710.0: inf, -40.0: -1.0, -1e308: -1.0, 1e-300: 1e-300, TINY: TINY, 0.0: 0.0},
    "log1p": {inf: inf, -inf: nan, -2.0: nan, -1e308: nan, -1.0: -inf, 1e-300: 1e-300, TINY: TINY, 0.0: 0.0},
    "erf": {inf: 1.0, -inf: -1.0, 6.0: 1.0, -1e308: -1.0, TINY: TINY, 0.0: 0.0},
    "asin": {inf: nan, 1 + 2**-52: nan, -1e308: nan, 1.0: math.pi / 2, -1.0: -math.pi / 2, TINY: TINY, 0.0: 0.0},
    "acos": {inf: nan, 1 + 2**-52: nan, -1e308: nan, 1.0: 0.0, -1.0: math.pi, TINY: math.pi / 2, 0.0: math.pi / 2},
    "atan": {inf: math.pi / 2, -inf: -math.pi / 2, 1e308: math.pi / 2, 1.0: math.pi / 4, TINY: TINY, 0.0: 0.0},
    "log": {inf: inf, -inf: nan, -1.0: nan, -TINY: nan, -1e308: nan, 1.0: 0.0, 0.0: -inf},
    "tanh": {inf: 1.0, -inf: -1.0, 20.0: 1.0, -1e308: -1.0, 1e-300: 1e-300, -1e-310: -1e-310, TINY: TINY, 0.0: 0.0},
    "sin": {inf: nan, -inf: nan, 1e-300: 1e-300, -1e-310: -1e-310, TINY: TINY, 0.0: 0.0},
    "cos": {inf: nan, -inf: nan, 1e-300: 1.0, TINY: 1.0, 0.0: 1.0},
}
AT_MINUS_ZERO = {"exp": 1.0, "log": -inf, "cos": 1.0, "acos": math.pi / 2}  # for a dictionary, 0.0 is the same


@widths
@names
def test_edges(name, width):
    numbers = [*EDGES[name], -0.0, nan, -nan, OTHER_NAN]
    expected = [*EDGES[name].values(), AT_MINUS_ZERO.get(name, -0.0), nan, nan, nan]
    assert repr(compute(name, width, numbers)) == repr(expected)


@widths
@names
@settings(max_examples=50)
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@example(numbers=[TINY, 3 * TINY, 2.0**-1022, 0.3465, 0.3467, 0.7071, 0.7072, 1 - 2**-53, 1 + 2**-52, 1.4142, 1.4143])
@example(numbers=[709.78, -708.5, -720.0, -744.4, 1.5, 18.2, 19.0, FAR, -FAR, FAR + 1, 1e22, 1.7976931348623157e308])
@example(numbers=[0.5196239946812786, 0.1254882753522201, 0.7065195864219617, 62227.88188414325, -2.3279127862727886])
def test_any_number(name, width, numbers):
    if name in {"log", "log1p"}:
        numbers = [abs(number) or 1.0 for number in numbers]
    if name in {"asin", "acos"}:
        numbers = [number if abs(number) <= 1 else 1 / number for number in numbers]
    check(name, numbers, compute(name, width, numbers))


RANGES = {
    "exp": [(-0.4, 0.4), (-708.0, 709.7), (-745.0, -708.0)],
    "expm1": [(-0.4, 0.4), (-2.0, 2.0), (-41.0, 41.0), (700.0, 709.7)],
    "log1p": [(-0.4, 0.5), (-1.0, 2.0), (0.0, 1e300), (-1e-9, 1e-9)],
    "erf": [(-1.0, 1.0), (1.0, 1.3), (-6.2, 6.2), (-1e-9, 1e-9)],
    "asin": [(-0.5, 0.5), (-1.0, 1.0), (0.5, 0.52), (0.99, 1.0)],
    "acos": [(-0.5, 0.5), (-1.0, 1.0), (0.5, 0.52), (0.99, 1.0)],
    "atan": [(-0.66, 0.66), (0.6, 0.7), (-2.5, 2.5), (-1e3, 1e3)],
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


@widths
def test_angles_at_edges(width):
    numbers = [0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 1e308, -1e308, TINY, -TINY, 2.0**-1022]
    pairs = list(zip(*itertools.product(numbers, repeat=2), strict=True))
    assert compute("atan2", width, *pairs) == pytest.approx([*map(math.atan2, *pairs)], rel=5e-16, abs=0, nan_ok=True)
    zeros = [(y, x) for y, x in zip(*pairs, strict=True) if math.atan2(y, x) == 0.0]
    assert repr(compute("atan2", width, *zip(*zeros, strict=True))) == repr([math.atan2(*zero) for zero in zeros])


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e5, 1e-310, 1e308])
def test_a_thousand_angles(scale):
    y, x = np.random.default_rng(13).uniform(-1.5, 1.5, (2, 1000)) * [[1.0 if scale < 1e300 else scale], [scale]]
    with localcontext(prec=80, traps=[]):
        exactly = [angle(Decimal(b), Decimal(a)) for b, a in zip(y.tolist(), x.tolist(), strict=True)]
    check_against(exactly, BOUNDS["atan2"], zip(y, x, strict=True), compute("atan2", 8, y, x))


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
