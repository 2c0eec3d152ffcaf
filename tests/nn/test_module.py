"""Discovery of parameters, modes and states."""

import math
import random
import warnings
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, History, Layer, Module, Neuron, mse_loss


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
        self._rows = [Value(2.0), Value(3.0)]

    def parameters(self):
        return [self.known, *self._rows]


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
        (Holder(rate=0.5, name="v", nothing=None, numbers=[1.0], function=math.sin, kind=float), []),
    ],
)
def test_parameters_and_their_names(module, expected):
    assert module.named_parameters() == expected
    assert module.parameters() == [value for _, value in expected]


class Slotted(Module):
    __slots__ = ("first", "second", "_third", "unset")

    def __init__(self):
        self.second = Value(2.0)
        self.third = Value(3.0)
        self.first = [Value(1.0)]
        self._third = Value(4.0)


def array(*values):
    return np.array(values, dtype=object)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (Holder(w=array(v, w)), ["w.0", "w.1"]),
        (Holder(w=array([v, w], [x, neuron.b])), ["w.0.0", "w.0.1", "w.1.0", "w.1.1"]),
        (Holder(w=array(v, 1.0, None), numbers=np.zeros(3), none=array()), ["w.0"]),
        (Holder(w=np.array(v, dtype=object)), ["w.0"]),
        (Holder(w=[array(v), {"a": array(w, x)}]), ["w.0.0", "w.1.a.0", "w.1.a.1"]),
        (Holder(neurons=array(neuron)), ["neurons.0.w.0", "neurons.0.w.1", "neurons.0.b"]),
        (Holder(w=pd.Series([v, w], index=["a", "b"])), ["w.0", "w.1"]),
        (Slotted(), ["first.0", "second", "third"]),
        (Holder(part=Slotted(), v=v), ["part.first.0", "part.second", "part.third", "v"]),
    ],
)
def test_object_arrays_and_slots_hold_parameters(module, expected):
    assert names(module) == expected
    assert module.parameters() == [value for _, value in module.named_parameters()]
    state = {name: float(i) for i, name in enumerate(expected)}
    before = module.state_dict()
    module.load_state_dict(state)
    assert module.state_dict() == state
    module.load_state_dict(before)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (Holder(_v=v, w=w), ["w"]),
        (Holder(_many=[v, {"deep": w}, array(x)], w=w), ["w"]),
        (Holder(_again=v, w=v), ["w"]),
        (Holder(w=[v], _again=[v]), ["w.0"]),
        (Holder(table={"_v": v}), ["table._v"]),
        (Holder(_net=neuron), ["_net.w.0", "_net.w.1", "_net.b"]),
        (Holder(_nets=[neuron, v], b=neuron.b), ["_nets.0.w.0", "_nets.0.w.1", "_nets.0.b"]),
        (Holder(_computed=v * 2, _set={v}, _other=SimpleNamespace(v=v), w=w), ["w"]),
    ],
)
def test_values_behind_an_underscore_are_no_parameters_but_modules_are_found(module, expected):
    shared = module._again if hasattr(module, "_again") else None
    assert names(module) == expected
    assert module.parameters() == [value for _, value in module.named_parameters()]
    assert shared is None or len(module.parameters()) == 1
    module.eval()
    assert not any(part.training for part in module.modules())
    module.train()


def test_a_model_that_keeps_its_input_does_not_train_it():
    class Keeping(MLP):
        def __call__(self, x):
            self._last = x
            return super().__call__(x)

    model = Keeping(2, [2, 1])
    before = model.parameters()
    model([Value(1.0), Value(2.0)])
    assert model.parameters() == before


@dataclass
class Parts:
    w: object
    rate: float = 0.5


class Slots:
    __slots__ = ("w", "unset")

    def __init__(self, w):
        self.w = w


def scaling(factor):
    return lambda x: x * factor


def started(scale):
    return [Value(random.gauss(0, 1)) * scale for _ in range(3)]


