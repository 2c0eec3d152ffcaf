"""`draw`: a picture that says of each Value what the Value says."""

import copy
import gc
import html
import itertools
import math
import pickle
import random
import re
import struct
import sys
import weakref
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from micrograd.engine import Op, Value
from micrograd.nn import MLP, mse_loss
from micrograd.viz import draw, text, to_dot, trace
from micrograd.viz.drawing import MOST_NODES, png
from micrograd.viz.style import LIGHT
from micrograd.viz.summary import MOST_FOLDED

SVG = "{http://www.w3.org/2000/svg}"


def groups(drawing):
    """The boxes, in the order of their numbers."""
    found = [g for g in ET.fromstring(drawing.svg).iter(f"{SVG}g") if "data-node" in g.attrib]
    assert [g.get("data-node") for g in found] == [str(i) for i in range(len(found))]
    return found


def arrows(drawing):
    found = [path for path in ET.fromstring(drawing.svg).iter(f"{SVG}path") if "data-edge" in path.attrib]
    assert [path.get("data-edge") for path in found] == [str(i) for i in range(len(found))]
    return found


def written(group):
    return {text.get("class"): text.text for text in group.iter(f"{SVG}text") if text.get("class") != "caption"}


def boxes(drawing):
    """What is written in each box, and its title."""
    return [(written(group), group.find(f"{SVG}title").text) for group in groups(drawing)]


def test_a_box_for_each_value_and_an_arrow_for_each_edge():
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    d = (c + a).relu()
    d.backward()
    drawing = draw(d, labels={"a": a, "b": b, "d": d})
    assert boxes(drawing) == [
        ({"label": "a", "data": "2.0000", "unit": "grad", "grad": "0.0000"}, "a\ndata 2.0\ngrad 0.0"),
        ({"label": "b", "data": "-3.0000", "unit": "grad", "grad": "0.0000"}, "b\ndata -3.0\ngrad 0.0"),
        ({"op": "×", "data": "-6.0000", "unit": "grad", "grad": "0.0000"}, "*\ndata -6.0\ngrad 0.0"),
        ({"op": "+", "data": "-4.0000", "unit": "grad", "grad": "0.0000"}, "+\ndata -4.0\ngrad 0.0"),
        (
            {"label": "d", "op": "ReLU", "data": "0.0000", "unit": "grad", "grad": "1.0000"},
            "d\nReLU\ndata 0.0\ngrad 1.0",
        ),
    ]
    assert len(arrows(drawing)) == len(trace(d)[1])


def corners(group):
    """Left, top, right and bottom of a box."""
    x, y = map(float, re.fullmatch(r"translate\((\S+) (\S+)\)", group.get("transform")).groups())
    rect = group.find(f"{SVG}rect")
    return x, y, x + float(rect.get("width")), y + float(rect.get("height"))


def strokes(arrow, rankdir):
    """The strokes of an arrow: the command, and its points as pairs of how far ahead and how far aside."""
    for command, numbers in re.findall(r"([MLC])([^MLC]+)", arrow.get("d")):
        pairs = re.findall(r"(\S+) (\S+)", numbers)
        yield command, [(float(x), float(y)) if rankdir == "LR" else (float(y), float(x)) for x, y in pairs]


def middle(group, rankdir):
    """Where a box begins and ends ahead, its middle aside, and where it begins and ends there."""
    left, top, right, bottom = corners(group)
    ahead, aside = ((left, right), (top, bottom)) if rankdir == "LR" else ((top, bottom), (left, right))
    return (*ahead, sum(aside) / 2, *aside)


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_an_arrow_runs_from_the_middle_of_its_operand_to_its_result(rankdir):
    a, b = Value(2.0), Value(-3.0)
    root = (a * a + b * 2).tanh() * a
    nodes, edges = trace(root)
    drawing = draw(root, labels={"a": a, "a longer name than others": b}, rankdir=rankdir)
    places = dict(zip(nodes, (middle(group, rankdir) for group in groups(drawing)), strict=True))
    for (operand, result), arrow in zip(edges, arrows(drawing), strict=True):
        *line, (_, [wing]), (_, [tip]), (_, [other_wing]) = strokes(arrow, rankdir)
        _, end, centre, _, _ = places[operand]
        begin, _, _, first, last = places[result]
        assert line[0][1] == [pytest.approx((end, centre), abs=0.11)]
        assert line[-1][1][-1] == tip
        assert tip[0] == pytest.approx(begin, abs=0.11)
        assert first < tip[1] < last
        assert wing[0] == other_wing[0] < tip[0]


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_an_arrow_is_level_or_leaves_and_arrives_level(rankdir):
    a, b = Value(2.0), Value(-3.0)
    for arrow in arrows(draw((a * a + b * 2).tanh() * a, rankdir=rankdir)):
        *line, _, _, _ = strokes(arrow, rankdir)
        for (_, [*_, (_, aside)]), (command, points) in itertools.pairwise(line):
            if command == "L":
                assert points[0][1] == aside
            else:
                (_, first), (_, second), (_, last) = points
                assert (first, second) == (aside, last)


