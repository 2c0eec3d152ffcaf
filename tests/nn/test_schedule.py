"""Learning-rate schedules against torch.optim.lr_scheduler."""

import itertools
import json
import math
import random
from copy import deepcopy
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import micrograd.nn
from interrupts import InterruptAt
from micrograd.engine import Value
from micrograd.nn import (
    SGD,
    Adam,
    Checkpoint,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    Layer,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    Optimizer,
    ReduceLROnPlateau,
    RMSprop,
    SequentialLR,
    StepLR,
    fit,
    load,
    mse_loss,
    resume,
    save,
)
from micrograd.nn.schedule import FORMULAS, is_formula

pytestmark = pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step")

EPOCHS = 40
CASES = [
    ("StepLR", {"step_size": 1}),
    ("StepLR", {"step_size": 7, "gamma": 0.5}),
    ("StepLR", {"step_size": 3, "gamma": 1.1}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ExponentialLR", {"gamma": 0.0}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingLR", {"T_max": 9, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 1}),
    ("LambdaLR", {"lr_lambda": lambda epoch: 1 - 0.9 * epoch / 100}),
    ("LambdaLR", {"lr_lambda": [lambda epoch: 0.5 * 0.95**epoch, lambda epoch: 1 / (1 + epoch)]}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 12}),
    ("LinearLR", {"start_factor": 0.5, "total_iters": 1}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": EPOCHS}),
    ("OneCycleLR", {"max_lr": [0.5, 0.1], "total_steps": EPOCHS, "three_phase": True, "anneal_strategy": "linear"}),
]
IDS = [f"{i} {name}" for i, (name, _) in enumerate(CASES)]
cases = pytest.mark.parametrize("case", CASES, ids=IDS)
pairs = pytest.mark.parametrize(
    "pair", list(itertools.product(CASES, repeat=2)), ids=["-".join(pair) for pair in itertools.product(IDS, repeat=2)]
)


def optimizers(kind="SGD", groups=2, **hyper):
    """One of ours and torch's, with groups of different rates."""
    rates = [0.2, 0.05, 0.01][:groups]
    ours = getattr(micrograd.nn, kind)([{"params": [Value(1.0)], "lr": lr} for lr in rates], **hyper)
    theirs = getattr(torch.optim, kind)(
        [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in rates], **hyper
    )
    return ours, theirs


def fitting(case, groups):
    """The case for an optimiser of so many groups: what is a list, is cut."""
    name, arguments = case
    return name, {key: value[:groups] if isinstance(value, list) else value for key, value in arguments.items()}


def both(case, ours, theirs):
    name, arguments = case
    return getattr(micrograd.nn, name)(ours, **arguments), getattr(torch.optim.lr_scheduler, name)(theirs, **arguments)


def in_sequence(parts, milestones, ours, theirs):
    made = [both(case, ours, theirs) for case in parts]
    return (
        SequentialLR(ours, [part for part, _ in made], milestones),
        torch.optim.lr_scheduler.SequentialLR(theirs, [part for _, part in made], milestones),
    )


def assert_same_groups(ours, theirs, message=""):
    for mine, reference in zip(ours.param_groups, theirs.param_groups, strict=True):
        assert mine["lr"] == pytest.approx(reference["lr"], rel=1e-12, abs=1e-15), message
        for name in ("momentum", "betas"):
            if name in mine:
                assert mine[name] == pytest.approx(reference[name], rel=1e-12, abs=1e-15), message


def assert_alike(ours, theirs, schedules, epochs=EPOCHS, by_hand=None):
    """Step both, with a rate set by hand in one epoch if wanted."""
    for epoch in range(epochs):
        assert_same_groups(ours, theirs, f"epoch {epoch}")
        for schedule, reference in schedules:
            assert schedule.last_epoch == reference.last_epoch
            assert schedule.get_last_lr() == pytest.approx(reference.get_last_lr(), rel=1e-12, abs=1e-15)
        if by_hand is not None and epoch == by_hand:
            for group in (ours.param_groups[-1], theirs.param_groups[-1]):
                group["lr"] = 0.0123
        for schedule, reference in schedules:
            schedule.step()
            reference.step()
    assert_same_groups(ours, theirs, "at the end")


@cases
@pytest.mark.parametrize("groups", [1, 2])
def test_40_epochs_match_torch(case, groups):
    ours, theirs = optimizers(groups=groups)
    assert_alike(ours, theirs, [both(fitting(case, groups), ours, theirs)])


@cases
@pytest.mark.parametrize("epoch", [0, 1, 6, 20])
def test_a_rate_set_by_hand_is_kept_as_in_torch(case, epoch):
    ours, theirs = optimizers()
    assert_alike(ours, theirs, [both(case, ours, theirs)], by_hand=epoch)


@pairs
def test_two_chained_match_torch(pair):
    """OneCycleLR sets `initial_lr`, also for schedules made after it."""
    ours, theirs = optimizers()
    assert_alike(ours, theirs, [both(case, ours, theirs) for case in pair], by_hand=11)


@pairs
def test_one_after_the_other_matches_torch(pair):
    ours, theirs = optimizers()
    assert_alike(ours, theirs, [in_sequence(pair, [5], ours, theirs)], by_hand=11)


@given(
    st.lists(st.sampled_from(CASES), min_size=1, max_size=4),
    st.lists(st.integers(0, EPOCHS), min_size=3, max_size=3),
    st.none() | st.integers(0, EPOCHS),
    st.booleans(),
)
def test_any_sequence_matches_torch(parts, milestones, by_hand, chained):
    ours, theirs = optimizers()
    schedules = [in_sequence(parts, sorted(milestones)[: len(parts) - 1], ours, theirs)]
    if chained:
        schedules.append(both(("ExponentialLR", {"gamma": 0.99}), ours, theirs))
    assert_alike(ours, theirs, schedules, by_hand=by_hand)


