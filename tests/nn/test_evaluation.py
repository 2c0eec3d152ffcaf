"""evaluate, predict and accuracy: numbers in evaluation mode."""

import contextlib
import functools
import math

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import accuracy_score, f1_score, r2_score

from micrograd.engine import Value, draw
from micrograd.nn import MLP, SGD, Module, Neuron, accuracy, cross_entropy, evaluate, fit, hinge_loss, mse_loss, predict

X = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0], [0.5, -0.5], [2.0, 1.5]]
Y = [1, -1, 1, -1, 1]
JIT = pytest.mark.parametrize("jit", [False, True])


class Pair(Module):
    """Its predictions are tuples of a number and a row, or what `shape` makes of them."""

    def __init__(self, shape=lambda a, b: (a, [a, b])):
        self.a, self.b = Neuron(2), Neuron(2, nonlin=False)
        self.shape = shape

    def __call__(self, x):
        return self.shape(self.a(x), self.b(x))


@JIT
@pytest.mark.parametrize(
    "model",
    [
        MLP(2, [3, 1]),
        MLP(2, [3, 4]),
        Pair(),
        Pair(lambda a, b: (a, b)),
        Pair(lambda a, b: [[a, b], [b, a]]),
        Pair(lambda a, b: [b]),
        Pair(lambda a, b: (a, (b, [a, 1.0]))),
    ],
    ids=["number", "row", "parts", "tuple", "matrix", "row of one", "nested parts"],
)
@pytest.mark.parametrize("batch_size", [None, 1, 2, 5, 9])
def test_predictions_are_the_numbers_of_the_model(model, batch_size, jit):
    found = predict(model, X, batch_size=batch_size, jit=jit)
    expected = [numbers(model(x)) for x in X]
    assert shape(found) == shape(expected)
    np.testing.assert_allclose(list(flat(found)), list(flat(expected)), rtol=1e-12 if jit else 0.0)


def numbers(prediction):
    if isinstance(prediction, (list, tuple)):
        return [numbers(part) for part in prediction]
    return prediction.data if isinstance(prediction, Value) else prediction


def shape(prediction):
    return [shape(part) for part in prediction] if isinstance(prediction, list) else type(prediction)


def flat(prediction):
    if not isinstance(prediction, list):
        return [prediction]
    return [number for part in prediction for number in flat(part)]


@JIT
@pytest.mark.parametrize(
    "inputs",
    [np.array(X), torch.tensor(X), pd.DataFrame(X), [tuple(x) for x in X]],
    ids=["array", "tensor", "table", "tuples"],
)
def test_samples_may_come_from_anywhere(inputs, jit):
    model = MLP(2, [3, 1])
    assert predict(model, inputs, jit=jit) == pytest.approx([model(x).data for x in X], rel=1e-12)


@JIT
def test_a_sample_may_be_a_number_and_there_may_be_none(jit):
    model = MLP(1, [1])
    assert predict(model, [0.5, 2.0], jit=jit) == pytest.approx([model(0.5).data, model(2.0).data], rel=1e-12)
    assert predict(model, [], jit=jit) == []


@JIT
@pytest.mark.parametrize("function", [predict, evaluate])
@pytest.mark.parametrize("error", [None, ZeroDivisionError, KeyboardInterrupt])
def test_it_is_done_in_evaluation_mode_and_modes_come_back(function, error, jit):
    class Watched(Module):
        def __init__(self):
            self.inner, self.evaluated = MLP(2, [2, 1], dropout=0.9), Neuron(2)
            self.seen = []

        def __call__(self, x):
            self.seen.append([module.training for module in self.modules()])
            if error:
                raise error
            return self.inner(x) + self.evaluated(x)

    model = Watched()
    model.evaluated.eval()
    before = [module.training for module in model.modules()]
    arguments = (model, X) if function is predict else (model, mse_loss, X, Y)
    with pytest.raises(error) if error else contextlib.nullcontext():
        first, second = (function(*arguments, jit=jit) for _ in range(2))
        assert first == second
    assert [module.training for module in model.modules()] == before
    assert {mode for modes in model.seen for mode in modes} == {False}


