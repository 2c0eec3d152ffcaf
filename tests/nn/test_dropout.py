"""Inverted dropout."""

import math
import random

import pytest
import torch

from micrograd.engine import Value
from micrograd.nn import MLP, Dropout, Layer, Linear, Neuron, Sequential, dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_mean_and_share_match_torch(p):
    random.seed(1)
    torch.manual_seed(1)
    n = 20_000
    ours = [dropout(Value(3.0), p).data for _ in range(n)]
    theirs = torch.nn.functional.dropout(torch.full((n,), 3.0, dtype=torch.float64), p)
    assert set(ours) == {0.0, 3.0 * (1.0 / (1.0 - p))}
    assert sorted(set(ours)) == pytest.approx(sorted(set(theirs.tolist())), rel=1e-15)
    error = 3.0 * math.sqrt(p / (1 - p) / n)  # the standard deviation of the mean
    assert sum(ours) / n == pytest.approx(theirs.mean().item(), abs=5 * math.sqrt(2) * error)
    assert sum(ours) / n == pytest.approx(3.0, abs=5 * error)
    assert ours.count(0.0) / n == pytest.approx(p, abs=5 * math.sqrt(p * (1 - p) / n))


@pytest.mark.parametrize(
    ("x", "p"), [(3.0, 0.0), (3.0, 1.0), (-3.0, 1.0), (math.inf, 1.0), (math.nan, 0.0), (math.inf, 0.0)]
)
def test_certain_rates_match_torch(x, p):
    ours, theirs = Value(x), torch.tensor(x, dtype=torch.float64, requires_grad=True)
    a, b = dropout(ours, p), torch.nn.functional.dropout(theirs, p)
    a.backward()
    b.backward()
    assert repr(a.data) == repr(b.item())
    assert ours.grad == theirs.grad.item()


def test_the_gradient_is_scaled_as_the_output():
    random.seed(0)
    for _ in range(20):
        x = Value(2.0)
        out = dropout(x, 0.25)
        out.backward()
        assert (out.data, x.grad) in {(0.0, 0.0), (2.0 * (1 / 0.75), 1 / 0.75)}


@pytest.mark.parametrize("module", [Neuron(2, dropout=0.5), Layer(2, 4, dropout=0.5), MLP(2, [8, 1], dropout=0.5)])
def test_it_works_in_training_mode_only_and_from_a_seed(module):
    def outputs():
        random.seed(3)
        out = [module([0.3, -0.4]) for _ in range(20)]
        return [[v.data for v in row] if isinstance(row, list) else row.data for row in out]

    for parameter in module.parameters():
        parameter.data = abs(parameter.data) + 0.5  # so that no relu is dead
    dropped = outputs()
    assert len({str(o) for o in dropped}) > 1
    assert outputs() == dropped
    module.eval()
    state = random.getstate()
    assert len({str(o) for o in outputs()}) == 1
    random.setstate(state)
    module([0.3, -0.4])
    assert random.getstate() == state  # evaluation draws nothing
    module.train()
    assert outputs() == dropped


def test_no_dropout_draws_nothing():
    model = MLP(2, [4, 1])
    state = random.getstate()
    model([1.0, 2.0])
    assert random.getstate() == state


def test_an_mlp_never_drops_its_outputs():
    model = MLP(2, [3, 2], dropout=1.0)
    for neuron in model.layers[-1].neurons:
        neuron.b.data = 7.0
    assert [out.data for out in model([1.0, 1.0])] == [7.0, 7.0]  # all hidden units dropped: the biases remain
    assert {n.dropout for n in model.layers[0].neurons} == {1.0}


@pytest.mark.parametrize("p", [-1e-9, 1.0000001, math.nan, "0.5", None, True])
def test_the_rate_is_a_probability(p):
    with pytest.raises(ValueError, match="dropout takes a probability from 0 to 1"):
        dropout(Value(1.0), p)


def test_a_part_of_a_model_drops_what_the_function_drops():
    part = Dropout(0.5)
    random.seed(5)
    expected = [dropout(Value(x), 0.5).data for x in (1.0, 2.0, 3.0, 4.0)]
    random.seed(5)
    first, rest = part([Value(1.0), (Value(2.0), [3.0, Value(4.0)])])
    assert [first.data, rest[0].data, rest[1][0], rest[1][1].data] == expected


def test_a_part_of_a_model_goes_by_its_mode():
    model = Sequential(Linear(2, 3), Dropout(1.0))
    assert [out.data for out in model([1.0, 2.0])] == [0.0, 0.0, 0.0]
    row = model[0]([1.0, 2.0])
    model.eval()
    assert model[1](row) is row
    assert Dropout(0.0)(row) is row
    assert Dropout().p == torch.nn.Dropout().p
    assert repr(model) == "Sequential(Linear(2, 3), Dropout(1.0))"
    with pytest.raises(ValueError, match="dropout takes a probability from 0 to 1"):
        Dropout(2)
