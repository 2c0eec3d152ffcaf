"""What the theme leaves out, and what of it is left out where the site has no address."""

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
NOT_SEARCHED = re.compile(r'<details class="mkdocstrings-source"|<div class="playground(?: [^"]*)?"')


def on_config(config: MkDocsConfig) -> None:
    """Drop links that lead nowhere: to a repository of which nobody said where it is, and those of the 404 page.

    Servers show that page at any depth, so its links have to know where the site begins.
    """
    config.extra["social"] = [place for place in config.extra["social"] if place["link"]]
    if not config.site_url:
        config.theme.static_templates.discard("404.html")


def on_page_markdown(markdown: str, page: Page, **_: Any) -> None:
    """Let the search name chapters of the tutorial first: whoever looks for a word of the field wants it explained."""
    if page.file.src_uri.startswith("tutorial/"):
        page.meta.setdefault("search", {"boost": 2})


def on_page_content(content: str, **_: Any) -> str:
    """Keep source code in the reference out of the search, whose text is beside it, and the forms of the playground."""
    return NOT_SEARCHED.sub(r"\g<0> data-search-exclude", content)


def on_post_page(output: str, **_: Any) -> str:
    """Give the search dialog a name, for screen readers."""
    return output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
