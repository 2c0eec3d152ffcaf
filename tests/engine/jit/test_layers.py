"""Dense layers that the compiler finds again in scalar instructions: the right ones, and with the same numbers."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, grad
from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, Layer, fit, mse_loss

RNG = np.random.default_rng(11)


def weights(count):
    return [Value(number) for number in RNG.normal(size=count).tolist()]


def dot(ws, xs, start=None):
    terms = [w * x for w, x in zip(ws, xs, strict=True)]
    return sum(terms[1:], terms[0]) if start is None else sum(terms, start)


def two_layers(x):
    return sum(v * v for v in BACK(FRONT(x)))


def heads(x):
    """Two layers that read the same inputs."""
    return sum(v.tanh() for v in LEFT(x)) * sum(v.relu() for v in RIGHT(x))


def tied(x):
    """One layer, used twice."""
    return sum(v * v for v in SQUARE([v.tanh() for v in SQUARE(x)]))


def transposed(x):
    """Weights that lie column by column, and no bias."""
    return sum(dot(TABLE[j::12], x).relu() * (j + 1.0) for j in range(12))


def backwards(x):
    """Weights read from the last to the first."""
    return sum(dot(TABLE[12 * j : 12 * j + 12][::-1], x, BIAS[j]).tanh() for j in range(12))


def uneven(x):
    """Rows of a layer with weights of something else between some of them."""
    total = Value(0.0)
    for j in range(12):
        total = total + dot(TABLE[12 * j : 12 * j + 12], x, BIAS[j]).tanh()
        if j in (5, 7):
            total = total + dot(BIAS[:3], x[:3]).tanh() * dot(OTHERS[j : j + 2], x[3:5])
    return total


def regularised(x):
    return two_layers(x) + 0.01 * sum(p * p for p in [*FRONT.parameters(), *BACK.parameters()])


def penalised(x):
    """The gradient of the output is part of it."""
    return sum(g * g for g in grad(two_layers(x), x))


FRONT, BACK = Layer(12, 13, nonlin=False), Layer(13, 9, nonlin=False)
LEFT, RIGHT, SQUARE = Layer(12, 10), Layer(12, 11), Layer(12, 12, nonlin=False)
TABLE, BIAS, OTHERS = weights(144), weights(12), weights(9)
for layer in (FRONT, BACK, LEFT, RIGHT, SQUARE):
    for neuron in layer.neurons:
        neuron.b.data = RNG.normal()


def residual(x):
    """Sums that start with something else than a weight."""
    return sum(dot(TABLE[12 * j : 12 * j + 12], x, x[j].tanh()) for j in range(12))


def chained(x):
    """Every dot product feeds into the start of the next: they cannot be computed together."""
    total = BIAS[0]
    for j in range(12):
        total = dot(TABLE[12 * j : 12 * j + 12], x, total * 0.5)
    return total


def scattered(x):
    """Weights in no order."""
    order = random.Random(3).sample(range(144), 144)
    return sum(dot([TABLE[i] for i in order[12 * j : 12 * j + 12]], x).tanh() for j in range(12))


def needed(x):
    """Products that are also needed by themselves."""
    rows = [[w * v for w, v in zip(TABLE[12 * j :], x, strict=False)] for j in range(12)]
    return sum(sum(row[1:], row[0]) * row[5] for row in rows)


def halfway(x):
    """Sums that are also needed before they are complete."""
    total = Value(0.0)
    for j in range(12):
        half = dot(TABLE[12 * j : 12 * j + 6], x[:6], BIAS[j])
        total = total + dot(TABLE[12 * j + 6 : 12 * j + 12], x[6:], half) * half
    return total


def started(x):
    """Sums that start with the 0 of Python's `sum`."""
    return sum(sum(w * v for w, v in zip(TABLE[12 * j : 12 * j + 12], x, strict=True)).tanh() for j in range(12))


def recurrent(x):
    """A state of eight numbers, which four steps change: each with weights for an input and for the state before."""
    state = [0.1 * v for v in x[4:]]
    for t in range(4):
        rows = [TABLE[9 * j : 9 * j + 9] for j in range(8)]
        state = [dot(row, [x[t], *state], bias).tanh() for row, bias in zip(rows, BIAS, strict=False)]
    return sum(state)


def small(x):
    return sum(dot(TABLE[3 * j : 3 * j + 3], x[:3]).relu() for j in range(3))


