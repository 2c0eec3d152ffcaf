"""The exercises of the tutorial that check themselves: files beside the chapters, as cells.

`exercises/03-chain-rule-2.py` belongs to exercise 2 of the third chapter. Its docstring is a title, and each cell has a
line `# %% name` above it: what a learner finds to `start` with, a `hint` in comments, the `check`, which is made of
assertions that say what is wrong, and `wrong` answers for it to refuse. Text and right answer are in the chapter.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import chapters
from pages import Answer, Code, Part, Prose, parts

FOLDER = chapters.FOLDER / "exercises"

CELL = re.compile(r"^# %% ?(.*)\n", re.MULTILINE)
NUMBER = re.compile(r"^\*\*(\d+)\.\*\* ", re.MULTILINE)
FEWEST_WRONG = 3


@dataclass(frozen=True)
class Exercise:
    """An exercise: what the learner reads, from the chapter, and what checks it, from its file.

    Attributes:
        title: What it is about, in a few words.
        text: What is asked, as Markdown.
        answer: The answer, as Markdown.
        setup: Code that runs before the learner's: what the tutorial has defined, but for what is to be written here.
        start: The code that the learner goes on from.
        hint: Help, as Markdown.
        check: Code that fails with an AssertionError where the learner's is wrong.
        wrong: Answers that the check has to refuse.
    """

    title: str
    text: str
    answer: str
    setup: str
    start: str
    hint: str
    check: str
    wrong: tuple[str, ...]

    @property
    def right(self) -> str:
        """The code of the answer."""
        return "\n".join(part.code for part in parts(self.answer) if isinstance(part, Code))


def of_chapter(stem: str) -> dict[str, Exercise]:
    """The exercises of a chapter by their numbers.

    Raises:
        FileNotFoundError: If one has no file.
        ValueError: If the file of one is not as it should be.
    """
    asked = questions(parts((chapters.FOLDER / f"{stem}.md").read_text("utf-8")))
    return {number: read(FOLDER / f"{stem}-{number}.py", stem, *question) for number, question in asked.items()}


def questions(page: list[Part]) -> dict[str, tuple[str, str]]:
    """The text and the answer of each exercise, by its number: an exercise is what ends in an answer."""
    found = {}
    for text, answer in pairwise(page):
        if isinstance(text, Prose) and isinstance(answer, Answer):
            *_, number, asked = NUMBER.split(text.source)
            found[number] = asked.strip(), answer.markdown
    return found


def read(path: Path, stem: str, text: str, answer: str) -> Exercise:
    """Read the file of an exercise."""
    head, *cells = CELL.split(path.read_text("utf-8"))
    names, codes = cells[::2], [code.strip("\n") + "\n" for code in cells[1::2]]
    if names[:3] != ["start", "hint", "check"] or set(names[3:]) != {"wrong"} or len(names) < 3 + FEWEST_WRONG:
        raise ValueError(f"{path.name} has the cells {names}: wanted are start, hint, check and several times wrong")
    title = ast.get_docstring(ast.parse(head))
    if not title:
        raise ValueError(f"{path.name} has no title: its docstring is one")
    start, hint, check, *wrong = codes
    return Exercise(
        title=title.removesuffix("."),
        text=text,
        answer=answer,
        setup=chapters.all_so_far(f"{stem}.md", without=set(chapters.last_defined(start))),
        start=start,
        hint=re.sub(r"^# ?", "", hint, flags=re.MULTILINE).strip(),
        check=check,
        wrong=tuple(wrong),
    )
