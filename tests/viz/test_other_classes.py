"""Graphs of other classes than the engine's: what somebody wrote to learn can be drawn and filmed too."""

import json
import math
import random
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from micrograd.engine import OPS, Value
from micrograd.viz import draw, draw_dot, explain, film, to_dot, trace

FUNCTIONS = {"tanh": math.tanh, "exp": math.exp, "ReLU": lambda x: max(0.0, x)}


def learned(container, *, symbols=None, number=float):
    """A class as in a course: operands in a container, operations with symbols of its own."""
    symbols = symbols or {}

    class Own:
        def __init__(self, data, children=(), op=""):
            self.data, self.grad = number(data), 0.0
            self._prev, self._op = container(children), symbols.get(op, op)
            self._backward = lambda: None

        def __repr__(self):
            return f"Own({self.data})"

        def binary(self, other, op, data):
            other = other if isinstance(other, Own) else Own(other)
            return Own(data(self.data, other.data), (self, other), op)

        def __add__(self, other):
            return self.binary(other, "+", lambda a, b: a + b)

        def __sub__(self, other):
            return self.binary(other, "-", lambda a, b: a - b)

        def __mul__(self, other):
            return self.binary(other, "*", lambda a, b: a * b)

        def __truediv__(self, other):
            return self.binary(other, "/", lambda a, b: a / b)

        def __pow__(self, exponent):
            return Own(self.data**exponent, (self,), f"**{exponent}")

        def __getattr__(self, name):
            if name.lower() not in {"tanh", "exp", "relu"}:
                raise AttributeError(name)
            op = "ReLU" if name == "relu" else name
            return lambda: Own(FUNCTIONS[op](self.data), (self,), op)

    return Own


CLASSES = {
    "tuple": learned(tuple),
    "list": learned(list),
    "set": learned(set),
    "spelt otherwise": learned(tuple, symbols={"ReLU": "relu"}),
    "numpy": learned(list, number=np.float64),
}
classes = pytest.mark.parametrize("own", CLASSES.values(), ids=CLASSES.keys())


def program(kind):
    """An expression with every operation such a class has, and its leaves."""
    a, b = kind(2.0), kind(-3.0)
    c = (a * b + a * a - b / a).tanh() + (a - b).relu() + (b**2).exp() * 1e-4
    return c / a - c * c, {"a": a, "b": b, "c": c}


def written(picture):
    """What is written in the boxes, those of equal words in any order, as sets have none."""
    return sorted(tuple(group.itertext()) for group in ET.fromstring(picture.svg).iter() if "data-node" in group.attrib)


def document(shot):
    return json.loads(re.search(r'<script type="application/json" id="film">(.*?)</script>', shot.html)[1])


@classes
def test_it_is_drawn_as_a_graph_of_tuples_would_be(own):
    root, labels = program(own)
    same, same_labels = program(CLASSES["tuple"])
    spelt = [words.replace("relu", "ReLU") for box in written(draw(root, labels)) for words in box]
    assert sorted(spelt) == sorted(words for box in written(draw(same, same_labels)) for words in box)


@classes
def test_it_is_filmed_with_the_gradients_of_the_engine(own):
    root, labels = program(own)
    reference, values = program(Value)
    reference.backward()
    shot = document(film(root, labels))
    found = {node["name"]: float(grad) for node, grad in zip(shot["nodes"], shot["grad"], strict=True)}
    assert {name: found[name] for name in labels} == pytest.approx({name: values[name].grad for name in labels})
    assert None not in shot["rules"]
    assert root.grad == 0.0


@classes
def test_the_other_pictures_take_it_too(own):
    root, labels = program(own)
    nodes, edges = trace(root)
    assert nodes[-1] is root
    assert {*map(id, labels.values())} < {*map(id, nodes)}
    assert len(edges) == 28
    assert to_dot(root, labels=labels).count(" -> ") == draw_dot(root, labels=labels).source.count(" -> ")


@pytest.mark.parametrize("container", [tuple, list, set, frozenset])
def test_a_square_has_both_edges(container):
    a = learned(container)(3.0)
    b = a * a
    assert trace(b) == ([a, b], [(a, b), (a, b)])


@pytest.mark.parametrize(("op", "data"), [("*", 6.0), ("+", 5.0)])
def test_a_set_of_one_is_one_operand_if_the_number_says_so(op, data):
    """Some keep plain numbers out of the graph: then 3 * 2 has one operand, and is no square."""
    own = learned(set)
    a = own(3.0)
    b = own(data, (a,), op)
    assert trace(b)[1] == [(a, b)]
    with pytest.raises(NotImplementedError, match=re.escape(f"{op!r} is another operation")):
        film(b)


@pytest.mark.parametrize("seed", range(8))
def test_the_order_in_a_set_is_that_which_gives_the_number(seed):
    own = learned(set)
    keep = [own(0.0) for _ in range(random.Random(seed).randrange(50))]  # so that addresses differ
    a, b = own(2.0), own(5.0)
    for result in (a - b, a / b, own(2.0**5.0, (a, b), "**")):
        assert trace(result)[1] == [(a, result), (b, result)]
    assert keep is not None