@given(
    st.lists(st.sampled_from(CASES), min_size=1, max_size=4),
    st.integers(0, EPOCHS),
    st.none() | st.integers(0, EPOCHS),
)
def test_any_chain_goes_on_from_its_state_as_in_torch(parts, epochs, by_hand):
    ours, theirs = optimizers()
    schedules = [both(case, ours, theirs) for case in parts]
    assert_alike(ours, theirs, schedules, epochs, by_hand=by_hand)
    assume(all(group["lr"] >= 0 for group in ours.param_groups))  # else the optimiser refuses its own state
    states = json.loads(json.dumps([ours.state_dict(), *(schedule.state_dict() for schedule, _ in schedules)]))
    resumed, _ = optimizers()
    again = [(both(case, resumed, _)[0], reference) for case, (_s, reference) in zip(parts, schedules, strict=True)]
    for owner, state in zip([resumed, *(schedule for schedule, _r in again)], states, strict=True):
        owner.load_state_dict(state)
    assert_alike(resumed, theirs, again, EPOCHS - epochs)


def test_a_sequence_goes_on_from_its_state(tmp_path):
    warmup, decay = ("LinearLR", {"total_iters": 4}), ("CosineAnnealingLR", {"T_max": 20})
    for epochs in (0, 3, 4, 5, 11):
        ours, theirs = optimizers()
        schedule, reference = in_sequence([warmup, decay], [4], ours, theirs)
        assert_alike(ours, theirs, [(schedule, reference)], epochs)
        save({"optimizer": ours.state_dict(), "schedule": schedule.state_dict()}, tmp_path / "state.json")
        state = load(tmp_path / "state.json")
        resumed, other = optimizers()
        again, _ = in_sequence([("LinearLR", {"total_iters": 9}), decay], [9], resumed, other)
        resumed.load_state_dict(state["optimizer"])
        again.load_state_dict(state["schedule"])
        assert_alike(resumed, theirs, [(again, reference)], 20)


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "RMSprop"])
@pytest.mark.parametrize("strategy", ["cos", "linear"])
@pytest.mark.parametrize("three_phase", [False, True])
@pytest.mark.parametrize("cycle_momentum", [False, True])
@pytest.mark.parametrize("pct_start", [0.0, 0.25, 0.3, 0.5, 1.0])
def test_one_cycle_matches_torch_step_by_step(kind, strategy, three_phase, cycle_momentum, pct_start):
    arguments = {
        "max_lr": [1.0, 0.5],
        "epochs": 3,
        "steps_per_epoch": 11,
        "pct_start": pct_start,
        "anneal_strategy": strategy,
        "cycle_momentum": cycle_momentum,
        "base_momentum": [0.8, 0.7],
        "max_momentum": 0.9,
        "div_factor": 10.0,
        "final_div_factor": 100,
        "three_phase": three_phase,
    }
    ours, theirs = optimizers(kind)
    schedule, reference = both(("OneCycleLR", arguments), ours, theirs)
    if pct_start == 1.0 and not three_phase:  # torch divides by 0 in the last step
        assert_alike(ours, theirs, [(schedule, reference)], epochs=32)
        schedule.step()
        assert schedule.get_last_lr() == pytest.approx([0.001, 0.0005])
        return
    assert_alike(ours, theirs, [(schedule, reference)], epochs=33)
    assert list(schedule.sets) == ([] if not cycle_momentum else ["betas" if "Adam" in kind else "momentum"])
    with pytest.raises(ValueError, match="has a cycle of 33 steps, and all have been taken"):
        schedule.step()
    with pytest.raises(ValueError, match="total steps is 33"):
        reference.step()
    assert schedule.last_epoch == 33
    assert_same_groups(ours, theirs)


PLATEAU = {
    "mode": st.sampled_from(["min", "max"]),
    "factor": st.floats(0.0, 0.99),
    "patience": st.integers(0, 4),
    "threshold": st.floats(0.0, 0.5),
    "threshold_mode": st.sampled_from(["rel", "abs"]),
    "cooldown": st.integers(0, 3),
    "min_lr": st.floats(0.0, 0.1) | st.lists(st.floats(0.0, 0.1), min_size=2, max_size=2),
    "eps": st.sampled_from([0.0, 1e-8, 0.01]),
}


@given(
    st.fixed_dictionaries({}, optional=PLATEAU),
    st.lists(st.floats(-2.0, 2.0) | st.sampled_from([math.nan, math.inf, -math.inf, 1.0]), min_size=30, max_size=60),
    st.integers(0, 30),
    st.booleans(),
)
def test_a_plateau_is_found_as_in_torch(arguments, metrics, stop, chained):
    ours, theirs = optimizers()
    schedule, reference = both(("ReduceLROnPlateau", arguments), ours, theirs)
    others = [both(("ExponentialLR", {"gamma": 0.97}), ours, theirs)] if chained else []
    for epoch, metric in enumerate(metrics):
        if epoch == stop:
            state = json.loads(json.dumps([ours.state_dict(), schedule.state_dict()]))
            ours, _ = optimizers()
            schedule, _ = both(("ReduceLROnPlateau", {}), ours, _)
            ours.load_state_dict(state[0])
            schedule.load_state_dict(state[1])
            others = []
        for each, expected in others:
            each.step()
            expected.step()
        schedule.step(metric)
        reference.step(metric)
        assert_same_groups(ours, theirs, f"epoch {epoch}")
        assert schedule.get_last_lr() == pytest.approx(reference.get_last_lr(), rel=1e-12)
        for name in ("best", "num_bad_epochs", "cooldown_counter", "last_epoch"):
            assert repr(getattr(schedule, name)) == repr(getattr(reference, name))


