"""Compiled functions beside eager ones: the same numbers, however the code is cut and however wide it is."""

import itertools
import math
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Value, define, grad
from micrograd.engine.jit import TracingError, jit
from micrograd.nn import MLP, Neuron

BINARY = {"+", "*", "**", "max", "min", "gate", "share"}
TABLE = [name for name in OPS if name != "cube"]
NUMBERS = [0.3, -0.7, 1.0, -1.0, 2.0, -3.5, 0.0, -0.0, math.inf, -math.inf, math.nan, 1e308, 5e-324]
SHAPES = [{}, {"width": 1}, {"width": 2}, {"width": 4}, {"width": 8, "cut": 10}, {"width": 4, "cut": 1}]
shapes = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.values())) or "default")


def agree(found, expected, atol=1e-300):
    """Equal to a few ulp; inf, nan and the sign of zero exactly."""
    found, expected = np.asarray(found), np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=2e-15, atol=atol)
    zero = expected == 0.0
    assert np.array_equal(np.signbit(found[zero]), np.signbit(expected[zero]))


def eager(f, *columns):
    """Values and gradients, sample by sample."""
    rows = []
    for sample in zip(*columns, strict=True):
        inputs = [Value(x) for x in sample]
        out = f(*inputs)
        rows.append([out.data, *(g.data for g in grad(out, inputs))])
    return np.array(rows)


def compiled(f, *columns, **shape):
    def with_gradients(*inputs):
        out = f(*inputs)
        return [out, *grad(out, inputs)]

    return jit(with_gradients, **shape)(*columns)


@shapes
@pytest.mark.parametrize("name", TABLE)
def test_every_operation_at_every_edge(name, shape):
    columns = list(zip(*itertools.product(NUMBERS, repeat=2 if name in BINARY else 1), strict=True))
    cancels = name in {"tanh", "sigmoid"}  # 1 - out², where the compiled code rounds once and the eager twice
    agree(compiled(OPS[name], *columns, **shape), eager(OPS[name], *columns), atol=2e-16 if cancels else 1e-300)


@pytest.mark.parametrize("exponent", [-3, -2, -1, -0.5, 0, 0.5, 1, 1 / 3, 2, 2.5, 3, 4, math.inf, math.nan])
def test_constant_powers(exponent):
    agree(compiled(lambda a: a**exponent, NUMBERS), eager(lambda a: a**exponent, NUMBERS))


STEPS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: (a * b).tanh(),
    lambda a, b: a / (b * b + 1.0),
    lambda a, b: a.maximum(b),
    lambda a, b: a.minimum(b),
    lambda a, b: (a * a + 0.5) ** b.tanh(),
    lambda a, b: abs(a - 0.1) * 0.5,
    lambda a, b: (a + b).relu(),
    lambda a, b: a.tanh().exp() + b * 1,
    lambda a, b: (a * a + 1.0).log(),
    lambda a, b: (b * b + 0.1).sqrt() - a,
    lambda a, b: a.sigmoid() * b.cos(),
    lambda a, b: -(a.sin() ** 3) - b.sin() ** 2,
]
steps = st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 99), st.integers(0, 99))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(steps, min_size=3, max_size=40),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=20),
    st.sampled_from(SHAPES),
)
def test_random_graphs(program, points, shape):
    def f(a, b):
        results = [a, b]
        for which, i, j in program:
            results.append(STEPS[which](results[i % len(results)], results[-1 - j % min(len(results), 4)]).tanh())
        return sum(results[-3:])

    columns = list(zip(*points, strict=True))
    np.testing.assert_allclose(
        compiled(f, *columns, **shape), eager(f, *columns), rtol=1e-9, atol=1e-12, err_msg=str(program)
    )


@shapes
@pytest.mark.parametrize("batch", [1, 2, 7, 8, 9, 16, 100])
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


def test_leaves_are_live():
    w = Value(2.0)
    scaled = jit(lambda x: w * x)
    assert scaled([1.0, 2.0]).tolist() == [2.0, 4.0]
    w.data = -1.0
    assert scaled([1.0, 2.0]).tolist() == [-1.0, -2.0]


def test_a_leaf_may_stand_on_the_left_of_every_operator():
    def f(x):
        w = Value(3.0)
        return (w + x) + (w - x) * (w * x) - (w / x) + w**x + w.maximum(x)

    x = [0.5, 1.5, 4.0]
    agree(jit(f)(x), [f(Value(number)).data for number in x])


def test_an_array_of_placeholders_works_elementwise():
    w = np.array([Value(2.0), Value(3.0)], dtype=object)
    assert jit(lambda x: (w * x[0] + x[0] * w).sum() + (np.array(x) @ w))([[1.0, 2.0]]).tolist() == [18.0]


def test_shapes_of_arguments_and_results():
    model = MLP(3, [4, 2])
    rows = np.arange(12.0).reshape(4, 3)
    np.testing.assert_allclose(jit(model)(rows), [[v.data for v in model(row)] for row in rows.tolist()], rtol=1e-13)
    pair = jit(lambda x, y: (x + y, x * y, 7.0))
    assert pair([1, 2], 3).tolist() == [[4, 3, 7], [5, 6, 7]]
    assert pair(1, 2).tolist() == [[3, 2, 7]]
    assert jit(lambda: Value(2.0) * 3)().tolist() == [6.0]
    assert jit(lambda x: x)([[1], [2]]).tolist() == [[1.0], [2.0]]


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


