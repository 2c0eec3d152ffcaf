"""Weights, ignored targets, smoothed labels and the like, against torch.nn.functional in float64."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import (
    MLP,
    SGD,
    binary_cross_entropy_with_logits,
    cross_entropy,
    fit,
    huber_loss,
    l1_loss,
    mse_loss,
)

INF, NAN = math.inf, math.nan
REDUCTIONS = ["mean", "sum", "none"]
TOLERANCE = {"rtol": 1e-12, "atol": 1e-14}
TENSORS = ("weight", "pos_weight")
reductions = pytest.mark.parametrize("reduction", REDUCTIONS)


def leaves_like(numbers):
    leaves = [Value(x) for x in np.ravel(numbers).tolist()]
    return leaves, np.array(leaves, dtype=object).reshape(np.shape(numbers)).tolist()


def flat(losses):
    return [losses] if isinstance(losses, Value) else list(itertools.chain(*map(flat, losses)))


def both(ours, theirs, logits, targets, **options):
    """The losses and the gradients of their sum, ours and torch's."""
    leaves, rows = leaves_like(logits)
    losses = flat(ours(rows, targets, **options))
    sum(losses[1:], losses[0]).backward()

    x = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    kind = torch.int64 if np.array(targets).dtype.kind == "i" else torch.float64
    given_tensors = {k: torch.tensor(v, dtype=torch.float64) if k in TENSORS else v for k, v in options.items()}
    expected = theirs(x, torch.tensor(targets, dtype=kind), **given_tensors)
    expected.sum().backward()
    return (
        ([loss.data for loss in losses], [leaf.grad for leaf in leaves]),
        (expected.detach().ravel().numpy(), x.grad.ravel().numpy()),
    )


def check(*args, **options):
    (losses, gradients), (expected, slopes) = both(*args, **options)
    np.testing.assert_allclose(losses, expected, **TOLERANCE)
    np.testing.assert_allclose(gradients, slopes, **TOLERANCE)


REGRESSION = {"mse": (mse_loss, F.mse_loss), "l1": (l1_loss, F.l1_loss), "huber": (huber_loss, F.huber_loss)}
regression = pytest.mark.parametrize("kind", REGRESSION)
ERRORS = [-INF, -1e200, -3.0, -1.0, -0.5, -0.0, 0.0, 5e-324, 0.5, 1.0, 1.5, 40.0, INF, NAN]
BINARY = binary_cross_entropy_with_logits, F.binary_cross_entropy_with_logits


@regression
@pytest.mark.parametrize("weight", [1.0, 0.0, 2.5, -1.0, INF, NAN])
def test_the_weight_of_an_error_is_that_of_torch(kind, weight):
    for error in ERRORS:
        check(*REGRESSION[kind], [error], [0.0], reduction="none", weight=[weight])
        check(*REGRESSION[kind], [error, 0.25], [0.0, -1.0], reduction="mean", weight=[weight, 2.0])


@regression
@reductions
@pytest.mark.parametrize("weight", [[3.0, 0.5, 1.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0], [-1.0, 1.0, 1.0]])
def test_weights_of_lists_and_rows_are_those_of_torch(kind, reduction, weight):
    predictions, targets = [1.5, -2.0, 0.5], [0.0, 0.25, 3.0]
    check(*REGRESSION[kind], predictions, targets, reduction=reduction, weight=weight)
    rows = {"weight": [weight, weight[::-1]], "reduction": reduction}
    check(*REGRESSION[kind], [predictions, targets], [targets, [1.0, 1.0, 1.0]], **rows)


@regression
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.01, 10)), min_size=1, max_size=6),
    st.sampled_from(REDUCTIONS),
)
def test_random_weights_match_torch(kind, samples, reduction):
    predictions, targets, weight = map(list, zip(*samples, strict=True))
    check(*REGRESSION[kind], predictions, targets, reduction=reduction, weight=weight)


@pytest.mark.parametrize("delta", [1.0, 1, 0.5, 2.0, 1e-320, 1e308, INF])
def test_huber_is_that_of_torch_on_both_sides_of_delta(delta):
    for error in [*ERRORS, delta, -delta, math.nextafter(delta, 0), math.nextafter(delta, INF)]:
        check(huber_loss, F.huber_loss, [error], [0.0], delta=delta)
        check(huber_loss, F.huber_loss, [error], [0.0], delta=delta, weight=[3.0])
    check(huber_loss, F.huber_loss, [1.0, 5.0], [0.0, 0.0], reduction="sum", delta=delta)


