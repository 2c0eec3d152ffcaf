"""How much memory a process has, and has needed."""

import os
import resource
import subprocess
import sys


def peak():
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def held():
    """The bytes that this process holds now."""
    found = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    return 1024 * int(found.stdout)
