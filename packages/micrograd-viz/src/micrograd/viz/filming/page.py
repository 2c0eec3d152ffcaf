"""The page of a film: everything in one file, and no request to anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from os import PathLike
from pathlib import Path
from string import Template
from typing import Any

from micrograd.engine.files import write
from micrograd.viz import text
from micrograd.viz.drawing import Scene, compose
from micrograd.viz.filming.recording import record
from micrograd.viz.graph import Node, edges_of, read
from micrograd.viz.labels import Labels
from micrograd.viz.style import DARK, LIGHT, STYLE
from micrograd.viz.summary import of_node

MOST_NODES = 300
"""The largest graph that `film` takes. It has some 900 steps, and nobody watches longer."""

_SCRIPTS = ("arithmetic.js", "passes.js", "words.js", "camera.js", "picture.js", "player.js")


@dataclass(frozen=True, slots=True, repr=False)
class Film:
    """A film. A notebook shows it by itself, elsewhere `save` makes a file of it.

    Attributes:
        html: The film as an HTML page that needs nothing else.
    """

    html: str
    _about: str

    def __repr__(self) -> str:
        return f'Film({self._about}; .save("film.html"))'

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-forms" '
            'title="A film of backpropagation" width="100%" height="640" style="border: 0"></iframe>'
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the film to a file: what was there is replaced as a whole, or not at all.

        Args:
            path: A path that ends in `.html`.

        Raises:
            ValueError: If the path ends otherwise.
            OSError: If the file cannot be written.
        """
        if Path(path).suffix.lower() != ".html":
            raise ValueError(f"a film is saved to a file that ends in .html, got {str(path)!r}")
        write(path, self.html)


def film(root: Any, labels: Labels = None, *, title: str = "Backpropagation, step by step") -> Film:
    """Make a film of how `root` is computed and of how `backward` differentiates it.

    It shows the forward pass, one operation a step, and then the backward pass, one edge a step, in the engine's order
    and with the engine's numbers. Who watches can change the numbers of the leaves (those that are Values; the plain
    numbers of a program are constants), and be asked for each gradient before it is told. Gradients start at 0, as on a
    fresh graph; those of the Values themselves are neither used nor changed.

    Args:
        root: The Value on which `backward` is called; or an object of another class with `data`, `grad`, `_prev` and
            `_op`, whose operations have the names of the engine's.
        labels: Names for Values, as for `draw`: a dict such as `{"a": a}` or `locals()`, or a Module.
        title: The heading of the page.

    Returns:
        The film.

    Raises:
        TypeError: If `root` is not a Value nor like one, or `labels` are no labels.
        ValueError: If the graph has more than `MOST_NODES` nodes.
        NotImplementedError: If the graph holds an operation that is not in the engine's table, or not what it is there.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> b = a * a
        >>> film(b, labels={"a": a, "b": b}).html[:15]
        '<!doctype html>'
    """
    nodes = read(root, labels)
    if len(nodes) > MOST_NODES:
        raise ValueError(
            f"film takes graphs of up to {MOST_NODES} nodes, got {len(nodes)}: film a smaller part of it, such as one "
            f"neuron, or the loss of one sample"
        )
    passes = record(nodes)
    picture = _before_the_start(nodes, passes)
    assets = files("micrograd.viz.filming")
    colours = "".join(f"--{name}:light-dark({LIGHT[name]},{DARK[name]});" for name in LIGHT)
    scripts = [assets.joinpath(name).read_text("utf-8") for name in _SCRIPTS]
    return Film(
        Template(assets.joinpath("film.html").read_text("utf-8")).substitute(
            title=escape(text.printable(title)),
            style=f"{STYLE}:root,.micrograd{{{colours}}}\n{assets.joinpath('film.css').read_text('utf-8')}",
            view=" ".join(f"{number:g}" for number in picture.view),
            count=len(nodes),
            markup=picture.markup,
            film=json.dumps(passes, allow_nan=False).replace("<", "\\u003c"),
            scripts="\n".join(f"<script>\n{script}</script>" for script in scripts),
        ),
        text.counted(len(nodes), "value"),
    )


def _before_the_start(nodes: list[Node], passes: dict[str, Any]) -> Scene:
    """The graph with room for the numbers to come; what a box is called stands on it unless that is a number."""
    written = [
        of_node(node)._replace(
            label="" if about["constant"] else about["name"], grad=text.number(float(grad)), shade=0.0, wrong=False
        )
        for node, about, grad in zip(nodes, passes["nodes"], passes["grad"], strict=True)
    ]
    return compose(written, edges_of(nodes))
