"""`Trainer`: training loops that others write around machine code."""

import copy
import pickle
import random

import numpy as np
import pytest
import torch

from micrograd.engine import Value, draw, operands
from micrograd.engine.jit import Trainer
from micrograd.nn import SGD, mse_loss

X = [[0.5, -1.0], [1.5, 2.0], [-0.25, 0.5], [1.0, 1.0], [2.0, -0.5]]
Y = [1.0, -0.5, 0.25, 0.0, 2.0]
MOMENTUM = 0.5


def momentum(p, g, state, t, lr):
    velocity = MOMENTUM * state[0] + g
    return p - lr * velocity, (velocity,)


def line():
    """Two weights and an offset that is not trained; gives them, and the loss of one sample."""
    weights, offset = [Value(0.5), Value(-1.5)], Value(0.25)
    return weights, offset, lambda x, y: (weights[0] * x[0] + weights[1] * x[1] + offset - y) ** 2


def eager(batches, rates):
    weights, offset, _ = line()
    optimizer = SGD(weights, lr=1.0, momentum=MOMENTUM)
    losses = []
    for batch, rate in zip(batches, rates, strict=True):
        optimizer.lr = rate
        predictions = [weights[0] * X[i][0] + weights[1] * X[i][1] + offset for i in batch]
        loss = mse_loss(predictions, [Y[i] for i in batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    return weights, optimizer, losses


@pytest.mark.parametrize("orders", [None, [[4, 0, 2, 1, 3], [1, 2, 3, 4, 0], [0, 1, 4, 2, 3]]], ids=["as is", "orders"])
@pytest.mark.parametrize("size", [1, 2, 5, 7])
def test_a_loop_of_ones_own(orders, size):
    rates = [0.1, 0.05, 0.025]
    order = orders or [list(range(5))] * 3
    batches = [order[i][k : k + size] for i in range(3) for k in range(0, 5, size)]
    expected, optimizer, losses = eager(batches, np.repeat(rates, len(batches) // 3).tolist())

    weights, offset, loss = line()
    trainer = Trainer(loss, [X, Y], weights, momentum, slots=1)
    trainer.load([(0.0,), (0.0,)])
    found = [number for some in trainer.run(rates, size, orders) for number in some]
    assert [w.data for w in weights] == [0.5, -1.5]
    counter = Value(0.0)
    trainer.store((counter, "data", float(len(found))))
    assert counter.data == len(batches)
    assert offset.data == 0.25
    np.testing.assert_allclose(found, losses, rtol=1e-12)
    np.testing.assert_allclose([w.data for w in weights], [w.data for w in expected], rtol=1e-12)
    np.testing.assert_allclose([w.grad for w in weights], [w.grad for w in expected], rtol=1e-12)
    np.testing.assert_allclose(trainer.state, optimizer.state, rtol=1e-12)


def test_losses_are_those_of_the_numbers_loaded_and_no_step_is_taken():
    weights, _, loss = line()
    trainer = Trainer(loss, [X, Y], weights, momentum, slots=1)
    trainer.load([(3.0,), (4.0,)])
    expected = [loss([Value(a), Value(b)], Value(2.0)).data for a, b in X]
    assert trainer.losses(X, [2.0] * 5) == expected
    assert (trainer.data, trainer.state) == ([0.5, -1.5], [(3.0,), (4.0,)])
    with pytest.raises(ValueError, match="of the structure that it was made with"):
        trainer.losses(X, X)


def descend(p, g, state, t, lr):
    return p - lr * g, state


def decay_late(p, g, state, t, lr, decay):
    """In step 3 the gradient counts 3 times."""
    return (1 - lr * decay) * p - lr * g * t, (state[0] + 1.0,)


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("width", [1, 4, None])
@pytest.mark.parametrize("sizes", [(1, 2), (3, 1, 9), (8, 16)], ids=str)
def test_groups_have_rules_numbers_and_counts_of_their_own(sizes, width, size):
    generator = random.Random(0)
    groups = [[Value(generator.uniform(-1, 1)) for _ in range(n)] for n in sizes]
    weights = [w for group in groups for w in group]

    def loss(x, y):
        return (sum((w * (x[0] + k * x[1]) for k, w in enumerate(weights, 1)), Value(0.0)) * 0.1 - y) ** 2

    rates = [[(0.01 * (k + i), 0.1 * k) for k in range(len(sizes))] for i in range(1, 4)]
    before = [5, *range(len(sizes) - 1)]
    trainer = Trainer(loss, [X, Y], groups, [decay_late] * len(sizes), slots=1, numbers=2, width=width)
    flat = [[number for pair in row for number in pair] for row in rates]
    found = [number for some in trainer.run(flat, size, t=before) for number in some]
    trained, state = trainer.data, trainer.state

    losses, steps = [], 0
    for row in rates:
        for start in range(0, 5, size):
            batch = range(start, min(5, start + size))
            mean = sum((loss(list(map(Value, X[i])), Value(Y[i])) for i in batch), Value(0.0)) / len(batch)
            for w in weights:
                w.grad = 0.0
            mean.backward()
            steps += 1
            for group, (lr, decay), t in zip(groups, row, before, strict=True):
                for w in group:
                    w.data = decay_late(w.data, w.grad, (0.0,), t + steps, lr, decay)[0]
            losses.append(mean.data)
    np.testing.assert_allclose(found, losses, rtol=1e-10)
    np.testing.assert_allclose(trained, [w.data for w in weights], rtol=1e-10, atol=1e-12)
    assert state == [(float(steps),)] * len(weights)
    alone = [loss(list(map(Value, x)), Value(y)).data for x, y in zip(X, Y, strict=True)]
    np.testing.assert_allclose(trainer.losses(X, Y), alone, rtol=1e-10)


@pytest.mark.parametrize("value", [None, 0.5, 1e9])
@pytest.mark.parametrize("norm", [None, 0.25, 3.0, 1e9])
@pytest.mark.parametrize("sizes", [(5,), (3, 9)], ids=str)
def test_gradients_are_clipped_as_torch_does(sizes, value, norm):
    groups = [[Value(0.1 * (k + 1)) for k in range(n)] for n in sizes]
    weights = [w for group in groups for w in group]
    rules = [descend] * len(sizes)
    trainer = Trainer(
        lambda x: sum(((w * x - 1) ** 3 for w in weights), Value(0.0)),
        [[2.0, -0.5]],
        groups,
        rules,
        slots=0,
        clip_value=value,
        clip_norm=norm,
    )
    list(trainer.run([[0.125] * len(sizes)], 2))
    tensors = [torch.tensor(w.data, dtype=torch.float64, requires_grad=True) for w in weights]
    sum(((w * x - 1) ** 3 for w in tensors for x in (2.0, -0.5)), torch.tensor(0.0)).div(2).backward()
    if value is not None:
        torch.nn.utils.clip_grad_value_(tensors, value)
    if norm is not None:
        torch.nn.utils.clip_grad_norm_(tensors, norm)
    np.testing.assert_allclose(trainer.gradients, [w.grad.item() for w in tensors], rtol=1e-12)
    np.testing.assert_allclose(trainer.data, [(w - 0.125 * w.grad).item() for w in tensors], rtol=1e-12)


def test_groups_and_rates_that_do_not_fit_are_refused():
    weights, _, loss = line()
    with pytest.raises(ValueError, match="a rule for each group of parameters, got 2 and 1"):
        Trainer(loss, [X, Y], [weights[:1], weights[1:]], descend, 0)
    trainer = Trainer(loss, [X, Y], [weights[:1], weights[1:]], [descend, descend], 0)
    with pytest.raises(ValueError, match=r"takes 2 in a round, got rates of shape \(3,\)"):
        next(trainer.run([0.1, 0.1, 0.1], 2))
    with pytest.raises(TypeError, match="a learning rate"):
        next(trainer.run([["0.1", 0.1]], 2))
    with pytest.raises(ValueError, match="takes a count of numbers that is a whole number"):
        Trainer(loss, [X, Y], weights, descend, 0, numbers=0)
    with pytest.raises(ValueError, match="takes a clip_norm of at least 0, got -1"):
        Trainer(loss, [X, Y], weights, descend, 0, clip_norm=-1.0)


def test_random_numbers_depend_on_the_step_and_not_on_how_steps_are_called():
    w = Value(1.0)
    trainer = Trainer(
        lambda x: w * 0.0 + x * draw() + draw(), [[1.0]], [w], lambda p, g, state, t, lr: (p, ()), slots=0
    )
    runs = []
    for cuts in ([6], [1, 2, 3]):
        trainer.load([()])
        t, losses = 40, []
        for rounds in cuts:
            losses += [loss for some in trainer.run([0.1] * rounds, 1, t=t, seed=2**64 - 5) for loss in some]
            t += rounds
        runs.append(losses)
    assert runs[0] == runs[1] == pytest.approx([sum(trainer.drawn(t, 2**64 - 5)) for t in range(40, 46)])
    assert len(set(runs[0])) == 6
    trainer.load([()])
    seeds = [7, 2**64 + 7, 9]
    (each,) = trainer.run([0.1] * 3, 1, t=40, seed=seeds)
    assert each == pytest.approx([sum(trainer.drawn(t, seed)) for t, seed in zip(range(40, 43), seeds, strict=True)])
    with pytest.raises(ValueError, match="takes a seed, or one for each of the 3 rates, got 2"):
        list(trainer.run([0.1] * 3, 1, seed=[1, 2]))
    random.seed(3)
    before = random.getstate()
    trainer.drawn(0, 1)
    assert random.getstate() == before


def test_a_number_goes_with_every_sample_and_arguments_may_be_missing():
    w = Value(0.0)
    for loss, arrays in ((lambda x, y: (w * x - y) ** 2, [[1.0, 1.0], 3.0]), (lambda: (w - 3.0) ** 2, [])):
        w.data = 0.0
        trainer = Trainer(loss, arrays, [w], lambda p, g, state, t, lr: (p - lr * g, ()), slots=0)
        trainer.load([()])
        for _ in trainer.run([0.5], batch=2):
            trainer.store()
        assert w.data == 3.0


@pytest.mark.parametrize(
    "parameters",
    [lambda w: [w, w], lambda w: [w * 1.0], lambda w: [2 * w, w], lambda w: [w, operands(3.0 + w)[0]]],
    ids=["twice", "computed", "one computed", "constant"],
)
def test_parameters_are_leaves_that_come_once(parameters):
    w = Value(1.0)
    with pytest.raises(ValueError, match=r"leaves, each once, and no constants, got Value\(data=[123]\.0"):
        Trainer(lambda x: w * x, [[1.0]], parameters(w), momentum, slots=1)


@pytest.mark.parametrize("state", [[(0.0,)], [(0.0, 1.0), (0.0, 1.0)], [(), ()], [(0.0,), ()]])
def test_a_state_of_another_size_is_refused(state):
    weights, _, loss = line()
    trainer = Trainer(loss, [X, Y], weights, momentum, slots=1)
    with pytest.raises(ValueError, match="state"):
        trainer.load(state)


@pytest.mark.parametrize("option", ["width", "cut"])
@pytest.mark.parametrize("size", [0, -5, True, 2.0])
def test_sizes_are_whole_numbers(option, size):
    weights, _, loss = line()
    with pytest.raises(ValueError, match=f"takes a {option} that is a whole number of at least 1"):
        Trainer(loss, [X, Y], weights, momentum, 1, **{option: size})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.1], 0), "takes a batch that is a whole number"),
        (([0.1], 1.5), "takes a batch that is a whole number"),
        (([None], 1), "a learning rate takes"),
        (([0.1, 0.1], 2, [[0, 1, 2], [3, 4, 0, 1]]), r"all of one length of at least 1, got lengths \[3, 4\]"),
        (([0.1], 2, [[0, 1], [2, 3]]), "an order for each of the 1 rates"),
        (([0.1, 0.1], 2, [[0, 1]]), "an order for each of the 2 rates"),
        (([0.1], 2, [[0, 5]]), "with 5 samples takes orders of numbers from 0 to 4, got 5"),
        (([0.1], 2, [[0, -1]]), "with 5 samples takes orders of numbers from 0 to 4, got -1"),
        (([0.1], 2, [[0.5, 1.0]]), r"takes orders of whole numbers, got \[\[0.5, 1.0\]\]"),
        (([0.1], 2, [[True, False]]), "takes orders of whole numbers, got"),
        (([0.1], 2, [[None]]), "takes orders of whole numbers, got"),
        (([0.1], 2, [[]]), r"all of one length of at least 1, got lengths \[0\]"),
    ],
)
def test_rounds_that_do_not_fit_are_refused(arguments, message):
    weights, _, loss = line()
    trainer = Trainer(loss, [X, Y], weights, momentum, 1)
    with pytest.raises((TypeError, ValueError), match=message):
        list(trainer.run(*arguments))
    trainer.store()
    assert [w.data for w in weights] == [0.5, -1.5]


