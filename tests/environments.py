"""Virtual environments for programs that must not see what is installed here."""

import subprocess
import sys
import venv
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command printed; a test fails with it where the command fails."""
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


def install(folder: Path, *arguments: str | Path) -> None:
    """Make an environment in a folder, and let our own pip fill it: one of its own would take seconds to install."""
    venv.create(folder)
    run(sys.executable, "-I", "-m", "pip", "--python", python_in(folder), "install", *arguments)


def borrow(folder: Path, *requirements: Requirement) -> None:
    """Let the environment in a folder use distributions that are installed here: these, and what they require."""
    (packages,) = folder.glob("lib/python*/site-packages")
    todo, done = [*requirements], set()
    while todo:
        requirement = todo.pop()
        if str(requirement) in done:
            continue
        done.add(str(requirement))
        found = distribution(requirement.name)
        for name in {file.parts[0] for file in found.files or []} - {"..", "__pycache__"}:
            if not name.endswith(".pth") and not (packages / name).exists():
                (packages / name).symlink_to(found.locate_file(name))
        for needed in map(Requirement, found.requires or []):
            extras = {"", *requirement.extras}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(needed)


def python_in(folder: Path) -> Path:
    """The Python of the environment in a folder."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
