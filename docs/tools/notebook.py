"""Write the chapters of the tutorial as one Jupyter notebook: `python docs/tools/notebook.py`.

The notebook has no outputs: whoever opens it predicts, runs, and sees. Below each exercise is an empty cell to try. Its
links lead to the pages in the folder `docs`, or, where the site knows its address, to the pages there.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import Any

from chapters import PAGES
from pages import Answer, Code, Part, parts

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "autograd_build_along.ipynb"

ATTRIBUTES = re.compile(r"\{:[^}]*\}|<!-- .*? -->")
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")


def notebook(site: str = "") -> str:
    """The text of the notebook: the same for the same chapters.

    Args:
        site: The address of the site, for a notebook that is downloaded from it.
    """
    cells = [cell for page in PAGES for part in parts(page.read_text("utf-8")) for cell in to_cells(part, site)]
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
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def to_cells(part: Part, site: str) -> list[dict[str, Any]]:
    """The cells that a part of a chapter becomes, still without ids."""
    if isinstance(part, Code):
        return [code_cell(part.code)]
    if isinstance(part, Answer):
        answer = f"<details>\n<summary>Answer</summary>\n\n{part.markdown}\n</details>"
        return [code_cell("# Your turn.\n"), markdown_cell(answer, site)]
    return [markdown_cell(part.source, site)] if part.source.strip() else []


def code_cell(code: str) -> dict[str, Any]:
    """A cell of Python that has not been run."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines(code)}


def markdown_cell(text: str, site: str) -> dict[str, Any]:
    """A cell of Markdown, without what only the site understands."""

    def link(found: re.Match[str]) -> str:
        """A link of a chapter as one that leads from the notebook to the same place."""
        path = posixpath.normpath(posixpath.join("tutorial", found["path"]))
        if path != NOTEBOOK.name:
            path = f"{site}{path.removesuffix('.md').removesuffix('/index')}/" if site else f"../docs/{path}"
        return f"]({path}{found['anchor'] or ''})"

    return {"cell_type": "markdown", "metadata": {}, "source": lines(LINK.sub(link, ATTRIBUTES.sub("", text)))}


def lines(text: str) -> list[str]:
    """A text as a notebook keeps it."""
    return text.strip("\n").splitlines(keepends=True)


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(), "utf-8")
