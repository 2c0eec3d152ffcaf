"""The playground's plots: pictures with matplotlib's limits, ticks, colours and words; what is missing is named."""

import math
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib import pyplot as theirs
from matplotlib import ticker

import plots
from micrograd.engine import Value
from plots import module, ours

colors, contours, levels, own_ticker = map(module, ("colors", "contours", "levels", "ticker"))

NAN = math.nan
SINE = [math.sin(i / 10) for i in range(100)]
GRID = [i / 4 for i in range(9)]
HEIGHTS = [[x * x - y for x in GRID] for y in GRID]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No figure is left for the next test."""
    yield
    ours.open_figures.clear()
    theirs.close("all")


def picture() -> ElementTree.Element:
    """The figure that is drawn on, read as XML."""
    return ElementTree.fromstring(ours.gcf().svg)


def written(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


PROGRAMS: list[Callable[[Any], Any]] = [
    lambda plt: plt.plot(SINE),
    lambda plt: plt.plot([1, 2, NAN, 4], [math.inf, 3, 2, 1], "ro--", label="with a gap") and plt.legend(),
    lambda plt: plt.plot(range(3), [Value(2.0), Value(3.0), 1.0], lw=2, ls=":", c="tab:green"),
    lambda plt: plt.plot([0, 1], [0, 1], "C3^"),
    lambda plt: plt.plot(3, 4, "ko"),
    lambda plt: (plt.plot([1, 2, 3], [1e-9, 1e-3, 1e4]), plt.yscale("log")),
    lambda plt: (plt.plot([1, 10, 1000], [0.5, 0.1, 0.0001], "s-"), plt.xscale("log"), plt.yscale("log")),
    lambda plt: (plt.plot([2, 3], [2, 3]), plt.yscale("log")),
    lambda plt: (plt.plot([1, 3], [4, 5]), plt.scatter([1, 2], [1, 2], s=200, c="g", marker="s", alpha=0.5)),
    lambda plt: plt.bar([1, 2], [0.25, 0.75], color="C1", label="how often") and plt.legend(),
    lambda plt: plt.contourf(GRID, GRID, HEIGHTS, cmap="PuOr", levels=[-2, -1, 0, 1], extend="both") and plt.colorbar(),
    lambda plt: plt.contourf(GRID, GRID, HEIGHTS) and plt.colorbar(label="height"),
    lambda plt: plt.contour(GRID, GRID, HEIGHTS, 5),
    lambda plt: (plt.plot([3, 1]), plt.axhline(0, color="gray", ls="--"), plt.axvline(2), plt.grid(True)),
    lambda plt: (plt.plot([5, 0]), plt.ylim(-1, 7), plt.xlim(right=2), plt.xlabel("x"), plt.title("ends that are set")),
    lambda plt: (plt.plot([0, 3], [0, 1]), plt.ylim((2, -2))),
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_plot_has_the_limits_ticks_and_names_that_matplotlib_gives_it(program: Callable[[Any], Any]) -> None:
    both = plots.Both()
    program(both)
    both.show()
    assert both.shown == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda plt: plt.hist([1]), "plt.hist is not in the playground, which draws plot, scatter, "),
        (lambda plt: plt.savefig("a.png"), "plt.savefig"),
        (lambda plt: plt.rcParams, "plt.rcParams"),
        (lambda plt: plt.gca().quiver(1, 2), "Axes.quiver"),
        (lambda plt: plt.figure().add_axes([0, 0, 1, 1]), "Figure.add_axes"),
        (lambda plt: plt.plot([1], drawstyle="steps"), "keyword 'drawstyle' of plot and scatter is not .* color, "),
        (lambda plt: plt.plot([0, 1], [0, 1], "k", [0, 1], [1, 0]), "plot with anything but y, or x and y"),
        (lambda plt: plt.plot([[1, 2], [3, 4]]), "anything but numbers"),
        (lambda plt: plt.bar(["cat", "dog"], [1, 2]), "anything but numbers"),
        (lambda plt: plt.scatter([1, 2], [1, 2], c=[0.1, 0.9]), "a size or a colour for each point"),
        (lambda plt: plt.scatter([1], [1], markersize=3), "multiple values for keyword argument 'markersize'"),
        (lambda plt: plt.scatter([1], [1], cmap="Blues"), "keyword 'cmap' of plot and scatter"),
        (lambda plt: plt.subplots(2, gridspec_kw={}), "keyword 'gridspec_kw' of subplots"),
        (lambda plt: plt.grid(axis="x"), "keyword 'axis' of a line"),
        (lambda plt: plt.contour(GRID, GRID, HEIGHTS, extend="min"), "keyword 'extend' of a line"),
        (lambda plt: plt.subplots(1, 2), "subplots beside each other"),
        (lambda plt: plt.yscale("symlog"), "the scale 'symlog'"),
        (lambda plt: plt.gca().annotate("here", (1, 2), textcoords="data"), "textcoords='data'"),
        (lambda plt: plt.contourf(GRID, GRID, HEIGHTS, cmap="bwr"), "'bwr' is none of the colour maps"),
        (lambda plt: plt.plot([1], "1"), "format"),
        (lambda plt: plt.plot([1], marker="8"), "'8' is none of the markers"),
        (lambda plt: plt.plot([1], linestyle="wavy"), "'wavy' is no style"),
        (lambda plt: plt.plot([1], color="greenish"), "'greenish' is none of the colours"),
        (lambda plt: plt.plot([1, 2], [1, 2, 3]), "the same length, got 2 and 3"),
        (lambda plt: plt.contourf([1, 2], [1, 2], [[1, 2, 3]]), "a row of z for each of 2 y"),
        (lambda plt: plt.contourf(GRID, GRID, HEIGHTS, levels=[1, 0]), "levels must increase"),
        (lambda plt: plt.legend(["a"]), "legend with names alone"),
        (lambda plt: plt.legend(loc="center"), "loc is one of best, upper right"),
        (lambda plt: plt.xticks(rotation=45), "plt.xticks is not in the playground"),
        (lambda plt: plt.show(block=False), "keyword 'block' of show is not in the playground, where it takes nothing"),
        (lambda plt: plt.figure(1), "figure with 1, an argument more than it takes here, is not in the playground"),
        (lambda plt: plt.yscale("log", base=2), "keyword 'base' of set_yscale"),
        (lambda plt: plt.axhline(1, 0, 1), "axhline with 0, an argument more"),
        (lambda plt: plt.plot([1])[0].set_color("r"), "Line2D.set_color is not in the playground"),
        (lambda plt: plt.gca().xaxis.tick_top(), "Axis.tick_top"),
        (lambda plt: plt.gca().spines[:].set_linewidth(2), "Spines.set_linewidth"),
        (lambda plt: plt.legend().set_title("a"), "Legend.set_title"),
        (lambda plt: plt.colorbar(), "a colour bar in the playground is that of contourf"),
    ],
)
def test_what_it_does_not_do_is_refused_by_name(call: Callable[[Any], Any], message: str) -> None:
    with pytest.raises((AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError), match=message):
        call(ours)


@pytest.mark.parametrize("program", ["plt.errorbar", "plt.gca().plit"])
def test_python_adds_no_proposal_to_a_refusal(program: str) -> None:
    code = f"import matplotlib.pyplot as plt\n{program}"
    paths = os.environ | {"PYTHONPATH": os.pathsep.join([str(plots.ROOM.parent), *sys.path])}
    ran = subprocess.run([sys.executable, "-c", code], env=paths, capture_output=True, text=True, check=False)
    assert "Did you mean" not in ran.stderr


FORMULAS = {
    "$x^2$": "x²",
    "a $x_1^2 - y_{10}$ and $e^{-x}$": "a x₁² − y₁₀ and e⁻ˣ",
    r"$\alpha\beta$, $\lambda \cdot \Delta x$": "αβ, λ · Δx",
    r"$\frac{\partial L}{\partial w_{10}}$": "∂L/∂w₁₀",
    r"$\mathrm{loss}$ of \$5": "loss of $5",
    "$5": "$5",
    "5 $ and 6 $ and 7 $": "5 $ and 6 $ and 7 $",
    r"$\hat y^Q$": r"\hat y^Q",
}


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_written_in_letters(text: str) -> None:
    ours.plot([1, 2], label=text)
    for name in (ours.title, ours.xlabel, ours.ylabel):
        name(text)
    ours.legend()
    ours.gca().annotate(text, (1, 1))
    assert [words for words in written(picture()) if not words.replace(".", "").isdigit()] == 5 * [FORMULAS[text]]


def test_figures_are_shown_as_python_shows_values_and_then_they_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(sys, "displayhook", shown.append)
    ours.plot([1, 2])
    ours.figure()
    ours.title("second")
    ours.figure()  # nothing is drawn on it
    ours.show()
    ours.show()
    assert ["second" in written(ElementTree.fromstring(figure._repr_svg_())) for figure in shown] == [False, True]


def test_words_are_written_as_they_are() -> None:
    ours.plot([1, 2], label='a < b & "c"')
    ours.title("<script>\x00</script>")
    ours.legend()
    svg = picture()
    assert {'a < b & "c"', "<script>�</script>"} <= set(written(svg))
    assert svg.get("aria-label") == 'Plot: <script>�</script>, a < b & "c"'


def test_a_legend_is_where_it_covers_the_least() -> None:
    for low, high in ((0, 1), (1, 0)):
        _, axes = ours.subplots()
        axes.plot([0, 1], [low, high], label="line")
        axes.legend()
        frame = module("artists").Frame(axes.range_x.view(), axes.range_y.view(), 300, 200)
        left, top = axes.key.corner(frame, axes.artists, 60, 30)
        assert top < 30
        assert (left < 30) == (low < high)


def test_plots_of_a_figure_do_not_cover_each_other() -> None:
    figure, panels = ours.subplots(3, figsize=(8, 6), sharex=True, height_ratios=[2, 1, 1])
    for axes in panels:
        axes.plot([1, 2], [10000, 20000])
        axes.set(xlabel="x", ylabel="y", title="t")
    boxes = figure.frames(576, 432)
    assert all(wide > 400 and high > 40 for _, _, wide, high in boxes)
    assert boxes[0][3] == pytest.approx(2 * boxes[1][3])
    for (_, top, _, high), (_, next_top, _, _) in pairwise(boxes):
        assert next_top > top + high + 20
    ElementTree.fromstring(figure.svg)


numbers = st.floats(-1e12, 1e12)
ENDS = (
    st.tuples(numbers, numbers)
    .map(sorted)
    .filter(lambda ends: ends[1] - ends[0] > max(1e-200, 1e-6 * abs(ends[0]), 1e-6 * abs(ends[1])))
)


@given(ENDS, st.integers(1, 12))
def test_ticks_are_where_matplotlib_has_them(ends: list[float], room: int) -> None:
    low, high = ends
    locator = ticker.MaxNLocator(min(max(room, 1), 9), steps=[1, 2, 2.5, 5, 10])
    slack = 1e-9 * (high - low)
    expected = [tick for tick in locator.tick_values(low, high) if low - slack <= tick <= high + slack]
    assert own_ticker.AUTO.ticks(low, high, room) == pytest.approx(expected, rel=1e-9, abs=1e-8 * (high - low))


@given(ENDS)
def test_numbers_at_ticks_tell_what_they_are(ends: list[float]) -> None:
    ticks = own_ticker.AUTO.ticks(*ends)
    words = own_ticker.labels(ticks)
    read = [float(word.replace("−", "-")) for word in words]
    assert read == pytest.approx(ticks, rel=1e-6, abs=2e-3 * (ends[1] - ends[0]))
    assert len(set(words)) == len(words)


exponents = st.floats(-200, 200).filter(lambda power: abs(power - round(power)) > 1e-6)


@given(exponents, exponents.map(lambda power: abs(power) % 9))
def test_powers_of_ten_are_where_matplotlib_has_them(low: float, decades: float) -> None:
    assume(abs(low + decades - round(low + decades)) > 1e-6)
    low, high = 10.0**low, 10.0 ** (low + decades)
    expected = [tick for tick in ticker.LogLocator().tick_values(low, high) if low <= tick <= high]
    assert own_ticker.LogLocator().ticks(low, high, 9) == pytest.approx(expected)


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[float], list[float], list[list[float]]]:
    wide, high = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    height = st.integers(-4, 4).map(float)
    rows = draw(st.lists(st.lists(height, min_size=wide, max_size=wide), min_size=high, max_size=high))
    return [float(i) for i in range(wide)], [float(i) for i in range(high)], rows


def area(outlines: list[list[tuple[float, float]]]) -> float:
    """By Gauss's formula."""
    return sum(
        (x0 * y1 - x1 * y0) / 2
        for outline in outlines
        for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], *outline[:1]], strict=True)
    )