# A function, its leaves, and how many loops it should become: forward, with respect to inputs, to weights.
FOUND = {
    "linear": (two_layers, [*FRONT.parameters(), *BACK.parameters()], 5),
    "heads": (heads, [*LEFT.parameters(), *RIGHT.parameters()], 2),  # side by side, they are one layer
    "tied": (tied, SQUARE.parameters(), 4),  # the gradients of tied weights are one loop over both products
    "transposed": (transposed, TABLE, 2),
    "backwards": (backwards, [*TABLE, *BIAS], 2),
    "uneven": (uneven, [*TABLE, *BIAS, *OTHERS], None),
    "regularised": (regularised, [*FRONT.parameters(), *BACK.parameters()], 5),
    "recurrent": (
        recurrent,
        [*TABLE, *BIAS],
        8,
    ),  # forward four times, back to the states three times, the gradients once
    "chained": (chained, [*TABLE, *BIAS], 1),  # the gradients of the weights alone
    "needed": (needed, TABLE, 1),
    "halfway": (halfway, [*TABLE, *BIAS], 3),  # sums of six are complete where they are needed
    "penalised": (penalised, [*FRONT.parameters(), *BACK.parameters()], 9),
}
LEFT_ALONE = {f.__name__: f for f in (residual, small)}


def check(f, leaves, batch, compiled):
    X = RNG.normal(size=(batch, 12))
    for leaf in leaves:
        leaf.grad = 0.0
    outputs = [f([Value(number) for number in row]) for row in X.tolist()]
    (sum(outputs) * (1.0 / batch)).backward()
    expected = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = 0.0
    numbers = [output.data for output in outputs]
    np.testing.assert_allclose(compiled(X), numbers, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(compiled.backward(X), numbers, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose([leaf.grad for leaf in leaves], expected, rtol=1e-11, atol=1e-11)
    return compiled.stats


SHAPES = [{}, {"width": 1, "cut": 10}, {"width": 2}, {"width": 4, "cut": 10}]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.values())) or "default")
@pytest.mark.parametrize("name", FOUND)
def test_layers_are_found(name, shape):
    f, leaves, count = FOUND[name]
    stats = check(f, leaves, 77, jit(f, **shape))
    assert stats.layers == count or count is None


# Weights that lie anywhere, and layers that are used several times.

ORDER = random.Random(7).sample(range(144), 144)
SHUFFLED = [random.Random(j).sample(range(12), 12) for j in range(12)]


def rows_of(order):
    return [[TABLE[i] for i in order[12 * j : 12 * j + 12]] for j in range(12)]


def in_random_places(x):
    return [dot(row, x, bias) for row, bias in zip(rows_of(ORDER), BIAS, strict=True)]


def read_elsewhere(x):
    """A layer with some weights that other terms read, too: of a sample, and of none."""
    others = sum(TABLE[i] * x[i % 12].relu() + TABLE[i] * TABLE[i + 1] for i in (3, 17, 18, 143 - 12))
    return [value + others for value in in_random_places(x)]


def with_a_product_twice(x):
    """A product that comes twice in a sum, and a weight and an input that come again in another product."""
    again = [row[0] * x[0] + row[1] * x[2] + row[3] * x[2] for row in rows_of(ORDER)]
    return [value + more for value, more in zip(in_random_places(x), again, strict=True)]


def in_different_orders(x):
    return [
        dot([row[i] for i in order], [x[i] for i in order]) for row, order in zip(rows_of(ORDER), SHUFFLED, strict=True)
    ]


def on_itself_reversed(x):
    """The same weights, on the same inputs in another order."""
    rows = rows_of(range(144))
    return [dot(row, x) + dot(row, x[::-1]).relu() for row in rows]


def on_the_same_twice(x):
    """Every product twice, and so in the gradients."""
    return [value + again for value, again in zip(in_random_places(x), in_random_places(x), strict=True)]


def on_two_inputs(x):
    """Each weight meets two inputs in one sum: its gradient is twice the same number, times two others."""
    return [
        value + dot(row, [v * v for v in x]) for value, row in zip(in_random_places(x), rows_of(ORDER), strict=True)
    ]


def bilinear(x):
    """What is a row of the gradient is a column as well."""
    return [value * v for value, v in zip(in_random_places(x), x, strict=True)]


def with_a_gradient(x):
    """A product that is a term of a gradient, and is read elsewhere."""
    values = in_random_places(x)
    return [value + slope for value, slope in zip(values, grad(sum(v * v for v in values), TABLE[:12]), strict=True)]


ANYWHERE = {
    f.__name__: f
    for f in (
        *(in_random_places, read_elsewhere, with_a_product_twice, in_different_orders, on_itself_reversed),
        *(on_the_same_twice, on_two_inputs, bilinear, with_a_gradient),
    )
}
BATCHES = [1, 7, 8, 9, 63, 64, 65, 77]


def used(f, times):
    def loss(x):
        for _ in range(times):
            x = [v / (1.0 + abs(v)) for v in f(x)]
        return sum(x)

    return loss


USES = [(name, times) for name in ANYWHERE for times in (1, 2, 5)]
USES.remove(("with_a_gradient", 5))  # each differentiates all before it: much code


