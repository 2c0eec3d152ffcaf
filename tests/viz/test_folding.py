"""Folded graphs: every node in one box, one result a box, and what belongs together in the same."""

import pytest
from hypothesis import given

from graphs import programs
from micrograd.engine import Value
from micrograd.nn import MLP
from micrograd.viz.graph import edges_of, read
from micrograd.viz.summary.folding import fold, fold_by_results
from micrograd.viz.summary.groups import Grouping


def named(program):
    root, names = program
    nodes = read(root)
    for node in nodes:
        node.name = names.get(node.value, "")
    return nodes


def folded(nodes):
    grouping = Grouping.of(nodes)
    return fold(grouping, grouping.group_of)


def folded_by_results(nodes):
    return fold_by_results(Grouping.of(nodes))


WAYS = pytest.mark.parametrize("way", [folded, folded_by_results])


@WAYS
@given(programs())
def test_every_node_is_in_one_box_and_only_results_are_used_outside(way, program):
    nodes = named(program)
    folds = way(nodes)
    box_of = {i: at for at, box in enumerate(folds) for i in box}
    assert sum(map(len, folds)) == len(box_of) == len(nodes)
    assert folds[-1][-1] == len(nodes) - 1
    for a, b in edges_of(nodes):
        assert box_of[a] == box_of[b] or (
            box_of[a] < box_of[b] and (a == folds[box_of[a]][-1] or not nodes[a].operands)
        )


@WAYS
@given(programs())
def test_leaves_are_with_what_alone_needs_them_or_with_those_that_are_needed_alike(way, program):
    nodes = named(program)
    box_of = {i: at for at, box in enumerate(way(nodes)) for i in box}
    used_by = {}
    for a, b in edges_of(nodes):
        used_by.setdefault(a, set()).add(box_of[b])
    for leaf, boxes in used_by.items():
        if not nodes[leaf].operands:
            alike = {i for i in used_by if not nodes[i].operands and used_by[i] == boxes}
            assert boxes == {box_of[leaf]} or {i for i in box_of if box_of[i] == box_of[leaf]} == alike


@WAYS
@given(programs())
def test_what_has_a_name_stays_a_result(way, program):
    nodes = named(program)
    results = {box[-1] for box in way(nodes)}
    assert all(i in results for i, node in enumerate(nodes) if node.name and node.operands)


@given(programs())
def test_by_results_no_box_could_be_part_of_another(program):
    nodes = named(program)
    boxes = folded_by_results(nodes)
    box_of = {i: at for at, box in enumerate(boxes) for i in box}
    for i, box in ((box[-1], box) for box in boxes[:-1]):
        users = {box_of[result] for operand, result in edges_of(nodes) if operand in box} - {box_of[i]}
        assert len(users) > 1 or nodes[i].name


def test_a_network_is_its_neurons():
    model = MLP(2, [4, 3, 1])
    folds = folded(read(model([Value(1.0), Value(2.0)])))
    assert [len(box) for box in folds] == [2, *[8] * 4, *[14] * 3, 10]


@pytest.mark.parametrize("depth", [1, 20_000])
def test_depth_is_no_limit(depth):
    x = Value(1.0)
    for _ in range(depth):
        x = (x * 0.5).tanh()
    assert sum(map(len, folded(read(x)))) == 1 + 3 * depth
