"""What would be frozen while a function is traced is refused, wherever it hides."""

import random
import re

import numpy as np
import pytest

from micrograd.engine import OPS, Value, define, draw, grad, logsumexp, take, where
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


WRONG = {
    "where": lambda a: where(a > 1, [a], [a]),
    "+": lambda a: sum([[a]], a),
    "maximum": lambda a: a.maximum([a]),
    "logsumexp": lambda a: logsumexp([[a]]),
    "take": lambda a: take([1.0, 2.0], [a]),
    "grad": lambda a: grad([a], [a]),
    "a tuple": lambda a: a * (a,),
    "Value": lambda a: Value(a),
    "int()": lambda a: int(a),
    "returned": lambda a: {a},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_called_so_as_it_is_outside(name):
    """The message shows what it refuses, and that is no look at its number."""
    wrong = jit(WRONG[name])
    with pytest.raises(TypeError) as inside:
        wrong([1.0])
    assert type(inside.value) is TypeError
    if name != "returned":
        with pytest.raises(TypeError) as outside:
            WRONG[name](Value(1.0))
        assert str(inside.value) == re.sub(r"Value\(data=1.0.*?\)", "Placeholder(a)", str(outside.value))


def test_placeholders_show_their_names():
    shown = []
    jit(lambda x: shown.append(f"{x} {[x * 2]} {draw()!r}") or x)([1.0])
    assert shown == ["Placeholder(x) [Placeholder(the result of '*')] Placeholder(a placeholder)"]


def test_the_advice_for_a_leaf_can_be_followed():
    w = Value(2.0)
    with pytest.raises(TracingError, match=re.escape("where(x > w, a, b) of an argument x, or where(OPS['<'](1.0, w)")):
        jit(lambda x: where(w > 1, x, 0.0))([1.0])
    f = jit(lambda x: where(OPS["<"](1.0, w), x, where(x > w, x, 0.0)))
    assert f([1.0]).tolist() == [1.0]
    w.data = 0.5
    assert f([1.0, 0.0]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    "join",
    [
        lambda a, b: a & b,
        lambda a, b: a | b,
        lambda a, b: ~a,
        lambda a, b: True & a,
        lambda a, b: False | a,
    ],
)
def test_comparisons_are_joined_as_numbers(join):
    with pytest.raises(TypeError, match=r"a \* b for a & b, 1 - a for ~a, and 1 - \(1 - a\) \* \(1 - b\) for a \| b"):
        jit(lambda x: where(join(x > 0, x < 1), x, 0.0))([1.0])


def test_comparisons_are_joined_as_the_message_says():
    x = [-1.0, 0.5, 2.0]
    assert jit(lambda x: (x > 0) * (x < 1))(x).tolist() == [0.0, 1.0, 0.0]
    assert jit(lambda x: 1 - (x > 0))(x).tolist() == [1.0, 0.0, 0.0]
    assert jit(lambda x: 1 - (1 - (x > 1)) * (1 - (x < 0)))(x).tolist() == [1.0, 0.0, 1.0]


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


KEPT = {
    "of an argument": (lambda keep, x: keep(lambda: x[0] * 2) * x[0], r"from x\[0\] there"),
    "of a random number": (lambda keep, x: keep(draw) * x[0], "from a random number there"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_was_kept_of_another_trace_is_refused(name):
    use, message = KEPT[name]
    cache = {}

    def keep(make):
        if "kept" not in cache:
            cache["kept"] = make()
        return cache["kept"]

    f, other = (jit(lambda x: use(keep, x)) for _ in range(2))
    f([[1.0]])
    for call, x in [(other, [[1.0]]), (other.backward, [[1.0]]), (f, [[1.0, 2.0]])]:
        with pytest.raises(TracingError, match=f"a Value that was kept while another was traced.*{message}"):
            call(x)


def test_what_is_kept_of_leaves_alone_is_live():
    w, cache = Value(2.0), []

    def doubled():
        if not cache:
            cache.append(w * 2)
        return cache[0]

    assert jit(lambda x: doubled() * x)([1.0]).tolist() == [4.0]
    f = jit(lambda x: doubled() + x)
    w.data = 3.0
    assert f([1.0]).tolist() == [7.0]


def test_a_row_that_keeps_placeholders_is_refused():
    kept = []

    def forward(a):
        kept.append(a)
        return a * kept[0]

    keeps = define("keeps", forward, lambda g, out, a: (g * 2 * a,))
    jit(lambda x: keeps(x))([1.0])
    with pytest.raises(TracingError, match="it returns a Value, made of others"):
        jit(lambda x: keeps(x))([1.0])


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
