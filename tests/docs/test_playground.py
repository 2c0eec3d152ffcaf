"""What the playground runs on is built into the site, or the page says what is missing."""

from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files

import npm
import playground


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