@given(grids(), st.lists(st.integers(-9, 9), min_size=1, max_size=4, unique=True).map(sorted))
def test_the_areas_between_levels_fill_the_plane_once(grid: Any, at: list[int]) -> None:
    x, y, z = grid
    cells = list(contours.cells(x, y, z))
    ends = [-math.inf, *(level / 2 for level in at), math.inf]
    areas = [area(contours.band(cells, low, high)) for low, high in pairwise(ends)]
    assert sum(areas) == pytest.approx(x[-1] * y[-1])
    assert min(areas) > -1e-9


@given(grids(), st.sampled_from([-1.5, 0.5, 2.5]))
def test_level_lines_go_on_in_the_next_cell_or_end_at_the_border(grid: Any, level: float) -> None:
    x, y, z = grid
    ends = [end for line in contours.line(list(contours.cells(x, y, z)), level) for end in line]
    for a, b in ends:
        assert ends.count((a, b)) % 2 == 0 or a in (0.0, x[-1]) or b in (0.0, y[-1])


@pytest.mark.parametrize("name", levels.MAPS)
def test_colour_maps_have_matplotlibs_colours(name: str) -> None:
    shares = np.linspace(0, 1, 101)
    found = [colors.to_rgb(levels.colour(name, share)) for share in shares]
    assert np.abs(np.array(found) - mpl.colormaps[name](shares)[:, :3]).max() < 0.035


@pytest.mark.parametrize("name", colors.NAMES)
def test_colours_are_matplotlibs(name: str) -> None:
    assert mpl.colors.to_rgb(colors.css(name)) == pytest.approx(mpl.colors.to_rgb(name), abs=1 / 255)


HISTORY = """
import sys
import matplotlib.pyplot as plt
from micrograd.viz import plot_history
sys.displayhook = lambda figure: print(figure.words())
losses = [3.0, 1.0, 0.2, 0.05]
plot_history({"loss": losses, "val_loss": losses[::-1], "accuracy": [0.5, 0.7, 0.9, 1.0], "lr": [0.2, 0.1, 0.1, 0.1]})
plot_history({"slow": [1.0, float("nan"), 0.5], "fast": losses})
plt.show()
"""


def test_plot_history_draws_with_it() -> None:
    paths = os.environ | {"PYTHONPATH": os.pathsep.join([str(plots.ROOM.parent), *sys.path])}
    ran = subprocess.run([sys.executable, "-c", HISTORY], env=paths, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        "Plot: loss, training, validation, best at 1, epoch, accuracy",
        "Plot: epoch, loss, slow, fast",
    ]
