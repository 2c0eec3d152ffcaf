"""Views: every Value is in one box of a view, boxes stand in order, and what opens shows what was in the box."""

import random

import pytest
from hypothesis import given

from graphs import programs
from micrograd.engine import Value
from micrograd.nn import MLP, mse_loss
from micrograd.viz.drawing import views
from micrograd.viz.graph import edges_of, read
from micrograd.viz.summary import Parts


def check(nodes, **options):
    """Look at all views of a graph."""
    edges = edges_of(nodes)
    seen = list(views(Parts(nodes), **options))
    shown = {0: list(range(len(nodes)))}
    for at, view in enumerate(seen):
        own = view.boxes[view.inputs :]
        assert sorted(i for box in own for i in box.part.nodes) == sorted(shown[at])
        shown |= {box.inside: box.part.nodes for box in own if box.inside is not None}
        assert all(left < right for left, right in view.edges)
        box_of = {i: k for k, box in enumerate(view.boxes) for i in box.part.nodes}
        assert [
            (box_of[operand], box_of[i]) for several in view.carries for operand, i in [edges[several[0]]]
        ] == view.edges
        between = [e for e, (a, b) in enumerate(edges) if box_of.get(b, -1) >= view.inputs and box_of[a] != box_of[b]]
        assert sorted(edge for several in view.carries for edge in several) == between
        for box in view.boxes:
            outside = {a for a, b in edges if a in box.part.nodes and b not in box.part.nodes}
            assert {*box.results} - {len(nodes) - 1} <= outside | {view.part.nodes[-1]}
    assert shown.keys() == set(range(len(seen)))


@given(programs())
def test_views_of_any_program(program):
    root, names = program
    check(read(root, {name: value for value, name in names.items()}), most=0)


def shared_with_an_earlier_layer():
    """A weight of the last layer is an input of the first one."""
    random.seed(1)
    model, last = MLP(2, [9, 9]), Value(0.5)
    hidden = model([last, Value(1.0)])
    return sum((last if i == 3 else Value(float(i))) * h for i, h in enumerate(hidden)) + Value(0.1)


def regularised():
    random.seed(1)
    model = MLP(2, [4, 4, 1])
    return mse_loss([model([0.5, -1.0])], [1.0]) + 0.1 * sum(p * p for p in model.parameters())


def targets_are_values():
    random.seed(1)
    model = MLP(2, [2, 1])
    return sum((model([0.5, -1.0 * i]) - Value(1.0)) ** 2 for i in range(3))


def of_different_kinds():
    """Neurons with two activations side by side."""
    x = [Value(1.0), Value(2.0)]
    neurons = [Value(0.1) + Value(float(i)) * x[0] + Value(0.5) * x[1] for i in range(16)]
    return sum(neuron.tanh() if i % 2 else neuron.relu() for i, neuron in enumerate(neurons))


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("program", [shared_with_an_earlier_layer, regularised, targets_are_values, of_different_kinds])
def test_views_of_networks(program, listed, rankdir):
    check(read(program()), listed=listed, rankdir=rankdir)


def test_no_two_boxes_of_a_view_are_called_the_same():
    whole = next(views(Parts(read(of_different_kinds()))))
    labels = [box.part.label for box in whole.boxes if box.part.label]
    assert len({*labels}) == len(labels)