@pytest.mark.parametrize(("name", "times"), USES)
def test_layers_in_random_places_and_used_again(name, times):
    f, leaves = used(ANYWHERE[name], times), [*TABLE, *BIAS]
    X = RNG.normal(size=(max(BATCHES), 12))
    outputs = [f([Value(number) for number in row]) for row in X.tolist()]
    losses = np.array([output.data for output in outputs])
    gradients = np.array([[g.data for g in grad(output, leaves)] for output in outputs])
    compiled = jit(f)
    for batch in BATCHES:
        found, gradient = compiled.value_and_grad(X[:batch])
        where = [compiled.leaves.index(leaf) for leaf in leaves if leaf in compiled.leaves]
        expected = [
            mean for leaf, mean in zip(leaves, gradients[:batch].mean(axis=0), strict=True) if leaf in compiled.leaves
        ]
        np.testing.assert_allclose(found, losses[:batch], rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(gradient[where], expected, rtol=1e-11, atol=1e-11)
    assert bool(compiled.stats.layers) == (name != "in_different_orders")


COMPILED = jit(two_layers)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200))
def test_every_size_of_a_batch(batch):
    check(two_layers, FOUND["linear"][1], batch, COMPILED)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_layer_is_left_alone(name):
    assert check(LEFT_ALONE[name], [*TABLE, *BIAS], 21, jit(LEFT_ALONE[name])).layers == 0


def test_leaves_in_no_order_are_put_in_one():
    assert check(scattered, TABLE, 21, jit(scattered)).layers == 2


@pytest.mark.parametrize("sizes", [(16, 7), (12, 12), (33, 5), (64,)], ids=str)
def test_a_layer_whose_results_are_the_outputs(sizes):
    random.seed(1)
    model = MLP(12, list(sizes))
    X = RNG.normal(size=(19, 12))
    compiled = jit(model)
    expected = [[v.data for v in model([Value(number) for number in row])] for row in X.tolist()]
    np.testing.assert_allclose(compiled(X), expected, rtol=1e-12, atol=1e-13)
    assert compiled.stats.layers


def test_infinities_stay_in_their_sample():
    X = RNG.normal(size=(13, 12))
    clean = jit(FRONT)(X)
    X[4, 3], X[9, 0] = np.inf, np.nan
    found = jit(FRONT)(X)
    others = [i for i in range(13) if i not in (4, 9)]
    assert np.array_equal(found[others], clean[others])
    assert np.isinf(found[4]).all()
    assert np.isnan(found[9]).all()


def test_a_few_of_the_layers_are_trained():
    found = []
    for compiled in (False, True):
        random.seed(4)
        model = MLP(12, [14, 14, 1])
        trained = model.layers[1].parameters()[5:]
        X, y = np.random.default_rng(0).normal(size=(50, 12)), np.arange(50.0) / 50
        fit(model, mse_loss, SGD(trained, lr=0.01, momentum=0.9), X, y, 20, 16, seed=0, progress=False, jit=compiled)
        found.append([p.data for p in model.parameters()])
    np.testing.assert_allclose(found[1], found[0], rtol=1e-10)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_infinities_stay_in_their_sample_however_often_a_layer_is_used(times):
    f = jit(used(in_random_places, times))
    X = RNG.normal(size=(77, 12))
    clean, _ = f.value_and_grad(X)
    X[4, 3], X[63, 0], X[76, 11] = np.inf, np.nan, -np.inf  # the last is in a vector that is not full
    found, gradient = f.value_and_grad(X)
    assert np.flatnonzero(found != clean).tolist() == [4, 63, 76]
    assert np.isnan(found[[4, 63, 76]]).all()
    assert np.isnan(gradient).any()
    assert np.array_equal(f.value_and_grad(X[5:63])[0], clean[5:63])


def switched_off(x):
    """No neuron is on, so that every gradient is a zero, of the sign of an input."""
    return sum((dot(row, x) - 100.0).relu() for row in rows_of(range(144)))


def switched_off_twice(x):
    return switched_off(x) + switched_off(x[::-1])


def summed_bilinear(x):
    return sum(bilinear(x))


@pytest.mark.parametrize("row", [[-1.0, 1.0] * 6, [-1.0, 1.0, 0.0, 0.0, 1.0, -1.0] * 2], ids=["odd", "even"])
@pytest.mark.parametrize(
    ("f", "count"),
    [(switched_off, 2), (switched_off_twice, 3), (summed_bilinear, 2)],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_gradients_that_are_zero_keep_their_sign(f, count, row, shape):
    leaves = [*TABLE, *BIAS]
    expected = {
        leaf: g.data for leaf, g in zip(leaves, grad(f([Value(number) for number in row]), leaves), strict=True)
    }
    compiled = jit(f, **shape)
    for batch in (20, 8, 5, 1):
        _, found = compiled.value_and_grad([row] * batch)
        assert compiled.stats.layers == count
        assert list(map(repr, found.tolist())) == [repr(expected[leaf]) for leaf in compiled.leaves]
