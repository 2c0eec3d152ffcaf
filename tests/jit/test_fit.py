"""`fit(..., jit=True)` beside the eager loop: the same parameters, state and history."""

import functools
import math
import random
import signal
import threading

import numpy as np
import pytest

from micrograd.engine import Value
from micrograd.engine.jit.training import Trainer
from micrograd.nn import MLP, SGD, Adam, AdamW, LambdaLR, Optimizer, cross_entropy, fit, hinge_loss, mse_loss

RNG = np.random.default_rng(5)
X = RNG.normal(size=(45, 2))
Y = np.where(X[:, 0] * X[:, 1] > 0, 1, -1)


class Echo(Optimizer):
    """Steps along the gradient and that of two steps before: what is kept moves on by one place."""

    slots = 2

    @staticmethod
    def rule(p, g, state, *, t, lr):
        last, before = state
        return p - lr * (g + 0.5 * before), (g, last)


OPTIMIZERS = {
    "SGD": (SGD, {"lr": 0.1}),
    "momentum": (SGD, {"lr": 0.05, "momentum": 0.9, "weight_decay": 1e-3}),
    "nesterov": (SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "Adam": (Adam, {"lr": 0.01, "weight_decay": 1e-2}),
    "AdamW": (AdamW, {"lr": 0.01}),
    "one's own": (Echo, {"lr": 0.05}),
}


def train(
    jit, kind=SGD, hyper=None, sizes=(6, 1), dropout=0.0, loss=None, targets=Y, schedule=False, epochs=100, **kwargs
):
    random.seed(7)
    model = MLP(2, list(sizes), dropout=dropout)

    def regularised(scores, targets):
        return hinge_loss(scores, targets) + 1e-3 * sum(p * p for p in model.parameters())

    optimizer = kind(model.parameters(), **(hyper or {"lr": 0.1}))
    scheduler = LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch)) if schedule else None
    kwargs |= {"schedule": scheduler, "progress": False, "jit": jit}
    history = fit(model, loss or regularised, optimizer, X, targets, epochs, **kwargs)
    return model, optimizer, history


@pytest.fixture(params=[None, 1, 2, 4], ids=lambda width: f"{width} lanes" if width else "default")
def lanes(request, monkeypatch):
    """The code as this processor gets it, and as others would: narrower, and here also cut into many small pieces."""
    if request.param is not None:
        narrow = functools.partial(Trainer, width=request.param, cut=10)
        monkeypatch.setattr("micrograd.nn.compiled.Trainer", narrow)


