"""Chapters as lessons of the playground: their cells and exercises as data, and in the chapters the links to them.

The playground fetches `playground/lessons/03-chain-rule.json` where its address says which cell of that chapter its
editor shall hold, `playground/#lesson=03-chain-rule&cell=4`, or which exercise, `...&exercise=2`.
"""

import json
import posixpath
import re
from functools import partial
from typing import Any

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import mathematics
import outputs
from tools import chapters, exercises, pages

PLAYGROUND = "playground/index.md"
LINK = re.compile(r"\]\((?!\w+:)(?P<path>[^)#]+)(?P<anchor>#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Add the lesson of a chapter to the site, and link to it below each block of code and above each answer."""
    if not page.file.src_uri.startswith("tutorial/") or page.file.name == "index":
        return markdown
    playground = files.get_file_from_path(PLAYGROUND)
    assert playground, "the playground is a page, even where Python could not be built into it"
    content = json.dumps(lesson(page, config, files), ensure_ascii=False)
    files.append(File.generated(config, f"playground/lessons/{page.file.name}.json", content=content))
    return linked(markdown, f"{playground.url_relative_to(page.file)}#lesson={page.file.name}")


def lesson(page: Page, config: MkDocsConfig, files: Files) -> dict[str, Any]:
    """What the playground has to know of a chapter."""
    source = chapters.FOLDER / f"{page.file.name}.md"
    text = source.read_text("utf-8")
    html = partial(to_html, config=config, files=files)
    return {
        "title": text.partition("# ")[2].partition("\n")[0],
        "page": page.url,
        "before": chapters.code_so_far(source.name),
        "cells": [part.code for part in pages.parts(text) if isinstance(part, pages.Code)],
        "exercises": {
            number: {
                "title": exercise.title,
                "text": html(exercise.text),
                "setup": exercise.setup,
                "start": exercise.start,
                "check": exercise.check,
                "hint": html(exercise.hint),
                "answer": html(exercise.answer),
            }
            for number, exercise in exercises.of_chapter(page.file.name).items()
        },
    }


def to_html(text: str, config: MkDocsConfig, files: Files) -> str:
    """Markdown of a chapter as HTML for the page of the playground, from where its links lead to the same places."""
    playground = files.get_file_from_path(PLAYGROUND)

    def link(found: re.Match[str]) -> str:
        target = files.get_file_from_path(posixpath.normpath(posixpath.join("tutorial", found["path"])))
        return f"]({target.url_relative_to(playground)}{found['anchor'] or ''})"

    html = markdown.markdown(
        outputs.marked(LINK.sub(link, text)),
        extensions=config.markdown_extensions,
        extension_configs=config.mdx_configs,
    )
    return mathematics.on_page_content(html)


def linked(text: str, lesson: str) -> str:
    """The Markdown of a chapter with links to its lesson."""
    parts = pages.parts(text)
    numbers = iter(exercises.questions(parts))
    cell = 0
    shown = []
    for part in parts:
        if isinstance(part, pages.Code):
            cell += 1
            fence = pages.fenced(part.code)
            below = part.source.removeprefix(fence)
            shown.append(f"{fence}\n{link(f'{lesson}&cell={cell}', 'Run it in the playground')}\n{below}")
        elif isinstance(part, pages.Answer):
            shown.append(f"{link(f'{lesson}&exercise={next(numbers)}', 'Try it in the playground')}\n\n{part.source}")
        else:
            shown.append(part.source)
    return "".join(shown)


def link(address: str, text: str) -> str:
    """A link into the playground, on a line of its own."""
    return f'<p class="in-playground" data-search-exclude><a href="{address.replace("&", "&amp;")}">{text}</a></p>\n'
