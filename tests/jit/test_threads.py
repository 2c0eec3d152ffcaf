"""Compiled functions called from several threads at once."""

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
