"""What the theme leaves out."""

import re
from typing import Any

SEARCH = '<div class="md-search" data-md-component="search" role="dialog"'
SOURCE = re.compile(r'<details class="mkdocstrings-source"')


def on_page_content(content: str, **_: Any) -> str:
    """Keep the source code in the reference out of the search: what it says is in the text beside it."""
    return SOURCE.sub(r"\g<0> data-search-exclude", content)


def on_post_page(output: str, **_: Any) -> str:
    """Give the search dialog a name, for screen readers."""
    return output.replace(SEARCH, f'{SEARCH} aria-label="Search"')
