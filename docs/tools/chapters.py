"""The chapters of the tutorial: the parts of a page, and what the code in it prints and draws."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

FOLDER = Path(__file__).parents[1] / "tutorial"
PAGES = [FOLDER / "index.md", *sorted(FOLDER.glob("[0-9]*.md"))]
"""The first page, and the chapters in their order."""

PART = re.compile(
    r"""
    ^```python\n (?P<code>.*?) ^```\n (?: \n ^```text\n (?P<output>.*?) ^```\n )?
    | ^\?\?\?[ ]success[ ]"Answer"\n (?P<answer> (?: \n | [ ]{4}[^\n]*\n )+ )
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True)
class Prose:
    """Markdown without code that runs."""

    source: str


@dataclass(frozen=True)
class Code:
    """A block of Python, and what it prints according to the text block below it."""

    source: str
    code: str
    output: str


@dataclass(frozen=True)
class Answer:
    """The hidden answer of an exercise, with its Markdown."""

    source: str
    markdown: str


Part = Prose | Code | Answer


def parts(markdown: str) -> list[Part]:
    """Take a page apart. The `source` of all parts together is the page again."""
    found: list[Part] = []
    end = 0
    for match in PART.finditer(markdown):
        if markdown[end : match.start()]:
            found.append(Prose(markdown[end : match.start()]))
        end = match.end()
        if match["answer"] is None:
            found.append(Code(match[0], match["code"], match["output"] or ""))
        else:
            found.append(Answer(match[0], textwrap.dedent(match["answer"]).strip("\n") + "\n"))
    return [*found, Prose(markdown[end:])] if markdown[end:] else found


def run(page: list[Part], namespace: dict[str, Any]) -> Iterator[tuple[Part, list[str]]]:
    """Run the code of a page in `namespace`, but for the answers: nothing builds on them.

    Yields:
        Each part when it has run, and the pictures that it drew, as SVG.

    Raises:
        ValueError: If a block prints something else than the text says.
    """
    for part in page:
        pictures: list[str] = []
        if isinstance(part, Code):
            printed, pictures = execute(part.code, namespace)
            if printed != part.output:
                raise ValueError(f"this code\n\n{part.code}\nprints\n\n{printed}\nand the text says\n\n{part.output}")
        yield part, pictures


def code_before(page: list[Part], earlier: list[list[Part]]) -> str:
    """The imports, functions and classes of the earlier chapters that a chapter needs, each as it was last defined."""
    code = "".join(part.code for chapter in earlier for part in chapter if isinstance(part, Code))
    defined: dict[str, ast.stmt] = {}
    for statement in ast.parse(code).body:
        for name in defined_by(statement):
            defined.pop(name, None)
            defined[name] = statement
    needed: set[str] = set()
    todo = names(ast.parse("".join(part.code for part in all_code(page))))
    while todo:
        needed |= todo
        todo = {used for name in todo if name in defined for used in names(defined[name])} - needed
    statements = dict.fromkeys(statement for name, statement in defined.items() if name in needed)
    sources = [re.sub(r"  # new.*", "", ast.get_source_segment(code, statement) or "") for statement in statements]
    imports = [source for source in sources if source.startswith(("import ", "from "))]
    return "\n\n\n".join(["\n".join(imports), *(source for source in sources if source not in imports)]).lstrip()


def defined_by(statement: ast.stmt) -> list[str]:
    """The names that an import, a function or a class brings; none for other statements."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return [statement.name] if isinstance(statement, ast.FunctionDef | ast.ClassDef) else []


def all_code(page: list[Part]) -> Iterator[Code]:
    """The code of a page and of its answers."""
    for part in page:
        if isinstance(part, Code):
            yield part
        elif isinstance(part, Answer):
            yield from all_code(parts(part.markdown))


def names(tree: ast.AST) -> set[str]:
    """All names that code mentions."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def execute(code: str, namespace: dict[str, Any]) -> tuple[str, list[str]]:
    """Run a block as a notebook does; gives what it printed, and the pictures that a notebook would show below it."""
    *statements, last = ast.parse(code).body
    with contextlib.redirect_stdout(io.StringIO()) as printed, figures(code) as pictures:
        if isinstance(last, ast.Expr):
            exec(compile(ast.Module(statements, []), "<tutorial>", "exec"), namespace)
            shown = eval(compile(ast.Expression(last.value), "<tutorial>", "eval"), namespace)
            pictures += [shown.svg] if hasattr(shown, "svg") else []
        else:
            exec(compile(code, "<tutorial>", "exec"), namespace)
    return printed.getvalue(), pictures


@contextlib.contextmanager
def figures(code: str) -> Iterator[list[str]]:
    """Collect the figures that `code` draws with matplotlib, with ids of their own."""
    pictures: list[str] = []
    style = {
        "figure.figsize": (5.5, 3.6),
        "font.family": "sans-serif",
        "svg.fonttype": "none",
        "svg.hashsalt": code,
    }
    with warnings.catch_warnings(), mpl.rc_context(style):
        warnings.filterwarnings("ignore", message=".*non-interactive")  # plt.show() needs no window here
        plt.switch_backend("agg")
        try:
            yield pictures
            for number in plt.get_fignums():
                drawn = io.StringIO()
                plt.figure(number).savefig(drawn, format="svg", bbox_inches="tight", metadata={"Date": None})
                pictures.append(inline(drawn.getvalue()))
        finally:
            plt.close("all")


def inline(svg: str) -> str:
    """Make a figure's SVG fit for a page: no header, no ids that others have too, and never wider than the page."""
    svg = svg[svg.index("<svg ") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    return svg.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)
