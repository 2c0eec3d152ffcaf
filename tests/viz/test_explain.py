"""`explain`: contributions by path that add up to the gradient, the largest first, and the cause of a bad one."""

import math
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphs import seed_example
from micrograd.engine import OPS, Op, Value
from micrograd.viz.explaining.explanation import explain
from micrograd.viz.style import LIGHT

ONE_OPERAND = ["relu", "tanh", "sigmoid", "sin", "cos"]
TWO_OPERANDS = ["+", "*", "max", "**"]


@st.composite
def graphs(draw, operations=7):
    """A small graph: its nodes in order of computation, the last of them its output."""
    nodes = [Value(draw(st.floats(-2, 2))) for _ in range(2)]
    for _ in range(draw(st.integers(0, operations))):
        a, b = (draw(st.sampled_from(nodes)) for _ in range(2))
        name = draw(st.sampled_from(ONE_OPERAND + TWO_OPERANDS))
        nodes.append(getattr(a, name)() if name in ONE_OPERAND else OPS[name](*((abs(a) if name == "**" else a), b)))
    return nodes


def every_contribution(value, root):
    """One number for each path, by walking all of them with what `backward` hands on."""
    contributions = []
    todo = [(root, 1.0)]
    while todo:
        node, gradient = todo.pop()
        if node is value:
            contributions.append(gradient)
        elif node._prev:
            parts = node._rule.vjp(gradient, node.data, *[operand.data for operand in node._prev])
            todo += zip(node._prev, parts, strict=True)
    return contributions


def sizes(numbers):
    return sorted(map(abs, numbers), reverse=True)


@given(graphs(), st.data(), st.integers(1, 6))
def test_the_largest_paths_are_those_that_walking_all_of_them_finds(nodes, data, k):
    value, root = data.draw(st.sampled_from(nodes)), nodes[-1]
    everything = every_contribution(value, root)
    assume(all(map(math.isfinite, everything)))
    explanation = explain(value, root, k)
    assert [abs(path.contribution) for path in explanation.paths] == sizes(everything)[:k]
    assert explanation.others == max(len(everything) - k, 0)


@given(graphs(), st.data(), st.integers(1, 6))
def test_paths_and_rest_add_up_to_the_gradient(nodes, data, k):
    value, root = data.draw(st.sampled_from(nodes)), nodes[-1]
    root.backward()
    everything = every_contribution(value, root)
    explanation = explain(value, root, k)
    assert explanation.gradient == value.grad or (math.isnan(explanation.gradient) and math.isnan(value.grad))
    if all(map(math.isfinite, everything)):
        total = math.fsum([*(path.contribution for path in explanation.paths), explanation.rest])
        assert total == pytest.approx(value.grad, rel=1e-12, abs=1e-12 * math.fsum(map(abs, everything)))


@given(graphs(), st.data())
def test_a_path_leads_from_the_output_to_the_value(nodes, data):
    value, root = data.draw(st.sampled_from(nodes)), nodes[-1]
    for path in explain(value, root).paths:
        stations = [root, *[step.operand for step in path.steps]]
        assert stations[-1] is value
        assert [step.result for step in path.steps] == stations[:-1]
        gradient = 1.0
        for step in path.steps:
            operands = [operand.data for operand in step.result._prev]
            gradient = step.result._rule.vjp(gradient, step.result.data, *operands)[step.place]
            local = step.result._rule.vjp(1.0, step.result.data, *operands)[step.place]
            assert step.derivative == local or (math.isnan(step.derivative) and math.isnan(local))
        assert path.contribution == gradient or math.isnan(gradient)


def test_the_seed_example():
    a, b = Value(-4.0), Value(2.0)
    g = seed_example(a, b)
    g.backward()
    explanation = explain(a, g, k=100)
    assert (len(explanation.paths), explanation.others, explanation.rest) == (24, 0, 0.0)
    assert math.fsum(path.contribution for path in explanation.paths) == pytest.approx(138.8338, abs=1e-4)
    assert explanation.gradient == a.grad
    assert str(explain(a, g, labels=locals())).startswith(
        "The gradient of a is 138.83381924198252, the sum of 24 paths"
    )


def doubled(x, times):
    for _ in range(times):
        x = x + x
    return x


