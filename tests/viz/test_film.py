"""The film's page as text: what it records is what `backward` does, and nothing in it comes from elsewhere."""

import json
import math
import random
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import OPERATIONS, every_operation, seed_example
from micrograd.engine import OPS, Op, Value, lookup
from micrograd.nn import MLP, Neuron, mse_loss
from micrograd.viz.filming import film
from micrograd.viz.filming.recording import record
from micrograd.viz.filming.rules import encode, write_out
from micrograd.viz.graph import read, trace
from micrograd.viz.summary import MOST_FOLDED
from micrograd.viz.text import shorten


class Page(HTMLParser):
    """The elements of a page, as pairs of tag and attributes, and the text in each."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.texts.append("")

    def handle_data(self, data):
        if self.texts:
            self.texts[-1] += data

    def text(self, tag, **attributes):
        found = [
            text
            for (other, given), text in zip(self.elements, self.texts, strict=True)
            if other == tag and attributes.items() <= given.items()
        ]
        assert len(found) == 1
        return found[0]


def document(shot):
    """What the page's script is given."""
    return json.loads(Page(shot.html).text("script", id="film"))


def square():
    a = Value(3.0)
    return a * a


def infinities():
    a, b = Value(0.0), Value(-math.inf)
    return a.log() * b.relu() + (1 / a).maximum(b) + Value(math.nan) * -0.0


GRAPHS = {
    "square": square,
    "seed example": lambda: seed_example(Value(-4.0), Value(2.0)),
    "every operation": lambda: every_operation(Value(0.7), Value(1.9)),
    "inf and nan": infinities,
    "a leaf": lambda: Value(2.0),
}
graphs = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())


def same(x, y):
    return repr(x) == repr(y)  # nan is nan, and 0.0 is not -0.0


@graphs
def test_the_steps_replayed_give_the_gradients_of_backward(graph):
    root = graph()
    passes = document(film(root, most=100))
    nodes, edges = trace(root)
    root.backward()
    grads = dict.fromkeys(nodes, -0.0) | {root: 1.0}
    for edge in passes["backward"]:
        grads[edges[edge][0]] += float(passes["part"][edge])
    for node, data, grad in zip(nodes, passes["data"], passes["grad"], strict=True):
        assert same(float(data), node.data)
        assert same(float(grad), node.grad)
        assert same(grads[node], node.grad) or grads[node] == node.grad == 0.0  # which no gradient reaches


def test_edges_are_followed_in_the_order_of_backward():
    calls = []

    def note(g, out, a, b):
        calls.append(out)
        return g * b, g * a

    times = Op("times", lambda a, b: a * b, note)
    a, b = Value(2.0), Value(3.0)
    root = times(times(a, b), times(times(b, b), a))
    passes = record(read(root))
    calls.clear()
    root.backward()
    edges = trace(root)[1]
    assert [edges[edge][1].data for edge in passes["backward"]] == [out for out in calls for _ in "ab"]
    assert [edges[edge][0] for edge in passes["backward"][:2]] == list(root._prev)


def test_a_local_derivative_is_the_part_of_a_gradient_of_one():
    a = Value(3.0)
    passes = record(read((a * a).tanh() * 5))
    assert passes["local"][:2] == [3.0, 3.0]
    assert passes["part"][0] == passes["local"][0] * passes["grad"][1]


def test_filming_changes_no_gradient():
    a = Value(3.0)
    b = a * a
    a.grad, b.grad = 7.0, 8.0
    assert document(film(b))["grad"] == [6.0, 1.0]
    assert (a.grad, b.grad) == (7.0, 8.0)


def follow(rule, numbers):
    """Do what the lines of a rule say, with the forward functions of the table."""
    numbers = list(numbers)
    for line in rule["lines"]:
        if isinstance(line, list):
            numbers.append(lookup(line[0]).forward(*[numbers[place] for place in line[1:]]))
        else:
            numbers.append(float(line))
    return [numbers[place] for place in rule["results"]]


