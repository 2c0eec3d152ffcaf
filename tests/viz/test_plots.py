"""The plots: what their lines, points and colours say, and that they leave nothing else changed."""

import json
import math
import subprocess
import sys
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

mpl.use("agg")
import matplotlib.pyplot as plt

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, History, Layer, Module, Neuron, fit, mse_loss
from micrograd.viz.plots import plot_decision_boundary, plot_history, plot_weights
from micrograd.viz.text import printable, shorten

NAN, INF = math.nan, math.inf
CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


@pytest.fixture
def ax():
    """Axes of no pyplot figure."""
    return Figure().subplots()


@pytest.fixture(autouse=True)
def pyplot_is_left_as_it_was():
    before = mpl.rcParams.copy()
    yield
    assert mpl.rcParams == before
    plt.close("all")


def drawn(ax):
    """Draw everything, which is where matplotlib finds what it cannot; then give the axes back."""
    FigureCanvasAgg(ax.figure.canvas.figure).draw()
    return ax


def curve(ax, label):
    """The points of the line with this label."""
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return list(zip(*line.get_data(), strict=True))


def writings(ax):
    return [text.get_text() for text in ax.texts]


# History


def test_the_losses_are_a_line_that_begins_at_epoch_1(ax):
    assert plot_history([0.5, 0.25, 0.75], ax) is ax
    assert curve(drawn(ax), "loss") == [(1, 0.5), (2, 0.25), (3, 0.75)]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert writings(ax) == ["0.75"]


@pytest.mark.parametrize(
    "history",
    [
        pytest.param((1, 2.0), id="tuple"),
        pytest.param(np.array([1.0, 2.0]), id="array"),
        pytest.param([Value(1.0), Value(2.0)], id="Values"),
        pytest.param((x for x in (1.0, 2.0)), id="generator"),
        pytest.param(History([1.0, 2.0], [0.1, 0.1]), id="History"),
        pytest.param(pd.DataFrame(History([1.0, 2.0], [0.1, 0.1])), id="History as a table"),
        pytest.param(SimpleNamespace(loss=[1.0, 2.0]), id="only a loss"),
        pytest.param(SimpleNamespace(loss=[1.0, 2.0], lr=[]), id="rates that are not known"),
        pytest.param({"loss": [1.0, 2.0]}, id="columns"),
        pytest.param({"loss": np.array([1.0, 2.0]), "lr": [0.1, 0.1]}, id="columns of arrays"),
        pytest.param(pd.DataFrame({"loss": [1.0, 2.0]}), id="pandas"),
        pytest.param(pd.DataFrame({"loss": [1.0, 2.0]}, index=["b", "a"]), id="pandas with an index"),
        pytest.param(
            pd.DataFrame({"loss": [1.0, 2.0], "lr": [0.1, 0.1], "diverged": [1.0, 1.0]}), id="like attributes"
        ),
        pytest.param(pd.Series([1.0, 2.0]), id="a column of pandas"),
        pytest.param(pl.DataFrame({"loss": [1.0, 2.0]}), id="polars"),
    ],
)
def test_what_counts_as_a_history(ax, history):
    assert curve(plot_history(history, ax), "loss") == [(1, 1.0), (2, 2.0)]


@pytest.mark.parametrize(
    ("losses", "scale"),
    [
        ([1.0, 0.1], "linear"),
        ([3.0, 0.1], "log"),
        ([1.0, 1e-200, 1e200, 1e201], "log"),
        ([1.0, 1e-201], "linear"),
        ([1.0, 0.0], "linear"),
        ([1.0, 0.01, -0.01], "linear"),
        ([1.0, NAN, 0.01], "log"),
        ([1.0, INF], "linear"),
        ([NAN], "linear"),
        ([1.0], "linear"),
    ],
)
def test_the_scale_is_logarithmic_where_the_range_asks_for_it(ax, losses, scale):
    assert drawn(plot_history(losses, ax)).get_yscale() == scale


def test_several_trainings_to_compare(ax):
    plot_history({"slow": [3.0, 2.0], "fast": History([3.0, 1.0], diverged=True), 3: [5.0]}, ax)
    assert [text.get_text() for text in drawn(ax).get_legend().get_texts()] == ["slow", "fast, diverged", "3"]
    assert curve(ax, "slow") == [(1, 3.0), (2, 2.0)]
    assert curve(ax, "fast, diverged") == [(1, 3.0), (2, 1.0)]
    assert len({ax.lines[i].get_color() for i in (0, 2, 4)}) == 3


