"""What is written on a node."""

import math
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import TextPath

from micrograd.engine import Value
from micrograd.nn import MLP
from micrograd.viz import text
from micrograd.viz.labels import Names


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0.0, "0.0000"),
        (-0.0, "0.0000"),
        (24.70408163265306, "24.7041"),
        (-0.001, "-0.0010"),
        (0.00099, "9.900e-04"),
        (99999.0, "99999.0000"),
        (-1e5, "-1.000e+05"),
        (1e-320, "1.000e-320"),
        (1e308, "1.000e+308"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "nan"),
    ],
)
def test_number(x, written):
    assert text.number(x) == written


class Parameters:
    """Has names for its Values, as a Module has."""

    def __init__(self, **named):
        self.named = named

    def named_parameters(self):
        return self.named.items()


def named(values, labels):
    names = Names(labels)
    return [names.of(value) for value in values]


def test_names_turn_labels_round_and_pass_over_what_is_no_value():
    a, b = Value(1.0), Value(2.0)
    labels = {"a": a, "n": 3, "b": b, "again": a, "list": [b], "none": None, "class": Parameters, 7: None}
    assert named([b, Value(3.0), a], labels) == ["b", "", "a, again"]


def test_an_object_in_a_dict_names_its_parameters_after_itself():
    w, b = Value(1.0), Value(2.0)
    assert named([w, b], {"model": Parameters(w=w, b=b, size=3)}) == ["model.w", "model.b"]


def test_an_object_on_its_own_names_its_parameters():
    w = Value(1.0)
    assert named([w], Parameters(w=w)) == ["w"]


def test_a_name_of_its_own_goes_before_one_that_an_object_gives():
    w, b = Value(1.0), Value(2.0)
    model = Parameters(w=w, b=b)
    assert named([w, b], {"model": model, "weight": w, "again": model}) == ["weight", "model.b"]


@pytest.mark.parametrize(
    ("label", "name"),
    [("mine", "mine"), ("", "model.w"), (None, "model.w"), (3, "3"), ("bell\a", "bell\ufffd"), (len, "model.w")],
    ids=repr,
)
def test_a_label_goes_before_what_an_object_calls_it_and_after_a_name_of_its_own(label, name):
    w = SimpleNamespace(label=label)
    assert named([w], {"model": Parameters(w=w)}) == [name]
    assert named([w], {"model": Parameters(w=w), "weight": w}) == ["weight"]


def test_values_are_told_apart_by_identity():
    class Equal:
        __hash__ = None

        def __eq__(self, other):
            return True

    a, b = Equal(), Equal()
    assert named([a, b], {"b": b}) == ["", "b"]


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ("tanh", "tanh"),
        (None, ""),
        (3, "3"),
        ("two\nlines", "two lines"),
        ("\x1b[2J\ufffe\ud800", "\ufffd[2J\ufffd\ufffd"),
    ],
    ids=repr,
)
def test_an_operation_may_be_called_anything(op, words):
    assert text.operation(op) == text.symbol(op) == words


def test_a_long_name_of_an_operation_is_shortened():
    assert text.operation("x" * 10_000) == "x" * 15 + "…" + "x" * 14


def test_the_parameters_of_a_module_are_found_in_its_order():
    model = MLP(2, [1])
    assert named(model.parameters(), model) == [name for name, _ in model.named_parameters()]


@pytest.mark.parametrize("labels", [None, {}])
def test_no_labels_no_names(labels):
    assert named([Value(1.0)], labels) == [""]


@pytest.mark.parametrize("labels", [3, "a", [("a", Value(1.0))], Parameters], ids=["int", "str", "list", "class"])
def test_what_has_no_names_is_refused(labels):
    with pytest.raises(TypeError, match=f"a dict of names .* got {type(labels).__name__}"):
        named([], labels)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("", ""),
        ("x" * 30, "x" * 30),
        ("a" * 16 + "b" * 15, "a" * 15 + "…" + "b" * 14),
        ("  two\n\t lines ", "two lines"),
    ],
)
def test_shorten(label, short):
    assert text.shorten(label) == short


@given(st.text())
def test_a_short_label_is_one_line_of_at_most_thirty_characters(label):
    short = text.shorten(label)
    assert len(short) <= 30
    assert len(short.splitlines()) <= 1


def fonts():
    """That of PNG files, and a wide one."""
    opensans = files("ttf_opensans") / "ttf"
    return [
        str(opensans / "OpenSans-Regular.ttf"),
        str(opensans / "OpenSans-SemiBold.ttf"),
        findfont("DejaVu Sans"),
        findfont("DejaVu Sans:bold"),
    ]


@pytest.mark.parametrize(
    "words", ["model.layers.0.neurons.10.w.2", "data-1.000e-320", "WWWWW", "ReLU", "illicit", "λ×"]
)
@pytest.mark.parametrize("font", fonts(), ids=lambda path: Path(path).stem)
def test_words_fit_in_their_width(font, words):
    path = TextPath((0, 0), words, size=100, prop=FontProperties(fname=font))
    assert path.get_extents().width / 100 <= text.width(words)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("bell\a null\0 return\r", "bell\ufffd null\ufffd return\ufffd"),
        ("half a pair \ud800", "half a pair \ufffd"),
        ("not a character \uffff", "not a character \ufffd"),
        ("שלום λ 🙂", "שלום λ 🙂"),
    ],
)
def test_printable(given, kept):
    assert text.printable(given) == kept


def test_the_order_is_that_of_the_labels():
    w, b, x, y = (Value(float(i)) for i in range(4))
    names = Names({"y": y, "model": Parameters(w=w, b=b, y=y), "again": w})
    assert sorted([x, w, b, y], key=names.rank) == [y, w, b, x]
