"""`where` and what is made of it: nothing comes back from the branch that is not taken, eager or compiled."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Value, atan2, define, grad, gradcheck, logsumexp, topological_order, where
from micrograd.engine.jit import TracingError, jit
from micrograd.nn import MLP, SGD, fit

inf, nan = math.inf, math.nan
NUMBERS = [0.0, -0.0, 0.5, 1.0, -1.0, 2.5, -2.5, 25.0, inf, -inf, nan]


def derivatives(f, x, order):
    """The value and its derivatives up to an order."""
    found = [f(x)]
    for _ in range(order):
        found.append(grad(found[-1], x))
    return found


def nested(x):
    inner = where(x < 2, x.log(), 1 / (x - 2.5))
    return where(x > 0, inner * inner, where(x <= -1, (-1 - x).sqrt(), x.exp()))


def shared(x):
    """The logarithm is behind two conditions, and neither need hold."""
    log = x.log()
    return where(x > 0, log, 1.0) * where(x > 1, log * x, 2 * x)


# With the branch that is taken, as Python's `if` takes it.
CHOICES = {
    "log": (lambda x: where(x > 0, x.log(), 3 * x), lambda x: x.log() if x > 0 else 3 * x),
    "a number": (lambda x: where(x <= 0, 0.0, x.sqrt()), lambda x: x * 0.0 if x <= 0 else x.sqrt()),
    "a pole": (lambda x: where(x >= 1, 1 / (x - 1), x / (1 - x)), lambda x: 1 / (x - 1) if x >= 1 else x / (1 - x)),
    "not zero": (lambda x: where(x, x**-2, x), lambda x: x**-2 if x else x),
    "between": (
        lambda x: where((x > 0) * (x < 1), (x / (1 - x)).log(), x),
        lambda x: (x / (1 - x)).log() if 0 < x < 1 else x,
    ),
    "overflow": (lambda x: where(x < 20, (1 + x.exp()).log(), x), lambda x: (1 + x.exp()).log() if x < 20 else x),
    "in front": (lambda x: where(x > 0, x, -x).sqrt(), lambda x: (x if x > 0 else -x).sqrt()),
    "behind": (lambda x: where(x.sqrt() > 1, x, x.sqrt()), lambda x: x if x.sqrt() > 1 else x.sqrt()),
}
COMPILED = {
    **{name: f for name, (f, _) in CHOICES.items()},
    "nested": nested,
    "shared": shared,
    "softplus": Value.softplus,
    "softplus of a root": lambda x: x.sqrt().softplus(),
    "logsumexp": lambda x: logsumexp([x, 2 * x, 1.0]),
    "clamp of a root": lambda x: x.sqrt().clamp(0.75, 1.25),
    "detached": lambda x: x * x.log().detach(),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_is_what_it_chooses(name):
    f, taken = CHOICES[name]
    for number in NUMBERS:
        x, y = Value(number), Value(number)
        ours, plain = derivatives(f, x, 3), derivatives(taken, y, 3)
        if name == "a number" and number <= 0:
            plain = [Value(0.0)] * 4
        assert repr([v.data for v in ours]) == repr([v.data for v in plain])
        ours[0].backward()
        assert repr(x.grad) == repr(ours[1].data)


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_it_chooses_for_each_sample(name, shape):
    f = COMPILED[name]
    found = jit(lambda x: derivatives(f, x, 3), **shape)(NUMBERS)
    expected = [[v.data for v in derivatives(f, Value(number), 3)] for number in NUMBERS]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_gradients_of_leaves_come_from_the_branch_that_is_taken(shape):
    x = [-1.0, 0.0, 4.0]

    def loss(x, w, v):
        return where(x > 0, w * x.sqrt(), v * x)

    w, v, a, b = Value(2.0), Value(3.0), Value(2.0), Value(3.0)
    losses = jit(lambda x: loss(x, w, v), **shape).backward(x)
    eager = [loss(Value(number), a, b) for number in x]
    (sum(eager) / 3).backward()
    assert losses.tolist() == [each.data for each in eager]
    assert [w.grad, v.grad] == pytest.approx([a.grad, b.grad], rel=1e-15)


# No sum of products of these is rounded.
EXACT = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, -0.5, inf, -inf, nan])
STEPS = st.lists(st.tuples(st.sampled_from(["+", "*", "max", "where"]), *[st.integers(0, 99)] * 4), max_size=9)


@settings(max_examples=60)
@given(program=STEPS, samples=st.lists(st.tuples(EXACT, EXACT), min_size=1, max_size=9))
def test_any_program_of_choices(shape, program, samples):
    def f(x, y):
        inputs = [x, y, 1 / x, 1 / y]
        results = list(inputs)
        for name, *places in program:
            a, b, c, d = (results[-1 - place % len(results)] for place in places)
            if name == "where":
                results.append(where(a < b, c, d))
            else:
                results.append(OPS[name](a, inputs[places[1] % 4] if name == "*" else b))
        first = grad(results[-1], [x, y])
        return [results[-1], *first, *grad(first[0], [x, y])]

    found = jit(f, **shape)(*zip(*samples, strict=True))
    expected = np.array([[v.data for v in f(Value(a), Value(b))] for a, b in samples])
    np.testing.assert_array_equal(found, expected)


def test_the_branch_that_is_not_taken_is_no_part_of_the_graph():
    x = Value(-1.0)
    assert [node._op for node in topological_order(where(x > 0, x.log(), x * 2))] == ["", "", "*"]


@pytest.mark.parametrize("condition", [True, 1, 0.5, nan, np.True_, np.float64(-1.0), Value(2.0), Value(nan)])
def test_a_condition_holds_where_it_is_not_zero(condition):
    assert where(condition, Value(1.0), Value(2.0)).data == 1.0


@pytest.mark.parametrize("condition", [False, 0, -0.0, np.False_, Value(0.0)])
def test_and_does_not_where_it_is(condition):
    assert where(condition, Value(1.0), Value(2.0)).data == 2.0


def test_of_numbers_it_is_a_number_and_else_a_value():
    assert where(True, 1, 2.0) == 1.0
    assert type(where(False, 1, 2)) is float
    assert isinstance(where(True, 1, Value(2.0)), Value)


@pytest.mark.parametrize("arguments", [("x", 1.0, 2.0), (True, "x", 1.0), (True, 1.0, None), ([True], 1.0, 2.0)])
def test_what_is_no_number_is_refused(arguments):
    with pytest.raises(TypeError, match="where takes Values and real numbers"):
        where(*arguments)


def test_live_leaves_may_decide():
    w = Value(1.0)
    below = OPS["<"]
    f = jit(lambda x: [where(w, x, 2 * x), where(x > w, x, 3 * x), where(w < x, x, 3 * x), where(below(w, 2.0), x, w)])
    assert f([1.0, 2.0]).tolist() == [[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 2.0, 2.0]]
    w.data = 0.0
    assert f([1.0]).tolist() == [[2.0, 1.0, 1.0, 1.0]]
    with pytest.raises(TracingError, match="comparison of the leaf"):
        jit(lambda x: where(w > 0, x, 2 * x))([1.0])


COMPARISONS = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "number first": lambda x, y: 1.0 < y,  # noqa: SIM300
    "number last": lambda x, y: x >= 1,
    "times": lambda x, y: (x < y) * x,
}


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons(name, shape):
    samples = list(itertools.product([0.0, -0.0, 1.0, inf, -inf, nan], repeat=2))
    found = jit(lambda x, y: COMPARISONS[name](x, y), **shape)(*zip(*samples, strict=True))
    expected = [float(COMPARISONS[name](Value(a), Value(b))) for a, b in samples]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("f", [lambda x: x if x > 1 else -x, lambda x: max(x, 1.0), lambda x: x * (0 < x < 1)])
def test_to_decide_at_once_is_refused(f):
    with pytest.raises(TracingError, match=r"comparison of x\).*where\(\)"):
        jit(lambda x: f(x))([1.0])


def test_in_a_row_of_ones_own(shape):
    forward, slope = lambda a: where(a > 0, a, 0.1 * a), lambda g, out, a: (where(a > 0, g, 0.1 * g),)
    leaky = define("leaky", forward, slope) if "leaky" not in OPS else OPS["leaky"]
    assert gradcheck(leaky, [-1.5])
    found = jit(lambda x: derivatives(leaky, x, 1), **shape)([2.0, -2.0, 0.0])
    assert found.tolist() == [[2.0, 1.0], [-0.2, 0.1], [0.0, 0.1]]


def test_softplus_is_smooth_and_does_not_overflow():
    assert [Value(x).softplus().data for x in (1000.0, -1000.0, 20.5)] == [1000.0, 0.0, 20.5]
    assert gradcheck(Value.softplus, [-3.0])


def test_logsumexp_takes_values_and_numbers_from_anything_that_iterates():
    a = Value(1.0)
    assert logsumexp(v for v in (a, 2, Value(3.0))).data == pytest.approx(3.4076059644443806, rel=1e-15)
    assert logsumexp([1.0, 1.0]) == pytest.approx(1 + math.log(2), rel=1e-15)
    assert gradcheck(lambda *values: logsumexp(values), [0.5, -1.0, 2.0])
    with pytest.raises(ValueError, match="at least one"):
        logsumexp([])
    with pytest.raises(TypeError, match="logsumexp takes Values"):
        logsumexp(["1"])


def test_atan2_takes_values_and_numbers():
    assert atan2(1.0, Value(0.0)).data == math.pi / 2
    assert Value(1.0).atan2(0).data == math.pi / 2
    assert atan2(Value(-0.0), -1).data == -math.pi
    assert gradcheck(atan2, [0.5, -1.5])


def test_detach_cuts_the_gradient_and_no_nan_comes_back():
    x = Value(0.0)
    y = x.log().detach() + x
    y.backward()
    assert (y.data, x.grad) == (-inf, 1.0)
    assert grad(x.detach(), x).data == 0.0


def test_clamp_hands_the_gradient_to_what_it_returns():
    x, low, high = Value(3.0), Value(0.0), Value(1.0)
    x.clamp(low, high).backward()
    assert (x.grad, low.grad, high.grad) == (0.0, 0.0, 1.0)
    with pytest.raises(TypeError, match="clamp takes a min, a max or both"):
        x.clamp()
    with pytest.raises(TypeError, match="clamp_max takes Values"):
        x.clamp(max="1")


def test_targets_may_decide_in_a_loss():
    def careful(predictions, targets):
        terms = [where(t > 0.5, (p - t) ** 2, abs(p - t)) for p, t in zip(predictions, targets, strict=True)]
        return sum(terms) / len(terms)

    X, y = [[0.1 * i] for i in range(20)], [0.05 * i for i in range(20)]
    trained = []
    for compiled in (False, True):
        random.seed(3)
        model = MLP(1, [4, 1])
        fit(model, careful, SGD(model.parameters(), lr=0.05), X, y, epochs=3, jit=compiled, progress=False)
        trained.append([p.data for p in model.parameters()])
    assert trained[0] == pytest.approx(trained[1], rel=1e-12)