def test_numbers_of_numpy_are_numbers():
    found = []
    for rates, batch, orders in (
        ([0.1, 0.05], 2, [[4, 0, 2], [1, 2, 3]]),
        (np.array([0.1, 0.05]), np.int64(2), np.array([[4, 0, 2], [1, 2, 3]])),
    ):
        weights, _, loss = line()
        trainer = Trainer(loss, [X, Y], weights, momentum, 1)
        found.append([*trainer.run(rates, batch, orders), trainer.data])
    assert found[0] == found[1]


def test_no_rounds_are_no_steps_and_what_is_not_loaded_is_there():
    weights, _, loss = line()
    trainer = Trainer(loss, [X, Y], weights, momentum, 1)
    assert list(trainer.run([], 2)) == list(trainer.run([], 2, [])) == []
    assert (trainer.data, trainer.state) == ([0.5, -1.5], [(0.0,), (0.0,)])
    trainer.store()
    assert [w.data for w in weights] == [0.5, -1.5]


def test_a_rule_that_draws_is_refused():
    weights, _, loss = line()

    def noisy(p, g, state, t, lr):
        return p - lr * g + draw(), ()

    with pytest.raises(TypeError, match="noisy draws random numbers"):
        Trainer(loss, [X, Y], weights, noisy, 0)


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_trainer_is_not_copied(copier):
    weights, _, loss = line()
    with pytest.raises(TypeError, match="make another one"):
        copier(Trainer(loss, [X, Y], weights, momentum, 1))
