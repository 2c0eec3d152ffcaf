r"""Formulas as MathML, which browsers show by themselves: no script, no fonts, and nothing moves when the page loads.

Markdown's extension `arithmatex` marks what stands between dollars as `\(...\)` or `\[...\]`.
"""

import html
import re
from typing import Any

from latex2mathml.converter import convert

FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def on_page_content(content: str, **_: Any) -> str:
    """Convert the formulas of a page."""
    return FORMULA.sub(formula, content)


def formula(marked: re.Match[str]) -> str:
    """One formula."""
    display = marked[1] == "div"
    mathml = convert(html.unescape(marked[2]), display="block" if display else "inline")
    mathml = mathml.replace("<math ", "<math data-search-exclude ", 1)
    return f'<div class="formula">{mathml}</div>' if display else mathml
