"""Functions beside torch's in float64, eagerly and compiled."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value, grad, gradcheck
from micrograd.engine.jit import jit
from micrograd.nn import (
    SGD,
    fit,
    gelu,
    leaky_relu,
    log_softmax,
    logsumexp,
    mse_loss,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)

CLOSE = {"rtol": 1e-12, "atol": 1e-15}
INF, NAN = math.inf, math.nan
EDGES = [-INF, -1e200, -1e110, -1000.0, -40.0, -5.0, -1e-9, -0.0, 0.0, 5e-324, 1e-9, 0.3, 1.0, 5.0, 20.0, 40.0, 1000.0,
         1e110, 1e200, INF, NAN]  # fmt: skip

ELEMENTWISE = {
    "relu": (relu, F.relu),
    "tanh": (tanh, torch.tanh),
    "sigmoid": (sigmoid, torch.sigmoid),
    "leaky_relu": (leaky_relu, F.leaky_relu),
    "leaky_relu, 0.3": (partial(leaky_relu, negative_slope=0.3), partial(F.leaky_relu, negative_slope=0.3)),
    "leaky_relu, 0": (partial(leaky_relu, negative_slope=0.0), partial(F.leaky_relu, negative_slope=0.0)),
    "gelu": (gelu, F.gelu),
    "gelu, tanh": (partial(gelu, approximate="tanh"), partial(F.gelu, approximate="tanh")),
    "silu": (silu, F.silu),
    "softplus": (softplus, F.softplus),
}
elementwise = pytest.mark.parametrize(("ours", "theirs"), ELEMENTWISE.values(), ids=ELEMENTWISE)

ROWWISE = {
    "softmax": (softmax, partial(torch.softmax, dim=-1)),
    "log_softmax": (log_softmax, partial(torch.log_softmax, dim=-1)),
    "logsumexp": (logsumexp, partial(torch.logsumexp, dim=-1)),
}
rowwise = pytest.mark.parametrize(("ours", "theirs"), ROWWISE.values(), ids=ROWWISE)
ROWS = {
    "one": [3.0],
    "some": [0.5, -1.25, 2.0],
    "ties": [1.0, 1.0, 0.0],
    "large": [1000.0, -1000.0, 999.0],
    "huge": [1e308, -1e308],
    "masked": [1.0, -INF, 2.0, -INF],
    "all masked but one": [-INF, 0.5, -INF],
    "all masked": [-INF, -INF],
    "infinite": [INF, 0.0],
    "nan": [NAN, 0.0],
}
rows = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
WEIGHTS = [0.7, -1.3, 0.4, 2.1]  # of the outputs, so that each gradient shows


def in_torch(function, numbers):
    """What torch's function makes of them, and the gradient of its weighted sum."""
    x = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    out = function(x)
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)[: out.numel()].reshape(out.shape)
    (gradient,) = torch.autograd.grad((out * weights).sum(), x)
    return out.tolist(), gradient.tolist()


def weighted(out):
    """The same sum of ours."""
    out = out if isinstance(out, list) else [out]
    total = WEIGHTS[0] * out[0]
    for weight, part in zip(WEIGHTS[1:], out[1:], strict=False):
        total = total + weight * part
    return total


def data(out):
    return [data(part) for part in out] if isinstance(out, list) else float(out)


@elementwise
@pytest.mark.parametrize("number", EDGES)
def test_values_and_gradients_match_torch(ours, theirs, number):
    x = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    expected = theirs(x)
    expected.backward()
    value = Value(number)
    out = ours(value)
    out.backward()
    np.testing.assert_allclose([out.data, value.grad], [expected.item(), x.grad.item()], **CLOSE)
    np.testing.assert_allclose(ours(number), expected.item(), **CLOSE)
    assert type(ours(number)) is float


@elementwise
@given(number=st.floats(-30, 30))
def test_everywhere_else_too(ours, theirs, number):
    x = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    expected = theirs(x)
    expected.backward()
    value = Value(number)
    out = ours(value)
    out.backward()
    np.testing.assert_allclose([out.data, value.grad], [expected.item(), x.grad.item()], rtol=1e-12, atol=1e-13)


