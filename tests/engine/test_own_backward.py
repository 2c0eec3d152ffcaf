"""A node that says itself how it differentiates, as programs for the classic micrograd have it."""

import copy
import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from micrograd.engine import Value, find_anomaly, grad, pullback, topological_order
from micrograd.engine.jit import jit


def named(name: str, x: Value, data: float, slope: Callable[[], float], cls: type[Value] = Value) -> Value:
    """How the classic engine is extended: a node, and a closure that adds to the gradient of its operand."""
    out = cls(data, (x,), name)

    def _backward() -> None:
        x.grad += slope() * out.grad

    out._backward = _backward
    return out


def cube(x: Value, name: str = "cube") -> Value:
    return named(name, x, x.data**3, lambda: 3 * x.data**2)


@pytest.mark.parametrize("name", ["cube", "ReLU", "*", "**2", "exp", "+", "", "draw", "const"])
def test_it_goes_before_the_table_by_whatever_name(name: str) -> None:
    x = Value(2.0)
    y = cube(x * 1, name) * 5
    y.backward()
    y.backward()
    assert (x.grad, y._prev[0].grad) == (120.0, 5.0)


class Extended(Value):
    def cube(self) -> Value:
        return named("cube", self, self.data**3, lambda: 3 * self.data**2, Extended)


def test_in_a_subclass() -> None:
    x = Extended(2.0)
    (x.cube() * x).backward()
    assert x.grad == 4 * 2.0**3


def test_with_two_operands_and_one_of_them_twice() -> None:
    a, b = Value(3.0), Value(4.0)

    def hypot(a: Value, b: Value) -> Value:
        out = Value(math.hypot(a.data, b.data), (a, b), "hypot")

        def _backward() -> None:
            a.grad += a.data / out.data * out.grad
            b.grad += b.data / out.data * out.grad

        out._backward = _backward
        return out

    (hypot(a, b) * 10).backward()
    assert (a.grad, b.grad) == (6.0, 8.0)
    twice = hypot(a, a)
    assert pullback(twice, 1.0) == pytest.approx((math.sqrt(2), 0.0))
    twice.backward()
    assert a.grad == pytest.approx(6.0 + math.sqrt(2))


@pytest.mark.parametrize(
    "build", [lambda a, b: a * b, lambda a, b: a + a, lambda a, b: a**2, lambda a, b: a.tanh(), lambda a, b: cube(a)]
)
def test_a_loop_of_ones_own_over_the_nodes(build: Callable[[Value, Value], Value]) -> None:
    a, b = Value(0.5), Value(2.0)
    out = build(a, b) * a
    out.backward()
    expected = a.grad, b.grad
    a.grad = b.grad = 0.0
    for node in topological_order(out):
        node.grad = 0.0
    out.grad = 1.0
    for node in reversed(topological_order(out)):
        node._backward()
    assert (a.grad, b.grad) == pytest.approx(expected)


def test_a_leaf_has_one_too_and_a_hook_on_it_is_called_once_its_gradient_is_there() -> None:
    x, seen = Value(3.0), []
    x._backward()
    assert x.grad == 0.0
    x._backward = lambda: seen.append(x.grad)
    (x * x).backward()
    assert seen == [6.0]


def test_a_hook_may_raise_anything() -> None:
    x = Value(3.0)
    x._backward = lambda: next(iter([]))
    with pytest.raises(StopIteration):
        (x * x).backward()
    assert x.grad == 0.0


def test_what_needs_arithmetic_refuses_it_by_name() -> None:
    x = Value(2.0)
    y = cube(x) * 2
    for call in (lambda: grad(y, x), lambda: jit(lambda a: y * a).backward([1.0])):
        with pytest.raises(NotImplementedError, match=r"'cube' has a _backward of its own.*define\('cube'"):
            call()
    assert grad(y, y._prev[0]).data == 2.0  # not through it


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_copy_would_write_to_the_original_and_is_refused(copier: Callable[[Value], object]) -> None:
    with pytest.raises(TypeError, match=r"cannot copy .*its own _backward would go on writing to the original"):
        copier(cube(Value(2.0)))


def test_looking_for_an_anomaly_adds_nothing() -> None:
    x = Value(2.0)
    y = named("steep", x, 1.0, lambda: math.inf)
    y.backward()
    assert str(find_anomaly(y)) == "the gradient of operand 0 of steep(2.0) is inf, from a gradient of 1.0"
    assert (x.grad, y.grad) == (math.inf, 1.0)


def test_numbers_of_numpy_become_floats() -> None:
    x = Value(2.0)
    named("cube", x, 8.0, lambda: np.float64(12.0)).backward()
    assert (type(x.grad), x.grad) == (float, 12.0)


def test_it_must_be_a_function() -> None:
    with pytest.raises(TypeError, match=r"_backward of Value.* must be a function without arguments, got 3"):
        Value(1.0)._backward = 3


def test_where_it_adds_nothing_there_is_nothing() -> None:
    x = Value(2.0)
    y = Value(8.0, (x,), "stop")
    y._backward = lambda: None
    y.backward()
    assert str(x.grad) == "0.0"