def test_what_was_compiled_can_be_read():
    f = jit(lambda x, y: x * y * 1 + x * y + 0 * Value(3.0))
    with pytest.raises(RuntimeError, match="nothing has been compiled yet"):
        _ = f.program
    f([1.0], [2.0])
    assert f.program.splitlines()[:3] == ["%0 = input 0", "%1 = input 1", "%2 = leaf 0"]
    assert "fmul contract" in f.ir
    assert f.stats.instructions < f.stats.traced
    assert f.stats.width >= 2
    assert f.stats.seconds > 0


def test_the_same_is_computed_once_and_the_needless_not_at_all():
    f = jit(lambda x: (x * x + 1.0 * x * x) * 1 + (x - x) * 0)
    f([2.0])
    assert [line.split()[2] for line in f.program.splitlines()[:-1]].count("*") == 2  # x * x, and the product with 0


LOOKS = {
    "comparison": lambda x: x if x > 0 else -x,
    "data": lambda x: x * x.data,
    "grad": lambda x: x * x.grad,
    "float": lambda x: x * float(x),
    "format": lambda x: x * len(f"{x:.2f}"),
    "repr": lambda x: x * len(repr(x)),
    "truth": lambda x: x if x else -x,
    "builtin max": lambda x: max(x, x * 2),
    "backward": lambda x: (x * x).backward(),
    "math": lambda x: x * math.exp(x),
}


@pytest.mark.parametrize("name", LOOKS)
def test_looking_at_a_number_is_an_error(name):
    with pytest.raises(TracingError, match="looked at a number"):
        jit(LOOKS[name])([1.0])


@pytest.mark.parametrize(
    ("f", "arguments", "error", "message"),
    [
        (lambda x: x, ([],), ValueError, "at least one sample"),
        (lambda x, y: x * y, ([1.0, 2.0], [1.0]), ValueError, "2 in argument 0, 1 in argument 1"),
        (lambda x: x, (np.zeros((2, 2, 2)),), ValueError, r"shape \(2, 2, 2\)"),
        (lambda x: x, (["a"],), TypeError, "argument 0 of a compiled function must be numbers"),
        (lambda x: "x", ([1.0],), TypeError, "got 'x'"),
        (lambda x: None, ([1.0],), TypeError, "got None"),
    ],
    ids=["empty", "sizes", "dimensions", "text", "result", "nothing"],
)
def test_bad_calls_are_refused(f, arguments, error, message):
    with pytest.raises(error, match=message):
        jit(f)(*arguments)


def test_backward_wants_one_value():
    with pytest.raises(TypeError, match="this one returns 2"):
        jit(lambda x: [x, x]).backward([1.0])


@pytest.mark.parametrize("options", [{"width": 0}, {"cut": 0}])
def test_bad_options_are_refused(options):
    with pytest.raises(ValueError, match="at least 1"):
        jit(lambda x: x, **options)


def test_an_operation_that_llvm_does_not_know_is_named(monkeypatch):
    monkeypatch.setattr("micrograd.engine.ops.OPS", dict(OPS))
    odd = define("odd one", math.sin, lambda g, out, a: (g,))
    with pytest.raises(NotImplementedError, match="jit cannot compile operation 'odd one'"):
        jit(odd)([1.0])


def test_dropout_draws_anew_for_every_sample_and_call():
    neuron = Neuron(1, nonlin=False, dropout=0.25)
    neuron.w[0].data = 1.0
    f = jit(neuron)
    x = np.ones((100_000, 1))
    random.seed(1)
    first, second = f(x), f(x)
    random.seed(1)
    assert np.array_equal(first, f(x))
    assert not np.array_equal(first, second)
    assert set(first) == {0.0, 1 / 0.75}
    assert np.mean(first == 0.0) == pytest.approx(0.25, abs=0.01)
    assert np.mean((first == 0.0) & (second == 0.0)) == pytest.approx(0.0625, abs=0.005)
    assert np.corrcoef(first[1:], first[:-1])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_threads_share_a_function():
    model = MLP(2, [8, 1])
    f = jit(lambda x: model(x) ** 2)
    batches = [np.random.default_rng(i).normal(size=(50 + i, 2)) for i in range(40)]
    expected = [f(batch) for batch in batches]
    barrier = threading.Barrier(4)

    def work(part):
        barrier.wait()
        return [f(batch) for batch in batches[part::4]]

    with ThreadPoolExecutor(4) as pool:
        for part, found in enumerate(pool.map(work, range(4))):
            for a, b in zip(found, expected[part::4], strict=True):
                assert np.array_equal(a, b)


def test_many_calls_and_compilations_leak_nothing():
    import resource

    w = Value(1.0)

    def compile_and_run():
        jit(lambda x: (w * x).tanh()).backward([1.0, 2.0])

    for _ in range(30):
        compile_and_run()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(100):
        compile_and_run()
    f = jit(lambda x: w * x)
    for _ in range(20_000):
        f([1.0, 2.0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes
