"""What a newcomer does who has a clone and no release to install: the line of the README, and the links around it."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from environments import python_in

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]
BUILDER = ("hatchling", "packaging", "pathspec", "pluggy", "trove_classifiers")  # builds wheels without the network
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")

PROGRAM = """
from micrograd import engine, nn, viz

neuron = nn.Neuron(1, nonlin=False)
print(viz.draw(neuron([engine.Value(2.0)])).svg[:4], engine.__file__.startswith({environment!r}))
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What of a clone is installed or published."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "packages", clone / "packages", ignore=shutil.ignore_patterns("__pycache__"))
    return clone


def test_the_line_in_the_readme_installs_all_three(clone: Path, tmp_path: Path) -> None:
    (line,) = re.findall(r"^pip (install \./packages/.*)$", READMES[0].read_text("utf-8"), re.MULTILINE)
    environment, builder = tmp_path / "environment", tmp_path / "builder"
    venv.create(environment)
    python = python_in(environment)
    builder.mkdir()
    for name in BUILDER:
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.submodule_search_locations
        (builder / name).symlink_to(spec.submodule_search_locations[0])
    offline = ("--no-index", "--no-build-isolation")
    subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "--python", python, *line.split(), *offline],
        cwd=clone,
        env=os.environ | {"PYTHONPATH": str(builder)},
        check=True,
    )
    program = PROGRAM.format(environment=str(environment))
    done = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "<svg True\n"


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_links_of_a_readme_lead_to_files_beside_it(readme: Path) -> None:
    links = LINK.findall(readme.read_text("utf-8"))
    assert links
    assert [link for link in links if not (readme.parent / link).exists()] == []


@pytest.mark.parametrize("site", ["https://docs.example/", ""])
def test_a_published_distribution_names_its_addresses(clone: Path, package: Path, site: str) -> None:
    """On a package index a relative link leads nowhere."""
    repository = "https://forge.example/owner/name"
    subprocess.run([sys.executable, ROOT / ".ci" / "addresses.py", repository, site], cwd=clone, check=True)
    published = clone / "packages" / package.name
    readme = (published / "README.md").read_text("utf-8")
    assert f"]({repository}/blob/HEAD/docs/reference/{package.name.removeprefix('micrograd-')}.md)" in readme
    assert not LINK.search(readme)
    urls = tomllib.loads((published / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls == {
        "Homepage": repository,
        **({"Documentation": site} if site else {}),
        "Source": f"{repository}/tree/HEAD/packages/{package.name}",
        "Changelog": f"{repository}/blob/HEAD/packages/{package.name}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }
