"""The parts of a picture as SVG: a box, an edge, and the frame around all of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from micrograd.viz.drawing.layout import Point
from micrograd.viz.style import LIGHT, STRIPS, STYLE, sign, strength
from micrograd.viz.summary.records import LINE, PADDING, STRIP, Record

_BASE = 18.0  # from the top of a box down to the letters of its first line
_FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


def box(index: int, record: Record, centre: Point, largest: float) -> str:
    """Draw a record.

    Args:
        index: Its place among the nodes.
        record: What is written in it.
        centre: The middle of the box.
        largest: The size of the largest finite gradient in the picture.

    Returns:
        A group of class `node`, with the class of the gradient's `sign`, and `wrong` if a number is inf or nan.
    """
    (width, height), shade = record.size, sign(record.shade)
    x, y, fold = centre[0] - width / 2, centre[1] - height / 2, height - STRIP
    frame = f"width='{width:.1f}' height='{height:g}' rx='8'"
    if record.wrong:
        border = f"stroke='{LIGHT['wrong']}' stroke-width='2.5' stroke-dasharray='7 3'"
    else:
        border = f"stroke='{LIGHT['line']}'"
    lines = [
        _line(record.label, record.op, width, _BASE, "label", "op"),
        *(
            _line(*words, width, _BASE + LINE * i, "caption", "data")
            for i, words in enumerate(record.lines, start=record.has_heading)
        ),
        _line("grad", record.grad, width, fold + 15.5, "unit", "grad"),
    ]
    return (
        f"<g class='node {shade}{' wrong' * record.wrong}' data-node='{index}' transform='translate({x:.1f} {y:.1f})'>"
        f"<title>{escape(record.title)}</title>\n"
        f"{_pile(frame) * record.several}"
        f"<rect class='box' {frame} fill='{LIGHT['box']}'/>\n"
        f"<path class='strip' d='M0 {fold:g}H{width:.1f}v{STRIP - 8:g}a8 8 0 0 1 -8 8H8a8 8 0 0 1 -8 -8z' "
        f"fill='{LIGHT[STRIPS[shade]]}' fill-opacity='{strength(record.shade, largest):g}'/>\n"
        f"<rect class='border' {frame} fill='none' {border}/>\n"
        f"{''.join(lines)}{_warning(width) * record.wrong}</g>\n"
    )


def _pile(frame: str) -> str:
    """The edges of two more boxes that lie behind."""
    return "".join(
        f"<rect class='box pile' x='{shift}' y='{shift}' {frame} fill='{LIGHT['box']}' stroke='{LIGHT['line']}'/>\n"
        for shift in (6, 3)
    )


def _line(left: str, right: str, width: float, y: float, left_class: str, right_class: str) -> str:
    return _write(left, left_class, f"x='{PADDING:g}' y='{y:g}'") + _write(
        right, right_class, f"x='{width - PADDING:.1f}' y='{y:g}' text-anchor='end'"
    )


def _write(words: str, name: str, place: str) -> str:
    return f"<text class='{name}' {place}{_ATTRIBUTES.get(name, '')}>{escape(words)}</text>\n" if words else ""


_ATTRIBUTES = {
    "label": " font-weight='600'",
    "op": f" font-weight='600' font-size='14' fill='{LIGHT['faint']}'",
    "caption": f" fill='{LIGHT['faint']}'",
}


def _warning(width: float) -> str:
    """A triangle with an exclamation mark, on the upper edge of a box."""
    middle = width / 2
    return (
        f"<path class='badge' d='M{middle - 10:.1f} 7l10 -17l10 17z' fill='{LIGHT['wrong']}'/>"
        f"<path class='mark' d='M{middle:.1f} -4v5.5m0 2v2' stroke='{LIGHT['paper']}' stroke-width='2'/>\n"
    )


def edge(index: int, route: Sequence[Point], downwards: bool) -> str:
    """Draw a line along the points, bent between columns, with its head at the last.

    Args:
        index: The place of the edge among the edges.
        route: The points: how far ahead, and how far aside.
        downwards: Whether ahead is down, and the line bent between rows, rather than to the right.

    Returns:
        A path of class `edge`.
    """

    def point(ahead: float, aside: float) -> str:
        return f"{aside:.1f} {ahead:.1f}" if downwards else f"{ahead:.1f} {aside:.1f}"

    path = f"M{point(*route[0])}"
    for (ahead, aside), (ahead2, aside2) in pairwise(route):
        middle = (ahead + ahead2) / 2
        bend = f"C{point(middle, aside)} {point(middle, aside2)} {point(ahead2, aside2)}"
        path += f"L{point(ahead2, aside2)}" if aside == aside2 else bend
    tip, aside = route[-1]
    path += f"M{point(tip - 6, aside - 4)}L{point(tip, aside)}L{point(tip - 6, aside + 4)}"
    return f"<path class='edge' data-edge='{index}' d='{path}'/>\n"


def frame(
    markup: str, view: tuple[float, float, float, float], title: str = "", *, style: str = STYLE, fonts: str = _FONTS
) -> str:
    """Make a complete SVG of boxes and edges.

    Args:
        markup: What to show.
        view: Left, top, width and height of it.
        title: What a screen reader says; without `<`, `&` and quotes.
        style: The style sheet; empty for programs that know none.
        fonts: The names of fonts, the best one first.

    Returns:
        The SVG text.
    """
    x, y, width, height = view
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' class='micrograd' width='{width:g}' height='{height:g}' "
        f"viewBox='{x:g} {y:g} {width:g} {height:g}' role='img' aria-label='{title}' "
        f"font-family='{fonts}' font-size='13'>\n"
        f"<style>{style}</style>\n"
        f"<rect class='paper' x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' fill='{LIGHT['paper']}'/>\n"
        f"{markup}</svg>\n"
    )
