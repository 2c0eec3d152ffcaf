"""Arguments that a compiled function may look at, `static_argnames`."""

import copy
import functools
import math
import pickle

import numpy as np
import pytest

from micrograd.engine import Value
from micrograd.engine.jit import jit


@functools.partial(jit, static_argnames=("n", "kind"))
def powers(x, n, *, kind=list):
    """x, x², and so on."""
    return kind(x**k for k in range(1, n + 1))


class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = [Value(c) for c in coefficients]

    @functools.partial(jit, static_argnames="degree")
    def at(self, x, degree=1):
        return sum(c * x**k for k, c in enumerate(self.coefficients[: degree + 1]))


@pytest.mark.parametrize(
    ("arguments", "keywords", "expected"),
    [
        (([2.0, 3.0], 2), {}, [[2, 4], [3, 9]]),
        (([2.0, 3.0],), {"n": 1}, [[2], [3]]),
        ((), {"n": 2, "x": [2.0, 3.0]}, [[2, 4], [3, 9]]),
        ((2.0, 3), {"kind": tuple}, [[2, 4, 8]]),
    ],
)
def test_they_are_given_by_position_and_by_name(arguments, keywords, expected):
    assert powers(*arguments, **keywords).tolist() == expected


def test_each_value_is_compiled_once():
    traced = []
    f = jit(lambda x, n: x * float(traced.append(n) or n), static_argnames=["n"])
    for _ in range(2):
        for n in (1, 2, 3):
            assert f([1.0, 2.0], n).tolist() == f([1.0, 2.0], n=n).tolist() == [n, 2.0 * n]
    assert traced == [1, 2, 3]


EQUAL = [1, 1.0, True, (1,), (1.0,), ((True,),), 0.0, -0.0, (0.0,), (-0.0,), np.float64(1.0), "1", None, math.nan]
SETS = [frozenset([1]), frozenset([1.0]), frozenset([True]), (frozenset([-0.0]),), (frozenset([0.0]),)]


def test_what_is_equal_in_python_alone_is_told_apart():
    traced = []
    f = jit(lambda x, value: traced.append(value) or x, static_argnames="value")
    for value in EQUAL * 2:
        f([1.0], value)
    assert list(map(repr, traced)) == list(map(repr, EQUAL))


def test_so_are_sets():
    traced = []
    f = jit(lambda x, value: traced.append(value) or x, static_argnames="value")
    for value in SETS * 2:
        f([1.0], value)
    assert list(map(repr, traced)) == list(map(repr, SETS))
    f([1.0], frozenset("ab"))
    f([1.0], frozenset("ba"))
    assert len(traced) == len(SETS) + 1


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, np.array([1.0]), (1, [2])], ids=str)
def test_they_must_be_hashable(value):
    f = jit(lambda x, n: x, static_argnames="n")
    with pytest.raises(TypeError, match=r"argument 1 of a compiled function is static, so it must be hashable, got"):
        f([1.0], value)
    with pytest.raises(TypeError, match=r"argument 1 of .* is static"):
        f(x=[1.0], n=value)
    with pytest.raises(TypeError, match=r"argument n of .* is static"):
        jit(lambda x, *, n: x, static_argnames="n")([1.0], n=value)


@pytest.mark.parametrize(
    ("f", "names", "unknown"),
    [
        (lambda x: x, "n", "'n'"),
        (lambda x, n: x, ("n", "m", "k"), "'k', 'm'"),
        (lambda x, *n: x, "n", "'n'"),
        (lambda x: x, "", "''"),
    ],
)
def test_names_must_be_those_of_arguments(f, names, unknown):
    with pytest.raises(ValueError, match=f"static_argnames: .* has no argument called {unknown}$"):
        jit(f, static_argnames=names)


def test_they_may_be_among_any_arguments():
    def sums(a, n, /, b, *more, m=1, **others):
        return a * n + b * m + sum(more) + others["k"]

    f = jit(sums, static_argnames=("n", "k"))
    assert f([1.0], 2, [3.0], [4.0], m=[5.0], k=6).tolist() == [27.0]
    with pytest.raises(TypeError, match=r"argument k of .* is static"):
        f([1.0], 2, [3.0], k=[6.0])


def test_one_that_has_only_a_name_has_no_position():
    f = jit(lambda a, *more, k: a + sum(more) * k, static_argnames="k")
    assert f([1.0], [2.0], k=3).tolist() == [7.0]


def test_they_count_as_no_samples():
    f = jit(lambda n: Value(2.0) * n, static_argnames="n")
    assert f(3).tolist() == [6.0]
    column = jit(lambda x, names: x[names.index("b")], static_argnames="names")
    assert column([[1.0, 2.0]], ("a", "b")).tolist() == [2.0]


def test_gradients_have_them_too():
    w = Value(3.0)
    f = jit(lambda x, n: (w * x) ** n, static_argnames="n")
    assert f.backward([1.0], n=2).tolist() == [9.0]
    assert w.grad == 6.0
    assert [part.tolist() for part in f.value_and_grad([1.0], 3)] == [[27.0], [27.0]]


def test_methods_have_them_too():
    line, parabola = Polynomial(1.0, 2.0), Polynomial(1.0, 2.0, 3.0)
    assert line.at([10.0]).tolist() == [21.0]
    assert parabola.at([10.0], degree=2).tolist() == parabola.at([10.0], 2).tolist() == [321.0]
    assert parabola.at(x=[10.0]).tolist() == [21.0]


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda thing: pickle.loads(pickle.dumps(thing))}


def cubes(x, n):
    return x ** (3 * n)


@pytest.mark.parametrize("way", COPIES)
def test_copies_have_them_too(way):
    copied = COPIES[way](jit(cubes, static_argnames="n"))
    assert copied([2.0], n=1).tolist() == [8.0]
    with pytest.raises(TypeError, match="static"):
        copied([2.0], [1.0])
    assert COPIES[way](powers)([2.0], 2).tolist() == [[2.0, 4.0]]


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_copies_of_a_bound_method_have_them_too(way):
    assert COPIES[way](Polynomial(1.0, 2.0).at)([10.0], degree=0).tolist() == [1.0]
