"""Links to what runs in the browser, which say what is meant rather than which number it has.

In a page, `[by hand](cell:03-chain-rule/bill_grad)` opens in the playground the first block of Python of that chapter
in which `bill_grad` stands, and `[the second](exercise:03-chain-rule/2)` opens an exercise. `[fast](training.md#lr=1)`
opens the training view with this setting: a link like any other, but that mkdocs would look for a heading.
"""

import html
import posixpath
import re
from itertools import count

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tools import chapters, pages

LESSON = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<kind>cell|exercise):(?P<what>[^)]+)\)")
SETTINGS = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<path>[\w./-]*training\.md)#(?P<settings>[^)=]+=[^)]*)\)")
PLAYGROUND, TRAINING = "playground/index.md", "playground/training.md"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write the links of a page. They are HTML, as mkdocs looks for an anchor wherever Markdown has one."""

    def link(text: str, path: str, setting: str) -> str:
        target = files.get_file_from_path(path)
        assert target, "the playground has both pages"
        return f'<a href="{html.escape(f"{target.url_relative_to(page.file)}#{setting}")}">{text}</a>'

    def to_lesson(found: re.Match[str]) -> str:
        return link(found["text"], PLAYGROUND, lesson(found["kind"], found["what"]))

    def to_settings(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), found["path"]))
        if path != TRAINING:
            raise PluginError(f"{page.file.src_uri}: the training view is not at {found['path']}")
        return link(found["text"], path, found["settings"])

    return SETTINGS.sub(to_settings, LESSON.sub(to_lesson, markdown))


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
