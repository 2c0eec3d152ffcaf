"""Settings that the tests and the examples in docstrings share: at the root because both lie below it."""

import gc
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from micrograd.engine import OPS

# A shared machine may be slow at any moment; how long one example takes says nothing about the code.
settings.register_profile("default", deadline=None)
settings.load_profile("default")

ROOT = Path(__file__).parent

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Skip nothing on CI: there a test that is skipped, for whatever reason, has failed."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        *_, report.longrepr = report.longrepr  # file, line, reason
    return report


pytest_make_collect_report = pytest_runtest_makereport  # a file that is skipped as a whole


def pytest_runtest_setup() -> None:
    """Let the collector of garbage pass over what modules and earlier tests keep: it takes longer than many a test."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line for each reason how many tests were skipped."""
    reasons = Counter(report.longrepr[-1] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(autouse=True)
def _table_as_it_was() -> Iterator[None]:
    """What a test, an example or the code of a page adds to the table of operations is gone after it."""
    rows = dict(OPS)
    yield
    OPS.clear()
    OPS.update(rows)


@pytest.fixture(scope="session")
def site_url() -> str:
    """Where the built site believes that it is published."""
    return "https://docs.example/"


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Fills a folder once for all processes that tests are run in: the first one that asks for it does, others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def site(once: Once, site_url: str) -> Path:
    """The folder of the built site. A build that fails, or only warns, fails all tests that ask for it."""

    def build(folder: Path) -> None:
        built = subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
            cwd=ROOT,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "DOCS_SITE_URL": site_url},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert built.returncode == 0, built.stderr

    return once("site", build)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Look for examples in the packages' docstrings, and not in what tests run in other environments."""
    of_tests = collection_path.is_relative_to(ROOT / "tests") and collection_path.suffix == ".py"
    return True if of_tests and not collection_path.name.startswith("test_") else None
