"""What it takes to compile: programs without any structure, small and large, and a process from its start."""

import json
import statistics
import subprocess
import sys
import time

from table import Row, Table
from workers import HERE

FIRST = """
from micrograd.engine import Value
from micrograd.engine.jit import jit
w = Value(2.0)
print(jit(lambda x: (w * x).tanh())([0.5]))
"""


def table(repeats, million, say):
    say("compiling")
    sizes = (5_000, 50_000)
    runs = [[compile_random(size) for size in sizes] for _ in range(repeats)]
    small, large = (summary(column) for column in zip(*runs, strict=True))
    grows = large["each"] / small["each"]
    met = grows <= 1.5 and large["seconds"] < 5
    rows = [
        row(small),
        row(large, f"{grows:.2f} of the smaller, an instruction", "<= 1.5, < 5 s", met),
    ]
    if million:
        say("compiling a million instructions")
        rows.append(row(summary([compile_random(1_000_000)])))
    say("start of a process")
    first = statistics.median(seconds_of_process() for _ in range(3 * repeats))
    rows.append(Row("from the start of Python to a first result", [f"{first:.2f} s", "", ""], "", "< 1 s", first < 1))
    return Table("compiling", "Compiling programs without structure", ["time", "an instruction", "memory"], rows)


def compile_random(size):
    """Compile a random program of some `size` instructions in a process of its own."""
    command = [sys.executable, "-m", "compiler.random_program", str(size)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, cwd=HERE, check=True).stdout)


def summary(runs):
    """The medians of several runs of one program."""
    found = {what: statistics.median(run[what] for run in runs) for what in ("instructions", "seconds", "memory")}
    return found | {"each": found["seconds"] / found["instructions"]}


def row(found, *verdict):
    cells = [f"{found['seconds']:.2f} s", f"{1e6 * found['each']:.0f} us", f"{found['memory'] / 1e6:,.0f} MB"]
    return Row(f"{found['instructions']:,} instructions", cells, *verdict)


def seconds_of_process():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
