"""`grad`: gradients as Values, of any order."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, grad, topological_order

EXPRESSIONS: dict[str, Callable[..., Any]] = {
    "powers": lambda a, b, c: a**3 * b**-2 + c**2.5,
    "quotients": lambda a, b, c: a / (b * b + 1.0) - 3.0 / c + b / a,
    "exponentials": lambda a, b, c: (a * b).exp() * c.log() + a.sigmoid(),
    "waves": lambda a, b, c: (a * b).sin() * (b - c).cos() + (a * c).tanh(),
    "corners": lambda a, b, c: (a * b - c).relu() * a + abs(b - c * c) * c,
    "towers": lambda a, b, c: (a * a) ** (b * c) + c ** (a + b),
    "roots": lambda a, b, c: (a * a + b * b + c).sqrt() * c.sqrt(),
    "shared": lambda a, b, c: (d := a * b + c) * d * d.sigmoid() + d.tanh() ** 2,
}
positive = st.floats(0.25, 2.0)


@settings(max_examples=12, deadline=None)
@given(point=st.tuples(positive, positive, positive))
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_third_derivatives_are_torchs(name: str, point: tuple[float, ...]) -> None:
    f = EXPRESSIONS[name]
    leaves = [Value(x) for x in point]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]
    level = [(f(*leaves), f(*tensors))]
    for _ in range(3):
        next_level = []
        for mine, theirs in level:
            gs = torch.autograd.grad(theirs, tensors, create_graph=True, allow_unused=True, materialize_grads=True)
            for g, expected in zip(grad(mine, leaves), gs, strict=True):
                assert g.data == pytest.approx(expected.item(), rel=1e-9, abs=1e-8)
                if expected.requires_grad:
                    next_level.append((g, expected))
        level = next_level


def test_grad_leaves_every_grad_alone() -> None:
    a, b = Value(2.0), Value(3.0)
    y = (a * b).tanh() + a**b
    y.backward()
    nodes = topological_order(y)
    before = [node.grad for node in nodes]
    grad(y, [a, b])
    assert [node.grad for node in nodes] == before


def test_grad_gives_the_bits_of_backward() -> None:
    a, b = Value(0.7), Value(1.9)
    y = ((a * b).exp() / b + a.sin() ** 2) * b.log().tanh() + (b**a).sqrt()
    y.backward()
    assert [g.data for g in grad(y, [a, b])] == [a.grad, b.grad]


def test_inputs_may_be_results_and_repeat() -> None:
    a = Value(3.0)
    b = a * a
    y = b * b
    assert [g.data for g in grad(y, [b, a, y, b])] == [18.0, 108.0, 1.0, 18.0]


def test_an_input_that_does_not_matter_has_gradient_zero() -> None:
    a, b = Value(3.0), Value(4.0)
    assert [g.data for g in grad(a * 2, (a, b))] == [2.0, 0.0]
    step = grad(a.relu(), a)
    assert grad(step, a).data == 0.0


def test_only_what_leads_to_an_input_is_differentiated() -> None:
    a, b = Value(3.0), Value(-4.0)
    unknown = Value(1.0, (b,), "unknown")
    assert grad(a * unknown, a).data == 1.0


def test_a_gradient_can_be_minimised() -> None:
    """Where the slope of x⁴ - 3x is least: descend along the gradient of its square."""
    x = Value(0.5)
    for _ in range(400):
        slope = grad(x**4 - 3 * x, x)
        x.data -= 0.01 * grad(slope**2, x).data
    assert x.data == pytest.approx((3 / 4) ** (1 / 3), abs=1e-6)


def test_deep_graphs_have_second_gradients() -> None:
    x = y = Value(1.0)
    for _ in range(50_000):
        y = y * 1.0
    assert grad(grad(y * y, x), x).data == 2.0


@pytest.mark.parametrize(("output", "inputs"), [(Value(1.0), [2.0]), (3.0, Value(1.0)), (Value(1.0), ["x"])], ids=str)
def test_only_values_have_gradients(output: Any, inputs: Any) -> None:
    with pytest.raises(TypeError, match="grad takes Values, got"):
        grad(output, inputs)


def test_nan_is_passed_on() -> None:
    x = Value(-1.0)
    assert math.isnan(grad(x.sqrt(), x).data)
