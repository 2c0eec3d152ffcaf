"""Linear, Embedding, RMSNorm, LayerNorm and Sequential beside those of torch, eagerly and compiled."""

import math
import pickle
import random
from copy import deepcopy
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from micrograd.engine import Value
from micrograd.engine.jit import jit
from micrograd.nn import (
    MLP,
    SGD,
    Embedding,
    LayerNorm,
    Linear,
    Module,
    RMSNorm,
    Sequential,
    cross_entropy,
    dropout,
    fit,
    leaky_relu,
    load,
    mse_loss,
    relu,
    save,
    softmax,
    tanh,
)

INF, NAN = math.inf, math.nan
CLOSE = {"rtol": 1e-12, "atol": 1e-13}

MODULES = {
    "Linear": (lambda: Linear(3, 2), lambda: torch.nn.Linear(3, 2)),
    "Linear of one output": (lambda: Linear(3, 1), lambda: torch.nn.Linear(3, 1)),
    "Linear without bias": (lambda: Linear(3, 2, bias=False), lambda: torch.nn.Linear(3, 2, bias=False)),
    "RMSNorm": (lambda: RMSNorm(3), lambda: torch.nn.RMSNorm(3)),
    "RMSNorm, 0.1": (lambda: RMSNorm(3, 0.1), lambda: torch.nn.RMSNorm(3, 0.1)),
    "RMSNorm, 0": (lambda: RMSNorm(3, 0), lambda: torch.nn.RMSNorm(3, 0.0)),
    "LayerNorm": (lambda: LayerNorm(3), lambda: torch.nn.LayerNorm(3)),
    "LayerNorm, 0.1": (lambda: LayerNorm(3, 0.1), lambda: torch.nn.LayerNorm(3, 0.1)),
}
modules = pytest.mark.parametrize(("ours", "theirs"), MODULES.values(), ids=MODULES)
INPUTS = [[0.5, -1.25, 2.0], [3.0, 3.0, 3.1], [1e-8, 0.0, -1e-8], [1e5, -2e5, 3e5]]


def shaken(module):
    """The module with other numbers in its parameters than those that it starts from."""
    numbers = random.Random(1)
    for parameter in module.parameters():
        parameter.data += numbers.uniform(-0.5, 0.5)
    return module


def nested(parameter, what):
    return [nested(part, what) for part in parameter] if isinstance(parameter, list) else getattr(parameter, what)


def compare(ours, theirs, inputs):
    """Outputs and gradients of a weighted sum, ours and torch's."""
    net = theirs().double()
    with torch.no_grad():
        for name, tensor in net.named_parameters():
            tensor[:] = torch.tensor(nested(getattr(ours, name), "data"), dtype=torch.float64)
    leaves, x = [Value(number) for number in inputs], torch.tensor(inputs, dtype=torch.float64, requires_grad=True)
    out, expected = ours(leaves), net(x)
    assert isinstance(out, list)
    weights = [0.7, -1.3, 0.4][: len(out)]
    sum(weight * part for weight, part in zip(weights, out, strict=True)).backward()
    (expected * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    yield [part.data for part in out], expected.tolist()
    yield [leaf.grad for leaf in leaves], x.grad.tolist()
    for name, tensor in net.named_parameters():
        yield nested(getattr(ours, name), "grad"), tensor.grad.tolist()


@modules
@pytest.mark.parametrize("inputs", INPUTS)
def test_values_and_gradients_match_torch(ours, theirs, inputs):
    for got, expected in compare(shaken(ours()), theirs, inputs):
        np.testing.assert_allclose(got, expected, **CLOSE)


@modules
@given(inputs=arrays.arrays(float, 3, elements=st.floats(-10, 10)).filter(lambda inputs: np.ptp(inputs) > 0.1))
def test_all_values_and_gradients_match_torch(ours, theirs, inputs):
    for got, expected in compare(shaken(ours()), theirs, inputs.tolist()):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * max(1.0, np.abs(expected).max()))


@modules
@pytest.mark.parametrize("inputs", [[0.0, 0.0, 0.0], [2.0, 2.0, 2.0], [INF, 1.0, 2.0], [NAN, 1.0, 2.0]])
def test_edges_are_those_of_torch(ours, theirs, inputs):
    for got, expected in compare(shaken(ours()), theirs, inputs):
        np.testing.assert_allclose(got, expected, **CLOSE)


@modules
def test_parameters_are_found_and_named_as_in_torch(ours, theirs):
    module, shapes = ours(), {name: tuple(tensor.shape) for name, tensor in theirs().named_parameters()}
    expected = [".".join(map(str, (name, *place))) for name, shape in shapes.items() for place in np.ndindex(shape)]
    assert [name for name, _ in module.named_parameters()] == expected
    assert len(module.parameters()) == len(expected)


