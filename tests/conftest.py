"""Settings that all tests share."""

from pathlib import Path

from hypothesis import settings

# A shared machine may be slow at any moment; how long one example takes says nothing about the code.
settings.register_profile("default", deadline=None)
settings.load_profile("default")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for examples in the packages' docstrings, and not in what tests run in other environments."""
    return True if collection_path.suffix == ".py" and not collection_path.name.startswith("test_") else None
