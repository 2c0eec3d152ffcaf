"""Compiled functions called from several threads at once, and in forked processes."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import MLP

THREADS = 8


@pytest.fixture(autouse=True)
def restless():
    """Threads that take turns often."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def meet(barrier):
    """Wait a little for the other thread, which may be kept from coming."""
    try:
        barrier.wait(0.2)
    except threading.BrokenBarrierError:
        barrier.reset()


def at_once(work):
    """Call `work` with 0, 1, 2, … in as many threads, which start together, and return what it returns."""
    barrier = threading.Barrier(THREADS)

    def start(number):
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))


class Slow(Value):
    """A leaf whose gradient takes a while to read, so that another thread may add to it in between."""

    __slots__ = ("_sum",)

    @property
    def grad(self):
        found = self._sum
        time.sleep(1e-4)
        return found

    @grad.setter
    def grad(self, gradient):
        self._sum = gradient


def test_calls_of_one_function_do_not_mix():
    model = MLP(2, [8, 1])
    f = jit(lambda x: model(x) ** 2)
    batches = [np.random.default_rng(i).normal(size=(30_000 + i % 2, 2)) for i in range(THREADS)]
    expected = [f(batch) for batch in batches]

    def work(number):
        return all(np.array_equal(f(batches[number]), expected[number]) for _ in range(60))

    assert all(at_once(work))


@pytest.mark.parametrize("shared", [True, False], ids=["one function", "several functions"])
def test_gradients_of_all_threads_add_up(shared):
    w, v = Slow(2.0), Slow(5.0)
    functions = [jit(lambda x, k=k: k * w * x + v) for k in range(1, THREADS + 1)]  # gradients: k times the mean, and 1

    def work(number):
        for i in range(20):
            functions[0 if shared else number].backward([float(i), i + 2.0])

    at_once(work)
    factors = THREADS if shared else sum(range(1, THREADS + 1))
    assert (w.grad, v.grad) == (factors * sum(range(1, 21)), THREADS * 20)


@pytest.mark.parametrize("attempt", range(5))
def test_first_calls_from_several_threads_trace_once(attempt):
    w = Value(3.0)
    traced = []

    def f(x, y):
        traced.append(x)
        time.sleep(1e-3)
        return w * x[0] * x[-1] + y

    g = jit(f)

    def work(number):
        x = np.full((5, 1 + number % 2), 2.0)
        return (g if number < THREADS // 2 else g.backward)(x, np.arange(5.0)).tolist()

    assert at_once(work) == [[12.0, 13.0, 14.0, 15.0, 16.0]] * THREADS
    assert len(traced) == 2  # once for each structure of the arguments
    assert w.grad == THREADS // 2 * 4.0


def test_several_functions_are_compiled_at_once():
    def work(number):
        return [jit(lambda x, k=k: (x * k).relu() + number)([1.0, -1.0]).tolist() for k in range(1, 6)]

    assert at_once(work) == [[[k + number, number] for k in range(1, 6)] for number in range(THREADS)]


def test_functions_that_call_each_other_do_not_wait_for_each_other():
    both = threading.Barrier(2)
    others = {}

    def calls(name):
        def f(x):
            if other := others.pop(name, None):
                meet(both)
                other(1.0)
            return x

        return jit(f)

    others["one"], others["two"] = two, one = calls("two"), calls("one")
    threads = [threading.Thread(target=f, args=([2.0],), daemon=True) for f in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_more_structures_than_are_kept_at_once():
    w = Value(2.0)
    f = jit(lambda x: w * sum(x))

    def work(number):
        for i in range(40):
            n = 1 + (number + i) % 20
            assert f.backward(np.ones((3, n))).tolist() == [2.0 * n] * 3

    at_once(work)
    assert w.grad == sum(1 + (number + i) % 20 for number in range(THREADS) for i in range(40))


FORKS = """
import gc, os, signal, threading, warnings
from micrograd.engine import Value
from micrograd.engine.jit import jit

warnings.simplefilter("ignore")  # newer Pythons warn of what is tested here: a fork while there are threads
w = Value(2.0)

def compile_forever():
    k = 0
    while True:
        k += 1
        jit(lambda x: (w * x + k) * x).backward([1.0])

for _ in range(3):
    threading.Thread(target=compile_forever, daemon=True).start()
for attempt in range(20):
    child = os.fork()
    if not child:
        signal.alarm(60)
        assert gc.isenabled(), "who paused it is not here"
        assert jit(lambda x: x * x + attempt).backward([3.0]).tolist() == [9.0 + attempt]
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, f"child {attempt} hangs"
print("all came back", flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_compiles_while_other_threads_do():
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, timeout=300)
    assert done.stdout == "all came back\n", done.stderr
