"""The program of "Stop a run and go on later", stopped and started again in new processes, has the bits of one run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pages import Code, parts

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/stop-and-go-on.md"
PROGRAM = next(part.code for part in parts(PAGE.read_text("utf-8")) if isinstance(part, Code))


def trained(folder: Path, program: str, stops: list[int]) -> tuple[str, str]:
    """The files of the program, run once for each number of epochs after which it is stopped."""
    folder.mkdir()
    assert program.count("epochs, options = 10") == 1
    for epochs in stops:
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program.replace("options = 10", f"options = {epochs}")],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
        )
    return (folder / "run.json").read_text("utf-8"), (folder / "model.json").read_text("utf-8")


COMPILED = PROGRAM.replace("history=history,", "history=history, jit=True,")


@pytest.mark.parametrize("program", [PROGRAM, COMPILED], ids=["eager", "compiled"])
def test_a_run_that_is_stopped_has_the_bits_of_one_that_is_not(tmp_path: Path, program: str) -> None:
    assert trained(tmp_path / "stopped", program, [1, 4, 7, 10]) == trained(tmp_path / "whole", program, [10])
