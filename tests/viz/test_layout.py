"""The layout: boxes apart, edges to the right and clear of boxes, the same every time."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.viz import trace
from micrograd.viz.layout import _crossings, _Link, layout

SLACK = 1e-6


@st.composite
def graphs(draw):
    """Boxes of different sizes, and edges from smaller to larger positions, repeated ones among them."""
    sizes = draw(st.lists(st.tuples(st.floats(1, 300), st.floats(1, 100)), min_size=1, max_size=30))
    pairs = st.tuples(st.integers(0, len(sizes) - 1), st.integers(0, len(sizes) - 1))
    edges = draw(st.lists(pairs.filter(lambda pair: pair[0] < pair[1]), max_size=60)) if len(sizes) > 1 else []
    return sizes, edges


def sides(centre, size):
    (x, y), (width, height) = centre, size
    return x - width / 2, x + width / 2, y - height / 2, y + height / 2


@settings(deadline=None)
@given(graphs())
def test_no_two_boxes_overlap_and_all_are_inside(graph):
    sizes, edges = graph
    picture = layout(sizes, edges)
    boxes = [sides(centre, size) for centre, size in zip(picture.centres, sizes, strict=True)]
    for left, right, top, bottom in boxes:
        assert left >= -SLACK
        assert right <= picture.width + SLACK
        assert top >= -SLACK
        assert bottom <= picture.height + SLACK
    for (left, right, top, bottom), (left2, right2, top2, bottom2) in itertools.combinations(boxes, 2):
        apart = max(left - right2, left2 - right, top - bottom2, top2 - bottom)
        assert apart > 0


@settings(deadline=None)
@given(graphs())
def test_edges_point_right_from_box_to_box(graph):
    sizes, edges = graph
    picture = layout(sizes, edges)
    assert len(picture.routes) == len(edges)
    for (start, end), route in zip(edges, picture.routes, strict=True):
        _, right, top, bottom = sides(picture.centres[start], sizes[start])
        left2, _, top2, bottom2 = sides(picture.centres[end], sizes[end])
        assert route[0][0] == pytest.approx(right)
        assert top <= route[0][1] <= bottom
        assert route[-1][0] == pytest.approx(left2)
        assert top2 <= route[-1][1] <= bottom2
        xs = [x for x, _ in route]
        assert xs == pytest.approx(sorted(xs))
        assert right < left2


@settings(deadline=None)
@given(graphs())
def test_edges_keep_clear_of_boxes(graph):
    """Where an edge passes a box it is level, so that the bends between columns cannot touch one."""
    sizes, edges = graph
    picture = layout(sizes, edges)
    boxes = [sides(centre, size) for centre, size in zip(picture.centres, sizes, strict=True)]
    for edge, route in zip(edges, picture.routes, strict=True):
        for (x0, y0), (x1, y1) in itertools.pairwise(route):
            for node, (left, right, top, bottom) in enumerate(boxes):
                if node not in edge and min(x1, right) - max(x0, left) > SLACK:
                    assert y0 == y1
                    assert not top <= y0 <= bottom


@settings(deadline=None)
@given(graphs())
def test_the_same_graph_gives_the_same_layout(graph):
    assert layout(*graph) == layout(*graph)


def crossings(picture):
    """Crossings between the straight lines that join the bends: pairs in opposite order at the ends of one gap."""
    pieces = (piece for route in picture.routes for piece in itertools.pairwise(route))
    bends = dict.fromkeys((start, end) for start, end in pieces if start[0] != end[0])  # what runs together once
    return sum(
        (y0 - other_y0) * (y1 - other_y1) < -SLACK
        for ((x0, y0), (x1, y1)), ((other_x0, other_y0), (other_x1, other_y1)) in itertools.combinations(bends, 2)
        if (x0, x1) == (other_x0, other_x1)
    )


BOX = (100.0, 50.0)


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (1, []),
        (2, [(0, 1), (0, 1)]),
        (4, [(0, 3), (1, 2), (2, 3)]),
        (6, [(0, 5), (1, 4), (2, 4), (3, 5)]),
        (7, [(0, 4), (1, 5), (2, 4), (3, 5), (4, 6), (5, 6)]),
        (15, [(i, 8 + i // 2) for i in range(8)] + [(8 + i, 12 + i // 2) for i in range(4)] + [(12, 14), (13, 14)]),
        (13, [(i, 12) for i in range(12)]),
        (8, [(0, i) for i in range(1, 8)]),
    ],
)
def test_what_can_be_drawn_without_crossings_is(count, edges):
    assert crossings(layout([BOX] * count, edges)) == 0


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(8, 15), st.sampled_from([-1.0, 1.0])), max_size=20))
def test_crossings_are_counted(ends):
    """Against the definition: two links cross if their ends are in opposite order."""
    links = [_Link(left, right, port, pull=1.0) for left, right, port in ends]
    after = [[link for link in links if link.left == slot] for slot in range(16)]
    pairs = itertools.combinations(((left, (right, port)) for left, right, port in ends), 2)
    expected = sum((a < b and x > y) or (a > b and x < y) for (a, x), (b, y) in pairs)
    assert _crossings([[*range(8)], [*range(8, 16)]], after) == expected


def seed_example():
    """The expression that the classic micrograd shows first."""
    a, b = Value(-4.0), Value(2.0)
    c, d = a + b, a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    f = (c - d) ** 2
    return f / 2.0 + 10.0 / f


def network():
    """A network of 2 inputs, two layers of 4 and an output."""
    x = [Value(1.0), Value(1.0)]
    for size in (4, 4, 1):
        x = [sum((Value(1.0) * xi for xi in x), Value(0.0)).tanh() for _ in range(size)]
    return x[0]


@pytest.mark.parametrize(("root", "most"), [(seed_example(), 15), (network(), 65)], ids=["seed example", "network"])
def test_crossings_stay_few(root, most):
    nodes, edges = trace(root)
    picture = layout([BOX] * len(nodes), [(nodes.index(operand), nodes.index(node)) for operand, node in edges])
    assert crossings(picture) <= most


def test_a_result_stands_between_its_operands():
    tree = [(i, 8 + i // 2) for i in range(8)] + [(8 + i, 12 + i // 2) for i in range(4)] + [(12, 14), (13, 14)]
    picture = layout([BOX] * 15, tree)
    y = [y for _, y in picture.centres]
    for (first, result), (second, _) in zip(tree[::2], tree[1::2], strict=True):
        assert y[result] == pytest.approx((y[first] + y[second]) / 2, abs=1e-6)


def test_height_is_not_wasted():
    """The tallest column of the seed example has four boxes, and six slots of long edges between them."""
    nodes, edges = trace(seed_example())
    picture = layout([BOX] * len(nodes), [(nodes.index(operand), nodes.index(node)) for operand, node in edges])
    assert picture.height < 500


def test_a_long_edge_runs_level():
    chain = [(i, i + 1) for i in range(9)]
    picture = layout([BOX] * 10, [(0, 9), *chain])
    levels = [y for _, y in picture.routes[0]][2:-2]
    assert levels == pytest.approx([levels[0]] * len(levels), abs=1e-6)


def test_operands_stand_in_argument_order():
    picture = layout([BOX] * 3, [(1, 2), (0, 2)])
    assert picture.centres[1][1] < picture.centres[0][1]
    assert picture.routes[0][-1][1] < picture.routes[1][-1][1]


def test_a_chain_is_a_straight_line():
    picture = layout([BOX] * 6, [(i, i + 1) for i in range(5)])
    assert {y for _, y in picture.centres} == {25.0}
    assert picture.height == 50.0


def test_long_edges_of_one_node_run_together():
    chain = [(i, i + 1) for i in range(1, 6)]
    picture = layout([BOX] * 7, [(0, 1), *chain, (0, 4), (0, 6)])
    shorter, longer = picture.routes[-2:]
    assert shorter[:6] == longer[:6]


def test_nothing_to_draw():
    picture = layout([], [])
    assert (picture.width, picture.height, picture.centres, picture.routes) == (0, 0, [], [])


@pytest.mark.parametrize("edge", [(1, 0), (0, 0), (0, 2), (-1, 0)])
def test_an_edge_against_the_order_is_refused(edge):
    with pytest.raises(ValueError, match="from a smaller to a larger of 2 positions"):
        layout([BOX, BOX], [edge])


def test_a_long_chain_is_no_problem():
    picture = layout([BOX] * 3000, [(i, i + 1) for i in range(2999)])
    assert len(picture.routes) == 2999
