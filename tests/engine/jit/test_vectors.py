"""Vectors in and out: `value_and_grad` with `leaves` and `at`, sums in place of means, and results in `out`."""

import copy
import math
import pickle
import random

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Value, assign, define
from micrograd.engine.jit import jit
from micrograd.nn import MLP

RNG = np.random.default_rng(5)
slope = Value(3.0)


@jit
def line(x, by=0.0):
    return slope * x + by


summed = jit(lambda x: slope * x * x, reduction="sum")


def problem():
    random.seed(2)
    model = MLP(3, [5, 1])
    return model, lambda x, y: (model(x) - y) ** 2, RNG.normal(size=(9, 3)), RNG.normal(size=9)


def test_the_gradient_is_that_of_backward_and_no_grad_changes(shape):
    model, loss, X, y = problem()
    f = jit(loss, **shape)
    losses, gradient = f.value_and_grad(X, y)
    assert (losses.dtype, losses.shape, gradient.dtype, gradient.shape) == (float, (9,), float, (26,))
    assert all(p.grad == 0.0 for p in model.parameters())
    assert f.backward(X, y).tolist() == losses.tolist()
    assert [leaf.grad for leaf in f.leaves] == gradient.tolist()
    assert set(f.leaves) == set(model.parameters())


def test_at_is_in_place_of_the_data_of_the_leaves(shape):
    model, loss, X, y = problem()
    f = jit(loss, **shape)
    f(X, y)  # a plain call traces as well: the leaves are known
    at = RNG.normal(size=len(f.leaves))
    before = [p.data for p in model.parameters()]
    found = f.value_and_grad(X, y, at=at)
    assert [p.data for p in model.parameters()] == before
    assign((f.leaves, "data", at.tolist()))
    assert [part.tolist() for part in found] == [part.tolist() for part in f.value_and_grad(X, y)]
    moved = at.copy()
    moved[3] += 1e-6
    difference = (f.value_and_grad(X, y, at=moved)[0].mean() - found[0].mean()) / 1e-6
    assert difference == pytest.approx(found[1][3], rel=1e-4, abs=1e-6)


def test_results_of_one_call_stay_when_another_comes():
    f = jit(lambda x: slope * x)
    losses, gradient = f.value_and_grad([1.0, 2.0])
    f.value_and_grad([5.0, 6.0], at=[1.0])
    assert (losses.tolist(), gradient.tolist()) == ([3.0, 6.0], [1.5])


@pytest.mark.parametrize(
    "at",
    [[2.0], (2,), np.array([2.0]), np.array([2], dtype=np.int32), np.arange(4.0)[2:3], np.arange(4.0)[2::-3]],
    ids=["list", "tuple", "array", "ints", "part", "reversed"],
)
def test_whatever_is_a_vector(at):
    losses, gradient = line.value_and_grad([1.0, 3.0], at=at)
    assert (losses.tolist(), gradient.tolist()) == ([2.0, 6.0], [2.0])


@pytest.mark.parametrize(
    ("at", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"at= takes a vector with a number for each of 1 leaves, got shape \(2,\)"),
        (1.0, ValueError, r"each of 1 leaves, got shape \(\)"),
        ([[1.0]], ValueError, r"got shape \(1, 1\)"),
        (["1"], TypeError, "argument at of a compiled function must be real numbers, got"),
        ([1j], TypeError, "must be real numbers"),
        ([Value(1.0)], TypeError, "must be numbers, got Values"),
    ],
)
def test_bad_vectors_are_refused(at, error, message):
    with pytest.raises(error, match=message):
        line.value_and_grad([1.0], at=at)


def test_before_the_first_call_no_leaf_is_known():
    with pytest.raises(RuntimeError, match="nothing has been compiled yet; call the function first"):
        _ = jit(lambda x: slope * x).leaves


def test_leaves_are_those_of_the_structure_that_ran_last_and_nobody_can_change_them():
    a, b = Value(1.0), Value(2.0)
    f = jit(lambda x: sum(w * v for w, v in zip((a, b), x, strict=False)))
    f([[1.0, 1.0]])
    assert set(f.leaves) == {a, b}
    f([[1.0]])
    f.leaves.clear()
    assert f.leaves == [a]


def test_a_leaf_that_only_a_derivative_reads_is_live_and_has_no_gradient():
    scale = Value(5.0)
    row = define("scaled back", lambda a: a * 1.0, lambda g, out, a: (g * scale,))
    try:
        f = jit(lambda x: row(slope * x))
        losses, gradient = f.value_and_grad([1.0, 3.0], at=[2.0])
        assert (losses.tolist(), gradient.tolist()) == ([2.0, 6.0], [10.0])
        scale.data = 7.0
        assert f.value_and_grad([1.0, 3.0], at=[2.0])[1].tolist() == [14.0]
        assert f.leaves == [slope]
    finally:
        del OPS["scaled back"]


def test_a_function_without_leaves_has_an_empty_gradient():
    losses, gradient = jit(lambda x: x * x).value_and_grad([3.0], at=[])
    assert (losses.tolist(), gradient.shape) == ([9.0], (0,))


def test_only_one_value_has_a_gradient():
    with pytest.raises(TypeError, match="a gradient is that of a function of one Value, this one returns 2"):
        jit(lambda x: [x, x]).value_and_grad([1.0])


@pytest.mark.parametrize(
    "call",
    [
        lambda f: f([1.0], at=[2.0], out=np.empty(1)),
        lambda f: f.value_and_grad([1.0], at=[2.0]),
    ],
    ids=["out", "at"],
)
def test_a_name_that_the_function_has_too_is_refused(call):
    with pytest.raises(TypeError, match=r"is taken by jit, and .* has an argument of that name, too: give it by posit"):
        call(jit(lambda x, out=1.0, at=1.0: x * out * at))


def test_scipy_minimises_the_function_of_rosenbrock():
    x, y = Value(-1.2), Value(1.0)
    f = jit(lambda: (1 - x) ** 2 + 100 * (y - x * x) ** 2)
    f()
    places = [f.leaves.index(leaf) for leaf in (x, y)]

    def objective(at):
        losses, gradient = f.value_and_grad(at=at)
        return losses[0], gradient

    found = scipy.optimize.minimize(objective, [leaf.data for leaf in f.leaves], jac=True, tol=1e-12)
    assert found.x[places].tolist() == pytest.approx([1.0, 1.0], abs=1e-6)
    assert (x.data, y.data) == (-1.2, 1.0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40))
@settings(max_examples=50)
def test_the_gradient_of_a_sum(numbers):
    slope.grad = 0.0
    losses = summed.backward(numbers)
    assert losses.tolist() == [3.0 * x * x for x in numbers]
    assert slope.grad == pytest.approx(math.fsum(x * x for x in numbers), rel=1e-14)
    assert summed.value_and_grad(numbers)[1].tolist() == [slope.grad]
    slope.grad = 0.0


def test_what_is_the_same_for_all_samples_counts_once_for_each_in_a_sum():
    w = Value(2.0)
    assert jit(lambda x: w * w + x, reduction="sum").value_and_grad([1.0, 2.0, 3.0])[1].tolist() == [12.0]
    assert jit(lambda x: w * w + x, reduction="mean").value_and_grad([1.0, 2.0, 3.0])[1].tolist() == [4.0]


class Model:
    def __init__(self):
        self.w = Value(2.0)

    def loss(self, x):
        return self.w * x


Model.loss = jit(Model.loss, reduction="sum")


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_copies_and_methods_keep_the_reduction(made):
    assert Model().loss.value_and_grad([1.0, 2.0])[1].tolist() == [3.0]
    assert made(Model().loss).value_and_grad([1.0, 2.0])[1].tolist() == [3.0]


@pytest.mark.parametrize("reduction", ["none", "SUM", None, ["sum"], sum])
def test_other_reductions_are_refused(reduction):
    with pytest.raises(ValueError, match="jit takes reduction='mean' or reduction='sum', got"):
        jit(lambda x: x, reduction=reduction)


RESULTS = {
    "one": line,
    "several": jit(lambda x: [slope * x, 7.0, x]),
    "none": jit(lambda x: []),
    "constants": jit(lambda x: [0.0, -0.0, math.inf, 2.0]),
    "matrix": jit(lambda x: [[x, slope * x, -0.0], [x * x, 1.0, x + 1.0]]),
}
LAYOUTS = {
    "rows": lambda results: np.full(results.shape, np.nan),
    "columns": lambda results: np.full(results.shape, np.nan, order="F"),
    "results": lambda results: np.full_like(results, np.nan),
    "with gaps": lambda results: np.full([2 * n for n in results.shape], np.nan)[
        tuple(slice(n) for n in results.shape)
    ],
}


@pytest.mark.parametrize("batch", [1, 8, 9, 1000, 20_000, 20_001])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("results", RESULTS)
def test_results_are_written_where_out_says(results, layout, batch):
    f, x = RESULTS[results], RNG.normal(size=batch)
    expected = f(x)
    out = LAYOUTS[layout](expected)
    assert f(x, out=out) is out
    assert out.tobytes() == expected.tobytes()  # of zeros the signs, too


def test_constants_keep_the_signs_of_zeros():
    assert str(RESULTS["constants"]([1.0, 2.0])) == "[[ 0. -0. inf  2.]\n [ 0. -0. inf  2.]]"


@pytest.mark.parametrize("look", [lambda x: x, lambda x: x[::-1]], ids=["itself", "backwards"])
def test_out_may_be_an_argument(look):
    x = RNG.normal(size=200_001)
    expected = line(look(x))
    assert line(look(x), out=x) is x
    assert x.tolist() == expected.tolist()


def test_several_arrays_have_no_one_place():
    with pytest.raises(TypeError, match="out= takes one array, and this function returns a dict of them"):
        jit(lambda x: {"x": x})([1.0], out=np.empty(1))


def locked():
    out = np.empty(2)
    out.flags.writeable = False
    return out


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([0.0, 0.0], TypeError, "out= takes an array of float64, got list"),
        (np.empty(2, dtype=np.float32), TypeError, "got an array of float32"),
        (np.empty(2, dtype=">f8"), TypeError, "got an array of >f8"),
        (np.empty(3), ValueError, r"of the shape of the results, \(2,\), got \(3,\)"),
        (np.empty((2, 1)), ValueError, r"got \(2, 1\)"),
        (locked(), ValueError, "this one is read-only"),
    ],
    ids=["list", "float32", "big-endian", "length", "matrix", "read-only"],
)
def test_bad_places_for_results_are_refused(out, error, message):
    with pytest.raises(error, match=message):
        line([1.0, 2.0], out=out)
