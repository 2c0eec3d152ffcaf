"""Arguments and results of any rank, in tuples, dicts and lists: what is read how, and what is refused."""

import re
from collections import OrderedDict, namedtuple
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, grad
from micrograd.engine.jit import Trainer, jit
from micrograd.engine.jit.versions import KEPT

Point = namedtuple("Point", "x y")
ONE, TWO, FOUR = np.arange(3.0), np.arange(6.0).reshape(3, 2), np.arange(72.0).reshape(3, 2, 3, 4)


def seen(nest):
    """What a function got: `v` for a Value, within the lists, tuples and dicts that hold it."""
    if isinstance(nest, dict):
        return {key: seen(part) for key, part in nest.items()}
    if isinstance(nest, (list, tuple)):
        parts = map(seen, nest)
        return type(nest)(*parts) if hasattr(nest, "_fields") else type(nest)(parts)
    return "v"


READ = {
    "a number": (2.0, "v", 1),
    "samples of a number": ([1.0, 2.0, 3.0], "v", 3),
    "a tuple of numbers": ((1.0, 2.0, 3.0), "v", 3),
    "a tuple of NumPy's numbers": ((np.float64(1.0), np.array(2.0)), "v", 2),
    "a tuple of fractions": ((Fraction(1, 2), 10**30), "v", 2),
    "samples of two numbers": ([[1.0, 2.0]] * 3, ["v", "v"], 3),
    "a list of tuples of numbers": ([(1.0, 2.0)] * 3, ["v", "v"], 3),
    "a tuple of lists of numbers": (([1.0, 2.0],) * 3, ["v", "v"], 3),
    "a list of arrays": ([np.ones(2)] * 3, ["v", "v"], 3),
    "a list of matrices": ([np.ones((2, 1))] * 3, [["v"], ["v"]], 3),
    "a list of a list and an array": ([[1.0, 2.0], np.ones(2)], ["v", "v"], 2),
    "a list of a tuple and an array": ([(1.0, 2.0), np.ones(2)], ["v", "v"], 2),
    "matrices in lists": ([[[1.0, 2.0]]] * 3, [["v", "v"]], 3),
    "four dimensions": (FOUR, [[["v"] * 4] * 3] * 2, 3),
    "no numbers": (np.ones((3, 0, 2)), [], 3),
    "a tuple of arrays": ((ONE, ONE), ("v", "v"), 3),
    "a tuple of unlike arrays": ((ONE, TWO), ("v", ["v", "v"]), 3),
    "a tuple of an array and a number": ((0.5, TWO), ("v", ["v", "v"]), 3),
    "a tuple of an array and a list": ((ONE, [1.0, 2.0, 3.0]), ("v", "v"), 3),
    "a tuple of a list and an array": (([[1.0, 2.0]] * 3, ONE), (["v", "v"], "v"), 3),
    "a tuple of a list of arrays": (([ONE, ONE],), (["v", "v", "v"],), 2),
    "a tuple in a tuple": (((ONE, ONE), 1.0), (("v", "v"), "v"), 3),
    "a list of tuples of arrays": ([(TWO, ONE), (TWO, ONE)], [(["v", "v"], "v")] * 2, 3),
    "a list of tuples of equal arrays": ([(ONE, ONE), (ONE, ONE)], [("v", "v")] * 2, 3),
    "a list of lists of tuples": ([[(ONE, ONE)]], [[("v", "v")]], 3),
    "a dict": ({"w": TWO, 3: ONE, "lr": 0.1}, {"w": ["v", "v"], 3: "v", "lr": "v"}, 3),
    "a dict of lists of numbers": ({"w": [1.0, 2.0], "b": 1.0}, {"w": "v", "b": "v"}, 2),
    "a dict of numbers": ({"w": 1.0}, {"w": "v"}, 1),
    "an empty dict": ({}, {}, 1),
    "a dict in a tuple": (({"w": 1.0}, 2.0), ({"w": "v"}, "v"), 1),
    "a tuple in a dict": ({"p": (TWO, ONE)}, {"p": (["v", "v"], "v")}, 3),
    "a list of dicts": ([{"w": TWO}, {"w": TWO}], [{"w": ["v", "v"]}] * 2, 3),
    "a list of a dict and an array": ([{"w": ONE}, TWO], [{"w": "v"}, ["v", "v"]], 3),
    "an ordered dict": (OrderedDict(w=ONE), {"w": "v"}, 3),
    "a named tuple": (Point(ONE, TWO), Point("v", ["v", "v"]), 3),
    "a named tuple of lists": (Point([1.0, 2.0], [3.0, 4.0]), Point("v", "v"), 2),
    "a named tuple of numbers": (Point(1.0, 2.0), Point("v", "v"), 1),
    "named tuples in a list": ([Point(1.0, 2.0)] * 3, [Point("v", "v")] * 3, 1),
    "a named tuple in a named tuple": (Point(Point(1.0, 2.0), [3.0]), Point(Point("v", "v"), "v"), 1),
    "a named tuple in a tuple": ((Point(1.0, 2.0), Point(1.0, 2.0)), (Point("v", "v"),) * 2, 1),
    "a named tuple beside a list": (([1.0, 2.0], Point(1.0, 2.0)), ("v", Point("v", "v")), 2),
    "a number beside a list": ((2.0, [1.0, 2.0]), ("v", "v"), 2),
    "a list beside a number": (([[1.0, 2.0]], 2.0), (["v", "v"], "v"), 1),
    "a number beside a tuple": ((2, (1.0, 2.0)), ("v", "v"), 2),
    "a list of a number beside a list": ([(2.0, [1.0, 2.0])], [("v", "v")], 2),
    "such a tuple in a tuple": (((2.0, [1.0, 2.0]),), (("v", "v"),), 2),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_read_how(name):
    argument, expected, batch = READ[name]
    got = []
    results = jit(lambda first, second: got.append((first, second)) or 1.0)(argument, second=argument)
    assert [tuple(map(seen, both)) for both in got] == [(expected, expected)]
    assert type(got[0][0]) in (Value, type(expected)) or expected == "v"
    assert results.shape == (batch,)


@pytest.mark.parametrize(
    ("argument", "error", "message"),
    [
        ([np.ones(2), np.ones(3)], TypeError, "argument 0 of .* rows of equal length, .*go into a tuple or a dict"),
        ([TWO, ONE], TypeError, "rows of equal length"),
        ([[1.0], [(ONE, ONE)]], TypeError, "rows of equal length"),
        ({"w": [[1.0], [2.0, 3.0]]}, TypeError, r"argument 0\['w'\] of .* rows of equal length"),
        (({"w": [1.0, "a"]}, 1.0), TypeError, r"argument 0\[0\]\['w'\] of .* must be real numbers, got .*'a'"),
        ((ONE, None), TypeError, r"argument 0\[1\] of .* must be real numbers, got None"),
        ({"a": ONE, "b": (ONE, np.ones(4))}, ValueError, r"3 in argument 0\['a'\], 4 in argument 0\['b'\]\[1\]"),
        ({"a": ONE, "b": [ONE, ONE]}, ValueError, r"3 in .*, 2 in .*'b'\]; .*also of a list of arrays; .*into a tuple"),
        ({"a": 1.0, "b": np.ones((0, 3, 2))}, ValueError, "at least one sample, got an empty batch"),
        ((np.ma.masked_equal([1.0, 2.0], 2.0), ONE), TypeError, r"argument 0\[0\] of .* masked"),
    ],
    ids=str,
)
def test_what_is_refused_by_name(argument, error, message):
    with pytest.raises(error, match=message):
        jit(lambda x: 1.0)(argument)


def test_placeholders_have_names():
    for look, name in [
        (lambda p: p["w"][1][0], "p['w'][1][0]"),
        (lambda p: p["b"][1], "p['b'][1]"),
    ]:
        with pytest.raises(TypeError, match=re.escape(f"comparison of {name})")):
            jit(lambda p, look=look: look(p).data)({"w": FOUR[:, 0, :2, :1], "b": (ONE, 2.0)})


def test_axes_are_lists_in_their_order():
    f = jit(lambda x: x[1][0][3] - 10 * x[0][2][1])
    assert f(FOUR).tolist() == (FOUR[:, 1, 0, 3] - 10 * FOUR[:, 0, 2, 1]).tolist()
    assert f(np.asfortranarray(FOUR)).tolist() == f(FOUR).tolist()
    swapped = jit(lambda x: x[0][3][1] - 10 * x[2][1][0])
    assert swapped(FOUR.transpose(0, 2, 3, 1)).tolist() == f(FOUR).tolist()


RETURNED = {
    "a list": (lambda x, y: [x, y], [[1, 10], [2, 20]]),
    "a tuple of numbers": (lambda x, y: (x, y, 3), [[1, 10, 3], [2, 20, 3]]),
    "a named tuple of numbers": (lambda x, y: Point(x, y), Point([1, 2], [10, 20])),
    "named tuples in a list": (lambda x, y: [Point(x, y)], [Point([1, 2], [10, 20])]),
    "a named tuple in another": (lambda x, y: Point(Point(x, y), 3), Point(Point([1, 2], [10, 20]), [3, 3])),
    "rows": (lambda x, y: [[x, y, 0], [y, x, 1]], [[[1, 10, 0], [10, 1, 1]], [[2, 20, 0], [20, 2, 1]]]),
    "tuples in a list": (lambda x, y: [(x,), (y,)], [[[1], [10]], [[2], [20]]]),
    "three axes": (lambda x, y: [[[x], [y]]], [[[[1], [10]]], [[[2], [20]]]]),
    "a number and a list": (lambda x, y: (x, [x, y]), ([1, 2], [[1, 10], [2, 20]])),
    "lists in a tuple": (lambda x, y: ([x], [y]), ([[1], [2]], [[10], [20]])),
    "lists of other lengths": (lambda x, y: ([x], [x, y], []), ([[1], [2]], [[1, 10], [2, 20]], [[], []])),
    "tuples in a tuple": (lambda x, y: ((x, y), (x, y)), ([[1, 10], [2, 20]], [[1, 10], [2, 20]])),
    "a dict": (lambda x, y: {"a": x, 1: [y, x]}, {"a": [1, 2], 1: [[10, 1], [20, 2]]}),
    "dicts in a list": (lambda x, y: [{"a": x}, {"b": y}], [{"a": [1, 2]}, {"b": [10, 20]}]),
    "a dict and a number in a list": (lambda x, y: [{"a": x}, y], [{"a": [1, 2]}, [10, 20]]),
    "tuples of several in a list": (lambda x, y: [(x, [y])], [([1, 2], [[10], [20]])]),
    "a named tuple": (lambda x, y: Point(x, [y]), Point([1, 2], [[10], [20]])),
    "an empty dict": (lambda x, y: {}, {}),
    "an empty tuple": (lambda x, y: (), [[], []]),
    "empty lists": (lambda x, y: [[], []], [[[], []], [[], []]]),
}


def listed(results):
    """Arrays as lists, in the tuples, dicts and lists that hold them."""
    if isinstance(results, dict):
        return {key: listed(part) for key, part in results.items()}
    if isinstance(results, (list, tuple)):
        parts = list(map(listed, results))
        return type(results)(*parts) if hasattr(results, "_fields") else type(results)(parts)
    assert results.dtype == np.float64
    return results.tolist()


@pytest.mark.parametrize("name", RETURNED)
def test_results_are_put_together_as_they_were_returned(name):
    f, expected = RETURNED[name]
    found = listed(jit(f)([1.0, 2.0], [10.0, 20.0]))
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "returned", [lambda x: [x, [x]], lambda x: [[x], [x, x]], lambda x: {"a": [[x], []]}, lambda x: [x, (x, x)]]
)
def test_a_list_that_is_no_array_is_refused(returned):
    with pytest.raises(TypeError, match=r"what is in it must have one shape, got .*; return a tuple or a dict"):
        jit(returned)([1.0])