def test_exponentially_many_paths():
    x = Value(3.0)
    explanation = explain(x, doubled(x * 0.5, 60), k=3)
    assert explanation.gradient == 2.0**59
    assert [path.contribution for path in explanation.paths] == [0.5] * 3
    assert len({tuple((id(step.result), step.place) for step in path.steps) for path in explanation.paths}) == 3
    assert (explanation.others, explanation.rest) == (2**60 - 3, pytest.approx(2.0**59))
    assert "1,152,921,504,606,846,973 more paths" in str(explanation)


def test_the_largest_of_exponentially_many_paths():
    x = y = Value(1.0)
    for _ in range(60):
        y = y * 0.5 + y * -0.25
    explanation = explain(x, y, k=62)
    assert [path.contribution for path in explanation.paths] == [0.5**60] + [-(0.5**61)] * 60 + [0.5**62]


def test_numbers_of_paths_that_no_float_holds():
    x = Value(1.0)
    explanation = explain(x, doubled(x, 20_000), k=1)
    assert explanation.others == 2**20_000 - 1
    assert explanation.gradient == math.inf
    assert "about 10^6021 paths" in str(explanation)


def test_a_deep_graph():
    x = y = Value(1.0)
    for _ in range(20_000):
        y = (y * 1.0).relu() + x
    explanation = explain(x, y, k=2)
    assert explanation.gradient == 20_001.0
    assert [len(path.steps) for path in explanation.paths] == [1, 4]
    assert explanation.others == 19_999
    chain = explain(x, y.tanh(), k=1)
    assert (chain.gradient, len(str(chain)) < 1000) == (0.0, True)


def test_nan_comes_before_any_finite_contribution():
    x = Value(1.0)
    (path,) = explain(x, x * 1e300 + x * math.nan + x * -1e301, k=1).paths
    assert math.isnan(path.contribution)


def test_no_rest_is_0_at_an_infinite_derivative_too():
    x = Value(0.0)
    explanation = explain(x, x.sqrt())
    assert (explanation.gradient, explanation.rest, explanation.others) == (math.inf, 0.0, 0)


def test_nothing_is_changed():
    a = Value(2.0)
    b = a * a
    a.grad, b.grad = 5.0, 7.0
    assert explain(a, b).gradient == 4.0
    assert (a.grad, b.grad) == (5.0, 7.0)


def test_the_value_may_be_the_output_itself_or_an_intermediate():
    a = Value(2.0)
    b = a * 3
    c = b * b
    own = explain(c, c)
    assert (own.gradient, own.paths[0].steps, own.others) == (1.0, (), 0)
    assert explain(b, c).gradient == 12.0


def test_without_a_path_there_is_nothing_to_add_up():
    a, b = Value(2.0), Value(3.0)
    explanation = explain(b, a * 2, labels=locals())
    assert (explanation.gradient, explanation.paths, explanation.others, explanation.cause) == (0.0, (), 0, None)
    assert str(explanation) == "The gradient of b is 0.0: (×) does not depend on it."


def test_text():
    x, w = Value(3.0), Value(-2.0)
    y = (x * w) * 0.001 + x * x
    assert str(explain(x, y, k=2, labels=locals())).splitlines() == [
        "The gradient of x is 5.998, the sum of 3 paths from y:",
        "   3.0000  y (+) -> (×) -> x",
        "           = 1 × 3",
        "   3.0000  y (+) -> (×) -> x",
        "           = 1 × 3",
        "  -0.0020  one more path",
    ]
    assert repr(explain(x, y)) == str(explain(x, y))


def test_a_long_path_is_written_in_part():
    x = y = Value(0.5)
    for factor in range(100):
        y = y * (1 + factor)
    path, product = str(explain(x, y / math.factorial(100))).splitlines()[1:3]
    assert path.count("->") == 13
    assert "-> ... 89 more ... ->" in path
    assert product.endswith("× ... 88 more ... × 5 × 4 × 3 × 2 × 1")


def test_a_path_is_written_whole_if_only_one_step_is_too_many():
    x = y = Value(0.5)
    for _ in range(13):
        y = y + 1
    assert "..." not in str(explain(x, y))
    assert "-> ... 2 more ... ->" in str(explain(x, y + 1))


def test_unnamed_values_are_called_by_what_they_are():
    assert str(explain(x := Value(0.25), x * 2)).splitlines()[:2] == [
        "The gradient of 0.2500 is 2.0, one path from (×):",
        "  2.0000  (×) -> 0.2500",
    ]


