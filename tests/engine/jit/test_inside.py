"""A compiled function called inside another, and with Values: it is the plain function there."""

import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, grad, topological_order
from micrograd.engine.jit import TracingError, Trainer, jit
from micrograd.nn import MLP, SGD, Module, fit, mse_loss

w = Value(3.0, label="w")


@jit
def scaled(x, by=2.0):
    return x * by * w


@jit
def both(x, y):
    return {"sum": x + y, "list": [x * y, scaled(x)]}


def power(x, n):
    return x**n


powered = jit(power, static_argnames="n")


class Cell(Module):
    def __init__(self):
        self.w = Value(0.5)

    @jit
    def step(self, x, state):
        return (self.w * x + state).tanh()

    def __call__(self, x):
        state = 0.0
        for each in x:
            state = self.step(each, state)
        return state


INSIDE = {
    "a function": (lambda x, y: scaled(x) + y, lambda x, y: scaled.__wrapped__(x) + y),
    "by name": (lambda x, y: scaled(by=y, x=x), lambda x, y: x * y * w),
    "of numbers alone": (lambda x, y: scaled(2.0) * x + y, lambda x, y: 2.0 * 2.0 * w * x + y),
    "of a leaf": (lambda x, y: scaled(w) * x + y, lambda x, y: w * 2.0 * w * x + y),
    "with a structure": (lambda x, y: both(x, y)["list"][1] * y, lambda x, y: x * 2.0 * w * y),
    "with a static argument": (lambda x, y: powered(x, n=2) + powered(y, 3), lambda x, y: x**2 + y**3),
    "with a gradient": (lambda x, y: grad(powered(scaled(x), 2), x) * y, lambda x, y: 8.0 * w * w * x * y),
}


@pytest.mark.parametrize("name", INSIDE)
@settings(max_examples=10, deadline=None)
@given(points=st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=9))
def test_it_is_traced_through(name, points):
    f, plain = INSIDE[name]
    x, y = zip(*points, strict=True)
    assert jit(f)(x, y) == pytest.approx([plain(Value(a), Value(b)).data for a, b in points], rel=1e-14, abs=1e-300)


def test_its_leaves_are_live_and_have_gradients():
    leaf = Value(3.0)
    inner = jit(lambda x: x * leaf)
    outer = jit(lambda x: inner(x) + inner(2.0))
    assert outer.backward([1.0, 2.0]).tolist() == [9.0, 12.0]
    assert leaf.grad == 3.5
    leaf.data = 1.0
    assert outer([1.0]).tolist() == [3.0]


def test_the_numbers_are_those_of_one_function():
    random.seed(1)
    model = MLP(3, [8, 8, 1])
    inner = jit(model)
    X = np.random.default_rng(1).normal(size=(20, 3))
    assert jit(lambda x: inner(x) * 2.0)(X).tolist() == jit(lambda x: model(x) * 2.0)(X).tolist()


def test_a_method_is_traced_through():
    cell, x = Cell(), [0.1, 0.2, 0.3]
    assert jit(cell)([x]).tolist() == pytest.approx([cell(list(map(Value, x))).data])


@pytest.mark.parametrize("jitted", [False, True])
def test_a_model_that_holds_one_is_trained(jitted):
    cell = Cell()
    fit(cell, mse_loss, SGD([cell.w], lr=0.1), [[0.5, 1.0]], [0.2], epochs=200, jit=jitted)
    assert cell([Value(0.5), Value(1.0)]).data == pytest.approx(0.2, abs=1e-6)


def test_a_trainer_traces_through_it():
    leaf = Value(0.0)
    inner = jit(lambda x, y: (leaf * x - y) ** 2)
    trainer = Trainer(inner, [[1.0], [2.0]], [leaf], lambda p, g, state, t, lr: (p - lr * g, state), slots=0)
    for _ in trainer.run([0.1] * 100, batch=1):
        trainer.store()
    assert leaf.data == pytest.approx(2.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: scaled.backward(x),
        lambda x: scaled.value_and_grad(1.0)[0][0] * x,
        lambda x: scaled([1.0], out=np.empty(1))[0] * x,
    ],
)
def test_what_is_not_traced_through_is_refused(f):
    before = w.grad
    with pytest.raises(TracingError, match=r"but not its gradients and its out=; .*micrograd.engine.grad"):
        jit(f)([1.0])
    assert w.grad == before


def test_looking_at_a_number_inside_is_refused():
    inner = jit(lambda x: x if x > 0 else -x)
    with pytest.raises(TracingError, match="looked at a number"):
        jit(lambda x: inner(x))([1.0])


