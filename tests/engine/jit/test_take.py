"""Tables that a number of the sample looks up: eager and compiled, with the gradient of the entry that is taken."""

import math
import random

import numpy as np
import pytest

from micrograd.engine import OPS, Value, grad, gradcheck, logsumexp, take, where
from micrograd.engine.jit import TracingError, jit
from micrograd.nn import SGD, Module, fit, mse_loss

inf, nan = math.inf, math.nan


def table(rows, columns, seed=1):
    source = random.Random(seed)
    made = [[Value(source.uniform(-1, 1)) for _ in range(columns)] for _ in range(rows)]
    for row in made:
        row[0].label = str(source.random())
    return made


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


@pytest.mark.parametrize(
    ("no_list", "message"),
    [
        ({0: Value(5.0), 1: Value(7.0)}, r"{0: Value\(data.* \(dict\); put them in a list"),
        ({1.0, 2.0}, r"got {1.0, 2.0} \(set\); put them in a list"),
        ({0: 5.0}.keys(), r"\(dict_keys\); put them in a list"),
        (5, r"got 5 \(int\); put them in a list"),
        (None, r"got None \(NoneType\)"),
        (np.array(5.0), r"got array\(5.\) \(ndarray\)"),
        (Value(5.0), r"got Value\(data=5.* \(Value\)"),
        (np.eye(3), r"got array\(\[[01., ]*\]\) \(ndarray\); take its numbers out with \.tolist\(\)"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused_by_name(no_list, message):
    for function, call in {
        "take": lambda numbers: take(numbers, 1),
        "logsumexp": logsumexp,
        "gradcheck": lambda numbers: gradcheck(lambda *values: values[0], numbers),
    }.items():
        owner = "Value" if function == "gradcheck" and np.ndim(no_list) > 1 else function
        with pytest.raises(TypeError, match=f"^{owner} takes .*{message}"):
            call(no_list)


def test_tables_that_are_none():
    with pytest.raises(TypeError, match=r"take takes a list .* \(dict\)"):
        jit(lambda i: take({0: Value(5.0), 1: Value(7.0)}, i))([0.0])
    with pytest.raises(TypeError, match=r"take takes a list .* \(Placeholder\)"):
        jit(lambda i: take(i, 0))([0.0])
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
    "from two on": lambda rows, i, j: take(rows, j - 2 * (j >= 2))[0] * take(rows, 4 - i)[1],
    "two tables": lambda rows, i, j: sum(take(rows, i)) * sum(take(rows[::-1], i)) + take(rows[:5], i)[2],
    "in disorder": lambda rows, i, j: sum(take(sorted(rows, key=lambda row: row[0].label), i)) * j,
    "one entry": lambda rows, i, j: sum(take([rows[3]] * len(rows), i)) ** 2,
    "twice": lambda rows, i, j: sum(a * b for row in [take(rows, i)] for a in row for b in row),
    "equal columns": lambda rows, i, j: sum(take(rows, i)) ** 2 + sum(take(rows, j)) ** 2,
    "equal columns and one": lambda rows, i, j: sum(take(rows, i)) ** 2 + sum(take(rows, j)) + take(rows, j)[0] * j,
    "equal columns and some": lambda rows, i, j: sum(
        [sum(take(rows, i)) ** 2, sum(take(rows, j)) ** 2, *take(rows, (i + j) / 2)[:2]]
    ),
    "equal columns, decayed": lambda rows, i, j: sum(
        [sum(take(rows, i)) ** 2, sum(take(rows, j)) ** 2, j * sum(map(sum, rows))]
    ),
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


LONG = ["a row", "two rows", "tied", "from two on", *(name for name in LOSSES if name.startswith("equal columns"))]


@pytest.mark.parametrize("name", LONG)
def test_a_long_table_is_looked_up_and_a_short_one_gone_through(name):
    for rows, looked_up in [(5, False), (12, True)]:
        weights = table(rows, 3)
        f = jit(lambda i, j, weights=weights: LOSSES[name](weights, i, j))
        f.backward([0.0], [1.0])
        assert (" = take " in f.program) == looked_up
        assert ("where" in f.program) != looked_up
        assert ("gate" in f.program) != looked_up
        assert f.stats.instructions < 200


@pytest.mark.parametrize(("rows", "columns", "lookups"), [(12, 300, 2), (40, 3, 40)])
def test_many_columns_and_many_lookups_with_equal_gradients_are_found(rows, columns, lookups):
    weights = table(rows, columns)
    f = jit(lambda i: sum(sum(take(weights, i[n])) ** 2 for n in range(lookups)))
    f.backward([[float(n % rows) for n in range(lookups)]])
    assert "where" not in f.program
    assert "gate " not in f.program
    assert f.program.count("+= mean(") == columns * lookups


def test_an_embedding_of_many_rows_is_no_more_code_than_one_of_few():
    counts = []
    for rows in (20, 200):
        weights = table(rows, 4)
        f = jit(lambda i, weights=weights: sum(take(weights, i)).tanh())
        f.backward([1.0, 3.0, rows - 1.0])
        assert sum(sum(entry.grad != 0 for entry in row) for row in weights) == 12
        counts.append(f.stats.instructions)
    assert counts[0] == counts[1]


def test_gradients_of_gradients(shape):
    weights = [Value(0.5), Value(-2.0), Value(3.0)]

    def f(i):
        first = grad(take(weights, i) ** 3, weights)
        return [*first, *grad(sum(first), weights)]

    found = jit(f, **shape)([0.0, 1.0, 2.0])
    assert found.tolist() == [[v.data for v in f(Value(i))] for i in range(3)]


@pytest.mark.parametrize("rows", [5, 12])
@pytest.mark.parametrize("columns", [1, 3])
def test_no_place_is_nan_and_changes_no_entry(rows, columns, shape):
    weights = table(rows, columns)
    leaves = [entry for row in weights for entry in row]
    f = jit(lambda i: sum(take(weights, i)), **shape)
    no_places = [-1.0, float(rows), 0.5, rows - 0.5, nan, inf, -inf, 1e300, -1e-300, 2.0**63, -(2.0**63)]
    assert np.isnan(f(no_places)).all()
    losses = f.backward([*no_places, 3.0, 3.0, 3.0])
    assert losses[-3:].tolist() == [sum(take(weights, 3)).data] * 3
    assert gradients(leaves) == pytest.approx([3 / 14 * (row == 3) for row in range(rows) for _ in range(columns)])


def entry_by_entry(weights, i, places, outside):
    """What `take` is traced as, but perhaps of other places, and nan elsewhere."""
    terms = [OPS["where"](OPS["not"](i - float(k)), weight) for k, weight in zip(places, weights, strict=True)]
    return sum(terms[1:], terms[0]) + OPS["where"](outside, nan)


ALIKE = {
    "nan elsewhere": ([*range(12)], lambda i, j: OPS["not"](j)),
    "nan at a place": ([*range(12)], lambda i, j: OPS["not"](j - i)),
    "a place twice": ([*range(11), 3], lambda i, j: OPS["not"](j)),
    "a place left out": ([*range(7), *range(8, 13)], lambda i, j: OPS["not"](j)),
    "in disorder": ([*range(5, 12), *range(5)], lambda i, j: OPS["not"](j)),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_only_looks_like_a_table_stays_what_it_is(name):
    places, outside = ALIKE[name]
    weights = [Value(0.5 + k) for k in range(12)]
    samples = [(i, j) for i in (0.0, 3.0, 7.0, 11.0, 12.0, 40.0) for j in (0.0, 1.0, 3.0)]

    def f(i, j):
        return entry_by_entry(weights, i, places, outside(i, j)) * 2.0

    found = jit(f).backward(*zip(*samples, strict=True))
    np.testing.assert_array_equal(found, [f(Value(i), Value(j)).data for i, j in samples])
    took = [sum(i == place for i, _ in samples) * 2 / len(samples) for place in places]
    assert gradients(weights) == pytest.approx(took, rel=1e-12)


def test_sums_of_sums_that_are_no_table_are_left_alone():
    def doubled(x):
        y = x
        for _ in range(60):
            y = y + y
        return y + OPS["where"](OPS["not"](x), nan)

    assert jit(doubled)([1.0, 2.0]).tolist() == [2.0**60, 2.0**61]


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
