"""DOT text and `draw_dot`: what is written must mean to Graphviz what the user wrote."""

import math
import re
import sys

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.viz import draw, draw_dot, to_dot

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


@pytest.fixture(params=[False, True], ids=["no dot", "dot"])
def dot_installed(request, tmp_path, monkeypatch):
    """A PATH with or without a program `dot`, which is not run."""
    if request.param:
        (tmp_path / "dot").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return request.param


def test_draw_dot_holds_the_text_of_to_dot(dot_installed):
    a = Value(2.0)
    dot = draw_dot(a.exp(), format="png", rankdir="TB", labels={"a": a})
    assert isinstance(dot, graphviz.Digraph)
    assert (type(dot) is graphviz.Digraph) is dot_installed
    assert dot.format == "png"
    assert dot.source == to_dot(a.exp(), rankdir="TB", labels={"a": a})


def test_draw_dot_is_called_as_the_classic_notebooks_do(dot_installed):
    assert draw_dot(Value(1.0), "svg", "TB").source == to_dot(Value(1.0), rankdir="TB")


@pytest.fixture
def no_dot(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


@pytest.mark.parametrize(
    ("rankdir", "drawn"), [("LR", "LR"), ("RL", "LR"), ("TB", "TB"), ("BT", "TB")], ids=["LR", "RL", "TB", "BT"]
)
def test_without_dot_a_notebook_shows_our_drawing(no_dot, rankdir, drawn):
    a = Value(2.0)
    expected = draw(a.exp(), {"a": a}, drawn).svg
    dot = draw_dot(a.exp(), rankdir=rankdir, labels={"a": a})
    assert dot._repr_mimebundle_() == {"image/svg+xml": expected}
    assert dot.pipe() == expected.encode()
    assert dot.pipe(encoding="utf-8") == expected
    assert dot.copy()._repr_mimebundle_() == {"image/svg+xml": expected}
    assert dot.copy().source == dot.source


@pytest.mark.parametrize("cleanup", [False, True])
def test_without_dot_svg_is_rendered_from_our_drawing(no_dot, tmp_path, cleanup):
    dot = draw_dot(Value(2.0))
    path = dot.render("graph", directory=tmp_path, cleanup=cleanup)
    assert path == str(tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text("utf-8") == draw(Value(2.0)).svg
    assert (tmp_path / "graph").exists() is not cleanup


def test_without_dot_the_file_is_named_as_graphviz_names_it(no_dot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert draw_dot(Value(2.0)).render() == f"{graphviz.Digraph().filename}.svg"


@pytest.mark.parametrize(
    "ask",
    [lambda dot: dot.pipe("png"), lambda dot: dot.render(format="pdf"), lambda dot: dot.view()],
    ids=["pipe", "render", "view"],
)
def test_without_dot_graphviz_says_what_the_rest_needs(no_dot, tmp_path, monkeypatch, ask):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        graphviz.ExecutableNotFound, match="make sure the Graphviz executables are on your systems' PATH"
    ):
        ask(draw_dot(Value(2.0)))


def test_without_dot_a_large_graph_is_shown_too(no_dot):
    v = Value(1.0)
    for _ in range(5000):
        v = v.tanh()
    assert draw_dot(v).pipe() == draw(v).svg.encode()


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="unknown format"):
        draw_dot(Value(1.0), format="tiff9")


@pytest.mark.parametrize("root", [3.0, None])
@pytest.mark.parametrize("function", [to_dot, draw_dot])
def test_a_root_that_is_no_value_is_named(function, root):
    with pytest.raises(TypeError, match=f"one Value, got {type(root).__name__}"):
        function(root)


def test_without_graphviz_the_command_to_install_it_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "micrograd.viz.drawing.drawn_digraph", raising=False)
    monkeypatch.setitem(sys.modules, "graphviz", None)  # what Python itself does to make an import fail
    with pytest.raises(ImportError, match="pip install graphviz"):
        draw_dot(Value(1.0))
