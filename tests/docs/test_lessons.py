"""The chapters in the built site: what they print, and how they lead into the playground."""

import json
import re
from pathlib import Path

import pytest

import chapters
import exercises
import outputs
import pages

CHAPTERS = [page.stem for page in chapters.PAGES if page.stem != "index"]


def html(site: Path, chapter: str) -> str:
    return (site / "tutorial" / chapter / "index.html").read_text("utf-8")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_leads_to_each_of_its_cells_and_exercises(site: Path, chapter: str) -> None:
    lesson = json.loads((site / "playground" / "lessons" / f"{chapter}.json").read_text("utf-8"))
    parts = pages.parts((chapters.FOLDER / f"{chapter}.md").read_text("utf-8"))
    assert lesson["page"] == f"tutorial/{chapter}/"
    assert lesson["cells"] == [part.code for part in parts if isinstance(part, pages.Code)]
    assert list(lesson["exercises"]) == list(exercises.of_chapter(chapter))
    assert re.findall(rf'href="\.\./\.\./playground/#lesson={chapter}&amp;(\w+=\d+)"', html(site, chapter)) == [
        *(f"cell={number}" for number in range(1, len(lesson["cells"]) + 1)),
        *(f"exercise={number}" for number in lesson["exercises"]),
    ]


def test_links_of_exercises_lead_from_the_playground(site: Path) -> None:
    lessons = [json.loads(path.read_text("utf-8")) for path in (site / "playground" / "lessons").glob("*.json")]
    shown = "".join(
        exercise[key] for lesson in lessons for exercise in lesson["exercises"].values() for key in exercise
    )
    links = re.findall(r'<a href="([^"#]+)', shown)
    assert [link for link in links if not (site / "playground" / link / "index.html").is_file()] == []


def test_what_is_to_be_predicted_is_folded_and_no_output_can_be_copied(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = path.read_text("utf-8")
        assert "<!-- predict" not in page
        assert all("no-copy" in classes for classes in re.findall(r'class="(language-text[^"]* output[^"]*)"', page))
    for chapter in CHAPTERS:
        marks = (chapters.FOLDER / f"{chapter}.md").read_text("utf-8").count(outputs.MARK)
        assert html(site, chapter).count('<details class="predicted">') == marks
