"""What would be frozen while a function is traced is refused, wherever it hides."""

import random

import numpy as np
import pytest

from micrograd.engine import OPS, Value, define, draw
from micrograd.engine.jit import TracingError, jit
from micrograd.nn import MLP, dropout


def test_a_refusal_that_is_caught_is_not_forgotten():
    w = Value(2.0)

    def leaky(x):
        v = w * x
        try:
            if v > 5:
                v = 5 + 0.1 * (v - 5)
        except TypeError:
            pass
        return v

    def decided(x):
        try:
            return w * x if w > 5 else x
        except TracingError:
            return x

    for f in (leaky, decided):
        with pytest.raises(TracingError, match="looked at a number"):
            jit(f)([1.0])


def test_a_number_that_is_written_and_read_again():
    w = Value(2.0)
    with pytest.raises(TracingError):
        jit(lambda x: float(f"{w:.17g}") * x)([1.0])
    assert f"{w:.1f}" == "2.0"


def test_a_derivative_that_decides_by_a_leaf():
    hard = define("hard", lambda a: OPS["max"](a, 0.0), lambda g, out, a: (g if a > 0 else 0.0 * g,))
    w = Value(1.0)
    f = jit(lambda x: hard(w) * x)
    assert f([2.0]).tolist() == [2.0]
    with pytest.raises(TracingError, match="looked at a number"):
        f.backward([2.0])


def test_what_is_dropped_of_leaves_alone_is_drawn_anew():
    w = Value(1.0)
    f = jit(lambda x: dropout(w, 0.5) * x)
    random.seed(3)
    assert set(f(np.ones(100))) == {0.0, 2.0}
    inputs = [Value(1.0), Value(-1.0)]
    model = MLP(2, [8, 1], dropout=0.5)
    g = jit(lambda x: model(inputs) * x)
    assert len(set(g(np.ones(100)))) > 5


def test_a_draw_outside_is_a_number_and_inside_one_for_each_sample():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    assert draw() == expected
    drawn = jit(lambda x: x + draw())(np.zeros(1000))
    assert len(set(drawn)) == 1000
    assert 0.4 < drawn.mean() < 0.6


def test_what_is_masked_is_no_argument():
    double = jit(lambda x: 2 * x)
    with pytest.raises(TypeError, match="has masked entries"):
        double(np.ma.array([1.0, 2.0], mask=[False, True]))
    assert double(np.ma.array([1.0, 2.0], mask=[False, False])).tolist() == [2.0, 4.0]
