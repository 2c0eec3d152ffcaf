"""A plot of matplotlib as part of a page: in the colours of the page, which may be dark, and no wider."""

import re
from xml.etree import ElementTree

from micrograd.viz.style import LIGHT

QUIET = {"#ffffff": "paper", "#d3d3d3": "pale", "#000000": "ink"}
QUIET |= {LIGHT[name]: name for name in ("ink", "faint", "line", "none")}
"""The colours of what is no data, and what the style sheet of the page calls them."""

FIELDS = ("QuadContourSet", "QuadMesh", "image")
DATA = (*FIELDS, "line2d", "PathCollection", "LineCollection", "legend")
"""How matplotlib begins the names of what covers axes with colours, and of what stands on it."""

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def inline(svg: str) -> str:
    """A plot's SVG without header and metadata, and without names that others have too."""
    root = ElementTree.fromstring(re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL))
    quieten(root)
    root.set("style", "max-width: 100%; height: auto; fill: var(--ink)")
    text = re.sub(r'<g id="[^"]*"', "<g", ElementTree.tostring(root, encoding="unicode"))
    return " ".join(text.split())  # no empty line, which would end the HTML in a page


def quieten(element: ElementTree.Element) -> None:
    """Give what is no data the colours of the page. On a field of colours black stays black, whatever the page is."""
    if style := element.get("style"):
        element.set("style", re.sub("|".join(QUIET), lambda colour: f"var(--{QUIET[colour[0]]})", style))
    on_field = name(element).startswith("axes") and any(is_field(part) for part in element.iter())
    for part in element:
        if on_field and name(part).startswith(DATA):
            part.set("fill", "#000000")  # which matplotlib does not say
        else:
            quieten(part)


def is_field(part: ElementTree.Element) -> bool:
    """Whether a part of a plot covers axes with colours. Contours may be lines alone."""
    return name(part).startswith(FIELDS) and not any("fill: none" in path.get("style", "") for path in part)


def name(element: ElementTree.Element) -> str:
    """What matplotlib calls a part of a plot, such as `line2d_3`."""
    return element.get("id", "")
