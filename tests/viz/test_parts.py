"""What boxes with more inside are called: after what they make, and no two the same."""

import random

import pytest

from graphs import OPERATIONS
from micrograd.engine import Value
from micrograd.nn import MLP, LayerNorm, Linear, Neuron, Sequential, cross_entropy, mse_loss
from micrograd.viz.drawing import views
from micrograd.viz.graph import read
from micrograd.viz.summary import Parts


def seen(program):
    """The views of the drawing of a program, which gives a Value and labels."""
    random.seed(1)  # boxes are as wide as their numbers, and so many fit
    root, labels = program()
    return [*views(Parts(read(root, labels)), most=20, listed=True)]


def called(view):
    """What the boxes with more inside are called."""
    return [box.part.label for box in view.boxes if len(box.part.nodes) > 1]


def recurrence():
    x, s = Value(0.3), Value(0.0)
    for _ in range(15):
        s = (s * 0.5 + x).tanh()
    return s, {"x": x, "s": s}


def growth():
    q = Value(1.0)
    for _ in range(40):
        q = q * 3.7 + Value(-1e6)
    return q, None


def total():
    total = sum(Value(float(i)) for i in range(60))
    return total, {"total": total}


def polynomial():
    x = Value(0.5)
    p = sum((Value(float(i)) * x**i for i in range(12)), Value(0.0))
    return p, {"x": x, "p": p}


def penalty():
    model = MLP(2, [3, 1])
    y = model([0.5, 1.0])
    err = (y - 1.0) ** 2
    return err + 0.01 * sum(p * p for p in model.parameters()), {"y": y, "err": err, "model": model}


def siamese():
    model = MLP(2, [4, 2])
    left, right = model([Value(0.5), Value(1.0)]), model([Value(-0.5), Value(0.2)])
    return sum((a - b) ** 2 for a, b in zip(left, right, strict=True)), model


def linear():
    model = Sequential(Linear(2, 4), Linear(4, 1))
    return model([0.5, -1.0])[0], model


def classes():
    model = MLP(2, [3, 3])
    return cross_entropy([model([0.5, -1.0]), model([1.0, 0.3])], [0, 2]), None


def normalised():
    model = Sequential(Linear(2, 4), LayerNorm(4), Linear(4, 2))
    return cross_entropy([model([0.5, 1.0])], [0]), model


def used_again():
    first, second, x = Neuron(2), Neuron(2), [Value(0.1), Value(0.2)]
    a = first(x)
    return first([second([a, x[0]]), a]), {"first": first, "second": second}


def all_called_the_same():
    h = Value(0.5, label="h")
    for _ in range(20):
        h = (h * Value(0.9, label="w") + Value(0.1, label="b")).tanh()
        h.label = "h"
    return h, None


def at_random():
    dice = random.Random(3)
    values = [Value(dice.uniform(-1.0, 1.0)) for _ in range(5)]
    for _ in range(90):
        values.append(dice.choice(OPERATIONS)(values[-1], dice.choice(values[-6:])))
    return values[-1], None


NEURONS = [f"layers.{layer}.neurons.{i}" for layer, size in [(0, 4), (1, 2)] for i in range(size)]
PROGRAMS = {
    "recurrence": (recurrence, ["part 1", "s"]),
    "growth": (growth, ["part 1", "part 2", "part 3", "part 4", "part 5"]),
    "total": (total, [*(f"part {i}" for i in range(1, 8)), "total"]),
    "polynomial": (polynomial, ["part 1", "p"]),
    "penalty": (
        penalty,
        [
            *(f"model.layers.0.neurons.{i}, 3 parameters" for i in range(3)),
            "model.layers.1.neurons.0, 4 parameters",
            *(f"model.layers.0.neurons.{i}" for i in range(3)),
            "y",
            "err",
            "sum of 13 squares, multiply",
        ],
    ),
    "siamese": (siamese, [*NEURONS, "loss"]),
    "linear": (linear, [*(f"layers.0, neuron {i}" for i in range(1, 5)), "layers.1"]),
    "normalised": (
        normalised,
        [
            *(f"layers.0, neuron {i}" for i in range(1, 5)),
            "sum of 4, multiply",
            "4 × multiply, add",
            "sum of 4 squares, multiply, add, **-0.5",
            "4 × product of 3, add",
            *(f"layers.2, neuron {i}" for i in range(1, 3)),
            "loss",
        ],
    ),
    "used again": (used_again, ["first, layer 1, 3 parameters", "first, layer 1", "second", "first, layer 3"]),
    "all called the same": (all_called_the_same, ["h (1) … h (6)", "h (7) … h (13)", "h (14) … h (20)"]),
    "classes": (classes, [*(f"layer {layer}, neuron {i}" for layer in (1, 2) for i in (1, 2, 3)), "loss"]),
}


@pytest.mark.parametrize(("program", "labels"), PROGRAMS.values(), ids=PROGRAMS)
def test_a_box_is_called_after_what_it_makes(program, labels):
    assert called(seen(program)[0]) == labels


@pytest.mark.parametrize("program", [*(program for program, _ in PROGRAMS.values()), at_random])
def test_no_two_boxes_of_a_view_are_called_the_same(program):
    for view in seen(program):
        labels = [record.label for record in view.records if record.several]
        assert len({*labels}) == len(labels)


def test_what_repeats_is_numbered():
    view = seen(recurrence)[1]
    assert called(view) == [f"multiply, add, tanh ({i})" for i in range(1, 8)]


def test_numbers_of_the_program_share_a_line():
    first, last = seen(recurrence)[0].records
    assert [line for line in first.lines if "constant" in line[0]] == [("7 × constant", "0.5000")]
    assert [line for line in last.lines if "constant" in line[0]] == [("8 × constant", "0.5000")]


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (lambda: MLP(2, [5, 1]), {"w.0", "x.0", "w.0x.0", "sum1", "w.1", "x.1", "w.1x.1", "sum"}),
        (lambda: Sequential(Linear(2, 4), Linear(4, 1)), {"weight.0.0", "x.0", "weight.0.0x.0", "sum1", "x.1"}),
    ],
)
def test_products_and_inputs_are_called_as_the_weights_are(build, names):
    def program():
        model = build()
        out = model([0.5, -1.0])
        return mse_loss(out if isinstance(out, list) else [out], [1.0]), model

    assert names <= {record.label for record in seen(program)[1].records}


def of_two_kinds():
    x = [Value(1.0), Value(2.0)]
    neurons = [Value(0.1) + Value(float(i)) * x[0] + Value(0.5) * x[1] for i in range(24)]
    return sum(neuron.tanh() if i % 2 else neuron.relu() for i, neuron in enumerate(neurons)), None


def test_a_layer_of_two_kinds_of_neurons_says_so():
    labels = {box.part.label: box.part.about for box in seen(of_two_kinds)[0].boxes}
    assert labels["layer 1"] == "12 × ReLU neuron of 2 inputs, 12 × tanh neuron of 2 inputs"
