"""How fast, how small: our engine beside other scalar engines, and our compiler beside everyone.

    python benchmarks/run.py             # print the tables, in about half an hour
    python benchmarks/run.py --save      # and keep them in benchmarks/results, as JSON and Markdown
    python benchmarks/run.py programs    # only those of one part

Each of those that are compared runs in a process of its own, the classic micrograd also in an environment of its own,
which the first run creates in benchmarks/.cache. C, and what CasADi writes in it, is compiled by `cc`, and what PyTorch
writes in C++ by `g++`. The run ends unless all find the same gradients and the same parameters after training. They
take turns on one core, each with one thread, except where two cores are named, and each time is the median of its
repeats, so that what else the machine does falls on all alike. All but single calls and those on two cores are measured
in seconds of the processor, which do not pass while another process has the core. The garbage collector stays on, as it
is for users.
"""

import argparse
import sys

from compiler.compare import compare as compare_compilers
from engine.compare import compare as compare_engines
from machine import machine
from programs.compare import compare as compare_programs
from programs.tokens import compare as compare_tokens
from table import LEGEND
from workers import HERE, keep_to

PARTS = {
    "engine": compare_engines,
    "compiler": compare_compilers,
    "programs": compare_programs,
    "gpt": compare_tokens,
}


def main():
    parser = argparse.ArgumentParser(description="Measure micrograd beside others. Prints tables.")
    parser.add_argument("parts", nargs="*", choices=PARTS, help="what to measure (default: all)")
    parser.add_argument("--save", action="store_true", help="keep the tables in benchmarks/results")
    parser.add_argument("--repeats", type=int, default=9, help="how often each step is timed (default: %(default)s)")
    args = parser.parse_args()

    def say(what):
        print(what, "...", file=sys.stderr, flush=True)

    keep_to(1)
    for part in args.parts or PARTS:
        tables, versions = PARTS[part](args.repeats, say)
        beside = f"; {', '.join(versions)}" if versions else ""
        conditions = f"{machine()}{beside}. Medians of {args.repeats} repeats, one thread."
        for table in tables:
            print(f"\n{table.text()}")
        print(f"\n{LEGEND} {conditions}")
        if args.save:
            results = HERE / "results"
            results.mkdir(exist_ok=True)
            for table in tables:
                table.save(results, conditions)


if __name__ == "__main__":
    main()