@rowwise
@rows
def test_rows_match_torch(ours, theirs, row):
    leaves = [Value(number) for number in row]
    out = ours(leaves)
    weighted(out).backward()
    expected, gradient = in_torch(theirs, row)
    np.testing.assert_allclose(data(out), expected, **CLOSE)
    np.testing.assert_allclose([leaf.grad for leaf in leaves], gradient, **CLOSE)
    np.testing.assert_allclose(ours(row), expected, **CLOSE)


@rowwise
@given(row=st.lists(st.floats(-700, 700) | st.just(-INF), min_size=1, max_size=4).filter(lambda row: max(row) > -INF))
def test_all_rows_match_torch(ours, theirs, row):
    leaves = [Value(number) for number in row]
    out = ours(leaves)
    weighted(out).backward()
    expected, gradient = in_torch(theirs, row)
    np.testing.assert_allclose(data(out), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose([leaf.grad for leaf in leaves], gradient, rtol=1e-12, atol=1e-12)


@elementwise
def test_elementwise_compiled_is_eager(ours, theirs):
    leaf = Value(0.0)
    compiled = jit(lambda x: ours(x + leaf))
    X = np.array(EDGES)
    losses = compiled(X)
    np.testing.assert_allclose(losses, [ours(Value(x) + 0.0).data for x in EDGES], rtol=1e-9, atol=1e-15)
    for x in EDGES:
        leaf.grad = 0.0
        compiled.backward(np.array([x]))
        value = Value(x)
        ours(value).backward()
        np.testing.assert_allclose(leaf.grad, value.grad, rtol=1e-9, atol=1e-15)


@rowwise
@rows
def test_rows_compiled_are_eager(ours, theirs, row):
    leaves = [Value(number) for number in row]
    weighted(ours(leaves)).backward()
    expected = [leaf.grad for leaf in leaves]
    inputs = [Value(0.0) for _ in row]
    compiled = jit(lambda x: weighted(ours([a + b for a, b in zip(x, inputs, strict=True)])))
    compiled.backward(np.array([row]))
    np.testing.assert_allclose(jit(ours)(np.array([row]))[0], data(ours(row)), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose([leaf.grad for leaf in inputs], expected, rtol=1e-9, atol=1e-15)


@elementwise
def test_a_leaf_that_a_compiled_function_closes_over_is_live(ours, theirs):
    leaf = Value(-2.0)
    compiled = jit(lambda x: x + ours(leaf))
    for number in (-2.0, 25.0, 0.5):
        leaf.data = number
        np.testing.assert_allclose(compiled(np.array([0.0])), [ours(number)], rtol=1e-9)


@pytest.mark.parametrize("name", [*ELEMENTWISE, *ROWWISE])
@pytest.mark.parametrize("numbers", [[0.4, -1.2, 2.2], [21.0, 20.5, 19.5]])
def test_derivatives_of_the_second_order_are_right(name, numbers):
    ours, _ = (ELEMENTWISE | ROWWISE)[name]

    def slope(*values):
        return weighted(grad(weighted(ours(list(values))), values))

    assert gradcheck(slope, [Value(number) for number in numbers])


@elementwise
def test_lists_keep_their_shape(ours, theirs):
    nested = [1.0, [Value(-2.0), [], (3, [np.float64(0.5)])], np.array([1.0, 2.0]), range(2), (i for i in [0.25])]
    expected = [ours(1.0), [ours(-2.0), [], [ours(3.0), [ours(0.5)]]], [ours(1.0), ours(2.0)], [ours(0.0), ours(1.0)],
                [ours(0.25)]]  # fmt: skip
    assert data(ours(nested)) == expected
    assert isinstance(ours([Value(1.0)])[0], Value)


@rowwise
def test_lists_of_lists_are_rows(ours, theirs):
    table = [[[1.0, 2.0], [3.0, 0.5]], [[-1.0, 0.0], [2.0, 2.0]]]
    expected = theirs(torch.tensor(table, dtype=torch.float64)).tolist()
    for rows in (table, np.array(table), torch.tensor(table), [[map(Value, row) for row in part] for part in table]):
        np.testing.assert_allclose(data(ours(rows)), expected, **CLOSE)
    assert ours(pd.DataFrame([[1.0, 2.0]], columns=["b", "a"])) == ours([[1.0, 2.0]])
    assert ours([[1.0, 2.0], [3.0]]) == [ours([1.0, 2.0]), ours([3.0])]


def test_softmax_sums_to_one_and_no_gradient_goes_to_what_is_masked():
    leaves = [Value(0.3), Value(-INF), Value(2.0)]
    shares = softmax(leaves)
    assert sum(share.data for share in shares) == pytest.approx(1.0, abs=1e-15)
    shares[0].backward()
    assert shares[1].data == leaves[1].grad == 0.0
    assert leaves[0].grad == -leaves[2].grad != 0.0


STRANGERS = ["a", b"a", None, 1j, {1: 2.0}, {1.0}, object()]


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if "," not in name])
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda x: type(x).__name__)
def test_what_is_no_number_is_refused_by_name(name, stranger):
    ours, _ = ELEMENTWISE[name]
    for x in (stranger, [1.0, [stranger]]):
        with pytest.raises(
            TypeError, match=rf"^{name} takes Values and real numbers .*, got .*{type(stranger).__name__}"
        ):
            ours(x)