def test_both_edges_of_a_square_are_drawn_apart():
    a = Value(3.0)
    first, second = (path.get("d") for path in arrows(draw(a * a)))
    assert first != second


def test_a_nameless_leaf_has_no_empty_line():
    a = Value(3.0)
    named, nameless, _ = groups(draw(a * 2, labels={"a": a}))
    (_, top, _, bottom), (_, top2, _, bottom2) = corners(named), corners(nameless)
    assert bottom2 - top2 == bottom - top - 20
    assert [float(text.get("y")) for text in nameless.iter(f"{SVG}text")] == [18, 18, 39.5, 39.5]


@pytest.mark.parametrize("rankdir", ["BT", "lr", None])
def test_another_rankdir_is_refused(rankdir):
    with pytest.raises(ValueError, match=f"one of LR, TB, got {rankdir!r}"):
        draw(Value(1.0), rankdir=rankdir)


LABELS = [
    pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="script"),
    pytest.param("</text></svg><img src=x onerror=alert(1)>", "</text></svg><i…rror=alert(1)>", id="closing tags"),
    pytest.param("a & b &lt; 'c' \"d\"", "a & b &lt; 'c' \"d\"", id="quotes"),
    pytest.param("two\nlines", "two lines", id="newline"),
    pytest.param("]]> <!-- --> <?x?>", "]]> <!-- --> <?x?>", id="xml"),
    pytest.param("{a|b} \\", "{a|b} \\", id="record"),
    pytest.param("null\0", "null\ufffd", id="control character"),
    pytest.param("half \ud800", "half \ufffd", id="surrogate"),
    pytest.param("שלום", "שלום", id="right to left"),
    pytest.param("x" * 10_000, "x" * 15 + "…" + "x" * 14, id="10,000 letters"),
]


@pytest.mark.parametrize(("label", "shown"), LABELS)
def test_a_label_is_written_as_it_is(label, shown):
    a = Value(1.0)
    ((lines, title),) = boxes(draw(a, labels={label: a}))
    assert lines["label"] == shown
    assert title.startswith(label[:4])


@pytest.mark.parametrize(("name", "shown"), LABELS)
def test_an_operation_may_be_called_anything(name, shown):
    root = Value(1.0, (Value(2.0),), name)
    drawing = draw(root)
    (_, (lines, title)) = boxes(drawing)
    assert lines["op"] == shown
    assert title.startswith(shown)
    (drawing.svg + drawing.dot + to_dot(root)).encode()


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(name for name, _ in attrs if name.startswith("on"))}


@pytest.mark.parametrize(("label", "shown"), LABELS)
def test_a_label_adds_no_element_to_a_page(label, shown):
    a = Value(1.0)
    tags = Tags()
    tags.feed(draw(a, labels={label: a}).svg)
    assert tags.seen == {"svg", "style", "rect", "g", "title", "path", "text"}


@settings(deadline=None)
@given(st.text(), st.text(min_size=1), st.text())
def test_any_words_give_well_formed_xml(label, name, op):
    a = Value(1.0, label=label)
    assert len(boxes(draw(Value(1.0, (a.relu(),), op), labels={name: a}))) == 3


def test_the_label_of_a_value_is_shown_unless_another_name_is_given():
    a, b, model = Value(2.0, label="mine"), Value(3.0, label="b of its own"), MLP(1, [1])
    w, *_ = model.parameters()
    w.label = "weight"
    names = [lines.get("label") for lines, _ in boxes(draw(a * b * w, {"given": b, "model": model}))]
    assert names == ["mine", "given", None, "weight", None]


