"""Gradients that are added as a whole or not at all: when a derivative fails, Ctrl-C comes, or threads share leaves."""

import itertools
import math
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from interrupts import InterruptAt
from micrograd.engine import Op, Value, assign

DAMAGE: dict[str, tuple[Callable[..., Any], type[BaseException], str]] = {
    "raises": (lambda g, out, a: 1 / 0, ZeroDivisionError, "division"),
    "too few": (lambda g, out, a: (), ValueError, "not enough values"),
    "too many": (lambda g, out, a: (g, g), ValueError, "too many values"),
    "none": (lambda g, out, a: None, TypeError, "NoneType"),
    "no number": (lambda g, out, a: (None,), TypeError, "NoneType"),
    "a Value": (lambda g, out, a: (Value(3.0) * g,), TypeError, "backward takes a number, got Value"),
    "complex": (lambda g, out, a: (1j,), TypeError, "backward takes .* real numbers"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kept", [5.0, 0.0, None, -1.0])
def test_a_derivative_that_fails_leaves_leaves_as_they_were(damage: str, kept: float | None) -> None:
    vjp, error, message = DAMAGE[damage]
    w, b = Value(2.0), Value(3.0)
    w.grad, b.grad = kept, 7.0  # type: ignore[assignment]
    y = Op("odd", lambda a: a, vjp)(w * b) + w * w
    with pytest.raises(error, match=message) as caught:
        y.backward()
    assert (w.grad, b.grad) == (kept, 7.0)
    if "backward takes" not in message:
        assert "operation 'odd'" in caught.value.__notes__[0]


def test_ctrl_c_in_the_middle_leaves_leaves_as_they_were() -> None:
    def interrupted(g: float, out: float, a: float) -> tuple[float]:
        signal.raise_signal(signal.SIGINT)
        return (g,)

    w = Value(2.0)
    w.grad = 5.0
    y = Op("slow", lambda a: a, interrupted)(w * 3) + w
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert w.grad == 5.0
    (w * 2).backward()
    assert w.grad == 7.0


def test_ctrl_c_anywhere_in_a_backward_is_all_or_nothing() -> None:
    """The exception is kept, as a prompt keeps it, and with it all that was going on."""
    for n in itertools.count(1):
        w = Value(2.0)
        w.grad, kept = 5.0, None
        y = (w * w).maximum(w + 3.0)
        try:
            with InterruptAt(n, modules=("micrograd.", "contextlib")):
                y.backward()
        except KeyboardInterrupt as interrupt:
            kept = interrupt
        after = w.grad
        assert after in (5.0, 6.0)
        other = threading.Thread(target=(w * 2.0).backward, daemon=True)
        other.start()
        other.join(timeout=20)
        assert not other.is_alive()
        finished, kept = kept is None, None
        assert w.grad == after + 2.0
        if finished:
            break
    assert n > 40


@pytest.mark.parametrize("nothing", [None, 0.0, -0.0])
def test_no_gradient_yet_counts_as_none(nothing: float | None) -> None:
    a = Value(0.0)
    a.grad = nothing  # type: ignore[assignment]
    a.cos().backward()
    assert math.copysign(1.0, a.grad) == -1.0
    a.grad = nothing  # type: ignore[assignment]
    (a * 3)._backward()


def test_a_gradient_of_less_precision_does_not_infect_others() -> None:
    w = Value(1 / 3)
    w.grad = np.float32(1e-9)
    (w * 1.0).backward()
    assert (type(w.grad), w.grad) == (float, 1.0 + float(np.float32(1e-9)))


class Clamped(Value):
    """Keeps its number between -1 and 1."""

    @property
    def data(self) -> float:
        return Value.data.fget(self)  # type: ignore[attr-defined,no-any-return]

    @data.setter
    def data(self, number: float) -> None:
        Value.data.fset(self, max(-1.0, min(1.0, number)))  # type: ignore[attr-defined]


def test_assign_asks_a_class_with_a_data_of_its_own() -> None:
    p = Clamped(0.5)
    assign((p, "data", 7.0))
    assert p.data == 1.0


@pytest.mark.parametrize("threads", [2, 8])
def test_threads_that_share_leaves_add_up(threads: int) -> None:
    leaves = [Value(1.0) for _ in range(20)]

    def work(number: int) -> None:
        for _ in range(10):
            out = sum((leaf * (leaf * number).tanh() for leaf in leaves), Value(0.0))
            out.backward()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(1, threads + 1)))
    together = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = 0.0
    for number in range(1, threads + 1):
        work(number)
    assert together == pytest.approx([leaf.grad for leaf in leaves], rel=1e-12)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_forked_during_a_backward_is_not_stuck() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def waiting(g: float, out: float, a: float) -> tuple[float]:
        inside.set()
        go_on.wait(60)
        return (g,)

    thread = threading.Thread(target=Op("slow", lambda a: a, waiting)(Value(1.0)).backward)
    thread.start()
    inside.wait(60)
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends it if the lock is held for ever
        x = Value(3.0)
        (x * x).backward()
        os._exit(0 if x.grad == 6.0 else 1)
    _, status = os.waitpid(child, 0)
    go_on.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0


class Thing:
    """Has attributes."""

    state: object = None


def test_assign_sets_all_or_none() -> None:
    a, b, thing = Value(1.0), Value(2.0), Thing()
    assign((a, "data", 3), (b, "grad", 4.0), (thing, "state", [5]))
    assert (a.data, type(a.data), b.grad, thing.state) == (3.0, float, 4.0, [5])
    with pytest.raises(TypeError, match=r"Value\.data takes .* got 'x'"):
        assign((thing, "state", None), (a, "data", 9.0), (b, "data", "x"))
    assert (a.data, b.data, thing.state) == (3.0, 2.0, [5])
    assign()
    assign(([a, b], "data", [5, 6.0]), ([a, thing], "grad", [1.0, 2.0]))
    assert (a.data, type(a.data), b.data, a.grad, thing.grad) == (5.0, float, 6.0, 1.0, 2.0)
    with pytest.raises(ValueError, match="2 objects, 1 values"):
        assign(([a, b], "data", [7.0]))
    with pytest.raises(TypeError):
        assign(([a, b], "data", [7.0, None]))
    assert a.data == 5.0


class Columns(dict[str, object]):
    """Has entries, and attributes too."""


def test_assign_sets_entries_of_dicts_and_attributes_of_other_mappings() -> None:
    a, groups, columns = Value(1.0), [{"lr": 0.1}, {"data": 0.2}], Columns(ended=None)
    assign((groups[0], "lr", 0.5), (a, "data", 2.0), (groups, "data", [5, "x"]), (columns, "ended", True))
    assert (groups, a.data) == ([{"lr": 0.5, "data": 5}, {"data": "x"}], 2.0)
    assert (columns, vars(columns)) == ({"ended": None}, {"ended": True})
    with pytest.raises(TypeError, match=r"Value\.data"):
        assign((groups[0], "lr", 0.9), (a, "data", "x"))
    assert groups[0]["lr"] == 0.5
