"""On what a run was made."""

import os
import platform
from pathlib import Path


def machine():
    """The processor, the system and the Python, in a line."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}"


def processor():
    """The name that Linux has for it, or else what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