@JIT
@pytest.mark.parametrize("batch_size", [None, 1, 2, 5, 9])
def test_the_loss_is_that_of_all_samples(batch_size, jit):
    model = MLP(2, [3, 1])
    found = evaluate(model, hinge_loss, np.array(X), np.array(Y), batch_size=batch_size, jit=jit)
    assert list(found) == ["loss"]
    assert found["loss"] == pytest.approx(hinge_loss([model(x) for x in X], Y).data, rel=1e-12)


def test_a_loss_of_a_batch_is_weighted_by_its_size():
    def total(predictions, targets):
        return mse_loss(predictions, targets, reduction="sum")

    assert evaluate(lambda x: x[0], total, [1.0, 1.0, 1.0], [0, 0, 0], batch_size=2)["loss"] == pytest.approx(5 / 3)


@JIT
def test_metrics_get_numbers_and_targets(jit):
    model, seen = MLP(2, [3]), []

    def first(predictions, targets):
        seen.append((predictions, targets))
        predictions.clear()
        targets.sort(reverse=True)
        return np.float32(0.5)

    def second(predictions, targets):
        seen.append((predictions, targets))
        return 1

    targets = np.array([2, 0, 1, 1, 0])
    found = evaluate(model, cross_entropy, X, targets, metrics={"first": first, "second": second}, jit=jit)
    assert list(found) == ["loss", "first", "second"]
    assert (found["first"], found["second"]) == (0.5, 1.0)
    assert all(type(number) is float for number in found.values())
    rows, classes = seen[1]
    assert classes == [2, 0, 1, 1, 0]
    assert {type(label) for label in classes} == {int}
    np.testing.assert_allclose(rows, [[score.data for score in model(x)] for x in X], rtol=1e-12)
    assert targets.tolist() == [2, 0, 1, 1, 0]


@pytest.mark.parametrize("result", [None, "0.5", [0.5], Value(0.5), np.array([0.5, 1.0]), 1j], ids=repr)
def test_a_metric_that_returns_no_number_is_named(result):
    with pytest.raises(TypeError, match="the metric 'odd'"):
        evaluate(MLP(2, [1]), mse_loss, X, Y, metrics={"odd": lambda p, t: result})


@pytest.mark.parametrize(
    "result", [0, True, np.int64(1), np.array(0.5), torch.tensor(0.5), math.nan, math.inf], ids=repr
)
def test_numbers_of_other_libraries_will_do(result):
    found = evaluate(MLP(2, [1]), mse_loss, X, Y, metrics={"odd": lambda p, t: result})["odd"]
    assert type(found) is float
    assert found == pytest.approx(float(result), nan_ok=True)


@pytest.mark.parametrize(
    ("metrics", "error", "message"),
    [
        ({"loss": accuracy}, ValueError, "evaluate: a metric cannot be called 'loss', as a column of the history is"),
        ({"lr": accuracy}, ValueError, "called 'lr'"),
        ({"lr_1": accuracy}, ValueError, "called 'lr_1'"),
        ({"val_accuracy": accuracy}, ValueError, "called 'val_accuracy'"),
        ({"diverged": accuracy}, ValueError, "called 'diverged'"),
        ([accuracy], TypeError, r'evaluate: metrics must be a dict of functions, as \{"accuracy": accuracy\}, got'),
        ({1: accuracy}, TypeError, "functions by name, got .* for 1"),
        ({"a": 0.5}, TypeError, "functions by name, got 0.5 .* for 'a'"),
    ],
)
def test_wrong_metrics_are_refused(metrics, error, message):
    with pytest.raises(error, match=message):
        evaluate(MLP(2, [1]), mse_loss, X, Y, metrics=metrics)


