"""What the site has of npm, its bundler among it, at the versions of `docs/package-lock.json`."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

DOCS = Path(__file__).parents[1]
CACHE = DOCS.parent / ".cache" / "npm"
NAMES = ("package.json", "package-lock.json")


class MissingError(Exception):
    """Something that the site hosts cannot be had on this machine."""


def packages() -> Path:
    """Install the packages, unless that has been done, without running any script of theirs.

    Returns:
        The folder that holds a folder for each package.

    Raises:
        MissingError: If npm or node is not there, or npm fails.
    """
    key = hashlib.sha256(b"".join((DOCS / name).read_bytes() for name in NAMES)).hexdigest()[:16]
    installed = CACHE / key
    if not installed.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            for name in NAMES:
                shutil.copy(DOCS / name, folder)
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=Path(folder))
            Path(folder, "node_modules").rename(installed)  # there as a whole or not at all
    return installed


def run(program: str, *arguments: str, folder: Path, **variables: str) -> None:
    """Run `npm` or `node` in a folder, with further variables in its environment.

    Raises:
        MissingError: If it is not there, or fails.
    """
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{program} is not installed")
    command = [path, *arguments]
    result = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise MissingError(f"{program} {arguments[0]} failed: {result.stderr.strip()[-500:]}")
