"""The parameters of a Module as whole tensors, with the keys, order and shapes of torch's `state_dict`."""

import random

import numpy as np
import pytest
import torch
import torch.nn as there
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.nn import MLP, Dropout, Embedding, Layer, LayerNorm, Linear, Module, Neuron, RMSNorm, Sequential, relu
from micrograd.nn.stack import unstack
from micrograd.nn.tensors import shape_of, values_of


class Holder(Module):
    """A module with whatever attributes a test gives it."""

    def __init__(self, **attributes):
        vars(self).update(attributes)


def shapes(module):
    return {name: shape_of(tensor) for name, tensor in module.tensors().items()}


def leaves(*shape):
    return [leaves(*shape[1:]) for _ in range(shape[0])] if shape else Value(random.random())


MODELS = {
    "linear": (Linear(2, 3), there.Linear(2, 3)),
    "linear without bias": (Linear(2, 3, bias=False), there.Linear(2, 3, bias=False)),
    "embedding": (Embedding(5, 2), there.Embedding(5, 2)),
    "rms norm": (RMSNorm(3), there.RMSNorm(3)),
    "layer norm": (LayerNorm(3), there.LayerNorm(3)),
    "neuron": (Neuron(2), there.Sequential(there.Linear(2, 1), there.ReLU())),
    "linear neuron": (Neuron(2, nonlin=False), there.Sequential(there.Linear(2, 1))),
    "layer": (Layer(2, 3, dropout=0.1), there.Sequential(there.Linear(2, 3), there.ReLU(), there.Dropout(0.1))),
    "network": (
        MLP(2, [4, 3, 1]),
        there.Sequential(*[there.Linear(2, 4), there.ReLU()], *[there.Linear(4, 3), there.ReLU()], there.Linear(3, 1)),
    ),
    "network without activations": (
        MLP(2, [3, 1], nonlin=False),
        there.Sequential(there.Linear(2, 3), there.Linear(3, 1)),
    ),
    "network with dropout": (
        MLP(2, [3, 1], nonlin="tanh", dropout=0.5),
        there.Sequential(there.Linear(2, 3), there.Tanh(), there.Dropout(), there.Linear(3, 1)),
    ),
    "sequential": (
        Sequential(Linear(2, 3), relu, Dropout(), Sequential(Layer(3, 2)), LayerNorm(2)),
        there.Sequential(
            there.Linear(2, 3),
            there.ReLU(),
            there.Dropout(),
            there.Sequential(there.Sequential(there.Linear(3, 2))),
            there.LayerNorm(2),
        ),
    ),
}


@pytest.mark.parametrize(("module", "counterpart"), MODELS.values(), ids=MODELS.keys())
def test_tensors_have_the_keys_shapes_and_order_of_torch(module, counterpart):
    expected = [(name, tuple(tensor.shape)) for name, tensor in counterpart.state_dict().items()]
    assert [*shapes(module).items()] == expected
    assert {id(v) for tensor in module.tensors().values() for v in values_of(tensor)} == set(
        map(id, module.parameters())
    )


def test_rows_are_outputs():
    model = MLP(2, [3, 1])
    first, second = model.layers
    tensors = model.tensors()
    assert tensors["0.weight"] == [neuron.w for neuron in first.neurons]
    assert tensors["0.bias"] == [neuron.b for neuron in first.neurons]
    assert tensors["2.weight"] == [second.neurons[0].w]
    tensors["0.weight"].clear()  # a list of its own
    tensors["2.weight"][0].clear()
    assert model.tensors()["0.weight"] == [neuron.w for neuron in first.neurons]
    assert len(second.neurons[0].w) == 3


def test_own_modules_go_by_attributes_and_what_is_here_comes_before_what_is_further_in():
    class Own(there.Module):
        def __init__(self):
            super().__init__()
            self.inner = there.Sequential(there.Linear(2, 3), there.ReLU(), there.Linear(3, 1))
            self.matrix = there.Parameter(torch.zeros(2, 3))
            self.parts = there.ModuleDict({"a": there.Linear(1, 1)})
            self.listed = there.ModuleList([there.LayerNorm(2), there.LayerNorm(2)])
            self.scale = there.Parameter(torch.tensor(1.0))

    own = Holder(
        inner=MLP(2, [3, 1]),
        matrix=leaves(2, 3),
        parts={"a": Linear(1, 1)},
        listed=[LayerNorm(2), LayerNorm(2)],
        scale=Value(1.0),
    )
    assert [*shapes(own).items()] == [(name, tuple(t.shape)) for name, t in Own().state_dict().items()]


SHARED = Value(1.0)
ATTRIBUTES = {
    "a Value": ({"a": Value(1.0)}, {"a": ()}),
    "a list": ({"a": leaves(3)}, {"a": (3,)}),
    "three dimensions": ({"a": leaves(2, 3, 4)}, {"a": (2, 3, 4)}),
    "a tuple of lists": ({"a": tuple(leaves(2, 3))}, {"a": (2, 3)}),
    "an object array": ({"a": np.array(leaves(2, 3), dtype=object)}, {"a": (2, 3)}),
    "a ragged list": ({"a": [leaves(2), leaves(3)]}, {"a.0": (2,), "a.1": (3,)}),
    "a Value among lists": ({"a": [Value(1.0), leaves(3)]}, {"a.0": (), "a.1": (3,)}),
    "a Value among Modules": ({"a": [Linear(1, 1, bias=False), Value(1.0)]}, {"a.1": (), "a.0.weight": (1, 1)}),
    "a dict": ({"a": {"x": Value(1.0), 2: leaves(2)}}, {"a.x": (), "a.2": (2,)}),
    "the same Value at two places": ({"a": SHARED, "b": [SHARED, SHARED]}, {"a": (), "b": (2,)}),
    "a computed Value": ({"a": Value(1.0) * 2, "b": Value(1.0)}, {"b": ()}),
    "a computed Value among others": ({"a": [Value(1.0), SHARED.exp(), Value(2.0)]}, {"a.0": (), "a.2": ()}),
    "numbers": ({"a": [1.0, 2.0], "b": 3.0, "c": "text", "d": None, "e": []}, {}),
    "a private Value": ({"_a": Value(1.0), "_b": leaves(2), "c": Value(1.0)}, {"c": ()}),
    "a private Module": ({"_a": Linear(1, 1, bias=False)}, {"_a.weight": (1, 1)}),
    "a private list of Modules": ({"_a": [Value(1.0), Linear(1, 1, bias=False)]}, {"_a.1.weight": (1, 1)}),
    "a Neuron": ({"a": [Neuron(2)]}, {"a.0.0.weight": (1, 2), "a.0.0.bias": (1,)}),
}