class OfTheClass(Module):
    w = [Value(1.0)]  # noqa: RUF012  that is the mistake
    b: Value = Value(2.0)
    rate = 0.5
    _known = Value(3.0)

    def __init__(self, **attributes):
        vars(self).update(attributes)

    @property
    def twice(self):
        return self.b * 2


COMPUTED = (
    "computed from another Value, hence neither trained nor saved; give it a number of its own, Value\\(v.data\\)"
)
NUMBER = "a number among Values, hence neither trained nor saved; make it a Value"
HIDDEN = "holds Values where they are neither trained nor saved; keep them in attributes that a Module sets"
STRAYS = {
    "scaled": (lambda: Holder(w=started(0.7), b=Value(0.0)), "w.0, w.1, w.2", COMPUTED),
    "scaled by a root": (lambda: Holder(w=started(2**-0.5)), "w.0, w.1, w.2", COMPUTED),
    "divided": (lambda: Holder(w=[w / 3 for w in started(1)]), "w.0, w.1, w.2", COMPUTED),
    "shifted": (lambda: Holder(w=Value(1.0) * 2 - 1), "w", COMPUTED),
    "negated": (lambda: Holder(w={"a": -Value(1.0)}), "w.a", COMPUTED),
    "in an array": (lambda: Holder(w=array(*started(1)) * 0.5), "w.0, w.1, w.2", COMPUTED),
    "one of many": (lambda: Holder(w=[Value(1.0), Value(1.0) + 1]), "w.1", COMPUTED),
    "in a part": (lambda: Holder(part=Holder(w=2 * Value(1.0)), v=v), "part.w", COMPUTED),
    "numbers": (lambda: Holder(w=[Value(1.0), 0.5, 2]), "w.1, w.2", NUMBER),
    "set": (lambda: Holder(w={Value(1.0)}), "w", HIDDEN),
    "frozenset": (lambda: Holder(w=frozenset([Value(1.0)])), "w", HIDDEN),
    "deque": (lambda: Holder(w=deque([Value(1.0)])), "w", HIDDEN),
    "set of Modules": (lambda: Holder(parts={Neuron(1)}), "parts", HIDDEN),
    "dataclass": (lambda: Holder(w=Parts(Value(1.0))), "w", HIDDEN),
    "lists in a dataclass": (lambda: Holder(w=Parts([{"a": Value(1.0)}])), "w", HIDDEN),
    "namespace": (lambda: Holder(w=SimpleNamespace(w=Value(1.0))), "w", HIDDEN),
    "Modules in a namespace": (lambda: Holder(w=SimpleNamespace(w=Neuron(1))), "w", HIDDEN),
    "slots": (lambda: Holder(w=Slots(Value(1.0))), "w", HIDDEN),
    "the class": (lambda: Holder(a=OfTheClass(), b=OfTheClass(b=v)), "a.w, a.b, b.w", HIDDEN),
    "closure": (lambda: Holder(f=scaling(Value(1.0))), "f", HIDDEN),
    "Module in a closure": (lambda: Holder(f=scaling(Neuron(1))), "f", HIDDEN),
    "partial": (lambda: Holder(f=partial(max, Value(1.0))), "f", HIDDEN),
    "keyword of a partial": (lambda: Holder(f=partial(max, key=Neuron(1))), "f", HIDDEN),
    "partial of a Module": (lambda: Holder(f=partial(Neuron(1))), "f", HIDDEN),
    "method": (lambda: Holder(parts=[Neuron(1), Neuron(1).__call__]), "parts.1", HIDDEN),
    "another class": (lambda: Holder(parts=[v, Slots(w), Slots(Value(1.0))], w=w), "parts.2", HIDDEN),
}


