"""One peer of one program in a process of its own.

Usage: python -m programs.worker PEER PROGRAM [sizes]

A program is a module of `programs`. It has PROGRAMS, for each peer a function of the sizes, which makes all ready and
gives two functions: one without arguments, which is timed, and one that makes a flat list of numbers of its result.
"""

import importlib
import os
import statistics
import sys
import time
from functools import cache

from programs.peers import start
from serving import serve
from workers import CORES

peer, program, *sizes = sys.argv[1:]
version = start(peer)
prepare = importlib.import_module(f"programs.{program}").PROGRAMS[peer]


clock = time.perf_counter if len(CORES) > 1 else time.process_time  # which would count both


def spent():
    """Seconds of the processor, with those of compilers that were called."""
    return time.process_time() + sum(os.times()[2:4])


class Prepared:
    """The program after its first result, which took `seconds`."""

    def __init__(self):
        start = spent()
        self.call, numbers = prepare(*map(int, sizes))
        result = self.call()
        self.seconds = spent() - start
        self.numbers = numbers(result)

    def calls(self):
        """The median seconds of a call, of ten rounds of as many as take a twentieth of a second."""
        once = self.round(1)
        if once > 1:
            return once
        count = int(0.05 / self.round(3)) + 1
        return statistics.median(self.round(count) for _ in range(10))

    def round(self, count):
        start = clock()
        for _ in range(count):
            self.call()
        return (clock() - start) / count


prepared = cache(Prepared)  # made when first asked for: it is the turn of this process then
serve(
    {
        "version": lambda: version,
        "first": lambda: prepared().seconds,
        "numbers": lambda: prepared().numbers,
        "calls": lambda: prepared().calls(),
    }
)
