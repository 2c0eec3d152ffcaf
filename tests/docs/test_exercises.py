"""The exercises of the tutorial: their checks take the answers of the chapters, and refuse what else may be written."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import chapters
import exercises
import pages
import trial

EXERCISES = {
    f"{page.stem}-{number}": exercise
    for page in chapters.PAGES
    for number, exercise in exercises.of_chapter(page.stem).items()
}


def refusal(exercise: exercises.Exercise, code: str) -> str | None:
    """What the check says to somebody who writes this code; None where it has nothing to say."""
    names: dict[str, Any] = {"__name__": "__main__"}
    tutorial = dict(names)
    with pages.plots(salt=""):
        exec(exercise.setup, names)
        exec(code, names)
        exec(exercise.setup, tutorial)
        try:
            exec(exercise.check, trial.tried(names, tutorial))
        except AssertionError as error:
            return str(error)
    return None


def test_each_exercise_has_a_file_and_each_file_an_exercise() -> None:
    assert {path.stem for path in exercises.FOLDER.glob("*.py")} == set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_answer_passes_and_what_one_starts_with_does_not(name: str) -> None:
    exercise = EXERCISES[name]
    assert refusal(exercise, exercise.right) is None
    assert refusal(exercise, exercise.start)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_text_names_what_the_check_asks_for(name: str) -> None:
    exercise = EXERCISES[name]
    asked = ast.literal_eval(re.match(r"for name in (.*):\n", exercise.check)[1])
    code = " ".join(re.findall(r"`[^`]+`|^    .+", exercise.text, re.MULTILINE))
    assert set(asked) <= set(re.findall(r"\w+", code))


@pytest.mark.parametrize("name", EXERCISES)
def test_an_empty_editor_is_refused_and_what_is_missing_named(name: str) -> None:
    assert re.match(r"Define `\w+`: ", refusal(EXERCISES[name], "") or "")


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, exercise in EXERCISES.items() for number in range(len(exercise.wrong))],
)
def test_wrong_answers_are_refused(name: str, number: int) -> None:
    assert refusal(EXERCISES[name], EXERCISES[name].wrong[number])


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, exercise in EXERCISES.items() for number in range(len(exercise.other))],
)
def test_other_right_answers_pass(name: str, number: int) -> None:
    assert refusal(EXERCISES[name], EXERCISES[name].other[number]) is None


@pytest.mark.parametrize(
    ("name", "code", "wanted"),
    [
        ("01-nudging-1", "x = ...", r"`x` is still missing: .* dots\."),
        ("07-neuron-1", "border = 0.25", r"`border` has become 0\.25, and is needed as `border\(\.\.\.\)`: "),
        ("01-nudging-1", "x = 2 / 3\nslope = slope(f, x)", None),
    ],
)
def test_a_check_finds_what_it_needs_or_says_what_is_missing(name: str, code: str, wanted: str | None) -> None:
    told = refusal(EXERCISES[name], code)
    assert told is None if wanted is None else re.search(wanted, told or "")


WHOLE = '"""A title."""\n\n# %% start\na = ...\n\n# %% hint\n# Try.\n\n# %% check\nassert a == 1, "No."\n' + 3 * (
    "\n# %% wrong\na = 2\n"
)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("# %% hint\n# Try.\n\n", "", "has the cells"),
        ("# %% start", "# %% begin", "has the cells"),
        ("# %% wrong", "# %% worse", "has the cells"),
        ("# %% wrong", "# %% right", "has 2 wrong answers"),
        ('"""A title."""', "", "has no title"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    path = tmp_path / "01-nudging-1.py"
    path.write_text(WHOLE)
    exercise = exercises.read(path, "01-nudging", "What is *a*?", "1")
    assert (exercise.title, exercise.start, exercise.hint) == ("A title", "a = ...\n", "Try.")
    path.write_text(WHOLE.replace(before, after, 1))
    with pytest.raises(ValueError, match=rf"01-nudging-1\.py {message}"):
        exercises.read(path, "01-nudging", "What is *a*?", "1")


def test_what_is_to_be_written_is_not_there_before(tmp_path: Path) -> None:
    path = tmp_path / "01-nudging-1.py"
    path.write_text(WHOLE.replace("a = ...", "def slope(f, x):\n    return ..."))
    setup = exercises.read(path, "01-nudging", "", "").setup
    assert "def f(x)" in setup
    assert "def slope" not in setup
