"""The page of a film: everything in one file, and no request to anywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from os import PathLike
from pathlib import Path
from string import Template
from typing import Any

from micrograd.engine.files import write
from micrograd.viz import text
from micrograd.viz.drawing import MOST_NODES, as_json, document, in_frame, stage, views
from micrograd.viz.filming.names import name
from micrograd.viz.filming.order import box_by_box
from micrograd.viz.filming.recording import record
from micrograd.viz.graph import Node, read
from micrograd.viz.labels import Labels
from micrograd.viz.summary import MOST_FOLDED, Parts

_SCRIPTS = ("arithmetic.js", "passes.js", "stops.js", "words.js", "picture.js", "player.js")


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
        return in_frame(self.html, "A film of backpropagation", 640)

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


def film(
    root: Any, labels: Labels = None, *, title: str = "Backpropagation, step by step", most: int = MOST_NODES
) -> Film:
    """Make a film of how `root` is computed and of how `backward` differentiates it.

    It shows the forward pass, one operation a step, and then the backward pass, one edge a step, in the engine's order
    and with the engine's numbers. Who watches can change the numbers of the leaves (those that are Values; the plain
    numbers of a program are constants), and be asked for each gradient before it is told. Gradients start at 0, as on a
    fresh graph; those of the Values themselves are neither used nor changed. With other numbers the operations stay the
    same ones: an `if` of the program, such as that of a Huber loss, is not asked again.

    Where 30 Values and more would not fit a window, neurons and layers are boxes, and what happens in a box is one
    step. A box opens on a click, and then shows what is in it, step by step.

    Args:
        root: The Value on which `backward` is called; or an object of another class with `data`, `grad`, `_prev` and
            `_op`, whose operations have the names of the engine's.
        labels: Names for Values, as for `draw`: a dict such as `{"a": a}` or `locals()`, or a Module.
        title: The heading of the page.
        most: The largest graph that is shown with a box for each Value, however much room that takes.

    Returns:
        The film.

    Raises:
        TypeError: If `root` is not a Value nor like one, or `labels` are no labels.
        ValueError: If the graph has more than 300 nodes, or a number in it has changed since it was computed.
        NotImplementedError: If the graph holds an operation that is not in the engine's table, or not what it is there.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> b = a * a
        >>> film(b, labels={"a": a, "b": b}).html[:15]
        '<!doctype html>'
    """
    nodes = read(root, labels)
    if len(nodes) > MOST_FOLDED:
        raise ValueError(
            f"film takes graphs of up to {MOST_FOLDED} nodes, got {len(nodes)}: film a smaller part of it, such as one "
            f"neuron, or the loss of one sample"
        )
    grads = record(nodes)["grad"]
    with_grads = [replace(node, grad=float(grad)) for node, grad in zip(nodes, grads, strict=True)]
    taken = set(map(str, labels)) if isinstance(labels, Mapping) else set[str]()
    parts = Parts(with_grads, lambda nodes: _named(nodes, taken))
    nodes, seen = box_by_box(parts.nodes, [*views(parts, most=most)])
    shown = stage(seen)
    assets = files("micrograd.viz.filming")
    scripts = [assets.joinpath(name).read_text("utf-8") for name in _SCRIPTS]
    title = text.printable(title)
    body = Template(assets.joinpath("film.html").read_text("utf-8")).substitute(
        title=escape(title),
        stage=shown.markup,
        film=as_json(record(nodes)),
        scripts="\n".join([shown.scripts, *(f"<script>\n{script}</script>" for script in scripts)]),
    )
    style = shown.style + assets.joinpath("film.css").read_text("utf-8")
    return Film(document(title, style, body), text.counted(len(nodes), "value"))


def _named(nodes: list[Node], taken: Collection[str]) -> list[Node]:
    """The graph, where a box without a label has the name that sentences use, unless that is a number."""
    names = name(nodes, taken)
    return [node if node.constant else replace(node, name=each) for node, each in zip(nodes, names, strict=True)]
