"""The playground's plots: pictures with matplotlib's limits, ticks, colours and words; what is missing is named."""

import math
import re
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

colormaps, colors, contours, own_ticker = map(module, ("colormaps", "colors", "contours", "ticker"))

NAN = math.nan
SINE = [math.sin(i / 10) for i in range(100)]
GRID = [i / 4 for i in range(9)]
HEIGHTS = [[x * x - y for x in GRID] for y in GRID]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No figure is left for the next test."""
    yield
    ours.close("all")
    theirs.close("all")


def picture() -> ElementTree.Element:
    """The figure that is drawn on, read as XML."""
    return ElementTree.fromstring(ours.gcf().svg)


def written(svg: ElementTree.Element) -> list[str]:
    return [span.text or "" for span in svg.iter(f"{SVG}tspan")]


PROGRAMS: list[Callable[[Any], Any]] = [
    lambda plt: plt.plot(SINE),
    lambda plt: plt.plot([1, 2, NAN, 4], [None, 3, 2, 1], "ro--", label="with a gap") and plt.legend(),
    lambda plt: plt.plot(range(3), [Value(2.0), Value(3.0), 1.0], lw=2, ls=":", c="tab:green"),
    lambda plt: plt.plot([0, 1], [0, 1], "k", [0, 1], [1, 0], "C3^"),
    lambda plt: plt.plot([[1, 2], [3, 4], [5, 7]]),
    lambda plt: plt.plot(3, 4, "ko"),
    lambda plt: plt.plot([1e-7, 3e-7], [2e6, 5e6]),
    lambda plt: plt.semilogy([1, 2, 3], [1e-9, 1e-3, 1e4]),
    lambda plt: plt.loglog([1, 10, 1000], [0.5, 0.1, 0.0001], "s-"),
    lambda plt: plt.scatter([1, 2, 3], [3, 1, 2], c=[0.1, 0.5, 0.9], cmap="coolwarm") and plt.colorbar(label="share"),
    lambda plt: plt.scatter([1, 2], [1, 2], s=[10, 200], color="g", edgecolors="k", marker="s", alpha=0.5),
    lambda plt: plt.bar(["cat", "dog"], [0.25, 0.75], color=["C0", "C1"]),
    lambda plt: plt.barh(["cat", "dog"], [3, 5], edgecolor="k"),
    lambda plt: plt.hist([1, 2, 2, 3, 3, 3, 4], bins=4, label="how often") and plt.legend(),
    lambda plt: plt.fill_between(range(100), SINE, alpha=0.3),
    lambda plt: plt.contourf(GRID, GRID, HEIGHTS, cmap="RdBu", levels=[-2, -1, 0, 1], extend="both") and plt.colorbar(),
    lambda plt: plt.contourf(HEIGHTS, colors=["r", "g"], levels=[-2, 0, 5]),
    lambda plt: plt.contour(GRID, GRID, HEIGHTS, 5),
    lambda plt: plt.imshow([[0, 1], [2, 3], [4, 5]], cmap="gray_r") and plt.colorbar(),
    lambda plt: (
        plt.plot([3, 1]),
        plt.axhline(0, color="gray", ls="--"),
        plt.axvline(1),
        plt.axvspan(2, 3, alpha=0.2),
        plt.grid(True),
    ),
    lambda plt: (plt.plot([5, 0]), plt.ylim(-1, 7), plt.xlim(right=2), plt.xlabel("x"), plt.title("ends that are set")),
    lambda plt: (plt.plot([0, 1, 2], [0, 5, 1]), plt.xticks([0, 1, 2], ["a", "b", "c"]), plt.yticks([0, 5])),
    lambda plt: (plt.plot([0, 3], [0, 1]), plt.axis([0, 4, -1, 1]), plt.ylim(2, -2)),
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
        (lambda plt: plt.violinplot([1]), "plt.violinplot is not in the playground, which draws plot, scatter, "),
        (lambda plt: plt.savefig("a.png"), "plt.savefig"),
        (lambda plt: plt.rcParams, "plt.rcParams"),
        (lambda plt: plt.gca().quiver(1, 2), "Axes.quiver"),
        (lambda plt: plt.figure().add_axes([0, 0, 1, 1]), "Figure.add_axes"),
        (lambda plt: plt.plot([1], drawstyle="steps"), r"plot\(drawstyle=...\) .* where the keywords are color, "),
        (lambda plt: plt.scatter([1], [1], plotnonfinite=True), r"scatter\(plotnonfinite=...\)"),
        (lambda plt: plt.subplots(2, gridspec_kw={}), r"subplots\(gridspec_kw=...\)"),
        (lambda plt: plt.imshow([[1]], interpolation="bilinear"), "interpolation='bilinear'"),
        (lambda plt: plt.yscale("symlog"), "the scale 'symlog'"),
        (lambda plt: plt.axis("square"), "axis"),
        (lambda plt: plt.cm.twilight, "'twilight' is none of the colour maps"),
        (lambda plt: plt.plot([1], "1"), "format"),
        (lambda plt: plt.plot([1], marker="8"), "'8' is none of the markers"),
        (lambda plt: plt.plot([1], linestyle="wavy"), "'wavy' is no style"),
        (lambda plt: plt.plot([1], color="greenish"), "'greenish' is not the name of a colour"),
        (lambda plt: plt.plot([1, 2], [1, 2, 3]), "the same length, got 2 and 3"),
        (lambda plt: plt.contourf([1, 2], [1, 2], [[1, 2, 3]]), "a row of z for each y"),
        (lambda plt: plt.contour([[1, 2], [3]]), "rows of the same length"),
        (lambda plt: plt.contourf(HEIGHTS, levels=[1, 0]), "levels must increase"),
        (lambda plt: plt.legend(loc="outside"), "loc is one of best, upper right"),
        (lambda plt: plt.colorbar(), "colour bar needs something with colours"),
        (lambda plt: plt.bar([1, 2, 3], [1, 2]), "as many bars as lengths"),
    ],
)
def test_what_it_does_not_do_is_refused_by_name(call: Callable[[Any], Any], message: str) -> None:
    with pytest.raises((AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError), match=message):
        call(ours)


def test_figures_are_shown_as_python_shows_values_and_then_they_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(sys, "displayhook", shown.append)
    ours.plot([1, 2])
    ours.figure()
    ours.title("second")
    ours.figure()  # nothing is drawn on it
    ours.show()
    ours.show()
    assert [written(ElementTree.fromstring(figure._repr_svg_()))[-1] == "second" for figure in shown] == [False, True]


def test_words_are_written_as_they_are() -> None:
    ours.plot([1, 2], label='a < b & "c"')
    ours.title("<script>\x00</script>\nnext line")
    ours.legend()
    svg = picture()
    assert {'a < b & "c"', "<script>�</script>", "next line"} <= set(written(svg))
    assert svg.get("aria-label") == 'Plot: <script>�</script> next line, a < b & "c"'


def test_a_legend_is_where_it_covers_the_least() -> None:
    for low, high in ((0, 1), (1, 0)):
        _, axes = ours.subplots()
        axes.plot([0, 1], [low, high], label="line")
        axes.legend()
        frame = plots_frame(axes)
        left, top = axes.key.corner(frame, axes.artists, 60, 30)
        assert top < 30
        assert (left < 30) == (low < high)


def plots_frame(axes: Any) -> Any:
    x, y, wide, high = axes.views(300, 200)
    return module("artists").Frame(x, y, wide, high)


def test_plots_of_a_figure_do_not_cover_each_other() -> None:
    figure, panels = ours.subplots(2, 3, figsize=(8, 4), sharex=True)
    for axes in panels.flat:
        axes.plot([1, 2], [10000, 20000])
        axes.set(xlabel="x", ylabel="y", title="t")
    figure.suptitle("all")
    boxes = list(figure.boxes(576, 288).values())
    for i, (left, top, wide, high) in enumerate(boxes):
        assert wide > 60
        assert high > 30
        for other_left, other_top, other_wide, other_high in boxes[:i]:
            beside = left >= other_left + other_wide + 30 or other_left >= left + wide + 30
            below = top >= other_top + other_high + 20 or other_top >= top + high + 20
            assert beside or below
    assert panels[0, 1] is panels[0][1] is list(panels.flat)[1]
    ElementTree.fromstring(figure.svg)


numbers = st.floats(-1e12, 1e12)
ENDS = (
    st.tuples(numbers, numbers)
    .map(sorted)
    .filter(lambda ends: ends[1] - ends[0] > max(1e-200, 1e-9 * abs(ends[0]), 1e-9 * abs(ends[1])))
)


@given(ENDS, st.integers(1, 12))
def test_ticks_are_where_matplotlib_has_them(ends: list[float], room: int) -> None:
    low, high = ends
    locator = ticker.MaxNLocator(min(max(room, 1), 9), steps=[1, 2, 2.5, 5, 10])
    expected = [tick for tick in locator.tick_values(low, high) if low <= tick <= high]
    found = own_ticker.auto().ticks(low, high, room)
    assert [tick for tick in found if low <= tick <= high] == pytest.approx(expected, rel=1e-9, abs=1e-9 * (high - low))


@given(ENDS)
def test_numbers_at_ticks_tell_what_they_are(ends: list[float]) -> None:
    ticks = own_ticker.auto().ticks(*ends)
    words, end = own_ticker.labels(ticks)
    assume(ticks)
    power, base = re.fullmatch(r"(?:1e(-?\d+))?([+-].*)?", end.replace("−", "-")).groups()
    read = [float(word.replace("−", "-")) * 10.0 ** int(power or 0) + float(base or 0) for word in words]
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
    """By Gauss's formula; holes count below 0."""
    return sum(
        (x0 * y1 - x1 * y0) / 2
        for outline in outlines
        for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], *outline[:1]], strict=True)
    )


