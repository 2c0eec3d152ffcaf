"""Compile a program in which there is no structure to recognise, and print what that took as JSON.

Usage: python -m compiler.random_program INSTRUCTIONS
"""

import json
import random
import sys
import time

from compiler.memory import peak

from micrograd.engine import Value
from micrograd.engine.jit import jit

INPUTS = LEAVES = 20
SHARE = 0.32  # of the instructions are those of the function, the others of its derivatives


def random_program(operations, rng):
    """A function of INPUTS Values: operations, each on any of the results before."""
    leaves = [Value(rng.uniform(-1, 1)) for _ in range(LEAVES)]

    def f(x):
        values = [*x, *leaves]
        unused = set(values)
        for _ in range(operations):
            a, b = rng.choice(values), rng.choice(values)
            kind = rng.choice("+*tr")
            if kind in "+*":
                value = a + b if kind == "+" else a * b
                unused.discard(b)
            else:
                value = a.tanh() if kind == "t" else a.relu()
            unused.discard(a)
            unused.add(value)
            values.append(value)
        return sum(value for value in values if value in unused)

    return f


rng = random.Random(1337)
X = [[rng.uniform(-1, 1) for _ in range(INPUTS)] for _ in range(8)]
jit(lambda x: x * x)([1.0])  # what starts once, starts now
compiled = jit(random_program(int(float(sys.argv[1]) * SHARE), rng))
start = time.perf_counter()
compiled.backward(X)
seconds = time.perf_counter() - start
print(json.dumps({"instructions": compiled.stats.instructions, "seconds": seconds, "memory": peak()}))
