"""Losses against torch.nn.functional in float64."""

import itertools
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value, grad, gradcheck, topological_order
from micrograd.engine.jit import jit
from micrograd.nn import binary_cross_entropy_with_logits, cross_entropy, hinge_loss, huber_loss, l1_loss, mse_loss

TOLERANCE = {"rtol": 1e-12, "atol": 1e-15}
REDUCTIONS = ["mean", "sum", "none"]


def torch_hinge(p, t, reduction):
    losses = torch.relu(1 - t * p)
    return losses if reduction == "none" else getattr(losses, reduction)()


ELEMENTWISE = {
    "mse": (mse_loss, F.mse_loss, [-3.5, 0.0, 2.0]),
    "l1": (l1_loss, F.l1_loss, [-3.5, 0.0, 2.0]),
    "huber": (huber_loss, F.huber_loss, [-3.5, 0.0, 2.0]),
    "hinge": (hinge_loss, torch_hinge, [-1.0, 1.0]),
    "bce": (binary_cross_entropy_with_logits, F.binary_cross_entropy_with_logits, [0.0, 0.25, 1.0]),
}
elementwise = pytest.mark.parametrize("kind", ELEMENTWISE)
EXTREMES = [-1000.0, -745.2, -50.0, -20.0, -1.5, -1e-9, -0.0, 0.0, 5e-324, 1e-9, 0.3, 5.0, 20.0, 36.7, 710.0, 1000.0]


def tensor(data):
    return torch.tensor(data, dtype=torch.float64, requires_grad=True)


def both(ours, theirs, logits, targets, reduction):
    """The losses and the gradients of their sum, ours and torch's."""
    leaves = [Value(x) for x in np.ravel(logits).tolist()]
    rows = np.array(leaves, dtype=object).reshape(np.shape(logits)).tolist()
    out = ours(rows, targets, reduction=reduction)
    parts = out if reduction == "none" else [out]
    parts = list(itertools.chain(*parts)) if parts and isinstance(parts[0], list) else parts
    sum(parts[1:], parts[0]).backward()

    x = tensor(logits)
    expected = theirs(x, torch.from_numpy(np.array(targets)), reduction=reduction)
    expected.sum().backward()
    return [p.data for p in parts], expected.detach().ravel().numpy(), [v.grad for v in leaves], x.grad.ravel().numpy()


@elementwise
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_values_and_gradients_match_torch(kind, reduction):
    ours, theirs, classes = ELEMENTWISE[kind]
    pairs = list(itertools.product(EXTREMES, classes))
    logits, targets = [x for x, _ in pairs], [t for _, t in pairs]
    value, expected, gradient, expected_gradient = both(ours, theirs, logits, targets, reduction)
    # where torch subtracts nearly equal numbers, its own result is right to the rounding of the logit only
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


@elementwise
@given(data=st.data())
def test_random_batches_match_torch(kind, data):
    ours, theirs, classes = ELEMENTWISE[kind]
    logits = data.draw(st.lists(st.floats(-1000, 1000), min_size=1, max_size=6))
    targets = [data.draw(st.sampled_from(classes)) for _ in logits]
    reduction = data.draw(st.sampled_from(REDUCTIONS))
    value, expected, gradient, expected_gradient = both(ours, theirs, logits, targets, reduction)
    scale = max(1.0, *map(abs, logits))
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-15 * scale)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


@elementwise
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_rows_of_predictions_match_torch(kind, reduction):
    ours, theirs, classes = ELEMENTWISE[kind]
    logits = [[0.5, -2.0, 3.0], [1.5, 0.25, -0.75]]
    targets = [[classes[0], classes[-1], classes[0]], [classes[-1]] * 3]
    value, expected, gradient, expected_gradient = both(ours, theirs, logits, targets, reduction)
    np.testing.assert_allclose(value, expected, **TOLERANCE)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


def test_none_keeps_the_shape():
    out = mse_loss([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], [[0, 0], [0, 0]], reduction="none")
    assert [[v.data for v in row] for row in out] == [[1.0, 4.0], [9.0, 16.0]]