@reductions
@pytest.mark.parametrize(
    "options",
    [
        {"weight": [2.0, 0.5]},
        {"weight": [[2.0, 0.5], [0.0, 1.0], [3.0, 3.0]]},
        {"weight": 3.0},
        {"weight": [3.0]},
        {"weight": [[2.0], [0.5], [1.0]]},
        {"weight": [[2.0, 0.5]]},
        {"pos_weight": 4.0},
        {"pos_weight": [4.0]},
        {"pos_weight": [4.0, 0.25]},
        {"pos_weight": [[2.0, 0.5], [0.0, 1.0], [3.0, 3.0]]},
        {"pos_weight": 0.0},
        {"pos_weight": -1.0},
        {"pos_weight": [4.0, 0.25], "weight": [[2.0], [0.5], [1.0]]},
    ],
    ids=str,
)
def test_weights_of_two_classes_are_those_of_torch(reduction, options):
    logits, targets = [[0.5, -2.0], [30.0, -40.0], [0.0, 1.5]], [[0.0, 1.0], [1.0, 0.25], [0.75, 0.0]]
    check(*BINARY, logits, targets, reduction=reduction, **options)


@pytest.mark.parametrize("pos_weight", [1.0, 0.0, 3.0])
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_weights_of_two_classes_at_infinite_logits_are_limits(pos_weight, target):
    """PyTorch has them too, but for nan where its formula takes inf from inf, or 0 times inf."""
    for logit in (-INF, INF, -1000.0, 1000.0):
        options = {"pos_weight": pos_weight, "weight": 2.0, "reduction": "none"}
        (losses, gradients), (expected, slopes) = both(*BINARY, [logit], [target], **options)
        part = (1 - target) if logit > 0 else pos_weight * target
        assert losses == [2 * part * abs(logit) if part else 0.0]
        assert losses == expected or np.isnan(expected)
        np.testing.assert_allclose(gradients, slopes, **TOLERANCE)


LOGITS = [[1.0, 2.0, 3.0], [0.0, -1.0, 0.5], [1000.0, -1000.0, 0.0], [4.0, 4.0, 4.0]]
INDICES = [[0, 2, 1, 0], [0, -100, 2, -100], [-100] * 4, [1, 1, 1, 1]]
PROBABILITIES = [
    [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.1, 0.1, 0.1]],
    [[0.0, 0.0, 1.0], [0.25, 0.5, 0.25], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]],
]
CLASSES = {  # options of cross_entropy
    "plain": {},
    "weights": {"weight": [1.0, 2.0, 4.0]},
    "a weight of 0": {"weight": [0.0, 2.0, 4.0]},
    "weights of 0": {"weight": [0.0, 0.0, 0.0]},
    "a negative weight": {"weight": [-1.0, 2.0, 4.0]},
    "smoothed": {"label_smoothing": 0.1},
    "smoothed away": {"label_smoothing": 1},
    "smoothed, weights": {"label_smoothing": 0.3, "weight": [1.0, 2.0, 4.0]},
    "smoothed, a weight of 0": {"label_smoothing": 0.3, "weight": [0.0, 2.0, 4.0]},
}
IGNORING = {
    "a class ignored": {"ignore_index": 1},
    "a class ignored, weights": {"ignore_index": 0, "weight": [1.0, 2.0, 4.0]},
    "a class ignored, smoothed": {"ignore_index": 1, "label_smoothing": 0.1},
    "all of it": {"ignore_index": 2, "label_smoothing": 0.2, "weight": [1.0, 2.0, 4.0]},
}


@reductions
@pytest.mark.parametrize("options", [*CLASSES.values(), *IGNORING.values()], ids=str)
@pytest.mark.parametrize("indices", INDICES, ids=str)
def test_options_with_indices_are_those_of_torch(indices, options, reduction):
    if options.get("ignore_index", -100) != -100:
        indices = [max(0, index) for index in indices]
    check(cross_entropy, F.cross_entropy, LOGITS, indices, reduction=reduction, **options)
    if "label_smoothing" in options and 0.0 in options.get("weight", []):
        reduction = "sum"  # PyTorch's mean has 0 / 0 in it where the target has a weight of 0
    for row, index in zip(LOGITS, indices, strict=True):
        check(cross_entropy, F.cross_entropy, row, index, reduction=reduction, **options)


@reductions
@pytest.mark.parametrize("options", CLASSES.values(), ids=str)
@pytest.mark.parametrize("probabilities", PROBABILITIES, ids=str)
def test_options_with_probabilities_are_those_of_torch(probabilities, options, reduction):
    check(cross_entropy, F.cross_entropy, LOGITS, probabilities, reduction=reduction, **options)
    check(cross_entropy, F.cross_entropy, LOGITS[0], probabilities[0], reduction=reduction, **options)


