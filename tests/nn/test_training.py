"""fit: the loop, its history, and the ways in which it can end early."""

import array
import math
import random
import signal
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch

from interrupts import InterruptAt
from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    ExponentialLR,
    History,
    LambdaLR,
    Layer,
    Module,
    Neuron,
    StepLR,
    cross_entropy,
    evaluate,
    fit,
    hinge_loss,
    mse_loss,
    predict,
)

X = [[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0], [0.5, -0.5], [2.0, 1.5]]
Y = [1, -1, 1, -1, 1]


def train(epochs=3, model=None, loss=mse_loss, lr=0.05, inputs=X, targets=Y, optimizer=None, **options):
    random.seed(7)
    model = model or MLP(2, [4, 1])
    optimizer = optimizer or SGD(model.parameters(), lr=lr)
    history = fit(model, loss, optimizer, inputs, targets, epochs, progress=False, **options)
    return model, history


def test_a_full_batch_is_the_classic_loop():
    model, history = train(epochs=5, loss=hinge_loss)
    random.seed(7)
    by_hand, losses = MLP(2, [4, 1]), []
    for _ in range(5):
        scores = [by_hand([Value(x) for x in row]) for row in X]
        total = sum((1 + -y * s).relu() for y, s in zip(Y, scores, strict=True)) * (1.0 / len(X))
        by_hand.zero_grad()
        total.backward()
        for p in by_hand.parameters():
            p.data -= 0.05 * p.grad
        losses.append(total.data)
    assert history == History(loss=history.loss, lr=[0.05] * 5, interrupted=False, diverged=False)
    assert history.loss == pytest.approx(losses, rel=1e-15)
    assert [p.data for p in model.parameters()] == pytest.approx([p.data for p in by_hand.parameters()], rel=1e-13)


@pytest.mark.parametrize("batch_size", [1, 2, 5, 100])
def test_batches_match_torch(batch_size):
    model, history = train(epochs=4, batch_size=batch_size, shuffle=False)
    random.seed(7)
    start = MLP(2, [4, 1])
    net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1)).double()
    with torch.no_grad():
        for linear, layer in zip((net[0], net[2]), start.layers, strict=True):
            linear.weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    inputs, targets = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    losses = []
    for _ in range(4):
        total = 0.0
        for i in range(0, 5, batch_size):
            loss = torch.nn.functional.mse_loss(net(inputs[i : i + batch_size])[:, 0], targets[i : i + batch_size])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(targets[i : i + batch_size])
        losses.append(total / 5)
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert model([0.3, -0.7]).data == pytest.approx(
        net(torch.tensor([0.3, -0.7], dtype=torch.float64)).item(), rel=1e-12
    )


def test_it_learns_to_classify():
    model, history = train(epochs=60, loss=hinge_loss, lr=0.2, batch_size=2)
    assert history.loss[-1] < 0.1 < history.loss[0]
    assert [1 if model(x).data > 0 else -1 for x in X] == Y


def test_several_outputs_and_classes():
    model = MLP(2, [6, 3])
    _, history = train(60, model, cross_entropy, targets=[0, 1, 2, 1, 0], optimizer=Adam(model.parameters(), lr=0.1))
    assert history.loss[-1] < 0.1
    model = MLP(2, [6, 2])
    _, history = train(3, model, mse_loss, targets=[[y, 2 * y] for y in Y])
    assert history.loss[-1] < history.loss[0]


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        (tuple(map(tuple, X)), tuple(Y)),
        (np.array(X), np.array(Y)),
        (np.array(X, dtype=np.float32), np.array(Y, dtype=np.int8)),
        ([np.array(x) for x in X], [np.int64(y) for y in Y]),
        ([array.array("d", x) for x in X], array.array("b", Y)),
        (torch.tensor(X), torch.tensor(Y)),
        ([[np.float64(a), b] for a, b in X], [float(y) for y in Y]),
    ],
    ids=["tuples", "arrays", "small arrays", "lists of arrays", "array module", "tensors", "numpy scalars"],
)
def test_samples_may_be_lists_tuples_and_arrays(inputs, targets):
    model, history = train(inputs=inputs, targets=targets, batch_size=2)
    same, expected = train(batch_size=2)
    assert history == expected
    assert model.state_dict() == same.state_dict()


