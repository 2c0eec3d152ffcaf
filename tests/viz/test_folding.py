"""Folded graphs: every node in one box, one result a box, and what belongs together in the same."""

import pytest
from hypothesis import given

from graphs import programs
from micrograd.engine import Value
from micrograd.nn import MLP
from micrograd.viz.graph import edges_of, read
from micrograd.viz.summary.folding import fold
from micrograd.viz.summary.groups import Grouping


def named(program):
    root, names = program
    nodes = read(root)
    for node in nodes:
        node.name = names.get(node.value, "")
    return nodes


@given(programs())
def test_every_node_is_in_one_box_and_only_results_are_used_outside(program):
    nodes = named(program)
    folds, edges = fold(Grouping.of(nodes))
    box_of = {i: at for at, each in enumerate(folds) for i in each.nodes}
    assert sum(len(each.nodes) for each in folds) == len(box_of) == len(nodes)
    assert folds[-1].result == len(nodes) - 1
    between = [(a, b) for a, b in edges_of(nodes) if box_of[a] != box_of[b]]
    assert edges == sorted({(box_of[a], box_of[b]) for a, b in between})
    assert all(left < right for left, right in edges)
    for a, _ in between:
        assert a == folds[box_of[a]].result or not nodes[a].operands


@given(programs())
def test_leaves_are_with_what_alone_needs_them_or_with_those_that_are_needed_alike(program):
    nodes = named(program)
    box_of = {i: at for at, each in enumerate(fold(Grouping.of(nodes))[0]) for i in each.nodes}
    used_by = {}
    for a, b in edges_of(nodes):
        used_by.setdefault(a, set()).add(box_of[b])
    for leaf, boxes in used_by.items():
        if not nodes[leaf].operands:
            alike = {i for i in used_by if not nodes[i].operands and used_by[i] == boxes}
            assert boxes == {box_of[leaf]} or {i for i in box_of if box_of[i] == box_of[leaf]} == alike


@given(programs())
def test_what_has_a_name_stays_a_result(program):
    nodes = named(program)
    results = {each.result for each in fold(Grouping.of(nodes))[0]}
    assert all(i in results for i, node in enumerate(nodes) if node.name and node.operands)


def test_a_network_is_its_neurons():
    model = MLP(2, [4, 3, 1])
    folds, edges = fold(Grouping.of(read(model([Value(1.0), Value(2.0)]))))
    assert [(len(each.nodes), each.title) for each in folds] == [
        (2, ""),
        *[(8, "ReLU neuron of 2 inputs")] * 4,
        *[(14, "ReLU neuron of 4 inputs")] * 3,
        (10, "linear neuron of 3 inputs"),
    ]
    assert len(edges) == 4 + 4 * 3 + 3


@pytest.mark.parametrize("depth", [1, 20_000])
def test_depth_is_no_limit(depth):
    x = Value(1.0)
    for _ in range(depth):
        x = (x * 0.5).tanh()
    folds, _ = fold(Grouping.of(read(x)))
    assert sum(len(each.nodes) for each in folds) == 1 + 3 * depth