def test_a_longer_label_has_a_wider_box():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    drawing = draw(a * b * c, labels={"a": a, "w" * 12: b, "学习率学习率学习率学习率": c})
    short, wide, _, wider, _ = ((right - left) for left, _, right, _ in map(corners, groups(drawing)))
    assert short < wide
    assert short < wider


def test_a_name_and_an_operation_have_room_beside_each_other():
    a = Value(1.0)
    b = a.sigmoid()
    widths = [right - left for left, _, right, _ in map(corners, groups(draw(b, {"c" * 20: a, "d" * 20: b})))]
    assert widths[1] > widths[0] + 13 * text.width("sigmoid") + 10


def test_the_parameters_of_a_module_name_themselves():
    model = MLP(2, [1])
    y = model([1.0, 2.0])
    names = [lines.get("label") for lines, _ in boxes(draw(y, labels={"model": model, "y": y}))]
    assert {f"model.{name}" for name, _ in model.named_parameters()} < set(names)
    assert names[-1] == "y"


def in_itself(values):
    values.append(values)
    return values


@pytest.mark.parametrize(
    ("hold", "names"),
    [
        (list, ["x.0", "x.1"]),
        (tuple, ["x.0", "x.1"]),
        (lambda values: [[value] for value in values], ["x.0.0", "x.1.0"]),
        (lambda values: {"first": values[0], "more": values[1:]}, ["x.first", "x.more.0"]),
        (np.array, ["x.0", "x.1"]),
        (lambda values: np.array([values]), ["x.0.0", "x.0.1"]),
        (in_itself, ["x.0", "x.1"]),
        (lambda values: [3.0, "x", None, *values], ["x.3", "x.4"]),
    ],
    ids=["list", "tuple", "nested", "dict", "array", "nested array", "in itself", "among others"],
)
def test_what_a_list_holds_is_called_after_it(hold, names):
    values = [Value(1.0), Value(2.0)]
    root = values[0] * values[1]
    assert [lines.get("label") for lines, _ in boxes(draw(root, {"x": hold(values)}))] == [*names, None]


def test_a_name_of_its_own_goes_before_that_in_a_list():
    a, model = Value(1.0), MLP(1, [1])
    w, b = model.parameters()
    labels = {"model": model, "all": [a, w, b], "a": a}
    names = {lines.get("label") for lines, _ in boxes(draw(a * w + b, labels))}
    assert names == {"a", *(f"model.{name}" for name, _ in model.named_parameters()), None}


@pytest.mark.parametrize(
    ("data", "shown"), [(math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (1e-320, "1.000e-320")]
)
def test_every_float_is_shown(data, shown):
    ((lines, title),) = boxes(draw(Value(data)))
    assert lines["data"] == shown
    assert f"data {data!r}" in title


@pytest.mark.parametrize(
    ("data", "grad", "wrong"),
    [(1.0, 1.0, False), (math.inf, 1.0, True), (math.nan, 0.0, True), (1.0, -math.inf, True), (0.0, math.nan, True)],
)
def test_inf_and_nan_stand_out_by_more_than_colour(data, grad, wrong):
    a = Value(data)
    a.grad = grad
    (group,) = groups(draw(a))
    _, border = group.findall(f"{SVG}rect")
    signs = [path for path in group.iter(f"{SVG}path") if path.get("class") == "badge"]
    assert ("wrong" in group.get("class").split()) is wrong
    assert (border.get("stroke-dasharray") is not None) is wrong
    assert bool(signs) is wrong


def test_the_strip_tells_sign_and_size_of_the_gradient():
    leaves = [Value(1.0) for _ in range(6)]
    root = sum(leaves[1:], leaves[0])
    for leaf, grad in zip(leaves, [math.nan, math.inf, -4.0, 4.0, 1.0, 0.0], strict=True):
        leaf.grad = grad
    drawn = dict(zip(trace(root)[0], groups(draw(root)), strict=True))
    strips = [(drawn[leaf].get("class").split()[1], drawn[leaf].find(f"{SVG}path")) for leaf in leaves]
    assert [(name, strip.get("fill"), float(strip.get("fill-opacity"))) for name, strip in strips] == [
        ("undefined", LIGHT["alarm"], 1.0),
        ("undefined", LIGHT["alarm"], 1.0),
        ("negative", LIGHT["negative"], 1.0),
        ("positive", LIGHT["positive"], 1.0),
        ("positive", LIGHT["positive"], 0.56),
        ("zero", LIGHT["none"], 1.0),
    ]


def test_a_huge_gradient_leaves_the_others_drawn():
    a = Value(2.0)
    b = a * 3
    a.grad, b.grad = 1e308, -5e-324
    assert len(boxes(draw(b))) == 3


def test_several_pictures_can_stand_in_one_page():
    """There are no ids to clash, and the style sheet speaks of pictures only."""
    svg = draw(Value(1.0)).svg
    root = ET.fromstring(svg)
    assert root.get("class") == "micrograd"
    assert not any("id" in element.attrib for element in root.iter())
    rules = re.sub(r"@media[^{]*\{(.*)\}", r"\1", root.find(f"{SVG}style").text)
    selectors = [part.strip() for rule in re.findall(r"([^{}]+)\{", rules) for part in rule.split(",")]
    assert all(selector.startswith(".micrograd") for selector in selectors)


def test_a_screen_reader_says_what_it_is():
    root = ET.fromstring(draw(Value(1.0) * 2).svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", "A graph of 3 values")


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (1, 'Drawing(1 value; .save("graph.svg"))'),
        (3, 'Drawing(3 values; .save("graph.svg"))'),
        (1690, 'Drawing(1,690 values in 13 boxes; .save("graph.svg"))'),
    ],
)
def test_a_terminal_shows_a_line(size, line):
    drawing = draw(chain(size))
    assert repr(drawing) == str(drawing) == drawing._repr_mimebundle_()[0]["text/plain"] == line


