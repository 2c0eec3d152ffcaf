"""Models that go over to torch and come back: the same outputs, gradients and steps."""

import random
from functools import partial

import pytest
import torch
from torch import nn

from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    Embedding,
    Layer,
    LayerNorm,
    Linear,
    Module,
    Neuron,
    RMSNorm,
    RMSprop,
    Sequential,
    gelu,
    leaky_relu,
    log_softmax,
    mse_loss,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from micrograd.nn.interop import from_torch, to_torch
from micrograd.nn.tensors import values_of

EVERY = {function.__name__: function for function in (relu, tanh, sigmoid, leaky_relu, gelu, silu, softplus)}
EVERY |= {"softmax": softmax, "log_softmax": log_softmax}
EVERY |= {"leaky_relu of 0.3": partial(leaky_relu, negative_slope=0.3), "rough gelu": partial(gelu, approximate="tanh")}
CLOSE = {"rel": 1e-12, "abs": 1e-12}


def a_row(n):
    return [random.uniform(-2.0, 2.0) for _ in range(n)]


def networks():
    """Models of one row of two numbers."""
    random.seed(7)
    yield "neuron", Neuron(2)
    yield "layer", Layer(2, 3, nonlin="tanh")
    yield "network", MLP(2, [16, 16, 1])
    yield "network of gelu", MLP(2, [5, 3], nonlin=gelu)
    yield "network of lines", MLP(2, [5, 3], nonlin=False)
    yield "matrix", Linear(2, 3)
    yield "matrix without bias", Linear(2, 3, bias=False)
    yield "norms", Sequential(Linear(2, 4), LayerNorm(4), Linear(4, 3), RMSNorm(3))
    yield "nested", Sequential(MLP(2, [3, 3], nonlin="silu"), Sequential(relu, Sequential()), Linear(3, 2))
    for name, function in EVERY.items():
        yield name, Sequential(Linear(2, 4), function, Linear(4, 2))


NETWORKS = dict(networks())


def batch(model):
    """Some inputs, and targets of the size that the outputs have."""
    X = [a_row(2) for _ in range(6)]
    out = model(X[0])
    return X, [a_row(len(out) if isinstance(out, list) else 1) for _ in X]


def loss_here(model, X, Y):
    outs = [model(x) for x in X]
    return mse_loss([out if isinstance(out, list) else [out] for out in outs], Y)


def loss_there(net, X, Y):
    return nn.functional.mse_loss(net(torch.tensor(X, dtype=torch.float64)), torch.tensor(Y, dtype=torch.float64))


def numbers(model, of="data"):
    return {name: [getattr(v, of) for v in values_of(tensor)] for name, tensor in model.tensors().items()}


def assert_same(model, net, X, Y):
    """The same outputs, the same loss, the same gradients."""
    model.zero_grad()
    net.zero_grad()
    ours, theirs = loss_here(model, X, Y), loss_there(net, X, Y)
    ours.backward()
    theirs.backward()
    assert ours.data == pytest.approx(theirs.item(), **CLOSE)
    gradients = {name: p.grad.flatten().tolist() for name, p in net.named_parameters(remove_duplicate=False)}
    assert [*gradients] == [*model.tensors()]
    for name, expected in numbers(model, "grad").items():
        assert gradients[name] == pytest.approx(expected, **CLOSE)


def assert_same_numbers(model, net):
    assert [*net.state_dict()] == [*model.tensors()]
    for name, expected in numbers(model).items():
        assert net.state_dict()[name].flatten().tolist() == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("model", NETWORKS.values(), ids=NETWORKS)
def test_there_and_back_with_the_same_outputs_and_gradients(model):
    X, Y = batch(model)
    random_state, torch_state = random.getstate(), torch.get_rng_state()
    net = to_torch(model)
    back = from_torch(net)
    assert random.getstate() == random_state  # nothing is drawn
    assert torch.equal(torch.get_rng_state(), torch_state)

    assert all(parameter.dtype == torch.float64 for parameter in net.parameters())
    assert all(type(inner).__module__.startswith("torch.nn") for inner in net.modules())
    assert [*numbers(model).values()] == [parameter.flatten().tolist() for parameter in net.parameters()]
    assert numbers(back) == numbers(model)
    assert_same(model, net, X, Y)
    assert_same(back, net, X, Y)


