"""What fit is given besides samples and targets: weights, limits for gradients, samples for validation, metrics."""

import contextlib
import math
import random
import statistics
import warnings

import numpy as np
import pandas as pd
import pytest
import torch

from micrograd.engine import Value, draw
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    ExponentialLR,
    Module,
    ReduceLROnPlateau,
    accuracy,
    cross_entropy,
    evaluate,
    fit,
    hinge_loss,
    mse_loss,
    predict,
)

GENERATOR = np.random.default_rng(11)
X = GENERATOR.normal(size=(12, 2)).tolist()
Y = [1 if a * b > 0 else -1 for a, b in X]
CLASSES = [(y + 1) // 2 + (a > 0.5) for (a, _), y in zip(X, Y, strict=True)]
WEIGHTS = [0.0, 1.0, 0.5, 2.0] * 3


def train(epochs=3, sizes=(4, 1), loss=mse_loss, x=X, y=Y, lr=0.05, optimizer=SGD, **options):
    random.seed(7)
    model = MLP(2, list(sizes))
    options = {"shuffle": False, "progress": False, **options}
    history = fit(model, loss, optimizer(model.parameters(), lr=lr), x, y, epochs, **options)
    return model, history


def torch_net(sizes):
    random.seed(7)
    model = MLP(2, list(sizes))
    net = torch.nn.Sequential(torch.nn.Linear(2, sizes[0]), torch.nn.ReLU(), torch.nn.Linear(*sizes)).double()
    with torch.no_grad():
        for linear, layer in zip((net[0], net[2]), model.layers, strict=True):
            linear.weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64))
    return net


def torch_train(loss_of, epochs=3, sizes=(4, 1), batch_size=12, between=lambda net: None, lr=0.05):
    """The losses of epochs, and the parameters in our order."""
    net = torch_net(sizes)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, 12, batch_size):
            some = slice(start, start + batch_size)
            loss = loss_of(net(torch.tensor(X[some], dtype=torch.float64)), some)
            optimizer.zero_grad()
            loss.backward()
            between(net)
            optimizer.step()
            total += loss.item() * len(X[some])
        losses.append(total / 12)
    rows = [(net[i].weight.tolist(), net[i].bias.tolist()) for i in (0, 2)]
    return losses, [
        number for weights, biases in rows for w, b in zip(weights, biases, strict=True) for number in [*w, b]
    ]


def assert_equal(found, expected):
    (model, history), (losses, numbers) = found, expected
    np.testing.assert_allclose(history.loss, losses, rtol=1e-12)
    np.testing.assert_allclose([p.data for p in model.parameters()], numbers, rtol=1e-12, atol=1e-14)


def tensor(numbers, some=slice(None)):
    return torch.tensor(numbers[some], dtype=torch.float64)


# ---------------------------------------------------------------------------------------------- weights


@pytest.mark.parametrize("batch_size", [12, 5, 1])
def test_sample_weights_are_those_of_torch(batch_size):
    def loss(scores, some):
        return (tensor(WEIGHTS, some) * (scores[:, 0] - tensor(Y, some)) ** 2).mean()

    assert_equal(train(batch_size=batch_size, sample_weight=WEIGHTS), torch_train(loss, batch_size=batch_size))


@pytest.mark.parametrize("batch_size", [12, 5])
def test_class_weights_are_those_of_torch_but_for_its_divisor(batch_size):
    """Torch divides by the sum of the weights, Keras, and we, by the number of samples."""
    by_class = {0: 0.5, 1: 2.0, 2: 1.0}
    weights = tensor([by_class[c] for c in CLASSES])

    def loss(scores, some):
        targets = torch.tensor(CLASSES[some])
        return (weights[some] * torch.nn.functional.cross_entropy(scores, targets, reduction="none")).mean()

    found = train(sizes=(4, 3), loss=cross_entropy, y=CLASSES, batch_size=batch_size, class_weight=by_class)
    assert_equal(found, torch_train(loss, sizes=(4, 3), batch_size=batch_size))


