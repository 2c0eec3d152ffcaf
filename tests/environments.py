"""Virtual environments for programs that must not see what is installed here."""

import subprocess
import sys
import venv
from pathlib import Path


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What a command printed; a test fails with it where the command fails."""
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


def install(folder: Path, *arguments: str | Path) -> None:
    """Make an environment in a folder, and let our own pip fill it: one of its own would take seconds to install."""
    venv.create(folder)
    run(sys.executable, "-I", "-m", "pip", "--python", python_in(folder), "install", *arguments)


def python_in(folder: Path) -> Path:
    """The Python of the environment in a folder."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
