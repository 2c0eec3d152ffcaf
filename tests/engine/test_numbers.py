"""What a Value takes for a number, and what it refuses to be taken for."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sympy
import torch

from micrograd.engine import OPS, Op, Value, define, find_anomaly, grad, pullback


@pytest.mark.parametrize("number", [3, True, np.float32(3), np.float64(3), np.int8(3), np.bool_(True), Fraction(3, 2)])
def test_assigned_numbers_become_floats(number: Any) -> None:
    v = Value(1.0)
    v.data = number
    assert (type(v.data), v.data) == (float, float(number))
    assert (Value(number).data, (v * number).data, (number * v).data) == (v.data, v.data**2, v.data**2)


def test_arithmetic_goes_on_in_double_precision() -> None:
    w = Value(1.0)
    w.data = np.float32(1e30)
    assert (w * w).data == float(np.float32(1e30)) ** 2


@pytest.mark.parametrize("bad", ["3", None, [1.0], Value(1.0), np.ones(2), 1j, 10**400])
def test_anything_else_is_refused_at_once_by_name(bad: Any) -> None:
    v = Value(2.0, label="speed")
    with pytest.raises((TypeError, OverflowError), match=r"the data of Value.*label='speed'.* takes"):
        v.data = bad
    assert v.data == 2.0


@pytest.mark.parametrize("x", [0.0, -0.0, 1.0, math.nan, math.inf, 5e-324])
def test_truth_is_torchs(x: float) -> None:
    assert bool(Value(x)) is bool(torch.tensor(x, dtype=torch.float64))


def test_a_value_is_no_number_to_make_a_value_of() -> None:
    with pytest.raises(TypeError, match=r"Value takes a number, got Value\(data=3.0, .*\), which is a Value already"):
        Value(Value(3.0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (int, r"int\(\) of .*int\(v\.data\)"),
        (round, r"round\(\) of .*round\(v\.data, n\)"),
        (lambda v: round(v, 2), r"round\(\) of .*round\(v\.data, n\)"),
        (lambda v: v % 2, r"% of .*v\.data % n"),
        (lambda v: 7 % v, r"% of .*v\.data % n"),
        (lambda v: v // 2, r"// of .*or / for a quotient"),
        (lambda v: 7 // v, r"// of .*or / for a quotient"),
        (lambda v: divmod(v, 2), r"divmod\(\) of .*divmod\(v\.data, n\)"),
    ],
)
def test_what_has_no_derivative_says_what_to_use(call: Callable[[Value], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call(Value(5.0, label="v"))


OPERATORS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: a**b,
    lambda a, b: a < b,
]


class Impostor:
    """A learner's own class of the same name."""

    def __init__(self, data: float) -> None:
        self.data = data


Impostor.__name__ = Impostor.__qualname__ = "Value"


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(
    ("stranger", "message"),
    [(torch.tensor(2.0), r"got a torch\.Tensor; .*\.item\(\)"), (Impostor(2.0), r"got one of .*test_numbers\.Value")],
    ids=["torch", "another Value"],
)
def test_a_stranger_is_named(operator: Callable[[Any, Any], Any], stranger: Any, message: str) -> None:
    for a, b in [(Value(3.0), stranger), (stranger, Value(3.0))]:
        with pytest.raises(TypeError, match=message):
            operator(a, b)


@pytest.mark.parametrize("number", [sympy.Integer(3), sympy.Rational(3, 2), sympy.Float(1.5)], ids=repr)
@pytest.mark.parametrize("operator", OPERATORS[:5])
def test_numbers_of_sympy_keep_the_graph_on_either_side(operator: Callable[[Any, Any], Any], number: Any) -> None:
    v = Value(2.0)
    for result, expected in [
        (operator(number, v), operator(float(number), 2.0)),
        (operator(v, number), operator(2.0, float(number))),
    ]:
        assert type(result) is Value
        assert result.data == pytest.approx(expected)
        assert grad(result, v).data != 0.0
    with pytest.raises(TypeError):
        operator(sympy.Symbol("x"), v)


def test_columns_of_pandas_work_elementwise() -> None:
    products = pd.Series([1.0, 2.0]) * Value(3.0)
    assert [product.data for product in products] == [3.0, 6.0]


def test_labels_name_values() -> None:
    a = Value(2.0, label="a")
    b = a * 3
    b.label = "b"
    assert (a.label, b.label, Value(1.0).label) == ("a", "b", "")
    assert repr(b) == "Value(data=6.0, grad=0.0, label='b')"
    a.label = ""
    assert repr(a) == "Value(data=2.0, grad=0.0)"
    x = Value(0.0, label="x")
    root = x.sqrt()
    root.label = "root"
    root.backward()
    assert (
        str(find_anomaly(root * 1))
        == "the gradient of operand 0 of root = sqrt(x = 0.0) is inf, from a gradient of 1.0"
    )
    assert str(find_anomaly(Value(math.nan, label="input") + 1)) == "the leaf 'input' is nan"


def test_inputs_may_come_from_anything_that_iterates() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert [g.data for g in grad(y, (v for v in (a, b)))] == [3.0, 2.0]
    assert [g.data for g in grad(y, map(abs, [a]))] == [0.0]
    assert [g.data for g in grad(y, {a: 1, b: 2})] == [3.0, 2.0]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("column", [pl.Series([1.0, 2.0]), pl.DataFrame({"a": [1.0]})], ids=["series", "frame"])
def test_polars_would_take_a_value_for_a_float(operator: Callable[[Any, Any], Any], column: Any) -> None:
    with pytest.raises(TypeError, match=r"got a polars\..*\.to_numpy\(\)"):
        operator(Value(3.0), column)


@pytest.mark.parametrize(
    ("forward", "x", "result"),
    [
        (lambda a: a ** (1 / 3), -8.0, "got \\(1"),
        (lambda a: None, 1.0, "got None"),
        (lambda a: 1 if a > 0 else 0, 2.0, 1.0),
        (lambda a: np.float32(a / 3), 1.0, float(np.float32(1 / 3))),
    ],
    ids=["complex", "None", "int", "float32"],
)
def test_what_a_row_computes_is_a_float(forward: Callable[[float], Any], x: float, result: str | float) -> None:
    op = define("mine", forward, lambda g, out, a: (g,))
    if isinstance(result, str):
        with pytest.raises(TypeError, match=f"operation 'mine', whose forward must return a float, takes .* {result}"):
            op(Value(x))
    else:
        assert (type(op(Value(x)).data), op(Value(x)).data) == (float, result)


def test_where_no_gradient_goes_none_is_left_from_before() -> None:
    x = Value(2.0)
    h = x * 2
    (h * 3).backward()
    OPS["sign"](h).backward()
    assert (h.grad, x.grad) == (0.0, 6.0)


@pytest.mark.parametrize(
    "parts", [lambda g: g, lambda g: (), lambda g: (g, g)], ids=["no tuple", "too few", "too many"]
)
@pytest.mark.parametrize("reader", [lambda y: grad(y, y._prev), lambda y: pullback(y, 1.0), lambda y: y._backward()])
def test_every_reader_says_which_derivative_is_wrong(parts: Callable[[Any], Any], reader: Callable[..., Any]) -> None:
    y = Op("odd", lambda a: a, lambda g, out, a: parts(g))(Value(2.0))
    with pytest.raises(ValueError, match="derivative of operation 'odd' must return 1 gradients"):
        reader(y)


def test_no_gradient_is_no_anomaly() -> None:
    y = Value(2.0) * 3
    y.grad = None  # type: ignore[assignment]
    assert find_anomaly(y) is None
