"""Freezing parts of a model, beside torch's `requires_grad_`."""

import pickle
import random
import warnings
from copy import deepcopy
from functools import partial

import numpy as np
import pytest
import torch

from micrograd.engine import Value
from micrograd.nn import MLP, SGD, Adam, Linear, Module, Sequential, fit, mse_loss, tanh

tensor = partial(torch.tensor, dtype=torch.float64)
X = [[0.5, -1.0], [2.0, 0.3], [-0.4, 0.7], [0.0, 0.1]]
Y = [[0.1], [0.5], [1.0], [0.0]]


class Holder(Module):
    """A module with whatever attributes a test gives it."""

    def __init__(self, **attributes):
        vars(self).update(attributes)


def model():
    random.seed(1)
    return Sequential(Linear(2, 3), tanh, Linear(3, 1))


def names(module):
    """The names of the parameters to be trained."""
    left = set(module.parameters())
    return [name for name, parameter in module.named_parameters() if parameter in left]


def test_what_is_frozen_is_no_parameter_but_keeps_its_name_and_state():
    net = model()
    everything, state = net.named_parameters(), net.state_dict()
    assert net[0].requires_grad_(False) is net[0]
    assert net.parameters() == net[2].parameters()
    assert net[0].parameters() == []
    assert net.named_parameters() == everything
    assert net.state_dict() == state
    net.load_state_dict(dict.fromkeys(state, 1.0))
    assert net[0].weight[0][0].data == 1.0
    assert net.train() is net.eval()
    assert [module.requires_grad for module in net.modules()] == [True, False, True]
    net.requires_grad_()
    assert net.named_parameters() == everything
    assert len(net.parameters()) == len(everything)


def test_all_modules_inside_are_frozen_and_thawed_together():
    net = MLP(2, [3, 2])
    net.requires_grad_(False)
    assert net.parameters() == []
    assert not any(module.requires_grad for module in net.modules())
    net.layers[1].neurons[0].requires_grad_()
    assert net.parameters() == net.layers[1].neurons[0].parameters() != []
    net.requires_grad_(True)
    assert len(net.parameters()) == 17


def test_the_attribute_speaks_of_what_a_module_itself_holds():
    v, w, x = Value(1.0), Value(2.0), Value(3.0)
    outer = Holder(v=v, many=[w, {"x": x}], inner=Linear(1, 1))
    outer.requires_grad = False
    assert names(outer) == ["inner.weight.0.0", "inner.bias.0"]


@pytest.mark.parametrize("frozen", ["first", "second"])
def test_what_is_shared_is_frozen_if_one_of_its_holders_is(frozen):
    v, w = Value(1.0), Value(2.0)
    net = Holder(first=Holder(v=v, w=w), second=Holder(again=v))
    getattr(net, frozen).requires_grad_(False)
    tied = torch.nn.Parameter(torch.ones(1))
    theirs = torch.nn.ModuleDict({"first": torch.nn.Module(), "second": torch.nn.Module()})
    theirs["first"].v = theirs["second"].again = tied
    theirs[frozen].requires_grad_(False)
    assert not tied.requires_grad
    assert v not in net.parameters()
    assert (w in net.parameters()) == (frozen == "second")


class Own(Module):
    """Says itself what its parameters are, and keeps one where discovery does not look."""

    def __init__(self):
        self.v, self._w, self.inner = Value(1.0), Value(2.0), Linear(1, 1)

    def parameters(self):
        return [self.v, self._w, *self.inner.parameters()]


def test_parameters_of_an_own_method_can_be_frozen_where_they_are_contained():
    net = Holder(own=Own(), x=Value(3.0))
    assert len(net.parameters()) == 5
    net.own.inner.requires_grad_(False)
    assert net.parameters() == [net.own.v, net.own._w, net.x]
    assert net.own.parameters() == [net.own.v, net.own._w]
    net.own.requires_grad_(False)
    assert net.parameters() == [net.x]
    net.requires_grad_()
    assert len(net.parameters()) == 5