ROWS = [
    [1000.0, -1000.0, 0.0],
    [-1000.0, -1000.0, -1000.0],
    [0.0, 0.0, 0.0],
    [1.0, 2.0, 3.0],
    [20.0, -20.0, 19.0],
    [-0.0, 5e-324, 710.0],
    [1000.0, 1000.0, 999.0],
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("target", [0, 1, 2])
def test_cross_entropy_of_indices_matches_torch(target, reduction):
    value, expected, gradient, expected_gradient = both(
        cross_entropy, F.cross_entropy, ROWS, [target] * len(ROWS), reduction
    )
    np.testing.assert_allclose(value, expected, **TOLERANCE)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_cross_entropy_of_probabilities_matches_torch(reduction):
    targets = [
        [0.2, 0.3, 0.5],
        [1.0, 0.0, 0.0],
        [0.5, 0.5, 0.0],
        [0.0, 0.0, 1.0],
        [0.1, 0.9, 0.0],
        [0.0] * 3,
        [0.6, 0.4, 0.0],
    ]
    value, expected, gradient, expected_gradient = both(cross_entropy, F.cross_entropy, ROWS, targets, reduction)
    np.testing.assert_allclose(value, expected, **TOLERANCE)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


@given(
    st.integers(1, 5).flatmap(
        lambda classes: st.lists(
            st.tuples(
                st.lists(st.floats(-1000, 1000), min_size=classes, max_size=classes), st.integers(0, classes - 1)
            ),
            min_size=1,
            max_size=4,
        )
    ),
    st.sampled_from(REDUCTIONS),
)
def test_cross_entropy_of_random_batches_matches_torch(batch, reduction):
    rows, targets = [row for row, _ in batch], [t for _, t in batch]
    value, expected, gradient, expected_gradient = both(cross_entropy, F.cross_entropy, rows, targets, reduction)
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gradient, expected_gradient, **TOLERANCE)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("target", [2, [0.2, 0.3, 0.5], np.int64(1)])
def test_cross_entropy_of_one_row_matches_torch(target, reduction):
    out = cross_entropy([Value(x) for x in ROWS[3]], target, reduction=reduction)
    expected = F.cross_entropy(tensor(ROWS[3]), torch.from_numpy(np.array(target)), reduction=reduction)
    assert out.data == pytest.approx(expected.item(), rel=1e-14)


def test_cross_entropy_of_an_impossible_class():
    logits = [Value(0.0), Value(-float("inf"))]
    loss = cross_entropy(logits, 0)
    loss.backward()
    assert (loss.data, [v.grad for v in logits]) == (0.0, [0.0, 0.0])


SMOOTH = {
    "mse": lambda a, b: mse_loss([a, b], [0.5, -1.0]),
    "l1": lambda a, b: l1_loss([a * b, b], [0.5, -1.0]),
    "huber": lambda a, b: huber_loss([a * b, b], [0.5, 3.0]),
    "bce": lambda a, b: binary_cross_entropy_with_logits([a, b], [0.25, 1.0]),
    "bce, weighted": lambda a, b: binary_cross_entropy_with_logits([a, b], [0.25, 1.0], weight=[2, b], pos_weight=3),
    "indices, smoothed": lambda a, b: cross_entropy([[a, b, a * b]], [1], weight=[1, a, 2], label_smoothing=0.2),
    "indices": lambda a, b: cross_entropy([[a, b, a * b]], [1]),
    "probabilities": lambda a, b: cross_entropy([[a, b]], [[0.3, 0.7]]),
}


@pytest.mark.parametrize("loss", SMOOTH.values(), ids=SMOOTH)
def test_second_derivatives_agree_with_finite_differences(loss):
    assert gradcheck(loss, [Value(0.4), Value(-1.3)])


