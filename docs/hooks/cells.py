"""Links to what runs in the browser, which say what is meant rather than which number it has.

In a page, `[by hand](cell:03-chain-rule/bill_grad)` opens in the playground the first block of Python of that chapter
in which `bill_grad` stands, `[the second](exercise:03-chain-rule/2)` opens an exercise, and `[fast](training:lr=1)` the
training view with this setting.
"""

import re
from itertools import count

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tools import chapters, pages

LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<kind>cell|exercise|training):(?P<what>[^)]+)\)")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write the links of a page. They are HTML, as mkdocs looks for an anchor wherever Markdown has one."""

    def link(found: re.Match[str]) -> str:
        training = found["kind"] == "training"
        target = files.get_file_from_path("playground/training.md" if training else "playground/index.md")
        assert target, "the playground has both pages"
        setting = found["what"] if training else lesson(found["kind"], found["what"])
        address = f"{target.url_relative_to(page.file)}#{setting}"
        return f'<a href="{address.replace("&", "&amp;")}">{found["text"]}</a>'

    return LINK.sub(link, markdown)


def lesson(kind: str, what: str) -> str:
    """The part of the playground's address that opens a cell or an exercise of a chapter.

    Raises:
        PluginError: If there is no such chapter, or nothing like that in it.
    """
    name, _, sought = what.partition("/")
    path = chapters.FOLDER / f"{name}.md"
    if not path.exists():
        raise PluginError(f"{kind}:{what}: there is no chapter {name}")
    text = path.read_text("utf-8")
    cells = (part.code for part in pages.parts(text) if isinstance(part, pages.Code))
    numbers = (number for number, code in zip(count(1), cells, strict=False) if sought in code)
    number = next(numbers, None) if kind == "cell" else sought if f"\n**{sought}.** " in text else None
    if number is None:
        raise PluginError(f"{kind}:{what}: the chapter has no such {kind}")
    return f"lesson={name}&{kind}={number}"
