"""`draw`: an SVG picture that says of each Value what the Value says."""

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.viz import draw
from micrograd.viz.svg import MOST_NODES

SVG = "{http://www.w3.org/2000/svg}"


def boxes(drawing):
    """What is written in each box, and its title."""
    root = ET.fromstring(drawing.svg)
    groups = [group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    return [([line.text for line in group.iter(f"{SVG}text")], group.find(f"{SVG}title").text) for group in groups]


def arrows(drawing):
    lines = ET.fromstring(drawing.svg).find(f"{SVG}g")
    return lines.findall(f"{SVG}path")


def test_a_box_for_each_value_and_an_arrow_for_each_edge():
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    d = (c + a).relu()
    d.backward()
    drawing = draw(d, labels={"a": a, "b": b, "d": d})
    assert boxes(drawing) == [
        (["a", "data", "2.0000", "grad", "0.0000"], "a\ndata 2.0\ngrad 0.0"),
        (["b", "data", "-3.0000", "grad", "0.0000"], "b\ndata -3.0\ngrad 0.0"),
        (["×", "data", "-6.0000", "grad", "0.0000"], "*\ndata -6.0\ngrad 0.0"),
        (["+", "data", "-4.0000", "grad", "0.0000"], "+\ndata -4.0\ngrad 0.0"),
        (["d", "ReLU", "data", "0.0000", "grad", "1.0000"], "d\nReLU\ndata 0.0\ngrad 1.0"),
    ]
    assert len(arrows(drawing)) == 5


def test_both_edges_of_a_square_are_drawn_apart():
    a = Value(3.0)
    first, second = (path.get("d") for path in arrows(draw(a * a)))
    assert first != second


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a & b &lt; 'c' \"d\"", "a & b &lt; 'c' \"d\""),
        ("two\nlines", "two lines"),
        ("]]> <!-- --> <?x?>", "]]> <!-- --> <?x?>"),
        ("{a|b} \\", "{a|b} \\"),
        ("null\0", "null\ufffd"),
        ("half \ud800", "half \ufffd"),
        ("שלום", "שלום"),
        ("x" * 10_000, "x" * 29 + "…"),
    ],
)
def test_a_label_is_written_as_it_is(label, written):
    a = Value(1.0)
    ((lines, title),) = boxes(draw(a, labels={label: a}))
    assert lines[0] == written
    assert title.startswith(label[:4])


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_label_gives_well_formed_xml(label):
    a = Value(1.0)
    assert len(boxes(draw(a.relu(), labels={label: a}))) == 2


@pytest.mark.parametrize(
    ("data", "written"), [(math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (1e-320, "1.000e-320")]
)
def test_every_float_is_shown(data, written):
    ((lines, title),) = boxes(draw(Value(data)))
    assert written in lines
    assert f"data {data!r}" in title


@pytest.mark.parametrize(
    ("data", "grad", "red"),
    [(1.0, 1.0, False), (math.inf, 1.0, True), (math.nan, 0.0, True), (1.0, -math.inf, True), (0.0, math.nan, True)],
)
def test_a_box_with_inf_or_nan_has_a_red_border(data, grad, red):
    a = Value(data)
    a.grad = grad
    borders = [rect.get("stroke") for rect in group(draw(a), 0).iter(f"{SVG}rect")]
    assert ("#dc2626" in borders) is red


def group(drawing, box):
    """The elements of a box."""
    groups = ET.fromstring(drawing.svg).iter(f"{SVG}g")
    return [element for element in groups if element.find(f"{SVG}title") is not None][box]


def colour(element):
    """Red, green and blue of what an element is filled with."""
    return tuple(bytes.fromhex(element.get("fill")[1:]))


def strip(drawing, box):
    return colour(group(drawing, box).find(f"{SVG}path"))


def luminance(rgb):
    """As WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("size", [0.0, 1e-6, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, math.inf, math.nan])
def test_the_gradient_can_be_read_on_its_strip(size, sign):
    a = Value(1.0)
    b = a.relu()
    a.grad, b.grad = sign * size, 1.0
    lighter, darker = sorted(
        (luminance(strip(draw(b), 0)), luminance(colour(list(group(draw(b), 0).iter(f"{SVG}text"))[-1]))), reverse=True
    )
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # what WCAG 2 asks of text


def test_the_strip_tells_sign_and_size_of_the_gradient():
    a, b, c = Value(2.0), Value(-30.0), Value(0.5)
    d = a * b + c
    d.backward()
    negative, positive, _, small, _ = (strip(draw(d), box) for box in range(5))
    assert negative[0] > negative[2]
    assert positive[2] > positive[0]
    assert sum(small) > sum(negative)


def test_a_huge_gradient_leaves_the_others_drawn():
    a = Value(2.0)
    b = a * 3
    a.grad, b.grad = 1e308, -5e-324
    assert len(boxes(draw(b))) == 3


def test_a_notebook_shows_it():
    drawing = draw(Value(1.0))
    assert drawing._repr_svg_() == drawing.svg


def test_the_same_program_gives_the_same_picture():
    def program():
        a, b = Value(2.0), Value(3.0)
        return draw((a * b + a).tanh() / b, labels={"a": a}).svg

    assert program() == program()


@pytest.mark.parametrize("as_path", [str, lambda path: path])
def test_save(tmp_path, as_path):
    a = Value(1.0)
    drawing = draw(a, labels={"λ": a})
    path = tmp_path / "graph.svg"
    path.write_text("what was there before")
    drawing.save(as_path(path))
    assert path.read_text(encoding="utf-8") == drawing.svg
    assert list(tmp_path.iterdir()) == [path]


def test_save_replaces_a_file_and_does_not_write_into_it(tmp_path):
    path, same_file = tmp_path / "graph.svg", tmp_path / "other name"
    path.write_text("complete")
    same_file.hardlink_to(path)
    draw(Value(1.0)).save(path)
    assert same_file.read_text() == "complete"


@pytest.mark.parametrize("name", ["graph.jpeg", "graph", "graph.svg.txt"])
def test_save_refuses_other_suffixes(tmp_path, name):
    with pytest.raises(ValueError, match=f"ends in .svg, got .*{name}"):
        draw(Value(1.0)).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_save_leaves_nothing_behind_when_it_fails(tmp_path):
    taken = tmp_path / "graph.svg"
    taken.mkdir()
    with pytest.raises(OSError, match=r"graph\.svg"):
        draw(Value(1.0)).save(taken)
    with pytest.raises(FileNotFoundError):
        draw(Value(1.0)).save(tmp_path / "missing" / "graph.svg")
    assert list(tmp_path.iterdir()) == [taken]


def test_a_graph_too_large_to_read_is_refused():
    v = Value(1.0)
    for _ in range(MOST_NODES):
        v = v.relu()
    with pytest.raises(ValueError, match=f"up to {MOST_NODES} nodes, got {MOST_NODES + 1}"):
        draw(v)


def test_the_largest_graph_that_is_drawn():
    v = Value(1.0)
    for _ in range(MOST_NODES - 1):
        v = v.relu()
    assert len(boxes(draw(v))) == MOST_NODES


@pytest.mark.parametrize("root", [3.0, None, [Value(1.0)]])
def test_a_root_that_is_no_value_is_named(root):
    with pytest.raises(TypeError, match="one Value"):
        draw(root)
