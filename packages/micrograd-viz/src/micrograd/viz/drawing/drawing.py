"""The graph as a picture that a notebook shows, and that can be saved as .svg, .png, .dot and .html."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

from micrograd.engine.files import write
from micrograd.viz import text
from micrograd.viz.drawing import dot, png
from micrograd.viz.drawing.page import in_frame, page
from micrograd.viz.drawing.scene import compose
from micrograd.viz.drawing.svg import frame
from micrograd.viz.drawing.views import MOST_NODES, View, views
from micrograd.viz.graph import Node, edges_of, read
from micrograd.viz.labels import Labels
from micrograd.viz.summary import MOST_FOLDED, Parts, Record, less_and_less_detailed, of_node

_LONGEST = 3000.0  # a side of a picture that can be read while a screen shows all of it

_RANKDIRS = ("LR", "TB")


@dataclass(frozen=True, slots=True, repr=False)
class Drawing:
    """A picture. A notebook shows it by itself, elsewhere `save` makes a file of it.

    Attributes:
        svg: The picture as SVG text, for light and dark pages. It has no ids, so a page can hold several.
    """

    svg: str
    _whole: View
    _views: Callable[[], Iterator[View]] = field(compare=False)
    _dot: Callable[[], str] = field(compare=False)
    _about: str

    @property
    def opens(self) -> bool:
        """Whether there are boxes with more inside. On its page they open."""
        return any(box.inside is not None for box in self._whole.boxes)

    @property
    def html(self) -> str:
        """The same as an HTML page that needs nothing else, on which one can zoom, and open boxes."""
        return page([*self._views()], f"A graph of {self._about}")

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
        shown = {"image/svg+xml": self.svg, "text/plain": repr(self)}
        if self.opens:
            height = self._whole.scene.view[3]
            shown["text/html"] = in_frame(self.html, "A graph whose boxes open", min(max(round(height), 360), 640))
        return shown, {"image/svg+xml": {"unconfined": True}}

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file: what was there is replaced as a whole, or not at all.

        Args:
            path: A path that ends in `.svg`, `.png`, `.dot` or `.html`. A PNG has two pixels for each unit of the SVG,
                and the colours for light paper. On an HTML page one can zoom, and open boxes.

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
        elif suffix == ".html":
            write(path, self.html)
        elif suffix == ".png":
            markup, view = self._whole.scene
            write(path, png.rasterise(frame(markup, view, style="", fonts=png.FONT), *view[2:]))
        else:
            raise ValueError(f"a drawing is saved to a file that ends in .svg, .png, .dot or .html, got {str(path)!r}")


def draw(root: Any, labels: Labels = None, rankdir: str = "LR", *, most: int = MOST_NODES) -> Drawing:
    """Draw the graph behind `root`: operands first, `root` last.

    A box shows the name of a Value if it has one, its operation, its data, and its gradient on a strip: blue if it is
    positive, orange if it is negative, the stronger the larger it is beside the others. A Value whose data or gradient
    is inf or nan has a dashed red border and a warning sign.

    Larger graphs are drawn in boxes, so that they fit a page and can be read. A graph of 30 to 300 Values that would
    not fit is parted into neurons with their weights, or layers, or pieces of what is neither; in a notebook and in a
    file that ends in `.html`, a box opens on a click and shows what is in it. In a larger graph a box stands for many
    of the same kind, and shows how many there are, and the range of their numbers.

    Args:
        root: The Value to start from, or an object of another class with `data`, `grad`, `_prev` and `_op`.
        labels: Names for Values: a dict such as `{"a": a}` or `locals()`, or a Module. A Module names its parameters,
            in a dict after itself: `model.layers.0.neurons.1.b`; and a list, a dict or an array in it what it holds:
            `x.0`. A name in a dict goes before the `label` of a Value, and that before those of Modules and lists.
        rankdir: The direction that edges point: "LR" to the right, or "TB" from the top to the bottom.
        most: The largest graph that is drawn with a box for each Value, however much room that takes.

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
    nodes = [replace(node, value=None) for node in nodes]  # a drawing keeps no Values
    about = text.counted(len(nodes), "value")
    if most < len(nodes) <= MOST_FOLDED:
        every = partial(views, Parts(nodes), rankdir=rankdir, most=most, listed=True)
        whole = next(every())
    else:
        whole = _without_parts(nodes, rankdir, most)
        every = partial(iter, [whole])
    if len(whole.records) < len(nodes):
        as_dot = partial(dot.of_records, whole.records, whole.edges, rankdir)
        about += f" in {text.counted(len(whole.records), 'box', 'boxes')}"
    else:
        as_dot = partial(dot.of_nodes, nodes, rankdir)
    return Drawing(frame(*whole.scene, f"A graph of {about}"), whole, every, as_dot, about)


def _without_parts(nodes: Sequence[Node], rankdir: str, most: int) -> View:
    """The picture of a graph in which nothing opens: it is small, or too large for that."""

    def view(records: list[Record], edges: list[tuple[int, int]]) -> View:
        return View(compose(records, edges, rankdir), records, edges)

    if len(nodes) <= most:
        return view([of_node(node) for node in nodes], edges_of(nodes))
    levels = less_and_less_detailed(nodes)
    whole = view(*next(levels))
    while max(whole.scene.view) > _LONGEST and (coarser := next(levels, None)):
        whole = view(*coarser)
    return whole
