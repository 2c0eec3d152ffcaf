"""A page that shows a graph, and the inside of a box when that is opened. The film is such a page with more on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from micrograd.viz.drawing.views import View
from micrograd.viz.style import DARK, LIGHT, STYLE

_ASSETS = files("micrograd.viz.drawing")
_SCRIPTS = ("camera.js", "stage.js")


class Stage(NamedTuple):
    """The part of a page that shows a graph.

    Attributes:
        markup: What stands in the body.
        style: Its style sheet.
        scripts: Its scripts, which go to the end of the body.
    """

    markup: str
    style: str
    scripts: str


def page(views: Sequence[View], title: str) -> str:
    """A page that shows a graph.

    Args:
        views: The graph, and the inside of each box.
        title: What the page is called.

    Returns:
        The page, which asks for nothing from anywhere.
    """
    shown = stage(views)
    body = Template(_asset("page.html")).substitute(shown._asdict(), title=escape(title))
    return document(title, shown.style, body)


def document(title: str, style: str, body: str) -> str:
    """An HTML file around what stands in its body, which may ask for nothing from anywhere."""
    return Template(_asset("document.html")).substitute(title=escape(title), style=style, body=body)


def stage(views: Sequence[View]) -> Stage:
    """The part of a page that shows a graph."""
    groups = (
        f"<g class='view' data-world='{' '.join(f'{number:g}' for number in view.scene.view)}'{' hidden' * (at > 0)}>\n"
        f"{view.scene.markup}</g>\n"
        for at, view in enumerate(views)
    )
    colours = "".join(f"--{name}:light-dark({LIGHT[name]},{DARK[name]});" for name in LIGHT)
    return Stage(
        Template(_asset("stage.html")).substitute(
            view=" ".join(f"{number:g}" for number in views[0].scene.view),
            markup="".join(groups),
            views=as_json([_described(view) for view in views]),
        ),
        f"{STYLE}:root,.micrograd{{{colours}}}\n{_asset('stage.css')}",
        "\n".join(f"<script>\n{_asset(name)}</script>" for name in _SCRIPTS),
    )


def _described(view: View) -> dict[str, Any]:
    """What the page's script has to know of a view."""
    return {
        "label": view.part.label,
        "prefixes": view.part.prefixes,
        "around": view.around,
        "inputs": view.inputs,
        "boxes": [
            {"label": box.part.label, "nodes": list(box.part.nodes), "results": box.results, "inside": box.inside}
            for box in view.boxes
        ],
        "carries": view.carries,
    }


def in_frame(html: str, title: str, height: int) -> str:
    """A page in a frame of its own, in which it can reach nothing."""
    return (
        f'<iframe srcdoc="{escape(html)}" sandbox="allow-scripts allow-forms" allow="fullscreen" '
        f'title="{title}" width="100%" height="{height}" style="border: 0"></iframe>'
    )


def as_json(thing: Any) -> str:
    """JSON that may stand in a `<script>`."""
    return json.dumps(thing, allow_nan=False).replace("<", "\\u003c")


def _asset(name: str) -> str:
    return _ASSETS.joinpath(name).read_text("utf-8")
