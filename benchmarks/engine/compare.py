"""Our engine beside the classic micrograd 0.1.0, and beside one that stores local gradients."""

import importlib.util
import statistics
import subprocess
import sys
from pathlib import Path

from table import Row, Table
from workers import Worker, check_same, take_turns

from classic import classic_python

ENGINES = ["micrograd", "classic 0.1.0", "local gradients"]


def compare(repeats, say):
    """The table of the engine, and the versions of the peers."""
    ours, classic, local = ENGINES
    module = ["-m", "engine.worker"]
    workers = {
        ours: Worker(ours, sys.executable, *module, "micrograd"),
        classic: Worker(classic, *classic_python(), *module, "micrograd"),
        local: Worker(local, sys.executable, *module, "local"),
    }
    say("gradients of all engines")
    check_same(workers, 1e-9, "shipped gradients")
    check_same(workers, 1e-9, "gradients")
    say("moons step of all engines")
    rows = step_rows(workers, repeats)
    say("memory of the graph")
    rows += size_rows(workers)
    say("million-node chain")
    rows += chain_rows(workers, max(repeats // 3, 1))
    say("import of the engine")
    rows.append(import_row(3 * repeats))
    for worker in workers.values():
        worker.close()
    return [Table("engine", "The engine", ENGINES, rows)], []


def step_rows(workers, repeats):
    rows = []
    for task, title in (("step", "moons step, same network"), ("shipped step", "moons step, own nn")):
        ours, classic, local = found = list(take_turns(workers, repeats, task).values())
        rows.append(
            Row(
                title,
                [f"{1e3 * seconds:,.0f} ms" for seconds in found],
                f"classic {classic / ours:.1f}x, local {local / ours:.2f}x",
                ">= 8x, > 1x",
                classic / ours >= 8 and local > ours,
            )
        )
    return rows


def size_rows(workers):
    nodes = [worker.ask("nodes") for worker in workers.values()]
    held = [worker.ask("memory") / count for worker, count in zip(workers.values(), nodes, strict=True)]
    share = held[0] / held[1]
    return [
        Row(
            "nodes of that step",
            [f"{count:,}" for count in nodes],
            f"{nodes[0] / nodes[1]:.2f} of classic",
            "<= 1",
            nodes[0] <= nodes[1],
        ),
        Row("memory, a node", [f"{size:,.0f} bytes" for size in held], f"{share:.2f} of classic", "< 0.5", share < 0.5),
    ]


def chain_rows(workers, repeats):
    """A million nodes, for ours alone if the others do not even stand 5,000."""
    deep = [worker.ask("deep") for worker in workers.values()]
    runs = [workers["micrograd"].ask("chain") for _ in range(repeats)]
    forward, backward, freed = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        Row("5,000-node chain, backward", deep),
        Row("million-node chain, forward", [f"{forward:.2f} s", "", ""]),
        Row(
            "million-node chain, backward",
            [f"{backward:.2f} s", "", ""],
            f"{backward / forward:.2f} of forward",
            "< 3",
            backward < 3 * forward,
        ),
        Row("million-node chain, freed", [f"{freed:.2f} s", "", ""]),
    ]


def import_row(repeats):
    """What `import micrograd.engine` adds to the start of a bare Python, as the process itself measures it."""
    places = importlib.util.find_spec("micrograd.engine").submodule_search_locations
    source = Path(places[0]).parents[1]
    program = (
        f"import sys, time; sys.path.insert(0, {str(source)!r}); start = time.process_time(); import micrograd.engine; "
    )
    program += "print(time.process_time() - start)"
    times = [
        float(subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(repeats + 1)
    ]
    spent = 1e3 * statistics.median(times[1:])  # the first one may compile the bytecode
    return Row("import micrograd.engine", [f"{spent:.1f} ms", "", ""], "beyond bare Python", "< 30 ms", spent < 30)
