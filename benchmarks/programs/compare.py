"""Programs as people write them, beside the peers that each has to be compared with."""

import importlib
import statistics
import sys
from dataclasses import dataclass, field

from programs.peers import PEERS, installed
from table import Row, Table, duration
from workers import Worker, check_same, take_turns


@dataclass
class Case:
    """A program with its sizes, and the goals for its first result and for a call: None is not measured.

    Goals are how many times as long a peer should take, at least, and how many "seconds" it may be.
    """

    title: str
    program: str
    sizes: list[int] = field(default_factory=list)
    first: dict[str, float] | None = None
    call: dict[str, float] = field(default_factory=dict)
    unit: str = "a call"
    units: int = 1  # in a call


CASES = [
    Case("GRU, 30 steps, 8 hidden, batch 100", "gru", first={"JAX": 1 / 1.2}, call={"JAX": 2.5}),
    Case("LSTM of ADBench, c=128", "lstm", [128], first={"seconds": 4}, call={"JAX": 1}),
    Case("LSTM of ADBench, c=1024", "lstm", [1024], first={"seconds": 30}, call={"JAX": 1}),
    Case(
        "GPT, 16 positions, 32 sequences",
        "gpt",
        first={"seconds": 5},
        call={"PyTorch": 3, "seconds": 1e-6},
        unit="a token",
        units=16 * 32,
    ),
    Case("pendulum, 200 RK4 steps, batch 1", "pendulum", [1], first={"seconds": 0.6}),
    Case("pendulum, 200 RK4 steps, batch 1,000", "pendulum", [1000], first={"seconds": 0.6}),
    Case("network 64-256-256-10, batch 100", "perceptron", [64, 256, 256, 10], first={"seconds": 2.5}),
    Case("Rosenbrock-50, gradient and Hessian, 1 point", "rosenbrock", [1], call={"CasADi": 0.4}),
    Case("Rosenbrock-50, gradient and Hessian, 1,000 points", "rosenbrock", [1000], call={"CasADi": 2}),
]
BUNDLE = Case("bundle adjustment of ADBench, 31,843 observations", "bundle")
MACHINE_CODE = Case("machine code", "machine_code")


def compare(repeats, say):
    """The table, and the versions of the peers."""
    for peer in PEERS:
        if not installed(peer):
            say(f"{peer} is not installed, so its cells stay empty")
    repeats, rows, versions = max(repeats // 3, 1), [], {}
    for case in CASES:
        say(case.title)
        first, call = map(medians, zip(*(run(case, versions) for _ in range(repeats)), strict=True))
        if case.first is not None:
            rows.append(row(f"{case.title}, first result", first, case.first))
        each = {peer: seconds / case.units for peer, seconds in call.items()}
        rows.append(row(f"{case.title}, {case.unit}", each, case.call))
    rows += bundle_rows(repeats, versions, say)
    title = "Programs with a structure, float64; JAX with scan over steps, CasADi's C with -O3 -march=native"
    return [Table("programs", title, list(PEERS), rows)], list(versions.values())


def bundle_rows(repeats, versions, say):
    """A call, and how much of it is machine code: the rest moves data."""
    say(BUNDLE.title)
    runs = [(run(BUNDLE, versions)[1], run(MACHINE_CODE, versions)[1]) for _ in range(repeats)]
    call, code = map(medians, zip(*runs, strict=True))
    share = code["micrograd"] / call["micrograd"]
    return [
        row(f"{BUNDLE.title}, {BUNDLE.unit}", call, BUNDLE.call),
        Row(f"of it {MACHINE_CODE.title}", cells(code), f"{share:.0%}", ">= 60%", share >= 0.6),
    ]


def run(case, versions):
    """For each peer the seconds to the first result, and those of a call, in a new process."""
    peers = [peer for peer in importlib.import_module(f"programs.{case.program}").PROGRAMS if installed(peer)]
    command = [sys.executable, "-m", "programs.worker"]
    workers = {peer: Worker(peer, *command, peer, case.program, *map(str, case.sizes)) for peer in peers}
    versions |= {peer: worker.ask("version") for peer, worker in workers.items()}
    first = take_turns(workers, 1, "first")
    check_same(workers, 1e-9, "numbers")
    call = take_turns(workers, 3, "calls")
    for worker in workers.values():
        worker.close()
    return first, call


def medians(runs):
    return {peer: statistics.median(found[peer] for found in runs) for peer in runs[0]}


def row(measure, found, goals):
    """What was found for each peer, beside the goals."""
    ours = found["micrograd"]
    ratios = {peer: seconds / ours for peer, seconds in found.items() if peer != "micrograd"}
    targets, met = [], []
    for name, goal in goals.items():
        if name == "seconds":
            targets.append(f"<= {duration(goal)}")
            met.append(ours <= goal)
        elif name in ratios:
            targets.append(f"{name} >= {goal:.2g}x")
            met.append(ratios[name] >= goal)
    figure = ", ".join(f"{peer} {ratio:.3g}x" for peer, ratio in ratios.items())
    return Row(measure, cells(found), figure, ", ".join(targets), all(met) if met else None)


def cells(found):
    return [duration(found[peer]) if peer in found else "" for peer in PEERS]
