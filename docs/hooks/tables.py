"""Tables made from the packages themselves: `<!-- table: operations -->` on a page is replaced by that table."""

import re
from collections.abc import Iterable
from typing import Any

import distributions
import operations

MARK = re.compile(r"^<!-- table: (\w+) -->$", re.MULTILINE)
TABLES = {
    "distributions": distributions.rows,
    "helpers": operations.helper_rows,
    "operations": operations.rows,
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put in the tables that a page asks for."""
    return MARK.sub(lambda mark: table(TABLES[mark[1]]()), markdown)


def table(rows: Iterable[dict[str, str]]) -> str:
    """Write rows, all with the same columns, as Markdown."""
    cells = [list(row.values()) for row in rows]
    head = list(next(iter(rows)))
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *cells))