@pytest.mark.parametrize("metric", [torch.tensor(0.5), Value(0.5), 1])
def test_a_metric_is_whatever_has_a_float(metric):
    ours, _ = optimizers()
    schedule = ReduceLROnPlateau(ours)
    schedule.step(metric)
    assert schedule.best == float(metric)
    with pytest.raises(TypeError, match=r"metrics must be a number, got None \(NoneType\)"):
        schedule.step(None)
    assert schedule.last_epoch == 1


@pytest.mark.parametrize("validation", [None, ([3.0], [9.0])])
def test_fit_hands_a_plateau_the_loss_that_matters(validation):
    w = Value(0.1)
    optimizer = SGD([w], lr=0.01)
    schedule = ReduceLROnPlateau(optimizer)
    X, y = [1.0, 2.0], [1.0, 2.0]
    history = fit(lambda x: w * x[0], mse_loss, optimizer, X, y, 5, schedule=schedule, validation=validation,
                  progress=False)  # fmt: skip
    assert schedule.last_epoch == 5
    assert schedule.best == min(history["val_loss" if validation else "loss"])


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_plateau_passes_over_an_epoch_that_ctrl_c_left_without_validation(at):
    """Not knowing is no bad epoch; going on, it counts as if that epoch had not been."""

    def interrupt(predictions, targets):
        if optimizer.t == at:
            raise KeyboardInterrupt
        return 0.0

    w = Value(0.1)
    optimizer = SGD([w], lr=0.01)
    plateau, other = ReduceLROnPlateau(optimizer, patience=0), ExponentialLR(optimizer, 0.5)
    history = fit(lambda x: w * x[0], mse_loss, optimizer, [1.0, 2.0], [1.0, 2.0], 5, schedule=[plateau, other],
                  validation=([3.0], [9.0]), metrics={"m": interrupt}, progress=False)  # fmt: skip
    assert (len(history.loss), other.last_epoch, plateau.last_epoch) == (at, at, at - 1)
    assert plateau.num_bad_epochs == 0
    assert optimizer.lr == 0.01 * 0.5**at
    assert plateau.best == min(history["val_loss"][:-1], default=math.inf)


def test_a_nan_of_validation_is_a_bad_epoch():
    w = Value(0.1)
    optimizer = SGD([w], lr=0.01)
    schedule = ReduceLROnPlateau(optimizer, patience=0, factor=0.5)
    fit(lambda x: w * x[0], mse_loss, optimizer, [1.0], [1.0], 3, schedule=schedule, validation=([3.0], [math.nan]),
        progress=False)  # fmt: skip
    assert optimizer.lr == 0.01 * 0.5**3


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda other: StepLR(other, 1),
        lambda other: [ReduceLROnPlateau(other)],
        lambda other: SequentialLR(other, [StepLR(other, 1), ExponentialLR(other, 0.5)], [2]),
        lambda other: torch.optim.lr_scheduler.StepLR(torch.optim.SGD([torch.tensor(1.0)], lr=0.1), 1),
    ],
    ids=["one", "in a list", "sequence", "torch's"],
)
def test_a_schedule_of_another_optimizer_is_refused_by_name(make, jit):
    w = Value(0.1)
    schedule = make(SGD([Value(1.0)], lr=0.5))
    name = type(schedule[0] if isinstance(schedule, list) else schedule).__name__
    with pytest.raises(ValueError, match=f"fit: the schedule {name} sets the learning rates of another optimizer"):
        fit(lambda x: w * x[0], mse_loss, SGD([w], lr=0.1), [1.0], [1.0], 3, schedule=schedule, progress=False, jit=jit)
    assert w.data == 0.1


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda o: OneCycleLR(o, 0.1, total_steps=5, cycle_momentum=False),
        lambda o: [ReduceLROnPlateau(o), OneCycleLR(o, 0.1, total_steps=5, cycle_momentum=False)],
        lambda o: SequentialLR(o, [StepLR(o, 1), OneCycleLR(o, 0.1, total_steps=3, cycle_momentum=False)], [2]),
    ],
    ids=["alone", "beside another", "in a sequence"],
)
def test_a_cycle_that_is_too_short_is_found_before_the_first_epoch(make, jit):
    w = Value(0.1)
    optimizer = SGD([w], lr=0.01)
    schedule = make(optimizer)
    options = {"schedule": schedule, "progress": False, "jit": jit}
    rate = optimizer.lr
    with pytest.raises(ValueError, match=r"LR cannot step after epoch 6 of the 7 to come: OneCycleLR has a cycle of"):
        fit(lambda x: w * x[0], mse_loss, optimizer, [1.0], [1.0], 7, **options)
    assert (w.data, optimizer.lr, optimizer.t) == (0.1, rate, 0)
    fit(lambda x: w * x[0], mse_loss, optimizer, [1.0], [1.0], 5, **options)
    assert optimizer.t == 5


def test_it_starts_from_the_rate_it_finds():
    optimizer = Adam([Value(1.0)], lr=0.5)
    optimizer.lr = 0.25
    schedule = LambdaLR(optimizer, lambda epoch: 2.0)
    assert (schedule.base_lr, schedule.base_lrs, optimizer.lr) == (0.25, [0.25], 0.5)
    assert optimizer.param_groups[0]["initial_lr"] == 0.25


