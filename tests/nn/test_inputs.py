"""What other libraries hand over is read by position."""

import array
import datetime
import math
import random
from collections import deque
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
import torch
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.nn import MLP, SGD, fit, mse_loss
from micrograd.nn.inputs import to_array_or_lists, to_lists

ROWS = [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]
SHUFFLED = [2, 0, 1]
COLUMNS = {"size": [1.0, 2.0, 3.0], "weight": [10.0, 20.0, 30.0]}
NULLABLE = pd.DataFrame({name: pd.array(column, dtype="Float64") for name, column in COLUMNS.items()}, index=SHUFFLED)
TABLES = {
    "lists": ROWS,
    "tuples": tuple(map(tuple, ROWS)),
    "deques": deque(deque(row) for row in ROWS),
    "arrays of Python": [array.array("d", row) for row in ROWS],
    "memory": [memoryview(array.array("d", row)) for row in ROWS],
    "numpy": np.array(ROWS),
    "numpy, single": np.array(ROWS, dtype=np.float32),
    "numpy, half": np.array(ROWS, dtype=np.float16),
    "numpy, long": np.array(ROWS, dtype=np.longdouble),
    "numpy, transposed": np.array(ROWS).T.copy().T,
    "numpy, objects": np.array(ROWS, dtype=object),
    "numpy in a list": [np.array(row) for row in ROWS],
    "numpy's numbers": [[np.float32(a), np.float64(b)] for a, b in ROWS],
    "numpy, masked": np.ma.array(ROWS),
    "torch": torch.tensor(ROWS, dtype=torch.float64),
    "torch, single": torch.tensor(ROWS),
    "torch, short": torch.tensor(ROWS, dtype=torch.bfloat16),
    "torch, with gradients": torch.tensor(ROWS, requires_grad=True),
    "torch in a list": list(torch.tensor(ROWS)),
    "torch's numbers": [[torch.tensor(a), torch.tensor(b)] for a, b in ROWS],
    "pandas": pd.DataFrame(ROWS),
    "pandas, named": pd.DataFrame(COLUMNS),
    "pandas, shuffled": pd.DataFrame(COLUMNS, index=SHUFFLED),
    "pandas, labels as numbers": pd.DataFrame(ROWS, columns=[1, 0], index=[1, 1, 0]),
    "pandas, nullable": NULLABLE,
    "pandas, mixed": pd.DataFrame({"a": [1, 2, 3], "b": np.array([10, 20, 30], dtype=np.float32)}),
    "pandas, sparse": pd.DataFrame(COLUMNS).astype(pd.SparseDtype("float")),
    "pandas in a list": [pd.Series(row, index=[1, 0]) for row in ROWS],
    "pandas of lists": pd.Series(ROWS, index=SHUFFLED),
    "polars": pl.DataFrame(COLUMNS),
    "polars, mixed": pl.DataFrame({"a": [1, 2, 3], "b": [10.0, 20.0, 30.0]}),
    "polars in a list": [pl.Series(row) for row in ROWS],
    "polars of lists": pl.Series(ROWS),
    "arrow": pa.table(COLUMNS),
    "arrow, a batch": pa.RecordBatch.from_pydict(COLUMNS),
    "arrow of lists": pa.array(ROWS),
    "arrow in a list": [pa.array(row) for row in ROWS],
    "arrow in chunks": pa.chunked_array([ROWS[:1], ROWS[1:]]),
}
COLUMN = {
    "range": range(3),
    "bools": [False, True, 2],
    "fractions": [Fraction(0), Fraction(1), Fraction(2)],
    "bytes of numpy": np.array([0, 1, 2], dtype=np.uint8),
    "no dimensions": [np.array(0), np.array(1), np.array(2)],
    "torch": torch.tensor([0, 1, 2]),
    "pandas": pd.Series([0, 1, 2], index=SHUFFLED, name="y"),
    "pandas, nullable": pd.Series([0, 1, 2], index=SHUFFLED, dtype="Int64"),
    "pandas, index": pd.Index([0, 1, 2]),
    "pandas, categories": pd.Series([0, 1, 2], index=SHUFFLED, dtype="category"),
    "pandas, arrow": pd.Series([0, 1, 2], index=SHUFFLED, dtype="int64[pyarrow]"),
    "polars": pl.Series([0, 1, 2]),
    "arrow": pa.array([0, 1, 2]),
    "arrow in chunks": pa.chunked_array([[0, 1], [2]]),
    "arrow's numbers": list(pa.array([0, 1, 2])),
}


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES)
def test_the_rows_of_a_table_are_samples(data):
    assert to_lists(data) == ROWS
    assert np.asarray(to_array_or_lists(data)).tolist() == ROWS


@pytest.mark.parametrize("data", COLUMN.values(), ids=COLUMN)
def test_a_column_keeps_its_order(data):
    assert to_lists(data) == [0, 1, 2]
    assert np.asarray(to_array_or_lists(data)).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (np.array([1, 2], dtype=np.int8), int),
        (np.array([1, 2], dtype=np.uint64), int),
        (np.array([1, 2], dtype=np.float16), float),
        (np.array([True, False]), int),
        ([True, np.True_], int),
        (torch.tensor([True, False]), int),
        (torch.tensor([1, 2], dtype=torch.float32), float),
        (pd.Series([1, 2], dtype="Int8"), int),
        (pd.Series([True, False], dtype="boolean"), int),
        (pl.Series([True, False]), int),
        (pa.array([True, False]), int),
        (np.array([1, 2], dtype=np.longdouble), float),
        ([Fraction(1, 2)], float),
    ],
)
def test_whole_numbers_are_ints_and_others_floats(data, kind):
    assert {type(number) for number in to_lists(data)} == {kind}


