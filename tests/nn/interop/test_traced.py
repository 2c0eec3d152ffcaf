"""Functions and Modules of one's own that go over to torch as what they compute."""

import copy
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import traced_functions
from micrograd.engine import Value, define, grad, ops, where
from micrograd.engine.jit import TracingError, jit
from micrograd.engine.jit.arrays import Traced
from micrograd.nn import MLP, SGD, Adam, Embedding, Linear, Module, Sequential, mse_loss
from micrograd.nn.interop import from_torch, to_torch
from micrograd.nn.tensors import values_of

CLOSE = {"rtol": 1e-12, "atol": 1e-13}


def tensors(arrays, **options):
    """Arguments of a compiled function as tensors."""
    if isinstance(arrays, dict):
        return {key: tensors(part, **options) for key, part in arrays.items()}
    if isinstance(arrays, tuple):
        return tuple(tensors(part, **options) for part in arrays)
    return torch.tensor(np.array(arrays), dtype=torch.float64, **options)


def check(f, arrays):
    """The same results and the same gradients as machine code."""
    net = to_torch(f, *arrays)
    results = net(*tensors(arrays))
    compiled = jit(f)
    losses, gradient = compiled.value_and_grad(*arrays)
    np.testing.assert_allclose(results.detach().numpy(), losses, **CLOSE)
    results.mean().backward()
    expected = dict(zip(compiled.leaves, gradient, strict=True))
    found = np.concatenate([parameter.grad.flatten().numpy() for parameter in net.parameters()] or [[]])
    np.testing.assert_allclose(found, [expected.get(leaf, 0.0) for leaf in Traced(f, arrays).leaves], **CLOSE)


@pytest.mark.parametrize("name", traced_functions.MAKERS)
def test_results_and_gradients(name):
    check(*traced_functions.make(name))


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_programs_of_any_kind(seed):
    leaves = [Value(random.Random(seed).uniform(-1, 1)) for _ in range(4)]

    def f(x):
        draw = random.Random(seed)
        known = [*x, *leaves]
        for _ in range(draw.randint(1, 40)):
            a, b = draw.choice(known), draw.choice(known[-8:])
            known.append(draw.choice([a + b, a * b, a - b, a.tanh(), a * 0.5, 1.0 - b, a.relu() + b, a.minimum(b)]))
        return sum(known[-draw.randint(1, 12) :], known[0] + leaves[0]).tanh()

    check(f, ([[0.5, -0.25, 2.0], [1.5, 0.0, -0.75]],))


def test_gradients_of_arguments_and_of_gradients():
    w = Value(0.7)

    def f(x):
        return (w * x[0]).sin() * x[1] + x[0] * x[1].exp()

    net = to_torch(f, [[0.0, 0.0]])
    x = torch.tensor([[0.5, -1.0], [2.0, 0.3]], dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), x)
    for sample, of_first, of_second in zip(x.tolist(), first.tolist(), second.tolist(), strict=True):
        values = [Value(number) for number in sample]
        gradients = grad(f(values), values)
        assert [g.data for g in gradients] == pytest.approx(of_first, rel=1e-12)
        again = grad(sum(g * g for g in gradients), values)
        assert [g.data for g in again] == pytest.approx(of_second, rel=1e-12)
    assert torch.autograd.gradcheck(net, x)
    assert torch.autograd.gradgradcheck(net, x)


def test_gradients_are_those_of_the_rules():
    straight = define("straight_through", lambda a: ops.sign(a), lambda g, out, a: (g,))
    w = Value(-2.0)
    net = to_torch(lambda x: straight(w * x) * x.detach())
    x = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
    net(x).backward()
    assert (net(x).item(), x.grad.item(), net.w.grad.item()) == (-3.0, -6.0, 9.0)


def test_no_gradient_comes_from_a_branch_that_is_not_taken():
    net = to_torch(lambda x: where(x > 0.0, x.log(), x * 2.0))
    x = torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64, requires_grad=True)
    net(x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 0.5]


