"""What `jit` takes, what it gives back, what it refuses, and what can be seen of the code."""

import math
import random
import re
from fractions import Fraction

import numpy as np
import pytest

from micrograd.engine import OPS, Value
from micrograd.engine.jit import TracingError, jit
from micrograd.engine.jit.machine import AT_ONCE
from micrograd.nn import MLP, Neuron


def test_leaves_are_live():
    w = Value(2.0)
    scaled = jit(lambda x: w * x)
    assert scaled([1.0, 2.0]).tolist() == [2.0, 4.0]
    w.data = -1.0
    assert scaled([1.0, 2.0]).tolist() == [-1.0, -2.0]


def test_a_leaf_may_stand_on_the_left_of_every_operator():
    def f(x):
        w = Value(3.0)
        return (w + x) + (w - x) * (w * x) - (w / x) + w**x + w.maximum(x)

    x = [0.5, 1.5, 4.0]
    assert jit(f)(x).tolist() == pytest.approx([f(Value(number)).data for number in x], rel=1e-14)


def test_an_array_of_placeholders_works_elementwise():
    w = np.array([Value(2.0), Value(3.0)], dtype=object)
    assert jit(lambda x: (w * x[0] + x[0] * w).sum() + (np.array(x) @ w))([[1.0, 2.0]]).tolist() == [18.0]


@pytest.mark.parametrize(
    "numbers",
    [
        range(3),
        (True, False, True),
        [Fraction(1, 2), Fraction(1, 4)],
        np.array([0.1, 0.2], dtype=np.float32),
        np.array([1, 2, 2**53 - 1]),
        np.array([1.0, 2, True], dtype=object),
        np.arange(3, dtype=">f8"),
        np.arange(12.0)[1::5],
        np.arange(4.0)[::-1],
        np.broadcast_to(3.0, 4),
    ],
    ids=["range", "bools", "fractions", "float32", "ints", "objects", "big-endian", "strided", "reversed", "broadcast"],
)
def test_whatever_is_an_array_of_numbers(numbers):
    assert jit(lambda x: x + x)(numbers).tolist() == [2 * float(number) for number in numbers]


@pytest.mark.parametrize(
    "look", [np.asfortranarray, np.transpose, lambda X: X[::-2, ::-1]], ids=["columns", "T", "part"]
)
def test_matrices_that_lie_otherwise_in_memory(look):
    X = look(np.arange(25.0).reshape(5, 5))
    assert jit(lambda x: [x[0] - x[-1], *x])(X).tolist() == np.column_stack([X[:, 0] - X[:, -1], X]).tolist()


def test_shapes_of_arguments_and_results():
    model = MLP(3, [4, 2])
    rows = np.arange(12.0).reshape(4, 3)
    np.testing.assert_allclose(jit(model)(rows), [[v.data for v in model(row)] for row in rows.tolist()], rtol=1e-13)
    pair = jit(lambda x, y: (x + y, x * y, 7.0))
    assert pair([1, 2], 3).tolist() == [[4, 3, 7], [5, 6, 7]]
    assert pair(1, 2).tolist() == [[3, 2, 7]]
    assert jit(lambda: Value(2.0) * 3)().tolist() == [6.0]
    assert jit(lambda x: x)([[1], [2]]).tolist() == [[1.0], [2.0]]
    assert jit(lambda x: [x])([1, 2]).tolist() == [[1.0], [2.0]]
    assert jit(lambda x: 3)([1, 2]).tolist() == [3.0, 3.0]
    assert jit(lambda x: [])([1, 2]).shape == (2, 0)
    assert jit(lambda *x: sum(x))([1], [2], [3]).tolist() == [6.0]


def test_results_belong_to_the_caller():
    x = np.array([1.0, 2.0])
    f = jit(lambda x: x)
    first = f(x)
    f([3.0, 4.0])
    first[0] = 5.0
    assert (first.tolist(), x.tolist()) == ([5.0, 2.0], [1.0, 2.0])


def test_what_a_function_raises_comes_through_and_a_later_call_traces_anew():
    tables = [[1.0], [1.0, 2.0]]
    f = jit(lambda x: x * tables.pop(0)[1])
    with pytest.raises(IndexError, match="list index out of range"):
        f([3.0])
    assert f([3.0]).tolist() == [6.0]


def test_what_was_compiled_can_be_read():
    f = jit(lambda x, y: x * y * 1 + x * y + 0 * Value(3.0))
    with pytest.raises(RuntimeError, match="nothing has been compiled yet"):
        _ = f.program
    f([1.0], [2.0])
    assert f.program.splitlines()[:3] == ["%0 = input 0", "%1 = input 1", "%2 = leaf 0"]
    assert "fmul <" in f.ir
    assert f.stats.instructions < f.stats.traced
    assert f.stats.width >= 2
    assert f.program == f.program