TWO = ["+", "*", "/", "**", "max", "min", "gate", "share", "<", "<=", "where", "clamp_min", "clamp_max", "atan2"]
ONE = [name for name in OPS if name not in {*TWO, "cube"}]  # the docstring of `define` adds that one
POWERS = ["**0", "**1", "**2", "**3", "**-1", "**0.5", "**-2.5", "**inf", "**nan"]
floats = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0])


def test_the_page_can_compute_every_row():
    page = film(Value(1.0)).html
    assert [op for op in [*ONE, *TWO] if f'["{op}", ' not in page] == []


@pytest.mark.parametrize("op", [*ONE, *TWO, *POWERS])
@given(g=floats, a=floats, b=floats)
def test_a_rule_written_out_is_the_rule(op, g, a, b):
    rule, operands = lookup(op), [a, b] if op in TWO else [a]
    numbers = (g, rule.forward(*operands), *operands)
    written = json.loads(json.dumps(write_out(rule, len(operands)), allow_nan=False))
    for followed, part in zip(follow(written, numbers), rule.vjp(*numbers), strict=True):
        assert followed == pytest.approx(part, rel=1e-15, abs=0.0, nan_ok=True)


def test_a_rule_that_shares_much_is_written_out_once():
    def nested(g, out, a):
        for _ in range(50):
            g = g * g
        return (g,)

    assert len(write_out(Op("nested", abs, nested), 1)["lines"]) == 50


def by_cases(g, out, a):
    return (g if a > 0 else 0.0,)


def by_math(g, out, a):
    return (g * math.cos(a),)


@pytest.mark.parametrize("vjp", [by_cases, by_math])
def test_a_rule_that_needs_numbers_is_filmed_without_being_written_out(vjp):
    a = Value(0.5)
    root = Op("own", abs, vjp)(a) * a
    passes = document(film(root))
    root.backward()
    assert passes["rules"][0] is None
    assert passes["grad"][0] == a.grad


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, -0.0, 1e-320, 1e308, 0.1])
def test_every_number_survives_json(number):
    assert same(float(json.loads(json.dumps(encode(number), allow_nan=False))), number)


def names(root, labels=None):
    """What the Values are called in the sentences of a film."""
    return [node["name"] for node in document(film(root, labels))["nodes"]]


def test_names():
    a, b, unknown = Value(2.0), Value(-3.0), Value(1.0)
    total = a * b + 0.5
    assert names(total.tanh() * unknown, {"a": a, "b": b}) == [
        "a",
        "b",
        "(a * b)",
        "0.5",
        "sum",
        "tanh",
        "c",
        "product",
    ]


def test_a_name_is_not_given_twice():
    a, b = Value(2.0, label="sum1"), Value(3.0, label="a")
    assert names((a + b + Value(4.0)) ** 2 + a) == ["sum1", "a", "(sum1 + a)", "b", "sum2", "power", "sum3"]


def test_the_parts_of_a_neuron_have_the_names_that_a_person_would_give():
    w, x = [Value(0.5), Value(-1.0)], [Value(2.0), Value(3.0)]
    own = sum((wi * xi for wi, xi in zip(w, x, strict=True)), Value(0.1)).tanh()
    assert names(own) == ["b", "w1", "x1", "w1x1", "sum1", "w2", "x2", "w2x2", "sum", "out"]
    begun_at_0 = sum(wi * xi for wi, xi in zip(w, x, strict=True)) + Value(0.1)
    assert names(begun_at_0)[-2:] == ["b", "out"]


def test_neurons_are_numbered_by_layer_and_sample():
    model = MLP(2, [2, 1])
    samples = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    called = names(mse_loss([model(x) for x in samples], [1.0, -1.0]))
    assert {"n1.1.w1", "n1.1.w2", "n1.1.b", "n2.1.w2", "x1[1]", "x2[2]", "n1.2.w1x1[1]", "n1.2[2]"} < {*called}
    assert called[-1] == "loss"
    assert len({*called}) == len(called)


