"""What code prints, in the pages: it looks unlike code, cannot be copied, and waits where it is to be predicted.

The words "Predict ..." in a page are followed by `<!-- predict -->` above the block of Python that is meant. What this
block prints and shows is then in a fold, which the reader opens after a guess.
"""

import re
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

OUTPUT = re.compile(r"^( *)```text$", re.MULTILINE)
MARK = "<!-- predict -->"
PREDICTED = re.compile(
    rf"^{MARK}\n(?P<code>```python\n.*?^```\n)(?P<shown>(?:\n```text\n.*?^```\n)?(?:\n<figure .*?</figure>\n)*)",
    re.DOTALL | re.MULTILINE,
)


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Fold what is to be predicted, and mark what is printed.

    Raises:
        PluginError: If there is nothing to be predicted.
    """
    folded = PREDICTED.sub(fold, markdown)
    if MARK in folded:
        raise PluginError(f"{page.file.src_uri}: below {MARK} must be a block of Python that prints or shows something")
    return marked(folded)


def fold(predicted: re.Match[str]) -> str:
    """A block of Python, and below it in a fold what comes of it."""
    if not predicted["shown"]:
        return predicted[0]
    summary = "<summary>Say your guess, then look</summary>"
    return (
        f'{predicted["code"]}\n<details class="predicted" markdown="1">\n{summary}\n{predicted["shown"]}\n</details>\n'
    )


def marked(markdown: str) -> str:
    """Markdown whose blocks of text, which are outputs, have a class of their own and no button."""
    return OUTPUT.sub(r"\1``` { .text .output .no-copy }", markdown)
