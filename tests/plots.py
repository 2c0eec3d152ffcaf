"""The playground's plots, loaded under a name of their own, so that matplotlib is there to compare them with."""

import importlib
import importlib.util
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import pyplot as theirs

ROOM = Path(__file__).parents[1] / "docs" / "playground" / "plots" / "matplotlib"

POINT = 72.0  # to the inch


NAME = "playground_plots"

spec = importlib.util.spec_from_file_location(NAME, ROOM / "__init__.py", submodule_search_locations=[str(ROOM)])
sys.modules[NAME] = package = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)


def module(name: str) -> Any:
    """A module of the playground's plots."""
    return importlib.import_module(f"{NAME}.{name}")


ours = module("pyplot")
mpl.use("agg")


class Both:
    """Pyplot twice: what a program draws is drawn by matplotlib and by the playground, and compared when it is shown.

    Attributes:
        shown: How many figures were compared.
    """

    def __init__(self) -> None:
        self.shown = 0

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **keywords: Any) -> Any:
            getattr(ours, name)(*args, **keywords)
            return getattr(theirs, name)(*args, **keywords)

        return call

    def show(self) -> None:
        """Compare what is to be read. Figures of matplotlib stay open for whoever draws them."""
        figures = [theirs.figure(number) for number in theirs.get_fignums()]
        for figure, own in zip(figures, ours.open_figures, strict=True):
            for expected, found in zip(of_matplotlib(figure), of_playground(own, figure), strict=True):
                assert found.pop("limits") == pytest.approx(expected.pop("limits"), rel=1e-9)
                assert found == expected
            ElementTree.fromstring(own.svg)
            self.shown += 1
        ours.open_figures.clear()


def of_matplotlib(figure: Any) -> list[dict[str, Any]]:
    """What is to be read in a figure of matplotlib, for each plot."""
    figure.draw_without_rendering()
    found = []
    for axes in figure.axes:
        if axes.get_label() == "<colorbar>":
            found[-1]["bar"] = [axes.get_ylabel(), *words(axes.yaxis)]
        else:
            legend = axes.get_legend()
            found.append(
                {
                    "names": [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()],
                    "limits": [*axes.get_xlim(), *axes.get_ylim()],
                    "along x": words(axes.xaxis),
                    "along y": words(axes.yaxis),
                    "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
                }
            )
    return found


def words(axis: Any) -> list[str]:
    """What is written at the ticks of an axis of matplotlib, as plain text."""
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    texts = [tick.label1.get_text() or tick.label2.get_text() for tick in ticks if low <= tick.get_loc() <= high]
    return [POWER.sub(plain, text) for text in texts if text]


POWER = re.compile(r"\$\\mathdefault\{(?:(\d+)\\times)?10\^\{(-?\d+)\}\}\$")


def plain(power: re.Match[str]) -> str:
    """A power of ten, or a multiple of one, without TeX."""
    exponent = power[2].translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{power[1]}×10{exponent}" if power[1] else f"10{exponent}"


def of_playground(figure: Any, theirs: Any) -> list[dict[str, Any]]:
    """The same of a figure of the playground, with room for as many ticks as in matplotlib's."""
    found = []
    plots = [axes for axes in theirs.axes if axes.get_label() != "<colorbar>"]
    for axes, other in zip(figure.axes, plots, strict=True):
        box = other.get_window_extent()
        wide, high = (side / theirs.dpi * POINT for side in (box.width, box.height))
        x, y = axes.range_x.view(), axes.range_y.view()
        found.append(
            {
                "names": [axes.title, axes.xaxis.label.words, axes.yaxis.label.words],
                "limits": [x.low, x.high, y.low, y.high],
                "along x": [tick.words for tick in axes.xaxis.along(x, wide) if tick.words],
                "along y": [tick.words for tick in axes.yaxis.upwards(y, high) if tick.words],
                "legend": [name.words for name in axes.key.names] if axes.key else [],
            }
        )
        if axes.colour_bar:
            found[-1]["bar"] = [axes.colour_bar.label.words, *(word for _, word in axes.colour_bar.ticks())]
    return found
