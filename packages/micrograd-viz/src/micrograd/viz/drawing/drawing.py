"""The graph as a picture that a notebook shows, and that can be saved as .svg, .png and .dot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from micrograd.engine.files import write
from micrograd.viz import text
from micrograd.viz.drawing import dot, png
from micrograd.viz.drawing.scene import Scene, compose
from micrograd.viz.drawing.svg import frame
from micrograd.viz.graph import Node, edges_of, read
from micrograd.viz.labels import Labels
from micrograd.viz.summary import less_and_less_detailed, of_node

MOST_NODES = 40
"""The largest graph that `draw` shows with a box for each Value, unless `most` says otherwise."""

_LONGEST = 3000.0  # a side of a picture that can be read while a screen shows all of it

_RANKDIRS = ("LR", "TB")


@dataclass(frozen=True, slots=True, repr=False)
class Drawing:
    """A picture. A notebook shows it by itself, elsewhere `save` makes a file of it.

    Attributes:
        svg: The picture as SVG text, for light and dark pages. It has no ids, so a page can hold several.
    """

    svg: str
    _scene: Scene
    _dot: Callable[[], str] = field(compare=False)
    _about: str

    @property
    def dot(self) -> str:
        """The same boxes and edges as DOT text."""
        return self._dot()

    def __repr__(self) -> str:
        return f'Drawing({self._about}; .save("graph.svg"))'

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict[str, str], Any]:
        """What Jupyter asks for first. Unconfined: it scrolls what is wide, rather than make it too small to read."""
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}, {"image/svg+xml": {"unconfined": True}}

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file: what was there is replaced as a whole, or not at all.

        Args:
            path: A path that ends in `.svg`, `.png` or `.dot`. A PNG has two pixels for each unit of the SVG, and the
                colours for light paper.

        Raises:
            ValueError: If the path ends otherwise.
            OSError: If the file cannot be written.
            ImportError: If the path ends in `.png` and the extra `png` is not installed.
        """
        suffix = Path(path).suffix.lower()
        if suffix == ".svg":
            write(path, self.svg)
        elif suffix == ".dot":
            write(path, self.dot)
        elif suffix == ".png":
            markup, view = self._scene
            write(path, png.rasterise(frame(markup, view, style="", fonts=png.FONT), *view[2:]))
        else:
            raise ValueError(f"a drawing is saved to a file that ends in .svg, .png or .dot, got {str(path)!r}")


def draw(root: Any, labels: Labels = None, rankdir: str = "LR", *, most: int = MOST_NODES) -> Drawing:
    """Draw the graph behind `root`: operands first, `root` last.

    A box shows the name of a Value if it has one, its operation, its data, and its gradient on a strip: blue if it is
    positive, orange if it is negative, the stronger the larger it is beside the others. A Value whose data or gradient
    is inf or nan has a dashed red border and a warning sign.

    Larger graphs are drawn with less detail, so that they can be read on a page. From 41 Values on, what is computed
    for one result only is in a box with that, such as a neuron with its weights, and the box lists its leaves. From 301
    on, or in a deep graph, a box stands for many of the same kind, such as the neurons of a layer, and shows how many
    there are, and the range of their numbers.

    Args:
        root: The Value to start from, or an object of another class with `data`, `grad`, `_prev` and `_op`.
        labels: Names for Values: a dict such as `{"a": a}` or `locals()`, or a Module. A Module names its parameters,
            in a dict after itself: `model.layers.0.neurons.1.b`. A name in a dict goes before the `label` of a Value,
            and that before a Module's.
        rankdir: The direction that edges point: "LR" to the right, or "TB" from the top to the bottom.
        most: The largest graph that is to be drawn with a box for each Value.

    Returns:
        The drawing.

    Raises:
        TypeError: If `root` is not a Value nor like one, or `labels` are neither a dict nor a Module.
        ValueError: If `rankdir` is neither of the two.

    Example:
        >>> from micrograd.engine import Value
        >>> a = Value(3.0)
        >>> b = a * a
        >>> b.backward()
        >>> drawing = draw(b, labels={"a": a, "b": b})
        >>> drawing.svg.count("class='box'")
        2
    """
    if rankdir not in _RANKDIRS:
        raise ValueError(f"rankdir is one of {', '.join(_RANKDIRS)}, got {rankdir!r}")
    return picture(read(root, labels), rankdir, most)


def picture(nodes: Sequence[Node], rankdir: str, most: int) -> Drawing:
    """The drawing of a graph, as `read` returns it; see `draw`."""
    about = text.counted(len(nodes), "value")
    if len(nodes) <= most:
        scene = compose([of_node(node) for node in nodes], edges_of(nodes), rankdir)
        plain = [replace(node, value=None) for node in nodes]  # what was read, without the Values it was read from
        as_dot = partial(dot.of_nodes, plain, rankdir)
    else:
        levels = less_and_less_detailed(nodes)
        boxes = next(levels)
        scene = compose(*boxes, rankdir)
        while max(scene.view) > _LONGEST and (coarser := next(levels, None)):
            boxes, scene = coarser, compose(*coarser, rankdir)
        as_dot = partial(dot.of_records, *boxes, rankdir)
        about += f" in {text.counted(len(boxes[0]), 'box', 'boxes')}"
    return Drawing(frame(*scene, f"A graph of {about}"), scene, as_dot, about)