@pytest.mark.parametrize("options", CLASSES.values(), ids=str)
@pytest.mark.parametrize("target", [0, 1, -100, [0.0, 0.5, 0.5], [0.5, 0.5, 0.0]], ids=str)
@pytest.mark.parametrize("row", [[-INF, 0.0, 1.0], [0.0, -INF, -INF], [INF, 0.0, 1.0], [NAN, 0.0, 0.0], [-INF] * 3])
def test_options_at_infinite_logits_are_those_of_torch(row, target, options):
    reduction = "sum" if target == -100 else "none"
    if options.get("label_smoothing") == 1 and isinstance(target, int):
        row = [max(logit, -1000.0) for logit in row]  # PyTorch adds 0 times the loss without smoothing
    (losses, gradients), (expected, slopes) = both(
        cross_entropy, F.cross_entropy, [row], [target], reduction=reduction, **options
    )
    np.testing.assert_allclose(losses, expected, **TOLERANCE)
    np.testing.assert_allclose(gradients, slopes, **TOLERANCE)


@given(
    st.integers(1, 5).flatmap(
        lambda classes: st.tuples(
            st.lists(
                st.tuples(
                    st.lists(st.floats(-100, 100), min_size=classes, max_size=classes),
                    st.integers(0, classes - 1) | st.just(-100),
                ),
                min_size=1,
                max_size=4,
            ),
            st.lists(st.floats(0.01, 10), min_size=classes, max_size=classes),
        )
    ),
    st.floats(0, 1),
    st.sampled_from(REDUCTIONS),
)
def test_random_options_match_torch(batch, smoothing, reduction):
    samples, weight = batch
    rows, indices = map(list, zip(*samples, strict=True))
    options = {"reduction": reduction, "label_smoothing": smoothing, "weight": weight}
    check(cross_entropy, F.cross_entropy, rows, indices, **options)


def test_a_mean_over_nothing_is_nan_without_a_gradient_and_a_sum_is_0():
    leaves, rows = leaves_like(LOGITS)
    mean = cross_entropy(rows, [-100] * 4)
    mean.backward()
    assert math.isnan(mean.data)
    assert [leaf.grad for leaf in leaves] == [0.0] * 12
    assert cross_entropy(rows, [-100] * 4, "sum").data == 0.0


def test_weights_may_be_values_and_are_differentiated():
    weight = [Value(2.0), Value(3.0)]
    mse_loss([Value(1.0), Value(2.0)], [0.0, 0.0], "sum", weight=weight).backward()
    assert [w.grad for w in weight] == [1.0, 4.0]
    tensor = torch.tensor([2.0, 3.0], dtype=torch.float64, requires_grad=True)
    F.mse_loss(torch.tensor([1.0, 2.0]).double(), torch.zeros(2).double(), weight=tensor).backward()
    for w in weight:
        w.grad = 0.0
    mse_loss([Value(1.0), Value(2.0)], [0.0, 0.0], weight=weight).backward()
    assert [w.grad for w in weight] == pytest.approx(tensor.grad.tolist(), rel=1e-14)


@pytest.mark.parametrize("make", [tuple, np.array, torch.tensor, pd.Series, lambda w: map(float, w)])
def test_weights_come_from_any_library(make):
    scores, rows = [Value(0.5), Value(-2.0)], [[Value(0.5), Value(-2.0)]]
    for loss in (mse_loss, l1_loss, huber_loss, binary_cross_entropy_with_logits):
        assert loss(scores, [0, 1], weight=make([2.0, 3.0])).data == loss(scores, [0, 1], weight=[2.0, 3.0]).data
    assert cross_entropy(rows, [1], "sum", weight=make([2.0, 3.0])).data == cross_entropy(rows, [1]).data * 3.0


# Compiled


def compiled_options():
    for name, loss in {"mse": mse_loss, "l1": l1_loss, "huber": huber_loss, "bce": BINARY[0]}.items():
        for reduction in ("mean", "sum"):
            options = {"reduction": reduction, "weight": [2.5]}
            yield f"{name}, {reduction}", lambda p, t, loss=loss, o=options: loss([p[0]], [t], **o), [0, 1, 1, 0]
    yield "bce, pos_weight", lambda p, t: BINARY[0]([p[0]], [t], pos_weight=3.0), [0, 1, 1, 0]
    yield "huber, delta", lambda p, t: huber_loss([p[0]], [t], delta=0.25), [0, 1, 1, 0]
    for (name, options), reduction in itertools.product((CLASSES | IGNORING).items(), ("mean", "sum")):
        targets = [0, 2, 1, 2] if name in IGNORING else [0, -100, 1, 2]
        yield (
            f"{name}, {reduction}",
            lambda p, t, o={**options, "reduction": reduction}: cross_entropy([p], [t], **o),
            targets,
        )
        if name in CLASSES:
            yield (
                f"{name}, {reduction}, probabilities",
                lambda p, t, o={**options, "reduction": reduction}: cross_entropy([p], [t], **o),
                PROBABILITIES[0],
            )


