"""What the theme leaves out, and what of it is left out where the site has no address."""

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
SOURCE = re.compile(r'<details class="mkdocstrings-source"')


def on_config(config: MkDocsConfig) -> None:
    """Drop links that lead nowhere: to a repository of which nobody said where it is, and those of the 404 page.

    Servers show that page at any depth, so its links have to know where the site begins.
    """
    config.extra["social"] = [place for place in config.extra["social"] if place["link"]]
    if not config.site_url:
        config.theme.static_templates.discard("404.html")


def on_page_content(content: str, **_: Any) -> str:
    """Keep the source code in the reference out of the search: what it says is in the text beside it."""
    return SOURCE.sub(r"\g<0> data-search-exclude", content)


def on_post_page(output: str, **_: Any) -> str:
    """Give the search dialog a name, for screen readers."""
    return output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
