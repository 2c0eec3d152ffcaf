"""Models, nets and optimisers that have no counterpart on the other side are refused by name."""

import pytest
import torch
from torch import nn

from micrograd.engine import Value
from micrograd.nn import MLP, SGD, Linear, Module, Neuron, Sequential
from micrograd.nn.interop import from_torch, to_torch
from micrograd.nn.tensors import values_of


def numbers(model):
    return {name: [value.data for value in values_of(tensor)] for name, tensor in model.tensors().items()}


def changed(net, **attributes):
    for name, value in attributes.items():
        setattr(net, name, value)
    return net


def with_hook(net):
    net.register_forward_hook(lambda *_: None)
    return net


def with_gradient_hook(net):
    net.weight.register_hook(lambda g: g * 2)
    return net


def with_buffer(net):
    net.register_buffer("more", torch.zeros(2))
    return net


def with_parameter(net):
    net.register_parameter("more", nn.Parameter(torch.zeros(2)))
    return net


def frozen_in_part(net):
    net.bias.requires_grad_(False)
    return net


def over_each_other():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = nn.Parameter(net[0].weight.data.T)
    return net


class MyLinear(nn.Linear):
    pass


REFUSED_THERE = {
    "another kind": (nn.Sequential(nn.ReLU(), nn.Sequential(nn.Conv2d(1, 1, 1))), "1.0: Conv2d has no counterpart"),
    "statistics": (nn.BatchNorm1d(2), "BatchNorm1d has no counterpart"),
    "a subclass": (MyLinear(1, 1), "MyLinear has no counterpart"),
    "a compiled net": (torch.compile(nn.Linear(1, 1), backend="eager"), "OptimizedModule has no counterpart"),
    "another dimension": (nn.Softmax(dim=1), r"Softmax has dim=1, and softmax only knows dim=-1"),
    "another softplus": (nn.Softplus(beta=2.0), r"Softplus has beta=2.0, and softplus only knows beta=1.0"),
    "two dimensions": (nn.LayerNorm([2, 3]), "LayerNorm normalises 2 dimensions at once"),
    "no weights": (nn.LayerNorm(2, elementwise_affine=False), "LayerNorm has no weight"),
    "no bias": (nn.LayerNorm(2, bias=False), "LayerNorm has no bias"),
    "padding": (nn.Embedding(3, 2, padding_idx=0), "Embedding has padding_idx=0, where only None"),
    "sparse rows": (nn.Embedding(3, 2, sparse=True), "Embedding has sparse=True, where only False"),
    "a hook": (nn.Sequential(with_hook(nn.ReLU())), "0: ReLU has hooks, _forward_hooks"),
    "a hook on a gradient": (with_gradient_hook(nn.Linear(1, 1)), "Linear has a hook on a parameter, _backward_hooks"),
    "a buffer": (with_buffer(nn.Linear(1, 1)), "Linear has more than its class says: more"),
    "a parameter": (with_parameter(nn.Sequential()), "Sequential has more than its class says: more"),
    "a part": (changed(nn.Linear(1, 1), more=nn.ReLU()), "Linear has more than its class says: more"),
    "its own forward": (changed(nn.Linear(1, 1), forward=lambda x: x), "Linear has more than its class says: forw"),
    "an activation's own forward": (changed(nn.Tanh(), forward=lambda x: x), "Tanh has forward="),
    "a parametrization": (
        nn.utils.parametrizations.weight_norm(nn.Linear(1, 1)),
        "ParametrizedLinear has no counterpart",
    ),
    "a spectral norm": (nn.utils.spectral_norm(nn.Linear(2, 2)), "Linear has hooks, _forward_pre_hooks"),
    "frozen in part": (frozen_in_part(nn.Linear(1, 1)), "Linear is frozen in part"),
    "complex numbers": (nn.Linear(1, 1, dtype=torch.complex64), "Linear has a parameter of torch.complex64"),
    "no numbers": (nn.Linear(1, 1, device="meta"), "Linear has a parameter of torch.float32 on meta"),
    "nothing in it": (nn.Sequential(nn.RMSNorm(0)), "0: RMSNorm has a parameter without numbers"),
    "memory used twice": (over_each_other(), "0.weight and 1.weight share memory"),
}