def test_a_notebook_shows_it():
    drawing = draw(Value(1.0))
    data, metadata = drawing._repr_mimebundle_()
    assert drawing._repr_svg_() == data["image/svg+xml"] == drawing.svg
    assert "text/html" not in data
    assert metadata == {"image/svg+xml": {"unconfined": True}}


def test_a_notebook_shows_a_page_where_boxes_open():
    drawing = draw(*training([3, 3, 1], 1))
    data, _ = drawing._repr_mimebundle_()
    assert drawing.opens
    assert data["text/html"].startswith("<iframe ")
    assert html.escape(drawing.html) in data["text/html"]
    assert data["image/svg+xml"] == drawing.svg
    assert pickle.loads(pickle.dumps(drawing)).html == drawing.html


@pytest.mark.parametrize("size", [1, MOST_NODES + 1, MOST_FOLDED + 1])
def test_every_drawing_has_a_page_that_asks_for_nothing(tmp_path, size):
    drawing = draw(chain(size))
    drawing.save(tmp_path / "graph.html")
    page = (tmp_path / "graph.html").read_text("utf-8")
    assert page == drawing.html
    assert page.startswith("<!doctype html>")
    assert f"A graph of {size} value" in page
    assert {*re.findall(r"\w+://[^'\"\s]*", page)} == {"http://www.w3.org/2000/svg"}
    assert drawing.opens == (size == MOST_NODES + 1)


@pytest.mark.parametrize("label", ["</script><script>alert(1)</script>", "<!--<script>", '"&\u2028'])
def test_a_label_adds_no_element_to_the_page(label):
    def tags(name):
        seen = Tags()
        root = sum((Value(float(i)) for i in range(40)), Value(0.0)).exp()
        seen.feed(draw(root.tanh(), {name: root}).html)
        return seen.seen

    assert tags(label) == tags("plain")


def test_the_same_program_gives_the_same_picture():
    def program():
        a, b = Value(2.0), Value(3.0)
        return draw((a * b + a).tanh() / b, labels={"a": a})

    assert program() == program()


def test_a_drawing_stays_as_it_was_drawn():
    a = Value(2.0)
    drawing = draw(a)
    svg, dot = drawing.svg, drawing.dot
    a.data = 3.0
    assert (drawing.svg, drawing.dot) == (svg, dot)


def with_its_own_backward(a):
    out = Value(2 * a.data, (a,), "twice")
    out._backward = lambda: None
    return out


NOT_TO_COPY = {
    "a node with its own _backward": with_its_own_backward,
    "an operation that is not in the table": Op("twice", lambda a: 2 * a, lambda g, out, a: (2 * g,)),
    "another class": lambda a: SimpleNamespace(data=4.0, grad=0.0, _prev=(a,), _op="twice", _backward=lambda: None),
}


@pytest.mark.parametrize("twin", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy], ids=["pickle", "deepcopy"])
@pytest.mark.parametrize("twice", NOT_TO_COPY.values(), ids=NOT_TO_COPY)
def test_a_drawing_can_be_copied_where_its_graph_cannot(twice, twin):
    drawing = draw(twice(Value(2.0)))
    copied = twin(drawing)
    assert (copied, copied.svg, copied.dot) == (drawing, drawing.svg, drawing.dot)


