"""Neuron, Layer and MLP: what the classic micrograd does, and what it leaves unchecked."""

import math
import pickle
import random
from collections import deque
from copy import deepcopy
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from micrograd.engine import Value, topological_order
from micrograd.engine.jit import jit
from micrograd.nn import MLP, SGD, Layer, Module, Neuron, fit, mse_loss, softmax, softplus


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (Neuron(2), "ReLUNeuron(2)"),
        (Neuron(16, nonlin=False), "LinearNeuron(16)"),
        (Neuron(3, False), "LinearNeuron(3)"),
        (Layer(2, 2), "Layer of [ReLUNeuron(2), ReLUNeuron(2)]"),
        (Layer(4, 1, nonlin=False), "Layer of [LinearNeuron(4)]"),
        (Neuron(2, "tanh"), "Neuron(2, tanh)"),
        (Neuron(2, softplus), "Neuron(2, softplus)"),
        (MLP(2, [1, 1], nonlin="gelu"), "MLP of [Layer of [Neuron(2, gelu)], Layer of [LinearNeuron(1)]]"),
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


ONE_AND_TWO = {
    "list": lambda: [1.0, 2.0],
    "tuple": lambda: (1.0, 2.0),
    "Values": lambda: (Value(1.0), 2),
    "bools": lambda: [True, 2],
    "range": lambda: range(1, 3),
    "generator": lambda: (x for x in [1.0, 2.0]),
    "map": lambda: map(Value, [1.0, 2.0]),
    "iterator": lambda: iter([1.0, 2.0]),
    "values of a dict": lambda: {"a": 1.0, "b": 2.0}.values(),
    "deque": lambda: deque([1.0, 2.0]),
    "numpy": lambda: np.array([1.0, 2.0]),
    "numpy of Values": lambda: np.array([Value(1.0), Value(2.0)]),
    "numpy's numbers": lambda: [np.float64(1.0), np.float32(2.0)],
    "numpy's arrays": lambda: [np.array(1.0), np.array(2.0)],
    "torch": lambda: torch.tensor([1.0, 2.0]),
    "torch's numbers": lambda: [torch.tensor(1.0), torch.tensor(2.0)],
    "pandas": lambda: pd.Series([1.0, 2.0], index=[1, 0]),
}


@pytest.mark.parametrize("module", [Neuron(2, nonlin=False), Layer(2, 3), MLP(2, [3, 3, 1])], ids=["n", "l", "m"])
@pytest.mark.parametrize("inputs", ONE_AND_TWO.values(), ids=ONE_AND_TWO)
def test_inputs_may_be_anything_that_iterates(module, inputs):
    assert repr(module(inputs())) == repr(module([1.0, 2.0]))


@pytest.mark.parametrize("module", [Neuron(1, nonlin=False), Layer(1, 3), MLP(1, [3, 3, 1])], ids=["n", "l", "m"])
@pytest.mark.parametrize("x", [Value(3.0), 3.0, 3, np.float32(3.0), np.array(3.0), torch.tensor(3.0), Fraction(3)])
def test_a_single_input_stands_for_a_list_of_one(module, x):
    assert repr(module(x)) == repr(module([3.0]))


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])], ids=["n", "l", "m"])
@pytest.mark.parametrize(
    "batch",
    [
        [[1.0, 2.0]],
        [[1.0, 2.0], [3.0, 4.0]],
        [(1.0, 2.0)] * 3,
        [[Value(1.0), Value(2.0)]],
        {1.0: 2.0, 3.0: 4.0}.items(),
        np.ones((2, 2)),
        [np.ones(2), np.ones(2)],
        torch.ones(5, 2),
        pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]}),
    ],
    ids=lambda batch: type(batch).__name__,
)
def test_of_a_batch_the_samples_are_to_come_one_by_one(module, batch):
    with pytest.raises(
        ValueError, match=r"one sample at a time, got [1-5] rows; write \[model\(x\) for x in X\], or .*jit"
    ):
        module(batch)


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])], ids=["n", "l", "m"])
@pytest.mark.parametrize(
    "x", ["ab", b"ab", {0: 1.0, 1: 2.0}, {1.0, 2.0}, None, 1j, object()], ids=lambda x: type(x).__name__
)
def test_what_is_no_row_of_numbers_is_named(module, x):
    with pytest.raises(TypeError, match=rf"the inputs of a model must be .* \({type(x).__name__}\)"):
        module(x)


@pytest.mark.parametrize("module", [Neuron(2), Layer(2, 1), Layer(2, 3), MLP(2, [3, 1])])
@pytest.mark.parametrize("inputs", [[], [1.0], [1.0, 2.0, 3.0], Value(1.0), np.zeros(5)])
def test_an_input_of_the_wrong_length_is_an_error(module, inputs):
    given = 1 if isinstance(inputs, Value) else len(inputs)
    with pytest.raises(ValueError, match=rf"ReLUNeuron\(2\) takes 2 inputs, got {given}"):
        module(inputs)


