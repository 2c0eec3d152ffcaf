"""Tells three kinds of points apart, with all that training for real takes."""

import math
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, assert_type

from micrograd.engine import Value
from micrograd.nn import (
    MLP,
    SGD,
    Adam,
    AdamW,
    Checkpoint,
    CosineAnnealingLR,
    EarlyStopping,
    Embedding,
    ExponentialLR,
    FitState,
    History,
    LambdaLR,
    Layer,
    LayerNorm,
    Linear,
    LinearLR,
    LRScheduler,
    Module,
    Neuron,
    OneCycleLR,
    Optimizer,
    ReduceLROnPlateau,
    RMSNorm,
    RMSprop,
    Sequential,
    SequentialLR,
    StepLR,
    accuracy,
    binary_cross_entropy_with_logits,
    clip_grad_norm_,
    clip_grad_value_,
    cross_entropy,
    dropout,
    evaluate,
    fit,
    gelu,
    hinge_loss,
    huber_loss,
    l1_loss,
    leaky_relu,
    load,
    log_softmax,
    logsumexp,
    mse_loss,
    predict,
    relu,
    resume,
    save,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)

CENTRES = [(-1.0, 0.0), (1.0, 0.0), (0.0, 1.5)]


def points(number: int) -> tuple[list[list[float]], list[int]]:
    """Points around three centres, and which centre each has."""
    kinds = [random.randrange(3) for _ in range(number)]
    return [[random.gauss(centre, 0.3) for centre in CENTRES[kind]] for kind in kinds], kinds


def scaled(nin: int, nout: int) -> float:
    """A start of one's own."""
    return random.gauss(0.0, 1 / math.sqrt(nin + nout))


def squared(x: Value) -> Value:
    """An activation of one's own."""
    return x.relu() ** 2


class Network(Module):
    """A model of one's own, made of Modules."""

    def __init__(self) -> None:
        self.sides = Embedding(2, 4)
        self.body = Sequential(Linear(2, 4, bias=False, init="glorot"), LayerNorm(4), gelu, RMSNorm(4))
        self.head = Linear(4, 3)

    def __call__(self, x: list[Value]) -> list[Value]:
        body: list[Value] = self.body(x)
        right = self.sides(1)
        return self.head([dropout(a, 0.1) + b if self.training else a + b for a, b in zip(body, right, strict=True)])


def models() -> list[Module]:
    """With three outputs."""
    return [
        Layer(2, 3, nonlin=squared, init=scaled),
        MLP(2, [4, 3], nonlin="gelu", init="kaiming", dropout=0.1),
        Network(),
    ]


def functions() -> None:
    """On Values, numbers and lists."""
    x = Value(0.5)
    for function in (relu, tanh, sigmoid, gelu, silu, softplus):
        assert_type(function(x), Value)
        assert_type(function(0.5), float)
        assert math.isclose(function(x).data, function(0.5), rel_tol=1e-12)
    assert leaky_relu(-1.0, negative_slope=0.5) == -0.5
    assert math.isclose(sum(softmax([1.0, 2.0])), 1.0)
    assert math.isclose(log_softmax([1.0, 2.0])[0], 1.0 - logsumexp([1.0, 2.0]))


def losses() -> None:
    """With their options."""
    scores, truth = [Neuron(2, nonlin="tanh")([0.5, -1.0]), Value(-2.0)], [1.0, 0.0]
    assert_type(mse_loss(scores, truth, weight=[1.0, 2.0]), Value)
    assert_type(l1_loss(scores, truth, reduction="sum"), Value)
    assert_type(huber_loss(scores, truth, delta=0.5), Value)
    assert_type(hinge_loss(scores, [1, -1]), Value)
    assert_type(binary_cross_entropy_with_logits(scores, truth, weight=[1.0, 2.0], pos_weight=2.0), Value)
    assert_type(cross_entropy([scores], [0], reduction="none"), list[Value])


def smooth_cross_entropy(rows: list[Any], targets: list[Any]) -> Value:
    """A loss with options."""
    return cross_entropy(rows, targets, ignore_index=7, label_smoothing=0.1)


def optimizers(model: Module) -> list[Optimizer]:
    """With all their options, and with groups."""
    names = dict(model.named_parameters())
    biases = [value for name, value in names.items() if name.endswith("bias")]
    others = [value for name, value in names.items() if not name.endswith("bias")]
    adamw = AdamW([{"params": others}, {"params": biases, "weight_decay": 0.0, "name": "biases"}], lr=0.02)
    adamw.param_groups[1]["lr"] = 0.01
    sgd = SGD(others, lr=0.01, momentum=0.9, dampening=0.1, weight_decay=0.1, maximize=True)
    sgd.add_param_group({"params": biases, "lr": 0.1, "maximize": False})
    assert_type(sgd.params, list[Value])
    rmsprop = RMSprop(names.values(), lr=0.01, alpha=0.9, momentum=0.5, centered=True)
    return [adamw, sgd, rmsprop, Adam(names.values(), lr=0.01, betas=(0.8, 0.99), amsgrad=True)]