def test_both_are_multiplied():
    by_class = {-1: 0.5, 1: 2.0}
    both = [w * by_class[y] for w, y in zip(WEIGHTS, Y, strict=True)]
    assert train(sample_weight=WEIGHTS, class_weight=by_class)[1] == train(sample_weight=both)[1]


def test_a_weight_of_two_is_a_sample_twice():
    twice, _ = train(x=[*X, X[3]], y=[*Y, Y[3]], lr=0.13)
    weighted, _ = train(sample_weight=[1.0] * 3 + [2.0] + [1.0] * 8, lr=0.12)
    assert list(twice.state_dict().values()) == pytest.approx(list(weighted.state_dict().values()), rel=1e-12)


def test_weights_of_one_change_nothing():
    plain, history = train(batch_size=5)
    weighted, same = train(batch_size=5, sample_weight=np.ones(12, dtype=int))
    assert same.loss == pytest.approx(history.loss, rel=1e-13)
    assert list(weighted.state_dict().values()) == pytest.approx(list(plain.state_dict().values()), rel=1e-13)


def test_weights_may_come_from_anywhere_and_follow_the_shuffling():
    found = [
        train(batch_size=4, shuffle=True, seed=3, sample_weight=weights)[1]
        for weights in (
            WEIGHTS,
            tuple(WEIGHTS),
            np.array(WEIGHTS),
            torch.tensor(WEIGHTS),
            pd.Series(WEIGHTS, index=range(12, 0, -1)),
        )
    ]
    assert all(history == found[0] for history in found)
    order = [5, 3, 1, 0, 2, 4, 6, 8, 7, 10, 9, 11]
    x, y, weights = ([rows[i] for i in order] for rows in (X, Y, WEIGHTS))
    for shuffled in (False, True):  # one batch: the order is but one of a sum
        assert train(x=x, y=y, sample_weight=weights, shuffle=shuffled)[1].loss == pytest.approx(
            train(sample_weight=WEIGHTS)[1].loss, rel=1e-12
        )