def test_one_neuron_for_several_samples():
    neuron = Neuron(1)
    called = names(mse_loss([neuron([0.5]), neuron([1.5])], [1.0, -1.0]))
    assert {"w1", "b", "w1x1[1]", "w1x1[2]", "n[1]", "n[2]", "loss"} < {*called}


def test_leaves_are_in_the_order_of_the_model():
    model = MLP(2, [3, 1])
    x = [Value(1.0), Value(2.0)]

    def leaves(labels):
        shot = document(film(model(x), labels))
        return [shot["nodes"][leaf]["name"] for leaf in shot["leaves"]]

    parameters = [f"model.{name}" for name, _ in model.named_parameters()]
    assert leaves({"given": x[1], "model": model}) == ["given", *parameters, "x.0"]
    first = [f"n1.{neuron}.{part}" for neuron in (1, 2, 3) for part in ("w1", "w2", "b")]
    assert leaves(None) == ["x1", "x2", *first, "n2.1.w1", "n2.1.w2", "n2.1.w3", "n2.1.b"]


def views(shot):
    """What the page's script is told of the views."""
    return json.loads(Page(shot.html).text("script", id="views"))


def batch():
    random.seed(1)
    model = MLP(2, [3, 1])
    return mse_loss([model([random.random(), random.random()]) for _ in range(4)], [1.0] * 4)


def unstructured():
    dice = random.Random(1)
    values = [Value(dice.uniform(-1.0, 1.0)) for _ in range(5)]
    for _ in range(120):
        values.append(dice.choice(OPERATIONS)(values[-1], dice.choice(values[-9:])))
    return values[-1]


FOLDED = {
    "network": lambda: mse_loss([MLP(2, [8, 1])([0.5, -1.0])], [1.0]),
    "wide": lambda: mse_loss([MLP(2, [16, 1])([0.5, -1.0])], [1.0]),
    "batch": batch,
    "neuron": lambda: MLP(64, [1])([0.1] * 64),
    "chain": lambda: chain(300),
    "unstructured": unstructured,
}


@pytest.mark.parametrize("graph", FOLDED.values(), ids=FOLDED)
def test_every_box_is_passed_at_once_and_opens_to_what_is_in_it(graph):
    root = graph()
    shot = film(root)
    seen = views(shot)
    nodes = document(shot)["nodes"]
    assert len(seen) > 1
    assert all(operand < i for i, node in enumerate(nodes) for operand in node["operands"])
    for at, view in enumerate(seen):
        own = view["boxes"][view["inputs"] :]
        assert all(box["nodes"] == [*range(box["nodes"][0], box["nodes"][-1] + 1)] for box in own)
        inside = sorted(i for box in own for i in box["nodes"])
        around = seen[view["around"]]["boxes"] if at else [{"nodes": [*range(len(nodes))], "inside": at}]
        assert [box["nodes"] for box in around if box["inside"] == at] == [inside]
        for box in own:
            assert (box["inside"] is None) == (len(box["nodes"]) == 1)


def test_what_has_a_name_is_a_box_of_its_own():
    """An attention head: its scores, weights and result are what one wants to see."""
    dice = random.Random(1)
    score = [sum(Value(dice.uniform(-1, 1)) * Value(dice.uniform(-1, 1)) for _ in range(5)) for _ in range(4)]
    weight = [s.exp() for s in score]
    total = sum(weight[1:], weight[0])
    share = {f"share {i}": each / total for i, each in enumerate(weight)}
    told = sum(each.tanh() * Value(1.0) for each in share.values())
    labels = [box["label"] or box["nodes"] for box in views(film(told.sin(), share | {"told": told}))[0]["boxes"]]
    assert {*share, "told"} < {str(label) for label in labels}


@pytest.mark.parametrize("graph", FOLDED.values(), ids=FOLDED)
def test_box_by_box_the_gradients_are_those_of_backward(graph):
    root = graph()
    passes = document(film(root))
    root.backward()
    wanted = sorted(node.grad for node in trace(root)[0])
    assert sorted(map(float, passes["grad"])) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("graph", FOLDED.values(), ids=FOLDED)
