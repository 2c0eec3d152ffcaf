"""What the playground runs on is built into the site, or the page says what is missing."""

import gc
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files

import npm
import playground
from micrograd.engine import Value

EXAMPLES = {path.stem: path.read_text("utf-8") for path in playground.ROOM.glob("examples/*.py")}


def leaves() -> set[Value]:
    """All that there are."""
    return {thing for thing in gc.get_objects() if type(thing) is Value and not thing._prev}


@pytest.mark.parametrize("name", [name for name, code in EXAMPLES.items() if ".backward()" in code])
def test_examples_with_gradients_have_some_that_are_not_0(name: str) -> None:
    others = leaves()
    names = {"__name__": "__main__"}
    exec(EXAMPLES[name], names)  # a leaf is gone with its namespace
    assert any(leaf.grad for leaf in leaves() - others)


def test_without_npm_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(npm, "CACHE", tmp_path)
    monkeypatch.setattr(playground, "missing", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    files = Files([])
    playground.on_files(files, config=None)
    assert list(files) == []

    class Page:
        class file:
            src_uri = "playground/index.md"

    text = playground.on_page_markdown("---\n---\n# Playground\n\nWrite Python.", Page, None, None)
    assert text.startswith("# Playground\n")
    assert "npm is not installed" in text
    monkeypatch.setenv("CI", "true")
    with pytest.raises(PluginError, match="npm is not installed"):
        playground.on_files(files, config=None)
