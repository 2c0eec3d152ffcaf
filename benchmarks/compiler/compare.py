"""Our compiler beside C, JAX, ddx-ad, NumPy, PyTorch and the classic micrograd."""

import sys

from compiler import compiling, cores, learning, steps, widths
from workers import Worker

from classic import classic_python


def peers():
    """A worker for each peer."""
    module = ["-m", "compiler.worker"]
    here = [sys.executable, *module]
    optimised = ["-O3", "-march=native"]
    commands = {
        "micrograd": [*here, "micrograd"],
        "C, fast-math": [*here, "c", *optimised, "-ffast-math"],
        "C, strict": [*here, "c", *optimised],
        "JAX": [*here, "jax"],
        "ddx-ad": [*here, "ddx"],
        "NumPy": [*here, "numpy"],
        "PyTorch": [*here, "pytorch"],
        "classic": [*classic_python(), *module, "classic"],
    }
    return {name: Worker(name, *command) for name, command in commands.items()}


def compare(repeats, say):
    """The tables of the compiler, and the versions of the peers."""
    say("peers of the compiler")
    workers = peers()
    versions = list(dict.fromkeys(worker.ask("version") for worker in workers.values()))
    tables = [
        steps.table(workers, repeats, say),
        widths.table(workers, max(repeats // 3, 1), say),
        learning.table(workers, max(repeats // 3, 1), say),
    ]
    for worker in workers.values():
        worker.close()
    tables += cores.tables(max(repeats // 3, 1), say)
    return [*tables, compiling.table(max(repeats // 3, 1), say)], versions