@pytest.mark.parametrize("ask", [Module.parameters, Module.named_parameters, Module.state_dict, Module.zero_grad])
@pytest.mark.parametrize(("make", "where", "why"), STRAYS.values(), ids=STRAYS)
def test_values_that_would_be_forgotten_are_warned_of(make, where, why, ask):
    with pytest.warns(
        UserWarning, match=f"^Holder: {where}: {why}.*let the name of the attribute begin with _$"
    ) as caught:
        ask(make())
    assert len(caught) == 1


def test_a_parameter_that_is_changed_by_arithmetic_is_warned_of():
    neuron = Neuron(1)
    neuron.b += 0.1
    neuron.w[0] = neuron.w[0] - 0.1 * neuron.w[0].grad
    with pytest.warns(UserWarning, match=r"Neuron: w\.0, b: computed from another Value") as caught:
        neuron.parameters()
    assert caught[0].filename == __file__
    model = MLP(1, [1])
    model.layers[0].neurons[0].b *= 0.5
    with pytest.warns(UserWarning, match=r"MLP: layers\.0\.neurons\.0\.b: computed"):
        model.parameters()


def test_the_warning_comes_once_for_a_place():
    module = Holder(w=[Value(1.0) * 0.5])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            module.parameters()
    assert len(caught) == 1


def results(model, x):
    """What programs keep of a forward pass."""
    return {
        "activation": lambda: model(x),
        "activations": lambda: [out.tanh() for out in [model(x)]],
        "sum": lambda: model(x) + 1.0,
        "method": lambda: model.__call__,
        "partial": lambda: partial(model, x=[1.0, 2.0]),
        "closure over a parameter": lambda: scaling(model.b),
        "closure over the model": lambda: lambda x: model(x),
        "closure over lists": lambda: scaling([Value(1.0)]),
        "closure over a number": lambda: scaling(2.0),
        "square of an input": lambda: Value(2.0) ** 2,
        "sum of inputs": lambda: x[0] + x[1],
        "tanh of an input": lambda: x[0].tanh(),
        "derived": lambda: model.b * 2,
        "grown": lambda: model.b * 0.5 + model.w[0],
        "set of results": lambda: {model(x), model.b},
        "deque of results": lambda: deque([model(x), 1.0]),
        "optimizer": lambda: SGD(model.parameters()),
        "history": lambda: History(loss=[1.0]),
        "random": lambda: random.Random(1),
        "numbers": lambda: np.ones(3),
        "table": lambda: pd.DataFrame({"a": [1.0]}),
        "fraction": lambda: [Fraction(1, 2), np.float64(1.0)],
        "function": lambda: mse_loss,
        "class": lambda: Value,
        "module": lambda: math,
        "compiled": lambda: jit(model),
    }


@pytest.mark.parametrize("what", results(None, None))
@pytest.mark.parametrize("private", [False, True])
def test_what_programs_rightly_keep_is_not_warned_of(what, private):
    model = Neuron(2)
    parameters = model.parameters()
    setattr(model, "_kept" if private else "kept", results(model, [Value(1.0), Value(2.0)])[what]())
    assert model.parameters() == parameters
    assert [p for _, p in model.named_parameters()] == parameters


def test_a_function_may_refer_to_what_is_defined_later():
    def early(x):
        return late(x)

    module = Holder(f=early, v=v)
    assert module.parameters() == [v]
    late = scaling(Value(2.0))
    assert early(1.0).data == 2.0
    assert module.parameters() == [v]


def test_layers_without_parameters_may_keep_their_results():
    class Tanh(Module):
        def __call__(self, x):
            self.out = [xi.tanh() for xi in x]
            return self.out

    class Sequential(Module):
        def __init__(self, *layers):
            self.layers = layers

        def __call__(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

        def parameters(self):
            return [p for layer in self.layers for p in layer.parameters()]

    first, second, tanh = Layer(2, 2), Layer(2, 2), Tanh()
    model = Sequential(first, tanh, second)
    model([Value(1.0), Value(2.0)])
    assert tanh.parameters() == []
    assert model.parameters() == [*first.parameters(), *second.parameters()]


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


def test_of_many_wrong_names_the_first_are_named():
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
