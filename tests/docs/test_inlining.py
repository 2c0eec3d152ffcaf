"""Plots in pages have the colours of the page, but on a field of colours black is black."""

import io
import re

import pytest
from matplotlib.figure import Figure

from inlining import inline


def plot(ground: str) -> str:
    figure = Figure()
    axes = figure.subplots()
    options = {"levels": [0.5, 1.5], "colors": ["lightgrey"]} if ground.startswith("contour") else {}
    getattr(axes, ground)([[0.0, 1.0], [1.0, 2.0]], **options)
    axes.plot([0, 1], [0, 1], "lightgrey")
    axes.plot([0, 1], [0, 1], "k")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    return inline(drawn.getvalue())


GROUNDS = {"contour": False, "contourf": True, "pcolormesh": True, "imshow": True}


@pytest.mark.parametrize(("ground", "with_field"), GROUNDS.items())
def test_only_what_stands_on_colours_keeps_its_own(ground: str, with_field: bool) -> None:
    svg = plot(ground)
    assert ("stroke: #000000" in svg) == ("#d3d3d3" in svg) == with_field
    assert ("stroke: var(--pale)" in svg) != with_field
    assert "stroke: var(--ink)" in svg  # the frame
    assert "fill: var(--paper)" in svg
    assert not re.search(r"<g id=|<metadata|<\?xml|\n", svg)