@pytest.mark.parametrize(("net", "message"), REFUSED_THERE.values(), ids=REFUSED_THERE)
def test_nets_without_a_counterpart_are_refused_by_name(net, message):
    with pytest.raises(ValueError, match=message):
        from_torch(net)


def test_what_is_no_net_is_refused():
    with pytest.raises(TypeError, match=r"from_torch takes a torch\.nn\.Module, got Linear\(1, 1\) \(Linear\)"):
        from_torch(Linear(1, 1))


class Tied(Module):
    def __init__(self):
        self.first, self.second = Linear(2, 2), Linear(2, 2)
        self.second.weight = self.first.weight


class Shouting(MLP):
    def __call__(self, x):
        return super().__call__(x) * 2


class Loud(Neuron):
    def __call__(self, x):
        return super().__call__(x) * 2


class Quiet(MLP):
    """Does what an MLP does."""


class Wider(MLP):
    def __init__(self):
        super().__init__(1, [1])
        self.more = Value(1.0)


def loud_network():
    model = MLP(2, [2, 1])
    model.layers[0].neurons[1] = Loud(2)
    return model


def mixed_network(**attributes):
    model = MLP(2, [2, 1])
    for name, value in attributes.items():
        setattr(model.layers[0].neurons[0], name, value)
    return model


def overlapping():
    model = Sequential(Linear(2, 2), Linear(2, 2))
    model[1].weight = [model[0].weight[1], model[0].weight[0]]
    return model


def half_frozen():
    model = MLP(2, [2, 1])
    model.layers[0].neurons[0].requires_grad_(False)
    return model


REFUSED_HERE = {
    "an own call": (Shouting(2, [1]), "to_torch: Shouting has no counterpart in PyTorch; with an example"),
    "an own neuron": (loud_network(), "MLP has no counterpart"),
    "different activations": (mixed_network(nonlin="tanh"), "1: each_its_own has no counterpart"),
    "different dropouts": (mixed_network(dropout=0.5), "2: each_its_own has no counterpart"),
    "a function": (Sequential(Linear(1, 1), lambda x: x), "1: <lambda> has no counterpart"),
    "an own activation": (MLP(1, [1, 1], nonlin=lambda v: v.sin()), "1: each_its_own has no counterpart"),
    "an own module": (Tied(), "Tied has no counterpart"),
    "another parameter": (Wider(), "Wider has other parameters than its counterpart in PyTorch, more"),
    "rows shared in another order": (overlapping(), "1.weight and 0.weight share Values, but are not the same tensor"),
    "half of it frozen": (half_frozen(), "0.weight is frozen in part"),
}


@pytest.mark.parametrize(("model", "message"), REFUSED_HERE.values(), ids=REFUSED_HERE)
def test_models_without_a_counterpart_are_refused_by_name(model, message):
    with pytest.raises(ValueError, match=message):
        to_torch(model)


def test_subclasses_that_do_the_same_go_over():
    model = Quiet(2, [3, 1])
    x = [0.5, -1.0]
    assert to_torch(model)(torch.tensor(x, dtype=torch.float64)).item() == pytest.approx(model(x).data, rel=1e-12)


class OwnSGD(SGD):
    pass


def replaced(optimizer):
    optimizer.rule = lambda p, g, state, **_: (p, state)
    return optimizer


def before_freezing(model):
    optimizer = SGD(model.parameters())
    model.layers[0].requires_grad_(False)
    return optimizer


OPTIMIZERS_REFUSED_HERE = {
    "another kind": (lambda model: OwnSGD(model.parameters()), "OwnSGD has no counterpart; SGD, Adam, AdamW, RMSprop"),
    "an own rule": (lambda model: replaced(SGD(model.parameters())), "this SGD has rule of its own"),
    "half a tensor": (lambda model: SGD(model.parameters()[:1]), "group 0 of the optimizer trains a part of 0"),
    "another model": (
        lambda model: SGD(MLP(1, [1]).parameters()),
        "group 0 of the optimizer trains Values that are not",
    ),
    "what is frozen": (before_freezing, "group 0 of the optimizer trains 0.weight, which is frozen"),
}