class Table(HTMLParser):
    """The cells of the tables in a text, and the tags that were opened."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.bars, self.tags, self.open = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        elif tag == "div" and "td" in self.open:
            style = dict(rule.split(":") for rule in dict(attrs)["style"].split(";"))
            self.bars.append((style["width"], style["background"]))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data


def test_a_notebook_shows_a_table():
    x, w = Value(3.0), Value(-2.0)
    y = (x * w) * 0.001 + x * x
    assert Table(explain(x, y, k=2, labels=locals())._repr_html_()).cells == [
        *("contribution", "path", "product of derivatives"),
        *("3.0000", "y (+) → (×) → x", "1 × 3"),
        *("3.0000", "y (+) → (×) → x", "1 × 3"),
        *("-0.0020", "one more path", ""),
    ]


@pytest.mark.parametrize(
    ("program", "bars"),
    [
        (lambda x: x * 4 - x * 2 + x, [("100.0%", "positive"), ("50.0%", "negative"), ("25.0%", "positive")]),
        (lambda x: doubled(x, 9), [("100.0%", "positive")] * 4),
        (lambda x: (x * math.inf) * 2 + x, [("0.0%", "positive"), ("0.0%", "positive")]),
    ],
    ids=["signs", "a large rest", "infinity"],
)
def test_bars_are_as_long_as_contributions_are_large(program, bars):
    x = Value(1.0)
    assert Table(explain(x, program(x), k=3)._repr_html_()).bars == [(width, LIGHT[sign]) for width, sign in bars]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ('a & "b" &lt;', 'a & "b" &lt;'),
        ("two\nlines", "two lines"),
        ("null\0", "null\ufffd"),
        ("שלום", "שלום"),
        ("x" * 10_000, "x" * 15 + "…" + "x" * 14),
    ],
    ids=["script", "quotes", "newline", "null", "right to left", "long"],
)
def test_a_label_is_shown_as_it_is(label, shown):
    x = Value(0.0)
    explanation = explain(x, x.relu(), labels={label: x})
    assert f"The gradient of {shown} is 0.0" in str(explanation)
    table = Table(explanation._repr_html_())
    assert f"(ReLU) → {shown}" in table.cells
    assert "script" not in table.tags


@pytest.mark.parametrize("op", ["<script>alert(1)</script>", "\x1b[2J", "half \ud800", "x" * 10_000])
def test_an_operation_may_be_called_anything(op):
    x = Value(0.0)
    explanation = explain(x, Op(op, abs, lambda g, out, a: (g * 0.0,))(x))
    message = str(explanation) + explanation._repr_html_()
    message.encode()
    assert "<script" not in explanation._repr_html_()
    assert "\x1b" not in message
    assert len(message) < 2000


def test_the_label_of_a_value_is_used():
    x = Value(3.0, label="x")
    assert str(explain(x, x * x)).splitlines()[1] == "  3.0000  (×) -> x"


def test_a_rule_of_its_own_is_explained():
    x = Value(3.0)
    y = Value(9.0, (x,), "*")

    def hand_on():
        x.grad += 7.0 * y.grad

    y._backward = hand_on
    assert explain(x, y * 2.0).gradient == 14.0
    assert x.grad == 0.0


@pytest.mark.parametrize("before", [lambda x: x, lambda x: x * 2], ids=["at once", "after a step"])
def test_no_path_goes_where_an_operation_is_flat(before):
    flat = Op("step", lambda a: 1.0, lambda g, out, a: (math.nan,), flat={0})
    x = Value(3.0)
    explanation = explain(x, flat(before(x)) * 2.0 + x)
    assert (explanation.gradient, len(explanation.paths), explanation.others) == (1.0, 1, 0)


CAUSES = {
    "none": (lambda x: x * 3, 2.0, None),
    "a dead relu": (lambda x: (x * 2).relu() * 3, -1.5, "zero: the derivative of ReLU(-3.0) is 0.0"),
    "the first of two": (lambda x: (x.relu() * 2).relu(), -1.0, "zero: the derivative of ReLU(0.0) is 0.0"),
    "a factor of 0": (
        lambda x: x * 0.0 + 1,
        2.0,
        "zero: the derivative of *(x = 2.0, 0.0) by its first operand is 0.0",
    ),
    "a saturated tanh": (lambda x: x.tanh(), 100.0, "zero: the derivative of tanh(x = 100.0) is 0.0"),
    "a tanh of infinity": (lambda x: x.tanh(), math.inf, "zero: the derivative of tanh(x = inf) is 0.0"),
    "the smaller one": (
        lambda x: x.maximum(3),
        2.0,
        "zero: the derivative of max(x = 2.0, 3.0) by its first operand is 0.0",
    ),
    "underflow": (
        lambda x: (x * 1e-200) * 1e-200,
        1.0,
        "zero: the derivative of *(x = 1.0, 1e-200) by its first operand, 1e-200, "
        "times the gradient that arrives there, 1e-200, is 0.0",
    ),
    "parts that cancel": (lambda x: x * 2 - x * 2, 1.0, "zero: the parts of the gradient of x add up to 0.0"),
    "parts that cancel, beside a 0": (
        lambda x: x * 2 - x * 2 + x * 0,
        1.0,
        "zero: the parts of the gradient of x add up to 0.0",
    ),
    "the first that backward meets": (
        lambda x: x.relu() + x * 0.0,
        -1.0,
        "zero: the derivative of *(x = -1.0, 0.0) by its first operand is 0.0",
    ),
    "inner parts that cancel": (
        lambda x: (lambda h: h * 2 - h * 2)(x * 3),
        1.0,
        "zero: the parts of the gradient of *(x = 1.0, 3.0) add up to 0.0",
    ),
    "an infinite derivative": (lambda x: x.sqrt() * 3, 0.0, "inf: the derivative of sqrt(x = 0.0) is inf"),
    "a negative one": (lambda x: x.sqrt() * -3, 0.0, "-inf: the derivative of sqrt(x = 0.0) is inf"),
    "overflow": (
        lambda x: (x * 1e200) * 1e200,
        1e-300,
        "inf: the derivative of *(x = 1e-300, 1e+200) by its first operand, 1e+200, "
        "times the gradient that arrives there, 1e+200, is inf",
    ),
    "overflow of a sum": (
        lambda x: x * 1e308 + x * 1e308,
        1.0,
        "inf: the parts of the gradient of x add up to inf",
    ),
    "bad data": (lambda x: x * (Value(-1.0).log() + 1), 1.0, "nan: log(-1.0) is nan"),
    "a bad leaf": (lambda x: x * Value(math.nan), 1.0, "nan: a leaf is nan"),
    "a bad value": (lambda x: x * x, math.nan, "nan: x is nan"),
    "infinity times 0": (lambda x: (x * 0).sqrt(), 1.0, "nan: the derivative of sqrt(0.0) is inf"),
    "behind a closed gate": (lambda x: (x - 5).relu().sqrt() * 0 + x * 2, 1.0, None),
    "a pole": (
        lambda x: 1 / x,
        1e-9,
        "large: the steepest step of the largest path is the derivative of **-1(x = 1e-09), -9.999999999999999e+17",
    ),
    "steps that add up": (
        lambda x: doubled(x, 30),
        1.0,
        "large: many paths add up, and none contributes more than 1.0",
    ),
    "a steep factor": (
        lambda x: x * 5000 * 3000 + x,
        1.0,
        "large: the steepest step of the largest path is the derivative of *(x = 1.0, 5000.0) by its first operand, "
        "5000.0",
    ),
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_first_cause_is_named(name):
    program, number, reason = CAUSES[name]
    x = Value(number)
    explanation = explain(x, program(x), labels={"x": x})
    last = str(explanation).splitlines()[-1]
    if reason is None:
        assert explanation.cause is None
        assert "Why" not in str(explanation)
    else:
        assert last == f"Why it is {reason}."
        assert last.replace("'", "&#x27;") in explanation._repr_html_()


def test_a_cause_has_its_node():
    x = Value(-1.0)
    h = x.relu()
    assert explain(x, h * 2).cause.node is h


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((3.0, Value(1.0)), TypeError, r"explain takes a Value of micrograd.engine .*, got 3.0 \(float\)"),
        ((Value(1.0), None), TypeError, r"got None \(NoneType\)"),
        ((Value(1.0), Value(1.0), 0), ValueError, "1 or more, got 0"),
        ((Value(1.0), Value(1.0), "5"), TypeError, r"an int, got '5' \(str\)"),
        ((Value(1.0), Value(1.0), 5, 3), TypeError, "labels are a dict"),
    ],
    ids=["value", "root", "no paths", "k", "labels"],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        explain(*arguments)


def test_an_operation_without_a_row_is_named():
    x = Value(1.0)
    with pytest.raises(NotImplementedError, match=r"operation 'mystery' has no derivative"):
        explain(x, Value(2.0, (x,), "mystery"))