class Referable(Value):
    """A Value that weak references can point to."""


@pytest.mark.parametrize("size", [1, MOST_NODES, MOST_FOLDED])
def test_a_drawing_keeps_no_values(size):
    a = Referable(1.0)
    drawing, alive = draw(math.prod([a] * size)), weakref.ref(a)
    del a
    gc.collect()
    assert alive() is None
    assert drawing.dot.startswith("digraph")


@pytest.mark.parametrize("as_path", [str, Path], ids=["str", "Path"])
@pytest.mark.parametrize("name", ["graph.svg", "graph.SVG"])
def test_save_svg(tmp_path, name, as_path):
    a = Value(1.0)
    drawing = draw(a, labels={"λ": a})
    drawing.save(as_path(tmp_path / name))
    assert (tmp_path / name).read_text(encoding="utf-8") == drawing.svg


@pytest.mark.parametrize("name", ["graph.dot", "graph.Dot"])
def test_save_dot(tmp_path, name):
    a = Value(2.0)
    draw(a.relu(), {"λ": a}, "TB").save(tmp_path / name)
    saved = (tmp_path / name).read_bytes().decode()
    assert saved == to_dot(a.relu(), rankdir="TB", labels={"λ": a})


def pixels(path):
    """Red, green and blue of each pixel, 0 to 255."""
    return (imread(path)[..., :3] * 255).round().astype(int)


@pytest.mark.parametrize("name", ["graph.png", "graph.PNG"])
def test_save_png(tmp_path, name):
    """Two pixels for a unit of the SVG, and its colours for light paper."""
    a = Value(3.0)
    b = a * a
    b.backward()
    drawing = draw(b)
    drawing.save(tmp_path / name)
    picture = pixels(BytesIO((tmp_path / name).read_bytes()))
    root = ET.fromstring(drawing.svg)
    left, top, width, height = map(float, root.get("viewBox").split())
    assert picture.shape[:2] == (round(2 * height), round(2 * width))
    x0, _, x1, y1 = corners(groups(drawing)[0])
    strip = picture[round(2 * (y1 - top)) - 6, round((x0 + x1) - 2 * left)]
    assert f"#{bytes(strip.tolist()).hex()}" == LIGHT["positive"]
    assert set(picture[0, 0].tolist()) == {255}


def test_a_png_has_writing(tmp_path):
    def ink(label):
        a = Value(1.0)
        draw(a, {label: a}).save(tmp_path / "graph.png")
        return (pixels(tmp_path / "graph.png").sum(axis=2) < 250).sum()

    assert ink("MMMM") > ink("M") + 100


def test_a_png_is_written_in_the_font_that_comes_with_it():
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='20'><text y='15' font-family='{}'>grad</text></svg>"
    )
    assert png.rasterise(svg.format(png.FONT), 99, 20) != png.rasterise(svg.format("No such font"), 99, 20)


def test_a_png_of_a_long_graph_is_kept_to_a_size_that_programs_open(tmp_path):
    draw(chain(MOST_FOLDED), most=MOST_FOLDED).save(tmp_path / "graph.png")
    header = (tmp_path / "graph.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", header[16:20]) == (32_000,)


@pytest.mark.parametrize("missing", ["resvg_py", "ttf_opensans"])
def test_without_the_extra_the_command_to_install_it_is_named(tmp_path, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)  # what Python itself does to make an import fail
    with pytest.raises(ImportError, match="pip install resvg-py ttf-opensans"):
        draw(Value(1.0)).save(tmp_path / "graph.png")
    assert list(tmp_path.iterdir()) == []


SUFFIXES = pytest.mark.parametrize("suffix", ["svg", "dot", "png", "html"])


@SUFFIXES
@pytest.mark.parametrize("name", ["graph", "n" * 250])
def test_save_leaves_a_link_where_it_is(tmp_path, name, suffix):
    target, link = tmp_path / f"{name}.{suffix}", tmp_path / f"link.{suffix}"
    target.write_text("before")
    target.chmod(0o600)
    link.symlink_to(target.name)
    draw(Value(1.0)).save(link)
    assert link.is_symlink()
    assert target.read_bytes() not in (b"", b"before")
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == sorted([target, link])