def test_copies_and_pickles_are_frozen_too():
    net = model()
    net[0].requires_grad_(False)
    for copy in (deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert names(copy) == names(net) == ["layers.2.weight.0.0", "layers.2.weight.0.1", "layers.2.weight.0.2",
                                             "layers.2.bias.0"]  # fmt: skip
        assert len(copy[0].requires_grad_().parameters()) == 9
    assert net[0].parameters() == []


def test_nothing_frozen_is_taken_for_forgotten():
    net = Holder(part=Linear(2, 2), v=Value(1.0))
    net.requires_grad_(False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert net.parameters() == []


def test_a_gradient_from_the_frozen_time_is_gone_when_it_is_over():
    net = model()
    net[0].requires_grad_(False)
    net(X[0])[0].backward()
    assert net[0].bias[0].grad != 0.0
    net.requires_grad_()
    assert [parameter.grad for parameter in net[0].parameters()] == [0.0] * 9
    assert net[2].bias[0].grad == 1.0


@pytest.mark.parametrize("wrong", ["no", None, 2])
def test_frozen_is_true_or_false(wrong):
    net = model()
    with pytest.raises(ValueError, match="requires_grad_: requires_grad must be True or False, got"):
        net.requires_grad_(wrong)
    assert len(net.parameters()) == 13


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("frozen", [0, 2])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda ps: SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.1),
         lambda ps: torch.optim.SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.1)),
        (lambda ps: Adam(ps, lr=0.1), lambda ps: torch.optim.Adam(ps, lr=0.1)),
    ],
    ids=["SGD", "Adam"],
)  # fmt: skip
def test_training_around_what_is_frozen_is_that_of_torch(ours, theirs, frozen, jit):
    net = model()
    double = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)).double()
    with torch.no_grad():
        for i in (0, 2):
            double[i].weight[:] = tensor([[w.data for w in row] for row in net[i].weight])
            double[i].bias[:] = tensor([b.data for b in net[i].bias])
    net[frozen].requires_grad_(False)
    double[frozen].requires_grad_(False)
    before = net[frozen].state_dict()
    fit(net, mse_loss, ours(net.parameters()), X, Y, 10, progress=False, jit=jit)
    optimizer = theirs(double.parameters())
    for _ in range(10):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(double(tensor(X)), tensor(Y)).backward()
        optimizer.step()
    for i in (0, 2):
        np.testing.assert_allclose(
            [[w.data for w in row] for row in net[i].weight], double[i].weight.detach().numpy(), rtol=1e-9
        )
        np.testing.assert_allclose([b.data for b in net[i].bias], double[i].bias.detach().numpy(), rtol=1e-9)
    assert net[frozen].state_dict() == before
    assert net[2 - frozen].state_dict() != model()[2 - frozen].state_dict()


@pytest.mark.parametrize("jit", [False, True])
def test_fit_refuses_an_optimizer_that_was_made_before(jit):
    net = model()
    optimizer = SGD(net.parameters(), lr=0.1)
    net[2].requires_grad_(False)
    before = net.state_dict()
    message = r"would train what requires_grad_\(False\) has frozen: layers\.2\.weight\.0\.0, .*; make the optimizer"
    with pytest.raises(ValueError, match=message):
        fit(net, mse_loss, optimizer, X, Y, 2, progress=False, jit=jit)
    assert net.state_dict() == before
    assert optimizer.t == 0
    net.requires_grad_()
    assert len(fit(net, mse_loss, optimizer, X, Y, 2, progress=False, jit=jit).loss) == 2


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("hook", ["on_fit_begin", "on_epoch_end"])
def test_fit_refuses_to_go_on_when_a_callback_has_frozen_what_it_trains(hook, jit):
    net = model()

    class Freezing:
        pass

    setattr(Freezing, hook, lambda self, state: state.model[0].requires_grad_(False))
    optimizer = SGD(net.parameters(), lr=0.1)
    with pytest.raises(ValueError, match=r"has frozen: layers\.0\.weight"):
        fit(net, mse_loss, optimizer, X, Y, 5, 2, progress=False, jit=jit, callbacks=[Freezing()])
    assert optimizer.t == (0 if hook == "on_fit_begin" else 2)


def test_fit_trains_functions_of_which_it_does_not_know_the_modules():
    net = model()
    optimizer = SGD(net.parameters(), lr=0.1)
    net.requires_grad_(False)
    before = net.state_dict()
    fit(lambda x: net(x), mse_loss, optimizer, X, Y, 1, progress=False)
    assert net.state_dict() != before
