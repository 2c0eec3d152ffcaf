"""What is in the sdists and wheels, and what they say of themselves."""

import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(package: Path) -> dict[str, object]:
    """The `[project]` table of the package."""
    table: dict[str, object] = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    return table


@pytest.fixture
def stem(project: dict[str, object]) -> str:
    """What the names of the package's files start with."""
    return f"{project['name']}-{project['version']}".replace("micrograd-", "micrograd_")


@pytest.fixture
def wheel(dist: Path, stem: str) -> Iterator[zipfile.ZipFile]:
    """The package's wheel."""
    with zipfile.ZipFile(dist / f"{stem}-py3-none-any.whl") as wheel:
        yield wheel


@pytest.fixture
def metadata(wheel: zipfile.ZipFile, stem: str) -> Message:
    """What the wheel says of itself."""
    return Parser().parsestr(wheel.read(f"{stem}.dist-info/METADATA").decode())


def sources(package: Path) -> set[str]:
    """The files below `src` that belong in the wheel."""
    src = package / "src"
    return {str(path.relative_to(src)) for path in src.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_wheel_holds_the_sources_the_licence_and_nothing_else(package: Path, wheel: zipfile.ZipFile, stem: str) -> None:
    described = {f"{stem}.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD", "licenses/LICENSE")}
    assert set(wheel.namelist()) == sources(package) | described


def test_sdist_holds_the_sources_and_what_describes_them(package: Path, dist: Path, stem: str) -> None:
    described = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
    with tarfile.open(dist / f"{stem}.tar.gz") as sdist:
        assert set(sdist.getnames()) == {f"{stem}/src/{path}" for path in sources(package)} | {
            f"{stem}/{name}" for name in described
        }


def test_is_typed_and_leaves_the_namespace_open(package: Path) -> None:
    name = package.name.removeprefix("micrograd-")
    files = sources(package)
    assert f"micrograd/{name}/py.typed" in files
    assert "micrograd/__init__.py" not in files
    assert all(path.startswith(f"micrograd/{name}/") for path in files)


def test_licence_is_the_one_at_the_root(package: Path) -> None:
    assert not (package / "LICENSE").is_symlink()  # a link breaks the sdist
    assert (package / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_metadata_is_complete(package: Path, metadata: Message, project: dict[str, object]) -> None:
    assert metadata["Name"] == package.name
    assert metadata["Version"] == project["version"]
    assert metadata["Summary"]
    assert metadata["Keywords"]
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (package / "README.md").read_text("utf-8")
    assert metadata["Project-URL"] is None  # the workflow that publishes knows addresses, see test_clone.py


def test_classifiers_name_the_pythons_that_are_allowed(metadata: Message) -> None:
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers
    named = {name.rpartition(" :: ")[2] for name in classifiers if " :: 3." in name}
    assert named == {"3.11", "3.12", "3.13", "3.14"}
    assert metadata["Requires-Python"] == ">=3.11"


def test_needs_at_most_the_engine(package: Path, metadata: Message) -> None:
    always = [need for need in metadata.get_all("Requires-Dist", []) if "extra ==" not in need]
    oldest = {"micrograd-engine": [], "micrograd-nn": ["1.4"], "micrograd-viz": ["1.4"]}[package.name]
    assert always == [f"micrograd-engine<2,>={version}" for version in oldest]


def test_changelog_starts_with_the_version(package: Path, project: dict[str, object]) -> None:
    headings = [line for line in (package / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    newest = next(line for line in headings if line != "## [Unreleased]")
    assert newest.startswith(f"## [{project['version']}] - ")