@pytest.mark.parametrize("number", [0, -1, 1.5, None, "3", True, math.nan])
@pytest.mark.parametrize(("kind", "name"), [(StepLR, "step_size"), (CosineAnnealingLR, "T_max")])
def test_periods_are_ints_of_at_least_1(kind, name, number):
    optimizer = SGD([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match=f"{kind.__name__}: {name} must be an int of at least 1, got"):
        kind(optimizer, number)
    assert optimizer.lr == 0.5


WRONG = [
    (ExponentialLR, {"gamma": "0.5"}, "gamma must be a number, got '0.5'"),
    (ExponentialLR, {"gamma": None}, "gamma must be a number"),
    (StepLR, {"step_size": 2, "gamma": True}, "gamma must be a number"),
    (CosineAnnealingLR, {"T_max": 2, "eta_min": "x"}, "eta_min must be a number"),
    (LinearLR, {"start_factor": 0.0}, "start_factor must be above 0"),
    (LinearLR, {"start_factor": 1.5}, "start_factor must be above 0 and at most 1, got 1.5"),
    (LinearLR, {"end_factor": -0.5}, "end_factor must be from 0 to 1"),
    (LinearLR, {"total_iters": -1}, "total_iters must be an int of at least 0"),
    (LambdaLR, {"lr_lambda": [abs]}, "takes a function for each of 2 groups, got 1"),
    (LambdaLR, {"lr_lambda": [abs, 0.5]}, r"must be a function, or a list of them, got 0\.5"),
    (LambdaLR, {"lr_lambda": 0.5}, r"must be a function, or a list of them, got 0\.5"),
    *[
        (
            LambdaLR,
            {"lr_lambda": lambda epoch, got=got: got},
            rf"lr_lambda must return a number, got {shown} .* epoch 0",
        )
        for got, shown in ((1j, "1j"), (None, "None"), ("0.5", "'0.5'"), ([0.5], r"\[0\.5\]"), (10**400, "1000.*"))
    ],
    (OneCycleLR, {"max_lr": 0.1}, "takes total_steps, or epochs and steps_per_epoch"),
    (OneCycleLR, {"max_lr": 0.1, "epochs": 3}, "takes total_steps, or epochs and steps_per_epoch"),
    (OneCycleLR, {"max_lr": 0.1, "epochs": 3, "steps_per_epoch": 0}, "steps_per_epoch must be an int of at least 1"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 0}, "total_steps must be an int of at least 1, got 0"),
    (OneCycleLR, {"max_lr": [0.1], "total_steps": 9}, r"max_lr must have a number for each of 2 groups, got \[0\.1\]"),
    (OneCycleLR, {"max_lr": -0.1, "total_steps": 9}, "max_lr must be a number of at least 0"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 9, "pct_start": 1.5}, "pct_start must be from 0 to 1"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 9, "anneal_strategy": "step"}, "anneal_strategy must be 'cos' or"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 9, "div_factor": 0}, "div_factor must be a number above 0, got 0"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 9, "three_phase": "x"}, "three_phase must be True or False"),
    (OneCycleLR, {"max_lr": 0.1, "total_steps": 9, "base_momentum": [0.1] * 3}, "base_momentum must have a number for"),
    (ReduceLROnPlateau, {"factor": 1.0}, "factor must be below 1, got 1.0"),
    (ReduceLROnPlateau, {"mode": "up"}, r"mode must be one of \('min', 'max'\), got 'up'"),
    (ReduceLROnPlateau, {"threshold_mode": None}, "threshold_mode must be one of"),
    (ReduceLROnPlateau, {"patience": -1}, "patience must be an int of at least 0"),
    (ReduceLROnPlateau, {"cooldown": 0.5}, "cooldown must be an int of at least 0"),
    (ReduceLROnPlateau, {"min_lr": [0.1]}, "min_lr must have a number for each of 2 groups"),
    (ReduceLROnPlateau, {"threshold": "x"}, "threshold must be a number"),
]


@pytest.mark.parametrize(("kind", "arguments", "message"), WRONG, ids=range(len(WRONG)))
def test_wrong_arguments_are_refused_and_nothing_moves(kind, arguments, message):
    ours, _ = optimizers()
    before = ours.state_dict()
    with pytest.raises((ValueError, TypeError), match=message):
        kind(ours, **arguments)
    assert ours.state_dict() == before


def test_one_cycle_needs_momentum():
    class Plain(Optimizer):
        slots = 0

        @staticmethod
        def rule(p, g, state, *, t, lr):
            return p - lr * g, state

    optimizer = Plain([Value(1.0)], lr=0.1)
    with pytest.raises(ValueError, match="Plain has no momentum and no betas; use cycle_momentum=False"):
        OneCycleLR(optimizer, 1.0, 10)
    OneCycleLR(optimizer, 1.0, 10, cycle_momentum=False).step()
    assert optimizer.lr > 0.04


@pytest.mark.parametrize(
    "kind", [StepLR, ExponentialLR, CosineAnnealingLR, LambdaLR, LinearLR, ReduceLROnPlateau, LRScheduler]
)
def test_a_schedule_takes_an_optimizer(kind):
    with pytest.raises(TypeError, match=f"{kind.__name__} takes an optimizer, got 0"):
        kind(0.1, *([2] if kind in (StepLR, ExponentialLR, CosineAnnealingLR, LambdaLR) else []))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda o, a, b: ([], []), ValueError, "at least one schedule"),
        (lambda o, a, b: ([a, a], [3]), ValueError, "each once"),
        (lambda o, a, b: ([a, 0.5], [3]), TypeError, r"schedule 1 must be a schedule, got 0\.5"),
        (lambda o, a, b: ([ReduceLROnPlateau(o), a], [3]), ValueError, "schedule 0 must be no ReduceLROnPlateau"),
        (lambda o, a, b: ([SequentialLR(o, [a], []), b], [3]), ValueError, "schedule 0 must be no SequentialLR"),
        (lambda o, a, b: ([ExponentialLR(optimizers()[0], 0.9), a], [3]), ValueError, "schedule 0 must be one of the"),
        (lambda o, a, b: ([a, b], []), ValueError, r"milestones must be one fewer than the 2 schedules, got \[\]"),
        (lambda o, a, b: ([a, b], 3), ValueError, "milestones must be one fewer"),
        (lambda o, a, b: ([a, b], [-1]), ValueError, "each milestone must be an int of at least 0"),
        (lambda o, a, b: ([a, b, StepLR(o, 2)], [5, 3]), ValueError, r"come one after the other, got \[5, 3\]"),
    ],
    ids=range(10),
)
def test_wrong_sequences_are_refused(make, error, message):
    ours, _ = optimizers()
    schedules, milestones = make(ours, StepLR(ours, 2), ExponentialLR(ours, 0.5))
    with pytest.raises(error, match=f"SequentialLR.*{message}"):
        SequentialLR(ours, schedules, milestones)


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("below", [-0.5, math.nan])
def test_a_negative_rate_is_refused_where_it_would_be_used(jit, below):
    """The rate after the last step may be anything: a line that ends at 0 may have come too far."""
    for epochs in (2, 3):
        w = Value(1.0)
        optimizer = SGD([w], lr=0.5)
        schedule = LambdaLR(optimizer, lambda epoch: [1.0, 0.5, below, below][epoch])
        arguments = (lambda x, w=w: w * x[0], mse_loss, optimizer, [1.0], [2.0], epochs)
        if epochs == 2:
            fit(*arguments, schedule=schedule, progress=False, jit=jit)
        else:
            with pytest.raises(ValueError, match=r"SGD: lr must be a number of at least 0, got (-0\.25|nan)"):
                fit(*arguments, schedule=schedule, progress=False, jit=jit)
        assert (optimizer.t, schedule.last_epoch) == (2, 2)


