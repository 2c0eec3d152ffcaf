"""What the theme leaves out, and what of it is left out where the site has no address."""

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
NOT_SEARCHED = re.compile(r'<details class="(?:mkdocstrings-source|abstract)"|<div class="playground(?: [^"]*)?"')
BOOSTS = {"tutorial": 10, "reference": 0.001, "changelog": 0.001}
"""Whoever looks for a word of the field wants it explained: chapters come first, and the reference last. A word of a
heading counts a thousand times as much as one of the text; this makes the headings of the reference, names of
functions, count as text."""


def on_config(config: MkDocsConfig) -> None:
    """Drop links that lead nowhere: to a repository of which nobody said where it is, and those of the 404 page.

    Servers show that page at any depth, so its links have to know where the site begins.
    """
    config.extra["social"] = [place for place in config.extra["social"] if place["link"]]
    if not config.site_url:
        config.theme.static_templates.discard("404.html")


def on_page_markdown(markdown: str, page: Page, **_: Any) -> None:
    """Let the search name pages in the order of who they are for."""
    section = page.file.src_uri.partition("/")[0]
    if section in BOOSTS:
        page.meta.setdefault("search", {"boost": BOOSTS[section]})


def on_page_content(content: str, **_: Any) -> str:
    """Keep out of the search what is said beside it or elsewhere, source code and the code so far, and the forms."""
    return NOT_SEARCHED.sub(r"\g<0> data-search-exclude", content)


def on_post_page(output: str, **_: Any) -> str:
    """Give the search dialog a name, for screen readers."""
    return output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