NAMES = ["$\\frac{$", "$x$", "_hidden", "two\nlines", "null\0", "half \ud800", "<b>", "x" * 10_000, "", "100 %"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_curve_may_be_called_anything(ax, name):
    drawn(plot_history({name: [1.0, 0.5], "b": [2.0, 1.0]}, ax))
    shown = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shown == [shorten(printable(name)), "b"]


def test_curves_of_like_names_are_both_drawn(ax):
    plot_history({3: [1.0, 0.5], "3": [2.0, 1.0]}, ax)
    assert [text.get_text() for text in drawn(ax).get_legend().get_texts()] == ["3", "3"]


@pytest.mark.parametrize("name", [*filter(None, NAMES)], ids=ascii)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_layer_may_be_called_anything(ax, name):
    class Own:
        def named_parameters(self):
            return [(f"{name}.w.0", Value(2.0)), (f"{name}.b", Value(1.0))]

    plot_weights(Own(), ax)
    title = drawn(ax).get_title("left").splitlines()[0]
    assert title == shorten(printable(name))


@pytest.mark.parametrize(
    ("history", "written"),
    [
        (History([2.0, 0.5]), "0.5"),
        (History([2.0, 0.5], diverged=True), "0.5, then diverged"),
        (History([2.0, 0.5], interrupted=True), "0.5, then interrupted"),
    ],
    ids=["as planned", "diverged", "interrupted"],
)
def test_how_the_training_ended_is_written_at_the_last_loss(ax, history, written):
    plot_history(history, ax)
    assert writings(ax) == [written]
    assert ax.texts[0].xy == (2, 0.5)
    assert ax.lines[-1].get_marker() == ("X" if "then" in written else "o")


@pytest.mark.parametrize(
    ("losses", "side"),
    [
        ([1.0, 0.5, 0.6], "bottom"),
        ([1.0, 0.5, 0.8], "center"),
        ([1.0, 0.01, 0.05], "bottom"),
        ([1.0, 0.01, 0.3], "center"),
    ],
    ids=["low", "high", "low on a logarithmic scale", "high on a logarithmic scale"],
)
def test_the_last_loss_is_written_where_there_is_room(ax, losses, side):
    plot_history(losses, ax)
    assert ax.texts[0].get_verticalalignment() == side


def test_a_training_that_diverges_in_fit(ax):
    model = Neuron(1, nonlin=False)
    with pytest.warns(RuntimeWarning, match="fit stopped"):
        history = fit(model, mse_loss, SGD(model.parameters(), lr=1e3), [1.0, 2.0], [2.0, 4.0], 100, progress=False)
    assert writings(drawn(plot_history(history, ax)))[-1].endswith(", then diverged")
    assert ax.get_yscale() == "log"


def test_losses_that_are_no_numbers_are_marked(ax):
    plot_history([1.0, NAN, NAN, 0.5, -INF], ax)
    bands = [patch.get_path().transformed(patch.get_patch_transform()).vertices[:, 0] for patch in drawn(ax).patches]
    assert [(band.min(), band.max()) for band in bands] == [(1.5, 3.5), (4.5, 5.5)]
    assert writings(ax) == ["nan", "-inf", "0.5"]
    assert ax.texts[-1].xy == (4, 0.5)


def test_a_noisy_curve_has_its_average_in_front(ax):
    noise = [1.0 + 0.1 * (-1) ** i for i in range(400)]
    plot_history(noise, ax)
    behind, front = drawn(ax).lines[:2]
    assert list(behind.get_ydata()) == noise
    assert behind.get_alpha() < 1
    assert np.ptp(front.get_ydata()) < 0.02
    assert front.get_label() == "loss"


def test_the_average_is_taken_on_the_scale_that_is_drawn(ax):
    plot_history([10.0 ** (-1) ** i for i in range(400)], ax)
    assert ax.get_yscale() == "log"
    assert curve(ax, "loss")[200][1] == pytest.approx(1.0, rel=0.2)


@pytest.mark.parametrize(
    "losses",
    [
        [1.0 / i for i in range(1, 400)],
        [1.0, 0.5] * 19,
        [1.0, 0.5] * 100 + [NAN],
        [1.0, 0.01] * 100 + [NAN],
        [1.0] * 100,
    ],
    ids=["quiet", "short", "with a gap", "logarithmic with a gap", "constant"],
)
def test_other_curves_are_not_smoothed(ax, losses):
    plot_history(losses, ax)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), losses)
    assert ax.lines[0].get_label() == "loss"


def test_a_learning_rate_that_changes_has_axes_of_its_own_behind(ax):
    plot_history(History([3.0, 2.0, 1.0], [0.1, 0.1, 0.05]), ax)
    right = drawn(ax).figure.axes[-1]
    assert right is not ax
    assert list(right.lines[0].get_ydata()) == [0.1, 0.1, 0.05]
    assert right.get_ylabel() == "learning rate (dashed)"
    assert right.get_zorder() < ax.get_zorder()
    assert (right.patch.get_visible(), ax.patch.get_visible()) == (True, False)  # or its paper would hide the line


@pytest.mark.parametrize("rates", [[], [0.1, 0.1, 0.1]], ids=["unknown", "constant"])
def test_other_learning_rates_are_not_drawn(ax, rates):
    plot_history(History([3.0, 2.0, 1.0], rates), ax)
    assert ax.figure.axes == [ax]


FULL = {
    "loss": [3.0, 2.0, 1.0],
    "val_loss": [4.0, 2.0, 2.5],
    "accuracy": [0.5, 0.75, 1.0],
    "val_accuracy": [0.4, 0.6, 0.5],
}


def legend(ax):
    return [text.get_text() for text in drawn(ax).get_legend().get_texts()]


def rings(ax):
    """The points of the marks with the paper's colour inside."""
    marks = [line for line in ax.lines if line.get_marker() == "o" and line.get_markerfacecolor() != line.get_color()]
    return [tuple(map(float, (*mark.get_xdata(), *mark.get_ydata()))) for mark in marks]


