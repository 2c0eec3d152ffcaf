"""`find_anomaly` names the first operation that went wrong."""

import math
from collections.abc import Callable

import pytest

from micrograd.engine import Value, find_anomaly


def overflow_of_a_sum(x: Value) -> Value:
    return x * 1e308 * 1.0 + x * 1e308 * 1.0


CASES: dict[str, tuple[Callable[[Value], Value], float, str | None]] = {
    "nothing": (lambda x: (x * 2).tanh(), 1.0, None),
    "a leaf": (lambda x: x * 2 + 1, math.nan, "a leaf is nan"),
    "data": (lambda x: (x - 1).log() * 0, 1.0, "log(0.0) is -inf"),
    "the first of several": (lambda x: (x * -1).sqrt() + (x - 1) ** -1, 1.0, "sqrt(-1.0) is nan"),
    "two operands": (lambda x: (x * 1e200) * (x * 1e200), 1.0, "*(1e+200, 1e+200) is inf"),
    "gradient": (lambda x: x.sqrt() * 3, 0.0, "the gradient of operand 0 of sqrt(0.0) is inf, from a gradient of 3.0"),
    "second operand": (
        lambda x: (x - 1.0) * x.sqrt(),
        0.0,
        "the gradient of operand 0 of sqrt(0.0) is -inf, from a gradient of -1.0",
    ),
    "a sum of gradients": (
        lambda x: overflow_of_a_sum(x) * 1.0,
        1e-300,
        "the gradient of a leaf is inf, the sum of its parts",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_anomaly_is_named(name: str) -> None:
    program, x, message = CASES[name]
    root = program(Value(x))
    root.backward()
    found = find_anomaly(root)
    assert (None if found is None else str(found)) == message


def test_an_anomaly_hands_out_its_nodes() -> None:
    x = Value(0.0)
    y = x**0.5
    z = y * 2
    z.backward()
    found = find_anomaly(z)
    assert found is not None
    assert (found.kind, found.value, found.node, found.operation, found.operands) == ("gradient", x, y, "**0.5", (x,))


def test_both_operands_may_be_the_same() -> None:
    x = Value(1e300)
    y = x * 1e-300
    z = y * y
    z.backward()
    y.grad = math.inf
    found = find_anomaly(z)
    assert str(found) == "the gradient of *(1e+300, 1e-300) is inf, the sum of its parts"
