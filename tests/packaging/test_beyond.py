"""Training that goes on in processes of PyTorch and comes back, as the page about it has it."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from environments import borrow, install, python_in, run

from .conftest import ROOT, Once

PAGE = (ROOT / "docs/how-to/beyond.md").read_text("utf-8")
NUMBER = r"\d\S*\d|\d"


@pytest.fixture
def python(dist: Path, once: Once) -> Path:
    """A Python that has our wheels, and of other distributions those that the page names."""
    (line,) = re.findall(r"^pip install (.*)$", PAGE, re.MULTILINE)
    named = [Requirement(part.removeprefix("./packages/")) for part in shlex.split(line)]

    def make(folder: Path) -> None:
        install(folder, "--isolated", "--no-index", "--no-deps", *dist.glob("*.whl"))
        borrow(folder, *named)

    return python_in(once("beyond", make))


def test_processes_of_pytorch_go_on_as_one_would(python: Path, tmp_path: Path) -> None:
    """Two processes cannot halve the last batch, which has five images."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    (line,) = re.findall(r"^python (examples/.*)$", PAGE, re.MULTILINE)
    output = run(python, "-W", "error", *shlex.split(line), "--epochs", "1", cwd=tmp_path, env=alone)
    printed = "".join(re.findall(r"^(?:here|back).*\n", output, re.MULTILINE))  # torchrun speaks of threads, too
    (shown,) = re.findall(r"^```text\n(here: .*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert re.sub(NUMBER, "#", printed) == re.sub(NUMBER, "#", shown)

    first, processes, apart, again, of_twin = map(float, re.findall(NUMBER, printed))
    assert processes == 2
    assert apart < 1e-12
    assert again == pytest.approx(of_twin, abs=1e-6)
    assert again < first / 4