def test_others_go_on_meanwhile():
    """While one thread traces, a call in another runs machine code."""
    found = []

    def f(x):
        other = threading.Thread(target=lambda: found.append(scaled([1.0, 2.0])))
        other.start()
        other.join()
        return x

    scaled([1.0])
    jit(f)([1.0])
    assert found[0].tolist() == [6.0, 12.0]


def test_of_values_it_is_part_of_their_graph():
    x, y = Value(2.0), Value(5.0)
    out = scaled(x * y, by=y)
    assert out.data == 150.0
    assert {x, y, w} <= set(topological_order(out))
    out.backward()
    assert (x.grad, y.grad) == (75.0, 60.0)
    assert grad(grad(out, x), y).data == 30.0  # 2 y w
    found = both(x, 3.0)
    assert (found["sum"].data, [value.data for value in found["list"]]) == (5.0, [6.0, 12.0])


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ([Value(1.0), 2.0], 3.0),
        (({"a": Value(1.0)}, Value(2.0)), None),
        ([[Value(1.0), 2.0], [3.0, 4.0]], None),
        (np.array([Value(1.0), Value(2.0)]), 3.0),
    ],
    ids=["a list", "in a dict", "a row of numbers", "an array of Values"],
)
def test_values_in_structures(argument, expected):
    got = []
    f = jit(lambda x: got.append(x) or (x[0] + x[1] if expected else 0.0))
    result = f(argument)
    assert got == [argument] if not isinstance(argument, np.ndarray) else got[0] is argument
    assert result == 0.0 if expected is None else result.data == expected


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (lambda x: float(scaled([3.0])[0]) * x, "0"),
        (lambda x: scaled(x, by=(1.0, 2.0)) * x, "by"),
        (lambda x: scaled(np.ones(2))[0] * x, "0"),
        (lambda x: scaled([]) * x, "0"),
        (lambda x: both(x, {"a": [1.0, 2.0]}), r"1\['a'\]"),
        (lambda x: both(x, (x, [1.0, 2.0])), r"1\[1\]"),
        (lambda x: both(x, ([[1.0]], {"a": 1.0})), r"1\[0\]"),
    ],
    ids=["a list", "a tuple by name", "an array", "an empty list", "in a dict", "beside a Value", "beside a dict"],
)
def test_arrays_are_refused_while_another_is_traced(call, place):
    """Outside they are samples; the plain function would take a list of numbers for a list."""
    message = f"argument {place} is an array inside another one; pass Values .*call it before.*__wrapped__"
    with pytest.raises(TypeError, match=message):
        jit(call)([1.0])


def test_numbers_and_values_are_taken_while_another_is_traced():
    got = []
    inner = jit(lambda *given: got.append(given) or given[-1] * 1.0)
    given = [2, np.float64(3.0), {"a": 1.0}, ({"a": 1.0}, 2.0)]
    jit(lambda x: inner(*given, ({"a": x},), [[x, 1.0], [2.0, 3.0]], {"a": (x, 1.0)}, x))([1.0])
    assert list(got[0][:4]) == given
    assert len(got[0]) == 8


ARRAYS = {
    "an array": ((Value(1.0), np.ones(2)), {}, "argument 1 is an array where others are Values"),
    "a list": ((Value(1.0), [1.0, 2.0]), {}, "argument 1 is an array"),
    "a list first": (([1.0, 2.0], Value(1.0)), {}, "argument 0 is an array"),
    "by name": ((Value(1.0),), {"y": [1.0]}, "argument y is an array"),
    "in a tuple": (((Value(1.0), np.ones(2)), 1.0), {}, r"argument 0\[1\] is an array"),
    "a list in a tuple": (((Value(1.0), [1.0, 2.0]), 1.0), {}, r"argument 0\[1\] is an array"),
    "in a dict": (({"a": 1.0, "b": [1.0]}, Value(1.0)), {}, r"argument 0\['b'\] is an array"),
    "in a list": (([[Value(1.0)], [np.ones(2)]], 1.0), {}, r"argument 0\[1\] is an array"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_values_and_arrays_together_are_refused(name):
    arguments, keywords, message = ARRAYS[name]
    with pytest.raises(TypeError, match=f"takes Values or arrays, and {message}.* __wrapped__"):
        jit(lambda x, y: x)(*arguments, **keywords)


def test_static_arguments_go_with_values():
    x = Value(3.0)
    assert powered(x, 2).data == powered(x, n=2).data == 9.0
    assert jit(lambda x, names: x * len(names), static_argnames="names")(x, ("a", "b")).data == 6.0


@pytest.mark.parametrize("call", [scaled.backward, scaled.value_and_grad, lambda x: scaled(x, out=np.empty(1))])
def test_gradients_and_out_are_for_numbers(call):
    with pytest.raises(TypeError, match=r"argument 0 .* got Values; take their .data, .*micrograd.engine.grad"):
        call([Value(1.0)])