@pytest.mark.parametrize("name", ["graph.jpeg", "graph", "graph.svg.txt", ".svg"])
def test_save_refuses_other_suffixes(tmp_path, name):
    with pytest.raises(ValueError, match=f"ends in .svg, .png, .dot or .html, got .*{name}"):
        draw(Value(1.0)).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@SUFFIXES
def test_save_leaves_nothing_behind_when_it_fails(tmp_path, suffix):
    taken = tmp_path / f"graph.{suffix}"
    taken.mkdir()
    with pytest.raises(OSError, match=rf"graph\.{suffix}"):
        draw(Value(1.0)).save(taken)
    with pytest.raises(FileNotFoundError):
        draw(Value(1.0)).save(tmp_path / "missing" / f"graph.{suffix}")
    assert list(tmp_path.iterdir()) == [taken]


def chain(length):
    v = Value(1.0)
    for i in range(length - 1):
        v = v.tanh() if i % 2 else v.exp()
    return v


def test_the_largest_graph_with_a_box_for_each_value():
    assert len(boxes(draw(chain(MOST_NODES)))) == MOST_NODES
    assert len(boxes(draw(chain(MOST_NODES + 1)))) < 10
    assert len(boxes(draw(chain(100), most=100))) == 100
    assert len(boxes(draw(chain(20), most=9))) < 10


def test_a_graph_that_fits_is_drawn_value_by_value():
    a, b, c, d, e, f, g, h = (Value(float(i)).exp().sin().tanh() for i in range(8))
    assert len(boxes(draw(((a + b) + (c + d)) * ((e + f) + (g + h))))) == 39


def training(sizes, samples):
    """The loss of a network, and its labels."""
    dice = random.Random(1)
    model = MLP(2, sizes)
    inputs = [[Value(dice.uniform(-1, 1)) for _ in range(2)] for _ in range(samples)]
    loss = mse_loss([model(x) for x in inputs], [1.0] * samples)
    loss.backward()
    return loss, {"model": model, "loss": loss}


def deep(steps):
    """The states of a recurrence, each computed from two before it."""
    h = [Value(0.1), Value(0.2)]
    for _ in range(steps):
        h.append((h[-1] * h[-2] + 0.5).tanh() + h[-1].sin() * h[-2].exp())
    return h[-1], None


@pytest.mark.parametrize(
    "program",
    [
        lambda: training([3, 1], 1),
        lambda: training([3, 3, 1], 1),
        lambda: training([4, 4, 1], 1),
        lambda: training([4, 4, 1], 2),
        lambda: training([6, 6, 1], 1),
        lambda: training([4, 4, 1], 3),
        lambda: training([7, 7, 1], 1),
        lambda: training([2, 1], 8),
        lambda: (sum(Value(float(i)) for i in range(140)), None),
        lambda: (chain(299), None),
        lambda: deep(7),
        lambda: deep(30),
    ],
)
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_a_picture_can_be_read_while_a_screen_shows_all_of_it(program, rankdir):
    root, labels = program()
    assert MOST_NODES < len(trace(root)[0]) <= MOST_FOLDED
    drawing = draw(root, labels, rankdir)
    svg = ET.fromstring(drawing.svg)
    ahead, aside = (float(svg.get(side)) for side in (("width", "height") if rankdir == "LR" else ("height", "width")))
    assert ahead <= 1900
    assert aside <= (820 if rankdir == "LR" else 1900)
    assert len(boxes(drawing)) <= 40
    assert drawing.opens


def test_a_neuron_is_a_box_with_its_weights():
    loss, labels = training([3, 3, 1], 1)
    model = labels["model"]
    drawing = draw(loss, labels)
    neuron = model.layers[1].neurons[2]
    (box,) = [group for group in groups(drawing) if "model.layers.1.neurons.2" in "".join(group.itertext())]
    assert [words for words in box.itertext() if words.strip()][1:] == [
        "model.layers.1.neurons.2",
        "ReLU neuron of 3 inputs",
        *itertools.chain.from_iterable(
            (name, f"{text.number(p.data)}, grad {text.number(p.grad)}") for name, p in neuron.named_parameters()
        ),
        "data",
        *[text.number(node.data) for node in trace(loss)[0] if node._op == "ReLU" and neuron.b in trace(node)[0]][:1],
        "grad",
        *[text.number(node.grad) for node in trace(loss)[0] if node._op == "ReLU" and neuron.b in trace(node)[0]][:1],
    ]