@pytest.mark.parametrize("case", [*CASES, ("ReduceLROnPlateau", {})], ids=[*IDS, "plateau"])
def test_groups_that_come_later_are_trained_or_refused(case):
    ours, _ = optimizers()
    schedule = getattr(micrograd.nn, case[0])(ours, **case[1])
    ours.add_param_group({"params": Value(3.0), "lr": 0.3})
    before = ours.state_dict(), schedule.state_dict()
    if case[0] in ("LambdaLR", "OneCycleLR"):
        with pytest.raises(
            ValueError, match="rates for 2 groups of parameters, the optimizer has 3; make the schedule"
        ):
            schedule.step()
        assert (ours.state_dict(), schedule.state_dict()) == before
    elif case[1].get("T_max") != 1:
        schedule.step(*([1.0] if case[0] == "ReduceLROnPlateau" else []))
        assert len(schedule.get_last_lr()) == 3


def test_a_sequence_takes_schedules_made_for_all_groups():
    ours, _ = optimizers()
    parts = [StepLR(ours, 2), ExponentialLR(ours, 0.5)]
    ours.add_param_group({"params": Value(3.0)})
    with pytest.raises(ValueError, match="schedule 0 was made for 2 groups of parameters, the optimizer has 3"):
        SequentialLR(ours, parts, [3])
    assert [part.last_epoch for part in parts] == [0, 0]


def test_a_schedule_of_ones_own_needs_lr_at():
    class Halves(LRScheduler):
        def lr_at(self, epoch):
            return self.base_lr / 2**epoch

    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = Halves(optimizer)
    schedule.step()
    assert optimizer.lr == 0.5
    schedule.base_lr = 0.4
    schedule.step()
    assert (optimizer.lr, schedule.base_lrs) == (0.1, [0.4])
    with pytest.raises(ValueError, match="Halves: base_lr must be a number"):
        schedule.base_lr = None
    with pytest.raises(NotImplementedError, match="LRScheduler has no lr_at"):
        LRScheduler(optimizer)
    with pytest.raises(ValueError, match=r"Halves\.base_lr .* began with several, 0\.2, 0\.05; use base_lrs"):
        Halves(optimizers()[0])


@pytest.mark.parametrize("make", [lambda o: (StepLR, (2,)), lambda o: (LambdaLR, (lambda epoch: 7.0,))])
def test_lr_at_in_a_subclass_decides(make):
    """It did before schedules knew groups, whatever class it was a subclass of."""
    optimizer = SGD([Value(1.0)], lr=1.0)
    kind, arguments = make(optimizer)

    class Mine(kind):
        def lr_at(self, epoch):
            return 0.5 * super().lr_at(epoch) + epoch

    schedule = Mine(optimizer, *arguments)
    expected = [0.5 * kind(SGD([Value(1.0)], lr=1.0), *arguments).lr_at(epoch) + epoch for epoch in range(5)]
    rates = []
    for _ in range(5):
        rates.append(optimizer.lr)
        schedule.step()
    assert rates == expected
    assert not is_formula(schedule)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [(StepLR, (3, 0.5)), (ExponentialLR, (0.9,)), (CosineAnnealingLR, (7, 0.01)), (LambdaLR, (lambda e: 1 / (1 + e),))],
)
def test_lr_at_is_the_rate_if_nothing_else_sets_it(kind, arguments):
    optimizer = SGD([Value(1.0)], lr=0.3)
    schedule = kind(optimizer, *arguments)
    for epoch in range(30):
        assert optimizer.lr == pytest.approx(schedule.lr_at(epoch), rel=1e-12)
        schedule.step()


class Warm(LRScheduler):
    """Chainable, as those written for torch are."""

    def get_lr(self):
        self.asked = getattr(self, "asked", 0) + 1
        return [group["lr"] * (1.1 if self.last_epoch else 1.0) for group in self.optimizer.param_groups]


def test_a_get_lr_of_ones_own_may_note_what_it_likes():
    ours, _ = optimizers()
    schedule = Warm(ours)
    schedule.step()
    ours.param_groups[0]["lr"] = 1.0
    schedule.step()
    assert schedule.get_last_lr() == [1.1, 0.05 * 1.1 * 1.1]
    assert schedule.asked == 3
    again = Warm(optimizers()[0])
    again.load_state_dict(schedule.state_dict())
    assert (again.asked, again.last_epoch) == (3, 2)