def test_anything_with_len_and_indexing_will_do():
    class Table:
        def __init__(self, rows):
            self.rows = rows

        def __len__(self):
            return len(self.rows)

        def __getitem__(self, i):
            return self.rows[i]

    assert train(inputs=Table(X), targets=Table(Y))[1] == train()[1]


def test_what_model_and_loss_are_given():
    seen = []

    w = Value(0.0)

    def model(row):
        seen.append([type(x) for x in row])
        return w * row[0]

    def loss(predictions, targets):
        seen.append(targets)
        return mse_loss(predictions, [0.0] * len(predictions))

    fit(model, loss, SGD([w]), np.array([1, 2, 3]), np.array([[1.5, 2], [0, 1], [1, 1]]), 1, progress=False)
    fit(model, loss, SGD([w]), [[1, 2]], np.array([True]), 1, progress=False)
    assert seen == [[Value]] * 3 + [[[1.5, 2.0], [0.0, 1.0], [1.0, 1.0]]] + [[Value, Value], [1]]
    assert type(seen[-1][0]) is int


def orders(**options):
    """The order in which the samples come, epoch by epoch."""
    seen = []

    def loss(predictions, targets):
        seen.append(targets)
        return mse_loss(predictions, targets)

    model = Neuron(1)
    fit(model, loss, SGD(model.parameters()), range(6), range(6), 3, progress=False, **options)
    flat = [t for batch in seen for t in batch]
    return [len(batch) for batch in seen], [flat[i : i + 6] for i in range(0, len(flat), 6)]


def test_shuffling_deals_every_sample_once_an_epoch():
    sizes, epochs = orders(batch_size=4, seed=1)
    assert sizes == [4, 2] * 3
    assert [sorted(epoch) for epoch in epochs] == [list(range(6))] * 3
    assert len({tuple(epoch) for epoch in epochs}) > 1
    assert orders(batch_size=4, seed=1)[1] == epochs
    assert orders(batch_size=4, seed=2)[1] != epochs
    assert (
        orders(batch_size=4, shuffle=False)[1] == orders()[1] == orders(batch_size=6, seed=1)[1] == [list(range(6))] * 3
    )


@pytest.mark.parametrize("size", [1, 4, 6])
def test_a_seed_gives_each_epoch_an_order_of_its_own_over_several_calls_too(size):
    def run(*calls):
        seen, w = [], Value(0.0)

        def loss(predictions, targets):
            seen.extend(targets)
            return mse_loss(predictions, targets)

        optimizer = SGD([w], lr=0.01)
        for epochs in calls:
            fit(lambda x: w * x[0], loss, optimizer, range(6), range(6), epochs, size, seed=3, progress=False)
        return [tuple(seen[i : i + 6]) for i in range(0, len(seen), 6)], w.data

    epochs, w = run(5)
    assert run(2, 1, 2) == (epochs, w)
    assert len(set(epochs)) == (5 if size < 6 else 1)