class Own(Module):
    """A model whose parts are none that torch knows, with a tensor at two places."""

    def __init__(self):
        self.inner = MLP(2, [3, 2], nonlin="tanh")
        self.scale = [Value(0.5), Value(-0.25)]
        self.head = [Linear(2, 2, bias=False), Linear(2, 2)]
        self.head[1].weight = self.head[0].weight
        self._shift = Value(0.125)

    def __call__(self, x):
        hidden = [a + s * b + self._shift for a, s, b in zip(x, self.scale, self.inner(x), strict=True)]
        return self.head[1](self.head[0](hidden))


def numbers(model):
    return {name: [value.data for value in values_of(tensor)] for name, tensor in model.tensors().items()}


def test_an_own_module_has_its_names_and_comes_back():
    random.seed(1)
    model = Own()
    net = to_torch(model, [[0.0, 0.0]])
    state = net.state_dict()
    assert {name: tensor.flatten().tolist() for name, tensor in state.items()} == numbers(model)
    assert [*state] == [*model.tensors()]
    assert net.head.get_parameter("0.weight") is net.head.get_parameter("1.weight")
    fresh = Own()
    from_torch(net, into=fresh)
    assert numbers(fresh) == numbers(model)
    assert net(torch.zeros(5, 2, dtype=torch.float64)).shape == (5, 2)
    copied = copy.deepcopy(net)
    copied.load_state_dict(to_torch(Own(), [[0.0, 0.0]]).state_dict())


@pytest.mark.parametrize("make", [lambda p: SGD(p, lr=0.05, momentum=0.9), lambda p: Adam(p, lr=0.05)])
def test_the_training_of_an_own_module_goes_on(make):
    random.seed(2)
    model = Own()
    model.inner.layers[0].requires_grad_(False)
    optimizer = make(model.parameters())
    X, Y = [[0.5, -1.0], [2.0, 0.3]], [[1.0, 0.0], [-0.5, 2.0]]

    def step():
        optimizer.zero_grad()
        mse_loss([model(x) for x in X], Y).backward()
        optimizer.step()

    step()
    net, theirs = to_torch(model, [[0.0, 0.0]], optimizer=optimizer)
    for _ in range(10):
        step()
        theirs.zero_grad()
        nn.functional.mse_loss(net(tensors(X)), tensors(Y)).backward()
        theirs.step()
    for name, expected in numbers(model).items():
        assert net.state_dict()[name].flatten().tolist() == pytest.approx(expected, rel=1e-12)
    _, ours = from_torch(net, optimizer=theirs, into=model)
    assert {*ours.params} == {*optimizer.params}


def test_a_compiled_model_is_that_model():
    model = Own()
    model.head[1].requires_grad_(False)
    net = to_torch(jit(model), [[0.0, 0.0]])
    assert [*net.state_dict()] == [*model.tensors()]
    frozen = [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    assert frozen == ["head.0.weight", "head.1.bias"]  # of which the first is shared


def test_a_batch_may_be_empty():
    assert to_torch(Own(), [[0.0, 0.0]])(torch.zeros(0, 2, dtype=torch.float64)).shape == (0, 2)


def test_letters():
    model = Sequential(Embedding(5, 2), lambda rows: [*rows[0], *rows[1]], Linear(4, 3))
    net = to_torch(model, [[0, 1]])
    assert [*net.state_dict()] == ["0.weight", "2.weight", "2.bias"]
    rows = net(torch.tensor([[4, 0], [2, 2]]))
    expected = [[out.data for out in model(pair)] for pair in ([4, 0], [2, 2])]
    np.testing.assert_allclose(rows.detach().numpy(), expected, **CLOSE)
    assert net(torch.tensor([[5, 0]])).isnan().all()  # there is no such row


def test_results_have_their_structure():
    net = to_torch(lambda x: {"sum": x[0] + x[1], "both": (x[0], (x[1], 2.0 * x[0]))}, [[0.0, 0.0]])
    out = net(tensors([[1.0, 2.0], [3.0, 4.0]]))
    assert out["sum"].tolist() == [3.0, 7.0]
    assert out["both"][1].tolist() == [[2.0, 2.0], [4.0, 6.0]]  # as in a compiled function, equal parts are an array


def test_arguments_may_be_whole_numbers():
    net = to_torch(lambda x, y: x * 0.1 + y)
    assert net(torch.tensor([1, 3]), torch.tensor([0, 1])).tolist() == [0.1, 3 * 0.1 + 1]


OF_DYNAMO = pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")  # which does it itself


@OF_DYNAMO
@pytest.mark.parametrize("name", ["nested", "choices"])
def test_it_compiles_as_a_whole(name):
    f, arrays = traced_functions.make(name)
    net = to_torch(f, *arrays)
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True)
    results = compiled(*tensors(arrays))
    results.sum().backward()
    gradients = [parameter.grad.clone() for parameter in net.parameters()]
    net.zero_grad()
    again = net(*tensors(arrays))
    again.sum().backward()
    assert torch.equal(results, again)
    assert all(torch.equal(a, b.grad) for a, b in zip(gradients, net.parameters(), strict=True))


