"""DOT text and `draw_dot`: what is written must mean to Graphviz what the user wrote."""

import math
import re
import sys

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.viz import draw_dot, to_dot

NODE = re.compile(r'    (\w+) \[label="((?:[^"\\]|\\.)*)"(?: shape=record)?\]')
EDGE = re.compile(r"    (\w+) -> (\w+)")


def parse(dot):
    """The labels and edges of DOT text, which must hold nothing else."""
    first, direction, *lines, last = dot.removesuffix("\n").split("\n")
    assert (first, direction[:12], last) == ("digraph {", "    rankdir=", "}")
    nodes, edges = {}, []
    for line in lines:
        if node := NODE.fullmatch(line):
            nodes[node[1]] = node[2]
        else:
            edge = EDGE.fullmatch(line)
            assert edge, line
            edges.append((edge[1], edge[2]))
    return nodes, edges


def shown(label):
    """What Graphviz shows for an escaped label."""
    return re.sub(r"\\(.)", lambda escape: {"n": "\n"}.get(escape[1], escape[1]), label).replace("&amp;", "&")


def fields(record):
    """The fields of a record label as Graphviz divides it, at the characters that are not escaped."""
    characters = re.findall(r"\\.|[^\\]", record)
    assert [c for c in characters if c in '{}<>"'] == ["{", "}"]
    assert (characters[0], characters[-1]) == ("{", "}")
    divided = "".join("\0" if c == "|" else shown(c) for c in characters[1:-1])
    return [field.removeprefix(" ").removesuffix(" ") for field in divided.replace("&amp;", "&").split("\0")]


def test_records_operations_and_edges():
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    c.backward()
    nodes, edges = parse(to_dot(c, labels={"a": a, "b": b}))
    assert {name: shown(label) for name, label in nodes.items()} == {
        "n0": "{ a | data 2.0000 | grad -3.0000 }",
        "n1": "{ b | data -3.0000 | grad 2.0000 }",
        "n2": "{ data -6.0000 | grad 1.0000 }",
        "n2_op": "*",
    }
    assert edges == [("n2_op", "n2"), ("n0", "n2_op"), ("n1", "n2_op")]


def test_a_value_used_twice_by_one_operation_has_two_edges():
    a = Value(3.0)
    assert parse(to_dot(a * a))[1].count(("n0", "n1_op")) == 2


@pytest.mark.parametrize(
    "label",
    [
        'a "quoted" name',
        "back\\slash",
        "ends in one \\",
        "\\N \\G \\l",
        "two\nlines",
        "<script>alert(1)</script>",
        "{left|right}",
        "<port> name",
        "a &amp; b & c",
        '"]; evil [label="',
        "שלום",
        "x" * 10_000,
    ],
)
def test_a_label_comes_back_as_it_was(label):
    a = Value(1.0)
    nodes, _ = parse(to_dot(a, labels={label: a}))
    assert fields(nodes["n0"]) == [label, "data 1.0000", "grad 0.0000"]


SPECIAL = st.sampled_from('\\"{}|<>&;\n')
PRINTABLE = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@given(st.text(SPECIAL | PRINTABLE, min_size=1))
def test_any_label_comes_back_as_it_was(label):
    a = Value(1.0)
    nodes, _ = parse(to_dot(a.relu(), labels={label: a}))
    assert fields(nodes["n0"]) == [label, "data 1.0000", "grad 0.0000"]


@pytest.mark.parametrize("data", [math.inf, -math.inf, math.nan, 1e-320, 1e308])
def test_every_float_is_shown(data):
    assert fields(parse(to_dot(Value(data)))[0]["n0"])[0].startswith("data ")


def test_an_operation_without_a_name_takes_its_edges_itself():
    a = Value(1.0)
    assert parse(to_dot(Value(2.0, (a,))))[1] == [("n0", "n1")]


def test_the_same_program_gives_the_same_text():
    def program():
        a, b = Value(2.0), Value(3.0)
        return to_dot((a * b + a).tanh() / b)

    assert program() == program()


@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
def test_rankdir(rankdir):
    assert f"rankdir={rankdir}\n" in to_dot(Value(1.0), rankdir=rankdir)


@pytest.mark.parametrize("function", [to_dot, draw_dot])
def test_an_unknown_rankdir_is_refused(function):
    with pytest.raises(ValueError, match=r"one of LR, TB, RL, BT, got 'LR\\n\}'"):
        function(Value(1.0), rankdir="LR\n}")


def test_draw_dot_holds_the_text_of_to_dot():
    a = Value(2.0)
    dot = draw_dot(a.exp(), format="png", rankdir="TB", labels={"a": a})
    assert isinstance(dot, graphviz.Digraph)
    assert dot.format == "png"
    assert dot.source == to_dot(a.exp(), rankdir="TB", labels={"a": a})


def test_draw_dot_is_called_as_the_classic_notebooks_do():
    assert draw_dot(Value(1.0), "svg", "TB").source == to_dot(Value(1.0), rankdir="TB")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="unknown format"):
        draw_dot(Value(1.0), format="tiff9")


def test_without_graphviz_the_command_to_install_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)  # what Python itself does to make an import fail
    with pytest.raises(ImportError, match=r'pip install "micrograd-viz\[graphviz\]"'):
        draw_dot(Value(1.0))