@pytest.mark.parametrize("jit", [False, True])
def test_an_epoch_may_be_some_steps_of_samples_drawn_anew(jit):
    def run(*calls, seed=3):
        model = MLP(2, [1])
        for parameter, start in zip(model.parameters(), (0.1, -0.2, 0.3), strict=True):
            parameter.data = start
        optimizer = Adam(model.parameters(), lr=0.1)
        schedule = LambdaLR(optimizer, lambda step: 1 - step / 8)
        history = History()
        random.seed(5)
        for epochs in calls:
            history = fit(
                model, mse_loss, optimizer, X, Y, epochs, 2,
                steps_per_epoch=1, seed=seed, schedule=schedule, history=history, jit=jit, progress=False,
            )  # fmt: skip
        return history, [p.data for p in model.parameters()]

    history, parameters = run(6)
    assert history.lr == [0.1 * (1 - step / 8) for step in range(6)]
    assert run(2, 3, 6) == (history, parameters)

    net = torch.nn.Linear(2, 1).double()
    start = {
        "weight": torch.tensor([[0.1, -0.2]], dtype=torch.float64),
        "bias": torch.tensor([0.3], dtype=torch.float64),
    }
    net.load_state_dict(start)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / 8)
    inputs, targets = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    history, parameters = run(6, seed=None)  # draws from the global generator
    random.seed(5)
    losses = []
    for _ in range(6):
        chosen = random.sample(range(5), 2)
        loss = torch.nn.functional.mse_loss(net(inputs[chosen])[:, 0], targets[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    assert history.loss == pytest.approx(losses, rel=1e-12)
    assert parameters == pytest.approx([*net.weight[0].tolist(), net.bias.item()], rel=1e-10)


@pytest.mark.parametrize("jit", [False, True])
def test_an_epoch_of_as_many_steps_as_the_samples_make_is_the_usual_one(jit):
    options = {"batch_size": 2, "seed": 1, "jit": jit}
    model, history = train(**options, steps_per_epoch=3)
    expected, usual = train(**options)
    assert (model.state_dict(), history) == (expected.state_dict(), usual)


def test_an_epoch_of_two_steps_takes_no_sample_twice():
    sizes, seen = [], []

    def loss(predictions, targets):
        sizes.append(len(targets))
        seen.extend(targets)
        return mse_loss(predictions, targets)

    _, history = train(4, loss=loss, batch_size=2, steps_per_epoch=2, seed=1, targets=range(5))
    assert sizes == [2] * 8
    epochs = [seen[i : i + 4] for i in range(0, 16, 4)]
    assert all(len(set(epoch)) == 4 for epoch in epochs)
    assert len(set(map(tuple, epochs))) == 4
    assert set(seen) == set(range(5))
    assert len(history.loss) == 4


def test_a_seed_decides_what_is_dropped():
    def run(seed, state):
        random.seed(7)
        model = MLP(2, [8, 1], dropout=0.5)
        random.seed(state)
        before = random.getstate()
        fit(model, mse_loss, SGD(model.parameters(), lr=0.1), X, Y, 4, seed=seed, progress=False)
        assert random.getstate() == before
        return model.state_dict()

    assert run(1, state=1) == run(1, state=2) != run(2, state=2)


@pytest.mark.parametrize("seed", ["1", 1.0, [1]], ids=repr)
def test_a_seed_that_is_no_int_is_refused(seed):
    with pytest.raises(TypeError, match="fit: seed must be an int or None, got"):
        train(seed=seed)


def test_equal_seeds_are_one():
    assert train(seed=np.int64(3), batch_size=2)[1] == train(seed=3, batch_size=2)[1]


def test_without_a_seed_the_global_random_decides():
    random.seed(3)
    once = orders(batch_size=2)
    random.seed(3)
    assert orders(batch_size=2) == once


def test_a_seed_leaves_the_global_random_alone():
    model = Neuron(1)
    state = random.getstate()
    fit(model, mse_loss, SGD(model.parameters()), [1.0, 2.0], [1.0, 2.0], 2, 1, seed=5, progress=False)
    assert random.getstate() == state


def test_a_schedule_steps_once_an_epoch():
    model = MLP(2, [2, 1])
    optimizer = SGD(model.parameters(), lr=1e-3)
    schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    _, history = train(5, model, optimizer=optimizer, schedule=schedule, batch_size=2)
    assert history.lr == [1e-3, 1e-3, 5e-4, 5e-4, 2.5e-4]
    assert schedule.last_epoch == 5


def test_no_epochs_change_nothing():
    model = MLP(2, [2, 1])
    before = model.state_dict()
    assert train(0, model)[1] == History()
    assert model.state_dict() == before


class Watched(Module):
    """A model that notes the modes it is called in."""

    def __init__(self):
        self.inner = Neuron(2)
        self.frozen = Neuron(2)
        self.modes = []

    def __call__(self, x):
        self.modes.append((self.training, self.inner.training, self.frozen.training))
        return self.inner(x) + self.frozen(x)


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, ZeroDivisionError])
def test_modes_come_back_as_they_were(error):
    model = Watched()
    model.frozen.eval()

    def loss(predictions, targets):
        if error:
            raise error
        return mse_loss(predictions, targets)

    try:
        fit(model, loss, SGD(model.parameters()), X, Y, 1, progress=False)
    except ZeroDivisionError:
        assert error is ZeroDivisionError
    assert set(model.modes) == {(True, True, True)}
    assert (model.training, model.inner.training, model.frozen.training) == (True, True, False)