OPTIMIZERS = {
    "sgd": (SGD, {"lr": 0.05}),
    "sgd with all": (SGD, {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1, "maximize": True}),
    "nesterov": (SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "adam": (Adam, {"lr": 0.05, "betas": (0.8, 0.99)}),
    "adam with all": (Adam, {"lr": 0.05, "eps": 1e-3, "weight_decay": 0.1, "amsgrad": True, "maximize": True}),
    "adamw": (AdamW, {"lr": 0.05}),
    "rmsprop": (RMSprop, {"lr": 0.05}),
    "rmsprop with all": (RMSprop, {"lr": 0.05, "momentum": 0.5, "centered": True, "weight_decay": 0.1, "alpha": 0.9}),
}


def step_here(model, optimizer, X, Y):
    optimizer.zero_grad()
    loss_here(model, X, Y).backward()
    optimizer.step()


def step_there(net, optimizer, X, Y):
    optimizer.zero_grad()
    loss_there(net, X, Y).backward()
    optimizer.step()


@pytest.mark.parametrize("steps", [0, 1, 4])
@pytest.mark.parametrize(("kind", "hyper"), OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_training_goes_on_on_either_side(kind, hyper, steps):
    random.seed(steps)
    model = MLP(2, [4, 1], nonlin="tanh")
    first, second = (layer.parameters() for layer in model.layers)
    optimizer = kind([{"params": second, "lr": 0.01}, {"params": first}], **hyper)
    X, Y = batch(model)
    for _ in range(steps):
        step_here(model, optimizer, X, Y)

    net, theirs = to_torch(model, optimizer=optimizer)
    assert type(theirs) is getattr(torch.optim, kind.__name__)
    for _ in range(10):
        step_here(model, optimizer, X, Y)
        step_there(net, theirs, X, Y)
    assert_same_numbers(model, net)

    back, ours = from_torch(net, optimizer=theirs)
    again, into = from_torch(net, optimizer=theirs, into=MLP(2, [4, 1], nonlin="tanh"))
    assert [group["lr"] for group in ours.param_groups] == [0.01, 0.05]
    for _ in range(10):
        step_there(net, theirs, X, Y)
        step_here(back, ours, X, Y)
        step_here(again, into, X, Y)
    assert_same_numbers(back, net)
    assert_same_numbers(again, net)


@pytest.mark.parametrize(("kind", "hyper"), OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_an_optimiser_of_torch_comes_over_as_it_is(kind, hyper):
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    random.seed(3)
    X, Y = [a_row(2) for _ in range(4)], [a_row(1) for _ in range(4)]
    theirs = getattr(torch.optim, kind.__name__)(net.parameters(), **hyper)
    for _ in range(3):
        step_there(net, theirs, X, Y)
    model, ours = from_torch(net, optimizer=theirs)
    for _ in range(10):
        step_there(net, theirs, X, Y)
        step_here(model, ours, X, Y)
    assert_same_numbers(model, net)


def test_groups_that_joined_later_and_schedules_go_on():
    model = MLP(2, [4, 1], nonlin="tanh")
    X, Y = batch(model)
    optimizer = Adam(model.layers[0].parameters(), lr=0.1)
    step_here(model, optimizer, X, Y)
    optimizer.add_param_group({"params": model.layers[1].parameters(), "lr": 0.05, "name": "head"})
    step_here(model, optimizer, X, Y)

    net, theirs = to_torch(model, optimizer=optimizer)
    assert [int(theirs.state[p]["step"]) for p in net.parameters()] == [2, 2, 1, 1]
    schedule = torch.optim.lr_scheduler.ExponentialLR(theirs, 0.5)
    step_there(net, theirs, X, Y)
    schedule.step()
    _, ours = from_torch(net, optimizer=theirs)
    assert [ours.t - group["since"] for group in ours.param_groups] == [3, 2]
    assert [group["lr"] for group in ours.param_groups] == [0.05, 0.025]


def test_rates_may_be_tensors():
    net = nn.Linear(1, 1)
    _, ours = from_torch(net, optimizer=torch.optim.SGD(net.parameters(), lr=torch.tensor(0.5)))
    assert ours.lr == 0.5


def test_letters():
    random.seed(1)
    model = Embedding(5, 3)
    net = to_torch(model)
    assert net(torch.tensor([4, 0])).tolist() == [[v.data for v in row] for row in model([4, 0])]
    assert numbers(from_torch(net)) == numbers(model)
    deep = Sequential(Embedding(5, 3), LayerNorm(3), Linear(3, 2))
    expected = to_torch(deep)(torch.tensor([1, 2])).flatten().tolist()
    assert [out.data for i in (1, 2) for out in deep(i)] == pytest.approx(expected, **CLOSE)


def test_modes_and_dropout():
    model = MLP(2, [4, 4, 1], nonlin="tanh", dropout=0.25)
    net = to_torch(model)
    assert [type(part).__name__ for part in net] == [*["Linear", "Tanh", "Dropout"] * 2, "Linear"]
    assert net[2].p == 0.25
    assert all(part.training for part in net.modules())
    assert not any(part.training for part in to_torch(model.eval()).modules())

    model.layers[0].train()
    net = to_torch(model)
    assert [part.training for part in net] == [True, False, True, False, False, False, False]
    back = from_torch(net)
    assert [part.training for part in back if isinstance(part, Module)] == [True, True, False, False, False]
    assert not back.training
    assert back[2].p == 0.25


def test_what_is_frozen_stays_frozen():
    model = MLP(2, [4, 1])
    model.layers[0].requires_grad_(False)
    net, theirs = to_torch(model, optimizer=SGD(model.parameters(), lr=0.1))
    assert [parameter.requires_grad for parameter in net.parameters()] == [False, False, True, True]
    assert len(theirs.param_groups[0]["params"]) == 2
    back = from_torch(net)
    assert [part.requires_grad for part in back if isinstance(part, Module)] == [False, True]
    assert len(back.parameters()) == 5

    all_of_it = torch.optim.Adam(net.parameters())
    X, Y = batch(model)
    step_there(net, all_of_it, X, Y)
    back, ours = from_torch(net, optimizer=all_of_it)
    assert set(ours.params) == set(back.parameters())


def test_what_is_shared_stays_shared():
    linear = Linear(2, 2)
    model = Sequential(linear, tanh, Linear(2, 2), tanh, linear)
    model[2].weight = linear.weight
    net = to_torch(model)
    assert net[0].weight is net[2].weight is net[4].weight
    assert net[0].bias is net[4].bias is not net[2].bias
    X, Y = batch(model)
    assert_same(model, net, X, Y)

    back = from_torch(net)
    assert back[0].weight == back[2].weight == back[4].weight
    assert len(back.parameters()) == 8
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    net, theirs = to_torch(model, optimizer=optimizer)
    step_here(model, optimizer, X, Y)
    step_there(net, theirs, X, Y)
    back, ours = from_torch(net, optimizer=theirs)
    step_here(model, optimizer, X, Y)
    step_here(back, ours, X, Y)
    for name, expected in numbers(model).items():
        assert numbers(back)[name] == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_numbers_of_any_size_come_over_exactly(dtype):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)).to(dtype)
    model = from_torch(net)
    for name, expected in net.double().state_dict().items():
        assert numbers(model)[name] == expected.flatten().tolist()


def test_a_norm_of_torch_without_an_eps_is_that_of_float64():
    model = from_torch(nn.RMSNorm(2).double())
    x = [1e-9, 2e-9]
    expected = nn.RMSNorm(2).double()(torch.tensor(x, dtype=torch.float64)).tolist()
    assert [out.data for out in model(x)] == pytest.approx(expected, rel=1e-12)


def test_a_function_alone():
    assert isinstance(to_torch(tanh), nn.Tanh)
    assert [out.data for out in from_torch(nn.Tanh())([Value(0.5)])] == [Value(0.5).tanh().data]
    assert from_torch(nn.Identity())(3.0) == 3.0
    assert from_torch(nn.Sequential())(3.0) == 3.0


def test_names_of_parts_become_places():
    net = nn.Sequential()
    net.add_module("first", nn.Linear(2, 3))
    net.add_module("second", nn.ReLU())
    assert [*from_torch(net).tensors()] == ["0.weight", "0.bias"]