NOT_NONLIN = ["tanh ", "ReLU", "", None, 2, 0.5, [True], math.nan, {}]


@pytest.mark.parametrize("nonlin", NOT_NONLIN)
@pytest.mark.parametrize(
    "build",
    [Neuron, lambda n, **options: Layer(n, 2, **options), lambda n, **options: MLP(n, [1], **options)],
    ids=["Neuron", "Layer", "MLP"],
)
def test_nonlin_is_a_truth_a_name_or_a_function(build, nonlin):
    random.seed(5)
    before = random.getstate()
    with pytest.raises(ValueError, match=r"Neuron: nonlin must be True, False, 'relu', .*, 'silu' or a function, got"):
        build(1, nonlin=nonlin)
    assert random.getstate() == before


@pytest.mark.parametrize("nonlin", NOT_NONLIN)
def test_nonlin_is_checked_again_when_it_is_used(nonlin):
    neuron = Neuron(1)
    neuron.nonlin = nonlin
    with pytest.raises(ValueError, match="Neuron: nonlin must be True, False, 'relu'"):
        neuron([1.0])


@pytest.mark.parametrize("kind", [int, float, np.bool_])
def test_nonlin_may_be_a_truth_of_another_kind(kind):
    assert repr(Neuron(1, kind(1))) == "ReLUNeuron(1)"
    assert repr(Neuron(1, kind(0))) == "LinearNeuron(1)"
    for truth in (True, False):
        one, other = Neuron(1, truth, init=steep), Neuron(1, kind(truth), init=steep)
        assert one([-1.0]).data == other([-1.0]).data


def steep(nin, nout):
    return 2.0


ACTIVATIONS = {
    True: torch.relu,
    False: lambda x: x,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "leaky_relu": F.leaky_relu,
    "gelu": F.gelu,
    "silu": F.silu,
    softplus: F.softplus,
    Value.sin: torch.sin,
}