@pytest.mark.parametrize("returned", [lambda x: {"a": x}, lambda x: [[x]], lambda x: (x, [x])])
def test_a_gradient_is_that_of_one_value(returned):
    with pytest.raises(TypeError, match="a gradient is that of a function of one Value"):
        jit(returned).backward([1.0])


def test_out_is_for_one_array():
    out = np.empty((3, 1, 2))
    assert jit(lambda x: [[x[0], x[1]]])(TWO, out=out) is out
    assert out.tolist() == TWO.reshape(3, 1, 2).tolist()
    with pytest.raises(TypeError, match="out= takes one array, and this function returns a dict of them"):
        jit(lambda x: {"a": x})(ONE, out=np.empty(3))


def test_results_in_one_dict_do_not_overlap():
    found = jit(lambda x: {"a": x, "b": [x, x], "c": [[x]]})(ONE)
    found["a"][:] = -1.0
    found["c"][:] = -2.0
    assert found["b"].tolist() == [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]


def test_a_model_of_parameters_that_are_arguments():
    """As one writes it with JAX: gradients come back in the structure of the parameters."""
    rng = np.random.default_rng(1)
    W, b, x = rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2)), rng.normal(size=(5, 3))

    @jit
    def slopes(p, x):
        hidden = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(p["W"], p["b"], strict=True)]
        loss = sum(h.tanh() ** 2 for h in hidden)
        return loss, {name: grad(loss, part) for name, part in p.items()}

    loss, found = slopes({"W": W, "b": b}, x)
    hidden = np.tanh(np.einsum("bij,bj->bi", W, x) + b)
    np.testing.assert_allclose(loss, (hidden**2).sum(1), rtol=1e-13)
    by_bias = 2 * hidden * (1 - hidden**2)
    np.testing.assert_allclose(found["b"], by_bias, rtol=1e-12)
    np.testing.assert_allclose(found["W"], by_bias[:, :, None] * x[:, None, :], rtol=1e-12)


