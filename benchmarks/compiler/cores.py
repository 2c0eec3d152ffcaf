"""A call with so many samples that they are worth a second core."""

import sys

from table import Row, Table, duration
from workers import CORES, Worker, check_same, take_turns

SIZES = [2, 16, 16, 1]
BATCHES = (100_000, 1_000_000)
GOAL = 1.7


def tables(repeats, say):
    """The table, where there are two cores."""
    if len(CORES) < 2:
        say("no second core, so no table of two")
        return []
    workers = {
        f"{name}, {count}": Worker(name, sys.executable, "-m", "compiler.worker", peer, cores=cores)
        for name, peer in (("micrograd", "micrograd"), ("JAX", "jax"))
        for cores, count in ((1, "one core"), (2, "two cores"))
    }
    rows = []
    for batch in BATCHES:
        say(f"batch {batch:,} on two cores")
        check_same(workers, 1e-9, "gradients", SIZES, batch)
        found = take_turns(workers, repeats, "backward", SIZES, batch, 5)
        ours, both, jax, jax_both = found.values()
        rows.append(
            Row(
                f"batch {batch:,}",
                [duration(seconds) for seconds in found.values()],
                f"micrograd {ours / both:.2f}x its one core, JAX {jax / jax_both:.2f}x",
                f">= {GOAL}x",
                ours / both >= GOAL,
            )
        )
    for worker in workers.values():
        worker.close()
    title = f"One call of backward on one core and on two, network {'-'.join(map(str, SIZES))}"
    return [Table("cores", title, list(workers), rows)]