class Keras:
    """A metric that is an object, and takes the targets first."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        return 0.0


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (r2_score, "r2_score"),
        (accuracy_score, "accuracy_score"),
        (functools.partial(f1_score, average="macro"), "odd"),
        (Keras(), "odd"),
    ],
)
def test_metrics_that_take_the_targets_first_are_refused(metric, name):
    model = MLP(2, [1])
    message = rf": the metric 'odd' takes \(y_true, y_pred\), .*: lambda p, t: {name}\(t, p\)$"
    with pytest.raises(TypeError, match=f"^fit{message}"):
        fit(model, mse_loss, SGD(model.parameters(), lr=0.1), X, Y, 1, metrics={"odd": metric}, progress=False)
    with pytest.raises(TypeError, match=f"^evaluate{message}"):
        evaluate(model, mse_loss, X, Y, metrics={"odd": metric})


@pytest.mark.parametrize(
    "metric",
    [
        lambda p, t: r2_score(t, p),
        lambda p, t, y_true=None: 0.5,
        lambda *rows: 0.5,
        functools.partial(lambda y_true, p, t: 0.5, None),
        type("Opaque", (), {"__call__": lambda self, p, t: 0.5, "__signature__": "none"})(),
    ],
    ids=["turned", "third", "star", "bound", "no signature"],
)
def test_other_metrics_are_taken(metric):
    assert math.isfinite(evaluate(MLP(2, [1]), mse_loss, X, Y, metrics={"some": metric})["some"])


@JIT
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((mse_loss, X, Y[:-1]), ValueError, "evaluate needs a target for each sample, got 5 samples in X and 4"),
        ((mse_loss, [], []), ValueError, "evaluate needs at least one sample"),
        ((mse_loss, 5, Y), TypeError, "evaluate: X must be a list, a tuple or an array, got 5"),
        ((mse_loss, ["a"] * 5, Y), TypeError, "evaluate: X must be numbers"),
        ((lambda p, t: 0.0, X, Y), TypeError, r"evaluate: the loss must return one Value, got 0.0 \(float\)"),
    ],
)
def test_wrong_arguments_are_refused(arguments, error, message, jit):
    with pytest.raises(error, match=message):
        evaluate(MLP(2, [1]), *arguments, jit=jit)


@pytest.mark.parametrize("batch_size", [0, -1, 1.5, "2"])
def test_a_wrong_batch_size_is_refused(batch_size):
    with pytest.raises(ValueError, match="predict: batch_size must be an int of at least 1"):
        predict(MLP(2, [1]), X, batch_size=batch_size)
    with pytest.raises(ValueError, match="evaluate: batch_size must be an int of at least 1"):
        evaluate(MLP(2, [1]), mse_loss, X, Y, batch_size=batch_size)


@pytest.mark.parametrize("prediction", [{"a": 1.0}, "a", None, {1.0}], ids=repr)
def test_a_model_that_predicts_no_numbers_is_named(prediction):
    with pytest.raises(TypeError, match="the predictions of a model must be numbers"):
        predict(lambda x: prediction, X)


@JIT
@pytest.mark.parametrize("prediction", [lambda x: {"a": x[0]}, lambda x: (x[0], {"a": x[1]})], ids=["dict", "inside"])
def test_a_model_that_predicts_a_dict_is_named(prediction, jit):
    message = r"the predictions of a model must be numbers, .* got \{'a': .*\(dict\)"
    with pytest.raises(TypeError, match=message):
        predict(prediction, X, jit=jit)
    with pytest.raises(TypeError, match=message):
        evaluate(prediction, mse_loss, X, Y, jit=jit)


OPTIMIZER = SGD([Value(1.0)], lr=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: predict(None, X), "predict: model must be a function or a Module, got None"),
        (lambda: predict(MLP, X), "predict: model must be .*, got the class MLP; make one"),
        (lambda: predict("model", X, jit=True), r"predict: model must be .*, got 'model' \(str\)"),
        (lambda: evaluate(None, mse_loss, X, Y), "evaluate: model must be .*, got None"),
        (lambda: evaluate(MLP(2, [1]), "mse", X, Y), "evaluate: loss must be .*, got 'mse'"),
        (lambda: fit([MLP(2, [1])], mse_loss, OPTIMIZER, X, Y, 1), r"fit: model must be .* \(list\)"),
        (lambda: fit(MLP(2, [1]), "mse", OPTIMIZER, X, Y, 1, jit=True), "fit: loss must be .*, got 'mse'"),
        (lambda: fit(MLP(2, [1]), OPTIMIZER, mse_loss, X, Y, 1), r"fit: loss must be .* \(SGD\)"),
        (lambda: fit(MLP(2, [1]), mse_loss, "adam", X, Y, 1), r"fit: optimizer .* SGD\(.*, got 'adam' \(str\)"),
        (lambda: fit(MLP(2, [1]), mse_loss, [Value(1.0)], X, Y, 1), r"fit: optimizer .* \(list\)"),
    ],
)
def test_what_is_no_model_loss_or_optimiser_is_refused(call, message):
    with pytest.raises(TypeError, match=f"^{message}"):
        call()


def test_a_model_that_always_draws_may():
    assert len(predict(lambda x: x[0] * draw(), X)) == len(predict(lambda x: x[0] * draw(), X, jit=True)) == 5


def test_the_bar_counts_samples(capsys):
    predict(MLP(2, [1]), X, batch_size=2, progress=True)
    assert "5/5" in capsys.readouterr().err
    predict(MLP(2, [1]), X, batch_size=2)
    assert capsys.readouterr().err == ""


GENERATOR = np.random.default_rng(3)


def test_accuracy_is_that_of_scikit_learn():
    for _ in range(50):
        classes = int(GENERATOR.integers(2, 5))
        scores = GENERATOR.normal(size=(int(GENERATOR.integers(1, 20)), classes)).round(1)
        targets = GENERATOR.integers(0, classes, size=len(scores))
        expected = accuracy_score(targets, torch.tensor(scores).argmax(1).numpy())
        assert accuracy(scores, targets) == pytest.approx(expected, rel=1e-15)
        assert accuracy(scores.tolist(), np.eye(classes)[targets]) == pytest.approx(expected, rel=1e-15)


def test_accuracy_of_two_classes():
    scores = [-2.0, 0.0, 3.0, 1e-300]
    assert accuracy(scores, [-1, -1, 1, -1]) == accuracy(scores, [0, 0, 1, 0]) == 0.75
    assert accuracy([[s] for s in scores], [0, 1, 1, 0]) == accuracy([[s] for s in scores], [[0], [1], [1], [0]]) == 0.5
    assert accuracy([Value(s) for s in scores], np.array([0.0, 0.0, 1.0, 1.0])) == 1.0


@pytest.mark.parametrize("row", [[2.0, 2.0, 1.0], [-math.inf, math.inf, 0.0], [-math.inf, -math.inf]])
def test_the_largest_is_that_of_torch(row):
    assert accuracy([row], [int(torch.tensor(row).argmax())]) == 1.0


@pytest.mark.parametrize(
    "scores", [math.nan, [math.nan], [math.nan] * 3, [math.nan, 1.0, 2.0], [2.0, math.nan, 1.0], [0.0, 1.0, math.nan]]
)
def test_with_a_nan_among_the_scores_no_class_is_right(scores):
    classes = len(scores) if isinstance(scores, list) and len(scores) > 1 else 2
    assert [accuracy([scores], [label]) for label in range(classes)] == [0.0] * classes


@pytest.mark.parametrize(
    ("predictions", "targets", "error", "message"),
    [
        ([], [], ValueError, "at least one prediction"),
        ([[]], [0], ValueError, "at least one prediction, and a score in each"),
        ([1.0], [1, 1], ValueError, "a target for each prediction, got 1 and 2"),
        ([1.0], [2], ValueError, "targets 0 and 1, or -1 and 1, for single scores, got 2"),
        ([1.0], [0.25], ValueError, "got 0.25"),
        ([1.0], [math.nan], ValueError, "got nan"),
        ([[1.0, 2.0]], [2], ValueError, "target 2 is neither a class, 0 to 1, nor a row of them"),
        ([[1.0, 2.0]], [-1], ValueError, "target -1 is neither"),
        ([[1.0, 2.0]], [0.5], ValueError, "target 0.5 is neither"),
        ([[1.0, 2.0]], [[math.nan, 1.0]], ValueError, r"target \[nan, 1.0\] is neither"),
        ([[1.0, 2.0]], [[0, 0, 1]], ValueError, r"target \[0, 0, 1\] is neither"),
        (1.0, [1], TypeError, "accuracy takes a list of predictions, got 1.0"),
        ([1.0], 1, TypeError, "accuracy takes a list of targets, got 1"),
        (["a"], [1], TypeError, "^accuracy: the predictions must be numbers, .* got 'a'"),
        ([1.0], ["a"], TypeError, "^accuracy: the targets must be numbers, .* got 'a'"),
        ([[[1.0, 2.0], [3.0, 4.0]]], [1], ValueError, r"a row of numbers for each sample, got \[\[1.0, 2.0\]"),
    ],
)
def test_accuracy_of_what_has_none(predictions, targets, error, message):
    with pytest.raises(error, match=message):
        accuracy(predictions, targets)