@pytest.mark.parametrize("x", [-1000.0, -30.0, -1.0, 0.0, 1.0, 30.0, 1000.0])
def test_second_derivative_of_bce_matches_torch(x):
    ours, theirs = Value(x), tensor(x)
    first = grad(binary_cross_entropy_with_logits([ours], [0.25]), ours)
    second = grad(first, ours)
    expected_first = torch.autograd.grad(
        F.binary_cross_entropy_with_logits(theirs, tensor(0.25)), theirs, create_graph=True
    )[0]
    expected = torch.autograd.grad(expected_first, theirs)[0]
    assert first.data == pytest.approx(expected_first.item(), rel=1e-12)
    assert second.data == pytest.approx(expected.item(), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("x", [17.0, 30.0, 40.0, 100.0, 700.0])
def test_small_binary_losses_are_exact(x):
    """The loss of a sure and right prediction is exp(-x), not 0, however small."""
    right = [binary_cross_entropy_with_logits([Value(s * x)], [t]).data for s, t in [(-1, 0)]]
    expected = torch.log1p(torch.exp(torch.tensor(-x, dtype=torch.float64))).item()
    assert right == pytest.approx([expected], rel=1e-14, abs=0.0)


@pytest.mark.parametrize("loss", [mse_loss, l1_loss, huber_loss, hinge_loss, binary_cross_entropy_with_logits])
@pytest.mark.parametrize(
    "make", [list, tuple, np.array, lambda t: [Value(x) for x in t], lambda t: [int(x) for x in t]]
)
def test_targets_may_be_numbers_or_values_of_many_kinds(loss, make):
    logits = [Value(0.5), Value(-2.0)]
    assert loss(logits, make([1.0, 1.0])).data == loss(logits, [1.0, 1.0]).data


def test_unsigned_targets_do_not_wrap_around():
    targets = np.array([1, 0], dtype=np.uint8)
    assert mse_loss([Value(0.0), Value(0.0)], targets).data == 0.5
    assert binary_cross_entropy_with_logits([Value(0.0), Value(2.0)], targets).data == pytest.approx(
        binary_cross_entropy_with_logits([Value(0.0), Value(2.0)], [1, 0]).data
    )


def test_values_as_targets_get_gradients():
    p, t = Value(3.0), Value(1.0)
    mse_loss([p], [t]).backward()
    assert (p.grad, t.grad) == (4.0, -4.0)


def test_hinge_has_the_nodes_of_the_classic_formula():
    scores, targets = [Value(0.3), Value(0.6)], [1, -1]
    classic = [(1 + -t * s).relu() for t, s in zip(targets, scores, strict=True)]
    classic_total = sum(classic) * (1.0 / len(classic))
    ours = hinge_loss(scores, targets)
    assert ours.data == classic_total.data
    assert len(topological_order(ours)) <= len(topological_order(classic_total))


def test_no_loss_looks_at_data():
    """What is built from other numbers is the same graph: the operations do not depend on the data."""
    for loss, target in [(mse_loss, 1), (l1_loss, 1), (hinge_loss, 1), (binary_cross_entropy_with_logits, 1)]:
        graphs = [
            [v._op for v in topological_order(loss([Value(x), Value(-x)], [target] * 2))] for x in (0.0, 3.0, -900.0)
        ]
        assert graphs[0] == graphs[1] == graphs[2]
    graphs = [
        [v._op for v in topological_order(cross_entropy([[Value(x), Value(-x)]], [0]))] for x in (0.0, 3.0, -900.0)
    ]
    assert graphs[0] == graphs[1] == graphs[2]


ALL = [mse_loss, l1_loss, huber_loss, hinge_loss, binary_cross_entropy_with_logits, cross_entropy]
one, two = [Value(1.0)], [Value(1.0), Value(2.0)]
rows = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize("reduction", ["average", None, "", "MEAN"])
def test_an_unknown_reduction_is_an_error(loss, reduction):
    with pytest.raises(ValueError, match="reduction must be 'mean', 'sum' or 'none', got"):
        loss([one], [[1]], reduction=reduction)


@pytest.mark.parametrize("loss", ALL)
@pytest.mark.parametrize(
    ("predictions", "targets", "error", "message"),
    [
        ([], [], ValueError, "needs at least one prediction"),
        ([[]], [[]], ValueError, "needs at least one prediction"),
        (rows, [1, 1, 1], ValueError, "got 2 and 3"),
        (rows, [[1, 1], [1, 1, 1]], ValueError, r"2 (and 3|classes), (got )?\[1, 1, 1\]"),
        (rows, [], ValueError, "got 2 and 0"),
        (rows, 1, TypeError, "takes a list of 2 targets, got 1"),
        (Value(1.0), 1, TypeError, "takes a list of Values, or of rows of Values, got Value"),
        ("ab", [1, 1], TypeError, "takes a list of Values, or of rows of Values, got 'ab'"),
        ([1.0, 2.0], [1, 1], TypeError, "got 1.0 .float. among the predictions; what .data or float.. returns has no"),
        ([[1.0, 2.0]], [[1, 1]], TypeError, "got 1.0 .float. among the predictions"),
        (np.array([1.0, 2.0]), [1, 1], TypeError, "got 1.0 .float. among the predictions"),
        ([one], [["1"]], TypeError, "^[a-z1_]*: targets must be numbers, .* got '1'"),
        ([one], [[None]], TypeError, "^[a-z1_]*: targets must be numbers, .* got None"),
        ([one], [["x" * 1000]], TypeError, "^.{0,200}$"),
        ([one], [[[1]]], ValueError, "one target for a prediction"),
    ],
)
def test_mismatches_are_errors(loss, predictions, targets, error, message):
    with pytest.raises(error, match=message):
        loss(predictions, targets)


@pytest.mark.parametrize("loss", [mse_loss, l1_loss, huber_loss, hinge_loss, binary_cross_entropy_with_logits])
@pytest.mark.parametrize(
    ("predictions", "targets", "message"),
    [
        (
            [[Value(1.0)]],
            [1],
            r"got 1 \(int\); where a model returns rows of one, .* row\[0\], .* \[\[t\] for t in t",
        ),
        ([[Value(1.0)]], np.array([1]), r"got 1 \(int\); where a model returns rows of one"),
        ([[Value(1.0)]], [Value(1.0)], r"got Value.* \(Value\); where a model returns rows of one"),
        ([[Value(1.0)] * 3], [1], r"takes a list of 3 targets, got 1 \(int\); .* index of one there is cross_entropy$"),
        ([Value(1.0)], np.array([[1]]), r"needs one target .* got \[1\]; give numbers, \[t\[0\] for t in targets\]$"),
        ([Value(1.0)], [[1, 1]], r"needs one target .* got \[1, 1\]$"),
    ],
)
def test_rows_against_numbers_are_errors_with_a_remedy(loss, predictions, targets, message):
    with pytest.raises((TypeError, ValueError), match=f"^{loss.__name__} {'.*' if message[0] == 'g' else ''}{message}"):
        loss(predictions, targets)


@pytest.mark.parametrize(
    ("logits", "targets", "message"),
    [
        (
            [[Value(1.0)] * 3] * 2,
            np.array([[0], [2]]),
            r"each of 3 classes, got \[0\]; give numbers, \[t\[0\] for t",
        ),
        ([[Value(1.0)] * 3], [2.0], r"got 2.0 \(float\); make ints of them, \[int\(t\) for t in targets\]$"),
        ([[Value(1.0)] * 3], [1.5], r"got 1.5 \(float\)$"),
        ([[Value(1.0)] * 3], [[0, 1]], r"each of 3 classes, got \[0, 1\]$"),
        ([[Value(1.0)]], [1], "target 1 is no index of a class, 0 to 0; .* there is binary_cross_entropy_with_logits$"),
        (
            [Value(1.0)] * 3,
            [0, 1, 1],
            r"those of one sample, and \[0, 1, 1\] is no row .* or take binary_cross_ent",
        ),
        ([Value(1.0)] * 3, [0, 0, 0], "those of one sample"),
        ([Value(1.0)] * 3, np.array([2, 0, 1]), "those of one sample"),
    ],
)
def test_wrong_targets_of_classes_are_errors_with_a_remedy(logits, targets, message):
    with pytest.raises((TypeError, ValueError), match=f"^cross_entropy: .*{message}"):
        cross_entropy(logits, targets)


def test_one_sample_may_be_its_row_alone():
    row = [Value(1.0), Value(2.0), Value(0.5)]
    assert cross_entropy(row, [0, 1, 0]).data == cross_entropy([row], [1]).data
    assert cross_entropy(row, [0.5, 0.75, 0.25]).data == cross_entropy([row], [[0.5, 0.75, 0.25]]).data


@pytest.mark.parametrize(
    ("loss", "target", "message"),
    [
        (hinge_loss, 0, r"targets -1 and 1, got 0"),
        (hinge_loss, 0.5, r"got 0\.5"),
        (hinge_loss, float("nan"), r"got nan"),
        (binary_cross_entropy_with_logits, -1, r"targets from 0 to 1, got -1"),
        (binary_cross_entropy_with_logits, 1.01, r"got 1\.01"),
        (binary_cross_entropy_with_logits, float("nan"), r"got nan"),
    ],
)
def test_targets_out_of_range_are_errors(loss, target, message):
    with pytest.raises(ValueError, match=message):
        loss(one, [target])


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        (-1, ValueError, "target -1 is no index of a class, 0 to 1"),
        (2, ValueError, "target 2 is no index of a class, 0 to 1"),
        (10**30, ValueError, "is no index of a class"),
        (1.0, TypeError, r"a target must be the index of a class, an int, or a row .*, got 1\.0 \(float\)"),
        ("0", TypeError, r"a target must be the index of a class, an int, or a row .*, got '0' \(str\)"),
        (None, TypeError, r"got None"),
        ({0: 1.0}, TypeError, r"got \{0: 1\.0\} \(dict\)"),
        (["a", "b"], TypeError, r"cross_entropy: targets must be numbers, .* got 'a' \(str\)"),
        (np.array("2020-01-01", "M8[ns]"), TypeError, "turn dates and durations into floats"),
    ],
)
def test_classes_out_of_range_are_errors(target, error, message):
    for predictions, targets in (([two], [target]), (two, target)):
        with pytest.raises(error, match=message):
            cross_entropy(predictions, targets)


