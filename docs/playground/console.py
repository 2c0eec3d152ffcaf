"""What goes from Python to the page and back: text, pictures, and answers of the reader."""

import contextlib
import io
import sys
from collections.abc import Iterator

import page  # what worker.js offers
from pyodide.ffi import can_run_sync, run_sync

MOST_TEXT = 100_000

silent = False
unsaid = ""
"""What was printed last in silence, since the line began: the question where a line is read."""


class Stream(io.TextIOBase):
    """Hands text on to the page, line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.begin()

    def begin(self) -> None:
        """Start with nothing printed, as a program does."""
        self.line, self.left = "", MOST_TEXT

    def write(self, text: str) -> int:
        """Hand on what is complete. Who prints without end gets no more than a page can show."""
        self.line += text
        if "\n" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Hand on what there is."""
        global unsaid
        text, self.line = self.line[: self.left], ""
        if silent:
            unsaid = (unsaid + text).rpartition("\n")[2]
        elif text:
            self.left -= len(text)
            page.text(self.name, text if self.left else f"{text}\n… and more, which is not shown.\n")


def show(*things: object) -> None:
    """Show drawings, films, and whatever else a notebook would show as a picture; print the rest.

    Args:
        *things: What to show; None is left out.
    """
    for thing in things:
        sys.stdout.flush()  # text stays above what comes after it
        if getattr(thing, "opens", True) and isinstance(document := getattr(thing, "html", None), str):
            hand_on("film", document)  # or a drawing whose boxes open
        elif picture := getattr(thing, "_repr_svg_", None) or getattr(thing, "_repr_html_", None):
            hand_on("picture", picture())
        elif thing is not None:
            print(repr(thing))


def hand_on(kind: str, markup: str) -> None:
    """Hand a picture or a film to the page."""
    if not silent:
        page.show(kind, markup)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Leave out what is printed and shown meanwhile."""
    global silent, unsaid
    silent = True
    try:
        yield
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        silent, unsaid = False, ""


class Keyboard(io.TextIOBase):
    """What the reader types, a line at a time. The built-in `input` reads here, too."""

    def readline(self, size: int = -1, /) -> str:
        """Wait for a line.

        Raises:
            RuntimeError: If the browser cannot let Python wait.
        """
        global unsaid
        if unsaid:
            page.text("out", unsaid)
            unsaid = ""
        if can_run_sync():
            return f"{run_sync(page.ask())}\n"
        raise RuntimeError(
            "input() has to wait for an answer, and Python in this browser cannot: Chrome and Edge let it. "
            'Or write the answer into the code: name = "Ada" instead of name = input().'
        )
