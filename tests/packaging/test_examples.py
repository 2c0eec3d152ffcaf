"""The examples as a newcomer runs them, from the lines on their pages, with what the gallery says they need."""

import os
import re
import shlex
import shutil
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from environments import borrow, install, python_in, run

from .conftest import ROOT, Once

PAGES = sorted(set((ROOT / "docs/examples").glob("*.md")) - {ROOT / "docs/examples/index.md"})


def named_in_the_gallery() -> list[Requirement]:
    """What the line in the gallery installs."""
    (line,) = re.findall(r"^pip install (.*)$", (ROOT / "docs/examples/index.md").read_text("utf-8"), re.MULTILINE)
    option, group, *folders = shlex.split(line)
    assert option == "--group"
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return [*map(Requirement, groups[group]), *(Requirement(folder.removeprefix("./packages/")) for folder in folders)]


@pytest.fixture(scope="module")
def python(dist: Path, once: Once) -> Path:
    """A Python that has our wheels, and of other distributions those that the gallery names."""

    def make(folder: Path) -> None:
        install(folder, "--isolated", "--no-index", "--no-deps", *dist.glob("*.whl"))
        borrow(folder, *named_in_the_gallery())

    return python_in(once("examples", make))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_example_runs_from_the_line_on_its_page(page: Path, python: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for line in re.findall(r"^python (examples/.*)$", page.read_text("utf-8"), re.MULTILINE):
        path, *arguments = shlex.split(line)
        budget = ["--steps", "2"] if "steps=" in (ROOT / path).read_text("utf-8") else []
        printed = run(python, "-W", "error", path, *arguments, *budget, cwd=tmp_path, env=alone).splitlines()
        assert len(printed) > 1
        assert printed[-1] == f"wrote out/{page.stem}.svg"
        check_picture(tmp_path / "out" / f"{page.stem}.svg")


def check_picture(path: Path) -> None:
    """It has more in it than axes, which have no colours of their own."""
    picture = ET.parse(path)
    styles = " ".join(element.get("style", "") for element in picture.iter())
    assert re.search("(fill|stroke): #[0-9a-f]{6}", styles)
    assert "#000000" not in styles  # which dark paper would hide