@pytest.mark.parametrize("logits", [[0.5, 0.25], np.array([0.5, 0.25]), torch.tensor([0.5, 0.25])])
def test_scores_that_are_no_values_are_named_and_not_the_target(logits):
    with pytest.raises(
        TypeError, match=r"cross_entropy takes a list of Values, .* got 0\.5 \(float\) among the predict"
    ):
        cross_entropy(logits, 1)


def test_a_row_of_scores_may_hold_numbers_beside_values():
    score = Value(1.0)
    expected = cross_entropy([[Value(0.0), score]], [1]).data
    assert cross_entropy([[0.0, score]], [1]).data == cross_entropy([0.0, score], 1).data == expected


SHUFFLED = [2, 0, 1]  # labels of rows, which must not count
CLASSES = {
    "torch": torch.tensor([0, 1, 0]),
    "torch's in a list": [torch.tensor(0), torch.tensor(1), torch.tensor(0)],
    "torch of bytes": torch.tensor([0, 1, 0], dtype=torch.uint8),
    "numpy": np.array([0, 1, 0]),
    "numpy's in a list": [np.array(0), np.array(1), np.array(0)],
    "numpy of objects": np.array([0, 1, 0], dtype=object),
    "bools": [False, True, False],
    "pandas": pd.Series([0, 1, 0], index=SHUFFLED),
    "pandas, nullable": pd.Series([0, 1, 0], index=SHUFFLED, dtype="Int64"),
    "pandas, categories": pd.Series([0, 1, 0], index=SHUFFLED, dtype="category"),
    "polars": pl.Series([0, 1, 0]),
    "arrow": pa.array([0, 1, 0]),
    "arrow in chunks": pa.chunked_array([[0], [1, 0]]),
    "arrow's in a list": list(pa.array([0, 1, 0])),
}