@pytest.mark.parametrize("name", ROWWISE)
def test_what_is_no_row_is_refused_by_name(name):
    ours, _ = ROWWISE[name]
    for x in (*STRANGERS, 1.0, Value(1.0), [1.0, [2.0]]):
        with pytest.raises(
            TypeError, match=rf"^{name} takes a list of Values and numbers, or lists of such lists, got"
        ):
            ours(x)
    for stranger in STRANGERS:
        with pytest.raises(TypeError, match=rf"^{name} takes Values and real numbers"):
            ours([1.0, stranger])
    for empty in ([], (), np.array([]), [[]], [[1.0], []]):
        with pytest.raises(ValueError, match=f"^{name} takes at least one Value, got an empty"):
            ours(empty)


def test_options_are_checked():
    with pytest.raises(ValueError, match="gelu: approximate must be 'none' or 'tanh', got 'erf'"):
        gelu(Value(1.0), approximate="erf")
    with pytest.raises(TypeError, match=r"leaky_relu takes .*numbers.*, got 'steep'"):
        leaky_relu(1.0, "steep")


@elementwise
def test_fit_trains_through_them_and_so_it_does_compiled(ours, theirs):
    trained = []
    for compiled in (False, True):
        leaves = [Value(0.5), Value(-0.3)]
        X, y = [[-1.0], [0.5], [2.0]], [0.3, 0.1, 0.9]
        fit(lambda x, w=leaves: ours(w[0] * x[0] + w[1]), mse_loss, SGD(leaves, lr=0.1), X, y, 10, 2,
            shuffle=False, progress=False, jit=compiled)  # fmt: skip
        trained.append([leaf.data for leaf in leaves])
    np.testing.assert_allclose(*trained, rtol=1e-9)


@rowwise
def test_fit_trains_through_rows_and_so_it_does_compiled(ours, theirs):
    trained = []
    for compiled in (False, True):
        leaves = [Value(0.5), Value(-0.3)]
        X, y = [[-1.0], [0.5], [2.0]], [0.3, 0.1, 0.9]
        fit(lambda x, w=leaves: weighted(ours([w[0] * x[0], w[1]])), mse_loss, SGD(leaves, lr=0.1), X, y, 10, 2,
            shuffle=False, progress=False, jit=compiled)  # fmt: skip
        trained.append([leaf.data for leaf in leaves])
    np.testing.assert_allclose(*trained, rtol=1e-9)
