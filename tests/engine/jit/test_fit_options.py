"""Each option of `fit`, with the compiler and without: the same history, the same parameters, the same schedules."""

import math
import random

import numpy as np
import pytest

from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    CosineAnnealingLR,
    EarlyStopping,
    ExponentialLR,
    LambdaLR,
    Layer,
    LinearLR,
    Module,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
    accuracy,
    cross_entropy,
    evaluate,
    fit,
    mse_loss,
    predict,
)

SAMPLES = 23
EPOCHS = 7
RANDOM = random.Random(0)
X = [[RANDOM.gauss(0, 1) for _ in range(3)] for _ in range(SAMPLES)]
CLASSES = [int(a > 0) + int(b > 0.2) for a, b, _ in X]
NUMBERS = [a * b + math.sin(c) for a, b, c in X]
CLASSIFY = (MLP, cross_entropy, CLASSES)


def two_groups(kind, model, **hyper):
    """The weights of the first layer have a rate of their own, and the rest decays."""
    first, *rest = model.layers
    others = [p for layer in rest for p in layer.parameters()]
    return kind(
        [{"params": first.parameters(), "lr": 0.03, "name": "first"}, {"params": others, "weight_decay": 0.1}], **hyper
    )


def late_group(model):
    """An optimiser that has taken three steps before it trains all of the model."""
    first, *rest = model.layers
    optimizer = Adam(first.parameters(), lr=0.02)
    fit(model, cross_entropy, optimizer, X[:6], CLASSES[:6], 3, progress=False)
    optimizer.add_param_group({"params": [p for layer in rest for p in layer.parameters()], "lr": 0.05})
    return optimizer


OPTIMIZERS = {
    "SGD": lambda model: SGD(model.parameters(), lr=0.05),
    "momentum": lambda model: SGD(model.parameters(), lr=0.02, momentum=0.9, dampening=0.3),
    "maximize": lambda model: SGD(model.parameters(), lr=1e-3, maximize=True),
    "amsgrad": lambda model: Adam(model.parameters(), lr=0.02, amsgrad=True),
    "SGD, two groups": lambda model: two_groups(SGD, model, lr=0.01, momentum=0.5),
    "AdamW, two groups": lambda model: two_groups(AdamW, model, lr=0.01),
    "a group that came late": late_group,
}
SCHEDULES = {
    "step": lambda o: StepLR(o, 2, 0.5),
    "a rate set by hand": lambda o: by_hand(StepLR(o, 3, 0.5), o),
    "cosine": lambda o: CosineAnnealingLR(o, 4, 1e-3),
    "linear": lambda o: LinearLR(o, 0.2, total_iters=4),
    "one after the other": lambda o: SequentialLR(o, [LinearLR(o, 0.1, total_iters=2), ExponentialLR(o, 0.7)], [3]),
    "one cycle": lambda o: OneCycleLR(o, 0.05, total_steps=EPOCHS + 1),
    "one cycle of the rate": lambda o: OneCycleLR(o, 0.05, total_steps=EPOCHS + 1, cycle_momentum=False),
    "two": lambda o: [LinearLR(o, 0.2, total_iters=4), ExponentialLR(o, 0.9)],
    "a function": lambda o: LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "plateau": lambda o: ReduceLROnPlateau(o, patience=0, factor=0.5, threshold=0.05),
    "plateau and step": lambda o: [ReduceLROnPlateau(o, patience=0, threshold=0.1), StepLR(o, 3)],
}


def by_hand(schedule, optimizer):
    for group in optimizer.param_groups:
        group["lr"] *= 1.5
    return schedule


class Halving:
    """Halves the learning rate when an epoch was no better than the one before."""

    def on_epoch_end(self, state):
        losses = state.history.loss
        if len(losses) > 1 and losses[-1] > 0.98 * losses[-2]:
            for group in state.optimizer.param_groups:
                group["lr"] *= 0.5


class Nudging:
    """Changes a parameter that is trained, and one that is not."""

    def on_epoch_end(self, state):
        state.model.parameters()[0].data += 0.125


class Stopping:
    def on_epoch_end(self, state):
        state.stop = state.epoch == 4


OPTIONS = {
    "weights of samples": {"sample_weight": [0.25 * (i % 5) for i in range(SAMPLES)]},
    "weights of classes": {"class_weight": {0: 3.0, 1: 0.5, 2: 1.0}},
    "both": {"class_weight": {0: 3.0, 1: 0.0, 2: 1.0}, "sample_weight": np.linspace(0, 2, SAMPLES)},
    "clipped norm": {"clip_grad_norm": 0.5},
    "clipped norm, one batch": {"clip_grad_norm": 0.1, "batch_size": None},
    "clipped values": {"clip_grad_value": 0.05},
    "validation": {"validation": (X[:9], CLASSES[:9])},
    "a part for validation": {"validation": 0.3, "seed": 5},
    "metrics": {"metrics": {"accuracy": accuracy}},
    "metrics and validation": {
        "metrics": {"accuracy": accuracy, "most": lambda p, t: max(map(max, p))},
        "validation": (np.array(X[5:12]), np.array(CLASSES[5:12])),
    },
    "a rate that a callback sets": {"callbacks": [Halving()]},
    "parameters that a callback sets": {"callbacks": [Nudging()]},
    "a callback that stops": {"callbacks": [Stopping()]},
    "early stopping": {"callbacks": [EarlyStopping(1, min_delta=0.05)], "validation": (X[:9], CLASSES[:9])},
    "a seed": {"seed": 3},
    "as they are": {"shuffle": False},
}


