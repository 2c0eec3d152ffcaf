"""Lets the reference show doctests as code. To Griffe they are Markdown, in which `>>>` would be a quotation."""

import re
from typing import Any

import griffe

DOCTEST = re.compile(r"^( *)>>> .*(?:\n\1 *\S.*)*", re.MULTILINE)


class FencedDoctests(griffe.Extension):
    """Puts a fence around the doctests of every docstring."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Griffe calls this for each module, class, function and attribute."""
        if obj.docstring:
            obj.docstring.value = DOCTEST.sub(r"\1```pycon\n\g<0>\n\1```", obj.docstring.value)