def states():
    """Schedules, each with a state of its own and what is wrong with another one."""
    sequence = {"milestones": [5], "schedulers": [{}, {}]}
    yield "StepLR", {"step_size": 3}, {"step_size": 0}, "step_size must be an int of at least 1, got 0"
    yield "StepLR", {"step_size": 3}, {"gamma": "\x1b" * 10**6}, "gamma must be a number, got '"
    yield "StepLR", {"step_size": 3}, {"last_epoch": 1.5}, r"last_epoch must be the number of steps taken, got 1\.5"
    yield "StepLR", {"step_size": 3}, {"last_epoch": -2}, "last_epoch must be"
    yield "StepLR", {"step_size": 3}, {"last_epoch": 10**400}, "last_epoch must be"
    yield "StepLR", {"step_size": 3}, {"last_epoch": True}, "last_epoch must be"
    yield "StepLR", {"step_size": 3}, {"base_lrs": [0.1] * 3}, "base_lrs must have a number for each of 2 groups"
    yield "StepLR", {"step_size": 3}, {"base_lrs": []}, "base_lrs must have a number for each of 2 groups"
    yield "StepLR", {"step_size": 3}, {"_last_lr": [0.1] * 3}, "_last_lr must have a number for each of 2 groups"
    yield "StepLR", {"step_size": 3}, {"base_lrs": [0.1, "x"]}, "base_lrs must be a number, got 'x'"
    yield "StepLR", {"step_size": 3}, {"_last_lr": ["ab"]}, "_last_lr must be a number"
    yield "StepLR", {"step_size": 3}, {"_last_lr": "ab"}, "_last_lr must have a number for each of 2 groups"
    yield "StepLR", {"step_size": 3}, {"step": 1}, "must have the entries"
    yield "StepLR", {"step_size": 3}, {"optimizer": None}, "must have the entries"
    yield "ExponentialLR", {"gamma": 0.5}, {"T_max": 3}, "must have the entries"
    yield "LinearLR", {}, {"start_factor": 0}, "start_factor must be above 0"
    yield "LambdaLR", {"lr_lambda": abs}, {"lr_lambdas": []}, "must have the entries"
    yield "OneCycleLR", {"max_lr": 1.0, "total_steps": 10}, {"last_epoch": 11}, "all have been taken"
    yield "OneCycleLR", {"max_lr": 1.0, "total_steps": 10}, {"pct_start": None}, "pct_start must be a number"
    yield "ReduceLROnPlateau", {}, {"mode": []}, "mode must be one of"
    yield "ReduceLROnPlateau", {}, {"best": None}, "best must be a number"
    yield "ReduceLROnPlateau", {}, {"num_bad_epochs": -1}, "num_bad_epochs must be an int of at least 0"
    yield "SequentialLR", {}, sequence | {"milestones": [5, 6]}, "milestones must be one fewer than the 2 schedules"
    yield "SequentialLR", {}, {"schedulers": None}, "schedulers must have the states of 2 schedules, got None"
    yield "SequentialLR", {}, sequence, "schedule 0, StepLR: it must have the entries"
    yield "SequentialLR", {}, None, "must have the entries milestones, schedulers, got None"


@pytest.mark.parametrize(("name", "arguments", "changed", "message"), list(states()), ids=itertools.count())
def test_a_wrong_state_is_refused_whole(name, arguments, changed, message):
    ours, _ = optimizers()
    if name == "SequentialLR":
        arguments = {"schedulers": [StepLR(ours, 2), ExponentialLR(ours, 0.5)], "milestones": [3]}
    schedule = getattr(micrograd.nn, name)(ours, **arguments)
    before = repr((schedule.state_dict(), ours.state_dict()))
    state = None if changed is None else schedule.state_dict() | changed
    with pytest.raises(
        ValueError, match=rf"{name} cannot load this state \(nothing was changed\): .*{message}"
    ) as caught:
        schedule.load_state_dict(state)
    assert repr((schedule.state_dict(), ours.state_dict())) == before
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


def test_a_sequence_that_has_not_begun_is_no_state():
    ours, _ = optimizers()
    schedule = SequentialLR(ours, [StepLR(ours, 2), ExponentialLR(ours, 0.5)], [3])
    state = schedule.state_dict()
    state["schedulers"][0]["last_epoch"] = -1
    with pytest.raises(ValueError, match="none of its schedules has begun"):
        schedule.load_state_dict(state)
    assert schedule.last_epoch == 0


def test_a_state_is_a_copy():
    ours, _ = optimizers()
    schedule = StepLR(ours, 2)
    state = schedule.state_dict()
    state["base_lrs"][0] = 7.0
    schedule.get_last_lr()[0] = 7.0
    assert (schedule.base_lrs, schedule.get_last_lr()) == ([0.2, 0.05], [0.2, 0.05])
    schedule.load_state_dict(state)
    state["base_lrs"][0] = 8.0
    assert schedule.base_lrs[0] == 7.0
    plateau = ReduceLROnPlateau(ours, min_lr=[0.1, 0.2])
    state = plateau.state_dict()
    plateau.load_state_dict(state)
    state["min_lr"][0] = 8.0
    assert plateau.min_lr == [0.1, 0.2]


def schedules_to_interrupt(optimizer):
    yield StepLR(optimizer, 1)
    yield OneCycleLR(optimizer, 1.0, 10)
    yield SequentialLR(optimizer, [LinearLR(optimizer), ExponentialLR(optimizer, 0.5)], [1])
    yield SequentialLR(optimizer, [LinearLR(optimizer), OneCycleLR(optimizer, 1.0, 10)], [3])


