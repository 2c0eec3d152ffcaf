"""Python's collector of cycles: paused while something is compiled, and afterwards as it was."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from micrograd.engine import Value
from micrograd.engine.jit import Trainer, jit
from micrograd.engine.jit.lock import compiling

w = Value(2.0)
seen: list[bool] = []


def loss(x):
    seen.append(gc.isenabled())
    return w * x


def descend(p, g, state, t, lr):
    return p - lr * g, ()


def fails(x):
    raise ValueError(f"at {loss(x)._op}")


def nested():
    with compiling():
        jit(loss)([1.0])
        loss(w)


def fail(x):
    with pytest.raises(ValueError, match="at"):
        jit(fails)(x)


COMPILE = {
    "a call": lambda: jit(loss)([1.0]),
    "a gradient": lambda: jit(loss).backward([1.0]),
    "one inside another": nested,
    "a loop of training": lambda: Trainer(loss, [[1.0]], [w], descend, 0),
    "an error": lambda: fail([1.0]),
    "eight threads": lambda: list(ThreadPoolExecutor(8).map(lambda _: jit(loss).backward([1.0]), range(40))),
}


@pytest.fixture(params=[True, False], ids=["enabled", "disabled"])
def enabled(request):
    """Whether the collector is, before anything is compiled."""
    if not request.param:
        gc.disable()
    yield request.param
    gc.enable()


@pytest.mark.parametrize("compile_it", COMPILE.values(), ids=COMPILE)
def test_it_is_paused_and_then_as_before(compile_it, enabled):
    seen.clear()
    compile_it()
    assert set(seen) == {False}
    assert gc.isenabled() == enabled
