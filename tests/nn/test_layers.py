"""Neuron, Layer and MLP: what the classic micrograd does, and what it leaves unchecked."""

import math
import random

import numpy as np
import pytest
import torch

from micrograd.engine import Value, topological_order
from micrograd.nn import MLP, Layer, Neuron


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (Neuron(2), "ReLUNeuron(2)"),
        (Neuron(16, nonlin=False), "LinearNeuron(16)"),
        (Neuron(3, False), "LinearNeuron(3)"),
        (Layer(2, 2), "Layer of [ReLUNeuron(2), ReLUNeuron(2)]"),
        (Layer(4, 1, nonlin=False), "Layer of [LinearNeuron(4)]"),
        (MLP(2, [1]), "MLP of [Layer of [LinearNeuron(2)]]"),
        (MLP(2, [2, 1]), "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]"),
    ],
)
def test_reprs_are_the_classic_ones(module, text):
    assert repr(module) == text


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_weights_are_the_classic_ones(dropout):
    random.seed(1337)
    model = MLP(2, [16, 16, 1], dropout=dropout)
    after = random.random()
    random.seed(1337)
    for layer, (nin, nout) in zip(model.layers, [(2, 16), (16, 16), (16, 1)], strict=True):
        for neuron in layer.neurons:
            assert [w.data for w in neuron.w] == [random.uniform(-1, 1) for _ in range(nin)]
            assert neuron.b.data == 0.0
        assert len(layer.neurons) == nout
    assert after == random.random()  # nothing else was drawn
    assert len(model.parameters()) == 337


@pytest.mark.parametrize(("nin", "nouts"), [(2, [16, 16, 1]), (3, [4]), (3, [5, 2]), (2, [3, 1, 4]), (1, [1, 1])])
def test_outputs_and_gradients_match_torch(nin, nouts):
    random.seed(nin)
    model = MLP(nin, nouts)
    inputs = [random.uniform(-2, 2) for _ in range(nin)]

    out = model([Value(x) for x in inputs])
    out = out if isinstance(out, list) else [out]
    assert len(out) == nouts[-1]
    sum(o * o for o in out).backward()

    act = torch.tensor(inputs, dtype=torch.float64)
    leaves = []
    for i, layer in enumerate(model.layers, 1):
        weight = torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64, requires_grad=True)
        bias = torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64, requires_grad=True)
        leaves += [(weight, [[w.grad for w in n.w] for n in layer.neurons]), (bias, [n.b.grad for n in layer.neurons])]
        act = weight @ act + bias
        act = act.relu() if i < len(nouts) else act
    (act * act).sum().backward()
    np.testing.assert_allclose([o.data for o in out], act.detach().numpy(), rtol=1e-12)
    for leaf, grads in leaves:
        np.testing.assert_allclose(grads, leaf.grad.numpy(), rtol=1e-12, atol=1e-14)


def test_the_graph_is_no_larger_than_the_classic_one():
    model = MLP(2, [16, 16, 1])
    inputs = [Value(1.0), Value(2.0)]
    # per neuron a product and a sum for each input, and one relu except in the last; leaves: parameters and inputs
    operations = sum(2 * nin * nout for nin, nout in [(2, 16), (16, 16), (16, 1)]) + 32
    assert len(topological_order(model(inputs))) <= operations + 337 + 2


@pytest.mark.parametrize(
    "inputs",
    [[1.0, 2.0], (1.0, 2.0), [Value(1.0), 2], [np.float64(1.0), np.float32(2.0)], np.array([1.0, 2.0]), [True, 2]],
)
def test_inputs_may_be_numbers_of_any_kind(inputs):
    neuron = Neuron(2, nonlin=False)
    assert neuron(inputs).data == 0.0 + neuron.w[0].data * 1.0 + neuron.w[1].data * 2.0


def test_a_single_value_stands_for_a_list_of_one():
    neuron = Neuron(1, nonlin=False)
    x = Value(3.0)
    assert neuron(x).data == neuron([x]).data == neuron.w[0].data * 3.0


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 1), Layer(2, 3), MLP(2, [3, 1])])
@pytest.mark.parametrize("inputs", [[], [1.0], [1.0, 2.0, 3.0], Value(1.0), np.zeros(5)])
def test_an_input_of_the_wrong_length_is_an_error(module, inputs):
    given = 1 if isinstance(inputs, Value) else len(inputs)
    with pytest.raises(ValueError, match=rf"ReLUNeuron\(2\) takes 2 inputs, got {given}"):
        module(inputs)


BAD_SIZES = [0, -1, 1.0, 2.5, "2", None, True, math.nan, [2]]


@pytest.mark.parametrize("size", BAD_SIZES)
@pytest.mark.parametrize(
    "build",
    [Neuron, lambda n: Layer(n, 2), lambda n: Layer(2, n), lambda n: MLP(n, [2]), lambda n: MLP(2, [3, n])],
    ids=["Neuron", "Layer nin", "Layer nout", "MLP nin", "MLP nouts"],
)
def test_sizes_are_ints_of_at_least_1(build, size):
    random.seed(5)
    before = random.getstate()
    with pytest.raises(ValueError, match="must be an int of at least 1, got"):
        build(size)
    assert random.getstate() == before  # refused before anything is drawn


@pytest.mark.parametrize("nouts", [[], (), 3, None])
def test_an_mlp_has_layers(nouts):
    with pytest.raises(ValueError, match="MLP: nouts must be a list with the size of each layer"):
        MLP(2, nouts)


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan, math.inf, "0.5", None, True])
@pytest.mark.parametrize(
    "build",
    [lambda p: Neuron(2, dropout=p), lambda p: Layer(2, 2, dropout=p), lambda p: MLP(2, [2, 1], dropout=p),
     lambda p: MLP(2, [1], dropout=p)],
    ids=["Neuron", "Layer", "MLP", "MLP of one layer"],
)  # fmt: skip
def test_dropout_is_a_probability(build, rate):
    with pytest.raises(ValueError, match="dropout takes a probability from 0 to 1, got"):
        build(rate)


def test_sizes_may_be_numpy_ints_and_tuples():
    assert repr(MLP(np.int64(2), (np.int32(1),))) == "MLP of [Layer of [LinearNeuron(2)]]"


def test_unknown_keywords_are_errors():
    with pytest.raises(TypeError, match="dropuot"):
        MLP(2, [1], dropuot=0.5)


def test_a_subclass_may_have_its_own_init():
    class Half(Neuron):
        def __init__(self):
            self.w, self.b, self.nonlin = [Value(0.5)], Value(0.0), False

    assert Half()([3.0]).data == 1.5
