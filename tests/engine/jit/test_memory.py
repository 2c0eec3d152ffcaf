"""What compiling and calling leave behind in memory: nothing."""

import gc
import resource
import sys
import tracemalloc
import weakref

import numpy as np

from micrograd.engine import Value
from micrograd.engine.jit import jit

MEGABYTE = 2**20


def peak():
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def growth(repeat, times):
    """How many bytes more the process has after `times` calls of `repeat`."""
    for _ in range(times // 20):  # fills caches
        repeat()
    ballast = []
    before = peak()
    while peak() == before:  # what earlier tests gave back would hide a leak
        ballast.append(b"\1" * MEGABYTE)
    before = peak()
    for _ in range(times):
        repeat()
    return peak() - before


def test_a_thousand_compilations():
    w = Value(1.0)

    def compile_and_run():
        jit(lambda x: w * x).backward([1.0, 2.0])

    assert growth(compile_and_run, 1_000) < 10 * MEGABYTE


def test_code_for_the_structures_that_were_used_last():
    traced, codes = [], []

    def total(x):
        traced.append(len(x))
        return sum(x)

    f = jit(total)
    for n in range(1, 60):
        f(np.ones((1, n)))
        codes.append(weakref.ref(f._ran))
        f([[1.0]])
    assert traced == [*range(1, 60)]  # the first one was never away
    assert sum(code() is not None for code in codes) == 16
    f(np.ones((1, 30)))
    assert traced[-1] == 30


def test_a_hundred_thousand_calls():
    w = Value(1.0)
    f = jit(lambda x: w * x)
    batches = [np.ones(size) for size in (1, 2, 20, 300)]

    def call():
        for batch in batches:
            f(batch)
            f.backward(batch)

    assert growth(call, 100_000 // 8) < 10 * MEGABYTE


def test_a_compiled_function_is_small():
    weights = [Value(0.1 * i) for i in range(10)]

    def steps(x):
        state = list(x)
        for _ in range(200):
            state = [(w * a + b).tanh() for w, a, b in zip(weights, state, state[1:] + state[:1], strict=True)]
        return sum(state)

    f = jit(steps)
    tracemalloc.start()
    try:
        f.backward([[0.5] * 10])
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 200 * f.stats.instructions
    assert most < 800 * f.stats.instructions
