"""What `backward` adds to the leaves: what differences of the compiled function say, whatever the size of the batch."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Value, grad, hessian, jacobian
from micrograd.engine.jit import jit
from micrograd.nn import MLP, Neuron

BINARY = {"+", "*", "/", "**", "max", "min", "clamp_min", "clamp_max", "atan2", "gate", "share", "<", "<=", "where"}
TABLE = [name for name in OPS if name not in {"cube", "detach"}]  # the docstring of `define` adds the one; no slope
RNG = np.random.default_rng(3)


def differences(f, leaves, *arguments, step=1e-6):
    """Central differences of the mean of `f`."""
    found = []
    for leaf in leaves:
        data = leaf.data
        leaf.data = data + step
        above = f(*arguments).mean()
        leaf.data = data - step
        found.append((above - f(*arguments).mean()) / (2 * step))
        leaf.data = data
    return found


@pytest.mark.parametrize("name", TABLE)
def test_differences_of_every_operation(name, shape):
    a, b = Value(0.8), Value(1.7)
    operands = (a, b) if name in BINARY else (a,)
    f = jit(lambda x, y: OPS[name](*[leaf * z for leaf, z in zip(operands, (x, y), strict=False)]), **shape)
    x, y = 1 + RNG.uniform(-0.2, 0.2, size=(2, 9))  # a * x is below b * y, and neither is near a corner
    f.backward(x, y)
    assert [leaf.grad for leaf in operands] == pytest.approx(differences(f, operands, x, y), rel=1e-6, abs=1e-9)


def test_differences_of_a_model_with_a_loss(shape):
    random.seed(1)
    model = MLP(3, [5, 4, 2])

    def cross_entropy(x, y):
        a, b = model(x)
        decay = 1e-2 * sum(p * p for p in model.parameters())
        return (a.exp() + b.exp()).log() - y * a - (1 - y) * b + decay

    f = jit(cross_entropy, **shape)
    X, y = RNG.normal(size=(9, 3)), RNG.integers(0, 2, size=9)
    f.backward(X, y)
    expected = differences(f, model.parameters(), X, y)
    assert [p.grad for p in model.parameters()] == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("batch", [1, 9, 100])
def test_backward_adds_the_gradient_of_the_mean(batch, shape):
    random.seed(batch)
    model = MLP(2, [5, 1])
    rng = np.random.default_rng(batch)
    X, y = rng.normal(size=(batch, 2)), rng.choice([-1.0, 1.0], size=batch)
    losses = [(1 - target * model(x)).relu() for x, target in zip(X.tolist(), y.tolist(), strict=True)]
    (sum(losses) / batch).backward()
    expected = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = 1.0
    hinge = jit(lambda x, y: (1 - y * model(x)).relu(), **shape)
    np.testing.assert_allclose(hinge.backward(X, y), [loss.data for loss in losses], rtol=1e-14)
    np.testing.assert_allclose([p.grad - 1 for p in model.parameters()], expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(hinge(X, y), [loss.data for loss in losses], rtol=1e-14)


@pytest.fixture(scope="module", params=["scalars", "layers"])
def function(request, shape):
    """A compiled function, its leaves, and how many numbers a sample has."""
    random.seed(2)
    inputs = 2 if request.param == "scalars" else 24
    model = Neuron(2) if request.param == "scalars" else MLP(24, [24, 24, 1])
    f = jit(lambda x: (model(x) - x[0] * x[1]).sin() + model.parameters()[0].exp(), **shape)
    f.backward(np.ones((1, inputs)))
    assert bool(f.stats.layers) == (request.param == "layers")
    return f, model.parameters(), inputs


def gradients(leaves):
    """The gradients of the leaves, which are 0 afterwards."""
    found = np.array([leaf.grad for leaf in leaves])
    for leaf in leaves:
        leaf.grad = 0.0
    return found


@settings(max_examples=15)
@given(vectors=st.integers(0, 17), more=st.sampled_from([-1, 0, 1]), seed=st.integers(0, 99))
def test_a_sample_does_not_depend_on_its_neighbours(function, vectors, more, seed):
    f, leaves, inputs = function
    batch = max(1, vectors * f.stats.width + more)
    X = np.random.default_rng(seed).normal(size=(batch, inputs))
    whole = -(-batch // f.stats.width) * f.stats.width
    f.backward(np.full((whole, inputs), math.nan))  # what remains of it must not leak into the next call
    gradients(leaves)
    together = f.backward(X)
    mean = gradients(leaves)
    alone = np.array([f.backward(x[None])[0] for x in X])
    assert np.array_equal(together, alone)
    assert np.array_equal(f(X), alone)
    assert np.isfinite(mean).all()
    np.testing.assert_allclose(mean, gradients(leaves) / batch, rtol=1e-11, atol=1e-13)


def test_functions_share_parameters():
    neuron = Neuron(2)
    data = jit(lambda x: neuron(x))
    penalty = jit(lambda: sum(p * p for p in neuron.parameters()))
    data.backward(np.ones((5, 2)))
    first = [p.grad for p in neuron.parameters()]
    assert penalty.backward().shape == (1,)
    assert [p.grad - g for p, g in zip(neuron.parameters(), first, strict=True)] == pytest.approx(
        [2 * p.data for p in neuron.parameters()]
    )


def test_gradients_of_gradients():
    cubed = jit(lambda x: grad(grad(x**3, x), x))
    assert cubed([1.0, 2.0]).tolist() == [6.0, 12.0]
    w = Value(3.0)
    penalty = jit(lambda x: grad((w * x) ** 3, x) ** 2)  # (3 w³ x²)², whose derivative is 54 w⁵ x⁴
    penalty.backward([1.0])
    assert w.grad == pytest.approx(54 * 3**5)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda w, x: w, 1.0),
        (lambda w, x: x, 0.0),
        (lambda w, x: 3, 0.0),
        (lambda w, x: w + 0 * x, 1.0),
        (lambda w, x: w * w * w, 12.0),
        (lambda w, x: w * x, 2.0),
        (lambda w, x: w * x + w, 3.0),
        (lambda w, x: w * w + w * x + w * w * w, 18.0),
    ],
    ids=["leaf", "input", "number", "sum", "leaves alone", "product", "both", "both and more"],
)
def test_gradients_of_what_hardly_depends_on_the_samples(f, expected, shape):
    w = Value(2.0)
    f_jit = jit(lambda x: f(w, x), **shape)
    assert f_jit.backward([1.0, 2.0, 3.0]).tolist() == [float(f(2.0, x)) for x in (1.0, 2.0, 3.0)]
    assert w.grad == expected


def test_backward_wants_one_value():
    with pytest.raises(TypeError, match="this one returns 2"):
        jit(lambda x: [x, x]).backward([1.0])


LAYOUTS = {
    "rows": lambda places, rng: places,
    "columns": lambda places, rng: np.arange(places.size).reshape(places.T.shape).T,
    "reversed": lambda places, rng: places[::-1, ::-1],
    "shuffled": lambda places, rng: rng.permutation(places.ravel()).reshape(places.shape),
    "tied": lambda places, rng: rng.integers(0, places.size, size=places.shape),
    "tied rows": lambda places, rng: places[rng.integers(0, len(places), size=len(places))],
    "two tied": lambda places, rng: np.where(places == places.max(), 0, places),
}


@settings(max_examples=4)
@given(
    rows=st.integers(1, 30),
    columns=st.integers(8, 30),
    batch=st.integers(1, 70),
    bias=st.booleans(),
    shape=st.sampled_from([{}, {"width": 1}, {"width": 2}, {"width": 4}, {"cut": 100}]),
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layers_of_any_size_whatever_the_order_of_their_weights(layout, rows, columns, batch, bias, shape):
    rng = np.random.default_rng(rows * columns)
    places = LAYOUTS[layout](np.arange(rows * columns).reshape(rows, columns), rng)
    w, b, s = (rng.normal(size=size) for size in (rows * columns, rows, columns))
    weights, biases, scales = ([Value(x) for x in numbers] for numbers in (w, b, s))

    def f(x):
        x = [scale * number for scale, number in zip(scales, x, strict=True)]
        starts = biases if bias else [0.0] * rows
        return sum(
            sum((weights[place] * number for place, number in zip(row, x, strict=True)), start).tanh()
            for start, row in zip(starts, places, strict=True)
        )

    X = rng.normal(size=(batch, columns))
    W = w[places]
    Y = np.tanh((s * X) @ W.T + bias * b)
    G = (1 - Y * Y) / batch
    np.testing.assert_allclose(jit(f, **shape).backward(X), Y.sum(axis=1), rtol=1e-11, atol=1e-13)
    expected = np.zeros(rows * columns)
    np.add.at(expected, places, G.T @ (s * X))
    np.testing.assert_allclose([weight.grad for weight in weights], expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose([scale.grad for scale in scales], ((G @ W) * X).sum(axis=0), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose([start.grad for start in biases], bias * G.sum(axis=0), rtol=1e-10, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(points=st.lists(st.tuples(*[st.floats(-2, 2)] * 3), min_size=1, max_size=9))
def test_a_jacobian_and_a_hessian_inside_are_those_of_eager(points):
    expected = [[number.data for number in derivatives([Value(number) for number in point])] for point in points]
    np.testing.assert_array_equal(COMPILED_DERIVATIVES(points), expected)


def derivatives(x):
    """All second derivatives of a function of three numbers, and all first of three others."""
    a, b, c = x
    rows = jacobian([a * b, b / (c * c + 1), abs(a) * c], x)
    square = hessian(a * b * b + (b - c).relu() * c * c + a * a * a, x)
    return [number for row in [*rows, *square] for number in row]


COMPILED_DERIVATIVES = jit(derivatives)