@pytest.mark.parametrize(("make", "message"), OPTIMIZERS_REFUSED_HERE.values(), ids=OPTIMIZERS_REFUSED_HERE)
def test_optimisers_without_a_counterpart_are_refused_by_name(make, message):
    model = MLP(2, [2, 1])
    with pytest.raises(ValueError, match=message):
        to_torch(model, optimizer=make(model))


def uneven(net):
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    net[0].weight.grad = None
    optimizer.step()
    return optimizer


def with_step_hook(optimizer):
    optimizer.register_step_pre_hook(lambda *_: None)
    return optimizer


OPTIMIZERS_REFUSED_THERE = {
    "another kind": (lambda net: torch.optim.Adagrad(net.parameters()), "Adagrad has no counterpart"),
    "another net": (
        lambda net: torch.optim.SGD(nn.Linear(1, 1).parameters()),
        "group 0 of the optimizer trains parameters that",
    ),
    "a decay of the other kind": (
        lambda net: torch.optim.Adam(net.parameters(), decoupled_weight_decay=True),
        "group 0 of the optimizer has the weight decay of another kind",
    ),
    "uneven steps": (uneven, "group 0 of the optimizer took 1, 2 steps"),
    "a hook": (
        lambda net: with_step_hook(torch.optim.SGD(net.parameters())),
        "this SGD has _optimizer_step_pre_hooks of its own",
    ),
}


@pytest.mark.parametrize(("make", "message"), OPTIMIZERS_REFUSED_THERE.values(), ids=OPTIMIZERS_REFUSED_THERE)
def test_optimisers_of_torch_without_a_counterpart_are_refused_by_name(make, message):
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    model = Sequential(Linear(2, 2), Linear(2, 1))
    before = numbers(model)
    for into in (None, model):
        with pytest.raises(ValueError, match=message):
            from_torch(net, optimizer=make(net), into=into)
    assert numbers(model) == before


class Own(Module):
    def __init__(self):
        self.scale = Value(2.0)
        self.inner = MLP(2, [3, 1])

    def __call__(self, x):
        return self.scale * self.inner(x)


class OwnThere(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(3.0))
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))


def test_numbers_go_into_a_model_of_ones_own():
    model, net = Own(), OwnThere()
    assert from_torch(net, into=model) is model
    assert model.scale.data == 3.0
    assert numbers(model) == {name: p.flatten().tolist() for name, p in net.double().named_parameters()}


def norm_there():
    net = OwnThere()
    net.norm = nn.BatchNorm1d(2)
    return net


def tied_there():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    return net


NOT_FITTING = {
    "another model's": (
        Own,
        nn.Linear(2, 1),
        "Own cannot .* missing: scale, inner.0.weight.*; unexpected: weight, bias",
    ),
    "another shape": (lambda: Linear(2, 1), nn.Linear(3, 1), r"of another shape: weight is \(1, 3\), not \(1, 2\)"),
    "buffers": (Own, norm_there(), "unexpected: norm.num_batches_tracked, norm.running_mean"),
    "shared there": (
        lambda: Sequential(Linear(2, 2), Linear(2, 2)),
        tied_there(),
        "1.weight is shared with another tensor on one side only",
    ),
    "shared here": (
        lambda: Sequential(*[Linear(2, 2)] * 2),
        nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)),
        "1.weight, 1.bias is shared with another tensor on one side only",
    ),
    "no numbers": (lambda: Linear(2, 1), nn.Linear(2, 1, device="meta"), "on meta"),
}


@pytest.mark.parametrize(("make", "net", "message"), NOT_FITTING.values(), ids=NOT_FITTING)
def test_nets_that_do_not_fit_into_a_model_are_refused(make, net, message):
    model = make()
    before = numbers(model)
    with pytest.raises(ValueError, match=message):
        from_torch(net, into=model)
    assert numbers(model) == before
