"""Links to a page with settings in its address, such as `[spiral](../playground/training.md#data=spiral&layers=3)`.

They are links of the site like any others, but mkdocs would look for a heading of that name.
"""

import html
import posixpath
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

LINK = re.compile(r"\[(?P<text>[^]]+)\]\((?P<path>[^)#:]+\.md)#(?P<settings>[^)=]+=[^)]*)\)")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write these links as HTML."""

    def link(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), found["path"]))
        target = files.get_file_from_path(path)
        if not target:
            raise PluginError(f"{page.file.src_uri}: there is no page {path}")
        address = html.escape(f"{target.url_relative_to(page.file)}#{found['settings']}")
        return f'<a href="{address}">{found["text"]}</a>'

    return LINK.sub(link, markdown)
