"""The notebook: it says what the chapters say, runs from top to bottom in Jupyter, and its links lead somewhere."""

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import chapters
import exercises
import notebook
import pages

ROOT = Path(__file__).parents[2]

EXERCISES = [exercise for page in chapters.PAGES for exercise in exercises.of_chapter(page.stem).values()]


def test_the_notebook_is_what_the_chapters_say() -> None:
    assert notebook.NOTEBOOK.read_text("utf-8") == notebook.notebook(), "run `python docs/tools/notebook.py`"


def is_check(cell: Any) -> bool:
    return "check" in cell.metadata.get("tags", [])


def test_the_notebook_runs_from_top_to_bottom_and_takes_the_right_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ":".join(path for path in sys.path if path.startswith(str(ROOT / "packages"))))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("TQDM_DISABLE", "1")  # a progress bar would be something on standard error
    book = nbformat.reads(notebook.notebook(), as_version=4)
    nbformat.validate(book)
    asked = [cell for cell in book.cells if is_check(cell)]
    answered = [nbformat.v4.new_code_cell(exercise.right) for exercise in EXERCISES]
    checked = [nbformat.v4.new_code_cell(cell.source) for cell in asked]
    for check, *then in zip(asked, answered, checked, strict=True):
        place = book.cells.index(check) + 1
        book.cells[place:place] = then
    NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()

    assert [printed([cell])[:9] for cell in asked] == ["Not yet: "] * len(asked)
    assert [printed([cell]) for cell in checked] == ["Right.\n"] * len(asked)
    begun = [book.cells[book.cells.index(check) - 1] for check in asked]
    told = [cell for cell in book.cells if cell.cell_type == "code" and cell not in begun + asked + answered + checked]
    parts = [part for page in chapters.PAGES for part in pages.parts(page.read_text("utf-8"))]
    assert printed(told) == "".join(part.output for part in parts if isinstance(part, pages.Code))
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not any(output.output_type == "error" or output.get("name") == "stderr" for output in shown)
    pictures = [output.data for cell in told for output in cell.outputs if "data" in output]
    assert all("image/png" in data or "image/svg+xml" in data for data in pictures)


def printed(cells: list[Any]) -> str:
    streams = (output for cell in cells for output in cell.outputs if output.output_type == "stream")
    return "".join(output.text for output in streams if output.name == "stdout")


def test_text_for_the_site_is_left_out_and_text_for_the_notebook_is_put_in() -> None:
    page = "a\n<!-- site -->\nb\n\n<!-- /site -->\nc\n<!-- notebook\nd\n\ne\n-->\nf\n"
    assert notebook.without_site(page) == "a\nc\nd\n\ne\nf\n"
    text = prose(notebook.notebook())
    assert not re.search(r"<!--|on the site|\{:", text)


def prose(book: str) -> str:
    cells = nbformat.reads(book, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def links(book: str) -> list[str]:
    return [path for path, _ in notebook.LINK.findall(prose(book))]


def test_links_of_the_notebook_lead_to_the_pages_beside_it() -> None:
    found = links(notebook.notebook())
    assert "../docs/reference/nn.md" in found
    assert [path for path in found if not (notebook.NOTEBOOK.parent / path).is_file()] == []


def test_chapters_are_linked_within_the_notebook() -> None:
    text = prose(notebook.notebook())
    headings = {"#" + title.replace(" ", "-") for title in re.findall("^# (.*)", text, re.MULTILINE)}
    found = set(re.findall(r"\]\((#[^)]*)\)", text))
    assert "#3.-The-chain-rule" in found
    assert found <= headings


def test_links_of_a_downloaded_notebook_lead_to_the_site(site: Path, site_url: str) -> None:
    book = notebook.notebook(site_url)
    found = re.findall(rf"\]\({re.escape(site_url)}([^)#]*)", prose(book))
    assert "reference/nn/" in found
    assert [path for path in found if not (site / path / "index.html").is_file()] == []
    assert links(book) == []


def test_links_lead_to_the_pages_of_a_site_that_does_not_know_its_address(site: Path) -> None:
    found = links(notebook.notebook(""))
    assert "reference/nn/index.html" in found
    assert [path for path in found if not (site / path).is_file()] == []
