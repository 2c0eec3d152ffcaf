"""A `graphviz.Digraph` that shows itself even where Graphviz's program `dot` is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import graphviz

from micrograd.engine.files import write
from micrograd.viz.svg import MOST_FOLDED, Drawing, draw
from micrograd.viz.text import Labels


def digraph(root: Any, format: str, rankdir: str, labels: Labels, body: Iterable[str]) -> graphviz.Digraph:
    """Make the Digraph, of a kind that takes its SVG from `draw` if there is no `dot`.

    Args:
        root: The Value to start from, or an object like one.
        format: What `render` of the result writes.
        rankdir: The direction that edges point.
        labels: Names for Values, as for `draw`.
        body: The lines of DOT between the braces.

    Returns:
        The Digraph.
    """
    if shutil.which("dot"):
        return graphviz.Digraph(format=format, body=body)
    return _Drawn(draw(root, labels, "TB" if rankdir in ("TB", "BT") else "LR", most=MOST_FOLDED), format, body)


class _Drawn(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """Has its SVG drawn already. For all else Graphviz raises its own error, which says what to install."""

    def __init__(self, drawing: Drawing, format: str, body: Iterable[str]) -> None:
        super().__init__(filename="Digraph.gv", format=format, body=body)  # that of every nameless Digraph
        self._drawing = drawing

    def copy(self) -> _Drawn:
        return _Drawn(self._drawing, self.format, self.body)

    def pipe(self, format: str | None = None, *arguments: Any, encoding: str | None = None, **more: Any) -> Any:
        if (format or self.format) != "svg":
            return super().pipe(format, *arguments, encoding=encoding, **more)
        return self._drawing.svg if encoding else self._drawing.svg.encode()

    def render(  # pyright: ignore[reportIncompatibleMethodOverride]  # takes no more than one without its name
        self,
        filename: str | os.PathLike[str] | None = None,
        *,
        directory: str | os.PathLike[str] | None = None,
        cleanup: bool = False,
        format: str | None = None,
        **more: Any,
    ) -> str:
        if more or (format or self.format) != "svg":
            return str(super().render(filename, directory=directory, cleanup=cleanup, format=format, **more))
        source = Path(self.save(filename, directory=directory))
        write(rendered := source.with_name(f"{source.name}.svg"), self._drawing.svg)
        if cleanup:
            source.unlink()
        return str(rendered)
