"""Draws a plot: what is in its frame, and what is around it."""

from .artists import Frame
from .axes import Axes
from .axis import PAD, TICK
from .svg import SIZE, at, element, path, text

TITLE = 12.0
"""How large the letters of a title are."""

Room = tuple[float, float, float, float]
"""How much is needed at the left of a frame, at the right, above and below."""


def inside(axes: Axes, width: float, height: float) -> str:
    """What is in the frame, and nothing beyond it: the twin's behind, then its own, then the legend."""
    frame = Frame(axes.range_x.view(), axes.range_y.view(), width, height)
    level = 0.5 if axes.net_below else 1.5
    things = [(artist.zorder, artist.draw(frame)) for artist in axes.artists] + [(level, net(axes, frame))]
    drawn = [thing for _, thing in sorted(things, key=lambda pair: pair[0])]
    behind = inside(axes.twin, width, height) if axes.twin else ""
    key = axes.key.draw(frame, axes.artists) if axes.key else ""
    return behind + element("svg", *drawn, width=width, height=height, overflow="hidden") + key


def net(axes: Axes, frame: Frame) -> str:
    """The lines at the ticks."""
    if not axes.net:
        return ""
    across = [tick.at * frame.width for tick in axes.xaxis.along(frame.x, frame.width) if tick.length == TICK]
    up = [(1 - tick.at) * frame.height for tick in axes.yaxis.upwards(frame.y, frame.height) if tick.length == TICK]
    lines = [[(x, 0.0), (x, frame.height)] for x in across] + [[(0.0, y), (frame.width, y)] for y in up]
    return element("path", d="".join(map(path, lines)), **axes.net)


def around(axes: Axes, width: float, height: float) -> tuple[str, Room]:
    """The frame and what is around it, from its upper left corner; and how much room that needs."""
    below, low = axes.xaxis.below(axes.range_x.view(), width)
    beside, left = axes.yaxis.beside(axes.range_y.view(), height)
    drawn = [border(axes, width, height), at(0.0, height, below), beside]
    right, top = SIZE, SIZE / 2  # for the numbers at the ends
    if axes.twin:
        beside, right = axes.twin.yaxis.beside(axes.twin.range_y.view(), height, right=True)
        drawn.append(at(width, 0.0, beside))
    if axes.colour_bar:
        bar, right = axes.colour_bar.draw(height)
        drawn.append(at(width, 0.0, bar))
    if axes.title:
        drawn.append(text(axes.title, width / 2, -PAD, size=TITLE, ha="center", va="bottom"))
        top = PAD + 1.2 * TITLE
    return "".join(drawn), (left, right, top, low)


def border(axes: Axes, width: float, height: float) -> str:
    """The sides of the frame that are to be seen."""
    a, b, c, d = (0.0, 0.0), (width, 0.0), (width, height), (0.0, height)
    lines = {"left": [d, a], "right": [b, c], "top": [a, b], "bottom": [c, d]}
    shown = [(lines[name], side["colour"]) for name, side in axes.spines.items() if side["visible"]]
    style = {"stroke_width": 0.8, "stroke_linecap": "square"}
    return "".join(element("path", d=path(line), stroke=colour, **style) for line, colour in shown)