@modules
def test_copies_pickles_and_states_keep_everything(ours, theirs, tmp_path):
    module = shaken(ours()).eval()
    save(module.state_dict(), tmp_path / "state.json")
    fresh = ours().eval()
    fresh.load_state_dict(load(tmp_path / "state.json"))
    for copy in (deepcopy(module), pickle.loads(pickle.dumps(module)), fresh):
        assert repr(copy) == repr(module)
        assert copy.state_dict() == module.state_dict()
        assert [out.data for out in copy(INPUTS[0])] == [out.data for out in module(INPUTS[0])]
        assert set(map(id, copy.parameters())).isdisjoint(map(id, module.parameters()))
        assert not copy.training


@modules
def test_compiled_is_eager(ours, theirs):
    module = shaken(ours())
    compiled = jit(module)(np.array(INPUTS))
    np.testing.assert_allclose(compiled, [[out.data for out in module(x)] for x in INPUTS], rtol=1e-9)
    loss = jit(lambda x: sum(out * out for out in module(x)))
    module.zero_grad()
    loss.backward(np.array(INPUTS[:2]))
    gradients = [parameter.grad for parameter in module.parameters()]
    module.zero_grad()
    (sum(sum(out * out for out in module(x)) for x in INPUTS[:2]) / 2).backward()
    np.testing.assert_allclose(gradients, [parameter.grad for parameter in module.parameters()], rtol=1e-9, atol=1e-12)


@modules
def test_training_compiled_is_training(ours, theirs):
    module = shaken(ours())
    y = [[0.5] * len(module(INPUTS[0]))] * 3
    states = []
    for compiled in (False, True):
        copy = deepcopy(module)
        optimizer = SGD(copy.parameters(), lr=0.01)
        fit(copy, mse_loss, optimizer, INPUTS[:3], y, 5, 2, seed=1, progress=False, jit=compiled)
        states.append(list(copy.state_dict().values()))
    np.testing.assert_allclose(*states, rtol=1e-9)
    assert states[0] != list(module.state_dict().values())


@modules
@pytest.mark.parametrize("inputs", [[], [1.0], [1.0] * 4, Value(1.0), np.zeros(5)])
def test_an_input_of_the_wrong_length_is_an_error(ours, theirs, inputs):
    given = 1 if isinstance(inputs, Value) else len(inputs)
    with pytest.raises(ValueError, match=rf"(Linear|Norm)\(3.*\) takes 3 inputs, got {given}"):
        ours()(inputs)


@modules
def test_inputs_are_read_as_a_neuron_reads_them(ours, theirs):
    module = ours()
    expected = [out.data for out in module([1.0, 2.0, 4.0])]
    for inputs in ((Value(1.0), 2, 4.0), np.array([1.0, 2.0, 4.0]), torch.tensor([1.0, 2.0, 4.0]), iter([1, 2, 4])):
        assert [out.data for out in module(inputs)] == expected
    with pytest.raises(ValueError, match="one sample at a time, got 2 rows"):
        module([[1.0, 2.0, 4.0]] * 2)
    with pytest.raises(TypeError, match="the inputs of a model must be"):
        module({1.0, 2.0, 4.0})


BAD_SIZES = [0, -1, 1.0, "2", None, True]


@pytest.mark.parametrize("size", BAD_SIZES)
@pytest.mark.parametrize(
    "build",
    [
        lambda n: Linear(n, 2),
        lambda n: Linear(2, n),
        lambda n: Embedding(n, 2),
        lambda n: Embedding(2, n),
        RMSNorm,
        LayerNorm,
    ],
)
def test_sizes_are_ints_of_at_least_1(build, size):
    random.seed(5)
    before = random.getstate()
    with pytest.raises(ValueError, match=r"(Linear|Embedding|Norm): \w+ must be an int of at least 1, got"):
        build(size)
    assert random.getstate() == before


@pytest.mark.parametrize("eps", [-1e-9, -INF, NAN, "1", True, Value(1.0)])
@pytest.mark.parametrize("norm", [RMSNorm, LayerNorm])
def test_eps_is_a_number_of_at_least_0(norm, eps):
    with pytest.raises(ValueError, match="Norm: eps must be a number of at least 0, got"):
        norm(2, eps)


def test_layernorm_has_no_default_for_a_missing_eps():
    with pytest.raises(ValueError, match="LayerNorm: eps must be a number of at least 0, got None"):
        LayerNorm(2, None)