@pytest.mark.usefixtures("lanes")
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(("epochs", "batch_size"), [(100, None), (25, 12)], ids=["full", "batches"])
def test_a_hundred_steps_are_the_eager_ones(name, epochs, batch_size):
    kind, hyper = OPTIMIZERS[name]
    (model, optimizer, history), (model2, optimizer2, history2) = (
        train(jit, kind, hyper, epochs=epochs, batch_size=batch_size, schedule=True) for jit in (False, True)
    )
    assert optimizer.t == optimizer2.t == 100
    np.testing.assert_allclose(
        [p.data for p in model2.parameters()], [p.data for p in model.parameters()], rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(np.array(optimizer2.state), np.array(optimizer.state), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(history2.loss, history.loss, rtol=1e-9)
    assert history2.lr == history.lr


@pytest.mark.usefixtures("lanes")
def test_one_call_or_several_train_alike():
    once, _, history = train(True, Adam, {"lr": 0.01}, epochs=60)
    random.seed(7)
    model = MLP(2, [6, 1])
    optimizer = Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        losses += fit(
            model,
            lambda s, t: hinge_loss(s, t) + 1e-3 * sum(p * p for p in model.parameters()),
            optimizer, X, Y, 20, progress=False, jit=True,
        ).loss  # fmt: skip
    assert losses == history.loss
    assert model.state_dict() == once.state_dict()


@pytest.mark.usefixtures("lanes")
def test_classes_and_rows_are_targets():
    classes = (Y + 1) // 2 + (X[:, 0] > 1)
    one_hot = np.eye(3)[classes]
    found = {}
    for jit in (False, True):
        for name, targets in (("class", classes), ("row", one_hot)):
            model, _, _ = train(
                jit, sizes=(5, 3), epochs=20, loss=cross_entropy, targets=targets, batch_size=10, seed=3
            )
            found[jit, name] = [p.data for p in model.parameters()]
    for key in found:
        np.testing.assert_allclose(found[key], found[False, "class"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(("target", "error"), [(7, ValueError), (1.5, TypeError)], ids=["no class", "no index"])
def test_a_target_that_the_loss_refuses_is_refused_wherever_it_stands(jit, target, error):
    targets = [0, 1, 2] * 15
    targets[-1] = target
    with pytest.raises(error, match="cross_entropy"):
        train(jit, sizes=(3,), epochs=1, loss=cross_entropy, targets=targets)


def test_dropout_is_reproducible_however_long_the_calls_take():
    runs = [train(True, epochs=300, dropout=0.3, loss=mse_loss) for _ in range(2)]
    assert runs[0][2] == runs[1][2]
    assert runs[0][0].state_dict() == runs[1][0].state_dict()
    assert len(set(runs[0][2].loss)) > 250


@pytest.mark.usefixtures("lanes")
@pytest.mark.parametrize("jit", [False, True])
def test_a_parameter_that_the_loss_ignores_only_decays(jit):
    w, idle = Value(1.0), Value(2.0)
    optimizer = SGD([idle, w], lr=0.1, weight_decay=0.5)
    fit(lambda x: w * x[0], mse_loss, optimizer, [1.0], [1.0], 3, progress=False, jit=jit)
    assert idle.data == pytest.approx(2.0 * 0.95**3)


def test_a_value_outside_the_optimizer_is_read_and_kept():
    w, offset = Value(1.0), Value(5.0)
    fit(lambda x: w * x[0] + offset, mse_loss, SGD([w], lr=0.1), [1.0, 2.0], [6.0, 7.0], 500, progress=False, jit=True)
    assert offset.data == 5.0
    assert w.data == pytest.approx(1.0)


@pytest.mark.usefixtures("lanes")
def test_divergence_stops_before_the_step_and_names_the_culprit():
    found = []
    for jit in (False, True):
        with pytest.warns(RuntimeWarning, match="fit stopped before step .* smaller learning rate"):
            model, optimizer, history = train(jit, hyper={"lr": 50.0}, loss=mse_loss, epochs=2000)
        assert history.diverged
        assert all(math.isfinite(p.data) for p in model.parameters())
        found.append((optimizer.t, len(history.loss)))
    assert found[0] == found[1]


@pytest.fixture
def ctrl_c_in_a_second():
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job may start with it ignored
    timer = threading.Timer(1.0, signal.raise_signal, [signal.SIGINT])
    timer.start()
    yield
    timer.cancel()
    timer.join()
    signal.signal(signal.SIGINT, handler)


@pytest.mark.usefixtures("ctrl_c_in_a_second")
def test_ctrl_c_ends_between_two_calls_with_whole_steps():
    model, optimizer, history = train(True, hyper={"lr": 1e-3}, epochs=10**9)
    assert history.interrupted
    assert optimizer.t >= len(history.loss) > 0
    kept = model.state_dict()
    again, _, _ = train(True, hyper={"lr": 1e-3}, epochs=optimizer.t)
    np.testing.assert_allclose(list(again.state_dict().values()), list(kept.values()), rtol=1e-12)


def test_a_sum_over_the_batch_is_refused():
    with pytest.raises(ValueError, match=r"a loss that is a mean over the samples, .* use reduction='mean'"):
        train(True, loss=lambda s, t: mse_loss(s, t, reduction="sum"))


def test_modes_come_back():
    model = MLP(2, [3, 1], dropout=0.5).eval()
    fit(model, hinge_loss, SGD(model.parameters(), lr=0.1), X, Y, 3, progress=False, jit=True)
    assert not any(module.training for module in model.modules())
