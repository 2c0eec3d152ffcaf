"""What it takes to compile: programs without any structure, small and large, and a process from its start."""

import json
import statistics
import subprocess
import sys
import time

from table import Row, Table
from workers import HERE

SIZES, LARGE = (5_000, 50_000), 2_000_000
COPIES = 3
KEPT = 300  # bytes an instruction that a compiled function may keep
FIRST = """
from micrograd.engine import Value
from micrograd.engine.jit import jit
w = Value(2.0)
print(jit(lambda x: (w * x).tanh())([0.5]))
"""


def table(repeats, say):
    say("compiling")
    runs = [[compile_random(size, COPIES) for size in SIZES] for _ in range(repeats)]
    small, medium = (medians(column) for column in zip(*runs, strict=True))
    say(f"compiling {LARGE:,} instructions")
    large = compile_random(LARGE, copies=0)
    say("start of a process")
    first = statistics.median(seconds_of_process() for _ in range(3 * repeats))
    columns = ["time", "an instruction", "memory while compiling", "kept", "the graph"]
    most = 2 * (KEPT + medium["graph"])
    rows = [
        row(small),
        row(medium, *linear(medium, small, "each")),
        Row(
            "memory of that, an instruction",
            [""] * len(columns),
            f"kept {medium['kept']:,.0f} bytes, most {medium['memory']:,.0f} bytes",
            f"<= {KEPT}, <= {most:,.0f}",
            medium["kept"] <= KEPT and medium["memory"] <= most,
        ),
        row(large, *linear(large, medium, "each", "memory")),
        Row("from the start of Python to a first result", [f"{first:.2f} s", *[""] * 4], "", "< 1 s", first < 1),
    ]
    return Table("compiling", "Compiling programs without structure; memory is bytes an instruction", columns, rows)


def compile_random(size, copies):
    """Compile a random program of some `size` instructions in a process of its own. All but `seconds` is for each."""
    command = [sys.executable, "-m", "compiler.random_program", str(size), str(copies)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, cwd=HERE, check=True).stdout)
    count = found.pop("instructions")
    each = {what: number / count for what, number in found.items()}
    return each | {"instructions": count, "seconds": found["seconds"], "each": each["seconds"]}


def medians(runs):
    """The medians of several runs of one program."""
    return {what: statistics.median(run[what] for run in runs) for what in runs[0]}


def row(found, *verdict):
    cells = [f"{found['seconds']:.2f} s", f"{1e6 * found['each']:.0f} us"]
    cells += [f"{found[what]:,.0f}" if what in found else "" for what in ("memory", "kept", "graph")]
    return Row(f"{found['instructions']:,} instructions", cells, *verdict)


def linear(large, small, *what):
    """The figure, the target and whether it is met, of growing no faster than the number of instructions."""
    ratios = [large[name] / small[name] for name in what]
    figure = " and ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{figure} of the smaller, an instruction", "<= 1.5", max(ratios) <= 1.5


def seconds_of_process():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