@pytest.mark.parametrize("bias", ["no", None, 2])
def test_bias_is_true_or_false(bias):
    with pytest.raises(ValueError, match="Linear: bias must be True or False, got"):
        Linear(2, 2, bias)


@pytest.mark.parametrize(
    ("options", "bound"),
    [({}, math.sqrt(6 / 7)), ({"init": "glorot"}, math.sqrt(6 / 7)), ({"init": "kaiming"}, math.sqrt(2)),
     ({"init": None}, 1.0)],
)  # fmt: skip
def test_a_linear_starts_from_glorots_weights_unless_told_otherwise(options, bound):
    random.seed(3)
    linear = Linear(3, 4, **options)
    random.seed(3)
    assert nested(linear.weight, "data") == [[random.uniform(-bound, bound) for _ in range(3)] for _ in range(4)]
    assert nested(linear.bias, "data") == [0.0] * 4
    with pytest.raises(ValueError, match="Linear: init must be None, 'kaiming', 'glorot' or a function, got 'glorots'"):
        Linear(3, 4, init="glorots")


@pytest.mark.parametrize(
    "numbers", [{"weight": [[0.5, 1.0], [1.0, 2.0]]}, {"weight": np.ones((2, 2))}, {"bias": [0.5, 0.5]}]
)
@pytest.mark.parametrize("x", [[1.0, 2.0], [Value(1.0), Value(2.0)]], ids=["numbers", "Values"])
def test_numbers_in_place_of_parameters_are_refused_where_they_are_used(numbers, x):
    linear = Linear(2, 2)
    vars(linear).update(numbers)
    with pytest.raises(TypeError, match=r"Linear\(2, 2\): weight and bias must be Values; .*\.data = 1\.0"):
        linear(x)


def test_an_array_among_the_inputs_of_a_linear_is_refused():
    with pytest.raises(TypeError, match=r"Linear\(2, 1\) takes Values and numbers as inputs, one of"):
        Linear(2, 1)([1.0, np.array([1.0, 2.0])])


def test_the_graph_of_a_linear_is_no_larger_than_that_of_a_layer():
    program = jit(Linear(16, 16, bias=False))
    program(np.ones((4, 16)))
    assert "layer" in program.program


INDICES = [3, 3.0, Value(3.0), np.int64(3), np.array(3), torch.tensor(3), True]


@pytest.mark.parametrize("index", INDICES, ids=lambda index: type(index).__name__)
def test_an_embedding_looks_up_a_row_however_the_index_is_given(index):
    table = Embedding(5, 2)
    expected = table.weight[int(index.data if isinstance(index, Value) else index)]
    assert table(index) == expected
    assert table([index, (index,)]) == [expected, [expected]]


@pytest.mark.parametrize("indices", [[0, 4, 0], [[1, 2], [2, 2]], [[[3]]]])
def test_an_embedding_is_that_of_torch(indices):
    table = Embedding(5, 2)
    weight = torch.tensor(nested(table.weight, "data"), dtype=torch.float64, requires_grad=True)
    out, expected = table(indices), torch.nn.functional.embedding(torch.tensor(indices), weight)
    assert nested(out, "data") == expected.tolist()
    assert table(np.array(indices)) == table(torch.tensor(indices)) == out
    flat = [value for row in np.array(out, dtype=object).reshape(-1, 2).tolist() for value in row]
    sum(value * value for value in flat).backward()
    (expected * expected).sum().backward()
    np.testing.assert_allclose(nested(table.weight, "grad"), weight.grad.tolist(), **CLOSE)


def test_an_embedding_starts_from_normal_numbers():
    random.seed(1)
    table = Embedding(3, 2)
    random.seed(1)
    assert nested(table.weight, "data") == [[random.gauss(0, 1) for _ in range(2)] for _ in range(3)]
    assert [name for name, _ in table.named_parameters()][:3] == ["weight.0.0", "weight.0.1", "weight.1.0"]
    assert repr(table) == "Embedding(3, 2)"


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        (5, IndexError, "index from 0 to 4"),
        (-1, IndexError, "index from 0 to 4"),
        (Value(7.0), IndexError, "index from 0 to 4"),
        (0.5, ValueError, "whole number"),
        (NAN, ValueError, "whole number"),
        ("a", TypeError, "takes Values and real numbers"),
        (None, TypeError, "takes Values and real numbers"),
        ({0: 1}, TypeError, "takes Values and real numbers"),
    ],
)
def test_an_index_that_is_no_place_is_refused(index, error, message):
    for indices in (index, [0, [index]]):
        with pytest.raises(error, match=message):
            Embedding(5, 2)(indices)


