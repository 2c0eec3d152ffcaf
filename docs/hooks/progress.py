"""The first page of the tutorial knows the exercises of each chapter, so that a script can say how many are solved."""

import re
from typing import Any

from mkdocs.structure.pages import Page

from tools import exercises

CHAPTER = re.compile(r'<li>\s*<a href="(?P<address>(?P<stem>\d\d-[\w-]+|project)[^"]*)"')


def on_page_content(content: str, page: Page, **_: Any) -> str:
    """Write the numbers of the exercises to the link of their chapter."""
    return CHAPTER.sub(marked, content) if page.file.src_uri == "tutorial/index.md" else content


def marked(link: re.Match[str]) -> str:
    """The beginning of an item of the list, with the numbers if there are any."""
    numbers = " ".join(exercises.questions_of(link["stem"]))
    return f'{link[0]} data-lesson="{link["stem"]}" data-exercises="{numbers}"' if numbers else link[0]
