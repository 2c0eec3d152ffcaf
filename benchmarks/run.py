"""How fast, how small: our engine beside the classic micrograd 0.1.0 and beside one that stores local gradients.

    python benchmarks/run.py           # print the table, in about two minutes
    python benchmarks/run.py --save    # and keep it in benchmarks/results, as JSON and Markdown

Every engine runs in a process of its own, the classic one also in an environment of its own, which the first run
creates in benchmarks/.cache. All must agree on the gradients before anything is timed. They take turns, and each time
is the median of its repeats, so that what else the machine does falls on all alike. The garbage collector stays on, as
it is for users.
"""

import argparse
import importlib.util
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import venv
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENGINES = ("micrograd", "classic", "local")


@dataclass
class Row:
    """A line of the table: what was measured on each engine, the figure that counts, and what it should be."""

    measure: str
    micrograd: str
    classic: str
    local: str
    figure: str
    target: str
    met: bool | None

    def cells(self):
        verdict = {True: "yes", False: "NO", None: ""}[self.met]
        return [self.measure, self.micrograd, self.classic, self.local, self.figure, self.target, verdict]


HEADINGS = ["", "micrograd", "classic 0.1.0", "local gradients", "figure", "target", "met"]


class Worker:
    """An engine that does what it is asked."""

    def __init__(self, engine, python, *options):
        command = [python, *options, HERE / "worker.py", engine]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, task):
        self.process.stdin.write(task + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a worker ended during {task!r}; what it said is above")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def classic_python():
    """The Python of an environment that holds the classic micrograd, made if it is not there."""
    home = HERE / ".cache" / f"classic-{sys.version_info.major}.{sys.version_info.minor}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    works = [python, "-E", "-s", "-c", "import micrograd.nn, micrograd; assert micrograd.__file__"]
    if not python.exists() or subprocess.run(works, capture_output=True, check=False).returncode:
        venv.create(home, with_pip=True, clear=True)
        install = [python, "-I", "-m", "pip", "install", "--quiet", "--no-deps", "micrograd==0.1.0"]
        subprocess.run(install, check=True)
    return python


def check_gradients(workers):
    """End the run unless all engines find the same loss and gradients."""
    for task in ("shipped gradients", "gradients"):
        expected, *others = [worker.ask(task) for worker in workers.values()]
        for engine, found in zip(ENGINES[1:], others, strict=True):
            pairs = zip(found, expected, strict=True)
            if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs):
                raise SystemExit(f"{engine} finds other gradients than micrograd: nothing to compare")


def take_turns(workers, task, repeats):
    """The median answer of each worker."""
    answers = {engine: [] for engine in workers}
    for _ in range(repeats):
        for engine, worker in workers.items():
            answers[engine].append(worker.ask(task))
    return {engine: statistics.median(times) for engine, times in answers.items()}


def step_rows(workers, repeats):
    rows = []
    for task, title in (("step", "moons step, same network"), ("shipped step", "moons step, own nn")):
        found = take_turns(workers, task, repeats)
        ours, classic, local = (found[engine] for engine in ENGINES)
        rows.append(
            Row(
                title,
                *(f"{1e3 * found[engine]:,.0f} ms" for engine in ENGINES),
                f"classic {classic / ours:.1f}x, local {local / ours:.2f}x",
                ">= 8x, > 1x",
                classic / ours >= 8 and local > ours,
            )
        )
    return rows


def size_rows(workers):
    nodes = {engine: worker.ask("nodes") for engine, worker in workers.items()}
    held = {engine: worker.ask("memory") / nodes[engine] for engine, worker in workers.items()}
    share = held["micrograd"] / held["classic"]
    return [
        Row(
            "nodes of that step",
            *(f"{nodes[engine]:,}" for engine in ENGINES),
            f"{nodes['micrograd'] / nodes['classic']:.2f} of classic",
            "<= 1",
            nodes["micrograd"] <= nodes["classic"],
        ),
        Row(
            "memory, a node",
            *(f"{held[engine]:,.0f} bytes" for engine in ENGINES),
            f"{share:.2f} of classic",
            "< 0.5",
            share < 0.5,
        ),
    ]


def chain_rows(workers, repeats):
    """A million nodes, for ours alone if the others do not even stand 5,000."""
    deep = {engine: worker.ask("deep") for engine, worker in workers.items()}
    runs = [workers["micrograd"].ask("chain") for _ in range(repeats)]
    forward, backward, freed = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        Row("5,000-node chain, backward", *(deep[engine] for engine in ENGINES), "", "", None),
        Row("million-node chain, forward", f"{forward:.2f} s", "", "", "", "", None),
        Row(
            "million-node chain, backward",
            f"{backward:.2f} s",
            "",
            "",
            f"{backward / forward:.2f} of forward",
            "< 3",
            backward < 3 * forward,
        ),
        Row("million-node chain, freed", f"{freed:.2f} s", "", "", "", "", None),
    ]


def import_row(repeats):
    """What `import micrograd.engine` adds to the start of a bare Python, as the process itself measures it."""
    places = importlib.util.find_spec("micrograd.engine").submodule_search_locations
    source = Path(places[0]).parents[1]
    program = (
        f"import sys, time; sys.path.insert(0, {str(source)!r}); start = time.perf_counter(); import micrograd.engine; "
    )
    program += "print(time.perf_counter() - start)"
    times = [
        float(subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(repeats + 1)
    ]
    spent = 1e3 * statistics.median(times[1:])  # the first one may compile the bytecode
    return Row("import micrograd.engine", f"{spent:.1f} ms", "", "", "beyond bare Python", "< 30 ms", spent < 30)


def as_text(rows):
    table = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(cells[i]) for cells in table) for i in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() for cells in table
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def as_markdown(rows):
    table = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def main():
    parser = argparse.ArgumentParser(description="Measure micrograd beside the classic one. Prints one table.")
    parser.add_argument("--save", action="store_true", help="keep the table in benchmarks/results")
    parser.add_argument("--repeats", type=int, default=9, help="how often each step is timed (default: %(default)s)")
    args = parser.parse_args()

    def say(what):
        print(what, "...", file=sys.stderr, flush=True)

    say("environment of the classic micrograd")
    workers = {
        "micrograd": Worker("micrograd", sys.executable),
        "classic": Worker("micrograd", classic_python(), "-E", "-s"),  # without PYTHONPATH, which may point at ours
        "local": Worker("local", sys.executable),
    }
    say("gradients of all engines")
    check_gradients(workers)
    say("moons step")
    rows = step_rows(workers, args.repeats)
    say("memory")
    rows += size_rows(workers)
    say("million-node chain")
    rows += chain_rows(workers, max(args.repeats // 3, 1))
    say("import")
    rows.append(import_row(3 * args.repeats))
    for worker in workers.values():
        worker.close()

    machine = (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    print(f"\n{as_text(rows)}\n\n{machine}, {os.cpu_count()} CPUs, medians of {args.repeats} repeats")
    if args.save:
        results = HERE / "results"
        results.mkdir(exist_ok=True)
        report = {"machine": machine, "cpus": os.cpu_count(), "repeats": args.repeats, "rows": [*map(asdict, rows)]}
        (results / "results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        (results / "results.md").write_text(f"{as_markdown(rows)}\n\n{machine}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
