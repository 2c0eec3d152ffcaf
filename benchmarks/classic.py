"""The environment of the classic micrograd, whose name clashes with ours."""

import os
import subprocess
import sys
import venv
from pathlib import Path


def classic_python():
    """The command of a Python that has the classic micrograd and not ours. The first call makes its environment."""
    home = Path(__file__).parent / ".cache" / f"classic-{sys.version_info.major}.{sys.version_info.minor}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    works = [python, "-E", "-s", "-c", "import micrograd.nn, micrograd; assert micrograd.__file__"]
    if not python.exists() or subprocess.run(works, capture_output=True, check=False).returncode:
        venv.create(home, with_pip=True, clear=True)
        install = [python, "-I", "-m", "pip", "install", "--quiet", "--no-deps", "micrograd==0.1.0"]
        subprocess.run(install, check=True)
    return [python, "-E", "-s"]  # without PYTHONPATH, which may point at ours