def joined(rows):
    return [number for row in rows for number in row]


@pytest.mark.parametrize("compiled", [False, True])
def test_an_embedding_in_fit_learns_which_letter_follows(compiled):
    random.seed(4)
    model = Sequential(Embedding(4, 3), joined, Linear(6, 8), tanh, LayerNorm(8), Linear(8, 4))
    X, y = [[0, 1], [1, 2], [2, 3], [3, 0]], [2, 3, 0, 1]
    history = fit(model, cross_entropy, SGD(model.parameters(), lr=0.5), X, y, 40, 2, seed=0, progress=False,
                  jit=compiled)  # fmt: skip
    assert history.loss[-1] < 0.05 < history.loss[0]
    assert [max(range(4), key=model(x).__getitem__) for x in X] == y


def letters():
    random.seed(4)
    return Sequential(Embedding(4, 3), joined, RMSNorm(6), Linear(6, 8), relu, LayerNorm(8), Linear(8, 4, bias=False))


def test_what_an_embedding_learns_compiled_is_what_it_learns_eagerly():
    X, y = [[0, 1], [1, 2], [2, 3], [3, 0]], [2, 3, 0, 1]
    states = []
    for compiled in (False, True):
        model = letters()
        fit(model, cross_entropy, SGD(model.parameters(), lr=0.1, momentum=0.9), X, y, 10, 2, seed=0, progress=False,
            jit=compiled)  # fmt: skip
        states.append(list(model.state_dict().values()))
    np.testing.assert_allclose(*states, rtol=1e-9)


def test_a_sequential_applies_its_parts_in_order():
    assert Sequential(lambda x: [*x, 2.0], sum, math.sqrt)([2.0, 5.0]) == 3.0
    assert Sequential()("as it is") == "as it is"
    random.seed(1)
    first, second = Linear(2, 3), Linear(3, 1)
    model = Sequential(first, relu, second, softmax)
    assert [out.data for out in model([0.5, -1.0])] == [out.data for out in softmax(second(relu(first([0.5, -1.0]))))]


def test_a_sequential_is_a_row_of_its_parts():
    parts = [Linear(2, 3), relu, MLP(3, [1])]
    model = Sequential(*parts)
    assert model.layers == list(model) == parts
    assert len(model) == 3
    assert model[0] is model[-3] is parts[0]
    assert isinstance(model[1:], Sequential)
    assert list(model[1:]) == parts[1:]
    assert list(Sequential(*model[:1], *model[2:])) == [parts[0], parts[2]]
    assert len(Sequential()) == 0
    with pytest.raises(IndexError):
        model[3]
    assert repr(model) == "Sequential(Linear(2, 3), relu, MLP of [Layer of [LinearNeuron(3)]])"
    assert repr(Sequential(partial(leaky_relu, negative_slope=0.1))).startswith("Sequential(functools.partial(")


@pytest.mark.parametrize("part", [None, 1.0, "relu", [relu], Value(1.0)])
def test_a_part_that_cannot_be_called_is_refused(part):
    with pytest.raises(TypeError, match=r"Sequential takes Modules and functions, got .*; write Sequential\("):
        Sequential(relu, part)


def test_a_class_of_modules_is_no_part():
    with pytest.raises(TypeError, match=r"^Sequential takes Modules, got the class Linear; make one$"):
        Sequential(Linear(2, 3), Linear)
    assert type(Sequential(Linear(2, 1), tuple)([1.0, 2.0])) is tuple  # other classes are functions like any


class Noise(Module):
    def __call__(self, x):
        return [dropout(part, 0.5) if self.training else part for part in x]


def test_modules_in_a_sequential_are_part_of_the_model():
    shared = Linear(2, 2)
    model = Sequential(shared, Sequential(Noise(), relu), shared, LayerNorm(2))
    assert [type(module) for module in model.modules()] == [Sequential, Linear, Sequential, Noise, LayerNorm]
    assert len(model.parameters()) == 6 + 4
    assert {name.rpartition(".")[0] for name, _ in model.named_parameters()} == {
        "layers.0.weight.0", "layers.0.weight.1", "layers.0.bias", "layers.3.weight", "layers.3.bias",
    }  # fmt: skip
    model.eval()
    assert not any(module.training for module in model.modules())
    assert model([1.0, 2.0])[0].data == model([1.0, 2.0])[0].data
    copy = deepcopy(model)
    assert copy[0] is copy[2] is not shared
    assert copy[1][1] is relu
    assert pickle.loads(pickle.dumps(model)).state_dict() == model.state_dict()