@OF_DYNAMO
@pytest.mark.parametrize("strict", [True, False])
def test_it_is_exported_with_any_number_of_samples(strict):
    f, arrays = traced_functions.make("hinge")
    net = to_torch(f, *arrays)
    batch = torch.export.Dim("batch")
    shapes = {"args": tuple({0: batch} for _ in arrays)}
    exported = torch.export.export(net, tensors(arrays), dynamic_shapes=shapes, strict=strict)
    many = tuple(tensor.repeat(3, *[1] * (tensor.dim() - 1)) for tensor in tensors(arrays))
    assert torch.equal(exported.module()(*many), net(*many))


class Noisy(Module):
    def __init__(self):
        self.inner = MLP(1, [2, 1], dropout=0.5)

    def __call__(self, x):
        return self.inner(x) * 2


def test_dropout_is_refused_in_training_mode():
    model = Noisy()
    with pytest.raises(ValueError, match=r"Noisy draws random numbers, .* call eval\(\) on the model first"):
        to_torch(model, [[0.0]])
    net = to_torch(model.eval(), [[0.0]])
    assert not net.training
    assert [*net.state_dict()] == ["inner.0.weight", "inner.0.bias", "inner.3.weight", "inner.3.bias"]


def test_what_cannot_be_traced_is_refused():
    with pytest.raises(TracingError):
        to_torch(lambda x: x if x.data > 0 else -x, [0.0])
    with pytest.raises(TypeError, match="give an example"):
        to_torch(lambda x: x[0])
    forward = Value(1.0, label="forward")
    with pytest.raises(ValueError, match="PyTorch cannot have parameters of all these names: forward"):
        to_torch(lambda x: forward * x)


def test_arguments_that_do_not_fit_are_refused():
    net = to_torch(lambda x, y: x[0] + y, [[0.0, 0.0]], [0.0])
    with pytest.raises(ValueError, match=r"must have the shape \('batch', 2\), got \(3, 4\)"):
        net(torch.zeros(3, 4), torch.zeros(3))
    with pytest.raises(ValueError, match=r"must have the shape \('batch',\), got \(\)"):
        net(torch.zeros(3, 2), torch.tensor(0.0))
    with pytest.raises(TypeError, match="takes 2 arguments, got 1"):
        net(torch.zeros(3, 2))


def test_what_a_model_froze_stays_frozen_in_a_function_of_it():
    model = MLP(2, [3, 1])
    model.layers[0].requires_grad_(False)
    net = to_torch(lambda x, y: (model(x) - y) ** 2, [[0.0, 0.0]], [0.0])
    trained = {name: parameter.requires_grad for name, parameter in net.named_parameters()}
    assert trained == {"model.0.weight": False, "model.0.bias": False, "model.2.weight": True, "model.2.bias": True}