def trained(jit, *, optimizer="AdamW, two groups", schedule=None, problem=CLASSIFY, **options):
    random.seed(1)
    kind, loss, targets = problem
    model = kind(3, [5, 3 if loss is cross_entropy else 1], nonlin="tanh")
    made = OPTIMIZERS[optimizer](model)
    schedule = SCHEDULES[schedule](made) if schedule else None
    options = {"batch_size": 6, "schedule": schedule, **options}
    random.seed(2)
    history = fit(model, loss, made, X, targets, EPOCHS, progress=False, jit=jit, **options)
    return model, made, schedule, history, random.random()


def check_alike(**options):
    """Train in both ways."""
    eager, compiled = (trained(jit, **options) for jit in (False, True))
    assert eager[3].keys() == compiled[3].keys()
    for name, column in eager[3].items():
        np.testing.assert_allclose(compiled[3][name], column, rtol=1e-9, err_msg=name)
    for part in ("data", "grad"):
        numbers = [[getattr(p, part) for p in model.parameters()] for model, *_ in (eager, compiled)]
        np.testing.assert_allclose(numbers[1], numbers[0], rtol=1e-9, atol=1e-12, err_msg=part)
    states = [optimizer.state_dict() for _, optimizer, *_ in (eager, compiled)]
    assert states[0]["t"] == states[1]["t"]
    assert states[0]["param_groups"] == states[1]["param_groups"]
    np.testing.assert_allclose(states[1]["state"], states[0]["state"], rtol=1e-9, atol=1e-12)
    assert eager[4] == compiled[4]
    for one, other in zip(*(as_list(schedule) for _, _, schedule, *_ in (eager, compiled)), strict=True):
        assert rounded(one.state_dict()) == rounded(other.state_dict())
        assert one.get_last_lr() == other.get_last_lr()
    return eager, compiled


def rounded(state):
    return {name: round(entry, 9) if isinstance(entry, float) else entry for name, entry in state.items()}


def as_list(schedule):
    return schedule if isinstance(schedule, list) else [] if schedule is None else [schedule]


@pytest.mark.parametrize("option", OPTIONS)
def test_options(option):
    check_alike(**OPTIONS[option])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("clip", [{}, {"clip_grad_norm": 0.3}], ids=["", "clipped"])
def test_optimizers(optimizer, clip):
    check_alike(optimizer=optimizer, **clip)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", ["momentum", "amsgrad", "SGD, two groups", "AdamW, two groups"])
def test_schedules(optimizer, schedule):
    check_alike(optimizer=optimizer, schedule=schedule)


@pytest.mark.parametrize("schedule", ["step", "plateau", "one cycle"])
def test_schedules_beside_validation(schedule):
    check_alike(schedule=schedule, validation=0.3, metrics={"accuracy": accuracy}, clip_grad_value=0.1)


def test_everything_together_for_numbers():
    check_alike(
        optimizer="momentum",
        schedule="two",
        problem=(MLP, mse_loss, NUMBERS),
        sample_weight=[1.0 + i % 3 for i in range(SAMPLES)],
        clip_grad_norm=1.0,
        validation=0.2,
        metrics={"worst": lambda p, t: max(abs(a - b) for a, b in zip(p, t, strict=True))},
        callbacks=[Halving(), EarlyStopping(3)],
        seed=1,
    )


def test_a_momentum_that_becomes_0_is_refused_by_name():
    random.seed(0)
    model = MLP(3, [3])
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    schedule = OneCycleLR(optimizer, 0.1, total_steps=4, pct_start=0.5, base_momentum=0.0)
    with pytest.raises(ValueError, match=r"compiles a momentum that is not 0 into the step, .* makes it 0\.0"):
        fit(model, cross_entropy, optimizer, X, CLASSES, 4, schedule=schedule, jit=True, progress=False)


def test_a_group_that_a_callback_adds_is_refused_by_name():
    class Adding:
        def on_epoch_end(self, state):
            if state.epoch == 1:
                state.optimizer.add_param_group({"params": model.layers[1].parameters()})

    model = MLP(3, [4, 3])
    optimizer = SGD(model.layers[0].parameters(), lr=0.1)
    with pytest.raises(ValueError, match="a schedule or a callback has made it"):
        fit(model, cross_entropy, optimizer, X, CLASSES, 3, callbacks=[Adding()], jit=True, progress=False)


class Scaled(Module):
    def __init__(self):
        self.net = MLP(3, [4, 3], nonlin="tanh", dropout=0.1)
        self.scale, self.factors, self.table, self.calls = Value(1.0), [1.0, 2.0], {"a": Value(0.5)}, 0
        self.last = self.scale * self.scale

    def __call__(self, x):
        self.calls += 1
        self.seen, self.kind = x, float
        return [self.scale * (output + self.table["a"]).tanh() * self.factors[0] for output in self.net(x)]


