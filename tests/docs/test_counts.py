"""The core is as short as the README says: lines of code, without docstrings, comments and blank lines."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATED = re.findall(r"\[(\d+) lines of code\]\((\S+)\)", (ROOT / "README.md").read_text("utf-8"))
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(source: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {line for each in tokens if each.type not in LAYOUT for line in range(each.start[0], each.end[0] + 1)}
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    return len(code - docstrings)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("a = 1  # one\n\n# two\nb = 2\n", 2),
        ('"""A module.\n\nOf text.\n"""\n\na = (\n    1,\n)\n', 3),
        ('def f():\n    """Nothing."""\n    return """\n\n"""\n', 4),
    ],
)
def test_what_counts(source: str, count: int) -> None:
    assert lines_of_code(source) == count


def test_the_readme_counts_the_engine_and_the_layers() -> None:
    assert [Path(path).name for _, path in STATED] == ["value.py", "layers.py"]


@pytest.mark.parametrize(("count", "path"), STATED, ids=lambda text: Path(text).name)
def test_the_readme_counts_right(count: str, path: str) -> None:
    assert lines_of_code((ROOT / path).read_text("utf-8")) == int(count)