@pytest.mark.parametrize("at", [1, 2, 7, 10])
def test_ctrl_c_returns_what_there_is(at):
    """Interrupted in the loss of step `at`: as if the training had had one step fewer."""
    calls = 0

    def loss(predictions, targets):
        nonlocal calls
        calls += 1
        if calls == at:
            raise KeyboardInterrupt
        return mse_loss(predictions, targets)

    model, history = train(5, loss=loss, batch_size=2, seed=1)
    same, expected = train((at - 1) // 3, batch_size=2, seed=1)
    assert history == History(expected.loss, expected.lr, interrupted=True)
    if (at - 1) % 3 == 0:
        assert model.state_dict() == same.state_dict()


def half(epoch):
    return 0.5**epoch


LOOPS = {  # their functions
    False: ("fit", "_train", "differentiate", "step", "write", "lr", "assign", "enter", "confirm", "__call__", "add"),
    True: ("train", "_take", "_rates", "_means", "step", "write", "lr", "enter", "confirm", "__call__", "add"),
}
SCHEDULES = ("_step_schedules", "_note_stepped", "_at", "get_lr", "half")  # and what they call


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    "schedules_for",
    [
        lambda o: [StepLR(o, 1, gamma=0.5)],
        lambda o: [LambdaLR(o, half)],
        lambda o: [StepLR(o, 1, gamma=0.25), ExponentialLR(o, 2.0)],
    ],
    ids=["formula", "function", "two"],
)
def test_ctrl_c_anywhere_leaves_one_story(schedules_for, jit):
    """At every line of the loop: the numbers, counts, schedules and history are those of the same moment."""

    def run(at=None, steps=6):
        w = Value(1.0)
        optimizer = SGD([w], lr=0.1, momentum=0.5)
        schedules = schedules_for(optimizer)
        history = None
        if at is None:
            for step in range(steps):
                optimizer.zero_grad()
                mse_loss([w * X[i][0] for i in batches[step % 2]], [Y[i] for i in batches[step % 2]]).backward()
                optimizer.step()
                if step % 2:
                    for schedule in schedules:
                        schedule.step()
            return w.data, optimizer.state, optimizer.t, None
        try:
            with InterruptAt(at, *LOOPS[jit], *SCHEDULES, modules=("micrograd.", __name__)):
                history = fit(
                    lambda x: w * x[0], mse_loss, optimizer, X[:4], Y[:4], 3, 2,
                    shuffle=False, schedule=schedules, progress=False, jit=jit,
                )  # fmt: skip
        except KeyboardInterrupt:  # before or after the training itself
            return None
        finished = len(history.loss)
        assert len(history.lr) == finished == optimizer.t // 2
        assert [schedule.last_epoch for schedule in schedules] == [finished] * len(schedules)
        assert optimizer.lr == 0.1 * 0.5**finished
        return w.data, optimizer.state, optimizer.t, history.interrupted

    batches = [[0, 1], [2, 3]]
    interrupted = 0
    for at in range(1, 10**4, 3 if jit else 1):  # each time it compiles
        found = run(at)
        if found is None:
            continue
        interrupted += found[-1]
        expected = run(steps=found[2])
        assert found[0] == pytest.approx(expected[0], rel=1e-12)
        assert np.array(found[1]) == pytest.approx(np.array(expected[1]), rel=1e-12)
        if not found[-1]:
            break
    assert found[2] == 6
    assert interrupted > (20 if jit else 30)