def schedules(optimizer: Optimizer) -> list[LRScheduler]:
    """Of all kinds."""
    warm, cool = LinearLR(optimizer, start_factor=0.5, total_iters=2), CosineAnnealingLR(optimizer, T_max=8)
    return [
        StepLR(optimizer, 3, gamma=0.5),
        ExponentialLR(optimizer, 0.9),
        LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch)),
        OneCycleLR(optimizer, max_lr=0.1, total_steps=10),
        SequentialLR(optimizer, [warm, cool], milestones=[2]),
    ]


class UntilSmall:
    """A callback of one's own, which ends the training when the loss is small."""

    def __init__(self, enough: float) -> None:
        self.enough = enough
        self.epochs = 0

    def on_epoch_end(self, state: FitState) -> None:
        """Look at the last loss."""
        assert_type(state.history, History)
        assert_type(state.epoch, int)
        self.epochs = state.epoch
        state.stop = state.history.loss[-1] < self.enough


def spread(predictions: list[Any], targets: list[Any]) -> float:
    """A metric of one's own."""
    return float(max(max(row) - min(row) for row in predictions)) * (len(targets) > 0)


def by_hand(model: Module, X: list[list[float]], y: list[int]) -> None:
    """A step without `fit`."""
    optimizer = optimizers(model)[-1]
    plateau = ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    for _ in range(2):
        loss = smooth_cross_entropy([model(x) for x in X], y)
        optimizer.zero_grad()
        loss.backward()
        assert_type(clip_grad_norm_(model.parameters(), 1.0), float)
        clip_grad_value_(model.parameters(), 0.5)
        optimizer.step()
        plateau.step(loss.data)
    assert_type(plateau.get_last_lr(), list[float])


def trained(folder: Path, epochs: int, jit: bool) -> tuple[MLP, History]:
    """Train, or go on."""
    random.seed(1)
    X, y = points(40)
    model = MLP(2, [6, 3], nonlin="silu", init="glorot")
    optimizer = AdamW(model.parameters(), lr=0.05)
    schedule = SequentialLR(optimizer, [LinearLR(optimizer, 0.5, total_iters=2), ExponentialLR(optimizer, 0.95)], [2])
    checkpoint = folder / f"run-{jit}.json"
    stopping = EarlyStopping(50, monitor="val_accuracy", mode="max")
    history = resume(checkpoint, model, optimizer, schedule, [stopping]) if checkpoint.exists() else None
    history = fit(
        model,
        smooth_cross_entropy,
        optimizer,
        X,
        y,
        epochs,
        10,
        shuffle=True,
        seed=4,
        schedule=schedule,
        progress=False,
        jit=jit,
        validation=0.25,
        metrics={"accuracy": accuracy, "spread": spread},
        callbacks=[UntilSmall(0.01), stopping, Checkpoint(checkpoint)],
        clip_grad_norm=2.0,
        class_weight={0: 1.0, 1: 1.0, 2: 2.0},
        sample_weight=[1.0] * 40,
        history=history,
    )
    return model, history


def frozen(model: MLP, X: list[list[float]], y: list[int]) -> None:
    """Train the last layer alone."""
    model.layers[0].requires_grad_(False)
    before = model.layers[0].state_dict()
    fit(model, cross_entropy, SGD(model.parameters(), lr=0.1), X, y, epochs=2, progress=False)
    assert model.layers[0].state_dict() == before
    model.requires_grad_()


def main(jit: bool) -> None:
    """Do all of it, and print how long was trained, and how many of new points are told right."""
    random.seed(1)
    X, y = points(20)
    functions()
    losses()
    for each in models():
        by_hand(each, X, y)
    for optimizer in optimizers(Network()):
        for schedule in schedules(optimizer):
            schedule.step()
            assert_type(schedule.get_last_lr(), list[float])
            schedule.load_state_dict(schedule.state_dict())
        optimizer.load_state_dict(optimizer.state_dict())
    with TemporaryDirectory() as folder:
        trained(Path(folder), 5, jit)
        model, history = trained(Path(folder), 10, jit)
        save(model.state_dict(), Path(folder) / "model.json")
        assert load(Path(folder) / "model.json") == model.state_dict()
    assert_type(history["val_accuracy"], list[float])
    found = evaluate(model, cross_entropy, X, y, metrics={"accuracy": accuracy}, batch_size=8, jit=jit)
    assert_type(found, dict[str, float])
    rows: list[list[float]] = predict(model, X, batch_size=8, jit=jit)
    frozen(model, X, y)
    print(len(history.loss), f"{found['accuracy']:.2f}", len(rows))


if __name__ == "__main__":
    main(jit="jit" in sys.argv)
