"""What a machine lacks is said in one line, and CI lacks nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TESTS_OF_A_THING = """
import pytest

@pytest.fixture(params=range(3))
def thing():
    pytest.skip("no thing: apt-get install thing")

def test_one(thing): ...
def test_another(thing): ...
def test_without(): ...

@pytest.mark.skip(reason="marked")
def test_marked(): ...

@pytest.mark.xfail
def test_expected_to_fail():
    assert False
"""
WHOLE_FILE = "import pytest\n\npytest.importorskip('nothing.of.this.name', reason='no thing: apt-get install thing')\n"


def outcome(*arguments: str | Path, ci: str, path: str, home: Path) -> tuple[int, list[str]]:
    """How pytest ends in a process of its own, and the lines that it prints."""
    environment = {"CI": ci, "PATH": path, "HOME": str(home), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp", home / "temporary", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("tests", "skipped", "elsewhere", "on_ci"),
    [
        (TESTS_OF_A_THING, 6, "1 passed, 7 skipped, 1 xfailed", "1 passed, 1 xfailed, 7 errors"),
        (WHOLE_FILE, 1, "1 skipped", "1 error"),
    ],
    ids=["tests", "a whole file"],
)
def test_a_skip_is_counted_and_on_ci_an_error(
    tests: str, skipped: int, elsewhere: str, on_ci: str, tmp_path: Path
) -> None:
    (tmp_path / "test_thing.py").write_text(tests)
    arguments = ["-c", os.devnull, "-p", "conftest", "-n", "1", "--rootdir", tmp_path, tmp_path]
    code, lines = outcome(*arguments, ci="", path=os.environ["PATH"], home=tmp_path)
    assert f"= {elsewhere} in" in lines[-1]
    assert f"{skipped} skipped: no thing: apt-get install thing" in lines
    assert code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

    code, lines = outcome(*arguments, ci="true", path=os.environ["PATH"], home=tmp_path)
    assert f"= {on_ci} in" in lines[-1]
    assert code == pytest.ExitCode.TESTS_FAILED


def test_without_a_browser_the_tests_of_pages_are_skipped(tmp_path: Path) -> None:
    code, lines = outcome("tests/browser/test_film.py", ci="", path=str(tmp_path), home=tmp_path)
    assert code == pytest.ExitCode.OK
    (said,) = (line for line in lines if "no browser" in line)
    assert said.endswith("apt-get install chromium")
    count, _, _ = said.partition(" ")
    assert f"= {count} skipped in" in lines[-1]