@pytest.mark.parametrize("jit", [False, True])
def test_an_optimizer_of_another_model_is_refused(jit):
    model, other = MLP(2, [2, 1]), MLP(2, [2, 1])
    before = other.state_dict()
    with pytest.raises(ValueError, match="the loss depends on none of the optimizer's parameters"):
        train(1, model, optimizer=SGD(other.parameters(), weight_decay=0.5), jit=jit)
    assert other.state_dict() == before
    with pytest.warns(UserWarning, match="9 of the 18 parameters of the optimizer are not in the model"):
        train(1, model, optimizer=SGD([*other.parameters(), *model.parameters()]), jit=jit)


def test_a_step_of_ones_own_counts_too():
    """Whatever it does, and if it does not even count its steps."""

    class Sign(SGD):
        def step(self):
            for p in self.params:
                p.data -= 0.1 * math.copysign(1.0, p.grad)

    model = Neuron(2)
    _, history = train(3, model, optimizer=Sign(model.parameters()))
    assert len(history.loss) == len(history.lr) == 3


def test_ctrl_c_in_a_terminal():
    """A real SIGINT to a real process, which goes on after fit."""
    program = """
import signal
from micrograd.nn import MLP, SGD, fit, mse_loss
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start with SIGINT ignored
model = MLP(2, [8, 1])
def loss(predictions, targets):
    print("training", flush=True)
    return mse_loss(predictions, targets)
history = fit(model, loss, SGD(model.parameters()), [[0.0, 1.0]] * 50, [1.0] * 50, 10**9, 10)
print("interrupted:", history.interrupted)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "training\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().splitlines()[-1] == "interrupted: True"
    assert process.returncode == 0


def test_a_loss_that_turns_nan_stops_with_the_culprit():
    model = MLP(2, [4, 1])
    before = model.state_dict()
    with pytest.warns(RuntimeWarning, match=r"with a loss of nan: log\(-.*\) is nan\. .* smaller learning rate"):
        _, history = train(3, model, loss=lambda p, t: (-mse_loss(p, t)).log())
    assert history == History(diverged=True)
    assert model.state_dict() == before


def test_a_gradient_that_turns_infinite_stops_before_it_does_harm():
    w = Value(0.0)
    with pytest.warns(
        RuntimeWarning, match=r"loss of 0\.0: the gradient of operand 0 of sqrt\(0\.0\) is inf"
    ) as caught:
        history = fit(lambda x: (w * x[0]).sqrt(), lambda p, t: p[0], SGD([w]), [1.0], [0.0], 3, progress=False)
    assert caught[0].filename == __file__  # the warning points to the call of fit
    assert history.diverged
    assert w.data == 0.0


def test_too_large_a_learning_rate_stops_with_a_warning():
    model = Neuron(2, nonlin=False)
    with pytest.warns(RuntimeWarning, match="smaller learning rate"):
        _, history = train(5000, model, lr=10.0)
    assert history.diverged
    assert len(history.loss) > 10
    assert all(map(math.isfinite, history.loss))
    assert all(math.isfinite(p.data) for p in model.parameters())


def test_a_nan_among_the_samples_is_named():
    with pytest.warns(RuntimeWarning, match="a leaf is nan"):
        _, history = train(inputs=[[math.nan, 1.0], *X[1:]])
    assert history.diverged


def test_a_warning_made_an_error_restores_the_modes():
    model = MLP(2, [2, 1]).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning):
            train(1, model, loss=lambda p, t: p[0] * math.inf)
    assert model.training is False


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"targets": Y[:-1]}, ValueError, "got 5 samples in X and 4 targets in y"),
        ({"inputs": [], "targets": []}, ValueError, "at least one sample"),
        ({"epochs": -1}, ValueError, "fit: epochs must be an int of at least 0, got -1"),
        ({"epochs": 1.5}, ValueError, r"fit: epochs must be an int of at least 0, got 1\.5"),
        ({"batch_size": 0}, ValueError, "fit: batch_size must be an int of at least 1, got 0"),
        ({"batch_size": 2.0}, ValueError, "fit: batch_size must be an int"),
        ({"steps_per_epoch": 0}, ValueError, "fit: steps_per_epoch must be an int of at least 1, got 0"),
        ({"steps_per_epoch": 2}, ValueError, "must be at most 1, as 5 samples make no more batches of 5, got 2"),
        ({"batch_size": 2, "steps_per_epoch": 4}, ValueError, "must be at most 3, as 5 samples"),
        (
            {"batch_size": 2, "steps_per_epoch": 1, "shuffle": False},
            ValueError,
            "with shuffle=False steps_per_epoch=1 would take the first 2 of 5 samples in every epoch",
        ),
        ({"shuffle": "no"}, ValueError, "fit: shuffle must be True or False, got 'no'"),
        ({"inputs": 5}, TypeError, "X must be a list, a tuple or an array, got 5"),
        ({"targets": np.float64(5)}, TypeError, r"y must be a list, a tuple or an array, got 5\.0"),
        ({"inputs": ["ab"] * 5}, TypeError, r"got 'ab' \(str\)"),
        ({"inputs": {"a": 1}}, TypeError, r"\(dict\)"),
        ({"inputs": {1.0, 2.0}}, TypeError, r"fit: X must be numbers, .*\(set\)"),
        ({"inputs": [[None, 1.0]] * 5}, TypeError, "got None"),
        ({"targets": [Value(1.0)] * 5}, TypeError, "got Value"),
        ({"inputs": [[1.0]] * 5}, ValueError, "takes 2 inputs, got 1"),
        ({"loss": lambda p, t: mse_loss(p, t, reduction="none")}, TypeError, r"must return one Value, got \[Value"),
        ({"loss": lambda p, t: 0.0}, TypeError, r"must return one Value, got 0\.0 \(float\)"),
    ],
)
def test_wrong_arguments_change_nothing(options, error, message, jit):
    model = MLP(2, [2, 1])
    before = model.state_dict()
    with pytest.raises(error, match=message):
        train(**{"model": model, "epochs": 1, "jit": jit, **options})
    assert model.state_dict() == before


def test_what_is_no_choice_is_refused_by_name():
    optimizer = SGD([Value(1.0)])
    for function in (
        lambda: fit(MLP(2, [1]), mse_loss, optimizer, X, Y, 1, progress=False, jit="no"),
        lambda: fit(MLP(2, [1]), mse_loss, optimizer, X, Y, 1, progress="no"),
        lambda: evaluate(MLP(2, [1]), mse_loss, X, Y, jit="no"),
        lambda: predict(MLP(2, [1]), X, jit="no"),
        lambda: predict(MLP(2, [1]), X, progress="no"),
    ):
        with pytest.raises(ValueError, match="must be True or False, got 'no'"):
            function()


@pytest.mark.parametrize("jit", [False, True])
def test_an_optimizer_of_a_part_that_was_replaced_warns(jit):
    model = MLP(2, [2, 1])
    optimizer = SGD(model.parameters(), lr=0.01)
    train(1, model, optimizer=optimizer, jit=jit)  # nothing to warn of, nor with a part that is frozen or not reached
    model.layers[1] = Layer(2, 1, nonlin=False)
    with pytest.warns(UserWarning, match="3 of the 9 parameters of the optimizer are not in the model") as caught:
        train(1, model, optimizer=optimizer, jit=jit)
    assert len(caught) == 1


@pytest.mark.parametrize("jit", [False, True])
def test_what_is_not_reached_but_in_the_model_or_reached_but_not_in_it_does_not_warn(jit):
    class Two(Module):
        def __init__(self):
            self.used, self.unused = Neuron(2), Neuron(2)

        def __call__(self, x):
            return self.used(x)

    model, scale = Two(), Value(1.0)
    optimizer = SGD([*model.parameters(), scale], lr=0.01)
    train(1, model, loss=lambda p, t: mse_loss(p, t) + scale * scale, optimizer=optimizer, jit=jit)


def test_the_samples_are_not_kept_or_changed():
    inputs, targets = [[1, 2.0]], [3]
    model = Neuron(2)
    fit(model, mse_loss, SGD(model.parameters()), inputs, targets, 2, progress=False)
    assert (inputs, targets) == ([[1, 2.0]], [3])
