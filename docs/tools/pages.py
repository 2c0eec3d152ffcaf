"""A page as parts, and its code as a notebook runs it: what each block prints, and the pictures that it shows.

What a line prints stands behind it, `print(a.data)  # 3.0`, or in a block of text below the code.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from inlining import inline

PART = re.compile(
    r"""
    ^```python\n (?P<code>.*?) ^```\n (?: \n ^```text\n (?P<output>.*?) ^```\n )?
    | ^\?\?\?[ ]success[ ]"Answer"\n (?P<answer> (?: \n | [ ]{4}[^\n]*\n )+ )
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
PROMISE = re.compile(r"^ *print\(.*\)  # (.+\n)", re.MULTILINE)
STYLE = {"figure.figsize": (5.5, 3.6), "font.family": "sans-serif", "svg.fonttype": "none"}


@dataclass(frozen=True)
class Prose:
    """Markdown without code that runs."""

    source: str


@dataclass(frozen=True)
class Code:
    """A block of Python, the text block below it, and the line of the page that it starts in."""

    source: str
    code: str
    output: str
    line: int

    @property
    def promised(self) -> str:
        """What it prints, according to the page."""
        return "".join(PROMISE.findall(self.code)) + self.output


@dataclass(frozen=True)
class Answer:
    """The hidden answer of an exercise, with its Markdown."""

    source: str
    markdown: str


Part = Prose | Code | Answer


@dataclass(frozen=True)
class Plot:
    """A figure of matplotlib, as a drawing of a graph is one."""

    svg: str


def parts(markdown: str) -> list[Part]:
    """Take a page apart. The `source` of all parts together is the page again."""
    found: list[Part] = []
    end = 0
    for match in PART.finditer(markdown):
        if markdown[end : match.start()]:
            found.append(Prose(markdown[end : match.start()]))
        end = match.end()
        if match["answer"] is None:
            line = markdown.count("\n", 0, match.start("code")) + 1
            found.append(Code(match[0], match["code"], match["output"] or "", line))
        else:
            found.append(Answer(match[0], textwrap.dedent(match["answer"]).strip("\n") + "\n"))
    return [*found, Prose(markdown[end:])] if markdown[end:] else found


def fenced(code: str) -> str:
    """Code as a block of Markdown."""
    return f"```python\n{code}```\n"


def run(page: list[Part], namespace: dict[str, Any], name: str) -> Iterator[tuple[Part, list[Any]]]:
    """Run the code of a page in `namespace`, but for the answers: nothing builds on them.

    Args:
        page: Its parts.
        namespace: The variables that are there. Those of the page are added.
        name: What tracebacks call the page.

    Yields:
        Each part when it has run, and the pictures below it: plots and drawings have an `svg`, films an `html`.

    Raises:
        ValueError: If a block prints something else than the page says.
    """
    lines: list[str] = []
    for part in page:
        if isinstance(part, Code):  # for tracebacks, and for whoever else wants to show a line
            lines += ["\n"] * (part.line - 1 - len(lines)) + part.code.splitlines(keepends=True)
    linecache.cache[name] = len(lines), None, lines, name
    for part in page:
        pictures: list[Any] = []
        if isinstance(part, Code):
            printed, pictures = execute(part, namespace, name)
            if printed != part.promised:
                raise ValueError(f"this code\n\n{part.code}\nprints\n\n{printed}\nand the text says\n\n{part.promised}")
        yield part, pictures


def execute(block: Code, namespace: dict[str, Any], name: str) -> tuple[str, list[Any]]:
    """Run a block as a notebook does; gives what it printed, and the pictures that a notebook would show below it."""
    tree = ast.increment_lineno(ast.parse(block.code, name), block.line - 1)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed, plots(salt=block.code) as pictures:
        exec(compile(tree, name, "exec"), namespace)
        if last:
            shown = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
            pictures += [shown] if hasattr(shown, "svg") or hasattr(shown, "html") else []
    return printed.getvalue(), pictures


@contextlib.contextmanager
def plots(salt: str) -> Iterator[list[Any]]:
    """Collect the figures that are drawn with matplotlib. Their ids are made of `salt`."""
    pictures: list[Any] = []
    with warnings.catch_warnings(), mpl.rc_context(STYLE | {"svg.hashsalt": salt}):
        warnings.filterwarnings("ignore", message=".*non-interactive")  # plt.show() needs no window here
        plt.switch_backend("agg")
        try:
            yield pictures
            for number in plt.get_fignums():
                drawn = io.StringIO()
                plt.figure(number).savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
                pictures.append(Plot(inline(drawn.getvalue())))
        finally:
            plt.close("all")
