"""The graph as a picture that a notebook shows, and that can be saved as .svg, .png and .dot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from micrograd.engine.files import write
from micrograd.viz import cards, dot, png, text
from micrograd.viz.cards import Card
from micrograd.viz.folding import fold
from micrograd.viz.graph import Node, read
from micrograd.viz.scene import Scene, compose, scene
from micrograd.viz.style import LIGHT, STYLE
from micrograd.viz.summary import MOST_BOXES, summarise
from micrograd.viz.text import Labels

MOST_NODES = 40
"""The largest graph that `draw` shows with a box for each Value, unless it is told otherwise."""

MOST_FOLDED = 300
"""The largest graph that it shows with a box for each neuron. In a larger one a box stands for many."""

_FEW_BOXES = 16  # for a graph that is deep, and would be too long otherwise
_LONGEST = 3000.0  # a side of a picture that can be read while a screen shows all of it

_FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
_RANKDIRS = ("LR", "TB")


@dataclass(frozen=True, slots=True, repr=False)
class Drawing:
    """A picture. A notebook shows it by itself, elsewhere `save` makes a file of it.

    Attributes:
        svg: The picture as SVG text, for light and dark pages. It has no ids, so a page can hold several.
        dot: The same boxes and edges as DOT text.
    """

    svg: str
    dot: str
    _scene: Scene
    _about: str

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
            _, _, width, height = self._scene.view
            write(path, png.rasterise(frame(self._scene, "", style="", fonts=png.FONT), width, height))
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
    nodes = read(root, labels)
    about = text.some(len(nodes), "value")
    if len(nodes) <= most:
        picture, words = scene(nodes, rankdir), dot.of_nodes(nodes, rankdir)
    else:
        levels = _less_and_less_detailed(nodes)
        boxes = next(levels)
        picture = compose(*boxes, rankdir)
        while max(picture.view) > _LONGEST and (coarser := next(levels, None)):
            boxes, picture = coarser, compose(*coarser, rankdir)
        words = dot.of_cards(*boxes, rankdir)
        about += f" in {text.some(len(boxes[0]), 'box', 'boxes')}"
    return Drawing(frame(picture, f"A graph of {about}"), words, picture, about)


def _less_and_less_detailed(nodes: Sequence[Node]) -> Iterator[tuple[list[Card], list[tuple[int, int]]]]:
    """The cards to draw a graph with that is too large for one for each Value, and the edges between them."""
    if len(nodes) <= MOST_FOLDED:
        folds, edges = fold(nodes)
        if len(folds) <= MOST_BOXES:
            yield [cards.of_fold(each, nodes) for each in folds], edges
    for most in (MOST_BOXES, _FEW_BOXES):
        summary = summarise(nodes, most)
        yield [cards.of_box(box) for box in summary.boxes], list(summary.edges)


def frame(scene: Scene, title: str, *, style: str = STYLE, fonts: str = _FONTS) -> str:
    """Make a scene a complete SVG.

    Args:
        scene: What to show.
        title: What a screen reader says; without `<`, `&` and quotes.
        style: The style sheet; empty for programs that know none.
        fonts: The names of fonts, the best one first.

    Returns:
        The SVG text.
    """
    x, y, width, height = scene.view
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' class='micrograd' width='{width:g}' height='{height:g}' "
        f"viewBox='{x:g} {y:g} {width:g} {height:g}' role='img' aria-label='{title}' "
        f"font-family='{fonts}' font-size='13'>\n"
        f"<style>{style}</style>\n"
        f"<rect class='paper' x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' fill='{LIGHT['paper']}'/>\n"
        f"{scene.markup}</svg>\n"
    )
