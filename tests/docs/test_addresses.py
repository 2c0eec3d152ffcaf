"""Nothing in the repository sends anybody to an address that is not the project's, or to a file that is not there.

There is no release on a package index, where others may own our names, and no host: lines that install ours name
folders of a clone, and links are relative or lead to other projects. Workflows add addresses when they publish.
"""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (".ci", ".github", "benchmarks", "docs", "examples", "notebooks", "packages", "tests")
KINDS = {".css", ".html", ".ipynb", ".js", ".md", ".mjs", ".py", ".toml", ".yml", ""}
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted([*ROOT.glob("*.*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))])
    if path.is_file()
    and path.suffix in KINDS
    and {"node_modules", ".cache"}.isdisjoint(path.parts)
    and path != Path(__file__)
}
INSTALLING = re.compile(r"(?:pip install|pipx (?:install|run)|uv (?:add|pip install)|uvx)\b([^`\n]*)")
OURS = re.compile(r"""(?<![\w.])[\w./-]*micrograd[\w-]*(?:\[[\w,]+\])?""")
ADDRESS = re.compile(r"https?://[^\s)\"'`>\\]*")
FILE = r"[\w./-]*\w(?:\.(?:ipynb|js|md|py|toml|yml)|/)"
NAMED = {  # but for what tests make up, and for history
    name: set(re.findall(f"`({FILE})`", text))
    for name, text in TEXTS.items()
    if not name.startswith("tests/") and not name.endswith("CHANGELOG.md")
}
NAMED["CONTRIBUTING.md"] = set(
    re.findall(rf"(?<![\w.]){FILE}(?=[\s`])", TEXTS["CONTRIBUTING.md"])
)  # in its picture too


def installed() -> list[tuple[str, list[str]]]:
    """What each line that installs something of ours installs."""
    lines = [(name, OURS.findall(line)) for name, text in TEXTS.items() for line in INSTALLING.findall(text)]
    return [(name, ours) for name, ours in lines if ours]


def test_the_texts_are_found() -> None:
    notebook = "notebooks/autograd_build_along.ipynb"
    assert {"README.md", "CONTRIBUTING.md", notebook, "docs/how-to/engine-only.md"} <= set(TEXTS)
    assert {"README.md", notebook, "docs/index.md"} <= {name for name, _ in installed()}


@pytest.mark.parametrize(("name", "ours"), installed())
def test_what_is_installed_is_in_the_clone(name: str, ours: list[str]) -> None:
    folders = [re.fullmatch(r"(?:\./)?(packages/([\w-]+))(?:\[([\w,]+)\])?", one) for one in ours]
    for one, folder in zip(ours, folders, strict=True):
        assert folder, f"{name} would take {one} from an index"
        project = tomllib.loads((ROOT / folder[1] / "pyproject.toml").read_text("utf-8"))["project"]
        assert folder[3] is None or set(folder[3].split(",")) <= set(project["optional-dependencies"])
    assert "micrograd-engine" in {folder[2] for folder in folders if folder}, (
        f"{name} would take the engine from an index"
    )


def test_no_address_is_invented() -> None:
    ours = {
        (name, address)
        for name, text in TEXTS.items()
        for address in ADDRESS.findall(text)
        if "micrograd" in address and not address.startswith("https://github.com/karpathy/micrograd")
    }
    assert ours == set()


def test_the_rooms_are_named() -> None:
    assert {"drawing/", "value.py", "jit/trace.py", "docs/hooks/", ".github/workflows/docs.yml"} <= NAMED[
        "CONTRIBUTING.md"
    ]


@pytest.mark.parametrize("name", [name for name, files in NAMED.items() if files])
def test_a_file_that_is_named_is_there(name: str) -> None:
    assert {file for file in NAMED[name] if not any(f"/{file.strip('/')}/" in f"/{path}/" for path in TEXTS)} == set()
