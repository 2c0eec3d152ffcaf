"""Handouts for a class, made from the chapters: what is to be predicted, and the exercises, with room to write.

`<!-- handouts -->` on a page is replaced by a handout of each chapter of the tutorial. It has no output that is to be
predicted, no answer and no hint.
"""

import re
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
    """Each question of a section that a block of code answers, with the code before it."""
    code: list[str] = []
    prose = ""
    for part in pages.parts(section):
        if isinstance(part, pages.Prose):
            prose = part.source
        elif isinstance(part, pages.Code):
            if prose.endswith(PREDICT):
                question = prose.removesuffix(PREDICT).strip().split("\n\n")[-1]
                yield from map(fenced, code)
                yield without_links(question) + "\n"
                yield fenced(part.code)
                yield room(part.output.count("\n"))
                code = []
            else:
                code.append(part.code)
            prose = ""


def tasks(exercises: str) -> Iterator[str]:
    """The exercises of a chapter, with about as much room for an answer as the chapter's own takes."""
    for part in pages.parts(exercises):
        if isinstance(part, pages.Answer):
            yield room(min(6, part.markdown.count("\n")))
        elif isinstance(part, pages.Code):
            yield fenced(part.code)
        else:
            yield without_links(part.source.strip()) + "\n"


def without_links(text: str) -> str:
    """Markdown in which links are text: nobody follows them on paper."""
    return CODE_OR_LINK.sub(lambda found: found["code"] or found["text"], text)


def room(lines: int) -> str:
    """A box for a few lines of handwriting."""
    return f'<div class="room" style="--lines: {max(2, lines)}"></div>\n'


def fenced(code: str) -> str:
    """Code as a block."""
    return f"```python\n{code}```\n"
