"""The tutorial: its chapters show what their code draws, and are there to download as a notebook."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from tools import chapters, notebook


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the notebook to the site."""
    files.append(File.generated(config, notebook.NOTEBOOK.name, content=notebook.notebook(config.site_url or "")))


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Run a chapter, put its pictures below the code that drew them, and what it builds on at the top.

    Raises:
        PluginError: If a block prints something else than the text says.
    """
    names = [path.name for path in chapters.PAGES]
    folder, _, name = page.file.src_uri.rpartition("/")
    if folder != "tutorial" or name not in names:
        return markdown
    chapter = chapters.parts(markdown)
    earlier = [chapters.parts(path.read_text("utf-8")) for path in chapters.PAGES[: names.index(name)]]
    before = chapters.code_before(chapter, earlier)
    namespace: dict[str, Any] = {"__name__": "tutorial"}
    exec(before, namespace)
    try:
        shown = "".join(
            part.source + "".join(figure(svg) for svg in pictures)
            for part, pictures in chapters.run(chapter, namespace)
        )
    except Exception as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error
    return re.sub(r"\n## ", lambda _: f"\n{folded(before)}## ", shown, count=1) if before else shown


def folded(code: str) -> str:
    """Code in a box that is closed at first."""
    block = textwrap.indent(f"```python\n{code}\n```\n", "    ")
    return f'??? abstract "The code so far"\n\n{block}\n'


def figure(svg: str) -> str:
    """A picture in the page."""
    kind = "drawing" if "class='micrograd'" in svg else "plot"
    return f'\n<figure class="{kind}" tabindex="0" data-search-exclude>{" ".join(svg.split())}</figure>\n'