def test_a_neuron_is_a_box_for_all_samples():
    loss, labels = training([2, 1], 4)
    headings = [next(iter(lines.values())) for lines, _ in boxes(draw(loss, labels))]
    inputs = [f"x.{i}[{sample}]" for sample in range(1, 5) for i in (0, 1)]
    neurons = ["model.layers.0.neurons.0", "model.layers.0.neurons.1", "model.layers.1.neurons.0"]
    assert headings == [*inputs, *neurons, "loss"]


def test_a_long_list_of_leaves_is_cut():
    root = sum((Value(float(i)) for i in range(60)), Value(0.0)).exp()
    drawing = draw(root)
    (_, title), _ = boxes(drawing)
    assert "2 × leaf" in drawing.svg
    assert "and 53 more" in drawing.svg
    assert title.count("leaf data") == 61


def test_inf_and_nan_stand_out_in_a_fold():
    loss, labels = training([3, 3, 1], 1)
    labels["model"].layers[0].neurons[1].w[0].grad = math.nan
    wrong = [group for group in groups(draw(loss, labels)) if "wrong" in group.get("class")]
    assert [written(group)["label"] for group in wrong] == ["model.layers.0.neurons.1"]


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_a_larger_graph_is_drawn_in_few_boxes(rankdir):
    model = MLP(8, [16, 1])
    loss = (1 - model([Value(float(i)) for i in range(8)])).relu()
    loss.backward()
    drawing = draw(loss, {"model": model, "loss": loss}, rankdir)
    total = len(trace(loss)[0])
    drawn = boxes(drawing)
    values = [int(re.search(r"(\d+) values?$", title)[1]) for _, title in drawn]
    assert total > MOST_NODES
    assert sum(values) == total
    assert len(drawn) < 30
    assert any(lines["label"].startswith("128 × ") for lines, _ in drawn)
    assert any("model.layers.0" in title for _, title in drawn)
    piles = {written(group)["label"] for group in groups(drawing) if "pile" in ET.tostring(group, encoding="unicode")}
    assert piles == {lines["label"] for lines, _ in drawn if re.match(r"\d+ × ", lines["label"])}
    assert ET.fromstring(drawing.svg).get("aria-label") == f"A graph of {total:,} values in {len(drawn)} boxes"
    assert drawing.dot.count("shape=record") == len(drawn)
    assert drawing.dot.count(" -> ") == len(arrows(drawing))


def test_inf_and_nan_stand_out_in_a_box_of_many():
    values = [Value(1.0) for _ in range(MOST_FOLDED)]
    values[7].data, values[8].data, values[9].grad = math.nan, math.inf, math.nan
    drawing = draw(sum(values[1:], values[0]))
    wrong, *_ = [group for group in groups(drawing) if "wrong" in group.get("class")]
    assert wrong.get("class") == "node undefined wrong"
    assert written(wrong)["data"] == "1.0000, 2 inf or nan"
    assert written(wrong)["grad"] == "0.0000, 1 inf or nan"


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", 'a"b\n{c|d}', "x" * 10_000])
@pytest.mark.parametrize("count", [MOST_NODES, MOST_FOLDED])
def test_labels_in_a_box_of_many_are_escaped(label, count):
    values = [Value(1.0) for _ in range(count)]
    drawing = draw(sum(values[1:], values[0]), {f"{label}{i}": value for i, value in enumerate(values)})
    tags = Tags()
    tags.feed(drawing.svg)
    assert "script" not in tags.seen
    assert max(len(line.text) for line in ET.fromstring(drawing.svg).iter(f"{SVG}text")) <= 40
    assert len(boxes(drawing)) == len(
        re.findall(r'^    n\d+ \[label="(?:[^"\\]|\\.)*" shape=record\]$', drawing.dot, re.M)
    )


@pytest.mark.parametrize("root", [3.0, None, [Value(1.0)]], ids=["float", "None", "list"])
def test_a_root_that_is_no_value_is_named(root):
    with pytest.raises(TypeError, match=f"one Value, got {type(root).__name__}"):
        draw(root)


@pytest.mark.parametrize("labels", [[Value(1.0)], "a", Value(1.0)], ids=["list", "str", "Value"])
def test_labels_that_are_none_are_named(labels):
    with pytest.raises(TypeError, match=f"labels are a dict .*, got {type(labels).__name__}"):
        draw(Value(1.0), labels)
