"""What leaves are called: as someone says, as their labels say, or as the variables that they lie in."""

from functools import partial

import pytest

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.engine.jit.arrays import Traced
from micrograd.nn import MLP, Module

slope = Value(2.0)
matrix = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
ragged = [[Value(1.0)], [Value(2.0), Value(3.0)]]
named = Value(1.0, label="name")
model = MLP(2, [1])
parts = {"model": model, "shared": matrix}
data = [[float(i)] for i in range(1000)]


class Line(Module):
    def __init__(self):
        self.slope, self.rows = Value(1.0), [Value(2.0), Value(3.0)]

    def value(self, x):
        return self.slope * x + self.rows[0]


def helper(x):
    return slope * x


def closing():
    own = Value(3.0)
    return lambda x: own * x


@pytest.mark.parametrize(
    ("f", "names"),
    [
        (lambda x: slope * x, ["slope"]),
        (lambda x: matrix[0][1] * x, ["matrix"]),
        (lambda x: ragged[0][0] * x + ragged[1][1], ["ragged.0", "ragged.1"]),
        (lambda x: named * x + slope, ["name", "slope"]),
        (
            lambda x: parts["model"]([x, x]) + matrix[0][0],
            ["parts.model.0.weight", "parts.model.0.bias", "parts.shared"],
        ),
        (lambda x: helper(x) + data[3][0], ["slope"]),
        (closing(), ["own"]),
        (jit(helper), ["slope"]),
        (partial(helper), ["slope"]),
        (Line().value, ["slope", "rows"]),
        (lambda x: x * 2, []),
    ],
)
def test_names(f, names):
    assert sorted(array.name for array in Traced(f, ([0.0],)).parameters) == sorted(names)


def test_what_has_no_name_is_a_leaf():
    made = [Value(1.0), Value(2.0)]
    get = iter(made).__next__
    traced = Traced(lambda x: get() * x + get(), ([0.0],))
    assert [(array.name, array.shape) for array in traced.parameters] == [("leaf", (2,))]
    assert {*traced.leaves} == {*made}


def test_names_that_are_given_come_first():
    traced = Traced(lambda x: slope * x + matrix[0][0], ([0.0],), {"a": slope, "unread": named})
    assert [array.name for array in traced.parameters] == ["a", "unread", "matrix"]


def test_a_leaf_may_be_called_leaf():
    called, other = Value(1.0, label="leaf"), iter([Value(2.0)]).__next__
    traced = Traced(lambda x: called * x + other(), ([0.0],))
    assert [array.name for array in traced.parameters] == ["leaf", "leaf2"]


def test_frozen_leaves_are_told():
    part = MLP(2, [2, 1])
    part.layers[0].requires_grad_(False)
    parts = [part, slope]
    frozen = {*part.tensors()["0.bias"], *(w for row in part.tensors()["0.weight"] for w in row)}
    assert Traced(lambda x: parts[0]([x, x]) * parts[1], ([0.0],)).frozen == frozen
    assert Traced(part, ([[0.0, 0.0]],)).frozen == frozen
    assert Traced(part, ([[0.0, 0.0]],), part.tensors()).frozen == frozen
