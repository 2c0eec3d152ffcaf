"""Plots in pages have the colours of the page, but on a field of colours black is black."""

import io
import re

import pytest
from matplotlib.figure import Figure

from inlining import inline


def plot(*, with_field: bool) -> str:
    figure = Figure()
    axes = figure.subplots()
    if with_field:
        axes.contourf([[0.0, 1.0], [1.0, 2.0]])
    axes.plot([0, 1], [0, 1], "k")
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    return inline(drawn.getvalue())


@pytest.mark.parametrize("with_field", [False, True])
def test_only_what_stands_on_colours_keeps_its_own(with_field: bool) -> None:
    svg = plot(with_field=with_field)
    assert ("stroke: #000000" in svg) == with_field
    assert "stroke: var(--ink)" in svg  # the frame
    assert "fill: var(--paper)" in svg
    assert not re.search(r"<g id=|<metadata|<\?xml|\n", svg)
