"""The graph as a picture: one box for each Value, drawn as SVG in pure Python."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from os import PathLike
from pathlib import Path

from micrograd.engine import Value
from micrograd.viz import text
from micrograd.viz.files import write
from micrograd.viz.graph import trace
from micrograd.viz.layout import Point, layout

MOST_NODES = 500
"""The largest graph that `draw` takes. Beyond it nobody can read a box."""

_WIDTH, _HEIGHT, _STRIP, _MARGIN = 124.0, 66.0, 22.0, 16.0
_LETTER = 7.2  # the usual width of a letter of a label
_LONGEST = 30  # letters of a label; the whole of it shows when the pointer rests on the box

_INK, _FAINT, _LINE, _PAPER = "#1f2937", "#6b7280", "#94a3b8", "#ffffff"
_WRONG = "#dc2626"  # for inf and nan
_POSITIVE, _NEGATIVE = (29, 78, 160), (180, 83, 9)  # blue and orange, which colour-blind people tell apart


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture. A notebook shows it by itself.

    Attributes:
        svg: The picture as SVG text.
    """

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file. A file that is there already is replaced in one piece, or not at all.

        Args:
            path: A path that ends in `.svg`.

        Raises:
            ValueError: If the path ends otherwise.
            OSError: If the file cannot be written.
        """
        if Path(path).suffix.lower() != ".svg":
            raise ValueError(f"a drawing is saved to a file that ends in .svg, got {str(path)!r}")
        write(Path(path), self.svg)


def draw(root: Value, labels: Mapping[str, object] | None = None) -> Drawing:
    """Draw the graph behind `root`, operands on the left and `root` on the right.

    A box shows the name of a Value if it has one, its operation, its data, and its gradient on a strip: blue if it is
    positive, orange if it is negative, the stronger the larger it is beside the others. A box is red if its data or
    gradient is inf or nan.

    Args:
        root: The Value to start from.
        labels: Names for Values, such as `{"a": a}`, `locals()` or `dict(model.named_parameters())`.

    Returns:
        The drawing.

    Raises:
        TypeError: If `root` is not a Value.
        ValueError: If the graph has more than `MOST_NODES` nodes.

    Example:
        >>> a = Value(3.0)
        >>> b = a * a
        >>> b.backward()
        >>> drawing = draw(b, labels={"a": a, "b": b})
        >>> drawing.svg.count("<rect class='box'")
        2
    """
    nodes, edges = trace(root)
    if len(nodes) > MOST_NODES:
        raise ValueError(f"draw takes graphs of up to {MOST_NODES} nodes, got {len(nodes)}: draw a smaller part of it")
    named = text.names(labels)
    position = {node: i for i, node in enumerate(nodes)}
    sizes = [(_width(named.get(node, ""), node._op), _HEIGHT) for node in nodes]
    picture = layout(sizes, [(position[operand], position[node]) for operand, node in edges])
    largest = max((abs(node.grad) for node in nodes if math.isfinite(node.grad)), default=0.0)

    width, height = picture.width + 2 * _MARGIN, picture.height + 2 * _MARGIN
    arrows = [_arrow(route) for route in picture.routes]
    boxes = [
        _box(node, named.get(node, ""), centre, size[0], _shade(node.grad, largest))
        for node, centre, size in zip(nodes, picture.centres, sizes, strict=True)
    ]
    return Drawing(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:g}' height='{height:g}' "
        f"viewBox='{-_MARGIN:g} {-_MARGIN:g} {width:g} {height:g}' "
        f"role='img' aria-label='A graph of {len(nodes)} values' "
        f"font-family='system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif' font-size='13' "
        f"style='font-variant-numeric: tabular-nums'>\n"
        f"<rect x='{-_MARGIN:g}' y='{-_MARGIN:g}' width='{width:g}' height='{height:g}' fill='{_PAPER}'/>\n"
        f"<g fill='none' stroke='{_LINE}' stroke-width='1.5' stroke-linejoin='round'>\n{''.join(arrows)}</g>\n"
        f"{''.join(boxes)}</svg>\n"
    )


def _width(label: str, op: str) -> float:
    return max(_WIDTH, _LETTER * (len(_shorten(label)) + len(op)) + 36)


def _shorten(label: str) -> str:
    line = " ".join(label.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _shade(grad: float, largest: float) -> tuple[str, str]:
    """The colour of a gradient's strip, and of the writing on it."""
    if not math.isfinite(grad):
        return _WRONG, _PAPER
    if grad == 0:
        return "#f1f5f9", "#4b5563"
    strength = 0.12 + 0.88 * math.sqrt(abs(grad) / largest)
    colour = [round(255 + (full - 255) * strength) for full in (_POSITIVE if grad > 0 else _NEGATIVE)]
    return "#{:02x}{:02x}{:02x}".format(*colour), _PAPER if _luminance(colour) < 0.179 else "#000000"


