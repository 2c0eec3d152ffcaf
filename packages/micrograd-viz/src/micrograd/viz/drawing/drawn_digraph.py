"""A `graphviz.Digraph` that shows itself even where Graphviz's program `dot` is not installed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import graphviz

from micrograd.engine.files import write


class DrawnDigraph(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """Has its SVG drawn already. For all else Graphviz raises its own error, which says what to install."""

    def __init__(self, svg: str, format: str, body: Iterable[str]) -> None:
        super().__init__(filename="Digraph.gv", format=format, body=body)  # that of every nameless Digraph
        self._svg = svg

    def copy(self) -> DrawnDigraph:
        """Another one with the same drawing."""
        return DrawnDigraph(self._svg, self.format, self.body)

    def pipe(self, format: str | None = None, *arguments: Any, encoding: str | None = None, **more: Any) -> Any:
        """The SVG; in other formats what Graphviz makes of it."""
        if (format or self.format) != "svg":
            return super().pipe(format, *arguments, encoding=encoding, **more)
        return self._svg if encoding else self._svg.encode()

    def render(  # pyright: ignore[reportIncompatibleMethodOverride]  # takes no more than one without its name
        self,
        filename: str | os.PathLike[str] | None = None,
        *,
        directory: str | os.PathLike[str] | None = None,
        cleanup: bool = False,
        format: str | None = None,
        **more: Any,
    ) -> str:
        """Write the SVG beside its DOT text, and return its path; in other formats what Graphviz makes of it."""
        if more or (format or self.format) != "svg":
            return str(super().render(filename, directory=directory, cleanup=cleanup, format=format, **more))
        source = Path(self.save(filename, directory=directory))
        write(rendered := source.with_name(f"{source.name}.svg"), self._svg)
        if cleanup:
            source.unlink()
        return str(rendered)
