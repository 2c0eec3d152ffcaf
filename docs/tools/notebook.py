"""Write the chapters of the tutorial as one Jupyter notebook: `python docs/tools/notebook.py`.

The notebook has no outputs: whoever opens it predicts, runs, and sees. An exercise is a cell that begins as in the
playground, and a folded one that checks the answer. Of a page is left out what stands between `<!-- site -->` and
`<!-- /site -->`, and what stands in a comment, `<!-- notebook ... -->`, is put in.
"""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chapters
import exercises
from exercises import Exercise
from pages import Answer, Code, parts

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "autograd_build_along.ipynb"

SITE = re.compile(r"<!-- site -->\n.*?<!-- /site -->\n", re.DOTALL)
OWN = re.compile(r"<!-- notebook\n(.*?)-->\n", re.DOTALL)
ATTRIBUTES = re.compile(r"\{:[^}]*\}|<!-- .*? -->")
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")

CHECK = """\
# Run this cell to check your answer.
try:
{check}
except Exception as wrong:
    print("Not yet:", wrong if isinstance(wrong, AssertionError) else repr(wrong))
else:
    print("Right.")
"""
AGAIN = """

# As in the chapter again, for what follows.
"""


def notebook(site: str | None = None) -> str:
    """The text of the notebook: the same for the same chapters.

    Args:
        site: The address of the site, for a notebook that is downloaded from it; empty if the site does not know its
            address: links then lead to the pages beside the notebook. None for links to the folder `docs`.
    """
    cells = [cell for page in chapters.PAGES for cell in to_cells(page, site)]
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number}"
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return formatted(json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def formatted(book: str) -> str:
    """A notebook with its code in the style of the repository: what is indented may need other lines."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(NOTEBOOK), "-"]
    return subprocess.run(command, input=book, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def to_cells(page: Path, site: str | None) -> Iterator[dict[str, Any]]:
    """The cells that a page becomes, still without ids."""
    checked = iter(exercises.of_chapter(page.stem).values())
    for part in parts(without_site(page.read_text("utf-8"))):
        if isinstance(part, Code):
            yield code_cell(part.code)
        elif isinstance(part, Answer):
            exercise = next(checked)
            yield code_cell(exercise.start)
            yield code_cell(check(exercise, page.name), jupyter={"source_hidden": True}, tags=["check"])
            yield markdown_cell(folded("Hint", exercise.hint), site)
            yield markdown_cell(folded("Answer", part.markdown), site)
        elif part.source.strip():
            yield markdown_cell(part.source, site)


def without_site(markdown: str) -> str:
    """What a page says in the notebook."""
    return OWN.sub(r"\1", SITE.sub("", markdown))


def check(exercise: Exercise, chapter: str) -> str:
    """Code that says whether an answer is right, and then defines what an answer may have defined anew."""
    code = CHECK.format(check=textwrap.indent(exercise.check.strip("\n"), "    "))
    again = chapters.defined_so_far(chapter, set(exercises.assigned(f"{exercise.start}\n{exercise.check}")))
    return f"{code}{AGAIN}{again}\n" if again else code


def folded(name: str, markdown: str) -> str:
    """Markdown that is closed at first."""
    return f"<details>\n<summary>{name}</summary>\n\n{markdown}\n</details>"


def code_cell(code: str, **metadata: Any) -> dict[str, Any]:
    """A cell of Python that has not been run."""
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": lines(code)}


def markdown_cell(text: str, site: str | None) -> dict[str, Any]:
    """A cell of Markdown, without what only the site understands."""

    def link(found: re.Match[str]) -> str:
        """A link of a chapter as one that leads from the notebook to the same place."""
        path = posixpath.normpath(posixpath.join("tutorial", found["path"]))
        if path in HEADINGS:
            return f"]({HEADINGS[path]})"
        if site is None:
            path = f"../docs/{path}"
        else:
            path = f"{site}{path.removesuffix('.md').removesuffix('/index')}/{'' if site else 'index.html'}"
        return f"]({path}{found['anchor'] or ''})"

    return {"cell_type": "markdown", "metadata": {}, "source": lines(LINK.sub(link, ATTRIBUTES.sub("", text)))}


def heading(page: Path) -> str:
    """Where Jupyter has the first heading of a page in the notebook."""
    return "#" + page.read_text("utf-8").partition("# ")[2].partition("\n")[0].replace(" ", "-")


HEADINGS = {f"tutorial/{page.name}": heading(page) for page in chapters.PAGES}


def lines(text: str) -> list[str]:
    """A text as a notebook keeps it."""
    return text.strip("\n").splitlines(keepends=True)


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(), "utf-8")