@given(st.lists(st.floats()))
def test_every_bit_is_kept(numbers):
    assert repr(to_lists(np.array(numbers, dtype=float))) == repr(to_lists(numbers)) == repr(numbers)


BIG = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    "data",
    [BIG, BIG.astype(np.int32), torch.from_numpy(BIG), pd.DataFrame(BIG, index=[3, 0, 2, 1]), pl.DataFrame(BIG)],
    ids=lambda data: type(data).__name__,
)
def test_a_compact_array_is_the_one_of_its_library(data):
    found = to_array_or_lists(data)
    assert type(found) is np.ndarray
    assert found.tolist() == BIG.tolist()


def test_an_array_is_not_copied():
    assert to_array_or_lists(BIG) is BIG
    assert np.shares_memory(to_array_or_lists(torch.from_numpy(BIG)), BIG)


MATRIX = scipy.sparse.csr_array(np.eye(2))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("12", r"X must be numbers, or lists, tuples, arrays or tables of them, got '12' \(str\)"),
        (["1"], r"got '1' \(str\)"),
        (b"12", "bytes"),
        (bytearray(b"12"), "bytearray"),
        ({0: 1.0}, "dict"),
        ({1.0, 2.0}, "set"),
        (None, "NoneType"),
        ([1j], "complex"),
        ([Value(1.0)], "Value"),
        (np.array(["1"]), r"got '1' \(str\)"),
        (np.array([None, 1.0]), "NoneType"),
        (np.array([1j]), "complex"),
        (np.ma.array([1.0, 2.0], mask=[False, True]), "NoneType"),
        (np.array(["2020-01-01"], dtype="M8[ns]"), r"X must be numbers, got datetime64\[ns\]; turn dates"),
        (np.array([1], dtype="m8[ns]"), "turn dates and durations into floats first"),
        (pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": 1}), "NAType"),
        (pd.DataFrame({"a": ["x", "y"]}), r"got 'x' \(str\)"),
        (pd.Series(pd.to_datetime(["2020-01-01"])), "turn dates"),
        (pd.DataFrame({"a": pd.to_datetime(["2020-01-01"])}), "turn dates"),
        (pl.Series(["x"]), r"got 'x' \(str\)"),
        (pa.array(["x"]), r"got 'x' \(str\)"),
        (pa.array([1, None]), "NoneType"),
        (MATRIX, r"X must not be sparse, got a csr_array; pass its \.toarray\(\)"),
        ([MATRIX], "must not be sparse"),
        (scipy.sparse.coo_matrix(np.eye(2)), r"coo_matrix; pass its \.toarray"),
    ],
    ids=lambda case: case if isinstance(case, str) else type(case).__name__,
)
@pytest.mark.parametrize("read", [to_lists, to_array_or_lists])
def test_what_is_no_number_is_named(read, data, message):
    with pytest.raises(TypeError, match=message) as caught:
        read(data, "X")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("read", [to_lists, to_array_or_lists])
@pytest.mark.parametrize("kind", [pd.Series, pl.Series, np.array])
def test_a_missing_number_among_floats_is_nan(read, kind):
    assert repr(list(map(float, read(kind([1.0, math.nan]))))) == "[1.0, nan]"


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("kind", ["numpy", "torch", "pandas, shuffled", "polars", "arrow", "torch, with gradients"])
def test_fit_trains_on_the_rows_of_a_table(kind, jit):
    weights = []
    targets = pd.Series([0.5, -1.0, 2.0], index=SHUFFLED)
    for X, y in ((ROWS, [0.5, -1.0, 2.0]), (TABLES[kind], targets)):
        random.seed(3)
        model = MLP(2, [1])
        fit(model, mse_loss, SGD(model.parameters(), lr=0.001), X, y, epochs=3, batch_size=2, progress=False, jit=jit)
        weights.append(model.state_dict())
    assert weights[0] == weights[1]


DAYS = [datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)]


@pytest.mark.parametrize(
    "table",
    [
        pl.DataFrame({"a": [1.0, 3.0], "when": DAYS}),
        pl.DataFrame({"a": [1.0, 3.0], "took": [datetime.timedelta(1)] * 2}),
        pa.table({"a": [1.0, 3.0], "when": DAYS}),
        pd.DataFrame({"a": [1.0, 3.0], "when": pd.to_datetime(DAYS)}),
    ],
    ids=["polars", "polars duration", "arrow", "pandas"],
)
@pytest.mark.parametrize("read", [to_lists, to_array_or_lists])
def test_a_column_of_dates_among_others_is_refused(read, table):
    with pytest.raises(TypeError, match="turn dates and durations into floats first"):
        read(table)


@pytest.mark.parametrize(
    "rows", [lambda: zip([1, 2], [3, 4], strict=True), lambda: {"a": [1, 3], "b": [2, 4]}.values()]
)
def test_whatever_iterates_in_an_order_has_rows(rows):
    assert len(to_lists(rows())) == 2
    with pytest.raises(TypeError, match="must be numbers"):
        to_lists({1.0, 2.0})