MIXED = [lambda a, b: 0.5 * (a + b), lambda a, b: a * b, lambda a, b: a.maximum(-b), lambda a, b: (a - b).tanh()]


def test_long_programs_without_structure_are_compiled_in_parts():
    draw = random.Random(3)
    steps = [(draw.randrange(1, 20), draw.randrange(1, 20), draw.choice(MIXED)) for _ in range(1_500)]
    w = [Value(draw.uniform(-1, 1)) for _ in range(20)]

    def f(x):
        values = [number * x for number in w]
        for i, j, mixed in steps:
            values.append(mixed(values[-i], values[-j]))
        return sum(values)

    compiled = jit(f)
    _, gradient = compiled.value_and_grad([0.5])
    assert compiled.ir.count("\n") > 2 * AT_ONCE
    f(0.5).backward()
    assert gradient == pytest.approx([leaf.grad for leaf in compiled.leaves], rel=1e-9, abs=0)
    assert any(gradient)


def test_stats_say_where_the_seconds_went():
    f = jit(lambda x: (w * x).exp())
    f([1.0])
    forward = f.stats
    f.backward([1.0])
    for stats in forward, f.stats:
        assert stats.seconds == sum(stats.spent) > 0
        assert min(stats.spent) > 0
    assert f.stats.spent.trace == forward.spent.trace  # it was traced once
    assert f.stats.spent.llvm != forward.spent.llvm


def test_the_same_is_computed_once_and_the_needless_not_at_all():
    f = jit(lambda x: (x * x + 1.0 * x * x) * 1 + (x - x) * 0)
    f([2.0])
    assert [line.split()[2] for line in f.program.splitlines()[:-1]].count("*") == 2  # x * x, and the product with 0


w = Value(2.0)
LOOKS = {
    "comparison": lambda x: x if x > 0 else -x,
    "equality": lambda x: x if x == 1 else -x,
    "inequality": lambda x: x if x != 1 else -x,
    "membership": lambda x: x if x in (1.0, 2.0) else -x,
    "data": lambda x: x * x.data,
    "grad": lambda x: x * x.grad,
    "float": lambda x: x * float(x),
    "format": lambda x: x * len(f"{x:.2f}"),
    "truth": lambda x: x if x else -x,
    "builtin max": lambda x: max(x, x * 2),
    "backward": lambda x: (x * x).backward(),
    "math": lambda x: x * math.exp(x),
    "comparison of a leaf": lambda x: x * 2 if w > 0 else x * 3,
    "builtin max of a leaf": lambda x: max(w, w * 2) * x,
    "comparison with a leaf": lambda x: x * 2 if w < x else x * 3,
    "data of a leaf": lambda x: x * w.data,
    "data of what is computed": lambda x: x * (w * 2).data,
    "float of a leaf": lambda x: x * float(w),
    "truth of a leaf": lambda x: x if w else -x,
    "math of a leaf": lambda x: x * math.exp(w),
    "new data of a leaf": lambda x: setattr(w, "data", 3.0),
}


@pytest.mark.parametrize("name", LOOKS)
def test_looking_at_a_number_is_an_error(name):
    with pytest.raises(TracingError, match="looked at a number"):
        jit(LOOKS[name])([1.0])
    assert w.data == 2.0  # and nobody is watched any more


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda height, more: height.data, "height"),
        (lambda x, sizes: sizes[1].data, "sizes[1]"),
        (lambda *both: both[0].data, "argument 0"),
        (lambda x, y: float(Value(2.0, label="rate")), "rate"),
        (lambda x, y: float(Value(2.5)), "the leaf of 2.5"),
        (lambda x, y: (x * x).tanh().data, "the result of 'tanh'"),
    ],
    ids=["argument", "in a list", "without a name", "labelled leaf", "leaf", "computed"],
)
def test_the_error_names_the_value(f, message):
    with pytest.raises(TracingError, match=re.escape(f"comparison of {message})")):
        jit(f)([1.0], [[1.0, 2.0]])


class Parameter(Value):
    """A subclass, of which Python asks the left operand first, as it does of any."""


SUBCLASSED = {
    "+": lambda p, x: p + x,
    "-": lambda p, x: p - x,
    "*": lambda p, x: p * x,
    "/": lambda p, x: p / x,
    "**": lambda p, x: p**x,
    "maximum": lambda p, x: p.maximum(x),
    "minimum": lambda p, x: p.minimum(x),
    "row": lambda p, x: OPS["max"](p, x),
}


@pytest.mark.parametrize("name", SUBCLASSED)
@pytest.mark.parametrize("swapped", [False, True], ids=["left", "right"])
def test_a_parameter_may_be_of_a_subclass(name, swapped):
    def f(p, x):
        return SUBCLASSED[name](x, p) if swapped else SUBCLASSED[name](p, x)

    p, plain = Parameter(2.0), Value(2.0)
    assert jit(lambda x: f(p, x)).backward([3.0]).tolist() == [f(plain, Value(3.0)).data]
    f(plain, Value(3.0)).backward()
    assert p.grad == pytest.approx(plain.grad, rel=1e-15)