COMPILED = {name: (loss, targets) for name, loss, targets in compiled_options()}


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_losses_are_the_eager_ones(name):
    loss, targets = COMPILED[name]
    shift = [Value(x) for x in (0.25, -0.5, 0.75)]

    def shifted(row, target):
        return loss([x + s for x, s in zip(row, shift, strict=True)], target)

    rows = [row if max(row) < 100 else [3.0, -2.0, 0.5] for row in LOGITS]
    compiled = jit(shifted)
    eager = [shifted([Value(x) for x in row], target) for row, target in zip(rows, targets, strict=True)]
    np.testing.assert_allclose(compiled(rows, targets), [e.data for e in eager], rtol=1e-9, atol=1e-12)
    compiled.backward(rows, targets)
    ours = [s.grad for s in shift]
    for s in shift:
        s.grad = 0.0
    (sum(eager[1:], eager[0]) / len(eager)).backward()
    np.testing.assert_allclose(ours, [s.grad for s in shift], rtol=1e-9, atol=1e-12)


WITH_WEIGHTS = {
    "mse": lambda row, w: mse_loss(row, [0.0, 1.0], weight=w),
    "bce": lambda row, w: BINARY[0](row, [0.0, 1.0], weight=w, pos_weight=w),
    "bce, one": lambda row, w: BINARY[0](row, [0.25, 1.0], weight=w[0], pos_weight=w[1]),
    "classes": lambda row, w: cross_entropy(row, 1, "sum", weight=w),
    "classes, smoothed": lambda row, w: cross_entropy(row, 1, weight=w, label_smoothing=0.2),
}


@pytest.mark.parametrize("loss", WITH_WEIGHTS.values(), ids=WITH_WEIGHTS)
def test_weights_may_be_inputs_of_a_compiled_function(loss):
    rows, weights = [[0.5, -1.0], [2.0, -3.0]], [[2.0, 3.0], [0.5, 4.0]]
    eager = [loss([Value(x) for x in row], weight).data for row, weight in zip(rows, weights, strict=True)]
    np.testing.assert_allclose(jit(loss)(rows, weights), eager, rtol=1e-12)


X = [[0.5, 1.0], [-1.0, 0.25], [2.0, -0.5], [0.0, 1.5], [1.0, 1.0], [-2.0, 0.5]]
CLASS = [0, 1, 2, 1, 0, 2]
SIGNS = [0, 1, 1, 0, 1, 0]
MEANS = {
    "l1": (l1_loss, 1, [0.5, 1.0, -2.0, 0.0, 3.0, 1.0]),
    "huber": (huber_loss, 1, [0.5, 1.0, -2.0, 0.0, 3.0, 1.0]),
    "equal weights": (
        lambda p, t: mse_loss(p, t, weight=[[2.0, 0.5]] * len(p)),
        2,
        [[1.0, 0.5]] * 3 + [[0.0, -1.0]] * 3,
    ),
    "bce": (lambda p, t: binary_cross_entropy_with_logits(p, t, pos_weight=[3.0], weight=0.5), 1, SIGNS),
    "smoothed": (lambda p, t: cross_entropy(p, t, label_smoothing=0.1), 3, CLASS),
    "weights of fit": (cross_entropy, 3, CLASS, {"class_weight": {0: 1.0, 1: 2.0, 2: 4.0}}),
    "nothing to ignore": (lambda p, t: cross_entropy(p, t, ignore_index=7), 3, CLASS),
    "weights and probabilities": (
        lambda p, t: cross_entropy(p, t, weight=[1.0, 2.0, 4.0], label_smoothing=0.2),
        3,
        [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]] * 2,
    ),
}


