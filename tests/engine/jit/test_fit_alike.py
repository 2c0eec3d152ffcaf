"""Whatever is trained, and however: `fit` with the compiler and without it end in the same place."""

import functools
import math
import random
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.jit import Trainer
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    StepLR,
    binary_cross_entropy_with_logits,
    cross_entropy,
    fit,
    hinge_loss,
    mse_loss,
)

OPTIMIZERS = [
    (SGD, {"lr": 0.05}),
    (SGD, {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.1}),
    (SGD, {"lr": 0.02, "momentum": 0.5, "nesterov": True}),
    (Adam, {"lr": 0.02}),
    (Adam, {"lr": 0.02, "betas": (0.5, 0.9), "weight_decay": 0.1}),
    (AdamW, {"lr": 0.02, "weight_decay": 0.3}),
    (Adam, {"lr": 0.01, "eps": 0.0}),
]


def absolute(scores, targets):
    return sum(abs(s - t) for s, t in zip(scores, targets, strict=True)) / len(scores)


LOSSES = {  # and the targets they take: of any size, -1 or 1, 0 to 1, classes, rows
    "mse": (mse_loss, "number"),
    "absolute": (absolute, "number"),
    "hinge": (hinge_loss, "sign"),
    "logistic": (binary_cross_entropy_with_logits, "probability"),
    "classes": (cross_entropy, "class"),
    "rows": (cross_entropy, "row"),
}

SCHEDULES = {
    "none": None,
    "step": lambda o: StepLR(o, 2, gamma=0.5),
    "exponential": lambda o: ExponentialLR(o, 0.8),
    "cosine": lambda o: CosineAnnealingLR(o, 4),
    "lambda": lambda o: LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "counting": lambda o: LambdaLR(o, Counting()),
    "by hand": lambda o: by_hand(o),
}


class Counting:
    def __init__(self):
        self.calls = 0

    def __call__(self, epoch):
        self.calls += 1
        return 1.0 + 0.1 * self.calls


def by_hand(optimizer):
    schedule = StepLR(optimizer, 3)
    optimizer.lr *= 0.5
    return schedule


class Interrupting(LambdaLR):
    """Ctrl-C comes after some epochs."""

    def __init__(self, optimizer, epochs):
        self.epochs = epochs
        super().__init__(optimizer, lambda epoch: 0.9**epoch)

    def step(self):
        super().step()
        if self.last_epoch == self.epochs:
            raise KeyboardInterrupt


def by_hand_model(inputs, outputs, hidden):
    """Functions that no layer has, some weights used several times, others frozen."""
    w = [Value(random.uniform(-1, 1)) for _ in range(inputs)]
    v = [Value(random.uniform(-1, 1)) for _ in range(outputs)]
    frozen = [Value(random.uniform(-1, 1)) for _ in range(hidden)]
    idle = [Value(0.5)] * (hidden % 3)

    def model(x):
        mixed = sum(a * b for a, b in zip(w, x, strict=True))
        h = [(mixed * f).tanh() + (mixed + f).relu() + 0.3 * w[0] for f in frozen]
        scores = [p * sum(h) + (p - 0.5).sigmoid() * mixed.sin() for p in v]
        return scores if outputs > 1 else scores[0]

    return model, [*w, *idle, *v], frozen


def mlp(inputs, outputs, hidden, dropout, freeze):
    model = MLP(inputs, [hidden, outputs], dropout=dropout)
    parameters = model.parameters()
    frozen = parameters[:: freeze + 1] if freeze else []
    return model, [p for p in parameters if p not in frozen], frozen


@st.composite
def trainings(draw):
    return {
        "seed": draw(st.integers(0, 10**6)),
        "loss": draw(st.sampled_from(list(LOSSES))),
        "penalty": draw(st.booleans()),
        "optimizer": draw(st.sampled_from(OPTIMIZERS)),
        "schedule": draw(st.sampled_from([*SCHEDULES, "interrupting"])),
        "inputs": draw(st.integers(1, 3)),
        "hidden": draw(st.integers(1, 12)),
        "samples": draw(st.integers(1, 19)),
        "batch_size": draw(st.none() | st.integers(1, 20)),
        "shuffle": draw(st.booleans()),
        "epochs": draw(st.integers(1, 5)),
        "by_hand": draw(st.booleans()),
        "dropout": draw(st.sampled_from([0.0, 0.0, 1.0])),
        "freeze": draw(st.integers(0, 2)),
        "width": draw(st.sampled_from([None, 1, 2, 4])),
        "array": draw(st.booleans()),
    }


