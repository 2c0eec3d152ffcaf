"""What is written on a node."""

import math

import pytest

from micrograd.engine import Value
from micrograd.viz import text


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0.0, "0.0000"),
        (-0.0, "-0.0000"),
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


def test_names_turn_labels_round_and_pass_over_what_is_no_value():
    a, b = Value(1.0), Value(2.0)
    labels = {"a": a, "n": 3, "b": b, "again": a, "list": [b], "none": None}
    assert text.names(labels) == {a: "a, again", b: "b"}


def test_no_labels_no_names():
    assert text.names(None) == {}


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
