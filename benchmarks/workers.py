"""Processes that measure. Each holds one of those that are compared, and they take turns."""

import json
import math
import os
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
TUNING = ("BLIS_", "GOTO_", "KMP_", "MKL_", "NVPL_", "OMP_", "OPENBLAS_", "TORCHINDUCTOR_", "XLA_")


def environment(cores):
    """This process's environment, without what tunes a library on this machine alone.

    `OPENBLAS_CORETYPE`, for one, can make NumPy take twice as long.
    """
    bare = {name: text for name, text in os.environ.items() if not name.startswith(TUNING)}
    return bare | ONE_THREAD if cores == 1 else bare


class Worker:
    """One of those that are compared, in a process of its own.

    `command` is a Python, its options, the module to run and the arguments of that.
    """

    def __init__(self, name, *command, cores=1):
        self.name = name
        keep_to(cores)  # which the process inherits
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE, env=environment(cores)
        )
        keep_to(1)

    def ask(self, task, *arguments):
        try:
            self.process.stdin.write(json.dumps([task, *arguments]) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise SystemExit(f"the process of {self.name} ended at {task!r}; what it said is above")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def keep_to(cores):
    """Keep this process, and those that it starts, on so many cores, where the system can: some ignore `ONE_THREAD`."""
    if CORES:
        os.sched_setaffinity(0, CORES[-cores:])


def take_turns(workers, repeats, task, *arguments):
    """The median answer of each worker."""
    answers = {name: [] for name in workers}
    for _ in range(repeats):
        for name, worker in workers.items():
            answers[name].append(worker.ask(task, *arguments))
    return {name: statistics.median(times) for name, times in answers.items()}


def check_same(workers, tolerance, task, *arguments):
    """End the run unless all workers answer with the same numbers as the first."""
    answers = {name: worker.ask(task, *arguments) for name, worker in workers.items()}
    first, expected = next(iter(answers.items()))
    for name, found in answers.items():
        pairs = zip(found, expected, strict=True)
        if not all(math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-3 * tolerance) for a, b in pairs):
            raise SystemExit(f"{task}: {name} finds other numbers than {first}, so there is nothing to compare")