@pytest.mark.parametrize("which", range(4))
def test_an_interrupt_never_leaves_half_a_step(which):
    def fresh():
        optimizer, _ = optimizers(momentum=0.9)
        return optimizer, next(itertools.islice(schedules_to_interrupt(optimizer), which, None))

    def snapshot(optimizer, schedule):
        return repr((optimizer.state_dict(), schedule.state_dict(), schedule.last_epoch))

    optimizer, schedule = fresh()
    before = snapshot(optimizer, schedule)
    schedule.step()
    after = snapshot(optimizer, schedule)
    assert before != after
    seen = set()
    for n in range(1, 1000):
        optimizer, schedule = fresh()
        try:
            with InterruptAt(n, again=True):
                schedule.step()
        except KeyboardInterrupt:
            seen.add(snapshot(optimizer, schedule))
        else:
            break
    assert before in seen
    assert seen <= {before, after}
    assert snapshot(optimizer, schedule) == after


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_copy_of_a_formula_runs_ahead(case):
    """On a copy of the groups, it comes to the rates that the schedule will come to; the optimiser does not notice."""
    ours, theirs = optimizers()
    schedule, _ = both(case, ours, theirs)
    assert is_formula(schedule) == (case[0] != "LambdaLR")
    if not is_formula(schedule):
        return
    before = ours.state_dict()
    twin = SGD([{"params": Value(0.0)} for _ in range(2)])
    twin.param_groups = [dict(group) for group in ours.param_groups]
    ahead = deepcopy(schedule, {id(ours): twin})
    for _ in range(10):
        ahead.step()
    assert ours.state_dict() == before
    for _ in range(10):
        schedule.step()
    assert twin.param_groups == ours.param_groups
    assert ahead.state_dict() == schedule.state_dict()


def test_what_is_no_formula():
    ours, _ = optimizers()
    parts = [StepLR(ours, 2), ExponentialLR(ours, 0.5)]
    assert all(map(is_formula, parts))
    assert is_formula(SequentialLR(ours, parts, [3]))
    parts[1].step = lambda: None
    assert not is_formula(parts[1])
    assert not is_formula(SequentialLR(ours, parts, [3]))
    assert not is_formula(SequentialLR(ours, [StepLR(ours, 2), LambdaLR(ours, abs)], [3]))
    assert not any(map(is_formula, [ReduceLROnPlateau(ours), Warm(ours), type("Mine", (StepLR,), {})(ours, 2)]))
    assert LambdaLR not in FORMULAS


@pytest.mark.parametrize("kind", [LRScheduler, StepLR])
@pytest.mark.parametrize("name", ["step", "get_lr"])
def test_a_patched_schedule_is_no_formula(monkeypatch, kind, name):
    original = getattr(kind, name)
    monkeypatch.setattr(kind, name, lambda self: original(self))
    ours, _ = optimizers()
    assert is_formula(StepLR(ours, 2)) == (kind is LRScheduler and name == "get_lr")


def test_momentum_goes_round_with_whatever_has_one():
    for kind in (SGD, RMSprop):
        optimizer = kind([Value(1.0)], lr=0.1)
        OneCycleLR(optimizer, 1.0, 10)
        assert optimizer.hyper["momentum"] == 0.95
    rng = random.Random(0)
    optimizer = Adam([Value(rng.random())], lr=0.1, betas=(0.5, 0.75))
    OneCycleLR(optimizer, 1.0, 10).step()
    assert optimizer.hyper["betas"][1] == 0.75


def group_later(optimizer):
    optimizer.add_param_group({"params": Value(3.0), "lr": 0.3})


THAWED = [
    ("StepLR", {"step_size": 2}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 20}),
    ("LinearLR", {"total_iters": 8}),
    ("ReduceLROnPlateau", {"patience": 1, "factor": 0.5}),
]


@pytest.mark.parametrize("made", ["in the same way", "when all groups are there"])
@pytest.mark.parametrize("steps", [0, 3])
@pytest.mark.parametrize("case", THAWED, ids=[name for name, _ in THAWED])
def test_a_group_that_came_later_does_not_keep_a_state_from_being_loaded(case, steps, made, tmp_path):
    """Frozen, trained, thawed, trained for some epochs, saved, loaded, trained: the rates are torch's throughout."""
    (ours, theirs), name = optimizers(groups=1), case[0]
    schedule, reference = both(case, ours, theirs)

    def go(schedule, optimizer, steps):
        for _ in range(steps):
            for each in (schedule, reference):
                each.step(*([1.0] if name == "ReduceLROnPlateau" else []))
            assert_same_groups(optimizer, theirs)
            assert schedule.get_last_lr() == pytest.approx(reference.get_last_lr(), rel=1e-12)

    go(schedule, ours, 2)
    group_later(ours)
    theirs.add_param_group({"params": [torch.zeros(1, requires_grad=True)], "lr": 0.3})
    go(schedule, ours, steps)
    path = tmp_path / "state.json"
    save({"optimizer": ours.state_dict(), "schedule": schedule.state_dict()}, path)
    again = optimizers(groups=1)[0]
    if made == "in the same way":
        schedule_again = getattr(micrograd.nn, name)(again, **case[1])
        group_later(again)
    else:
        group_later(again)
        schedule_again = getattr(micrograd.nn, name)(again, **case[1])
    state = load(path)
    again.load_state_dict(state["optimizer"])
    schedule_again.load_state_dict(state["schedule"])
    assert schedule_again.state_dict() == schedule.state_dict()
    go(schedule_again, again, 10)


@pytest.mark.parametrize("milestone", [2, 5])
def test_a_sequence_goes_on_with_a_group_that_came_later(milestone):
    def make(optimizer):
        return SequentialLR(optimizer, [LinearLR(optimizer, 0.5), ExponentialLR(optimizer, 0.5)], [milestone])

    def go(schedule, steps):
        rates = []
        for _ in range(steps):
            schedule.step()
            rates.append([group["lr"] for group in schedule.optimizer.param_groups])
        return rates

    ours, again = (optimizers(groups=1)[0] for _ in range(2))
    schedule = make(ours)
    go(schedule, 1)
    group_later(ours)
    group_later(again)
    go(schedule, 3)
    schedule_again = make(again)
    again.load_state_dict(ours.state_dict())
    schedule_again.load_state_dict(schedule.state_dict())
    rates = go(schedule, 4)
    assert go(schedule_again, 4) == rates
    alone = make(optimizers(groups=1)[0])
    assert [[first] for first, _ in rates] == go(alone, 8)[4:]
    assert rates[-1][1] == rates[-2][1] / 2