@pytest.mark.parametrize("seed", range(8))
def test_what_a_set_does_not_tell_is_in_the_order_of_sums_and_labels(seed):
    own = learned(set)
    keep = [own(0.0) for _ in range(random.Random(seed).randrange(50))]
    x, w, b = [own(-2.0), own(3.0)], [own(0.5), own(-1.0)], own(0.1)
    root = b
    for wi, xi in zip(w, x, strict=True):
        root = root + wi * xi
    leaves = [node for node in trace(root)[0] if not node._prev]
    assert leaves.index(w[0]) < 3  # and so is w1
    shown = [group[1] for group in re.findall(r"class='(label|op)'[^>]*>([^<]*)<", draw(root, {"w": w, "x": x}).svg)]
    assert shown == ["w.0", "x.0", "×", "+", "w.1", "x.1", "×", "+"]
    assert keep is not None


def test_depth_is_no_limit():
    own = learned(tuple)
    v = own(0.5)
    for _ in range(100_000):
        v = own(v.data, (v,), "same")
    assert len(trace(v)[0]) == 100_001
    assert len(written(draw(v))) < 20


def test_more_than_two_operands():
    own = learned(list)
    parts = [own(float(i)) for i in range(5)]
    total = own(10.0, parts, "sum")
    assert trace(total)[1] == [(part, total) for part in parts]
    assert len(written(draw(total))) == 6
    with pytest.raises(NotImplementedError, match="'sum' has no derivative"):
        film(total)


def test_a_large_graph_is_summed_up():
    own = learned(set)
    x = [own(float(i)) for i in range(200)]
    root = own(0.0)
    for each in x:
        root = root + each * each
    assert len(written(draw(root))) < 10


class Unhashable:
    __hash__ = None

    def __init__(self, data, children=(), op=None):
        self.data, self.grad, self._prev, self._op = data, None, children, op

    def __eq__(self, other):
        return self.data == other.data


def test_equal_and_unhashable_nodes_are_told_apart():
    a, b = Unhashable(3), Unhashable(3)
    c = Unhashable(6, [a, b], "+")
    nodes, edges = trace(c)
    assert list(map(id, nodes)) == list(map(id, [a, b, c]))
    assert len(edges) == 2
    assert len(written(draw(c, {"a": a, "b": b}))) == 3
    assert document(film(c))["grad"] == [1.0, 1.0, 1.0]


def test_a_label_of_its_own_is_shown_behind_one_that_is_given():
    own = learned(tuple)
    a, b = own(1.0), own(2.0)
    a.label, b.label = "weight", "input"
    assert {"weight", "second"} < {words.strip() for box in written(draw(a * b, {"second": b})) for words in box}


def test_a_mixed_graph():
    own = learned(tuple)
    a = Value(2.0, label="a")
    b = own(6.0, (a, own(3.0)), "*")
    assert document(film(b))["grad"][0] == 3.0


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        ("softsign", "operation 'softsign' has no derivative"),
        ("tanh", "'tanh' is another operation than that of this .*Own, for which tanh\\(2.0\\) is 0.7;"),
        ("*", "'\\*' is another operation"),
        ("**x", "operation '\\*\\*x' has no derivative"),
        ("", "operation '' has no derivative"),
        ("\ud800\ufffe\n", "has no derivative"),
    ],
)
def test_a_film_refuses_what_is_not_in_the_table(op, reason):
    own = learned(tuple)
    root = own(0.7, (own(2.0),), op)
    assert len(written(draw(root))) == 2
    with pytest.raises(NotImplementedError, match=reason):
        film(root)


def test_a_row_that_was_added_to_the_table_is_followed():
    from micrograd.engine import define

    define("half", lambda a: a / 2, lambda g, out, a: (g * 0.5,))
    try:
        own = learned(tuple)
        assert document(film(own(1.0, (own(2.0),), "half")))["grad"] == [0.5, 1.0]
    finally:
        del OPS["half"]


def test_what_was_computed_from_itself_has_no_picture():
    own = learned(list)
    a = own(1.0)
    a._prev.append(own(1.0, (a,), "exp"))
    with pytest.raises(ValueError, match=r"no cycles, but Own\(1.0\) was computed from itself"):
        draw(a)


class Almost:
    data, grad, _prev = 1.0, 0.0, ()


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (Almost(), "one Value, got .*Almost, which has no _op;"),
        (learned(tuple), "one Value, got type, which has no data"),
        (Value, "one Value, got type, which has no data"),
        (learned(tuple)(1.0, (3.0,), "exp"), "got float, which has no data, grad, _prev, _op"),
        (learned(tuple, number=np.array)([1.0, 2.0]), r"data of a node is a number, got array.* in a .*Own"),
        (learned(tuple, number=str)("two"), r"data of a node is a number, got 'two' \(str\) in a .*Own"),
        (learned(tuple, number=complex)(1j), "data of a node is a number"),
        (learned(tuple, number=int)(10**400), "data of a node is a number"),
    ],
    ids=["three of four", "class", "Value itself", "operand", "array", "text", "complex", "huge"],
)
@pytest.mark.parametrize("take", [draw, film, to_dot, draw_dot, trace])
def test_what_is_no_graph_of_numbers_is_named(root, message, take):
    with pytest.raises(TypeError, match=message):
        take(root)


def test_explanations_are_for_the_engine():
    own = learned(tuple)
    a = own(1.0)
    with pytest.raises(TypeError, match=r"a Value of micrograd.engine .* got Own\(1.0\) \(.*Own\)"):
        explain(a, a * a)
