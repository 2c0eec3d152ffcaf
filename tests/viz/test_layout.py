"""The layout: boxes apart, edges to the right and clear of boxes, the same every time."""

import itertools
import json
import random
import shutil
import subprocess
import sysconfig
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import seed_example
from micrograd.engine import Value
from micrograd.nn import MLP
from micrograd.viz import trace
from micrograd.viz.drawing import ordering
from micrograd.viz.drawing.layout import layout

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


def crossings(lines):
    """How often lines cross, as a reader sees it: what several lines have in common counts once."""
    pieces = sorted(
        {tuple(sorted(piece)) for line in lines for piece in itertools.pairwise(line) if len({*piece}) == 2}
    )
    return sum(
        cross(piece, other)
        for i, piece in enumerate(pieces)
        for other in itertools.takewhile(lambda other, end=piece[1]: other[0][0] < end[0], pieces[i + 1 :])
    )


def cross(piece, other):
    """Whether each piece has its ends on both sides of the other."""

    def side(piece, point):
        (x0, y0), (x1, y1), (x, y) = *piece, point
        return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)

    return all(side(a, b[0]) * side(a, b[1]) < -SLACK for a, b in ((piece, other), (other, piece)))


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
    assert crossings(layout([BOX] * count, edges).routes) == 0


@st.composite
def columns(draw):
    """Slots in columns, and links between neighbouring ones."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    slots = iter(range(sum(sizes)))
    columns = [[next(slots) for _ in range(size)] for size in sizes]
    pairs = [pair for left, right in itertools.pairwise(columns) for pair in itertools.product(left, right)]
    return columns, draw(st.lists(st.sampled_from(pairs), max_size=30, unique=True))


@given(columns())
def test_crossing_links_are_counted(graph):
    """Against the definition: two links between the same columns cross if their ends are in opposite order."""
    columns, links = graph
    column_of = {slot: i for i, column in enumerate(columns) for slot in column}
    expected = sum(
        (a < c and b > d) or (a > c and b < d)
        for (a, b), (c, d) in itertools.combinations(links, 2)
        if column_of[a] == column_of[c]
    )
    assert ordering.crossings(columns, links) == expected


@given(columns())
def test_each_column_keeps_its_slots(graph):
    columns, links = graph
    ordered = ordering.order(columns, links)
    assert [sorted(column) for column in ordered] == columns


def network(*sizes):
    """The squared error of a network of two inputs."""
    score = MLP(2, sizes)([Value(0.5), Value(-1.0)])
    return (score - 1.0) ** 2


def tangle():
    """A graph without any regularity."""
    dice = random.Random(2)
    values = [Value(1.0) for _ in range(4)]
    for _ in range(40):
        a, b = dice.choices(values[-12:], k=2)
        values.append(a * b if dice.random() < 0.5 else a + b)
    return sum(values[-5:])


def graph(root):
    nodes, edges = trace(root)
    position = {node: i for i, node in enumerate(nodes)}
    return len(nodes), [(position[operand], position[node]) for operand, node in edges]


def lines_of_dot(count, edges):
    """The lines that Graphviz draws: points on each of the splines that `dot` puts an edge together from."""
    box = f'shape=box fixedsize=true label="" width={BOX[0] / 72} height={BOX[1] / 72}'
    links = "".join(f"{left} -> {right};" for left, right in edges)
    text = f"digraph {{ rankdir=LR; node [{box}]; {';'.join(map(str, range(count)))}; {links} }}"
    program = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    done = subprocess.run([program, "-Tjson"], input=text, capture_output=True, text=True, check=True)
    return [list(points_of(edge["pos"])) for edge in json.loads(done.stdout)["edges"]]


def points_of(spline):
    """Points along `e,x,y x,y x,y ...`: the tip of the arrow, then the control points of cubic Bézier curves."""
    _, *controls = (tuple(map(float, point.removeprefix("e,").split(","))) for point in spline.split())
    yield controls[0]
    for first in range(0, len(controls) - 1, 3):
        for t in (k / 8 for k in range(1, 9)):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            curve = controls[first : first + 4]
            yield tuple(sum(w * point[axis] for w, point in zip(weights, curve, strict=True)) for axis in (0, 1))


@pytest.mark.parametrize(
    ("root", "size"),
    [
        (seed_example(Value(-4.0), Value(2.0)), 39),
        (network(4, 1), 50),
        (network(4, 4, 1), 106),
        (network(6, 1), 72),
        (tangle(), 39),
    ],
    ids=["seed example", "network of 4, 1", "network of 4, 4, 1", "network of 6, 1", "tangle"],
)
def test_there_are_hardly_more_crossings_than_in_graphviz(root, size):
    count, edges = graph(root)
    assert count == size
    ours = crossings(layout([BOX] * count, edges).routes)
    assert ours <= 1.5 * crossings(lines_of_dot(count, edges))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([[(0, 0), (10, 10)], [(0, 10), (10, 0)]], 1),
        ([[(0, 0), (10, 0)], [(0, 10), (10, 10)]], 0),
        ([[(0, 0), (10, 10)], [(0, 0), (10, 0)]], 0),
        ([[(0, 0), (10, 10), (20, 10)], [(0, 0), (10, 10), (20, 0)], [(0, 10), (10, 0)]], 1),
        ([[(0, 5), (30, 5)], [(0, 0), (10, 10), (20, 0), (30, 10)]], 3),
    ],
    ids=["swapped", "side by side", "from one point", "over a shared piece", "to and fro"],
)
def test_crossings_are_counted_as_seen(lines, expected):
    assert crossings(lines) == expected


def test_the_neurons_of_a_layer_line_up():
    root = network(4, 3, 1)
    nodes, _ = trace(root)
    picture = layout([BOX] * len(nodes), graph(root)[1])
    columns = Counter(x for node, (x, _) in zip(nodes, picture.centres, strict=True) if node._op == "ReLU")
    assert sorted(columns.values()) == [3, 4]


def test_a_result_stands_between_its_operands():
    tree = [(i, 8 + i // 2) for i in range(8)] + [(8 + i, 12 + i // 2) for i in range(4)] + [(12, 14), (13, 14)]
    picture = layout([BOX] * 15, tree)
    y = [y for _, y in picture.centres]
    for (first, result), (second, _) in zip(tree[::2], tree[1::2], strict=True):
        assert y[result] == pytest.approx((y[first] + y[second]) / 2, abs=1e-6)


def test_leaves_stand_by_a_straight_chain():
    """What is multiplied with and added to a number on its way does not push it aside."""
    x = Value(1.0)
    for _ in range(20):
        x = x * 0.5 + 1.0
    picture = layout([BOX] * 81, graph(x)[1])
    results = [y for node, (_, y) in zip(trace(x)[0], picture.centres, strict=True) if node._op]
    assert results == pytest.approx([results[0]] * 40, abs=1e-3)
    assert picture.height < 3 * BOX[1]
    assert all(abs(y0 - y1) < 60 for route in picture.routes for (_, y0), (_, y1) in itertools.pairwise(route))


def test_height_is_not_wasted():
    """The tallest columns of the seed example have four boxes, and slots of long edges between them."""
    count, edges = graph(seed_example(Value(-4.0), Value(2.0)))
    assert layout([BOX] * count, edges).height < 400


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
