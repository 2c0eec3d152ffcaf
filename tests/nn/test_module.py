"""Discovery of parameters, modes and states."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.nn import MLP, Layer, Module, Neuron


class Holder(Module):
    """A module with whatever attributes a test gives it."""

    def __init__(self, **attributes):
        vars(self).update(attributes)


class Frozen(Module):
    """Trains its head only."""

    def __init__(self):
        self.body = Value(1.0)
        self.head = Value(2.0)

    def parameters(self):
        return [self.head]


class Hidden(Module):
    """Keeps its Values where discovery does not look."""

    def __init__(self):
        self.known = Value(1.0)
        self.rows = np.array([Value(2.0), Value(3.0)])

    def parameters(self):
        return [self.known, *self.rows]


def names(module):
    return [name for name, _ in module.named_parameters()]


v, w, x = Value(1.0), Value(2.0), Value(3.0)
neuron = Neuron(2)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (Holder(), []),
        (Holder(z=v, a=w), [("z", v), ("a", w)]),
        (Holder(many=[v, (w, {"deep": [x]})]), [("many.0", v), ("many.1.0", w), ("many.1.1.deep.0", x)]),
        (Holder(table={"b": v, 3: w}), [("table.b", v), ("table.3", w)]),
        (Holder(first=v, second=[v, w], third={"again": w}), [("first", v), ("second.1", w)]),
        (Holder(one=neuron, two=neuron), [("one.w.0", neuron.w[0]), ("one.w.1", neuron.w[1]), ("one.b", neuron.b)]),
        (Holder(part=Holder(part=Holder(v=v))), [("part.part.v", v)]),
        (Holder(result=v * w, weight=x), [("weight", x)]),
        (Holder(rate=0.5, name="v", nothing=None, numbers=[1.0], unordered={v}, function=math.sin), []),
    ],
)
def test_parameters_and_their_names(module, expected):
    assert module.named_parameters() == expected
    assert module.parameters() == [value for _, value in expected]


def test_names_of_an_mlp():
    found = names(MLP(2, [3, 4, 1]))
    assert found[:4] == [
        "layers.0.neurons.0.w.0",
        "layers.0.neurons.0.w.1",
        "layers.0.neurons.0.b",
        "layers.0.neurons.1.w.0",
    ]
    assert "layers.1.neurons.3.w.1" in found
    assert found[-1] == "layers.2.neurons.0.b"
    assert len(set(found)) == len(found) == 3 * 3 + 4 * 4 + 5


def test_a_value_that_is_reassigned_keeps_its_place():
    module = Holder(a=Value(1.0), b=Value(2.0))
    module.a = Value(3.0)
    assert [p.data for p in module.parameters()] == [3.0, 2.0]


def test_modules_may_hold_each_other():
    parent = Holder(v=v)
    parent.child = Holder(parent=parent, w=w, itself=None)
    parent.child.itself = [parent.child]
    assert parent.parameters() == [v, w]
    assert parent.child.parameters() == [v, w]
    assert names(parent) == ["v", "child.w"]
    parent.eval()
    assert parent.child.training is False


def test_a_list_may_hold_itself():
    loop = [v]
    loop.append(loop)
    assert Holder(loop=loop).parameters() == [v]


def test_depth_is_no_limit():
    chain = Holder(v=v)
    for _ in range(20_000):
        chain = Holder(inner=chain)
    assert chain.parameters() == [v]
    assert chain.eval().training is False
    for module in chain.modules():  # take the chain apart from the top: its own destructors would nest
        vars(module).clear()


def test_overridden_parameters_are_what_containers_see():
    inner = Frozen()
    assert Holder(v=v, inner=inner, w=w).parameters() == [v, inner.head, w]


@pytest.mark.parametrize("kind", [Frozen, Hidden])
def test_a_state_holds_what_is_not_trained_or_not_found(kind):
    inner = kind()
    expected = {
        Frozen: {"inner.body": 1.0, "inner.head": 2.0},
        Hidden: {"inner.known": 1.0, "inner.parameters.1": 2.0, "inner.parameters.2": 3.0},
    }[kind]
    assert Holder(inner=inner).state_dict() == expected


def test_an_override_may_call_super_and_hold_its_parent():
    class Child(Module):
        def __init__(self, parent):
            self.w = Value(1.0)
            self.parent = parent

        def parameters(self):
            return super().parameters()

    parent = Holder(v=v)
    parent.child = Child(parent)
    assert parent.parameters() == [v, parent.child.w]


def test_zero_grad_uses_an_override():
    module = Frozen()
    module.body.grad = module.head.grad = 5.0
    module.zero_grad()
    assert (module.body.grad, module.head.grad) == (5.0, 0.0)


def test_the_classic_style_of_subclass():
    """As in classic programs: no super().__init__(), parameters() by hand."""

    class ClassicNeuron(Module):
        def __init__(self, nin):
            self.b = Value(0)
            self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]

        def parameters(self):
            return [*self.w, self.b]

    class ClassicNet(Module):
        def __init__(self):
            self.neurons = [ClassicNeuron(2) for _ in range(2)]

        def parameters(self):
            return [p for n in self.neurons for p in n.parameters()]

    net = ClassicNet()
    assert net.parameters() == [*net.neurons[0].w, net.neurons[0].b, *net.neurons[1].w, net.neurons[1].b]
    assert Holder(net=net).parameters() == net.parameters()
    assert set(names(net)) == {f"neurons.{i}.{end}" for i in (0, 1) for end in ("b", "w.0", "w.1")}


@pytest.mark.parametrize("attributes", [{"d": {1: v, "1": w}}, {"a.b": v, "a": {"b": w}}])
def test_two_parameters_of_one_name_are_an_error(attributes):
    module = Holder(**attributes)
    assert module.parameters() == [v, w]
    with pytest.raises(ValueError, match=r"two parameters called '(d\.1|a\.b)'"):
        module.state_dict()


def test_a_module_without_call_says_so():
    with pytest.raises(NotImplementedError, match="Holder has no __call__"):
        Holder()(1.0)


def test_modes_reach_every_module():
    inner = Neuron(2)
    module = Holder(items=[inner, {"k": (Layer(1, 2),)}])
    assert all(m.training for m in module.modules())
    assert len(module.modules()) == 5
    assert module.eval() is module
    assert not any(m.training for m in module.modules())
    inner.train()
    assert (inner.training, module.training) == (True, False)
    assert module.train().items[1]["k"][0].neurons[1].training is True


def test_a_state_goes_round():
    trained, fresh = MLP(2, [3, 1]), MLP(2, [3, 1])
    kept = fresh.parameters()
    fresh.load_state_dict(trained.state_dict())
    assert fresh.state_dict() == trained.state_dict()
    assert fresh.parameters() == kept  # the same Values, for the optimiser that holds them
    trained.layers[0].neurons[0].b.data = 9.0
    assert fresh.layers[0].neurons[0].b.data == 0.0


@given(st.lists(st.floats(), min_size=3, max_size=3))
def test_every_float_goes_round(numbers):
    one, other = Neuron(2), Neuron(2)
    for parameter, number in zip(one.parameters(), numbers, strict=True):
        parameter.data = number
    other.load_state_dict(one.state_dict())
    assert repr([p.data for p in other.parameters()]) == repr(numbers)


def test_numbers_of_other_kinds_become_floats():
    neuron = Neuron(2)
    neuron.load_state_dict({"w.0": 3, "w.1": np.float32(0.5), "b": Fraction(1, 4)})
    assert [p.data for p in neuron.parameters()] == [3.0, 0.5, 0.25]
    assert {type(p.data) for p in neuron.parameters()} == {float}
    neuron.b.data = 3
    assert type(neuron.state_dict()["b"]) is float


GOOD = {"w.0": 1.0, "w.1": 2.0, "b": 3.0}


@pytest.mark.parametrize(
    ("state", "parts"),
    [
        ({}, ["missing: w.0, w.1, b"]),
        ({"w.0": 1.0, "w.1": 2.0}, ["missing: b"]),
        (GOOD | {"w.2": 1.0, "c": 1.0, 7: 1.0}, ["unexpected: w.2, c, 7"]),
        (GOOD | {"b": [1.0]}, ["not a number: b is [1.0]"]),
        (GOOD | {"b": None, "w.0": "1"}, ["w.0 is '1'", "b is None"]),
        (GOOD | {"b": True}, ["b is True"]),
        (GOOD | {"b": 10**400}, ["not a number: b is 1000"]),
        (GOOD | {"b": 10**5000}, ["not a number: b is a huge int"]),
        (GOOD | {"b": 1j}, ["b is 1j"]),
        (GOOD | {"b": Value(1.0)}, ["b is Value("]),
        ({"w.0": [0.0], "w.1": 5.0, "c": "x"}, ["missing: b", "unexpected: c", "w.0 is [0.0]", "c is 'x'"]),
    ],
)
def test_a_wrong_state_is_refused_whole(state, parts):
    neuron = Neuron(2)
    before = neuron.state_dict()
    with pytest.raises(ValueError, match=r"Neuron cannot load this state \(nothing was changed\)") as refused:
        neuron.load_state_dict(state)
    for part in parts:
        assert part in str(refused.value)
    assert neuron.state_dict() == before


def test_of_many_wrong_names_the_first_are_told():
    with pytest.raises(ValueError, match=r"missing: w\.0, .*, w\.9 and 91 more; unexpected: 0, 1, .*, 9 and 990 more$"):
        Neuron(100).load_state_dict(dict.fromkeys(range(1000), 0.0))


@pytest.mark.parametrize("state", [None, [1.0, 2.0, 3.0], "w.0"])
def test_a_state_is_a_mapping(state):
    with pytest.raises(TypeError, match="takes a mapping"):
        Neuron(2).load_state_dict(state)


def test_the_state_of_another_size_is_refused():
    model = MLP(2, [3, 1])
    before = model.state_dict()
    with pytest.raises(
        ValueError, match=r"missing: layers\.1\.neurons\.0\.w\.2; unexpected: .*layers\.0\.neurons\.3\.b"
    ) as e:
        model.load_state_dict({n: 0.0 for n in names(MLP(2, [4, 1])) if n != "layers.1.neurons.0.w.2"})
    assert "layers.1.neurons.0.w.3" in str(e.value)
    assert model.state_dict() == before