def style(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line.get_color(), line.get_linestyle()


def test_validation_is_drawn_beside_training_with_its_best_epoch(ax):
    plot_history(FULL, ax)
    assert curve(drawn(ax), "val_loss") == [(1, 4.0), (2, 2.0), (3, 2.5)]
    (colour, solid), (same, dotted) = style(ax, "loss"), style(ax, "val_loss")
    assert colour == same
    assert (solid, dotted) == ("-", "--")  # all dashes are `--`
    assert legend(ax) == ["training", "validation, best at 2"]
    assert rings(ax) == [(2.0, 2.0)]
    assert writings(ax) == ["2"]
    assert ax.figure.axes == [ax]  # metrics are not drawn on axes that were given


@pytest.mark.parametrize(
    ("validation", "side"), [([3.0, 1.0, 2.0, 2.0], "left"), ([3.0, 2.0, 1.0, 2.0], "right")], ids=["early", "late"]
)
def test_the_best_number_goes_away_from_the_steep_part(ax, validation, side):
    plot_history({"loss": [3.0, 2.0, 1.0, 0.5], "val_loss": validation}, ax)
    assert [text.get_horizontalalignment() for text in ax.texts] == [side]


def test_metrics_have_panels_of_their_own():
    ax = drawn(plot_history({**FULL, "val_f1": [0.1, 0.2, 0.3], "mae": [3.0, 1.0, 2.0]}))
    assert [panel.get_ylabel() for panel in ax.figure.axes] == ["loss", "accuracy", "f1", "mae"]
    assert [panel.get_xlabel() for panel in ax.figure.axes] == ["", "", "", "epoch"]
    _, accuracy, f1, mae = ax.figure.axes
    assert curve(accuracy, "accuracy") == [(1, 0.5), (2, 0.75), (3, 1.0)]
    assert curve(accuracy, "val_accuracy") == [(1, 0.4), (2, 0.6), (3, 0.5)]
    assert rings(accuracy) == [(2.0, 0.6)]  # the epoch of the lowest loss
    assert curve(f1, "val_f1") == [(1, 0.1), (2, 0.2), (3, 0.3)]
    assert (rings(f1), rings(mae)) == ([(2.0, 0.2)], [])
    assert [writings(panel) for panel in (accuracy, f1, mae)] == [["0.6"], ["0.2"], ["2"]]
    assert [panel.get_legend() for panel in (accuracy, f1, mae)] == [None] * 3


def test_metrics_are_on_a_linear_scale():
    ax = plot_history({"loss": [1.0, 0.001], "accuracy": [0.01, 0.99]})
    assert [panel.get_yscale() for panel in drawn(ax).figure.axes] == ["log", "linear"]


def test_validation_decides_on_the_scale_too(ax):
    assert plot_history({"loss": [1.0, 0.5], "val_loss": [1.0, 0.001]}, ax).get_yscale() == "log"


@pytest.mark.parametrize("columns", [dict, pd.DataFrame], ids=["mapping", "table"])
def test_several_trainings_with_validation_and_metrics(columns):
    trainings = {"small": columns(FULL), "large": {**FULL, "loss": [2.0, 1.0, 1.0]}, "none": [5.0, 4.0]}
    ax = plot_history(trainings)
    assert legend(ax) == ["small", "large", "none", "validation"]
    assert curve(ax, "large") == [(1, 2.0), (2, 1.0), (3, 1.0)]
    assert style(ax, "small")[0] == style(ax, "small, validation")[0] != style(ax, "large")[0]
    _, accuracy = ax.figure.axes
    assert style(accuracy, "large")[0] == style(ax, "large")[0]
    assert rings(accuracy) == [(2.0, 0.6)] * 2
    assert writings(ax) == writings(accuracy) == []


def test_a_training_may_be_called_loss(ax):
    plot_history({"loss": History([1.0, 2.0]), "other": {"loss": [2.0, 3.0]}}, ax)
    assert legend(ax) == ["loss", "other"]


def test_a_table_of_trainings(ax):
    plot_history(pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}), ax)
    assert legend(ax) == ["a", "b"]


def test_how_a_validated_training_ended_is_in_the_legend(ax):
    plot_history(History([2.0, 1.0], diverged=True, val_loss=[3.0, NAN]), ax)
    assert legend(ax) == ["training, diverged", "validation, best at 1"]


def test_validation_without_a_number_has_no_best_epoch(ax):
    plot_history({"loss": [2.0, 1.0], "val_loss": [INF, NAN]}, ax)
    assert legend(ax) == ["training", "validation"]
    assert rings(ax) == []
    assert writings(ax) == ["inf", "1"]


def test_a_gap_of_both_curves_is_marked_once():
    ax = drawn(plot_history({**FULL, "loss": [3.0, INF, 1.0], "val_loss": [4.0, NAN, NAN], "f1": [INF] * 3}))
    spans = [[patch.get_path().transformed(patch.get_patch_transform()).vertices[:, 0] for patch in panel.patches]
             for panel in ax.figure.axes]  # fmt: skip
    assert [[(span.min(), span.max()) for span in panel] for panel in spans] == [[(1.5, 3.5)], [], [(0.5, 3.5)]]
    assert writings(ax) == ["inf", "4"]


def test_what_was_not_asked_for_at_first_is_no_gap():
    ax = drawn(plot_history({"loss": [4.0, 3.0, 2.0], "val_loss": [NAN, 3.0, 2.0], "f1": [NAN, NAN, 0.5]}))
    assert [list(panel.patches) for panel in ax.figure.axes] == [[], []]
    assert rings(ax) == [(3.0, 2.0)]


def test_losses_that_are_no_numbers_from_the_first_are_a_gap(ax):
    plot_history([NAN, 1.0], ax)
    assert writings(ax) == ["nan", "1"]


