"""The exercises of the tutorial that check themselves: files beside the chapters, as cells.

`exercises/03-chain-rule-2.py` belongs to exercise 2 of the third chapter. Its docstring is a title, and each cell has a
line `# %% name` above it: what a learner finds to `start` with, a `hint` in comments, the `check`, which is made of
assertions that say what is wrong, and `wrong` answers for it to refuse. Text and right answer are in the chapter; other
answers that are `right` may stand among the wrong ones. A check may rely on it that what is asked for is there.
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

ALL_THERE = """\
for name in {asked}:
    assert name in globals(), f"Define `{{name}}`: your code has nothing of this name yet."
    assert globals()[name] is not ..., f"`{{name}}` is still missing: put something in place of the dots."
for name in {functions}:
    thing = globals()[name]
    assert callable(thing), f"`{{name}}` has become {{thing!r:.60}}, and is needed as `{{name}}(...)`: rename yours."
"""


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
        other: Answers that it has to take besides that of the chapter.
    """

    title: str
    text: str
    answer: str
    setup: str
    start: str
    hint: str
    check: str
    wrong: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def right(self) -> str:
        """The code of the chapter's answer."""
        return "\n".join(part.code for part in parts(self.answer) if isinstance(part, Code))


def of_chapter(stem: str) -> dict[str, Exercise]:
    """The exercises of a chapter by their numbers.

    Raises:
        FileNotFoundError: If one has no file.
        ValueError: If the file of one is not as it should be.
    """
    return {number: read(FOLDER / f"{stem}-{number}.py", stem, *asked) for number, asked in questions_of(stem).items()}


def questions_of(stem: str) -> dict[str, tuple[str, str]]:
    """The questions of a chapter."""
    return questions(parts((chapters.FOLDER / f"{stem}.md").read_text("utf-8")))


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
    if names[:3] != ["start", "hint", "check"] or {*names[3:], "wrong", "right"} != {"wrong", "right"}:
        raise ValueError(f"{path.name} has the cells {names}: wanted are start, hint, check, and then wrong or right")
    if names.count("wrong") < FEWEST_WRONG:
        raise ValueError(f"{path.name} has {names.count('wrong')} wrong answers: wanted are at least {FEWEST_WRONG}")
    title = ast.get_docstring(ast.parse(head))
    if not title:
        raise ValueError(f"{path.name} has no title: its docstring is one")
    start, hint, check = codes[:3]
    setup = chapters.all_so_far(f"{stem}.md", without=set(chapters.last_defined(start)))
    answers = list(zip(names[3:], codes[3:], strict=True))
    return Exercise(
        title=title.removesuffix("."),
        text=text,
        answer=answer,
        setup=setup,
        start=start,
        hint=re.sub(r"^# ?", "", hint, flags=re.MULTILINE).strip(),
        check=all_there(setup, start, check) + check,
        wrong=tuple(code for kind, code in answers if kind == "wrong"),
        other=tuple(code for kind, code in answers if kind == "right"),
    )


def all_there(setup: str, start: str, check: str) -> str:
    """Assertions that what a check needs is there: what is asked for, and what else of the tutorial it calls."""
    needed = chapters.names(check).difference(assigned(check))
    defined = chapters.last_defined(f"{setup}\n{start}")
    functions = {name for name, statement in defined.items() if isinstance(statement, ast.FunctionDef | ast.ClassDef)}
    asked = [name for name in assigned(start) if name in needed]
    return ALL_THERE.format(asked=asked, functions=sorted(needed & functions))


def assigned(code: str) -> list[str]:
    """The names that code gives something new."""
    named = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name))
    return [*(node.id for node in named if isinstance(node.ctx, ast.Store)), *chapters.last_defined(code)]
