"""The colours: what is written can be read, and the signs of gradients can be told apart by everybody."""

import itertools
import math
import re

import numpy as np
import pytest

from micrograd.viz.style import DARK, LIGHT, STYLE, sign, strength

PALETTES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])

# Linear RGB to linear RGB as seen without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1.0.
VISION = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def rgb(colour):
    """Red, green and blue, 0 to 1, as in the file."""
    return np.array([*bytes.fromhex(colour[1:])]) / 255


def linear(colour):
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """As WCAG 2 defines it."""
    lighter, darker = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def oklab(light):
    """Lightness, green to red and blue to yellow of linear RGB: https://bottosson.github.io/posts/oklab/."""
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return lab @ np.cbrt(np.clip(cones @ light, 0, None))


def strips(colours, name):
    """A strip's colour at all strengths."""
    paper, full = rgb(colours["box"]), rgb(colours[name])
    return [paper + (full - paper) * cover for cover in np.linspace(0, 1, 21)]


@PALETTES
@pytest.mark.parametrize("name", ["positive", "negative", "none", "alarm"])
def test_a_gradient_can_be_read_on_its_strip(colours, name):
    assert min(contrast(strip, rgb(colours["ink"])) for strip in strips(colours, name)) >= 4.5


@PALETTES
@pytest.mark.parametrize("name", ["ink", "faint"])
def test_all_else_can_be_read_on_its_box(colours, name):
    assert contrast(rgb(colours[name]), rgb(colours["box"])) >= 4.5


@PALETTES
@pytest.mark.parametrize("name", ["line", "wrong"])
@pytest.mark.parametrize("ground", ["box", "paper"])
def test_lines_can_be_seen(colours, name, ground):
    """WCAG 2 asks for 3 to 1 where there is no text."""
    assert contrast(rgb(colours[name]), rgb(colours[ground])) >= 3


@PALETTES
@pytest.mark.parametrize("vision", VISION)
def test_colours_are_told_apart_without_a_kind_of_cone(colours, vision):
    seen = {name: oklab(VISION[vision] @ linear(rgb(colours[name]))) for name in ("positive", "negative", "none")}
    assert min(math.dist(one, other) for one, other in itertools.combinations(seen.values(), 2)) > 0.15


def test_every_colour_of_the_style_sheet_is_in_both_palettes():
    used = set(re.findall(r"var\(--(\w+)\)", STYLE))
    assert used == set(LIGHT) == set(DARK)


def test_paper_is_printed_on_as_light():
    assert re.findall(r"@media ([^{]*)", STYLE) == ["screen and (prefers-color-scheme:dark)"]


@pytest.mark.parametrize(
    ("grad", "name"),
    [
        (1e-320, "positive"),
        (-1e300, "negative"),
        (0.0, "zero"),
        (-0.0, "zero"),
        (math.inf, "undefined"),
        (math.nan, "undefined"),
    ],
)
def test_sign(grad, name):
    assert sign(grad) == name
    assert f".{name} .strip" in STYLE


def test_strength_grows_with_the_size_and_is_never_nothing():
    sizes = [5e-324, 1e-9, 0.001, 0.1, 1.0, 10.0, 1e308]
    strengths = [strength(size, 1e308) for size in sizes]
    assert strengths == sorted(strengths)
    assert (strengths[0], strengths[-1]) == (0.12, 1.0)
    assert [strength(-size, 10.0) for size in sizes[:6]] == [strength(size, 10.0) for size in sizes[:6]]
