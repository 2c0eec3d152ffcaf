"""Runs the reader's code in the browser, and shows what it prints and what it ends in."""

import ast
import contextlib
import gc
import io
import linecache
import sys
import traceback
from types import CodeType

import page  # what worker.js offers

from micrograd.engine import Value

FILE = "playground.py"
MOST_TEXT = 100_000


class Stream(io.TextIOBase):
    """Hands text on to the page, line by line."""

    def __init__(self, name: str) -> None:
        self.name, self.line, self.left = name, "", MOST_TEXT

    def write(self, text: str) -> int:
        """Hand on what is complete. Who prints without end gets no more than a page can show."""
        self.line += text
        if "\n" in text:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Hand on what there is."""
        text, self.line = self.line[: self.left], ""
        if text:
            self.left -= len(text)
            page.text(self.name, text if self.left else f"{text}\n… and more, which is not shown.\n")


def run(code: str) -> str:
    """Run code from the top to the bottom, with nothing left of an earlier run.

    Args:
        code: The text of a program. Its last line is shown if it is an expression.

    Returns:
        The error it ended with, in one line; empty if there was none.
    """
    names = {"__name__": "__main__", "show": show}
    linecache.cache[FILE] = (len(code), None, code.splitlines(keepends=True), FILE)  # for the traceback
    failure = None
    with contextlib.redirect_stdout(Stream("out")), contextlib.redirect_stderr(Stream("error")):
        try:
            statements, last = split(code)
            exec(statements, names)
            if last:
                show(eval(last, names))
        except SystemExit:
            pass
        except BaseException as error:
            failure = error  # keeps the frames, and the graphs in them, until these are taken apart
        sys.stdout.flush()
        message = print_traceback(failure) if failure else ""
        sys.stderr.flush()
    take_apart_graphs()
    return message


def split(code: str) -> tuple[CodeType, CodeType | None]:
    """The statements, and apart from them the expression at the end if there is one."""
    tree = ast.parse(code, FILE)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    statements = compile(tree, FILE, "exec", dont_inherit=True)
    return statements, last and compile(ast.Expression(last.value), FILE, "eval", dont_inherit=True)


def show(*things: object) -> None:
    """Show drawings, films, and whatever else a notebook would show as a picture; print the rest.

    Args:
        *things: What to show; None is left out.
    """
    for thing in things:
        sys.stdout.flush()  # text stays above what comes after it
        if isinstance(document := getattr(thing, "html", None), str):
            page.show("film", document)
        elif picture := getattr(thing, "_repr_svg_", None) or getattr(thing, "_repr_html_", None):
            page.show("picture", picture())
        elif thing is not None:
            print(repr(thing))


def print_traceback(error: BaseException) -> str:
    """Print the traceback, from the reader's first line on; gives its last line."""
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != FILE:
        frames = frames.tb_next
    traceback.print_exception(error.with_traceback(frames))
    return traceback.format_exception_only(error)[-1].strip()


def take_apart_graphs() -> None:
    """Cut every graph into single Values. Freed as a whole, a deep one would overflow the browser's stack."""
    values = [thing for thing in gc.get_objects() if type(thing) is Value]  # the list keeps them all until the end
    for value in values:
        value.__init__(0.0)  # a leaf, which holds no other Value
