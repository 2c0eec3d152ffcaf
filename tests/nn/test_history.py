"""The History: a dict of columns, all of one length."""

import copy
import json
import math
import pickle
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from micrograd.engine import Value
from micrograd.nn import SGD, History, fit, mse_loss

COLUMNS = {"loss": [0.5, 0.25], "lr": [0.1, 0.05], "val_loss": [0.75, 0.5]}


def test_it_is_a_dict_of_columns():
    history = History(**COLUMNS)
    assert dict(history) == COLUMNS
    assert history == COLUMNS
    assert (history.loss, history.lr) == (COLUMNS["loss"], COLUMNS["lr"])
    history.loss += [0.125]
    assert history["loss"] == [0.5, 0.25, 0.125]
    history.lr = [0.0]
    assert history["lr"] == [0.0]


def test_positions_are_those_of_before():
    history = History([0.5], [0.1], True, False)
    assert (history.loss, history.lr, history.interrupted, history.diverged) == ([0.5], [0.1], True, False)
    assert repr(history) == "History(loss=[0.5], lr=[0.1], interrupted=True, diverged=False)"


def test_the_ends_are_compared_too():
    assert History([0.5], [0.1]) == History([0.5], [0.1])
    assert History([0.5], [0.1]) != History([0.5], [0.1], interrupted=True)
    assert History([0.5], [0.1]) != History([0.5], [0.1], diverged=True)
    assert History([0.5], [0.1]) != History([0.25], [0.1])
    with pytest.raises(TypeError, match="unhashable"):
        hash(History())


def test_columns_are_copied():
    history = History(**COLUMNS)
    history.loss.append(0.0)
    assert COLUMNS["loss"] == [0.5, 0.25]


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda history: pickle.loads(pickle.dumps(history))],
    ids=["copy", "deep", "pickle"],
)
def test_copies_are_histories(copied):
    history = History(**COLUMNS, diverged=True)
    assert type(copied(history)) is History
    assert copied(history) == history


def test_pandas_and_json_take_it():
    history = History(**COLUMNS)
    assert pd.DataFrame(history).to_dict("list") == COLUMNS
    assert History(**json.loads(json.dumps(history))) == history


@pytest.mark.parametrize(
    "columns",
    [
        History(**COLUMNS),
        COLUMNS,
        dict(reversed(COLUMNS.items())),
        json.loads(json.dumps(COLUMNS)),
        pd.DataFrame(COLUMNS),
        pd.DataFrame(COLUMNS).to_dict("list"),
        {name: np.array(column) for name, column in COLUMNS.items()},
        MappingProxyType(COLUMNS),
    ],
    ids=["History", "dict", "other order", "JSON", "table", "its columns", "arrays", "mapping"],
)
def test_columns_by_their_names_make_a_history(columns):
    history = History(columns)
    assert history == History(**COLUMNS)
    assert list(history) == list(COLUMNS)
    history.loss.append(0.0)
    assert COLUMNS["loss"] == [0.5, 0.25]
    assert History(columns, diverged=True, error=[0.5, 1.0]) == History(**COLUMNS, diverged=True, error=[0.5, 1.0])
    assert History({"loss": [0.5]}, [0.1]) == History([0.5], [0.1])
    json.dumps(History(columns))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (pd.DataFrame(COLUMNS).to_dict(), r"'loss' must be a list of numbers, got \{0: 0.5, 1: 0.25\} \(dict\)"),
        (pd.DataFrame(COLUMNS).to_dict("records"), r"'loss' must be a list of numbers, got \[\{'loss': 0.5"),
        ({"loss": [0.5], "lr": 0.1}, r"'lr' must be a list of numbers, got 0.1 \(float\)"),
        ({"loss": [None]}, r"'loss' must be a list of numbers, got \[None\]"),
        ({"loss": [[0.5]]}, "'loss' must be a list of numbers"),
        ("loss", "'loss' must be a list of numbers, got 'loss'"),
        (0.5, "'loss' must be a list of numbers, got 0.5"),
    ],
)
def test_what_are_no_columns_is_refused(columns, message):
    with pytest.raises(TypeError, match=f"^History: the column {message}"):
        History(columns)