def test_every_edge_between_boxes_is_carried_once(graph):
    shot = film(graph())
    edges = [(operand, i) for i, node in enumerate(document(shot)["nodes"]) for operand in node["operands"]]
    for view in views(shot):
        box_of = {i: k for k, box in enumerate(view["boxes"]) for i in box["nodes"]}
        between = [
            edge
            for edge, (operand, i) in enumerate(edges)
            if box_of.get(i, -1) >= view["inputs"] and box_of[operand] != box_of[i]
        ]
        assert sorted(edge for several in view["carries"] for edge in several) == between


HALF_LIFE = Op("half_life", lambda a: math.log(2) / a, lambda g, out, a: (-g * out / a,))


@pytest.mark.parametrize(
    ("program", "number", "said"),
    [
        (lambda a: a * 3, 5.0, r"5\.0 \* 3\.0 is 15\.0, and the graph has 6\.0"),
        (HALF_LIFE, 0.0, r"half_life\(0\.0\) is an error \(float division by zero\), and the graph has 0\.3"),
    ],
)
def test_a_graph_is_refused_if_a_number_has_changed_since(program, number, said):
    a = Value(2.0)
    c = program(a)
    a.data = number
    with pytest.raises(ValueError, match=f"{said}.*: .*compute the graph again"):
        film(c)


W, X = Value(3.0), Value(7.0)
NAMED_BY_THE_READER = {
    "a letter of the labels": (Value(2.0) * Value(3.0), {"a": X}, ["b", "c", "product"]),
    "a weight out of its place": ((Value(1.0) * 10 + W * 20 + Value(0.5)).relu(), {"w1": W}, ["a", "w1", "(w1 * x2)"]),
    "a number in a label": ((W * 10 + Value(1.0) * 20 + Value(0.5)).relu(), {"speed2": W}, ["speed2", "x1", "w2x2"]),
}


@pytest.mark.parametrize(("root", "labels", "expected"), NAMED_BY_THE_READER.values(), ids=NAMED_BY_THE_READER)
def test_names_leave_those_of_the_reader_their_meaning(root, labels, expected):
    names = [node["name"] for node in document(film(root, labels))["nodes"]]
    assert set(expected) <= set(names)
    assert not {"w1x1", "speed2x2"} & set(names)


def test_long_names_are_told_apart():
    model = MLP(2, [2, 1])
    nodes = document(film(model([1.0, 2.0]), {"the_classifier": model}))["nodes"]
    names = [node["name"] for node in nodes if not node["constant"]]
    assert len(set(names)) == len(names)


NASTY = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]>",
    "a 'quoted' \"name\" & more",
    "back\\slash",
    "line\u2028and\u2029paragraph",
    "two\nlines",
    "$title ${title}",
    "null\0",
    "half \ud800",
    "שלום",
    "__proto__",
    "x" * 10_000,
]


@pytest.mark.parametrize("label", NASTY)
def test_a_label_comes_back_as_it_was(label):
    a = Value(1.0)
    shot, plain = film(a.relu(), {label: a}, title=label), film(a.relu(), {"a": a}, title="plain")
    clean = re.sub("[\0\ud800]", "\ufffd", label)
    assert document(shot)["nodes"][0]["name"] == shorten(clean, 60)
    own = film(Op(label, abs, lambda g, out, a: (g,))(a))
    own.html.encode()
    assert document(own)["nodes"][1]["op"] == shorten(clean)
    assert Page(shot.html).text("h1").removesuffix("\n") == clean
    assert [tag for tag, _ in Page(shot.html).elements] == [tag for tag, _ in Page(plain.html).elements]


@given(st.text(min_size=1))
def test_any_label_leaves_the_page_whole(label):
    a = Value(1.0)
    shot = film(a, labels={label: a}, title=label)
    assert len(document(shot)["nodes"]) == 1
    assert shot.html.count("</html>") == 1
    shot.html.encode()


