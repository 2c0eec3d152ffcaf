"""A small network: one call for its gradients, and many steps of training in a loop."""

import sys

from table import Row, Table
from workers import Worker, check_same, take_turns

SIZES = [2, 16, 16, 1]
BATCH, LARGE_BATCH = 100, 10_000
STEPS = 1000


def table(workers, repeats, say):
    quick = {name: worker for name, worker in workers.items() if name != "classic"}  # which takes seconds for a step
    slow = {"classic": workers["classic"]}
    say("one call of all peers")
    rows = [call_row(quick, slow, repeats)]
    rows.append(vectors_row(workers, repeats))
    say("training loops of all peers")
    rows.append(loop_row(quick, slow, repeats))
    memory = {name: 1e-6 * worker.ask("memory") for name, worker in workers.items()}
    rows.append(Row("memory of a process that did these", cells(memory, "MB")))
    say("large batches of all peers")
    rows.append(large_row(quick, repeats))
    title = f"Network {'-'.join(map(str, SIZES))}, hinge loss, float64; C with -O3 -march=native"
    return Table("steps", title, list(workers), rows)


def call_row(quick, slow, repeats):
    check_same(quick | slow, 1e-9, "gradients", SIZES, BATCH)
    found = take_turns(quick, repeats, "backward", SIZES, BATCH, 200)
    found |= take_turns(slow, 3, "backward", SIZES, BATCH, 1)
    pytorch, jax = (found[name] / found["micrograd"] for name in ("PyTorch", "JAX"))
    return Row(
        f"one call of backward, batch {BATCH}",
        cells({name: 1e6 * seconds for name, seconds in found.items()}, "us"),
        f"PyTorch {pytorch:.1f}x, JAX {jax:.2f}x",
        ">= 5x, > 1x",
        pytorch >= 5 and jax > 1,
    )


def vectors_row(workers, repeats):
    """With the parameters as an array, and their gradients as one, as C has them anyway."""
    racing = {"micrograd": Worker("micrograd", sys.executable, "-m", "compiler.worker", "vectors")}
    racing |= {name: workers[name] for name in ("C, fast-math", "C, strict")}
    check_same(racing, 1e-9, "gradients", SIZES, BATCH)
    found = take_turns(racing, repeats, "backward", SIZES, BATCH, 200)
    racing["micrograd"].close()
    c = min(found["C, fast-math"], found["C, strict"]) / found["micrograd"]
    return Row(
        f"the same from vector to vector, batch {BATCH}",
        cells({name: 1e6 * found[name] if name in found else None for name in workers}, "us"),
        f"C {c:.2f}x",
        f">= {1 / 2.2:.2f}x",
        c >= 1 / 2.2,
    )


def loop_row(quick, slow, repeats):
    check_same(quick | slow, 1e-9, "parameters", SIZES, BATCH, 3)
    check_same(quick, 1e-6, "parameters", SIZES, BATCH, STEPS)
    found = take_turns(quick, repeats, "train", SIZES, BATCH, STEPS)
    found |= take_turns(slow, 3, "train", SIZES, BATCH, 1)
    c, jax, classic = (found[name] / found["micrograd"] for name in ("C, fast-math", "JAX", "classic"))
    return Row(
        f"a training step, {STEPS:,} in a loop, batch {BATCH}",
        cells({name: 1e6 * seconds for name, seconds in found.items()}, "us"),
        f"C {c:.2f}x, JAX {jax:.1f}x, classic {classic:,.0f}x",
        ">= 0.5x, > 1x, >= 50,000x",
        c >= 0.5 and jax > 1 and classic >= 50_000,
    )


def large_row(quick, repeats):
    check_same(quick, 1e-9, "gradients", SIZES, LARGE_BATCH)
    found = take_turns(quick, repeats, "backward", SIZES, LARGE_BATCH, 10)
    pytorch = found["PyTorch"] / found["micrograd"]
    return Row(
        f"one call of backward, batch {LARGE_BATCH:,}, a sample",
        [*cells({name: 1e9 * seconds / LARGE_BATCH for name, seconds in found.items()}, "ns"), ""],
        f"PyTorch {pytorch:.1f}x",
        ">= 4x",
        pytorch >= 4,
    )


def cells(numbers, unit):
    return ["" if number is None else in_unit(number, unit) for number in numbers.values()]


def in_unit(number, unit):
    return f"{number:,.1f} {unit}" if number < 100 else f"{number:,.0f} {unit}"
