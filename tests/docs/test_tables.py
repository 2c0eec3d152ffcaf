"""The tables that the site makes from the packages."""

import pytest

import operations
import tables
from micrograd.engine import OPS, Op, Value
from micrograd.engine.tracing import Placeholder

g, a, b = map(Placeholder, "gab")

EXPRESSIONS = {
    "a + b": a + b,
    "a - b": a - b,
    "a - (b - g)": a - (b - g),
    "a - 1": a - 1,
    "1 - a * b": 1 - a * b,
    "a * -b": a * -b,
    "-(a + b)": -(a + b),
    "a * (b + 1)": a * (b + 1),
    "a * (b * g)": a * (b * g),
    "a / (2 * b)": a / (2 * b),
    "1 / a": 1 / a,
    "(a + b)**2": (a + b) ** 2,
    "a**(b - 1)": a ** (b - 1),
    "(-a)**2": (-a) ** 2,
    "max(abs(a), -b)": abs(a).maximum(-b),
    "-2 * a": -2 * a,
    "(a < b) * (a + b <= g)": (a < b) * (a + b <= g),
    "max(a <= b, b)": (a <= b).maximum(b),
}


@pytest.mark.parametrize(("text", "value"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_expressions_are_written_as_python_reads_them(text: str, value: Value) -> None:
    assert operations.expression(value)[0] == text


@pytest.mark.parametrize("row", [*operations.rows(), *operations.helper_rows()], ids=lambda row: row["operation"])
def test_derivatives_are_those_of_the_table(row: dict[str, str]) -> None:
    names = {"g": 0.7, "out": 0.3, "a": 0.9, "b": 1.7}
    functions = {name: op for name, op in OPS.items() if name.isalpha()} | {"abs": abs}
    name = row["shown as"].strip("`")
    op = OPS[name] if name in OPS else operations.power(3.0)
    written = [part.strip("`") for part in row["derivative"].split("<br>")]
    arity = len(written)
    assert [eval(part, functions | names) for part in written] == pytest.approx(op.vjp(*[*names.values()][: 2 + arity]))


def test_edges_are_computed() -> None:
    rows = {row["shown as"]: row["at the edge"] for row in operations.rows()}
    assert rows["`log`"] == "a = 0: `-inf`, slope `inf`<br>a = -1: `nan`, slope `-1`"


def test_a_new_operation_must_be_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "OPS", OPS | {"twice": Op("twice", lambda a: 2 * a, lambda g, out, a: (2 * g,))})
    with pytest.raises(LookupError, match="twice"):
        operations.rows()


def test_a_table_is_put_where_the_page_asks_for_it() -> None:
    page = tables.on_page_markdown("Before.\n\n<!-- table: distributions -->\n\nAfter.\n")
    assert page.splitlines()[2] == "| distribution | version | Python | needs | extras |"
    assert "| `micrograd-engine` |" in page
