"""`fit(..., jit=True)` beside the eager loop: every optimiser, in groups, with every kind of schedule."""

import random

import numpy as np
import pytest

from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    OneCycleLR,
    ReduceLROnPlateau,
    RMSprop,
    SequentialLR,
    fit,
    mse_loss,
)

X = np.random.default_rng(0).normal(size=(20, 2))
Y = (X[:, 0] * X[:, 1]).tolist()
OPTIMIZERS = {
    "SGD": (SGD, {"momentum": 0.9, "dampening": 0.3}),
    "Adam": (Adam, {}),
    "amsgrad": (AdamW, {"amsgrad": True}),
    "RMSprop": (RMSprop, {"eps": 1e-3, "momentum": 0.5, "centered": True}),
}
SCHEDULES = {
    "one cycle": lambda o: OneCycleLR(o, [0.05, 0.02], 12),
    "a cycle and a decay": lambda o: [OneCycleLR(o, [0.05, 0.02], 12, three_phase=True), ExponentialLR(o, 0.95)],
    "two": lambda o: [LinearLR(o, total_iters=4), ExponentialLR(o, 0.95)],
    "one and a plateau": lambda o: [LinearLR(o, total_iters=4), ReduceLROnPlateau(o, patience=0, threshold=0.2)],
    "sequence": lambda o: SequentialLR(o, [LinearLR(o), CosineAnnealingLR(o, 6)], [4]),
    "functions": lambda o: LambdaLR(o, [lambda epoch: 1 / (1 + epoch), lambda epoch: 0.9**epoch]),
}


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_groups_and_schedules_are_the_eager_ones(optimizer, schedule):
    found = []
    kind, hyper = OPTIMIZERS[optimizer]
    for jit in (False, True):
        random.seed(1)
        model = MLP(2, [6, 1], nonlin="tanh")
        first, second = (layer.parameters() for layer in model.layers)
        groups = [{"params": first}, {"params": second, "lr": 0.003, "weight_decay": 0.1}]
        trained = kind(groups, lr=0.01, **hyper)
        schedules = SCHEDULES[schedule](trained)
        history = fit(model, mse_loss, trained, X, Y, 11, 7, seed=3, schedule=schedules, progress=False, jit=jit)
        states = [each.state_dict() for each in (schedules if isinstance(schedules, list) else [schedules])]
        kept = [number for state in trained.state for number in state]
        found.append(([p.data for p in trained.params], kept, history.loss, history.lr, history["lr_1"], states))
    for eager, compiled in zip(found[0][:-1], found[1][:-1], strict=True):
        np.testing.assert_allclose(compiled, eager, rtol=1e-9, atol=1e-12)
    if "plateau" not in schedule:  # which keeps a loss
        assert found[0][-1] == found[1][-1]
