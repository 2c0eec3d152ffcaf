"""One peer of one program in a process of its own.

Usage: python -m programs.worker PEER PROGRAM [sizes]

A program is a module of `programs`. It has PROGRAMS, for each peer a function of the sizes, which makes all ready and
gives two functions: one without arguments, which is timed, and one that makes a flat list of numbers of its result.
"""

import importlib
import statistics
import sys
import time
from functools import cache

from programs.peers import start
from serving import serve

peer, program, *sizes = sys.argv[1:]
version = start(peer)
prepare = importlib.import_module(f"programs.{program}").PROGRAMS[peer]


class Prepared:
    """The program after its first result, which took `seconds`."""

    def __init__(self):
        start = time.process_time()
        self.call, numbers = prepare(*map(int, sizes))
        result = self.call()
        self.seconds = time.process_time() - start
        self.numbers = numbers(result)

    def calls(self):
        """The median seconds of a call, of ten rounds of as many as take a twentieth of a second."""
        count = int(0.05 / self.round(3)) + 1
        return statistics.median(self.round(count) for _ in range(10))

    def round(self, count):
        start = time.process_time()
        for _ in range(count):
            self.call()
        return (time.process_time() - start) / count


prepared = cache(Prepared)  # made when first asked for: it is the turn of this process then
serve(
    {
        "version": lambda: version,
        "first": lambda: prepared().seconds,
        "numbers": lambda: prepared().numbers,
        "calls": lambda: prepared().calls(),
    }
)