@pytest.mark.parametrize(
    ("columns", "side"),
    [
        ({"accuracy": [0.5, 0.9, 1.0]}, "top"),
        ({"accuracy": [0.5, 0.9, 0.4]}, "bottom"),
        ({"accuracy": [0.5, 0.9, 1.0], "val_accuracy": [0.4, 0.6, 0.6]}, "top"),
        ({"accuracy": [0.5, 0.5, 0.5], "val_accuracy": [0.4, 0.6, 0.6]}, "bottom"),
        ({"accuracy": [0.9, 0.9, 1.0], "val_accuracy": [0.6, 0.4, 0.6]}, "bottom"),
        ({"val_accuracy": [0.6, 0.7, 0.6]}, "bottom"),
    ],
    ids=["risen", "fallen", "below training", "above training", "lowest of all", "validation alone"],
)
def test_the_number_of_a_metric_is_written_where_there_is_room(columns, side):
    """Its `va` says which side of the writing is at the point."""
    ax = plot_history({"loss": FULL["loss"], "val_loss": [4.0, 2.0, 2.5], **columns})
    _, panel = ax.figure.axes
    assert [text.get_verticalalignment() for text in panel.texts] == [side]


@pytest.mark.parametrize("name", [*filter(None, NAMES)], ids=ascii)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_metric_may_be_called_anything(name):
    ax = drawn(plot_history({"loss": [1.0, 0.5], name: [1.0, 2.0]}))
    assert ax.figure.axes[1].get_ylabel() == shorten(printable(name), 20)


def test_one_epoch():
    ax = drawn(plot_history({name: numbers[:1] for name, numbers in FULL.items()}))
    assert rings(ax) == [(1.0, 4.0)]
    left, right = ax.get_xlim()
    assert [tick for tick in ax.get_xticks() if left <= tick <= right] == [1.0]


def test_the_rates_of_all_groups_are_drawn(ax):
    plot_history({"loss": [3.0, 2.0], "lr": [0.1, 0.1], "lr_1": [0.02, 0.01], "lr_2": [0.3, 0.3]}, ax)
    right = drawn(ax).figure.axes[-1]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.1, 0.1], [0.02, 0.01], [0.3, 0.3]]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(), st.floats(), st.floats()), min_size=1))
def test_any_columns_can_be_drawn(rows):
    losses, validation, metric = zip(*rows, strict=True)
    ax = drawn(plot_history({"loss": losses, "val_loss": validation, "metric": metric, "val_metric": losses}))
    assert len(curve(ax, "val_loss")) == len(rows)
    plt.close("all")


@settings(max_examples=20)
@given(st.lists(st.floats(), min_size=1) | st.lists(st.floats(min_value=0, exclude_min=True), min_size=1))
def test_any_losses_can_be_drawn(losses):
    ax = drawn(plot_history(losses, Figure().subplots()))
    assert len(curve(ax, "loss")) == len(losses)


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ([], ValueError, "at least one loss, got none$"),
        (History(), ValueError, "at least one loss, got none$"),
        (History(diverged=True), ValueError, "got none: the training diverged in its first epoch"),
        ({"a": [1.0], "b": []}, ValueError, "at least one loss, got none for 'b'"),
        ({}, ValueError, "at least one history, got an empty mapping"),
        (3.0, TypeError, "takes a History, a sequence of losses, or a mapping .* got 3.0"),
        (None, TypeError, "got None"),
        ("0.5", TypeError, "got '0.5'"),
        ([1.0, None], TypeError, r"got \[1.0, None\]"),
        ([[1.0], [2.0]], TypeError, r"got \[\[1.0\], \[2.0\]\]"),
        ({"a": "b"}, TypeError, "got 'b' as 'loss' for 'a'"),
        ({"loss": [1.0], "note": ["good"]}, TypeError, r"got \['good'\] as 'note': "),
        ({"loss": 1.0}, TypeError, "got 1.0 as 'loss': "),
        (
            {"loss": [1.0, 2.0], "val_loss": [1.0]},
            ValueError,
            "the same length, .* got 2 as 'loss' and 1 as 'val_loss'$",
        ),
        ({"loss": [1.0], "val_loss": []}, ValueError, "got 1 as 'loss' and 0 as 'val_loss'$"),
        ({"loss": [1.0], "lr": [0.1] * 2}, ValueError, "got 1 as 'loss' and 2 as 'lr'$"),
        ({"loss": [], "accuracy": [1.0]}, ValueError, "at least one loss, got none$"),
        ({"a": [1.0], "b": {"loss": [1.0], "f1": []}}, ValueError, "got 1 as 'loss' and 0 as 'f1' for 'b'"),
        ({"a": [1.0], "b": {"accuracy": [1.0]}}, ValueError, "at least one loss, got none for 'b'"),
        (pd.DataFrame({"loss": [1.0], "note": ["good"]}), TypeError, "as 'note'"),
        (pd.DataFrame(), ValueError, "at least one history"),
        (SimpleNamespace(loss=[1.0], lr=["x"]), TypeError, "real numbers .* got 'x'"),
    ],
    ids=str,
)
def test_what_is_no_history_is_named(history, error, message):
    with pytest.raises(error, match=message):
        plot_history(history)
    assert plt.get_fignums() == []


# Decision boundary


def lines(ax):
    """The contours: their levels, and the points on them."""
    contours = [artist for artist in ax.collections if isinstance(artist, ContourSet)]
    return [(list(c.levels), np.concatenate([path.vertices for path in c.get_paths()])) for c in contours]


def scatters(ax):
    return {artist.get_label(): artist for artist in ax.collections if type(artist) is PathCollection}


def picture(ax):
    """Red, green, blue and opacity of each point, from bottom to top."""
    (image,) = ax.images
    colours = image.get_array()
    assert not np.ma.is_masked(colours)
    return colours


def pixel(ax, x0, x1):
    """The colour that is seen at a point."""
    column, row = drawn(ax).transData.transform((x0, x1)).round().astype(int)
    return np.asarray(ax.figure.canvas.buffer_rgba())[-row, column]