@pytest.mark.parametrize("nonlin", ACTIVATIONS)
@pytest.mark.parametrize("x", [-1.5, 0.0, 0.7])
def test_the_activation_is_that_of_torch(nonlin, x):
    model = MLP(1, [1, 1], nonlin=nonlin, init=steep)
    out = model([x])
    out.backward()
    w = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    expected = 2.0 * ACTIVATIONS[nonlin](w * x)
    expected.backward()
    np.testing.assert_allclose(out.data, expected.item(), rtol=1e-12)
    np.testing.assert_allclose(model.layers[0].neurons[0].w[0].grad, w.grad.item(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("nonlin", ACTIVATIONS)
def test_an_activation_compiles_and_trains_as_eagerly(nonlin):
    random.seed(2)
    model = MLP(2, [3, 2], nonlin=nonlin, init="kaiming")
    X, y = [[0.5, -1.0], [2.0, 0.3], [-0.4, 0.7], [0.0, 0.1]], [[0.1, 1.0], [0.5, 0.0], [1.0, -1.0], [0.0, 0.0]]
    np.testing.assert_allclose(jit(model)(np.array(X)), [[out.data for out in model(x)] for x in X], rtol=1e-9)
    trained = []
    for compiled in (False, True):
        copy = deepcopy(model)
        fit(copy, mse_loss, SGD(copy.parameters(), lr=0.1), X, y, 5, 2, seed=1, progress=False, jit=compiled)
        trained.append(list(copy.state_dict().values()))
    np.testing.assert_allclose(*trained, rtol=1e-9)


def test_nonlin_may_be_set_later_as_classic_programs_do():
    neuron = Neuron(1, init=steep)
    for nonlin, expected in [(True, 0.0), (False, -2.0), (0, -2.0), ("tanh", math.tanh(-2.0)), (abs, 2.0)]:
        neuron.nonlin = nonlin
        assert neuron([-1.0]).data == expected


@pytest.mark.parametrize("nonlin", [math.tanh, float, lambda v: [v], lambda v: softmax([v])])
def test_a_function_that_returns_no_value_is_refused_by_name(nonlin):
    with pytest.raises(TypeError, match=r"Neuron: nonlin must return a Value, got .* \((float|list)\); a number has"):
        Neuron(1, nonlin)([1.0])


class Slope(Module):
    """An activation with a parameter, as torch.nn.PReLU is."""

    def __init__(self):
        self.slope = Value(0.25)

    def __call__(self, x):
        return x.maximum(0) + self.slope * x.minimum(0)


def test_a_module_may_be_the_activation_and_is_part_of_the_model():
    slope = Slope()
    model = MLP(2, [2, 1], nonlin=slope)
    assert next(name for name, _ in model.named_parameters()) == "layers.0.neurons.0.nonlin.slope"
    assert len(model.parameters()) == 9 + 1
    assert slope in model.modules()
    assert slope not in model.layers[-1].modules()


STARTS = {
    None: lambda nin, nout: 1.0,
    "kaiming": lambda nin, nout: math.sqrt(6 / nin),
    "glorot": lambda nin, nout: math.sqrt(6 / (nin + nout)),
}


@pytest.mark.parametrize("init", STARTS)
def test_weights_are_drawn_uniformly_up_to_the_bound_of_their_layer(init):
    random.seed(3)
    model = MLP(7, [5, 1], init=init)
    random.seed(3)
    for layer, (nin, nout) in zip(model.layers, [(7, 5), (5, 1)], strict=True):
        bound = STARTS[init](nin, nout)
        for neuron in layer.neurons:
            assert [w.data for w in neuron.w] == [random.uniform(-bound, bound) for _ in range(nin)]
            assert neuron.b.data == 0.0


@pytest.mark.parametrize(
    ("init", "theirs"), [("kaiming", torch.nn.init.kaiming_uniform_), ("glorot", torch.nn.init.xavier_uniform_)]
)
def test_bounds_are_those_of_torch(init, theirs):
    random.seed(0)
    torch.manual_seed(0)
    options = {"nonlinearity": "relu"} if init == "kaiming" else {}
    weights = theirs(torch.empty(300, 20, dtype=torch.float64), **options)
    ours = [w.data for neuron in Layer(20, 300, init=init).neurons for w in neuron.w]
    assert max(map(abs, ours)) == pytest.approx(weights.abs().max().item(), rel=1e-2)


def test_init_may_be_a_function():
    asked = []

    def init(nin, nout):
        asked.append((nin, nout))
        return np.float32(len(asked))

    model = MLP(2, [3, 1], init=init)
    assert asked == [(2, 3)] * 6 + [(3, 1)] * 3
    assert [w.data for layer in model.layers for neuron in layer.neurons for w in neuron.w] == [
        *map(float, range(1, 10))
    ]
    assert Neuron(4, init=lambda nin, nout: nin / nout).w[0].data == 4.0


@pytest.mark.parametrize("init", ["glorots", "he", "", True, 0, 0.5, [], {}])
@pytest.mark.parametrize("build", [Neuron, lambda n, **options: MLP(n, [1], **options)], ids=["Neuron", "MLP"])
def test_init_is_a_name_or_a_function(build, init):
    random.seed(5)
    before = random.getstate()
    with pytest.raises(ValueError, match="Neuron: init must be None, 'kaiming', 'glorot' or a function, got"):
        build(1, init=init)
    assert random.getstate() == before


@pytest.mark.parametrize("weight", [math.nan, -math.inf, None, "1", True, Value(1.0), [0.5], 10**400])
def test_what_is_drawn_is_a_finite_number(weight):
    with pytest.raises(ValueError, match="Neuron: init must draw finite numbers, got"):
        Neuron(1, init=lambda nin, nout: weight)


@pytest.mark.parametrize("nonlin", ["tanh", softplus, True])
def test_copies_and_pickles_keep_the_activation(nonlin):
    model = MLP(2, [2, 1], nonlin=nonlin)
    for copy in (deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert repr(copy) == repr(model)
        assert copy([0.5, -1.0]).data == model([0.5, -1.0]).data


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


@pytest.mark.parametrize(
    "numbers", [{"b": 1.0}, {"b": 0}, {"w": [0.5, 0.25]}, {"w": (1, 2)}, {"w": np.array([0.5, 1.0])}]
)
@pytest.mark.parametrize("x", [[1.0, 2.0], [Value(1.0), Value(2.0)]], ids=["numbers", "Values"])
def test_a_number_in_place_of_a_parameter_is_refused_where_it_is_used(numbers, x):
    neuron = Neuron(2)
    vars(neuron).update(numbers)
    with pytest.raises(TypeError, match=r"ReLUNeuron\(2\): w and b must be Values; .*, write neuron\.b\.data = "):
        neuron(x)


@pytest.mark.parametrize("make", [tuple, np.array], ids=["tuple", "array"])
def test_weights_may_be_computed_and_in_other_containers(make):
    neuron = Neuron(2, nonlin=False)
    expected = neuron([3.0, 4.0])
    neuron.w = make([w * 1.0 for w in neuron.w])
    assert neuron([3.0, 4.0]).data == expected.data


def test_an_array_among_inputs_is_refused_wherever_it_stands():
    for nonlin in (True, False):
        with pytest.raises(TypeError, match="takes Values and numbers as inputs, one of"):
            Neuron(2, nonlin=nonlin)([1.0, np.array([1.0, 2.0])])
