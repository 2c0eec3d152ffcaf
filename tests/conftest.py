"""Settings that all tests share."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from micrograd.engine import OPS

# A shared machine may be slow at any moment; how long one example takes says nothing about the code.
settings.register_profile("default", deadline=None)
settings.load_profile("default")

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _table_as_it_was() -> Iterator[None]:
    """What a test, or the code of a page, adds to the table of operations is gone after it."""
    rows = dict(OPS)
    yield
    OPS.clear()
    OPS.update(rows)


@pytest.fixture(scope="session")
def site_url() -> str:
    """Where the built site believes that it is published."""
    return "https://docs.example/"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, site_url: str) -> Path:
    """The folder of the built site. A build that fails, or only warns, fails all tests that ask for it."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "DOCS_SITE_URL": site_url},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert built.returncode == 0, built.stderr
    return folder


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for examples in the packages' docstrings, and not in what tests run in other environments."""
    return True if collection_path.suffix == ".py" and not collection_path.name.startswith("test_") else None