@pytest.mark.parametrize("wrap", [lambda keyed: keyed, lambda keyed: [(keyed, 1.0)]], ids=["a dict", "deeper"])
def test_keys_that_are_equal_in_python_alone_are_told_apart(wrap):
    keys = [1, True, 1.0, 0.0, -0.0, (1,), (True,), frozenset([1]), frozenset([1.0])]
    traced = []
    f = jit(lambda p: traced.append(p) or 1.0)
    for key in keys * 2:
        f(wrap({key: ONE}))
    found = [p if isinstance(p, dict) else p[0][0] for p in traced]
    assert [repr(key) for (key,) in found] == list(map(repr, keys))


def test_each_structure_is_compiled_once():
    traced = []
    f = jit(lambda p: traced.append(p) or 1.0)
    pairs = [{"a": ONE, "b": TWO}, {"b": TWO, "a": ONE}, (ONE, TWO), [{"a": ONE}], [({"a": ONE},)], Point(ONE, TWO)]
    pairs += [FOUR, FOUR[:, :1], FOUR[0], TWO, ONE, [ONE], {0: ONE, 1: TWO}]
    assert len(pairs) <= KEPT
    for argument in pairs * 2:
        f(argument)
    assert len(traced) == len(pairs)


shapes = st.sampled_from([(), (1,), (3,), (2, 2), (1, 2, 3)])
structures = st.recursive(
    shapes | st.just("number"),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.lists(st.dictionaries(st.just("d"), inner, min_size=1), min_size=1, max_size=3)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: ("tuple", *parts, ()))
    ),
    max_leaves=6,
)