@pytest.mark.parametrize("kind", MEANS)
def test_losses_that_are_means_train_compiled_as_they_do_eagerly(kind):
    loss, outputs, y, *options = MEANS[kind]
    trained = []
    for compiled in (False, True):
        model = MLP(2, [3, outputs])
        for i, parameter in enumerate(model.parameters()):
            parameter.data = math.sin(i + 1.0)
        optimizer = SGD(model.parameters(), lr=0.05)
        history = fit(model, loss, optimizer, X, y, 5, 3, shuffle=False, progress=False, jit=compiled, **dict(*options))
        trained.append([*history.loss, *(parameter.data for parameter in model.parameters())])
    np.testing.assert_allclose(trained[1], trained[0], rtol=1e-9)


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        (lambda p, t: cross_entropy(p, t, weight=[1.0, 2.0, 4.0]), CLASS),
        (lambda p, t: cross_entropy(p, t, weight=[1.0, 2.0, 4.0], label_smoothing=0.1), CLASS),
        (cross_entropy, [0, 1, -100, 1, 0, 2]),
        (lambda p, t: cross_entropy(p, t, ignore_index=0), CLASS),
        (lambda p, t: cross_entropy(p, t, "sum", weight=[1.0, 2.0, 4.0]), CLASS),
    ],
    ids=["weights", "weights, smoothed", "ignored", "a class ignored", "sum"],
)
def test_losses_that_are_no_means_are_refused_compiled(loss, y):
    model = MLP(2, [3, 3])
    before = [p.data for p in model.parameters()]
    with pytest.raises(ValueError, match=r"takes a loss that is a mean over the samples, .* class_weight"):
        fit(model, loss, SGD(model.parameters(), lr=0.05), X, y, 5, 3, progress=False, jit=True)
    assert [p.data for p in model.parameters()] == before


# What is refused

one, rows = [Value(1.0)], [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mse_loss(one, [1], weight=[1, 2]), ValueError, "mse_loss needs as many weights as .* 1 and 2"),
        (lambda: l1_loss(rows, rows, weight=[1, 2]), TypeError, "l1_loss takes a list of 2 weights, got 1"),
        (lambda: huber_loss(one, [1], weight=2.0), TypeError, r"takes a list of 1 weights, got 2.0 \(float\)"),
        (lambda: mse_loss(one, [1], weight=["a"]), TypeError, "mse_loss: weights must be numbers, .* got 'a'"),
        (lambda: mse_loss(one, [1], weight=[[1]]), ValueError, r"mse_loss needs one weight for .* got \[1\]"),
        (lambda: huber_loss(one, [1], delta=0), ValueError, "huber_loss: delta must be a number above 0, got 0"),
        (lambda: huber_loss(one, [1], delta=NAN), ValueError, "delta must be a number above 0, got nan"),
        (lambda: huber_loss(one, [1], delta="1"), ValueError, "delta must be a number above 0, got '1'"),
        (lambda: BINARY[0](one, [1], pos_weight=[1, 2]), ValueError, "as many pos_weights as predictions, got 1 and 2"),
        (lambda: BINARY[0](one, [1], pos_weight="a"), TypeError, "pos_weights must be numbers, .* got 'a'"),
        (lambda: BINARY[0](rows, [[0, 1]] * 2, weight=[1, 2, 3]), ValueError, "as many weights as .* 2 and 3"),
        (lambda: cross_entropy(rows, [0, 1], weight=[1]), ValueError, "needs a weight for each of 2 classes, got 1"),
        (lambda: cross_entropy(rows, [0, 1], weight=2.0), TypeError, r"a list with a weight for each class, got 2.0"),
        (lambda: cross_entropy(rows, [0, 1], weight=["a", 1]), TypeError, "cross_entropy: weights must be numbers"),
        (lambda: cross_entropy(rows, [0, 1], ignore_index=1.0), ValueError, "ignore_index must be an int, got 1.0"),
        (lambda: cross_entropy(rows, [0, 1], ignore_index=None), ValueError, "ignore_index must be an int, got None"),
        (lambda: cross_entropy(rows, [[0, 1]] * 2, ignore_index=1), ValueError, "ignore_index=1 is for targets"),
        (lambda: cross_entropy(rows, [0, 1], label_smoothing=1.5), ValueError, "label_smoothing must be .* got 1.5"),
        (lambda: cross_entropy(rows, [0, 1], label_smoothing=-0.1), ValueError, "label_smoothing .* got -0.1"),
        (lambda: cross_entropy(rows, [0, 1], label_smoothing=NAN), ValueError, "label_smoothing .* got nan"),
        (lambda: cross_entropy(rows, [0, -100], ignore_index=-1), ValueError, "-100 is no index of a class, 0 to 1"),
        (lambda: cross_entropy(rows, [0, 1], "mean", [1, 1]), TypeError, "positional"),
    ],
)  # fmt: skip
def test_bad_options_are_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
