"""`trace`: the nodes and edges that pictures are made of."""

import pytest

from micrograd.engine import Value
from micrograd.viz import trace


def test_nodes_come_in_order_of_computation_and_edges_in_argument_order():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    d = c + a
    assert trace(d) == ([a, b, c, d], [(a, c), (b, c), (c, d), (a, d)])


def test_a_value_used_twice_by_one_operation_has_two_edges():
    a = Value(3.0)
    b = a * a
    assert trace(b) == ([a, b], [(a, b), (a, b)])


def test_a_leaf_is_a_graph():
    a = Value(1.0)
    assert trace(a) == ([a], [])


def test_a_classic_notebook_goes_through_the_result():
    x = Value(1.0)
    y = (x * 2 + 1).relu()
    nodes, edges = trace(y)
    names = {str(id(n)) for n in nodes}
    assert x in nodes
    assert all(str(id(n1)) in names and str(id(n2)) + n2._op != str(id(n2)) for n1, n2 in edges)


def test_depth_is_no_limit():
    v = Value(0.0)
    for _ in range(100_000):
        v = v.relu()
    nodes, edges = trace(v)
    assert (len(nodes), len(edges)) == (100_001, 100_000)


@pytest.mark.parametrize("root", [3.0, None, [Value(1.0)], "x"])
def test_a_root_that_is_no_value_is_named(root):
    with pytest.raises(TypeError, match=f"one Value, got {type(root).__name__}"):
        trace(root)