def test_weights_follow_their_samples_and_do_not_count_in_validation():
    """Those put aside have large weights; with and without, their loss is computed in the same way."""
    seen = []

    def loss(predictions, targets):
        seen.append(tuple(targets))
        return mse_loss(predictions, targets)

    names = list(range(12))
    _, history = train(1, loss=loss, y=names, validation=0.25, seed=4, sample_weight=[1.0 if i else 9.0 for i in names])
    aside = seen[-1]
    trained = {t for targets in seen[1:-1] for t in targets}
    assert len(aside) == 3
    assert trained | set(aside) == set(names)
    assert not trained & set(aside)
    weights = [1e6 if i in aside else 1.0 for i in names]
    plain = train(3, y=names, validation=0.25, seed=4)[1]
    weighted = train(3, y=names, validation=0.25, seed=4, sample_weight=weights)[1]
    assert weighted["val_loss"] == pytest.approx(plain["val_loss"], rel=1e-12)
    assert len(history["val_loss"]) == 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"sample_weight": WEIGHTS[:-1]}, ValueError, "a number for each of 12 samples, got 11"),
        ({"sample_weight": [-1.0, *WEIGHTS[1:]]}, ValueError, "sample_weight: weight 0 must be .* at least 0, got -1"),
        ({"sample_weight": [*WEIGHTS[:-1], math.nan]}, ValueError, "weight 11 must be a number of at least 0, got nan"),
        ({"sample_weight": [*WEIGHTS[:-1], math.inf]}, ValueError, "weight 11 must be a number of at least 0, got inf"),
        ({"sample_weight": [[w] for w in WEIGHTS]}, ValueError, r"weight 0 must be a number .*, got \[0\.0\]"),
        ({"sample_weight": 1.0}, TypeError, "sample_weight must be a list, a tuple or an array, got 1.0"),
        ({"sample_weight": ["a"] * 12}, TypeError, "fit: sample_weight must be numbers"),
        ({"sample_weight": [0.0] * 12}, ValueError, "the weights of all samples are 0"),
        ({"class_weight": {1: 1.0}}, ValueError, "class_weight has no weight for the class -1; it has 1$"),
        ({"class_weight": {"1": 1.0, 2: 1.0}}, ValueError, "has no weight for the class -1, 1; it has '1', 2"),
        ({"class_weight": {}}, ValueError, "class_weight has no weight for the class -1, 1; it has none"),
        ({"class_weight": {1: 1.0, -1: -2.0}}, ValueError, "class_weight: that of -1 must be .* at least 0, got -2.0"),
        ({"class_weight": {1: 1.0, -1: "a"}}, ValueError, "class_weight: that of -1 must be a number"),
        ({"class_weight": {1: 0.0, -1: 0.0}}, ValueError, "the weights of all samples are 0"),
        ({"class_weight": "balanced"}, TypeError, "class_weight must be a dict .*, got 'balanced'"),
        ({"class_weight": {1: 1.0}, "y": [[y] for y in Y]}, TypeError, "that are classes, got rows; use sample_weight"),
        ({"clip_grad_norm": -1.0}, ValueError, "fit: clip_grad_norm must be a number of at least 0, got -1.0"),
        ({"clip_grad_value": math.nan}, ValueError, "fit: clip_grad_value must be a number of at least 0, got nan"),
        ({"clip_grad_norm": 1.0, "clip_grad_value": 1.0}, ValueError, "two ways to clip gradients; choose one"),
        ({"validation": 0}, ValueError, "fit: validation must be .*, or a fraction between 0 and 1, got 0"),
        ({"validation": 0.0}, ValueError, "a fraction between 0 and 1, got 0.0"),
        ({"validation": 1.0}, ValueError, "a fraction between 0 and 1, got 1.0"),
        ({"validation": math.nan}, ValueError, "a fraction between 0 and 1, got nan"),
        ({"validation": 0.01}, ValueError, "0.01 of 12 samples leaves 0 for validation and 12 to train"),
        ({"validation": 0.99}, ValueError, "0.99 of 12 samples leaves 12 for validation and 0 to train"),
        ({"validation": True}, TypeError, r"validation must be \(X, y\), or a fraction .* got True"),
        ({"validation": (X,)}, TypeError, r"validation must be \(X, y\)"),
        ({"validation": X}, TypeError, r"validation must be \(X, y\)"),
        ({"validation": (X, Y[1:])}, ValueError, "fit: validation needs a target for each sample, got 12"),
        ({"validation": ([], [])}, ValueError, "fit: validation needs at least one sample"),
        ({"validation": (["a"], [1])}, TypeError, "fit: validation: X must be numbers"),
        ({"validation": ([[1.0, 2.0, 3.0]], [1])}, ValueError, "takes 2 inputs, got 3"),
        ({"validation": (X, [[y, y] for y in Y])}, ValueError, "mse_loss needs one target for a prediction"),
        ({"validation": (X, [*Y[1:], [1, 1]])}, ValueError, "mse_loss needs one target for a prediction"),
        ({"metrics": {"a": lambda p, t: None}}, TypeError, "fit: the metric 'a' must return a number, got None"),
        ({"metrics": {"a": accuracy}, "y": [*Y[1:], -100]}, ValueError, "accuracy takes targets 0 and 1, .* got -100"),
        ({"metrics": {"a": accuracy}, "validation": (X, [3] * 12)}, ValueError, "accuracy takes targets .* got 3"),
        ({"metrics": {"a": lambda p: 1.0}}, TypeError, "takes 1 positional argument"),
        ({"metrics": {"val_loss": accuracy}}, ValueError, "fit: a metric cannot be called 'val_loss'"),
        ({"metrics": [accuracy]}, TypeError, "fit: metrics must be a dict of functions"),
        ({"schedule": 3}, TypeError, "fit: schedule must be a schedule or a list of them, got 3"),
        ({"schedule": [None]}, TypeError, "fit: schedule must be a schedule or a list of them, got None"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("jit", [False, True])
def test_wrong_arguments_change_nothing(options, error, message, jit):
    random.seed(7)
    model = MLP(2, [4, 1])
    before, state = model.state_dict(), random.getstate()
    optimizer = SGD(model.parameters(), lr=0.1)
    options = {"X": X, "y": Y, **options}
    with pytest.raises(error, match=message):
        fit(model, mse_loss, optimizer, epochs=1, batch_size=4, progress=False, jit=jit, **options)
    assert (model.state_dict(), random.getstate(), model.training) == (before, state, True)


NO_LOSS = {
    "a target that is ignored": (cross_entropy, (4, 3), X, [-100 if i % 4 == 0 else c for i, c in enumerate(CLASSES)]),
    "a target that is no class": (cross_entropy, (4, 3), X, [7 if i % 4 == 0 else c for i, c in enumerate(CLASSES)]),
    "an infinite target": (mse_loss, (4, 1), X, [math.inf if i % 4 == 0 else y for i, y in enumerate(Y)]),
    "a target that is unknown": (mse_loss, (4, 1), X, [math.nan if i % 4 == 0 else y for i, y in enumerate(Y)]),
    "an unknown sample": (mse_loss, (4, 1), [[math.nan, 1.0] if i % 4 == 0 else x for i, x in enumerate(X)], Y),
    "a huge sample": (hinge_loss, (4, 1), [[1e300, 1e300] if i % 4 == 0 else x for i, x in enumerate(X)], Y),
}


@pytest.mark.parametrize("case", NO_LOSS)
@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("batch_size", [12, 5, 1])
def test_what_has_weight_0_counts_for_nothing(case, jit, batch_size):
    """Whatever its loss: the training is that of other samples in its place, also of a batch of such alone."""
    loss, sizes, x, y = NO_LOSS[case]
    convert = np.array if jit else list
    options = {"loss": loss, "sizes": sizes, "batch_size": batch_size}
    model, history = train(
        x=convert(x), y=convert(y), sample_weight=WEIGHTS, jit=jit, shuffle=True, seed=2, **options
    )  # fmt: skip
    _, _, good_x, good_y = (loss, sizes, X, CLASSES if loss is cross_entropy else Y)
    expected, same = train(x=good_x, y=good_y, sample_weight=WEIGHTS, shuffle=True, seed=2, **options)
    assert not history.diverged
    np.testing.assert_allclose(history.loss, same.loss, rtol=1e-9)
    np.testing.assert_allclose(list(model.state_dict().values()), list(expected.state_dict().values()), rtol=1e-9)


@pytest.mark.parametrize("jit", [False, True])
def test_a_class_that_the_loss_ignores_has_weight_0(jit):
    """As in torch, but for its divisor."""
    y = NO_LOSS["a target that is ignored"][-1]
    by_class = {0: 0.5, 1: 2.0, 2: 1.0, -100: 0}
    weights = tensor([by_class[c] for c in y])

    def loss(scores, some):
        each = torch.nn.functional.cross_entropy(scores, torch.tensor(y[some]), reduction="none")
        return (weights[some] * each).mean()

    found = train(sizes=(4, 3), loss=cross_entropy, y=y, batch_size=5, class_weight=by_class, jit=jit)
    losses, numbers = torch_train(loss, sizes=(4, 3), batch_size=5)
    np.testing.assert_allclose(found[1].loss, losses, rtol=1e-12)
    np.testing.assert_allclose([p.data for p in found[0].parameters()], numbers, rtol=1e-9, atol=1e-14)
    with pytest.warns(RuntimeWarning, match="targets that the loss ignores: they need the weight 0"):
        train(sizes=(4, 3), loss=cross_entropy, y=y, sample_weight=[1.0] * 12)


def test_metrics_are_measured_with_all_samples_as_they_are():
    seen = []
    train(1, x=X, y=list(range(12)), sample_weight=WEIGHTS, metrics={"m": lambda p, t: seen.append(t) or 0.0})
    assert seen == [list(range(12))] * 2


def test_weights_that_the_split_leaves_at_0_are_refused():
    """The only sample that counts may be put aside."""
    names, weights = list(range(12)), [1.0] + [0.0] * 11
    refused = 0
    for seed in range(8):
        with contextlib.suppress(ValueError):
            train(1, y=names, validation=0.5, seed=seed, sample_weight=weights)
            continue
        refused += 1
    assert 0 < refused < 8


# ---------------------------------------------------------------------------------------------- clipping


@pytest.mark.parametrize(
    ("options", "clip"),
    [
        ({"clip_grad_norm": 0.1}, lambda net: torch.nn.utils.clip_grad_norm_(net.parameters(), 0.1)),
        ({"clip_grad_norm": 1e3}, lambda net: torch.nn.utils.clip_grad_norm_(net.parameters(), 1e3)),
        ({"clip_grad_norm": 0.0}, lambda net: torch.nn.utils.clip_grad_norm_(net.parameters(), 0.0)),
        ({"clip_grad_value": 0.05}, lambda net: torch.nn.utils.clip_grad_value_(net.parameters(), 0.05)),
    ],
    ids=["norm", "wide", "nothing", "value"],
)
@pytest.mark.parametrize("batch_size", [12, 5])
def test_gradients_are_clipped_as_in_torch(options, clip, batch_size):
    def loss(scores, some):
        return torch.nn.functional.mse_loss(scores[:, 0], tensor(Y, some))

    assert_equal(
        train(batch_size=batch_size, lr=0.5, **options), torch_train(loss, batch_size=batch_size, between=clip, lr=0.5)
    )


# ---------------------------------------------------------------------------------------------- validation and metrics


class Squash(Module):
    """A model with dropout, so that modes can be told apart."""

    def __init__(self):
        self.inner = MLP(2, [4, 1], dropout=0.5)

    def __call__(self, x):
        return self.inner(x)


@pytest.mark.parametrize("jit", [False, True])
def test_validation_and_metrics_are_those_of_evaluate(jit):
    random.seed(7)
    model = Squash()
    optimizer = Adam(model.parameters(), lr=0.05)
    validation = (X[:5], Y[:5])
    expected = []

    class Look:
        def on_epoch_end(self, state):
            here = evaluate(model, hinge_loss, X, Y, metrics={"accuracy": accuracy})
            there = evaluate(model, hinge_loss, *validation, metrics={"accuracy": accuracy})
            expected.append((here["accuracy"], there["loss"], there["accuracy"]))

    history = fit(
        model, hinge_loss, optimizer, np.array(X), np.array(Y), 8, 5, seed=1, progress=False, validation=validation,
        metrics={"accuracy": accuracy}, callbacks=[Look()], jit=jit,
    )  # fmt: skip
    assert list(history) == ["loss", "lr", "accuracy", "val_loss", "val_accuracy"]
    found = list(zip(history["accuracy"], history["val_loss"], history["val_accuracy"], strict=True))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_loss_that_is_a_mean_for_the_training_samples_alone_is_not_taken_for_one_in_validation():
    def loss(predictions, targets):
        return mse_loss(predictions, targets) * (2 if len(targets) > 20 else 1)

    eager, compiled = (train(loss=loss, validation=(X * 2, Y * 2), jit=jit)[1]["val_loss"] for jit in (False, True))
    np.testing.assert_allclose(compiled, eager, rtol=1e-12)


@pytest.mark.parametrize("jit", [False, True])
def test_looking_does_not_change_the_training(jit):
    """Not the order, not what is dropped, not the numbers: with a seed and without."""
    for seed in (None, 5):
        options = {"batch_size": 5, "shuffle": True, "seed": seed, "jit": jit}
        model, history = train(4, **options)
        watched, same = train(4, validation=(X, Y), metrics={"accuracy": accuracy}, **options)
        assert watched.state_dict() == model.state_dict()
        assert same.loss == history.loss


def test_metrics_without_validation():
    _, history = train(2, metrics={"accuracy": accuracy, "half": lambda p, t: 0.5})
    assert list(history) == ["loss", "lr", "accuracy", "half"]
    assert history["half"] == [0.5, 0.5]


def test_a_metric_cannot_spoil_the_targets():
    def spoil(predictions, targets):
        predictions.clear()
        targets.reverse()
        return 0.0

    _, history = train(3, metrics={"spoil": spoil, "accuracy": accuracy}, validation=(X, Y))
    del history["spoil"], history["val_spoil"]
    assert history == train(3, metrics={"accuracy": accuracy}, validation=(X, Y))[1]


@pytest.mark.parametrize("jit", [False, True])
def test_a_metric_may_want_predictions_that_differ_and_warn_where_it_is_tried(jit):
    calls = []

    def metric(predictions, targets):
        calls.append((len(predictions), len(targets)))
        if len(calls) <= 2:
            warnings.warn("a trial", RuntimeWarning, stacklevel=1)
        return statistics.correlation(predictions, targets)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, history = train(3, metrics={"r": metric}, validation=(X[:5], Y[:5]), jit=jit)
    assert calls == [(12, 12), (5, 5), *[(12, 12), (5, 5)] * 3]
    assert len(history["r"]) == 3


def test_a_metric_that_fails_is_named():
    with pytest.raises(ZeroDivisionError) as found:
        train(metrics={"odd": lambda p, t: 1 / 0})
    assert found.value.__notes__ == [
        "fit tried the metric 'odd' before the training, on all targets and what the model says to the first samples"
    ]


def test_a_metric_that_returns_no_number_is_named():
    with pytest.raises(TypeError, match="fit: the metric 'odd' must return a number, got None"):
        train(metrics={"odd": lambda p, t: None})


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_the_fraction_is_the_same_in_each_call_and_by_the_seed_alone(seed):
    def aside(state):
        random.seed(state)
        seen = []

        def last(predictions, targets):
            seen.append(tuple(targets))
            return 0.0

        w = Value(0.0)
        fit(lambda x: w * x[0], mse_loss, SGD([w]), range(20), range(20), 1, 3, seed=seed, validation=0.3,
            metrics={"last": last}, progress=False)  # fmt: skip
        assert list(seen[0]) == sorted(seen[0])
        assert sorted(seen[0] + seen[1]) == list(range(20))
        return seen[1]

    assert aside(1) == aside(2)
    assert len(aside(1)) == 6


def test_other_seeds_put_other_samples_aside():
    found = {tuple(train(1, validation=0.5, seed=seed)[1]["val_loss"]) for seed in range(5)}
    assert len(found) == 5


@pytest.mark.parametrize("read", [list, np.array, pd.DataFrame, torch.DoubleTensor], ids=lambda read: read.__name__)
@pytest.mark.parametrize("jit", [False, True])
def test_a_fraction_of_whatever_holds_samples(read, jit):
    history = train(2, x=read(X), validation=0.25, seed=1, jit=jit)[1]
    expected = train(2, validation=0.25, seed=1)[1]
    assert history["val_loss"] == pytest.approx(expected["val_loss"], rel=1e-9)
    assert history.loss == pytest.approx(expected.loss, rel=1e-9)


def test_validation_that_draws_leaves_the_order_alone():
    """Before the first epoch one sample of it is tried, which must not draw from what the training draws from."""
    w = Value(0.5)

    def model(x):
        return w * x[0] * draw()

    random.seed(1)
    fit(model, mse_loss, SGD([w]), [1.0], [1.0], 0, validation=([1.0], [1.0]), progress=False)
    after = random.random()
    random.seed(1)
    assert random.random() == after


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("validation", [None, (X[:4], [-y for y in Y[:4]])], ids=["loss", "validation loss"])
def test_a_plateau_is_one_of_the_validation_loss_if_there_is_one(validation, jit):
    """Torch's schedule beside it gets the column of the history, and the one after it steps too."""
    random.seed(7)
    model = MLP(2, [4, 1])
    optimizer = SGD(model.parameters(), lr=0.1)
    schedules = [ReduceLROnPlateau(optimizer, factor=0.5, patience=2, threshold=0.05), ExponentialLR(optimizer, 0.99)]
    history = fit(model, mse_loss, optimizer, X, Y, 30, 5, seed=1, schedule=schedules, validation=validation,
                  progress=False, jit=jit)  # fmt: skip
    theirs = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, factor=0.5, patience=2, threshold=0.05)
    decay = torch.optim.lr_scheduler.ExponentialLR(theirs, 0.99)
    rates = []
    for loss in history["val_loss" if validation else "loss"]:
        rates.append(theirs.param_groups[0]["lr"])
        theirs.step()
        plateau.step(loss)
        decay.step()
    np.testing.assert_allclose(history.lr, rates, rtol=1e-12)
    assert rates[-1] < 0.1 * 0.99**29 / 1.9


