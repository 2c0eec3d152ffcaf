"""Code by lines: one that is too long for the page breaks, and goes on a little further in than it begins.

What is drawn with characters does not break. It says how wide it is, so that the style sheet can make it small enough.
"""

import html
import re
from typing import Any

BLOCK = re.compile(r"(?<=<pre><span></span><code>)(.*?)(?=</code></pre>)", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
INDENT = re.compile(r"(?:<span[^>]*>)*( *)")
DRAWN = re.compile("[\u2500-\u257f]")  # the characters that boxes are drawn with


def on_page_content(content: str, **_: Any) -> str:
    """Mark the lines of all blocks of code, in which highlighting leaves no element open at the end of a line."""
    return BLOCK.sub(lambda code: (drawn if DRAWN.search(code[1]) else by_line)(code[1]), content)


def drawn(text: str) -> str:
    """A drawing made of characters, which tells the style sheet how many there are in its longest line."""
    columns = max(len(html.unescape(TAG.sub("", line))) for line in text.split("\n"))
    return f'<span class="drawn" style="--columns: {columns}">{text}</span>'


def by_line(code: str) -> str:
    """Code of which each line tells the style sheet where it begins."""
    return "\n".join(map(line, code.split("\n")))


def line(code: str) -> str:
    """A line of code."""
    indent = INDENT.match(code)
    assert indent
    return f'<span class="line" style="--indent: {len(indent[1])}ch">{code}</span>' if code else ""