def test_the_boundary_is_where_the_score_is_zero_and_the_margins_where_it_is_one(ax):
    assert plot_decision_boundary(lambda x: 4 * x[0] + x[1] - 2, CORNERS, [-1, -1, 1, 1], ax) is ax
    (level, boundary), (margins, dotted) = lines(drawn(ax))
    assert (level, margins) == ([0], [-1, 1])
    np.testing.assert_allclose(4 * boundary[:, 0] + boundary[:, 1], 2)
    np.testing.assert_allclose(abs(4 * dotted[:, 0] + dotted[:, 1] - 2), 1)


def test_the_samples_of_each_class(ax):
    plot_decision_boundary(lambda x: x[0] - 0.5, CORNERS, [-1, -1, 1, 1], ax)
    found = scatters(ax)
    assert list(found) == ["-1", "1"]
    assert found["-1"].get_offsets().tolist() == [[0.0, 0.0], [0.0, 1.0]]
    assert found["1"].get_offsets().tolist() == [[1.0, 0.0], [1.0, 1.0]]


def is_blue(colour):
    red, _, blue = colour[:3]
    return blue > red


def test_positive_is_blue_and_negative_orange_in_samples_and_plane(ax):
    plot_decision_boundary(lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1], ax)
    left, right = picture(ax)[30, 0], picture(ax)[30, -1]
    assert (is_blue(left), is_blue(right)) == (False, True)
    colours = {label: is_blue(scatter.get_facecolor()[0]) for label, scatter in scatters(ax).items()}
    assert colours == {"0": False, "1": True}


def test_the_plane_is_the_right_way_up(ax):
    plot_decision_boundary(lambda x: x[1] - 0.5, CORNERS, [0, 1, 0, 1], ax)
    assert (is_blue(pixel(ax, 0.5, 0.1)), is_blue(pixel(ax, 0.5, 0.9))) == (False, True)


def test_there_is_room_around_the_samples_and_pixels_reach_half_a_step_beyond(ax):
    plot_decision_boundary(lambda x: x[0], [[0.0, 0.0], [10.0, 100.0]], [0, 1], ax, resolution=63)
    assert (ax.get_xlim(), ax.get_ylim()) == (pytest.approx((-1.2, 11.2)), pytest.approx((-12.0, 112.0)))
    assert ax.images[0].get_extent() == pytest.approx((-1.3, 11.3, -13.0, 113.0))


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_samples_stand_out_from_the_plane_of_their_colour(style):
    with plt.style.context(style):
        ax = plot_decision_boundary(lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1])
    paper = np.array(ax.get_facecolor()[:3])
    for column, scatter in zip((0, -1), scatters(ax).values(), strict=True):
        *colour, opacity = picture(ax)[30, column]
        assert contrast(scatter.get_facecolor()[0][:3], paper + opacity * (colour - paper)) > 1.8


def test_the_plane_is_pale_where_classes_are_level(ax):
    plot_decision_boundary(lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1], ax, resolution=61)
    opacity = picture(ax)[30, :, 3]
    assert opacity[30] == pytest.approx(0, abs=1e-9)
    assert (np.diff(opacity[30:]) >= 0).all()
    assert 0.3 < opacity[-1] < 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda score: score,
        lambda score: score.data,
        lambda score: np.float32(score.data),
        lambda score: [score],
        lambda score: (score.data,),
        lambda score: np.array([score.data]),
    ],
    ids=["Value", "float", "NumPy scalar", "list", "tuple", "array"],
)
def test_what_predict_may_return(ax, answer):
    plot_decision_boundary(lambda x: answer(x[0] + 0.0), CORNERS, [-1, 1, -1, 1], ax)
    np.testing.assert_allclose(lines(ax)[0][1][:, 0], 0, atol=1e-9)


def test_predict_gets_two_values_as_in_fit(ax):
    plot_decision_boundary(lambda x: x[0].tanh() * x[1].exp(), CORNERS, [-1, 1, -1, 1], ax)
    np.testing.assert_allclose(lines(ax)[0][1][:, 0], 0, atol=1e-4)


def test_a_probability_has_its_threshold(ax):
    plot_decision_boundary(lambda x: (x[0] - 0.25).sigmoid(), CORNERS, [0, 0, 1, 1], ax, threshold=0.5)
    ((_, boundary),) = lines(drawn(ax))  # and no margins, which are out of reach
    np.testing.assert_allclose(boundary[:, 0], 0.25, atol=1e-4)


def test_several_classes_are_regions_of_the_highest_score(ax):
    plot_decision_boundary(lambda x: [0.5 - x[0], x[0] - 0.5, 0.25], CORNERS, [0, 0, 1, 2], ax)
    colours = {tuple(colour) for colour in picture(drawn(ax))[..., :3].reshape(-1, 3)}
    assert len(colours) == 3
    for levels, boundary in lines(ax):
        assert levels == [0]
        np.testing.assert_allclose(abs(boundary[:, 0] - 0.5), 0.25)
    shapes = {tuple(map(tuple, scatter.get_paths()[0].vertices)) for scatter in scatters(ax).values()}
    assert len(shapes) == 3


def test_two_scores_are_two_classes(ax):
    plot_decision_boundary(lambda x: [x[0], 0.5], CORNERS, [0, 1, 0, 1], ax)
    ((levels, boundary),) = lines(ax)
    assert levels == [0]
    np.testing.assert_allclose(boundary[:, 0], 0.5)


