"""Copies and pickles keep what a Value is: its class, its attributes, its label, and what it shares with others."""

import copy
import io
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest

from micrograd.engine import Op, Value, topological_order
from micrograd.engine.op import CONSTANT

COPIERS = {
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda v, protocol=protocol: pickle.loads(pickle.dumps(v, protocol))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
    "Python's pickle": lambda v: pickle._loads(pickle._dumps(v)),  # type: ignore[attr-defined]
}
copiers = pytest.mark.parametrize("copier", COPIERS.values(), ids=COPIERS)
shallow_too = pytest.mark.parametrize("copier", [*COPIERS.values(), copy.copy], ids=[*COPIERS, "copy"])


class Parameter(Value):
    """A subclass with attributes and an `__init__` of its own."""

    def __init__(self) -> None:
        super().__init__(1.5)
        self.history = [1.0, 2.0]
        self.partner: Value | None = None


class Slotted(Value):
    __slots__ = ("lr", "unset")


@shallow_too
def test_a_subclass_keeps_its_type_and_attributes(copier: Callable[[Any], Any]) -> None:
    p = Parameter()
    p.history.append(3.0)
    p.grad = 2.0
    twin = copier(p)
    assert (type(twin), twin.data, twin.grad, twin.history) == (Parameter, 1.5, 2.0, [1.0, 2.0, 3.0])
    s = Slotted(3.0, label="s")
    s.lr = 0.1
    twin = copier(s)
    assert (type(twin), twin.lr, twin.label, hasattr(twin, "unset")) == (Slotted, 0.1, "s", False)


@copiers
def test_attributes_may_lead_anywhere_in_the_graph(copier: Callable[[Any], Any]) -> None:
    p = Parameter()
    y = p * 2
    p.partner = y
    y2 = copier(y)
    assert y2._prev[0].partner is y2
    node = Slotted(3.0, (y, p), "+")
    node.lr = node  # type: ignore[assignment]
    twin = copier(node)
    assert twin.lr is twin
    assert twin._prev[0]._prev[0] is twin._prev[1]


@shallow_too
def test_labels_are_kept(copier: Callable[[Any], Any]) -> None:
    y = Value(2.0, label="a") * 3
    y.label = "y"
    twin = copier(y)
    assert (twin.label, twin._prev[0].label) == ("y", "a")


@copiers
@pytest.mark.parametrize("order", [lambda *v: v, lambda *v: v[::-1], lambda *v: {"all": [*v, v[0]]}])
def test_what_is_shared_stays_shared(copier: Callable[[Any], Any], order: Callable[..., Any]) -> None:
    x = Value(2.0)
    h = (x * 3).tanh()
    y = h + x
    z = h * y
    copied = copier(order(x, h, y, z))
    x2, h2, y2, z2 = copied["all"][:4] if isinstance(copied, dict) else sorted(copied, key=[*copied].index)
    if order(1, 2) == (2, 1):
        x2, h2, y2, z2 = z2, y2, h2, x2
    assert z2._prev == (h2, y2)
    assert y2._prev == (h2, x2)
    assert h2._prev[0]._prev[0] is x2


@copiers
def test_all_nodes_of_a_chain_at_once_take_linear_space(copier: Callable[[Any], Any]) -> None:
    def nodes(length: int) -> list[Value]:
        return topological_order(sum((Value(1.0) for _ in range(length)), Value(0.0)))

    twins = copier(nodes(3000))
    assert topological_order(twins[-1]) == twins
    small, large = (len(pickle.dumps(nodes(n))) for n in (200, 800))
    assert large < 5 * small


@copiers
def test_constants_stay_constants(copier: Callable[[Any], Any]) -> None:
    twin = copier(Value(2.0) * 3.0)
    assert [operand._rule is CONSTANT for operand in twin._prev] == [False, True]


def test_each_pickle_is_of_its_own_time() -> None:
    x = Value(1.0)
    y = x * 2
    before = pickle.dumps(y)
    y.grad = x.grad = 9.0
    after = pickle.loads(pickle.dumps((y, x)))
    assert (after[0].grad, after[1].grad, pickle.loads(before).grad) == (9.0, 9.0, 0.0)


def named_by_hand(x: Value) -> Value:
    out = Value(x.data**3, (x,), "cube")
    out._backward = lambda: None
    return out


def test_a_pickle_depends_on_what_is_pickled_alone() -> None:
    h = Value(2.0) * 3
    alone = pickle.dumps(h)
    y = h
    for _ in range(1000):
        y = y + 1.0
    kept = pickle.Pickler(io.BytesIO())
    kept.dump(y)  # goes on living, with all that it has met
    assert pickle.dumps(h) == alone
    try:
        pickle.dumps(named_by_hand(h))
    except TypeError:
        assert pickle.dumps(h) == alone


def test_deep_graphs_beside_another_pickle_that_goes_on() -> None:
    nodes = [Value(1.0) * 1]
    for _ in range(5000):
        nodes.append(nodes[-1] + 1.0)
    kept = pickle.Pickler(io.BytesIO())
    kept.dump(nodes)
    for node in (nodes[-1], nodes[-1] * nodes[-2]):
        assert pickle.loads(pickle.dumps(node)).data == node.data
    results: list[float] = []
    threads = [
        threading.Thread(target=lambda what=what: results.append(len(pickle.dumps(what))))
        for what in (nodes, nodes[-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2


def test_a_row_that_its_name_does_not_lead_to_is_not_pickled() -> None:
    x = Value(1.0)
    for op in (Op("sin", lambda a: 10 * a, lambda g, out, a: (10 * g,)), Op("**2", abs, lambda g, out, a: (g,))):
        with pytest.raises(TypeError, match="is not the one of this name in the table"):
            pickle.dumps(op(x))
        assert copy.deepcopy(op(x))._rule is op
    assert pickle.loads(pickle.dumps(Value(1.0, (x,), "unknown")))._op == "unknown"
    assert pickle.loads(pickle.dumps(x**0.1))._op == "**0.1"


class Locked(Value):
    """Keeps something that cannot be copied out of its state."""

    def __init__(self) -> None:
        super().__init__(4.0)
        self.lock = threading.Lock()

    def __getstate__(self) -> object:
        return {"name": "locked"}

    def __setstate__(self, state: dict[str, str]) -> None:
        self.name = state["name"]
        self.lock = threading.Lock()


@copiers
def test_a_class_may_say_what_its_state_is(copier: Callable[[Any], Any]) -> None:
    twin = copier(Locked() * 2)._prev[0]
    assert (type(twin), twin.data, twin.name) == (Locked, 4.0, "locked")
