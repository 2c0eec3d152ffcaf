"""`grad`, `jacobian` and `hessian`: gradients as Values, of any order."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, grad, hessian, jacobian, topological_order

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


WRONG: list[tuple[Any, Any]] = [
    (Value(1.0), [2.0]),
    (3.0, Value(1.0)),
    (Value(1.0), ["x"]),
    (Value(1.0), "x"),
    (Value(1.0), 2.0),
    (Value(1.0), [[Value(2.0)], [None]]),
]


@pytest.mark.parametrize(("output", "inputs"), WRONG, ids=str)
@pytest.mark.parametrize("derivative", [grad, jacobian, hessian])
def test_only_values_have_gradients(derivative: Any, output: Any, inputs: Any) -> None:
    with pytest.raises(TypeError, match=f"{derivative.__name__} takes Values, got"):
        derivative(output, inputs)


@pytest.mark.parametrize("derivative", [grad, jacobian, hessian])
def test_dicts_are_refused(derivative: Any) -> None:
    w = Value(2.0)
    with pytest.raises(TypeError, match=rf"^{derivative.__name__} takes Values in lists, got a dict; .*d.values\(\)"):
        derivative(w * w, {"w": w})
    with pytest.raises(TypeError, match=rf"^{derivative.__name__} takes Values, got .* \(dict\)"):
        derivative(w * w, [{"w": w}])
    with pytest.raises(TypeError, match=r"^jacobian takes Values in lists, got a dict; .*d.values\(\)"):
        jacobian({"w": w}, [w])


@pytest.mark.parametrize("outputs", ["x", [[1.0]], [Value(1.0), None]], ids=str)
def test_only_values_have_a_jacobian(outputs: Any) -> None:
    with pytest.raises(TypeError, match="jacobian takes Values, got"):
        jacobian(outputs, [Value(1.0)])


def test_inputs_may_be_nested() -> None:
    a, b, c = (Value(x) for x in (2.0, 3.0, 5.0))
    y = a * b * c
    assert numbers(grad(y, [[a, b], c, [], [(a,)]])) == [[15.0, 10.0], 6.0, [], [[15.0]]]
    assert numbers(grad(y, iter([[a], (b, c)]))) == [[15.0], [10.0, 6.0]]


def numbers(nested: Any) -> Any:
    """The data of nested Values."""
    return nested.data if isinstance(nested, Value) else [numbers(part) for part in nested]


@pytest.mark.parametrize(
    ("outputs", "inputs", "expected"),
    [
        (lambda a, b: a * b, lambda a, b: a, 3.0),
        (lambda a, b: a * b, lambda a, b: [a, b], [3.0, 2.0]),
        (lambda a, b: [a * b, a], lambda a, b: b, [2.0, 0.0]),
        (lambda a, b: (a * b, b**2), lambda a, b: (a, b), [[3.0, 2.0], [0.0, 6.0]]),
        (lambda a, b: map(abs, (a, b)), lambda a, b: iter([a, b]), [[1.0, 0.0], [0.0, 1.0]]),
        (lambda a, b: [[a * b], [a, b]], lambda a, b: [a, [b]], [[[3.0, [2.0]]], [[1.0, [0.0]], [0.0, [1.0]]]]),
        (lambda a, b: [], lambda a, b: [a], []),
        (lambda a, b: [a], lambda a, b: [], [[]]),
    ],
    ids=["one of one", "of several", "several of one", "tuples", "iterators", "nested", "nothing", "of nothing"],
)
def test_a_jacobian_is_nested_as_outputs_and_then_as_inputs(outputs: Any, inputs: Any, expected: Any) -> None:
    a, b = Value(2.0), Value(3.0)
    assert numbers(jacobian(outputs(a, b), inputs(a, b))) == expected


def test_a_hessian_is_nested_as_inputs_and_then_as_inputs() -> None:
    a, b = Value(2.0), Value(3.0)
    y = a**2 * b**3
    assert hessian(y, a).data == 54.0
    assert numbers(hessian(y, iter([a, b]))) == [[54.0, 108.0], [108.0, 72.0]]
    assert numbers(hessian(y, [[a], b])) == [[[[54.0], 108.0]], [[108.0], 72.0]]
    assert numbers(hessian(y, [])) == []


@settings(max_examples=20, deadline=None)
@given(point=st.tuples(positive, positive, positive), shape=st.sampled_from([(3,), (1, 3), (3, 1)]))
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_jacobians_and_hessians_are_torchs(name: str, point: tuple[float, ...], shape: tuple[int, ...]) -> None:
    f = EXPRESSIONS[name]
    tensor = torch.tensor(point, dtype=torch.float64).reshape(shape)
    inputs: Any = [Value(x) for x in point]
    values = [inputs] if shape == (1, 3) else [[value] for value in inputs] if shape == (3, 1) else inputs

    def several(a: Any, b: Any, c: Any) -> list[Any]:
        return [f(a, b, c), f(c, a, b), a * b]

    found = numbers(jacobian(several(*inputs), values)), numbers(hessian(f(*inputs), values))
    rows = torch.autograd.functional.jacobian(lambda x: torch.stack(several(*x.flatten())), tensor)
    square = torch.autograd.functional.hessian(lambda x: f(*x.flatten()), tensor)
    for mine, theirs in zip(found, (rows, square), strict=True):
        assert torch.allclose(torch.tensor(mine, dtype=torch.float64), theirs, rtol=1e-9, atol=1e-8)


def test_the_rows_of_a_jacobian_are_gradients_to_the_bit() -> None:
    a, b = Value(0.7), Value(1.9)
    outputs = [(a * b).exp() / b + a.sin() ** 2, b.log().tanh() * a, b]
    assert numbers(jacobian(outputs, [a, b])) == [numbers(grad(output, [a, b])) for output in outputs]


def test_a_hessian_has_derivatives_and_touches_no_grad() -> None:
    a, b = Value(2.0), Value(3.0)
    (_, mixed), _ = hessian(a**3 * b**2, [a, b])
    assert mixed.data == 72.0  # 6 a² b
    assert grad(mixed, a).data == 72.0  # 12 a b
    assert (a.grad, b.grad) == (0.0, 0.0)


def test_nan_is_passed_on() -> None:
    x = Value(-1.0)
    assert math.isnan(grad(x.sqrt(), x).data)
