"""Summaries of large graphs: every Value in one box, few boxes without cycles, and titles that say what is in them."""

import math
import random
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphs import OPERATIONS, programs
from micrograd.engine import Value
from micrograd.nn import MLP, cross_entropy, hinge_loss
from micrograd.viz import trace
from micrograd.viz.graph import read
from micrograd.viz.summary import summary
from micrograd.viz.summary.groups import Grouping
from micrograd.viz.summary.summary import MOST_BOXES, Range


def summarise(root, names=None, most=MOST_BOXES):
    nodes = read(root)
    for node in nodes:
        node.name = (names or {}).get(node.value, "")
    return summary.summarise(Grouping.of(nodes), most)


def late():
    """A graph in which a structure is used before all that feeds it has been met."""
    a, b = Value(1.0).exp().tanh(), Value(2.0).exp().tanh()
    shared = [a.exp(), b.exp(), b.exp()]
    return sum((x.log() + x.sigmoid() for x in shared), a.log())


@given(programs(), st.integers(2, 12))
@example((late(), {}), MOST_BOXES)
def test_every_value_is_in_one_of_few_boxes_without_cycles(program, most):
    root, names = program
    nodes, edges = trace(root)
    summary = summarise(root, names, most)
    box_of = {value: i for i, box in enumerate(summary.boxes) for value in box.values}
    assert sum(len(box.values) for box in summary.boxes) == len(box_of) == len(nodes)
    assert box_of.keys() == set(nodes)
    assert all(box.values for box in summary.boxes)
    assert len(summary.boxes) <= most
    assert root in summary.boxes[-1].values
    between = [(box_of[a], box_of[b]) for a, b in edges if box_of[a] != box_of[b]]
    assert all(left < right for left, right in between)
    assert summary.edges == {pair: between.count(pair) for pair in between}


@given(programs())
def test_the_same_graph_gives_the_same_summary(program):
    assert summarise(*program) == summarise(*program)


@given(programs())
def test_operations_are_counted(program):
    for box in summarise(*program).boxes:
        ops = [value._op for value in box.values if value._op]
        assert box.operations == {op: ops.count(op) for op in ops}
        assert list(box.operations.values()) == sorted(box.operations.values(), reverse=True)


def titles(root, names=None, most=MOST_BOXES):
    return [(box.count, box.title) for box in summarise(root, names, most).boxes]


def training(samples, sizes, loss=hinge_loss, targets=(-1, 1)):
    """The loss of a network with regularisation, and the names of the parameters."""
    random.seed(1)
    model = MLP(2, sizes)
    scores = [model([random.random(), random.random()]) for _ in range(samples)]
    root = loss(scores, [targets[i % len(targets)] for i in range(samples)])
    root += 1e-4 * sum(p * p for p in model.parameters())
    return root, {parameter: name for name, parameter in model.named_parameters()}


def test_a_training_step_is_layers_and_a_loss():
    root, names = training(20, [6, 5, 1])
    boxes = summarise(root, names).boxes
    leaves = [(box.count, box.title, box.name) for box in boxes if not box.operations]
    assert sorted(leaves) == [
        (1, "b", "layers.2.neurons.0.b"),
        (5, "b", "layers.1.neurons"),
        (5, "w", "layers.2.neurons.0.w"),
        (6, "b", "layers.0.neurons"),
        (12, "w", "layers.0.neurons"),
        (30, "w", "layers.1.neurons"),
        (240, "constant", ""),
    ]
    assert [(box.count, box.title, box.name) for box in boxes if box.operations] == [
        (120, "ReLU neuron of 2 inputs", "layers.0.neurons"),
        (1, "sum of 59 squares, multiply", "layers"),
        (100, "ReLU neuron of 6 inputs", "layers.1.neurons"),
        (20, "linear neuron of 5 inputs", "layers.2.neurons.0"),
        (20, "multiply, add, ReLU", ""),
        (1, "sum of 20, multiply", ""),
        (1, "add", ""),
    ]