def _luminance(colour: list[int]) -> float:
    """How bright a colour looks, 0 to 1, as WCAG 2 defines it: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _box(node: Value, label: str, centre: Point, width: float, shade: tuple[str, str]) -> str:
    x, y = centre[0] - width / 2, centre[1] - _HEIGHT / 2
    wrong = not (math.isfinite(node.data) and math.isfinite(node.grad))
    title = "\n".join(filter(None, (label, node._op, f"data {node.data!r}", f"grad {node.grad!r}")))
    fill, ink = shade
    left, right, fold = 10, width - 10, _HEIGHT - _STRIP
    return (
        f"<g transform='translate({x:.1f} {y:.1f})'><title>{escape(title)}</title>\n"
        f"<rect class='box' width='{width:.1f}' height='{_HEIGHT:g}' rx='8' fill='{_PAPER}'/>\n"
        f"<path d='M0 {fold:g}H{width:.1f}V{_HEIGHT - 8:g}a8 8 0 0 1 -8 8H8a8 8 0 0 1 -8 -8z' fill='{fill}'/>\n"
        f"<rect width='{width:.1f}' height='{_HEIGHT:g}' rx='8' fill='none' "
        f"stroke='{_WRONG if wrong else _LINE}' stroke-width='{2 if wrong else 1}'/>\n"
        f"{_write(_shorten(label), left, 18, _INK, bold=True)}"
        f"{_write(_sign(node._op), right, 18, _INK, bold=True, end=True)}"
        f"{_write('data', left, 37, _FAINT)}"
        f"{_write(text.number(node.data), right, 37, _INK if math.isfinite(node.data) else _WRONG, end=True)}"
        f"{_write('grad', left, fold + 15.5, ink)}{_write(text.number(node.grad), right, fold + 15.5, ink, end=True)}"
        f"</g>\n"
    )


def _write(words: str, x: float, y: float, fill: str, *, bold: bool = False, end: bool = False) -> str:
    style = " font-weight='600'" * bold + " text-anchor='end'" * end
    return f"<text x='{x:.1f}' y='{y:g}' fill='{fill}'{style}>{escape(words)}</text>\n" if words else ""


def _sign(op: str) -> str:
    """The operation as it is written by hand."""
    return "\N{MULTIPLICATION SIGN}" if op == "*" else op


def _arrow(route: list[Point]) -> str:
    """A line along the points, bent between columns, with its head at the last."""
    (x, y), (tip, level) = route[0], route[-1]
    path = f"M{x:.1f} {y:.1f}"
    for (x0, y0), (x1, y1) in pairwise(route):
        middle = (x0 + x1) / 2
        path += f"H{x1:.1f}" if y0 == y1 else f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return f"<path d='{path}M{tip - 6:.1f} {level - 4:.1f}L{tip:.1f} {level:.1f}L{tip - 6:.1f} {level + 4:.1f}'/>\n"