@graphs
def test_the_page_asks_for_nothing_from_elsewhere(graph):
    shot = film(graph())
    for tag, attributes in Page(shot.html).elements:
        for attribute in ("src", "href", "action", "data", "poster", "srcset"):
            assert attributes.get(attribute, "data:").startswith("data:"), tag
    assert {*re.findall(r"\w+://[^'\"\s]*", shot.html)} == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", shot.html)


def test_the_page_forbids_what_it_does_not_need():
    policies = [
        attributes["content"]
        for _, attributes in Page(film(Value(1.0)).html).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none';")


@graphs
def test_the_same_program_gives_the_same_page(graph):
    assert film(graph()).html == film(graph()).html


def test_a_notebook_shows_the_page_in_a_frame_of_its_own():
    shot = film(square(), title='"><script>alert(1)</script>')
    ((tag, attributes),) = Page(shot._repr_html_()).elements
    assert tag == "iframe"
    assert attributes["srcdoc"] == shot.html
    assert "allow-same-origin" not in attributes["sandbox"]


def test_a_terminal_shows_a_line():
    assert repr(film(square())) == str(film(square())) == 'Film(2 values; .save("film.html"))'


@pytest.mark.parametrize("as_path", [str, lambda path: path])
def test_save(tmp_path, as_path):
    path = tmp_path / "backprop.html"
    path.write_text("what was there before")
    shot = film(square(), title="λ")
    shot.save(as_path(path))
    assert path.read_text(encoding="utf-8") == shot.html
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["film.htm", "film", "film.html.txt", "film.mp4"])
def test_save_refuses_other_suffixes(tmp_path, name):
    with pytest.raises(ValueError, match=f"ends in .html, got .*{name}"):
        film(square()).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_save_leaves_nothing_behind_when_it_fails(tmp_path):
    taken = tmp_path / "film.html"
    taken.mkdir()
    with pytest.raises(OSError, match=r"film\.html"):
        film(square()).save(taken)
    assert list(tmp_path.iterdir()) == [taken]


@pytest.mark.parametrize("root", [3.0, None, [Value(1.0)], "x"])
def test_a_root_that_is_no_value_is_named(root):
    with pytest.raises(TypeError, match=f"one Value, got {type(root).__name__}"):
        film(root)


def test_a_node_with_a_rule_of_its_own_is_filmed_by_that():
    a, b = Value(3.0), Value(2.0)
    out = Value(a.data * b.data + 1.0, (a, b), "*")

    def hand_on():
        a.grad += 10.0 * out.grad
        b.grad += 20.0 * out.grad

    out._backward = hand_on
    root = out * 2.0
    passes = document(film(root))
    assert passes["rules"][0] is None
    assert passes["local"][:2] == [10.0, 20.0]
    root.backward()
    assert passes["grad"] == [node.grad for node in trace(root)[0]]


def test_no_gradient_goes_where_an_operation_is_flat():
    flat = Op("step", lambda a: 1.0, lambda g, out, a: (math.nan,), flat={0})
    a = Value(3.0)
    root = flat(a.exp()) + a
    passes = document(film(root))
    assert passes["grad"][0] == 1.0
    assert [trace(root)[1][edge][1] for edge in passes["backward"]].count(root._prev[0]._prev[0]) == 0


def test_an_operation_without_a_derivative_is_refused_as_by_backward():
    with pytest.raises(NotImplementedError, match="'mine' has no derivative"):
        film(Value(1.0, (Value(2.0),), "mine"))


def chain(nodes):
    v = Value(1.0)
    for _ in range(nodes - 1):
        v = v.relu()
    return v


def test_the_largest_graph():
    assert len(document(film(chain(MOST_FOLDED)))["nodes"]) == MOST_FOLDED
    with pytest.raises(ValueError, match=f"up to {MOST_FOLDED} nodes, got {MOST_FOLDED + 1}: film a smaller part"):
        film(chain(MOST_FOLDED + 1))