class At:
    """Does something after the second epoch."""

    def __init__(self, change):
        self.change = change

    def on_epoch_end(self, state):
        if state.epoch == 2:
            self.change(state.model)


REPLACED = {
    "net.layers": lambda m: m.net.layers.__setitem__(1, Layer(4, 3, nonlin=False)),
    "net": lambda m: setattr(m, "net", MLP(3, [4, 3], nonlin="tanh", dropout=0.1)),
    "net.layers.0.neurons.0.nonlin='tanh'": lambda m: setattr(m.net.layers[0].neurons[0], "nonlin", "relu"),
    "net.layers.0.neurons.1.w": lambda m: m.net.layers[0].neurons[1].w.__setitem__(0, Value(0.5)),
    "net.layers.1.neurons.2.b": lambda m: setattr(m.net.layers[1].neurons[2], "b", Value(0.0)),
    "scale": lambda m: setattr(m, "scale", Value(1.0)),
    "table.a": lambda m: m.table.update(a=Value(0.5)),
}


@pytest.mark.parametrize("name", REPLACED)
def test_a_part_of_the_model_that_a_callback_replaces_is_refused_by_name(name):
    model = Scaled()
    with pytest.raises(ValueError, match=rf"fit with jit=True compiles {name}.* but a callback has made it "):
        fit(model, cross_entropy, SGD(model.parameters()), X, CLASSES, 4, callbacks=[At(REPLACED[name])], jit=True,
            progress=False)  # fmt: skip


def test_what_a_callback_may_do_with_a_model():
    def change(model):
        predict(model, X)
        model.eval()
        model.last = model(X[0])[0]  # computed
        model._note = "seen"
        model.load_state_dict(dict.fromkeys(model.state_dict(), 0.5))
        model.requires_grad = True
        model.note = model._note = model._loop = [1]
        model.note.append(model.note)

    model = Scaled()
    history = fit(model, cross_entropy, SGD(model.parameters()), X, CLASSES, 4, callbacks=[At(change)], jit=True,
                  progress=False)  # fmt: skip
    assert len(history.loss) == 4


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_parts_of_a_training_with_a_seed_are_the_whole(jit, dropout):
    def run(*ends):
        random.seed(0)
        model = MLP(3, [5, 3], dropout=dropout)
        optimizer = Adam(model.parameters(), lr=0.05)
        schedule = OneCycleLR(optimizer, 0.1, total_steps=EPOCHS + 1)
        history = None
        for end in ends:
            history = fit(
                model, cross_entropy, optimizer, X, CLASSES, end, 5,
                seed=4, schedule=schedule, history=history, jit=jit, progress=False,
            )  # fmt: skip
        return history, model.state_dict(), optimizer.state_dict(), schedule.state_dict()

    assert run(EPOCHS) == run(2, 3, EPOCHS)


@pytest.mark.parametrize("jit", [False, True])
def test_what_is_measured_is_what_evaluate_and_predict_say(jit):
    model, *_, history, _ = trained(jit, validation=(X[:9], CLASSES[:9]), metrics={"accuracy": accuracy})
    found = evaluate(model, cross_entropy, X[:9], CLASSES[:9], metrics={"accuracy": accuracy}, jit=jit)
    assert {"val_" + name: number for name, number in found.items()} == pytest.approx(
        {name: column[-1] for name, column in history.items() if name.startswith("val_")}, rel=1e-12
    )
    assert history["accuracy"][-1] == accuracy(predict(model, X, jit=jit), CLASSES)


def by_class(predictions, targets):
    """A mean weighted by targets, of one's own."""
    weights = [1.0 + 4.0 * t for t in targets]
    losses = [w * (p - t) ** 2 for w, p, t in zip(weights, predictions, targets, strict=True)]
    return sum(losses[1:], losses[0]) / sum(weights)


@pytest.mark.parametrize("targets", [[0, 0, 1, 1], [0, 1, 1, 0], [0] * 8 + [1] * 8, [0] * 20 + [1] * 21 + [2] * 20])
@pytest.mark.parametrize("size", [2, 4, 8])
@pytest.mark.parametrize(
    ("outputs", "loss"),
    [
        (3, lambda p, t: cross_entropy(p, t, weight=[1.0, 5.0, 2.0])),
        (3, lambda p, t: cross_entropy(p, t, ignore_index=1)),
        (1, by_class),
    ],
    ids=["weights", "ignored", "of one's own"],
)
def test_a_loss_that_is_no_mean_is_refused_however_the_targets_are_sorted(targets, size, outputs, loss):
    random.seed(0)
    model = MLP(1, [outputs])
    samples = [[float(i % 7)] for i in range(len(targets))]
    with pytest.raises(ValueError, match="a loss that is a mean over the samples"):
        fit(model, loss, SGD(model.parameters(), lr=0.1), samples, targets, 3, size, jit=True, progress=False)