def test_copies_and_unions_are_histories():
    history = History(**COLUMNS, interrupted=True)
    assert type(history.copy()) is History
    assert history.copy() == history
    both = history | {"error": [0.5, 1.0], "lr": [0.2, 0.2]}
    assert type(both) is History
    assert both == History({**COLUMNS, "error": [0.5, 1.0], "lr": [0.2, 0.2]}, interrupted=True)
    assert history == History(**COLUMNS, interrupted=True)
    with pytest.raises(TypeError, match="unsupported operand"):
        history | [0.5]


def train(epochs=1, **options):
    w = Value(1.0)
    return fit(
        lambda x: w * x[0], mse_loss, SGD([w], lr=0.1), [1.0, 2.0], [2.0, 4.0], epochs, progress=False, **options
    )


def test_an_earlier_history_counts_and_stays():
    earlier = train(2)
    history = train(5, history=earlier)
    assert len(earlier.loss) == 2
    assert history.loss[:2] == earlier.loss
    assert len(history.loss) == len(history.lr) == 5


def test_how_the_earlier_one_ended_is_forgotten():
    earlier = History([0.5], [0.1], interrupted=True, diverged=True)
    history = train(2, history=earlier)
    assert (history.interrupted, history.diverged) == (False, False)


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_an_earlier_history_may_be_as_long_or_longer(epochs):
    earlier = History(**COLUMNS)
    assert train(epochs, history=earlier) == earlier


def test_what_is_not_known_is_nan():
    history = train(3, history=History(**COLUMNS), metrics={"error": lambda p, t: 0.5})
    assert history["error"][:2] == pytest.approx([math.nan] * 2, nan_ok=True)
    assert history["error"][2] == 0.5
    assert history["val_loss"] == pytest.approx([0.75, 0.5, math.nan], nan_ok=True)


def test_columns_have_one_length_even_where_no_epoch_is_left():
    history = train(1, history=History(**COLUMNS), metrics={"error": lambda p, t: 0.5})
    assert history["error"] == pytest.approx([math.nan] * 2, nan_ok=True)


def test_an_earlier_history_may_be_its_columns():
    earlier = train(2)
    again = train(5, history=json.loads(json.dumps(earlier)))
    assert again == train(5, history=earlier)
    assert type(again) is History


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ({"loss": []}, TypeError, "fit: history must be what .*, loss and lr among them, got {'loss': .* \\(dict\\)"),
        ([0.5], TypeError, "fit: history must be what fit or resume returned, .* got \\[0.5\\] \\(list\\)"),
        ({"loss": ["0.5"], "lr": [0.1]}, TypeError, "the column 'loss' must be a list of numbers"),
        ({"loss": 0.5, "lr": [0.1]}, TypeError, "the column 'loss' must be a list of numbers"),
        ({"loss": [0.5], "lr": []}, ValueError, "a number for each epoch, got 1 in loss, 0 in lr"),
        (History([0.5], []), ValueError, "a number for each epoch, got 1 in loss, 0 in lr"),
    ],
)
def test_what_is_no_history_is_refused(history, error, message):
    with pytest.raises(error, match=message):
        train(history=history)


def test_each_group_has_its_rate():
    w, v = Value(1.0), Value(0.0)
    optimizer = SGD([{"params": [w]}, {"params": [v], "lr": 0.5}], lr=0.1)

    class Add:
        def on_epoch_end(self, state):
            if state.epoch == 2:
                state.optimizer.add_param_group({"params": [Value(3.0)], "lr": 0.25})

    history = fit(lambda x: w * x[0] + v, mse_loss, optimizer, [1.0], [2.0], 3, progress=False, callbacks=[Add()])
    assert (history["lr"], history["lr_1"]) == ([0.1] * 3, [0.5] * 3)
    assert history["lr_2"] == pytest.approx([math.nan, math.nan, 0.25], nan_ok=True)