def test_predictions_after_training_are_those_that_were_measured():
    seen = []

    def keep(predictions, targets):
        seen.append(predictions)
        return 0.0

    model, _ = train(3, metrics={"keep": keep})
    assert predict(model, X) == seen[-1]


@pytest.mark.parametrize("jit", [False, True])
def test_a_validation_loss_that_is_no_mean_of_single_ones_is_what_evaluate_says(jit):
    """Targets that are ignored count in neither way, and weights of classes divide by those of all samples."""
    random.seed(0)
    X = [[random.gauss(0, 1) for _ in range(2)] for _ in range(8)]
    y, others = [0, 1, 2, 1, 0, 2, 1, 1], [0, -100, 2, -100, 1, 1, 0, 2]
    model = MLP(2, [3])
    optimizer = SGD(model.parameters(), lr=0.1)
    history = fit(model, cross_entropy, optimizer, X, y, 2, validation=(X, others), jit=jit, progress=False)
    assert history["val_loss"][-1] == pytest.approx(evaluate(model, cross_entropy, X, others)["loss"], rel=1e-12)


def root_mean_square(predictions, targets):
    return mse_loss(predictions, targets) ** 0.5


@pytest.mark.parametrize("weights", [None, [1.0, 1.0, 1.0]])
@pytest.mark.parametrize("loss", [root_mean_square, lambda p, t: cross_entropy(p, t, weight=[1.0, 5.0])])
def test_what_is_no_mean_is_no_mean_for_validation_either(loss, weights):
    """One sample to train with, or weights, do not tell; nor do targets that are all alike."""
    X, y = ([[1.0]], [1]) if weights is None else ([[1.0], [2.0], [-1.0]], [0, 1, 1])
    others = [0, 1, 1] if loss is not root_mean_square else [1, 1, 1]
    found = []
    for jit in (False, True):
        random.seed(0)
        model = MLP(1, [1 if loss is root_mean_square else 2])
        optimizer = SGD(model.parameters(), lr=0.1)
        validation = ([[0.0], [1.0], [2.0]], others)
        options = {"validation": validation, "sample_weight": weights, "jit": jit, "progress": False}
        found.append(fit(model, loss, optimizer, X, y, 3, **options)["val_loss"])
    assert found[0] == pytest.approx(found[1], rel=1e-12)