class Counted:
    """A compiled function that counts its calls."""

    def __init__(self, f):
        self.compiled, self.shapes = jit(f), []
        self.backward = self.compiled.backward

    def __call__(self, X):
        self.shapes.append(np.shape(X))
        return self.compiled(X)


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_compiled_function_is_called_once_with_all_samples(ax, outputs):
    model = MLP(2, [4, outputs])
    labels = [0, 1, 1, 0]
    predict = Counted(model)
    plot_decision_boundary(predict, CORNERS, labels, ax)
    assert predict.shapes == [(240 * 240, 2)]
    one_by_one = plot_decision_boundary(model, CORNERS, labels, Figure().subplots(), resolution=20)
    compiled = plot_decision_boundary(jit(model), CORNERS, labels, Figure().subplots(), resolution=20)
    np.testing.assert_allclose(picture(compiled), picture(one_by_one))


def test_batch_says_how_to_call(ax):
    shapes = []

    def predict(X):
        shapes.append(np.shape(X))
        return np.asarray(X, dtype=float)[..., 0]

    plot_decision_boundary(predict, CORNERS, [0, 0, 1, 1], ax, batch=True, resolution=5)
    assert shapes == [(25, 2)]
    shapes.clear()
    plot_decision_boundary(predict, CORNERS, [0, 0, 1, 1], ax, resolution=5)
    assert shapes == [(2,)] * 25


@pytest.mark.parametrize(
    "score",
    [
        lambda x: Value(1.0),
        lambda x: Value(0.0),
        lambda x: x[0] / x[0],
        lambda x: (x[0] - 0.5).log(),
        lambda x: x[0] * INF,
        lambda x: [x[0] * INF, x[1] * INF, -INF],
        lambda x: [x[0].log(), x[1], 1.0],
        lambda x: x[0] > 0.5,
        lambda x: (x[0] - 0.5) * 1e-320,
        lambda x: (x[0] - 0.5) * 1e308,
    ],
    ids=["one class", "level", "nan at 0", "half nan", "inf", "infs", "nan of one class", "bool", "tiny", "huge"],
)
def test_odd_scores_can_be_drawn(ax, score):
    drawn(plot_decision_boundary(score, CORNERS, [0, 0, 1, 1], ax, resolution=21))
    assert np.isfinite(picture(ax)).all()


@pytest.mark.parametrize(
    "X",
    [[[1.0, 2.0]], [[1.0, 2.0], [1.0, 3.0]], [[1e20, 0.0], [1e20, 1e-20]], [[1.0, 0.0], [1.0 + 1e-14, 0.0]]],
    ids=["one sample", "a vertical line", "huge and tiny", "nearly the same"],
)
def test_samples_that_span_nothing_have_room_around_them(ax, X):
    plot_decision_boundary(lambda x: x[0], X, [1] * len(X), ax, resolution=5)
    (left, right), (bottom, top) = drawn(ax).get_xlim(), ax.get_ylim()
    assert right - left > 0.1 * abs(left)
    assert all(left < x0 < right and bottom < x1 < top for x0, x1 in X)


GOOD = {"predict": lambda x: x[0], "X": CORNERS, "y": [0, 0, 1, 1]}


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"predict": None}, TypeError, "needs a function that predicts, got None"),
        ({"X": [1.0, 2.0]}, ValueError, r"X of shape \(n, 2\), got \(2,\)"),
        ({"X": [[1.0, 2.0, 3.0]]}, ValueError, r"X of shape \(n, 2\), got \(1, 3\)"),
        ({"X": []}, ValueError, r"X of shape \(n, 2\), got \(0,\)"),
        ({"X": np.empty((0, 2)), "y": []}, ValueError, r"X of shape \(n, 2\), got \(0, 2\)"),
        ({"X": [[1.0, 2.0], [3.0]]}, TypeError, r"X must be numbers, got \[\[1.0, 2.0\], \[3.0\]\]"),
        ({"X": "points"}, TypeError, "X must be numbers, got 'points'"),
        ({"X": [*CORNERS[:3], [0.0, NAN]]}, ValueError, r"finite samples, got \[0.0, nan\] in row 3"),
        ({"y": [0, 1]}, ValueError, r"a class for each of 4 samples, got a y of shape \(2,\)"),
        ({"y": [[0], [0], [1], [1]]}, ValueError, r"got a y of shape \(4, 1\)"),
        ({"y": None}, TypeError, "y must be numbers, got None"),
        ({"y": list("abab")}, TypeError, "y must be numbers, got"),
        ({"y": [1, 2, 1, 2]}, ValueError, r"one score, so the classes in y must be .* got \[1.0, 2.0\]"),
        ({"y": [-1, 0, 1, 1]}, ValueError, r"got \[-1.0, 0.0, 1.0\]; for more classes it must return a score for each"),
        ({"predict": lambda x: [x[0], 1.0], "y": [-1, 1, 1, 1]}, ValueError, r"2 scores, .* 0 to 1, got \[-1.0, 1.0\]"),
        ({"predict": lambda x: [x[0], 1.0], "y": [0, 2, 1, 1]}, ValueError, r"0 to 1, got \[0.0, 1.0, 2.0\]"),
        ({"predict": lambda x: [x[0], 1.0], "y": [0, 0.5, 1, 1]}, ValueError, r"0 to 1, got \[0.0, 0.5, 1.0\]"),
        (
            {"predict": lambda x: None},
            TypeError,
            r"what predict returns for \[-0.12, -0.12\] must be numbers, got None",
        ),
        ({"predict": lambda x: "3"}, TypeError, "must be numbers, got '3'"),
        ({"predict": lambda x: 1j}, TypeError, "must be numbers, got 1j"),
        ({"predict": lambda x: []}, ValueError, r"one score for a sample, .* it returned shape \(0,\)"),
        ({"predict": lambda x: [[1.0]]}, ValueError, r"it returned shape \(1, 1\)"),
        ({"predict": lambda x: [1.0] * (1 + (x[0] > 0))}, ValueError, r"it returned shape \(2,\)"),
        ({"predict": lambda x: NAN}, ValueError, "returned nan for every sample; has the training diverged"),
        ({"predict": lambda x: [NAN, 1.0]}, ValueError, "returned nan for every sample"),
        ({"predict": lambda X: X[0], "batch": True}, ValueError, r"return one of shape \(57600,\) or .* got \(2,\)"),
        ({"predict": lambda X: 1.0, "batch": True, "resolution": 2}, ValueError, r"got \(\); pass batch=False"),
        ({"predict": lambda X: None, "batch": True}, TypeError, "what predict returns must be numbers, got None"),
        ({"predict": lambda X: X[:, :0], "batch": True}, ValueError, r"classes\), got \(57600, 0\)"),
        ({"resolution": 1}, ValueError, "a resolution of at least 2, got 1"),
    ],
    ids=lambda value: None if not isinstance(value, dict) else ",".join(value),
)
def test_bad_arguments_of_the_boundary_are_named(change, error, message):
    with pytest.raises(error, match=message):
        plot_decision_boundary(**{**GOOD, **change})
    assert plt.get_fignums() == []


