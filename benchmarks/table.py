"""Tables: what was measured, as text, Markdown and JSON."""

import json
from dataclasses import asdict, dataclass
from itertools import compress

LEGEND = "A figure such as 5x: the other takes five times as long as micrograd."


def duration(seconds):
    """Three digits or so, and the unit that suits them."""
    if seconds >= 0.1:
        return f"{seconds:.2f} s"
    number, unit = (1e3 * seconds, "ms") if seconds >= 0.01 else (1e6 * seconds, "us")
    return f"{number:,.1f} {unit}" if number < 100 else f"{number:,.0f} {unit}"


def filled(headings, rows):
    """Headings and rows, without columns in which nothing stands."""
    there = [any(column) for column in zip(*rows, strict=True)]
    return [list(compress(cells, there)) for cells in (headings, *rows)]


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

    def cells(self):
        """Headings and rows."""
        headings = ["", *self.columns, "figure", "target", "met"]
        return filled(headings, [row.cells() for row in self.rows])

    def text(self):
        table = self.cells()
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() for cells in table
        ]
        return "\n".join([self.title, "", lines[0], "-" * max(map(len, lines)), *lines[1:]])

    def markdown(self):
        """For readers: what was found, without what it should be. What there is more of goes down the page."""
        rows = [[row.measure, *row.found] for row in self.rows if any(row.found)]
        table = filled(["", *self.columns], rows)
        if len(table[0]) > len(table):
            table = list(zip(*table, strict=True))
        headings, *rows = table
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, ["---"] * len(headings), *rows))

    def save(self, folder, machine):
        (folder / f"{self.name}.md").write_text(f"{self.title}.\n\n{self.markdown()}\n\n{machine}\n", encoding="utf-8")
        report = {"machine": machine, **asdict(self)}
        (folder / f"{self.name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