def test_a_training_step_needs_no_names():
    root, names = training(20, [6, 5, 1])
    with_names, without = summarise(root, names), summarise(root)
    assert [box.values for box in without.boxes] == [box.values for box in with_names.boxes]
    assert [box.title for box in without.boxes[-7:]] == [box.title for box in with_names.boxes[-7:]]


def test_classes_share_a_box():
    root, names = training(9, [4, 3], cross_entropy, targets=(0, 2, 1))
    assert (27, "linear neuron of 4 inputs") in titles(root, names)
    assert (9, "max of 3, multiply") in titles(root, names)


def leaves(count):
    return [Value(float(i)) for i in range(count)]


def dot(w, x, bias):
    return sum((wi * xi for wi, xi in zip(w, x, strict=True)), bias)


@pytest.mark.parametrize(
    ("root", "title"),
    [
        (dot(leaves(500), leaves(500), Value(1.0)).relu(), "ReLU neuron of 500 inputs"),
        (dot(leaves(1), leaves(1), Value(1.0)).tanh(), "tanh neuron of 1 input"),
        (dot(leaves(3), [1.0, 2.0, 3.0], Value(1.0)), "linear neuron of 3 inputs"),
        (dot(leaves(3), leaves(3), Value(1.0)) ** 2, "**2 neuron of 3 inputs"),
        (dot(leaves(3), leaves(3), 0.0) + Value(1.0), "linear neuron of 3 inputs"),
        ((dot(leaves(3), leaves(3), Value(1.0)) - 2.0) ** 2, "add, **2"),
        ((dot(leaves(3), leaves(3), Value(1.0)) - Value(2.0)) ** 2, "multiply, add, **2"),
        (dot(leaves(2), [1.0, -1.0], Value(1.0)), "linear neuron of 2 inputs"),
        (sum(dot(leaves(2), leaves(2), Value(1.0)) for _ in range(3)), "sum of 4"),
        (Value(3.0).exp() * 2.0 + 1.0, "exp, multiply, add"),
        (sum((x * x for x in leaves(4)), Value(0.0)), "sum of 4 squares"),
        (sum([Value(3.0) * Value(4.0), *(x * x for x in leaves(4))], Value(0.0)), "multiply, sum of 6"),
        (sum(leaves(1000)), "sum of 1001"),
        (math.prod(leaves(7)), "product of 8"),
        (max(leaves(2)).maximum(3.0).maximum(4.0).maximum(5.0), "max of 4"),
        (Value(1.0).tanh().tanh().tanh(), "3 times tanh"),
        (sum(x.exp() for x in leaves(5)).log(), "exp, sum of 6, log"),
        (((Value(1.0) * 2.0).exp() + 1.0).log().tanh(), "multiply, exp, add, log, tanh"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_titles_say_what_is_computed(root, title):
    assert titles(root)[-1] == (1, title)


def test_groups_are_joined_from_operands_to_results():
    """Also where the first result comes before one of the operands."""
    a, b = Value(1.0).exp(), Value(2.0).exp()
    assert titles(a.tanh() + b.tanh() + a.log()) == [
        (1, "leaf"),
        (1, "leaf"),
        (1, "exp"),
        (2, "exp, tanh"),
        (1, "log, sum of 3"),
    ]


def test_neurons_of_different_sizes_have_boxes_of_their_own():
    x = leaves(5)
    neurons = [dot(leaves(size), x[:size], Value(1.0)).relu() for size in (3, 5, 5, 3, 5)]
    found = titles(math.prod(neurons))
    assert {(2, "ReLU neuron of 3 inputs"), (3, "ReLU neuron of 5 inputs")} < {*found}


def test_what_is_used_more_than_once_is_not_inside_a_box():
    shared = [x.tanh() for x in leaves(3)]
    assert (3, "tanh") in titles(sum(dot(leaves(3), shared, Value(1.0)).relu() for _ in range(3)))


def chain(steps):
    x = Value(1.0)
    for _ in range(steps):
        x = (x * 0.999 + 0.001).tanh()
    return x


def test_a_long_chain_is_cut_into_a_dozen_pieces():
    root = chain(12_000)
    root.backward()
    summary = summarise(root)
    leaf, *pieces = summary.boxes
    assert leaf.title == "leaf"
    assert {box.title for box in pieces[:-1]} == {"chain of 3,001 operations"}
    assert len(pieces) == 12
    assert list(summary.edges) == [(i, i + 1) for i in range(len(pieces))]
    gradients = [box.grad.low for box in pieces]
    assert gradients == sorted(gradients)


def test_what_does_not_repeat_is_cut_by_depth():
    dice = random.Random(1)
    values = leaves(5)
    for _ in range(500):
        values.append(dice.choice(OPERATIONS)(*dice.choices(values[-9:], k=2)))
    summary = summarise(values[-1])
    assert len(summary.boxes) < 30
    assert {box.title for box in summary.boxes[5:-1]} == {"operation"}
    assert all(box.count == sum(box.operations.values()) for box in summary.boxes if box.title == "operation")


def test_steps_of_a_recurrent_network_are_joined():
    h, weights = leaves(3), [leaves(3) for _ in range(3)]
    for _ in range(200):
        h = [dot(row, h, Value(0.5)).tanh() for row in weights]
    names = {weight: f"w.{i}.{j}" for i, row in enumerate(weights) for j, weight in enumerate(row)}
    boxes = summarise(sum(h), names).boxes
    assert [box.count for box in boxes if box.title == "w"] == [9]
    neurons = [box.count for box in boxes if box.title == "tanh neuron of 3 inputs"]
    assert sum(neurons) == 600
    assert 10 <= len(neurons) <= 13


def test_a_named_result_is_a_box():
    parts = [x * 2.0 for x in leaves(3)]
    total = sum(parts, Value(0.0)).relu()
    names = {part: f"part{i}" for i, part in enumerate(parts)} | {total: "total"}
    assert [(box.name, box.count) for box in summarise(total, names).boxes[-2:]] == [("", 3), ("total", 1)]


def test_a_named_part_of_a_sum_is_a_box():
    half = sum(leaves(10))
    total = half + sum(leaves(10)[1:], Value(0.0))
    assert ("half", "sum of 11") in [(box.name, box.title) for box in summarise(total, {half: "half"}).boxes]


def test_ranges_are_of_what_is_used_outside():
    x = leaves(4)
    root = sum(a.exp() * -1.0 for a in x)
    root.backward()
    leaf, exponential, total = summarise(root).boxes
    assert (leaf.data, leaf.grad) == (Range(0.0, 3.0, 0), Range(-math.exp(3.0), -1.0, 0))
    assert (exponential.data, exponential.grad) == (Range(-math.exp(3.0), -1.0, 0), Range(1.0, 1.0, 0))
    assert (total.data, total.grad) == (Range(root.data, root.data, 0), Range(1.0, 1.0, 0))


def test_inf_and_nan_are_counted_and_left_out_of_the_range():
    x = [Value(number) for number in (1.0, math.inf, -math.inf, math.nan, 2.0)]
    leaf, total = summarise(sum(x, Value(0.0))).boxes[-2:]
    assert leaf.data == Range(1.0, 2.0, 3)
    assert total.data.wrong == 4
    assert math.isnan(total.data.low)
    assert math.isnan(total.data.high)


def effort(root):
    """How many calls it takes, of functions in Python and in C and of generators."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        summarise(root)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "build",
    [
        chain,
        lambda size: sum(leaves(size)),
        lambda size: training(size // 20, [4, 1])[0],
        lambda size: sum(dot(leaves(i % 50), leaves(i % 50), Value(0.0)).tanh() for i in range(size // 10)),
    ],
    ids=["chain", "sum", "training", "neurons of many sizes"],
)
def test_the_effort_grows_with_the_graph(build):
    small, large = build(1000), build(4000)
    growth = len(trace(large)[0]) / len(trace(small)[0])
    assert effort(large) < 1.3 * growth * effort(small)


def test_room_for_one_box_is_too_little():
    with pytest.raises(ValueError, match=r"at least 2 boxes.* got most=1"):
        summarise(Value(1.0), most=1)