def test_an_error_of_predict_itself_comes_through():
    with pytest.raises(ValueError, match="takes 3 inputs, got 2"):
        plot_decision_boundary(MLP(3, [1]), CORNERS, [0, 0, 1, 1])
    assert plt.get_fignums() == []


# Weights


def numbers(ax):
    """The weights and the biases that are drawn, as the masked arrays that they are."""
    w, *b = [mesh.get_array() for mesh in ax.collections]
    return w, b


def test_a_row_for_each_neuron_and_the_biases_apart():
    model = MLP(2, [3, 1])
    model.layers[0].neurons[1].b.data = 5.0
    first, second = plot_weights(model)
    for ax, layer in zip((first, second), model.layers, strict=True):
        w, (b,) = numbers(drawn(ax))
        assert w.tolist() == [[weight.data for weight in neuron.w] for neuron in layer.neurons]
        assert b.tolist() == [[neuron.b.data] for neuron in layer.neurons]
    assert first.get_title("left") == "layers.0\n2 → 3"
    assert second.get_title("left") == "layers.1\n3 → 1"
    assert first.yaxis_inverted()


def test_colours_mean_the_same_in_all_layers():
    model = MLP(2, [3, 1])
    model.layers[1].neurons[0].w[2].data = -7.0
    for ax in plot_weights(model):
        assert {(mesh.norm.vmin, mesh.norm.vmax) for mesh in ax.collections} == {(-7.0, 7.0)}
        cmap = ax.collections[0].get_cmap()
        assert not is_blue(cmap(0.0))
        assert is_blue(cmap(1.0))


def test_cells_of_all_layers_have_the_same_size():
    axes = plot_weights(MLP(2, [16, 9, 1]))
    drawn(axes[0])
    sizes = [np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0).ravel() for ax in axes]
    np.testing.assert_allclose(np.abs(sizes), abs(sizes[0][0]))
    tops = [ax.transData.transform((0, 0))[1] for ax in axes]
    assert tops == pytest.approx([tops[0]] * 3)
    assert [ax.get_ylim() for ax in axes] == [(16, 0)] * 3


class Branches(Module):
    def __init__(self):
        self.scale = Value(1.0)
        self.b = Value(1.0)
        self.left = Layer(2, 2)
        self.heads = {"out": Neuron(3)}


@pytest.mark.parametrize(
    ("model", "titles"),
    [
        (Neuron(4), ["Neuron\n4 → 1"]),
        (Layer(3, 2), ["Layer\n3 → 2"]),
        (MLP(1, [2, 2, 1]), ["layers.0\n1 → 2", "layers.1\n2 → 2", "layers.2\n2 → 1"]),
        (Branches(), ["left\n2 → 2", "heads.out\n3 → 1"]),
    ],
    ids=["Neuron", "Layer", "MLP", "of one's own"],
)
def test_what_has_weights(model, titles):
    assert [drawn(ax).get_title("left") for ax in plot_weights(model)] == titles


def test_inputs_that_are_pixels_show_pictures():
    model = MLP(6, [3, 2])
    first, second = plot_weights(model, shape=(2, 3))
    w, b = numbers(drawn(first))
    assert b == []
    assert w.shape == (2, 3 * 4 - 1)
    for i, neuron in enumerate(model.layers[0].neurons):
        picture = w[:, 4 * i : 4 * i + 3]
        assert picture.ravel().tolist() == [weight.data for weight in neuron.w]
    assert w[:, [3, 7]].mask.all()
    assert numbers(second)[0].shape == (2, 3)


def test_weights_that_are_no_numbers_are_red_and_leave_the_scale_alone(ax):
    layer = Layer(2, 2)
    for neuron, wrong in zip(layer.neurons, (NAN, -INF), strict=True):
        neuron.w[0].data, neuron.w[1].data = wrong, 0.5
    plot_weights(layer, ax)
    mesh = drawn(ax).collections[0]
    assert mesh.norm.vmax == 0.5
    colours = mesh.to_rgba(mesh.get_array()).reshape(2, 2, 4)
    assert (colours[:, 0] == (*to_rgb("#dc2626"), 1)).all()
    assert is_blue(colours[0, 1])


