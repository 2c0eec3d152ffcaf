"""The distributions as a newcomer gets them: built, and installed into environments that hold nothing else."""

import subprocess
import sys
import venv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What a command printed; a test fails with it where the command fails."""
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


def build(package: Path, dist: Path) -> None:
    """Put the sdist of a package, and the wheel made of that sdist, into `dist`."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, package)


@pytest.fixture(scope="session", params=["engine", "nn", "viz"])
def package(request: pytest.FixtureRequest) -> Path:
    """The folder of each package in turn."""
    return ROOT / "packages" / f"micrograd-{request.param}"


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdists and wheels of all three."""
    dist = tmp_path_factory.mktemp("dist")
    for package in sorted((ROOT / "packages").iterdir()):
        build(package, dist)
    return dist


@pytest.fixture(scope="session")
def fresh_python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a Python that has nothing but the named wheels, and what they ask for; the same one for the same names."""

    @cache
    def make(*names: str, find_links: Path = dist) -> Path:
        folder = tmp_path_factory.mktemp("venv")
        venv.create(folder, with_pip=True)
        python = folder / "bin" / "python"
        run(python, "-m", "pip", "install", "--isolated", "--no-index", "--find-links", find_links, *names)
        return python

    return make