@pytest.mark.parametrize("targets", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("loss", [mse_loss, l1_loss, huber_loss, binary_cross_entropy_with_logits, cross_entropy])
def test_targets_of_every_library_are_read_by_position(loss, targets):
    scores = [Value(0.5), Value(-2.0), Value(1.5)]
    if loss is cross_entropy:
        scores = [[score, Value(0.25)] for score in scores]
    assert loss(scores, targets).data == loss(scores, [0, 1, 0]).data


@pytest.mark.parametrize("make", [lambda rows: np.array(rows, dtype=object), lambda rows: pd.Series(rows, SHUFFLED)])
@pytest.mark.parametrize("loss", [mse_loss, binary_cross_entropy_with_logits])
def test_predictions_in_other_containers_are_read_by_position(loss, make):
    scores = [Value(0.5), Value(-2.0), Value(1.5)]
    assert loss(make(scores), [0, 1, 0]).data == loss(scores, [0, 1, 0]).data


@pytest.mark.parametrize("rows", [np.array, torch.tensor, pd.DataFrame, pl.DataFrame], ids=lambda kind: kind.__name__)
def test_probabilities_of_every_library_are_read_by_position(rows):
    probabilities = [[0.25, 0.75], [0.5, 0.5]]
    table = rows(probabilities, orient="row") if rows is pl.DataFrame else rows(probabilities)
    logits = [[Value(0.5), Value(1.0)], [Value(2.0), Value(-1.0)]]
    assert cross_entropy(logits, table).data == cross_entropy(logits, probabilities).data


INF = math.inf
LIMITS = [  # logit, target, loss, and the slopes with respect to the logit
    (INF, 1.0, 0.0, 0.0),
    (INF, 0.0, INF, 1.0),
    (INF, 0.25, INF, 0.75),
    (-INF, 0.0, 0.0, 0.0),
    (-INF, 1.0, INF, -1.0),
    (-INF, 0.25, INF, -0.25),
]


@pytest.mark.parametrize(("logit", "target", "loss", "slope"), LIMITS)
def test_binary_losses_of_infinite_logits_are_the_limits(logit, target, loss, slope):
    """PyTorch has them too, but for nan where its formula takes inf from inf, or 0 times inf."""
    expected = F.binary_cross_entropy_with_logits(tensor(logit), tensor(target))
    assert expected.item() == loss or math.isnan(expected.item())
    for kind in (float, Value):
        p = Value(logit)
        out = binary_cross_entropy_with_logits([p], [kind(target)])
        out.backward()
        assert (out.data, p.grad, grad(out, p).data) == (loss, slope, slope)
        assert grad(grad(out, p), p).data == 0.0
    compiled = jit(lambda p, t: binary_cross_entropy_with_logits([p], [t]))
    assert compiled([logit], [target]).tolist() == [loss]
    weight = Value(1.0)
    compiled = jit(lambda p, t: binary_cross_entropy_with_logits([p + weight], [t]))
    compiled.backward([logit], [target])
    assert weight.grad == slope


@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_a_nan_among_binary_logits_stays(target):
    for kind in (float, Value):
        assert math.isnan(binary_cross_entropy_with_logits([Value(math.nan)], [kind(target)]).data)


@given(st.floats(-800, 800), st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0, 1))
def test_a_binary_target_that_is_a_value_gives_the_same(logit, target):
    losses = []
    for given_target in (target, Value(target)):
        p = Value(logit)
        loss = binary_cross_entropy_with_logits([p], [given_target])
        loss.backward()
        losses.append((loss.data, p.grad))
    assert losses[0] == losses[1]
    assert given_target.grad == pytest.approx(-logit, rel=1e-12)