@pytest.mark.parametrize(
    ("f", "arguments", "error", "message"),
    [
        (lambda x: x, ([],), ValueError, "at least one sample"),
        (lambda x, y: x * y, ([1.0, 2.0], [1.0]), ValueError, "2 in argument 0, 1 in argument 1"),
        (lambda x: x, (np.zeros((0, 2)),), ValueError, "at least one sample, got an empty batch"),
        (lambda x: x, (["a"],), TypeError, "argument 0 of a compiled function must be real numbers, got .'a'."),
        (lambda x: x, ("3",), TypeError, "must be real numbers, got '3'"),
        (lambda x: x, ([1.0, None],), TypeError, r"must be real numbers, got \[1.0, None\]"),
        (lambda x: x, (np.array(["2020-01-01"], "M8[D]"),), TypeError, "must be real numbers, got array"),
        (lambda x, y: x, (1.0, [[1.0, 2.0], [1.0]]), TypeError, "argument 1 .* in rows of equal length, got .*2.0"),
        (lambda x: x, ([1 + 2j],), TypeError, r"must be real numbers, got .\(1\+2j\)"),
        (lambda x: x, ({1.0},), TypeError, r"argument 0 of a compiled function must be real numbers, got \{1.0\}"),
        (lambda x: x, ([10**400],), OverflowError, "numbers up to 1.8e308"),
        (lambda x, y: x, ([1.0],), TypeError, "missing 1 required positional argument: 'y'"),
        (lambda x: x, ([1.0], [2.0]), TypeError, "takes 1 positional argument but 2 were given"),
        (MLP(2, [1]), ([[1.0, 2.0, 3.0]],), ValueError, r"Neuron\(2\) takes 2 inputs, got 3"),
        (lambda x: "x", ([1.0],), TypeError, "a compiled function returns Values and numbers, .*, got str"),
        (lambda x: {"a": {x}}, ([1.0],), TypeError, "got set"),
        (lambda x: None, ([1.0],), TypeError, "got NoneType; does it lack a return"),
        (lambda x: x * 1j, ([1.0],), TypeError, r"\* takes Values and real numbers .*, got 1j"),
    ],
    ids=[
        "empty", "sizes", "no rows", "text", "digits", "None", "dates", "ragged", "complex",
        "set", "huge", "too few", "too many", "wrong width", "result", "set inside", "nothing", "complex inside",
    ],
)  # fmt: skip
def test_bad_calls_are_refused(f, arguments, error, message):
    with pytest.raises(error, match=message):
        jit(f)(*arguments)


@pytest.mark.parametrize("option", ["width", "cut"])
@pytest.mark.parametrize("number", [0, -1, 2.5, "4", True])
def test_bad_options_are_refused(option, number):
    with pytest.raises(ValueError, match=f"jit takes a {option} that is a whole number of at least 1, got {number!r}"):
        jit(lambda x: x, **{option: number})


def test_only_a_function_is_compiled():
    with pytest.raises(TypeError, match="jit takes a function, got None"):
        jit(None)


def test_a_function_that_calls_itself_ends():
    endless = jit(lambda x: endless(1.0) * x)
    with pytest.raises(RecursionError):
        endless([1.0])


def test_other_numbers_are_numbers():
    assert jit(lambda x: x + 1)([Fraction(1, 2), 10**30, True]).tolist() == [1.5, 1e30, 2.0]
    assert jit(lambda x: Fraction(1, 2))([1.0, 2.0]).tolist() == [0.5, 0.5]


def test_dropout_draws_anew_for_every_sample_and_call():
    neuron = Neuron(1, nonlin=False, dropout=0.25)
    neuron.w[0].data = 1.0
    f = jit(neuron)
    x = np.ones((100_000, 1))
    random.seed(1)
    first, second = f(x), f(x)
    random.seed(1)
    assert np.array_equal(first, f(x))
    assert not np.array_equal(first, second)
    assert set(first) == {0.0, 1 / 0.75}
    assert np.mean(first == 0.0) == pytest.approx(0.25, abs=0.01)
    assert np.mean((first == 0.0) & (second == 0.0)) == pytest.approx(0.0625, abs=0.005)
    assert np.corrcoef(first[1:], first[:-1])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_the_mode_of_a_model_is_frozen_when_it_is_traced():
    neuron = Neuron(1, nonlin=False, dropout=0.5)
    x = np.ones((100, 1))
    dropping = jit(neuron)
    dropping(x)
    neuron.eval()
    assert len(set(dropping(x))) == 2
    keeping = jit(neuron)
    assert len(set(keeping(x))) == 1
    neuron.train()
    assert len(set(keeping(x))) == 1