def made(structure, leaf):
    """The structure, filled with what `leaf` makes of shapes."""
    if isinstance(structure, dict):
        return {key: made(part, leaf) for key, part in structure.items()}
    if isinstance(structure, list):
        return [made(part, leaf) for part in structure]
    if structure[:1] == ("tuple",):
        return tuple(made(part, leaf) for part in structure[1:])
    return leaf(structure)


def mapped(f, nest):
    if isinstance(nest, dict):
        return {key: mapped(f, part) for key, part in nest.items()}
    if isinstance(nest, (list, tuple)):
        return type(nest)(mapped(f, part) for part in nest)
    return f(nest)


@settings(max_examples=60, deadline=None)
@given(structure=structures, batch=st.integers(2, 9))
def test_whatever_goes_in_comes_out_in_the_same_structure(structure, batch):
    rng = np.random.default_rng(batch)

    def array(shape):
        return rng.normal() if shape == "number" else rng.normal(size=(batch, *shape))

    def doubled(array):
        return np.broadcast_to(array, (batch,)) * 2.0 if np.ndim(array) == 0 else array * 2.0

    argument = made(("tuple", structure, ()), array)
    compare(jit(lambda nest: mapped(lambda v: v * 2.0, nest))(argument), mapped(doubled, argument))


def compare(found, expected):
    """Equal; where a tuple has numbers alone, results are columns of one array."""
    if isinstance(found, dict):
        assert list(found) == list(expected)
        for key in found:
            compare(found[key], expected[key])
    elif isinstance(found, (list, tuple)):
        assert type(found) is type(expected)
        for mine, theirs in zip(found, expected, strict=True):
            compare(mine, theirs)
    elif isinstance(expected, tuple):
        np.testing.assert_array_equal(found, np.stack(expected, axis=1))
    else:
        np.testing.assert_array_equal(found, expected)


def test_a_trainer_takes_structures_too():
    w, rng = Value(0.0), np.random.default_rng(2)
    X = rng.normal(size=(20, 2, 2))
    data = {"x": X, "y": (3.0 * X[:, 1, 0], 1.0)}

    def loss(sample):
        target, weight = sample["y"]
        return weight * (w * sample["x"][1][0] - target) ** 2

    trainer = Trainer(loss, [data], [w], lambda p, g, state, t, lr: (p - lr * g, state), slots=0)
    for _ in trainer.run([0.1] * 40, batch=5, orders=[list(range(20))] * 40):
        trainer.store()
    assert w.data == pytest.approx(3.0, abs=1e-3)
    assert trainer.losses(data) == pytest.approx([0.0] * 20, abs=1e-5)
    with pytest.raises(ValueError, match="of the structure that it was made with"):
        trainer.losses({"x": X, "y": (X[:, 0], 1.0)})
