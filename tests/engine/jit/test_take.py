"""Tables that a number of the sample looks up: eager and compiled, with the gradient of the entry that is taken."""

import math
import random

import numpy as np
import pytest

from micrograd.engine import Value, grad, take, where
from micrograd.engine.jit import TracingError, jit
from micrograd.nn import SGD, Module, fit, mse_loss

inf, nan = math.inf, math.nan
NO_PLACES = [-1.0, 5.0, 0.5, nan, inf, -inf, 1e300, -1e-300]


def table(rows, columns, seed=1):
    source = random.Random(seed)
    return [[Value(source.uniform(-1, 1)) for _ in range(columns)] for _ in range(rows)]


def gradients(values):
    """What the leaves have, which is taken from them."""
    found = [value.grad for value in values]
    for value in values:
        value.grad = 0.0
    return found


@pytest.mark.parametrize("index", [1, 1.0, np.int64(1), np.float64(1.0), Value(1.0)])
def test_an_entry_is_the_value_itself(index):
    entries = [Value(2.0), Value(3.0)]
    assert take(entries, index) is entries[1]
    rows = table(3, 2)
    assert take(rows, index) == rows[1]
    assert take([1, 2.5], index).data == 2.5


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (-1, IndexError, "from 0 to 4, the places of its table, got -1"),
        (5, IndexError, "from 0 to 4"),
        (Value(7.0), IndexError, "got 7"),
        (0.5, ValueError, "whole number, got 0.5"),
        (nan, ValueError, "whole number, got nan"),
        (inf, ValueError, "whole number, got inf"),
        ("1", TypeError, "takes Values and real numbers"),
        (None, TypeError, "takes Values and real numbers"),
    ],
)
def test_what_is_no_place_is_refused_by_name(index, error, message):
    with pytest.raises(error, match=f"take .*{message}"):
        take(table(5, 1), index)


def test_tables_that_are_none():
    with pytest.raises(ValueError, match="at least one entry"):
        take([], 0)
    with pytest.raises(TypeError, match="take takes Values"):
        take(["a"], 0)
    with pytest.raises(ValueError, match="rows of one length"):
        jit(lambda i: take([[Value(1.0)], [Value(1.0), Value(2.0)]], i))([0.0])
    with pytest.raises(ValueError, match="rows of one length"):
        jit(lambda i: take([[Value(1.0)], Value(1.0)], i))([0.0])


LOSSES = {
    "a row": lambda rows, i, j: sum(entry * (k + 1) for k, entry in enumerate(take(rows, i))) ** 2,
    "two rows": lambda rows, i, j: sum(a * b for a, b in zip(take(rows, i), take(rows, j), strict=True)),
    "a sum": lambda rows, i, j: sum(take(rows, i)) + sum(take(rows, j)),
    "tied": lambda rows, i, j: sum(a * b for a, b in zip(take(rows, i), rows[2], strict=True)) * (j + 1),
    "decayed": lambda rows, i, j: sum(take(rows, i)) * j + 0.1 * sum(entry * entry for row in rows for entry in row),
    "a place between": lambda rows, i, j: take([row[0] for row in rows], (i + j) * 0.5) * 3.0,
    "computed": lambda rows, i, j: take([[entry.exp() * j for entry in row] for row in rows], i)[1],
    "a table of tables": lambda rows, i, j: sum(take(take([rows, [rows[0]] * len(rows)], 0 * j), i)),
    "a table of samples": lambda rows, i, j: take([j, rows[0][0], j * j, 1.5, i], i) * rows[1][0],
    "itself": lambda rows, i, j: take(rows, where(j > 1, i, 1 - 0 * i))[0] ** 2,
}
PLACES = [(i, j) for i in range(5) for j in range(5) if (i + j) % 2 == 0]


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("rows", [5, 12])
def test_compiled_as_eager(name, rows, shape):
    weights = table(rows, 3)
    leaves = [entry for row in weights for entry in row]
    if name == "a table of samples" and rows > 5:
        return
    losses = jit(lambda i, j: LOSSES[name](weights, i, j), **shape).backward(*zip(*PLACES, strict=True))
    found = gradients(leaves)
    eager = [LOSSES[name](weights, Value(i), Value(j)) for i, j in PLACES]
    (sum(eager) / len(eager)).backward()
    assert losses == pytest.approx([loss.data for loss in eager], rel=1e-14)
    assert found == pytest.approx(gradients(leaves), rel=1e-12, abs=1e-15)
    assert not any(math.copysign(1.0, gradient) < 0 for gradient in found if gradient == 0)


def test_gradients_of_gradients(shape):
    weights = [Value(0.5), Value(-2.0), Value(3.0)]

    def f(i):
        first = grad(take(weights, i) ** 3, weights)
        return [*first, *grad(sum(first), weights)]

    found = jit(f, **shape)([0.0, 1.0, 2.0])
    assert found.tolist() == [[v.data for v in f(Value(i))] for i in range(3)]


@pytest.mark.parametrize("columns", [1, 3])
def test_no_place_is_nan_and_changes_no_entry(columns, shape):
    weights = table(5, columns)
    leaves = [entry for row in weights for entry in row]
    f = jit(lambda i: sum(take(weights, i)), **shape)
    assert np.isnan(f(NO_PLACES)).all()
    losses = f.backward([*NO_PLACES, 3.0, 3.0])
    assert losses[-2:].tolist() == [sum(take(weights, 3)).data] * 2
    assert gradients(leaves) == pytest.approx([0.2 if row == 3 else 0.0 for row in range(5) for _ in range(columns)])


def test_nothing_comes_back_from_entries_that_are_not_taken(shape):
    weights = [Value(0.0), Value(4.0)]
    f = jit(lambda i: take([weights[0].log(), weights[1].sqrt()], i), **shape)
    assert f.backward([1.0, 1.0]).tolist() == [2.0, 2.0]
    assert gradients(weights) == [0.0, 0.25]


def test_the_numbers_of_a_table_are_live_and_so_is_an_index():
    weights, index = [Value(1.0), Value(2.0)], Value(1.0)
    f = jit(lambda x: take(weights, index) * x)
    assert f([3.0]).tolist() == [6.0]
    weights[1].data = 5.0
    assert f([3.0]).tolist() == [15.0]
    index.data = 0.0
    assert f([3.0]).tolist() == [3.0]


def test_python_indexing_is_still_refused():
    with pytest.raises((TracingError, TypeError)):
        jit(lambda i: [Value(1.0), Value(2.0)][int(i)])([0.0])


class Embedding(Module):
    def __init__(self):
        self.rows = table(4, 3, seed=7)
        self.weights = [Value(0.5), Value(-0.3), Value(0.8)]

    def __call__(self, x):
        return sum(w * entry for w, entry in zip(self.weights, take(self.rows, x[0]), strict=True))


def test_an_embedding_trains_alike():
    histories = []
    for compiled in (False, True):
        random.seed(5)
        model = Embedding()
        optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
        X, y = [[float(i % 4)] for i in range(12)], [float(i % 4) ** 2 for i in range(12)]
        history = fit(model, mse_loss, optimizer, X, y, epochs=5, batch_size=4, jit=compiled, progress=False)
        histories.append([*history.loss, *[p.data for p in model.parameters()]])
    assert histories[0] == pytest.approx(histories[1], rel=1e-12)
