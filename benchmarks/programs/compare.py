"""Programs as people write them, beside the peers that each has to be compared with."""

import importlib
import statistics
from dataclasses import dataclass, field

from programs.peers import PEERS, installed, say_missing
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


CASES = [
    Case("GRU, 30 steps, 8 hidden, batch 100", "gru", first={"JAX": 1 / 1.2}, call={"JAX": 2.5}),
    Case("LSTM of ADBench, c=128", "lstm", [128], first={"seconds": 4}, call={"JAX": 1}),
    Case("LSTM of ADBench, c=1024", "lstm", [1024], first={"seconds": 30}, call={"JAX": 1}),
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
    say_missing(say)
    repeats, rows, versions = max(repeats // 3, 1), [], {}
    for case in CASES:
        say(case.title)
        first, call = measured(case, repeats, versions)
        if case.first is not None:
            rows.append(row(f"{case.title}, first result", first, case.first))
        rows.append(row(f"{case.title}, a call", call, case.call))
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
        row(f"{BUNDLE.title}, a call", call, BUNDLE.call),
        Row(f"of it {MACHINE_CODE.title}", cells(code), f"{share:.0%}", ">= 60%", share >= 0.6),
    ]


def measured(case, repeats, versions, **options):
    """The medians of what `run` gives."""
    return map(medians, zip(*(run(case, versions, **options) for _ in range(repeats)), strict=True))


def run(case, versions, without=(), cores=1):
    """For each peer the seconds to the first result, and those of a call, in a new process."""
    programs = importlib.import_module(f"programs.{case.program}").PROGRAMS
    module = ["-m", "programs.worker"]
    workers = {
        peer: Worker(peer, *PEERS[peer].python(), *module, peer, case.program, *map(str, case.sizes), cores=cores)
        for peer in programs
        if installed(peer) and peer not in without
    }
    versions |= {peer: worker.ask("version") for peer, worker in workers.items()}
    first = take_turns(workers, 1, "first")
    check_same(workers, 1e-9, "numbers")
    call = take_turns(workers, 3, "calls")
    for worker in workers.values():
        worker.close()
    return first, call


def medians(runs):
    return {peer: statistics.median(found[peer] for found in runs) for peer in runs[0]}


def row(measure, found, goals, shown=duration):
    """What was found for each peer in seconds, and how it is shown, beside the goals."""
    ours = found["micrograd"]
    ratios = {peer: seconds / ours for peer, seconds in found.items() if peer != "micrograd"}
    targets, met = [], []
    for name, goal in goals.items():
        if name == "seconds":
            targets.append(f"<= {duration(goal)}")
            met.append(ours <= goal)
        elif name in ratios:
            targets.append(f"{name} >= {times(goal)}")
            met.append(ratios[name] >= goal)
    figure = ", ".join(f"{peer} {times(ratio)}" for peer, ratio in ratios.items())
    return Row(measure, cells(found, shown), figure, ", ".join(targets), all(met) if met else None)


def times(ratio):
    return f"{ratio:,.0f}x" if ratio >= 100 else f"{ratio:.3g}x"


def cells(found, shown=duration):
    return [shown(found[peer]) if peer in found else "" for peer in PEERS]
