"""The distributions as a newcomer gets them: built, and installed into environments that hold nothing else."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from environments import install, python_in, run

ROOT = Path(__file__).parents[2]

Once = Callable[[str, Callable[[Path], None]], Path]


def build(package: Path, dist: Path) -> None:
    """Put the sdist of a package, and the wheel made of that sdist, into `dist`."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, package)


@pytest.fixture(scope="session", params=["engine", "nn", "viz"])
def package(request: pytest.FixtureRequest) -> Path:
    """The folder of each package in turn."""
    return ROOT / "packages" / f"micrograd-{request.param}"


@pytest.fixture(scope="session")
def dist(once: Once) -> Path:
    """A folder with the sdists and wheels of all three."""

    def build_all(folder: Path) -> None:
        for package in sorted((ROOT / "packages").iterdir()):
            build(package, folder)

    return once("dist", build_all)


@pytest.fixture(scope="session")
def fresh_python(dist: Path, once: Once) -> Callable[..., Path]:
    """Makes a Python that has nothing but the named wheels, and what they ask for; the same one for the same names."""

    def make(*names: str, find_links: Path = dist) -> Path:
        offline = ("--isolated", "--no-index", "--find-links", find_links)
        return python_in(once("+".join(names), lambda folder: install(folder, *offline, *names)))

    return make