def targets_for(kind, count, generator):
    if kind == "number":
        return [generator.gauss(0, 1) for _ in range(count)]
    if kind == "sign":
        return [generator.choice([-1, 1]) for _ in range(count)]
    if kind == "probability":
        return [generator.choice([0, 1, 0.25]) for _ in range(count)]
    if kind == "class":
        return [generator.randrange(3) for _ in range(count)]
    return [generator.choice([[1.0, 0.0, 0.0], [0.25, 0.25, 0.5]]) for _ in range(count)]


def train(case, jit):
    random.seed(case["seed"])
    loss, kind = LOSSES[case["loss"]]
    outputs = 3 if kind in ("class", "row") else 1
    if case["by_hand"]:
        model, parameters, frozen = by_hand_model(case["inputs"], outputs, case["hidden"])
    else:
        model, parameters, frozen = mlp(case["inputs"], outputs, case["hidden"], case["dropout"], case["freeze"])
    x = [[random.gauss(0, 1) for _ in range(case["inputs"])] for _ in range(case["samples"])]
    y = targets_for(kind, case["samples"], random)
    if case["array"]:
        x, y = np.array(x), np.array(y)

    def penalised(scores, targets):
        return loss(scores, targets) + 1e-2 * sum(p * p for p in [*parameters, *frozen])

    optimizer, hyper = case["optimizer"]
    optimizer = optimizer(parameters, **hyper)
    if case["schedule"] == "interrupting":
        schedule = Interrupting(optimizer, 1 + case["seed"] % 4)
    else:
        make = SCHEDULES[case["schedule"]]
        schedule = make and make(optimizer)
    options = {"shuffle": case["shuffle"], "schedule": schedule, "progress": False, "jit": jit}
    if case["dropout"]:  # the eager loop draws its masks from the global random, as the order of the samples
        options["seed"] = case["seed"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        history = fit(
            model,
            penalised if case["penalty"] else loss,
            optimizer,
            x,
            y,
            case["epochs"],
            case["batch_size"],
            **options,
        )
    numbers = {
        "parameters": [p.data for p in optimizer.params],
        "gradients": [p.grad for p in optimizer.params],
        "frozen": [p.data for p in frozen],
        "state": [number for state in optimizer.state for number in state],
        "loss": history.loss,
    }
    ends = [history.lr, optimizer.lr, optimizer.t, history.interrupted, history.diverged]
    if not case["dropout"]:
        ends.append(random.getstate())
    return numbers, [*ends, getattr(schedule, "last_epoch", None)]


@settings(max_examples=60)
@given(trainings())
def test_random_trainings(case):
    if case["optimizer"][1].get("eps") == 0.0:  # then even the rounding of a gradient that is 0 makes a whole step
        assume(case["loss"] == "mse" and not case["dropout"])
    with pytest.MonkeyPatch.context() as patch:
        if case["width"]:
            narrow = functools.partial(Trainer, width=case["width"], cut=20)
            patch.setattr("micrograd.nn.training.compiled.step.Trainer", narrow)
        numbers, ends = train(case, jit=True)
    expected, expected_ends = train(case, jit=False)
    assert ends == expected_ends
    # Where targets are balanced, all that is left of a gradient may be rounding, of which Adam makes steps of any size.
    assume(not any(0.0 < abs(gradient) < 1e-9 for gradient in expected["gradients"]))
    for name, values in expected.items():
        size = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
        np.testing.assert_allclose(numbers[name], values, rtol=1e-9, atol=1e-9 * max(size, 1e-3), err_msg=name)
    assert numbers["frozen"] == expected["frozen"]