@pytest.mark.parametrize(("attributes", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES.keys())
def test_what_an_own_module_holds(attributes, expected):
    assert [*shapes(Holder(**attributes)).items()] == [*expected.items()]


def test_what_is_frozen_has_its_tensors():
    model = MLP(2, [3, 1])
    before = shapes(model)
    model.layers[0].requires_grad_(False)
    assert shapes(model) == before


def test_one_module_at_two_places_is_at_both():
    linear = Linear(2, 2)
    tensors = Sequential(linear, relu, linear).tensors()
    assert [*tensors] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert tensors["0.weight"] == tensors["2.weight"]


class Scaled(MLP):
    def __init__(self, nin, nouts):
        super().__init__(nin, nouts)
        self.scale = Value(1.0)
        self.w = leaves(2)


class Gated(Neuron):
    def __init__(self, nin):
        super().__init__(nin)
        self.gain = Value(1.0)


class Norms(Layer):
    def __init__(self, nin, nout):
        super().__init__(nin, nout)
        self.norm = LayerNorm(nin)


def test_subclasses_of_layers_keep_what_they_add():
    assert shapes(Scaled(2, [1])) == {"scale": (), "w": (2,), "0.weight": (1, 2), "0.bias": (1,)}
    assert shapes(Gated(2)) == {"w": (2,), "b": (), "gain": ()}
    assert shapes(Norms(2, 3)) == {"norm.weight": (2,), "norm.bias": (2,), "0.weight": (3, 2), "0.bias": (3,)}

    model = MLP(2, [3, 1])
    model.layers[0] = Norms(2, 3)
    assert [*shapes(model)] == ["0.norm.weight", "0.norm.bias", "0.0.weight", "0.0.bias", "1.weight", "1.bias"]
    model.layers[0] = Linear(2, 3)
    assert [*shapes(model)] == ["0.weight", "0.bias", "1.weight", "1.bias"]
    model.layers[0] = Layer(2, 3)
    model.layers[0].neurons[1] = Gated(2)
    assert {"0.neurons.0.0.weight", "0.neurons.1.gain", "1.bias"} <= shapes(model).keys()
    assert sum(len(values_of(tensor)) for tensor in model.tensors().values()) == len(model.parameters())


def test_layers_may_be_kept_elsewhere():
    class Own(MLP):
        def __init__(self):
            self.layers = {"first": Layer(2, 1)}

    assert [*shapes(Own())] == ["layers.first.0.weight", "layers.first.0.bias"]


def test_what_parameters_returns_beside_attributes_has_a_name():
    class Hidden(Linear):
        def parameters(self):
            return [*super().parameters(), self._hidden]

    hidden = Hidden(2, 1)
    hidden._hidden = Value(1.0)
    assert shapes(hidden) == {"weight": (1, 2), "bias": (1,), "parameters.3": ()}
    assert [*shapes(Sequential(hidden))] == ["0.weight", "0.bias", "0.parameters.3"]


def test_a_module_may_name_its_own():
    class Named(Module):
        def __init__(self):
            self.a = Value(1.0)

        def tensors(self):
            return {"alpha": self.a}

    assert [*shapes(Holder(x=Named(), y=[Named()]))] == ["x.alpha", "y.0.alpha"]


def test_neurons_of_different_sizes_are_refused():
    layer = Layer(2, 2)
    layer.neurons[1] = Neuron(3)
    with pytest.raises(ValueError, match="Layer: one neuron has 2 weights, another 3"):
        Sequential(layer).tensors()


def test_two_tensors_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"Holder has two tensors called 'a\.1'"):
        Holder(a={1: Value(1.0), "1": Value(2.0)}).tensors()


def test_a_module_in_itself_is_refused():
    holder = Holder(a=Value(1.0))
    holder.back = [holder]
    with pytest.raises(ValueError, match="Holder contains itself"):
        holder.tensors()


NONLINS = ["relu", "tanh", False, True, lambda v: v.sin()]


@given(st.lists(st.sampled_from(NONLINS), min_size=3, max_size=3), st.integers(0, 2**32))
def test_unstacked_parts_give_what_the_layer_gives(nonlins, seed):
    random.seed(seed)
    model = MLP(2, [3, 1])
    for neuron, nonlin in zip(model.layers[0].neurons, nonlins, strict=True):
        neuron.nonlin = nonlin
    x = [random.uniform(-2, 2), random.uniform(-2, 2)]
    (out,) = Sequential(*unstack(model))(x)
    assert out.data == model(x).data


def test_unstacked_dropout_is_that_of_each_neuron():
    layer = Layer(2, 3, nonlin=False, dropout=1.0)
    layer.neurons[1].dropout = 0.0
    layer.neurons[2].eval()
    outs = Sequential(*unstack(layer))([1.0, 1.0])
    assert [out.data for out in outs] == [out.data for out in layer([1.0, 1.0])]
    assert outs[0].data == 0.0 != outs[1].data
