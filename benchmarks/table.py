"""Tables: what was measured, as text, Markdown and JSON."""

import json
from dataclasses import asdict, dataclass


@dataclass
class Row:
    """What was measured, a cell for each column, the figure that counts, and what it should be."""

    measure: str
    found: list[str]
    figure: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self):
        return [self.measure, *self.found, self.figure, self.target, {True: "yes", False: "NO", None: ""}[self.met]]


@dataclass
class Table:
    """Rows with the same columns. `name` is that of its files."""

    name: str
    title: str
    columns: list[str]
    rows: list[Row]

    def headings(self):
        return ["", *self.columns, "figure", "target", "met"]

    def text(self):
        table = [self.headings(), *(row.cells() for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() for cells in table
        ]
        return "\n".join([self.title, "", lines[0], "-" * max(map(len, lines)), *lines[1:]])

    def save(self, folder, machine):
        headings = self.headings()
        table = [headings, ["---"] * len(headings), *(row.cells() for row in self.rows)]
        markdown = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
        (folder / f"{self.name}.md").write_text(f"{self.title}.\n\n{markdown}\n\n{machine}\n", encoding="utf-8")
        report = {"machine": machine, **asdict(self)}
        (folder / f"{self.name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
