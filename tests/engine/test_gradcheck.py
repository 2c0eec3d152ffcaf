"""`gradcheck` finds wrong derivatives of either order, and says where."""

import math
from typing import Any

import pytest

from micrograd.engine import OPS, GradientError, Op, Value, gradcheck
from micrograd.engine.ops import exp

BINARY = {"+", "*", "/", "**", "max", "min", "clamp_min", "clamp_max", "atan2"}
HELPERS = {"gate", "sign", "share", "<", "<=", "not", "where", "detach"}  # flat or with corners on purpose
TABLE = [name for name in OPS if name not in HELPERS]


@pytest.mark.parametrize(
    ("name", "operands", "result"),
    [
        ("gate", (3.0, 2.0), 3.0),
        ("gate", (math.inf, 0.0), 0.0),
        ("gate", (3.0, -1.0), 0.0),
        ("sign", (-3.0,), -1.0),
        ("<", (1.0, 2.0), 1.0),
        ("<", (2.0, 2.0), 0.0),
        ("<=", (2.0, 2.0), 1.0),
        ("<=", (math.nan, 2.0), 0.0),
        ("not", (-0.0,), 1.0),
        ("not", (math.nan,), 0.0),
        ("where", (0.5, -3.0), -3.0),
        ("where", (0.0, math.nan), -0.0),
        ("share", (1.0, 2.0), 0.0),
        ("share", (2.0, 2.0), 0.5),
        ("share", (3.0, 2.0), 1.0),
    ],
)
def test_helpers_compute(name: str, operands: tuple[float, ...], result: float) -> None:
    assert OPS[name](*operands) == result


@pytest.mark.parametrize("name", TABLE)
def test_every_row_passes(name: str) -> None:
    assert gradcheck(OPS[name], [0.8, 1.7][: 1 + (name in BINARY)])


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda a: 1 / a, 1e-3),
        (lambda a: 1 / a, -2e-5),
        (Value.log, 1e-3),
        (Value.sqrt, 1e-4),
        (lambda a: (1000 * a).sin(), 1.0),
        (lambda a: (50 * a).exp(), 1.0),
        (lambda a: a**7, 1e5),
        (lambda a: (a - 1e5).sigmoid(), 1e5),
    ],
    ids=["1/x", "near the pole", "log", "sqrt", "fast", "steep", "large", "far out"],
)
@pytest.mark.parametrize("off", [1.0, 1.0001, 0.9999])
def test_a_sharp_bend_passes_and_a_part_in_ten_thousand_does_not(f: Any, x: float, off: float) -> None:
    scaled = Op("scaled", lambda a: a, lambda g, out, a: (g * off,))
    if off == 1.0:
        assert gradcheck(lambda a: scaled(f(a)), [x])
    else:
        with pytest.raises(GradientError, match="backward: the gradient"):
            gradcheck(lambda a: scaled(f(a)), [x])


def test_a_label_names_an_input() -> None:
    with pytest.raises(GradientError, match=r"with respect to input 0 \(speed\) is"):
        gradcheck(wrong(first=1.5), [Value(1.0, label="speed")])


def test_what_the_function_closes_over_is_left_as_it_was() -> None:
    shared = Value(2.0)
    computed = shared * 3
    computed.grad = shared.grad = 5.0
    assert gradcheck(lambda a: a * computed, [1.0])
    assert (computed.grad, shared.grad) == (5.0, 5.0)


def test_numbers_and_leaves_and_closures_are_inputs() -> None:
    a, b = Value(0.5), Value(2.0)
    a.grad = 7.0
    assert gradcheck(lambda *_: (a * b).sin() * b, [a, b])
    assert gradcheck(lambda x, y: x * y**3, [0.5, Value(2.0)])
    assert gradcheck(lambda x: Value(3.0), [1.0])
    assert (a.data, a.grad, b.data, b.grad) == (0.5, 7.0, 2.0, 0.0)


def wrong(first: float = 1.0, second: float = 1.0) -> Op:
    """exp with a derivative that is off by a factor, of first or of second order."""
    slope = Op("slope", exp.forward, lambda g, out, a: (g * out * second,))
    return Op("wrong", exp.forward, lambda g, out, a: (g * slope(a) * first,))


def test_a_wrong_first_derivative_is_found_and_named() -> None:
    def f(speed: Value, time: Value) -> Value:
        made: Value = speed * wrong(first=1.001)(time)
        return made

    with pytest.raises(GradientError, match=r"backward: the gradient with respect to input 1 \(time\) is 5\.99"):
        gradcheck(f, [1.0, 1.79])
    assert gradcheck(f, [0.0, 1.0], order=1)


def test_a_wrong_second_derivative_is_found_and_named() -> None:
    f = wrong(second=2.0)
    assert gradcheck(f, [1.0], order=1)
    with pytest.raises(GradientError, match=r"the gradient of input 0 with respect to input 0 is 5\.43"):
        gradcheck(f, [1.0])


def test_builtins_do_not_tell_the_names_of_their_arguments() -> None:
    assert gradcheck(max, [1.0, 2.0])
    with pytest.raises(GradientError, match="with respect to input 0 is"):
        gradcheck(max, [1.0, 1.0])


@pytest.mark.parametrize("x", [0.0, -1.0, math.nan])
def test_a_corner_or_a_nan_does_not_pass(x: float) -> None:
    with pytest.raises(GradientError, match="corner"):
        gradcheck(lambda a: a.relu() + a.log(), [x])


def test_the_point_is_restored_after_an_error() -> None:
    a = Value(0.0)

    def fragile(x: Value) -> Value:
        if x.data != 0.0:
            raise ZeroDivisionError
        return x * x

    with pytest.raises(ZeroDivisionError):
        gradcheck(fragile, [a])
    assert a.data == 0.0


@pytest.mark.parametrize(
    ("f", "inputs", "options", "error", "message"),
    [
        (lambda a: a.data, [1.0], {}, TypeError, "a function that returns a Value, got 1.0"),
        (lambda a: a, ["1"], {}, TypeError, "got '1'"),
        (lambda a: a, [Value(1.0) + 1], {}, ValueError, r"input 0, .*, was computed by '\+'"),
        (lambda a: a, [1.0], {"order": 3}, ValueError, "order 1 or 2, got 3"),
    ],
    ids=["result", "input", "computed", "order"],
)
def test_bad_arguments_are_refused(f: Any, inputs: Any, options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        gradcheck(f, inputs, **options)
