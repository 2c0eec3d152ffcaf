"""Handouts for a class, made from the chapters: what is to be predicted, and the exercises, with room to write.

`<!-- handouts -->` on a page is replaced by a handout of each chapter of the tutorial. It has no output that is to be
predicted, no answer and no hint.
"""

import re
import symtable
from collections.abc import Iterator

import outputs
from tools import chapters, pages

MARK = "<!-- handouts -->"
PREDICT = f"{outputs.MARK}\n"
FIRST = "\n**1.** "  # exercise
HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)
CODE_OR_LINK = re.compile(r"(?P<code>`[^`]*`)|\[(?P<text>[^\]]+)\](?:\([^)]*\)|\[[^\]]*\])")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Put the handouts into the page that asks for them."""
    if MARK not in markdown:
        return markdown
    texts = [page.read_text("utf-8") for page in chapters.PAGES if page.stem != "index"]
    return markdown.replace(MARK, "\n".join(map(handout, texts)))


def handout(text: str) -> str:
    """The handout of a chapter, as Markdown."""
    title, body = re.split(r"\n+", text.partition("# ")[2], maxsplit=1)
    headed = ["", *HEADING.split(body)]
    predicted: list[str] = []
    exercises: list[str] = []
    for heading, section in zip(headed[::2], headed[1::2], strict=True):
        if FIRST in section:
            exercises = [f"### {heading}\n", *tasks(section)]
        else:
            predicted += predictions(section)
    parts = [f"## {title}\n", *["### Predict\n"] * bool(predicted), *predicted, *exercises]
    return '<section class="handout" markdown="1">\n\n' + "\n".join(parts) + "\n</section>\n"


def predictions(section: str) -> Iterator[str]:
    """Each question of a section that a block of code answers, after the code that this block builds on."""
    before: list[str] = []
    prose = ""
    for part in pages.parts(section):
        if isinstance(part, pages.Prose):
            prose = part.source
        elif isinstance(part, pages.Code):
            if prose.endswith(PREDICT):
                question = without_links(prose.removesuffix(PREDICT).strip().split("\n\n")[-1])
                yield from map(pages.fenced, needed(part.code, before))
                yield task(f"{question}\n", pages.fenced(part.code), room(part.output.count("\n")))
                before = []
            else:
                before.append(part.code)
            prose = ""


def needed(code: str, before: list[str]) -> list[str]:
    """Of the blocks before a block of code, those that define what it uses, or what these use."""
    missing = chapters.names(code) - defined(code)
    found: list[str] = []
    for block in reversed(before):
        if missing & defined(block):
            found.insert(0, block)
            missing |= chapters.names(block) - defined(block)
    return found


def defined(code: str) -> set[str]:
    """The variables that a block of code sets."""
    return {symbol.get_name() for symbol in symtable.symtable(code, "", "exec").get_symbols() if symbol.is_assigned()}


def tasks(exercises: str) -> Iterator[str]:
    """The exercises of a chapter, with about as much room for an answer as the chapter's own takes."""
    asked: list[str] = []
    for part in pages.parts(exercises):
        if isinstance(part, pages.Answer):
            yield task(*asked, room(min(4, part.markdown.count("\n"))))
            asked = []
        elif isinstance(part, pages.Code):
            asked.append(pages.fenced(part.code))
        else:
            asked.append(without_links(part.source.strip()) + "\n")


def task(*parts: str) -> str:
    """A question and the room for its answer, which stay on one page."""
    return '<div class="task" markdown="1">\n\n' + "\n".join(parts) + "\n</div>\n"


def without_links(text: str) -> str:
    """Markdown in which links are text: nobody follows them on paper."""
    return CODE_OR_LINK.sub(lambda found: found["code"] or found["text"], text)


def room(lines: int) -> str:
    """A box for a few lines of handwriting."""
    return f'<div class="room" style="--lines: {max(2, lines)}"></div>\n'