@pytest.mark.parametrize("case", [("LambdaLR", {"lr_lambda": lambda epoch: 0.5}), ("OneCycleLR", {"max_lr": 1.0})])
def test_a_schedule_with_a_number_for_each_group_is_loaded_and_refuses_to_step(case):
    name, arguments = case[0], case[1] | ({"total_steps": 9, "cycle_momentum": False} if "max_lr" in case[1] else {})
    ours, again = (optimizers(groups=1)[0] for _ in range(2))
    schedule = getattr(micrograd.nn, name)(ours, **arguments)
    group_later(ours)
    group_later(again)
    for other in (schedule, getattr(micrograd.nn, name)(again, **arguments)):
        other.load_state_dict(schedule.state_dict())
        with pytest.raises(ValueError, match=f"{name} has rates for 1 groups of parameters, the optimizer has 2; make"):
            other.step()


def test_a_list_of_lowest_rates_is_for_the_groups_that_there_were():
    """As in torch, it is refused when the rates are to be reduced."""
    ours = optimizers()[0]
    schedule = ReduceLROnPlateau(ours, patience=1, min_lr=[0.01, 0.02])
    group_later(ours)
    schedule.step(1.0)
    schedule.load_state_dict(schedule.state_dict())
    schedule.step(1.0)
    with pytest.raises(ValueError, match="min_lr must have a number for each of 3 groups"):
        schedule.step(1.0)


@pytest.mark.parametrize("factor", [np.float32(0.5), np.True_, True, Fraction(1, 2), torch.tensor(0.5), 1])
def test_what_has_a_float_may_be_a_factor(factor):
    optimizer = optimizers(groups=1)[0]
    LambdaLR(optimizer, lambda epoch: factor).step()
    assert repr(optimizer.lr) == repr(0.2 * float(factor))


class WithoutSuper(LRScheduler):
    """As a program for 1.1 may have it."""

    def __init__(self, optimizer, epochs):
        self.base_lr = optimizer.lr
        self.optimizer, self.epochs, self.last_epoch = optimizer, epochs, 0

    def lr_at(self, epoch):
        return self.base_lr * (1 - epoch / self.epochs)


class WithoutBase(WithoutSuper):
    def __init__(self, optimizer):
        self.optimizer, self.last_epoch = optimizer, 0

    def lr_at(self, epoch):
        return 1 / (1 + epoch)


@pytest.mark.parametrize("make", [lambda optimizer: WithoutSuper(optimizer, 10), WithoutBase])
@pytest.mark.parametrize("jit", [False, True])
def test_an_init_of_ones_own_need_not_call_super(make, jit, tmp_path):
    def start():
        model = Layer(1, 1)
        optimizer = SGD(model.parameters(), lr=0.5)
        model.load_state_dict(dict.fromkeys(model.state_dict(), 0.1))
        return model, optimizer, make(optimizer)

    def train(model, optimizer, schedule, epochs, **more):
        arguments = (model, mse_loss, optimizer, [[1.0]], [2.0], epochs)
        return fit(*arguments, schedule=schedule, progress=False, jit=jit, **more)

    whole = start()
    lrs = train(*whole, 5).lr
    first, again = start(), start()
    train(*first, 2, callbacks=[Checkpoint(tmp_path / "a.json")])
    history = train(*again, 5, history=resume(tmp_path / "a.json", *again))
    assert history.lr == lrs
    assert [part.state_dict() for part in again] == [part.state_dict() for part in whole]
    assert whole[2].get_last_lr() == [whole[1].lr] == [whole[2].lr_at(5)]
    assert SequentialLR(whole[1], [WithoutSuper(whole[1], 10)], []).last_epoch == 0


def test_the_end_of_a_line_can_be_loaded(tmp_path):
    """There, the rounding of torch leaves a rate a hair below 0, and one step further it lies below 0."""
    for steps in (9, 10):
        ours, theirs = optimizers(groups=1, momentum=0.9)
        arguments = {"max_lr": 0.3, "total_steps": 10, "anneal_strategy": "linear", "final_div_factor": 1e30}
        schedule, reference = both(("OneCycleLR", arguments), ours, theirs)
        for _ in range(steps):
            schedule.step()
            reference.step()
        assert_same_groups(ours, theirs)
        again = optimizers(groups=1, momentum=0.9)[0]
        schedule_again = OneCycleLR(again, **arguments)
        save({"optimizer": ours.state_dict(), "schedule": schedule.state_dict()}, tmp_path / "a.json")
        state = load(tmp_path / "a.json")
        again.load_state_dict(state["optimizer"])
        schedule_again.load_state_dict(state["schedule"])
        assert again.lr == ours.lr
    assert again.lr < 0
    with pytest.raises(ValueError, match="SGD: lr must be a number of at least 0, got -0"):
        again.step()


@pytest.mark.parametrize("T_max", range(1, 12))
@pytest.mark.parametrize("eta_min", [1e-5, 1e-3, 0.3])
def test_a_cosine_that_comes_from_0_does_not_end_a_hair_below_it(T_max, eta_min):
    optimizer = SGD([{"params": [Value(1.0)], "lr": 0.0}, {"params": [Value(1.0)]}], lr=0.1)
    tensors = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in (0.0, 0.1)]
    other = torch.optim.SGD(tensors)
    schedule = CosineAnnealingLR(optimizer, T_max, eta_min)
    expected = torch.optim.lr_scheduler.CosineAnnealingLR(other, T_max, eta_min)
    for _ in range(4 * T_max):
        optimizer.step()
        other.step()
        schedule.step()
        expected.step()
        assert schedule.get_last_lr() == pytest.approx(expected.get_last_lr(), rel=1e-12, abs=1e-14)
