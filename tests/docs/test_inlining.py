"""Plots in pages have the colours of the page, but on a field of colours black is black."""

import io
import re

import pytest
from matplotlib.figure import Figure

from inlining import inline


def plot(contours: str) -> str:
    figure = Figure()
    axes = figure.subplots()
    getattr(axes, contours)([[0.0, 1.0], [1.0, 2.0]], levels=[0.5, 1.5], colors=["lightgrey"])
    axes.plot([0, 1], [0, 1], "k")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    return inline(drawn.getvalue())


@pytest.mark.parametrize(("contours", "with_field"), [("contour", False), ("contourf", True)])
def test_only_what_stands_on_colours_keeps_its_own(contours: str, with_field: bool) -> None:
    svg = plot(contours)
    assert ("stroke: #000000" in svg) == ("#d3d3d3" in svg) == with_field
    assert ("stroke: var(--pale)" in svg) != with_field
    assert "stroke: var(--ink)" in svg  # the frame
    assert "fill: var(--paper)" in svg
    assert not re.search(r"<g id=|<metadata|<\?xml|\n", svg)