@pytest.mark.parametrize("weight", [0.0, 1e-320, -1.7e308, INF])
def test_any_weight_can_be_drawn(ax, weight):
    neuron = Neuron(1)
    neuron.w[0].data = weight
    assert drawn(plot_weights(neuron, ax)[0]) is ax
    assert ax.collections[0].norm.vmin < 0 < ax.collections[0].norm.vmax


def test_weights_in_axes_that_are_given():
    axes = Figure().subplots(2, 1)
    assert plot_weights(MLP(2, [2, 1]), axes) == list(axes)
    assert axes[0].figure.axes == list(axes)  # nothing added


@pytest.mark.parametrize(
    ("model", "arguments", "error", "message"),
    [
        (MLP(2, [1]).parameters(), {}, TypeError, r"a model with named_parameters\(\), got \[Value"),
        (None, {}, TypeError, "got None"),
        (SimpleNamespace(named_parameters=dict), {}, ValueError, r"there are none in SimpleNamespace: \[\]"),
        (
            SimpleNamespace(named_parameters=lambda: [("slope", Value(1.0)), ("b", Value(1.0))]),
            {},
            ValueError,
            r"there are none in SimpleNamespace: \['slope', 'b'\]",
        ),
        (
            SimpleNamespace(
                named_parameters=lambda: [(f"neurons.{i}.w.{j}", Value(1.0)) for i, j in ("00", "01", "10")]
            ),
            {},
            ValueError,
            r"the neurons of SimpleNamespace differ, they have \[2, 1\] weights",
        ),
        (MLP(2, [2, 1]), {"axes": [None]}, ValueError, "axes for each of 2 layers, got 1"),
        (Neuron(64), {"shape": (8, 9)}, ValueError, r"picture of 64 pixels, .* got \(8, 9\)"),
        (Neuron(64), {"shape": (64,)}, ValueError, r"picture of 64 pixels, .* got \(64,\)"),
        (Neuron(64), {"shape": (-8, -8)}, ValueError, r"picture of 64 pixels, .* got \(-8, -8\)"),
    ],
    ids=["a list", "None", "nothing", "no neurons", "ragged", "one of two axes", "8 x 9", "64", "negative"],
)
def test_bad_arguments_of_the_weights_are_named(model, arguments, error, message):
    with pytest.raises(error, match=message):
        plot_weights(model, **arguments)
    assert plt.get_fignums() == []


# All of them

PLOTS = {
    "plot_history of columns": lambda ax: plot_history({**FULL, "lr": [0.3, 0.2, 0.1]}, ax),
    "plot_history": lambda ax: plot_history(History([9.0, 1.0, 0.1, NAN], [0.4, 0.3, 0.2, 0.1], diverged=True), ax),
    "plot_decision_boundary": lambda ax: plot_decision_boundary(**GOOD, ax=ax),
    "plot_weights": lambda ax: plot_weights(Neuron(2), ax)[0],
}


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_axes_that_are_given_need_no_pyplot(plot):
    figure = Figure()
    left, right = figure.subfigures(1, 2)
    ax = right.subplots()
    assert plot(ax) is ax
    drawn(ax)
    assert left.axes == []
    assert plt.get_fignums() == []


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_without_axes_a_figure_of_pyplot_is_made(plot):
    other = plt.figure()
    ax = plot(None)
    assert plt.figure(plt.get_fignums()[-1]) is ax.figure is not other
    assert other.axes == []


def contrast(colour, other):
    """As WCAG 2 defines it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(rgb):
        return np.dot(
            [0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        )

    dark, light = sorted(luminance(to_rgb(c)) for c in (colour, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_what_is_written_can_be_read_on_light_and_on_dark_paper(plot, style):
    with plt.style.context(style):
        figure = drawn(plot(None)).figure
        paper = figure.get_facecolor()
    for ax in figure.axes:
        written = [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts, ax.xaxis.label, ax.yaxis.label, ax.title]
        for text in written:
            assert contrast(text.get_color(), paper) >= 4.5, text.get_text()
        for line in ax.lines:
            assert contrast(line.get_color(), paper) >= 3


# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009
MACHADO = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("matrix", MACHADO.values(), ids=MACHADO)
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_two_classes_differ_for_colour_blind_people(matrix, style):
    with plt.style.context(style):
        ax = plot_decision_boundary(**GOOD)
    seen = [np.dot(matrix, scatter.get_facecolor()[0][:3]) for scatter in scatters(ax).values()]
    assert np.linalg.norm(seen[0] - seen[1]) > 0.35


WITHOUT = """
import json, sys
sys.modules["matplotlib"] = sys.modules["numpy"] = None  # what Python itself does to make an import fail
from micrograd.viz.plots import plot_decision_boundary, plot_history, plot_weights
from micrograd.viz.text import printable, shorten
messages = []
for plot, arguments in ((plot_history, ([1.0],)), (plot_decision_boundary, (len, [], [])), (plot_weights, (None,))):
    try:
        plot(*arguments)
    except ImportError as error:
        messages.append(str(error))
print(json.dumps(messages))
"""


def test_without_matplotlib_the_command_to_install_it_is_named():
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        f"{name} needs matplotlib, and {missing} is missing: pip install matplotlib"
        for name, missing in (
            ("plot_history", "matplotlib"),
            ("plot_decision_boundary", "numpy"),
            ("plot_weights", "matplotlib"),
        )
    ]


def test_matplotlib_is_imported_when_a_plot_is_made():
    program = (
        "import sys; from micrograd.viz.plots import plot_history; print({'matplotlib', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
