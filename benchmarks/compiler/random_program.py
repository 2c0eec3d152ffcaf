"""Compile a program in which there is no structure to recognise, and print what that took as JSON.

Usage: python -m compiler.random_program INSTRUCTIONS COPIES

Where COPIES is not 0, so many more such programs are compiled, to tell by how much the process grows with each: what a
compiled function keeps. Its graph is measured by a graph like it.
"""

import gc
import json
import random
import sys
import time
import tracemalloc

from compiler.memory import held, peak

from micrograd.engine import Value, grad
from micrograd.engine.jit import jit

INPUTS = LEAVES = 20
SHARE = 0.32  # of the instructions are those of the function, the others of its derivatives

size, copies = map(int, sys.argv[1:])
rng = random.Random(1337)
X = [[rng.uniform(-1, 1) for _ in range(INPUTS)] for _ in range(8)]


def random_program():
    """A function of INPUTS Values: operations, each on any of the results before. And its leaves."""
    seed = rng.random()
    leaves = [Value(rng.uniform(-1, 1)) for _ in range(LEAVES)]

    def f(x):
        draw = random.Random(seed)
        values = [*x, *leaves]
        unused = set(values)
        for _ in range(int(size * SHARE)):
            a, b = draw.choice(values), draw.choice(values)
            kind = draw.choice("+*tr")
            if kind in "+*":
                value = a + b if kind == "+" else a * b
                unused.discard(b)
            else:
                value = a.tanh() if kind == "t" else a.relu()
            unused.discard(a)
            unused.add(value)
            values.append(value)
        return sum(value for value in values if value in unused)

    return f, leaves


def compiled():
    function = jit(random_program()[0])
    function.value_and_grad(X)
    return function


def kept():
    """The bytes that the process grows by with each more of such functions."""
    before = settled()
    functions = [compiled() for _ in range(copies)]
    return (settled() - before) / len(functions)


def graph():
    """The bytes of the Values for one sample, gradients included."""
    tracemalloc.start()
    f, leaves = random_program()
    loss = f([Value(x) for x in X[0]])
    gradient = grad(loss, leaves)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del loss, gradient
    return taken


def settled():
    gc.collect()
    return held()


jit(lambda x: x * x)([1.0])  # what starts once, starts now
before = settled()
start = time.process_time()
function = compiled()
seconds = time.process_time() - start
found = {"instructions": function.stats.instructions, "seconds": seconds, "memory": peak() - before}
if copies:
    found |= {"kept": kept(), "graph": graph()}
print(json.dumps(found))
