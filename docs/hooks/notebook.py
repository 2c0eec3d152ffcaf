"""Write the chapters of the tutorial as one Jupyter notebook: `python docs/hooks/notebook.py`.

The notebook has no outputs: whoever opens it predicts, runs, and sees. Below each exercise is an empty cell to try.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import Any

from chapters import PAGES, Answer, Code, Part, parts

NOTEBOOK = Path(__file__).parents[2] / "autograd_build_along.ipynb"
SITE = "https://micrograd.github.io/micrograd/"

ATTRIBUTES = re.compile(r"\{:[^}]*\}")
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")


def notebook() -> str:
    """The text of the notebook: the same for the same chapters."""
    cells = [cell for page in PAGES for part in parts(page.read_text("utf-8")) for cell in to_cells(part)]
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


def to_cells(part: Part) -> list[dict[str, Any]]:
    """The cells that a part of a chapter becomes, still without ids."""
    if isinstance(part, Code):
        return [code_cell(part.code)]
    if isinstance(part, Answer):
        answer = f"<details>\n<summary>Answer</summary>\n\n{part.markdown}\n</details>"
        return [code_cell("# Your turn.\n"), markdown_cell(answer)]
    return [markdown_cell(part.source)] if part.source.strip() else []


def code_cell(code: str) -> dict[str, Any]:
    """A cell of Python that has not been run."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines(code)}


def markdown_cell(text: str) -> dict[str, Any]:
    """A cell of Markdown, without what only the site understands."""
    return {"cell_type": "markdown", "metadata": {}, "source": lines(LINK.sub(to_site, ATTRIBUTES.sub("", text)))}


def lines(text: str) -> list[str]:
    """A text as a notebook keeps it."""
    return text.strip("\n").splitlines(keepends=True)


def to_site(link: re.Match[str]) -> str:
    """The link from a chapter to another page, as one into the site."""
    path = posixpath.normpath(posixpath.join("tutorial", link["path"]))
    path = re.sub(r"(index)?\.md$", "/", path).replace("//", "/")
    return f"]({SITE}{path}{link['anchor'] or ''})"


if __name__ == "__main__":
    NOTEBOOK.write_text(notebook(), "utf-8")