@given(grids(), st.lists(st.integers(-9, 9), min_size=1, max_size=4, unique=True).map(sorted))
def test_the_areas_between_levels_fill_the_plane_once(grid: Any, levels: list[int]) -> None:
    x, y, z = grid
    cells = list(contours.cells(x, y, z))
    ends = [-math.inf, *(level / 2 for level in levels), math.inf]
    areas = [area(contours.band(cells, low, high)) for low, high in pairwise(ends)]
    assert sum(areas) == pytest.approx(x[-1] * y[-1])
    assert min(areas) > -1e-9


@given(grids(), st.sampled_from([-1.5, 0.5, 2.5]))
def test_level_lines_end_at_the_border_or_where_they_begin(grid: Any, level: float) -> None:
    x, y, z = grid
    for line in contours.line(list(contours.cells(x, y, z)), level):
        (x0, y0), (x1, y1) = line[0], line[-1]
        at_border = all(a in (0.0, x[-1]) or b in (0.0, y[-1]) for a, b in ((x0, y0), (x1, y1)))
        assert at_border or (x0, y0) == (x1, y1)


@pytest.mark.parametrize("name", [name + end for name in colormaps.MAPS for end in ("", "_r")])
def test_colour_maps_have_matplotlibs_colours(name: str) -> None:
    shares = np.linspace(0, 1, 101)
    found = [colors.to_rgb(colormaps.Colormap(name)(share)) for share in shares]
    assert np.abs(np.array(found) - mpl.colormaps[name](shares)[:, :3]).max() < 0.035


@pytest.mark.parametrize("colour", ["k", "C3", "tab:olive", "#abc", "#12345678", "0.25", (0.5, 0, 1), "rebeccapurple"])
def test_colours_are_matplotlibs(colour: Any) -> None:
    css = colors.css(colour)
    assert mpl.colors.to_rgb(css) == pytest.approx(mpl.colors.to_rgb(colour), abs=1 / 255)
