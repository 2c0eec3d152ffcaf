"""The tutorial: its code prints what it says, chapter by chapter."""

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import chapters
import exercises
import pages
import plots
from micrograd.engine import OPS

ROOT = Path(__file__).parents[2]

TEXTS = {page.stem: page.read_text("utf-8") for page in chapters.PAGES}
PARTS = {name: pages.parts(text) for name, text in TEXTS.items()}
CHAPTERS = [name for name in PARTS if name != "index"]


def before(name: str) -> str:
    """What the page puts at the top, folded."""
    return chapters.code_so_far(f"{name}.md")


@pytest.fixture
def own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations that a chapter defines are gone afterwards."""
    monkeypatch.setattr("micrograd.engine.ops.OPS", dict(OPS))


@pytest.mark.usefixtures("own_table")
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_stands_on_the_code_so_far_prints_what_it_says_and_draws(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    both = plots.Both()
    monkeypatch.setattr("matplotlib.pyplot", both)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", both)
    exec(before(name), namespace)
    drawn, answered = [], dict[str, Any]()
    for part, pictures in pages.run(PARTS[name], namespace, name):
        drawn += pictures
        if isinstance(part, pages.Answer):  # may build on the answers above it
            answered = namespace | answered
            list(pages.run(pages.parts(part.markdown), answered, name))
    assert drawn
    assert all(picture.svg.startswith("<svg ") for picture in drawn)
    assert both.shown == TEXTS[name].partition("## Exercises")[0].count("plt.show()")


@pytest.mark.parametrize(
    "text", ["```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n", "```python\nprint(1 + 1)  # 3\n```\n"]
)
def test_what_the_text_gets_wrong_is_an_error(text: str) -> None:
    page = pages.parts(text)
    with pytest.raises(ValueError, match="prints\n\n2\n\nand the text says\n\n3\n"):
        list(pages.run(page, {}, "page"))


def test_an_answer_is_not_run_with_its_page() -> None:
    page = '```python\na = 1\n```\n\n??? success "Answer"\n\n    ```python\n    a = 2\n    ```\n'
    namespace: dict[str, Any] = {}
    kinds = [type(part) for part, _ in pages.run(pages.parts(page), namespace, "page")]
    assert kinds == [pages.Code, pages.Prose, pages.Answer]
    assert namespace["a"] == 1


@pytest.mark.parametrize("name", PARTS)
def test_no_block_is_overlooked(name: str) -> None:
    def count(parts: list[Any]) -> tuple[int, int]:
        code = sum(isinstance(part, pages.Code) for part in parts)
        output = sum(isinstance(part, pages.Code) and bool(part.output) for part in parts)
        answers = [count(pages.parts(part.markdown)) for part in parts if isinstance(part, pages.Answer)]
        return code + sum(inner for inner, _ in answers), output + sum(inner for _, inner in answers)

    assert count(PARTS[name]) == (TEXTS[name].count("```py"), TEXTS[name].count("```text"))
    assert "".join(part.source for part in PARTS[name]) == TEXTS[name]


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_exercise_has_an_answer(name: str) -> None:
    answers = sum(isinstance(part, pages.Answer) for part in PARTS[name])
    assert answers == 6 if name == "project" else answers in (2, 3)
    assert answers == sum(f"\n**{number}.** " in TEXTS[name] for number in range(1, 10)) == TEXTS[name].count("??? ")


def test_the_first_page_says_how_long_each_chapter_takes() -> None:
    takes = dict(re.findall(r"\(([\w-]+)\.md\), (\d+) minutes: ", TEXTS["index"]))
    assert takes == {name: re.findall(r"\*\*About (\d+) minutes\.\*\*", TEXTS[name])[0] for name in CHAPTERS}


def test_the_code_so_far_is_what_was_defined_last_and_is_needed() -> None:
    earlier = pages.parts(
        "```python\nimport math\nimport sys\n\n\ndef old():\n    return 1\n\n\ndef unused():\n    return sys\n```\n"
        "\n```python\ndef helper():  # new\n    return math.pi  # new: needs an import\n\n\nx = 1\n```\n"
        "\n```python\ndef old():\n    return helper()\n```\n"
    )
    needed = chapters.code_before(pages.parts("```python\nold()\n```\n"), [earlier])
    assert needed == "import math\n\n\ndef helper():\n    return math.pi\n\n\ndef old():\n    return helper()"


@pytest.mark.parametrize(
    ("page", "needed"),
    [
        ("", "def shown():\n    return 3"),
        ("```python\nasked()\n```\n", "def asked():\n    return 1\n\n\ndef shown():\n    return 3"),
        ("```python\nfor loop in range(3):\n    pass\n```\n", "def shown():\n    return 3"),
        ("```python\ndef other(loop):\n    return loop\n```\n", "def shown():\n    return 3"),
    ],
)
def test_the_code_so_far_leaves_out_what_answers_define_and_what_only_has_the_same_name(page: str, needed: str) -> None:
    earlier = pages.parts(
        "```python\ndef asked():\n    return 1\n\n\ndef loop():\n    return 2\n\n\ndef shown():\n    return 3\n```\n"
    )
    answers = (
        '\n??? success "Answer"\n\n    ```python\n    def asked():\n        return 4\n    ```\n'
        '\nAnd then\n\n??? success "Answer"\n\n    ```python\n    print(asked(), shown())\n    ```\n'
    )
    assert chapters.code_before(pages.parts(page + answers), [earlier]) == needed


def test_the_code_so_far_of_the_project_has_nothing_that_its_parts_ask_for() -> None:
    there = chapters.last_defined(before("project"))
    starts = [exercise.start for exercise in exercises.of_chapter("project").values()]
    asked = {name for start in starts for name in exercises.assigned(start)}
    assert asked >= {"divide", "surprise", "cross_entropy", "batches", "Adam", "choose"}
    assert asked.isdisjoint(there)
    assert {"Value", "MLP", "exp", "log", "share_correct"} <= set(there)


def test_the_engine_of_the_learner_is_about_sixty_lines() -> None:
    engine = chapters.code_before(pages.parts("```python\nValue\n```\n"), list(PARTS.values()))
    assert {node.name for node in ast.parse(engine).body if not isinstance(node, ast.Import)} == {
        "Value",
        "as_value",
        "topological_order",
    }
    assert 50 <= len(engine.split("\n")) - engine.count("\n\n") <= 65
