"""Settings that all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from micrograd.engine import OPS

# A shared machine may be slow at any moment; how long one example takes says nothing about the code.
settings.register_profile("default", deadline=None)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _table_as_it_was() -> Iterator[None]:
    """What a test, or the code of a page, adds to the table of operations is gone after it."""
    rows = dict(OPS)
    yield
    OPS.clear()
    OPS.update(rows)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for examples in the packages' docstrings, and not in what tests run in other environments."""
    return True if collection_path.suffix == ".py" and not collection_path.name.startswith("test_") else None
