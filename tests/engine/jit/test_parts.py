"""Large batches: cut into parts, read where they lie, shared by threads, and the same bits as ever."""

import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.engine.jit.parts import cores, share, size, split
from micrograd.nn import MLP

RNG = np.random.default_rng(7)
LARGE = 100_003
X = RNG.normal(size=(LARGE, 3))


PROCESSORS = [1, 2, 8]


def pretend(monkeypatch, count):
    """As if this machine had so many processors."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(count)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.fixture(params=PROCESSORS)
def processors(request, monkeypatch):
    pretend(monkeypatch, request.param)


def network():
    random.seed(4)
    model = MLP(3, [8, 8, 1])
    return jit(lambda x: model(x).tanh())


@given(st.integers(1, 10**7), st.integers(0, 10**5), st.integers(0, 10**7), st.integers(1, 16))
def test_parts_are_whole_vectors_and_all_of_the_batch(batch, numbers, instructions, width):
    parts = split(batch, size(numbers, instructions), width)
    assert [i for part in parts for i in (part.start, part.stop)][1:-1] == [
        i for part in parts[1:] for i in (part.start,) * 2
    ]
    assert (parts[0].start, parts[-1].stop) == (0, batch)
    assert len(parts) <= 64
    assert all(len(part) % width == 0 for part in parts[:-1])
    assert len(parts) == 1 or len(parts[0]) >= 1024


def test_each_sample_has_the_result_that_it_has_in_a_small_batch(processors, shape):
    f = jit(lambda x: [x[0] * x[1] + x[2], x[0].exp() / x[1], (x[2] * x[2] + 1.0).log() - 2.0], **shape)
    expected = np.concatenate([f(X[start : start + 500]) for start in range(0, LARGE, 500)])
    assert f(X).tobytes() == expected.tobytes()


def test_gradients_have_the_same_bits_however_many_processors(monkeypatch):
    f = network()
    found = []
    for count in PROCESSORS:
        pretend(monkeypatch, count)
        found.append(b"".join(array.tobytes() for array in f.value_and_grad(X)))
    assert len(set(found)) == 1


def test_gradients_are_those_of_small_batches():
    f = network()
    losses, gradient = f.value_and_grad(X)
    parts = [f.value_and_grad(X[start : start + 1000]) for start in range(0, LARGE, 1000)]
    assert losses.tolist() == [loss for some, _ in parts for loss in some]
    expected = sum(part * (len(some) / LARGE) for some, part in parts)
    assert gradient == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_what_is_the_same_for_all_samples_stays_as_it_is():
    w = Value(-0.0)
    assert str(jit(lambda x: w * w + x).value_and_grad(np.zeros(LARGE))[1]) == "[-0.]"


def test_random_numbers_are_those_of_one_part(processors):
    f = jit(MLP(3, [4, 1], dropout=0.5))
    found = []
    for rows in X, X[-900:]:  # a sample draws by how many come after it
        random.seed(1)
        found.append(f(rows)[-900:].tolist())
    assert found[0] == found[1]


LAYOUTS = {
    "rows": lambda: X,
    "columns": lambda: np.asfortranarray(X),
    "part": lambda: np.repeat(X, 2, axis=1)[:, ::2],
    "reversed": lambda: X[::-1, ::-1],
    "the same row": lambda: np.broadcast_to(X[0], (LARGE, 3)),
    "float32": lambda: X.astype(np.float32),
    "field": lambda: np.rec.fromarrays([np.zeros(LARGE, "i2"), X], dtype=[("a", "i2"), ("x", "f8", 3)]).x,
    "bytes": lambda: np.frombuffer(b"." + X.tobytes(), offset=1).reshape(LARGE, 3),
    "read-only": lambda: np.frombuffer(X.tobytes()).reshape(LARGE, 3),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_arguments_may_lie_in_memory_as_they_like(layout, processors):
    rows = LAYOUTS[layout]()
    f = jit(lambda x, y, z: [*x, y, z])
    found = f(rows, rows[:, 1], 7.0)
    assert found[:, :3].tolist() == rows.tolist()
    assert found[:, 3].tolist() == rows[:, 1].tolist()
    assert set(found[:, 4]) == {7.0}


def test_rows_of_no_numbers():
    f = jit(lambda x, y: y * (1.0 + len(x)))
    assert f(np.zeros((LARGE, 0)), X[:, 0]).tolist() == X[:, 0].tolist()


def test_at_is_read_in_every_part(processors):
    w = Value(2.0)
    f = jit(lambda x: (x[0] * w).exp())
    assert f.value_and_grad(X, at=[1.0])[0] == pytest.approx(np.exp(X[:, 0]), rel=1e-14)


def test_several_calls_at_once(processors):
    f = network()
    expected = [f(X[i:]).tobytes() for i in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert list(pool.map(lambda i: f(X[i:]).tobytes(), range(4))) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, 6), ("1", 1), ("4", 4), ("100", 6), ("0", 1), ("", 6), ("-2", 6), ("4,2", 6), ("many", 6)],
)
def test_how_many_threads(asked, expected, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(6)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if asked is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert cores() == expected


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_what_is_shared_comes_back_in_order(threads):
    parts = split(10**6, 10_000, 8)
    ran = set()

    def work(part):
        ran.add(threading.get_ident())
        return part.start

    assert share(work, parts, threads) == [part.start for part in parts]
    assert len(ran) <= threads
    assert threads > 1 or ran == {threading.get_ident()}


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt("stop")])
def test_an_error_ends_all_threads_and_comes_through(threads, error):
    begun = []

    def work(part):
        begun.append(part)
        if part.start == 3:
            raise error
        time.sleep(1e-3)

    with pytest.raises(type(error), match=str(error)):
        share(work, [range(i, i + 1) for i in range(1000)], threads)
    ran = len(begun)
    assert ran < 500
    assert share(lambda part: part.start, [range(7, 8)], threads) == [7]  # and nobody works on
    assert len(begun) == ran


SCRIPT = """
import atexit, os
import numpy as np
from micrograd.engine import Value
from micrograd.engine.jit import jit

os.sched_getaffinity = lambda process: set(range(4))
w = Value(2.0)
f = jit(lambda x: sum((w * x + k).exp() for k in range(20)))
x = np.linspace(-1.0, 1.0, 500_000)
expected = f(x)
assert f(x).tobytes() == expected.tobytes()
if hasattr(os, "fork"):
    child = os.fork()
    if not child:
        assert f(x).tobytes() == expected.tobytes()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
atexit.register(lambda: print(f(x).tobytes() == expected.tobytes(), flush=True))
"""


def test_forked_children_and_the_end_of_the_interpreter():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT], capture_output=True, text=True, timeout=300)
    assert (done.stdout, done.stderr) == ("True\n", "")
