"""What nn and viz know of the engine is public: any engine of the range that they ask for will do.

The linter of imports sees to it that they import from public modules alone. Here are the attributes, beyond imports.
"""

import ast
from pathlib import Path

import pytest

from micrograd.engine import Value

ROOT = Path(__file__).parents[2]
FILES = sorted(path for name in ("nn", "viz") for path in (ROOT / f"packages/micrograd-{name}/src").rglob("*.py"))
OF_THE_CLASSIC = {"_prev", "_op", "_backward"}  # which programs for the classic micrograd use
PRIVATE = {name for kind in Value.__mro__ for name in vars(kind) if name.startswith("_") and not name.endswith("__")}


def test_there_is_something_to_guard() -> None:
    assert {"_a", "_b", "_rule", "_data", "_record"} <= PRIVATE
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "packages").as_posix())
def test_private_names_of_a_value_stay_in_the_engine(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    attributes = {(node.attr, node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {(name, line) for name, line in attributes if name in PRIVATE - OF_THE_CLASSIC}
