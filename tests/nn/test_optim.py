"""Optimisers against torch.optim in float64, and their rules on Values."""

import inspect
import math
import random
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import torch

from interrupts import InterruptAt
from micrograd.engine import Value, grad
from micrograd.nn import MLP, SGD, Adam, AdamW, Optimizer, RMSprop, fit, load, mse_loss, save
from micrograd.nn.optim import Optimizer as Base

KINDS = [SGD, Adam, AdamW, RMSprop]
CASES = [
    (SGD, {}),
    (SGD, {"lr": 0.1}),
    (SGD, {"lr": 0.05, "momentum": 0.9}),
    (SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    (SGD, {"lr": 0.05, "weight_decay": 0.1}),
    (SGD, {"lr": 0.02, "momentum": 0.5, "weight_decay": 0.3, "nesterov": True}),
    (SGD, {"lr": 0.0, "momentum": 0.5}),
    (Adam, {}),
    (Adam, {"lr": 0.05, "betas": (0.7, 0.99)}),
    (Adam, {"lr": 0.05, "weight_decay": 0.1}),
    (Adam, {"lr": 0.05, "eps": 0.1}),
    (Adam, {"lr": 0.05, "betas": (0.0, 0.0)}),
    (AdamW, {}),
    (AdamW, {"lr": 0.05, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.2}),
    (AdamW, {"lr": 0.05, "weight_decay": 0.0}),
    # The combinations that torch tries, in torch.testing._internal.common_optimizers:
    (SGD, {"weight_decay": 0.5}),
    (SGD, {"momentum": 0.9}),
    (SGD, {"weight_decay": 0.1, "maximize": True}),
    (SGD, {"momentum": 0.9, "dampening": 0.5}),
    (SGD, {"momentum": 0.9, "weight_decay": 0.1}),
    (SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    *[
        (kind, hyper)
        for kind in (Adam, AdamW)
        for hyper in (
            {"lr": 0.01},
            {"weight_decay": 0.1},
            {"weight_decay": 0.1, "maximize": True},
            {"weight_decay": 0.1, "amsgrad": True},
        )
    ],
    (RMSprop, {}),
    (RMSprop, {"lr": 1e-3}),
    (RMSprop, {"weight_decay": 0.1}),
    (RMSprop, {"maximize": True}),
    (RMSprop, {"weight_decay": 0.1, "centered": True}),
    (RMSprop, {"maximize": True, "weight_decay": 0.1}),
    (RMSprop, {"weight_decay": 0.1, "centered": True, "momentum": 0.1}),
    (RMSprop, {"weight_decay": 0.1, "centered": True, "momentum": 0.1, "maximize": True}),
    # And some more:
    (SGD, {"lr": 0.05, "momentum": 0.9, "dampening": 1.0, "maximize": True}),
    (SGD, {"dampening": 0.5}),
    (Adam, {"lr": 0.05, "betas": (0.5, 0.6), "amsgrad": True, "maximize": True}),
    (RMSprop, {"lr": 0.05, "alpha": 0.0}),
    (RMSprop, {"alpha": 0.25, "momentum": 0.9, "centered": True, "eps": 0.1}),
]
cases = pytest.mark.parametrize(("kind", "hyper"), CASES, ids=[f"{k.__name__} {h}" for k, h in CASES])
START = [1.5, -0.7, 0.0, 30.0]


def objective(a, b, c, d):
    """A valley with its minimum away from 0, steep in some directions and flat in others; for Values and tensors."""
    return (a - 1) ** 2 * 3 + (a + b + 0.5) ** 2 + (c - b) ** 2 + (d * 0.1 - c) ** 2 + a * c


@cases
def test_100_steps_match_torch(kind, hyper):
    ours = [Value(x) for x in START]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    optimizer, reference = kind(ours, **hyper), getattr(torch.optim, kind.__name__)(theirs, **hyper)
    for step in range(100):
        optimizer.zero_grad()
        reference.zero_grad()
        objective(*ours).backward()
        objective(*theirs).backward()
        optimizer.step()
        reference.step()
        expected = [t.item() for t in theirs]
        np.testing.assert_allclose([v.data for v in ours], expected, rtol=1e-12, atol=1e-12, err_msg=f"step {step}")
    assert optimizer.t == 100


@cases
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_100_random_gradients_match_torch(kind, hyper, scale):
    rng = random.Random(scale)
    ours = Value(rng.uniform(-2, 2))
    theirs = torch.tensor(ours.data, dtype=torch.float64, requires_grad=True)
    optimizer, reference = kind([ours], **hyper), getattr(torch.optim, kind.__name__)([theirs], **hyper)
    for _ in range(100):
        ours.grad = rng.gauss(0.0, scale)
        theirs.grad = torch.tensor(ours.grad, dtype=torch.float64)
        optimizer.step()
        reference.step()
        assert ours.data == pytest.approx(theirs.item(), rel=1e-13, abs=1e-13)


@cases
def test_strange_gradients_match_torch(kind, hyper):
    rng = random.Random(4)
    huge = 1e150 if hyper.get("centered") else 1e200  # whose square torch subtracts unrounded, so that inf stays inf
    odd = [0.0, -0.0, 1e-300, -1e-160, huge, math.inf, math.nan, 5e-324, -3.0]
    for grads in [[g] * 3 for g in odd] + [[rng.choice(odd[:5]) for _ in range(10)]]:
        ours, theirs = Value(0.5), torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
        optimizer, reference = kind([ours], **hyper), getattr(torch.optim, kind.__name__)([theirs], **hyper)
        for g in grads:
            ours.grad, theirs.grad = g, torch.tensor(g, dtype=torch.float64)
            optimizer.step()
            reference.step()
            np.testing.assert_allclose(ours.data, theirs.item(), rtol=1e-12, atol=1e-12, err_msg=f"{grads}")


@cases
def test_infinite_parameters_match_torch(kind, hyper):
    ours, theirs = Value(math.inf), torch.tensor(math.inf, dtype=torch.float64, requires_grad=True)
    ours.grad, theirs.grad = 1.0, torch.tensor(1.0, dtype=torch.float64)
    kind([ours], **hyper).step()
    getattr(torch.optim, kind.__name__)([theirs], **hyper).step()
    assert repr(ours.data) == repr(theirs.item())


@pytest.mark.parametrize("kind", [Adam, AdamW])
def test_eps_0_and_gradient_0_is_nan_as_in_torch(kind):
    ours, theirs = Value(1.0), torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    theirs.grad = torch.tensor(0.0, dtype=torch.float64)
    kind([ours], eps=0.0).step()
    getattr(torch.optim, kind.__name__)([theirs], eps=0.0).step()
    assert math.isnan(ours.data)
    assert math.isnan(theirs.item())


@pytest.mark.parametrize("kind", KINDS)
def test_changed_learning_rates_match_torch(kind):
    ours, theirs = Value(2.0), torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    optimizer, reference = kind([ours], lr=0.1), getattr(torch.optim, kind.__name__)([theirs], lr=0.1)
    for lr in [0.1, 0.3, 0.0, 0.01]:
        optimizer.lr = lr
        reference.param_groups[0]["lr"] = lr
        ours.grad, theirs.grad = 2 * ours.data, 2 * theirs.detach()
        optimizer.step()
        reference.step()
        assert ours.data == pytest.approx(theirs.item(), rel=1e-13)
        assert optimizer.lr == lr


def test_plain_descent_is_the_classic_line():
    w = Value(0.3)
    w.grad = 0.7
    SGD([w], lr=0.1).step()
    assert w.data == 0.3 - 0.1 * 0.7


@cases
def test_the_rule_computes_the_same_on_values(kind, hyper):
    """The rule is the one step() uses; on Values it records a graph with the same numbers, and differentiates."""
    ours = Value(0.4)
    optimizer = kind([ours], **hyper)
    live = Value(optimizer.lr)
    p, state = Value(0.4), tuple(Value(0.0) for _ in optimizer.state[0])
    for t, g in enumerate([0.3, -1.0, 2.0], 1):
        ours.grad = g
        optimizer.step()
        p, state = kind.rule(p, Value(g), state, t=Value(t), **optimizer.hyper | {"lr": live})
        assert isinstance(p, Value)
        assert p.data == pytest.approx(ours.data, rel=1e-14)
        assert [s.data for s in state] == pytest.approx(optimizer.state[0], rel=1e-14)
    assert math.isfinite(grad(p, live).data)


def test_state_is_one_tuple_of_floats_for_each_parameter():
    params = [Value(1.0), Value(2.0)]
    adam = Adam(params)
    assert adam.state == [(0.0, 0.0)] * 2
    params[1].grad = 1.0
    adam.step()
    assert adam.state == [(0.0, 0.0), (1 - 0.9, 1 - 0.999)]


@cases
def test_a_state_goes_on_where_it_was(kind, hyper):
    def run(optimizer, params, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            objective(*params).backward()
            optimizer.step()
        return [p.data for p in params]

    straight = [Value(x) for x in START]
    expected = run(kind(straight, **hyper), straight, 20)

    first = [Value(x) for x in START]
    optimizer = kind(first, **hyper)
    middle = run(optimizer, first, 10)
    state = optimizer.state_dict()
    run(optimizer, first, 3)  # the state is a copy
    second = [Value(x) for x in middle]
    resumed = kind(second, lr=0.77, **{name: hyper[name] for name in hyper if name == "amsgrad"})
    resumed.load_state_dict(state)
    assert run(resumed, second, 10) == expected
    assert resumed.t == 20


def state_of(changed=None, **changes):
    """A state of an Adam of two groups, with some entries changed, or some of its second group."""
    state = Adam([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "name": "head"}]).state_dict() | changes
    if changed:
        state["param_groups"][1] |= changed
    return state


def without(name):
    state = state_of()
    del state["param_groups"][1][name]
    return state


def state_of_1_1(**changes):
    hyper = {"lr": 0.1, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0}
    return {"t": 3, "hyper": hyper, "state": [[0.0, 0.0]] * 2} | changes


WRONG_STATES = [
    (None, "must have the entries t, param_groups and state, got None"),
    ({}, "must have the entries"),
    (state_of(more=1), "must have the entries"),
    (state_of(t=-1), "t must be the number of steps taken, got -1"),
    (state_of(t=1.5), r"t must be .* got 1\.5"),
    (state_of(t=True), "t must be .* got True"),
    (state_of(t=10**400), "t must be the number of steps taken"),
    (state_of(t=10**5000), "t must be the number of steps taken, got a huge int"),
    (state_of(t=2**53 + 1), "t must be"),
    (state_of(param_groups=None), "param_groups must have an entry for each of 2 groups, got None"),
    (state_of(param_groups=[]), "param_groups must have an entry for each of 2 groups, got 0"),
    (state_of(param_groups=[[], {}]), r"group 0 must have the entries lr, betas, .* params and since, got \[\]"),
    (without("eps"), "group 1 must have the entries lr, betas, eps"),
    (without("since"), "group 1 must have"),
    (without("params"), "group 1 must have"),
    (state_of({"params": [0]}), r"group 1 must have as params \[1\], got \[0\]"),
    (state_of({"params": []}), r"group 1 must have as params \[1\], got \[\]"),
    (state_of({"params": 1}), r"group 1 must have as params \[1\], got 1"),
    (state_of({"since": 1}), "since of group 1 must be the number of steps taken before, got 1"),
    (state_of({"since": "x"}), "since of group 1 must be"),
    (state_of({"lr": "0.1"}), "Adam: lr must be a number, got '0.1'"),
    (state_of({"lr": 10**400}), "Adam: lr must be a number, got 10000"),
    (state_of({"eps": -1}), "Adam: eps must be a number of at least 0, got -1"),
    (state_of({"amsgrad": True}), "amsgrad must be False in all groups"),
    (state_of({"betas": [0.9]}), "betas must be two numbers"),
    (state_of({"betas": [0.9, 10**400]}), "betas must be two numbers"),
    (state_of({"eps": "\x1b[31m\0" * 10**6}), "Adam: eps must be a number of at least 0, got '"),
    (state_of(state=None), "an entry for each of 2 parameters, got None"),
    (state_of(state=[[0.0, 0.0]]), "an entry for each of 2 parameters, got 1"),
    (state_of(state=[[0.0, 0.0], [0.0]]), r"state 1 must be 2 numbers, got \[0\.0\]"),
    (state_of(state=[[0.0, "x"], [0.0, 0.0]]), "state 0 must be 2 numbers"),
    (state_of(state=["ab", [0.0, 0.0]]), "state 0 must be 2 numbers, got 'ab'"),
    (state_of(state=[[10**400, 0.0], [0.0, 0.0]]), "state 0 must be 2 numbers"),
    (state_of(state=[["\r\n" * 10**6, 0.0]] * 2), "state 0 must be 2 numbers"),
    (Adam([Value(1.0), Value(2.0)]).state_dict(), "an entry for each of 2 groups, got 1"),
    (SGD([{"params": Value(1.0)}, {"params": Value(2.0)}]).state_dict(), "group 0 must have the entries lr, betas"),
    (["\x07" * 10**6], "must have the entries"),
]
WRONG_STATES_OF_1_1 = [
    (state_of_1_1(hyper=[]), "must have the entries t, param_groups and state"),
    (state_of_1_1(hyper={"lr": 0.1}), "group 0 must have the entries lr, betas, eps, weight_decay"),
    (state_of_1_1(hyper={"\x1b]0;x\a" * 10**6: 1.0}), "group 0 must have"),
    (state_of_1_1(state=[[0.0, 0.0]]), "an entry for each of 2 parameters, got 1"),
    (state_of_1_1(t=-1), "t must be"),
]


def assert_refused_whole(optimizer, state, message):
    optimizer.step()
    before = repr(optimizer.state_dict())
    with pytest.raises(
        ValueError, match=r"Adam cannot load this state \(nothing was changed\): .*" + message
    ) as caught:
        optimizer.load_state_dict(state)
    assert repr(optimizer.state_dict()) == before
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("state", "message"), WRONG_STATES, ids=range(len(WRONG_STATES)))
def test_a_wrong_state_is_refused_whole(state, message):
    groups = [{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.25}]
    assert_refused_whole(Adam(groups, lr=0.5), state, message)


@pytest.mark.parametrize(("state", "message"), WRONG_STATES_OF_1_1, ids=range(len(WRONG_STATES_OF_1_1)))
def test_a_wrong_state_of_1_1_is_refused_whole(state, message):
    assert_refused_whole(Adam([Value(1.0), Value(2.0)], lr=0.5), state, message)


@pytest.mark.parametrize(
    ("kind", "hyper"),
    [
        (SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}),
        (Adam, {"lr": 0.1, "betas": [0.8, 0.99], "eps": 1e-7, "weight_decay": 0.01}),
        (AdamW, {"lr": 0.1, "betas": [0.8, 0.99], "eps": 1e-7, "weight_decay": 0.01}),
    ],
)
def test_a_state_of_1_1_goes_on(kind, hyper):
    """It had no groups, and no names for what has come since."""
    ours = kind([Value(1.0), Value(2.0)])
    rows = [[0.5] * ours.slots, [0.25] * ours.slots]
    ours.load_state_dict({"t": 7, "hyper": hyper, "state": rows})
    expected = kind([Value(1.0), Value(2.0)], **hyper)
    expected.t, expected.state = 7, list(map(tuple, rows))
    for optimizer in (ours, expected):
        for parameter in optimizer.params:
            parameter.grad = 0.1
        optimizer.step()
    assert [p.data for p in ours.params] == [p.data for p in expected.params]
    assert ours.state_dict() == expected.state_dict()
    with pytest.raises(ValueError, match="2 groups, got 1"):
        kind([{"params": [Value(1.0)]}, {"params": [Value(2.0)]}]).load_state_dict(
            {"t": 7, "hyper": hyper, "state": rows}
        )


def params():
    return [Value(1.0)]


@pytest.mark.parametrize(
    ("kind", "what"),
    [(SGD, "momentum"), (Adam, "eps"), (AdamW, "eps"), (RMSprop, "eps"), (RMSprop, "alpha"), (RMSprop, "momentum")]
    + [(kind, what) for kind in KINDS for what in ("lr", "weight_decay")],
)
@pytest.mark.parametrize("number", [-1e-9, -1, math.nan, "0.1", None, True, [0.1]])
def test_hyperparameters_are_at_least_0(kind, what, number):
    with pytest.raises(ValueError, match=f"{kind.__name__}: {what} must be a number of at least 0, got"):
        kind(params(), **{what: number})


@pytest.mark.parametrize("kind", [Adam, AdamW])
@pytest.mark.parametrize("betas", [(1.0, 0.9), (0.9, 1.0), (-0.1, 0.9), (0.9,), (0.9, 0.9, 0.9), 0.9, ("0", 0.9), None])
def test_betas_are_two_numbers_below_1(kind, betas):
    with pytest.raises(ValueError, match=f"{kind.__name__}: betas must be two numbers from 0 to below 1, got"):
        kind(params(), betas=betas)


def test_nesterov_needs_momentum():
    with pytest.raises(ValueError, match=r"needs a momentum above 0 and no dampening, got 0\.0 and 0\.0"):
        SGD(params(), nesterov=True)
    with pytest.raises(ValueError, match=r"needs a momentum above 0 and no dampening, got 0\.9 and 0\.5"):
        SGD(params(), 0.1, 0.9, 0.5, nesterov=True)


@pytest.mark.parametrize("choice", ["yes", None, 2, math.nan])
def test_flags_are_true_or_false(choice):
    for kind, name in [(SGD, "nesterov"), (Adam, "amsgrad"), (RMSprop, "centered"), *((k, "maximize") for k in KINDS)]:
        with pytest.raises(ValueError, match=f"{kind.__name__}: {name} must be True or False, got"):
            kind(params(), **{name: choice})


@pytest.mark.parametrize("number", ["0.1", None, True, 10**400])
def test_dampening_is_a_number(number):
    with pytest.raises(ValueError, match="SGD: dampening must be a number, got"):
        SGD(params(), 0.1, 0.9, number)


@pytest.mark.parametrize("kind", [Adam, AdamW])
def test_amsgrad_is_the_same_for_all(kind):
    """It decides how many numbers are kept."""
    optimizer, plain = kind(params(), amsgrad=True), kind(params())
    assert (optimizer.state, plain.state) == ([(0.0, 0.0, 0.0)], [(0.0, 0.0)])
    with pytest.raises(ValueError, match=f"{kind.__name__}: amsgrad must be True in all groups"):
        optimizer.add_param_group({"params": params(), "amsgrad": False})
    with pytest.raises(ValueError, match=f"{kind.__name__}: amsgrad must be False in all groups"):
        kind([{"params": params(), "amsgrad": True}])
    for a, b in ((optimizer, plain), (plain, optimizer)):
        before = a.state_dict()
        with pytest.raises(ValueError, match=f"{kind.__name__} cannot load this state"):
            a.load_state_dict(b.state_dict())
        assert a.state_dict() == before


@pytest.mark.parametrize("kind", KINDS)
def test_positional_arguments_are_those_of_torch(kind):
    def positional(kind):
        parameters = list(inspect.signature(kind).parameters.values())
        return [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]

    ours, theirs = positional(kind), positional(getattr(torch.optim, kind.__name__))
    assert ours == theirs[: len(ours)]


@pytest.mark.parametrize("lr", [-0.1, math.nan, "0.1", None])
def test_the_learning_rate_stays_checked(lr):
    optimizer = SGD(params(), lr=0.5)
    with pytest.raises(ValueError, match="SGD: lr must be"):
        optimizer.lr = lr
    assert optimizer.lr == 0.5


def test_defaults_are_those_of_torch():
    for kind in KINDS:
        theirs = getattr(torch.optim, kind.__name__)([torch.zeros(1)]).defaults
        ours = kind(params()).hyper
        assert ours == {name: theirs[name] for name in ours}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([], ValueError, "needs at least one parameter, got none"),
        (iter([]), ValueError, "needs at least one parameter"),
        (Value(1.0), TypeError, "takes a list of groups, or of parameters, such as"),
        (MLP(2, [1]), TypeError, r"such as model\.parameters\(\), got MLP"),
        ([Value(1.0), 2.0], TypeError, r"parameter 1 must be a Value, got 2\.0"),
        ("ab", TypeError, "parameter 0 must be a Value, got 'a'"),
        ([Value(1.0), Value(1.0) * 2], ValueError, r"parameter 1 is the result of '\*'"),
    ],
)
def test_parameters_are_leaf_values(kind, given, error, message):
    with pytest.raises(error, match=message):
        kind(given)


def test_an_iterator_is_read_once_and_a_value_trained_once():
    w = Value(1.0)
    optimizer = SGD((p for p in [w, w]), lr=1.0)
    for _ in range(2):
        w.grad = 0.25
        optimizer.step()
    assert w.data == 0.5
    optimizer.zero_grad()
    assert w.grad == 0.0


def test_a_hostile_state_with_nesterov_is_refused_in_few_words():
    optimizer = SGD(params(), 0.1, 0.9, nesterov=True)
    state = optimizer.state_dict()
    state["param_groups"][0]["dampening"] = "\x1b[31m" * 10**6
    with pytest.raises(ValueError, match=r"no dampening, got 0\.9 and '") as caught:
        optimizer.load_state_dict(state)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_a_failing_rule_changes_nothing():
    first, second = Value(1.0), Value(2.0)
    first.grad = 1.0
    second.grad = "broken"
    optimizer = Adam([first, second], lr=0.1)
    with pytest.raises(TypeError):
        optimizer.step()
    assert (first.data, second.data, optimizer.t, optimizer.state) == (1.0, 2.0, 0, [(0.0, 0.0)] * 2)


def test_a_subclass_needs_a_rule_only():
    class SignDescent(Optimizer):
        slots = 0

        @staticmethod
        def rule(p, g, state, *, t, lr):
            return p - lr * math.copysign(1.0, g), state

    w = Value(1.0)
    w.grad = -7.0
    SignDescent([w], lr=0.25).step()
    assert w.data == 1.25
    assert Optimizer is Base


@pytest.mark.parametrize("jit", [False, True])
def test_a_rule_written_for_1_1_works(jit):
    """It knows the hyperparameters that there were."""

    class Halved(SGD):
        @staticmethod
        def rule(p, g, state, *, t, lr, momentum, weight_decay, nesterov):
            return SGD.rule(p, g * 0.5, state, t=t, lr=lr, momentum=momentum, weight_decay=weight_decay,
                            nesterov=nesterov)  # fmt: skip

    class Doubled(Adam):
        @classmethod
        def rule(cls, p, g, state, *, t, lr, betas, eps, weight_decay):
            return super().rule(p, 2 * g, state, t=t, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    for kind in (Halved, Doubled):
        w = Value(1.0)
        fit(lambda x, w=w: w * x[0], mse_loss, kind([w], lr=0.1), [1.0], [2.0], 3, progress=False, jit=jit)
        assert w.data > 1.0
    with pytest.raises(TypeError, match="maximize"):
        Halved([Value(1.0)], maximize=True).step()


def test_an_interrupt_never_leaves_half_an_update():
    def snapshot(optimizer):
        return [p.data for p in optimizer.params], list(optimizer.state), optimizer.t

    def fresh():
        optimizer = Adam([Value(1.0), Value(2.0), Value(3.0)], lr=0.1)
        for p in optimizer.params:
            p.grad = p.data
        return optimizer

    before = snapshot(fresh())
    done = fresh()
    done.step()
    after = snapshot(done)
    seen = []
    for n in range(1, 1000):
        optimizer = fresh()
        try:
            with InterruptAt(n, again=True):
                optimizer.step()
        except KeyboardInterrupt:
            seen.append(snapshot(optimizer))
        else:
            break
    assert len(seen) > 10
    assert [s for s in seen if s not in (before, after)] == []
    assert before in seen
    assert snapshot(optimizer) == after


SIGNALS = """
import contextlib, random, signal
from micrograd.engine import Value
from micrograd.nn import SGD

params = [Value(0.0) for _ in range(50)]
optimizer = SGD(params, lr=1.0)
for p in params:
    p.grad = -1.0
fired = 0

def interrupt(number, frame):
    global fired
    fired += 1
    raise KeyboardInterrupt

signal.signal(signal.SIGALRM, interrupt)
for i in range(300):
    with contextlib.suppress(KeyboardInterrupt):
        signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 1e-3))
        while fired == i:
            optimizer.step()
    assert {p.data for p in params} == {float(optimizer.t)}
print(fired, "interrupts,", "some steps" if optimizer.t else "no steps")
"""


def test_real_signals_never_leave_half_an_update():
    """Interrupts at arbitrary moments, in a process of its own: all parameters have taken the same number of steps."""
    program = f"import sys; sys.path[:] = {sys.path!r}\n{SIGNALS}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "300 interrupts, some steps\n"


def test_a_subclass_with_arguments_of_its_own_goes_on_from_its_state():
    class Clipped(SGD):
        def __init__(self, params, lr, clip):
            super().__init__(params, lr, momentum=0.9)
            self.clip = clip

    optimizer, other = (Clipped([Value(1.0)], lr=lr, clip=1.0) for lr in (0.1, 0.2))
    optimizer.params[0].grad = 1.0
    optimizer.step()
    other.load_state_dict(optimizer.state_dict())
    assert (other.t, other.lr, other.state) == (1, 0.1, [(1.0,)])
    state = optimizer.state_dict()
    state["param_groups"][0]["momentum"] = -1.0
    with pytest.raises(ValueError, match="momentum must be a number of at least 0"):
        other.load_state_dict(state)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gradient", [None, np.float32(0.0)])
def test_no_gradient_and_one_of_less_precision_do_no_harm(kind, gradient):
    w = Value(1 / 3)
    w.grad = gradient
    optimizer = kind([w], lr=0.1, weight_decay=0.0)
    optimizer.step()
    assert w.data == 1 / 3
    assert {type(number) for state in optimizer.state for number in state} <= {float}


def test_an_optimizer_has_a_learning_rate():
    with pytest.raises(TypeError, match="Optimizer needs a learning rate, lr"):
        Optimizer([Value(1.0)])


def two_groups(kind, given, **hyper):
    """An optimiser of three Values in two groups, and torch's of as many tensors."""
    ours = [Value(x) for x in (1.5, -0.7, 0.3)]
    theirs = [torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in ours]
    optimizer, reference = (
        made([{"params": leaves[:2]}, {"params": leaves[2:], **given}], **hyper)
        for made, leaves in ((kind, ours), (getattr(torch.optim, kind.__name__), theirs))
    )
    return optimizer, reference


def assert_steps_alike(optimizer, reference, steps=10, seed=0):
    rng = random.Random(seed)
    theirs = [tensor for group in reference.param_groups for tensor in group["params"]]
    for step in range(steps):
        for value, tensor in zip(optimizer.params, theirs, strict=True):
            value.grad = rng.gauss(0.0, 1.0)
            tensor.grad = torch.tensor(value.grad, dtype=torch.float64)
        optimizer.step()
        reference.step()
        np.testing.assert_allclose(
            [value.data for value in optimizer.params],
            [tensor.item() for tensor in theirs],
            rtol=1e-12, atol=1e-12, err_msg=f"step {step}",
        )  # fmt: skip


GROUPS = [
    (SGD, {"lr": 0.01}, {"lr": 0.1}),
    (SGD, {"momentum": 0.9, "nesterov": True}, {"lr": 0.1, "momentum": 0.5}),
    (SGD, {"weight_decay": 0.3}, {}),
    (Adam, {"lr": 0.3, "betas": [0.5, 0.9]}, {"lr": 0.1}),
    (AdamW, {"weight_decay": 0.0}, {"lr": 0.1, "weight_decay": 0.3}),
    (Adam, {"eps": 0.1, "weight_decay": 0.2, "name": "head"}, {}),
    *[(kind, {"lr": 0.02, "weight_decay": 0.3, "maximize": True}, hyper) for kind, hyper in CASES],
]


@pytest.mark.parametrize(("kind", "given", "hyper"), GROUPS, ids=[f"{k.__name__} {h}" for k, _, h in GROUPS])
def test_groups_have_hyperparameters_of_their_own(kind, given, hyper):
    optimizer, reference = two_groups(kind, given, **hyper)
    assert_steps_alike(optimizer, reference)
    for ours, theirs in zip(optimizer.param_groups, reference.param_groups, strict=True):
        ours["lr"] = theirs["lr"] = 0.05
        ours["weight_decay"] = theirs["weight_decay"] = 0.02
    assert_steps_alike(optimizer, reference, seed=1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_group_added_later_counts_its_own_steps(kind):
    optimizer, reference = two_groups(kind, {}, lr=0.1)
    assert_steps_alike(optimizer, reference, steps=3)
    late = Value(0.4)
    optimizer.add_param_group({"params": late, "lr": 0.2})
    tensor = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    reference.add_param_group({"params": tensor, "lr": 0.2})
    assert [group["since"] for group in optimizer.param_groups] == [0, 0, 3]
    assert_steps_alike(optimizer, reference, seed=1)
    resumed, _ = two_groups(kind, {})
    resumed.add_param_group({"params": late})
    for ours, theirs in zip(optimizer.params, resumed.params, strict=True):
        theirs.data = ours.data
    resumed.load_state_dict(optimizer.state_dict())
    assert_steps_alike(resumed, reference, seed=2)


def test_a_state_carries_what_groups_hold(tmp_path):
    optimizer, _ = two_groups(Adam, {"name": "head", "betas": (0.5, 0.9), "initial_lr": 0.5})
    for parameter in optimizer.params:
        parameter.grad = 1.0
    optimizer.step()
    save(optimizer.state_dict(), tmp_path / "state.json")
    state = optimizer.state_dict()
    state["param_groups"][1]["notes"] = notes = [1]
    optimizer.load_state_dict(state)
    notes.append(2)
    optimizer.state_dict()["param_groups"][1]["notes"].append(3)
    assert optimizer.param_groups[1].pop("notes") == [1]
    again, _ = two_groups(Adam, {"note": "kept"}, lr=0.7)
    first, second = again.param_groups
    again.load_state_dict(load(tmp_path / "state.json"))
    assert again.state_dict() == optimizer.state_dict() | {
        "param_groups": [optimizer.state_dict()["param_groups"][0],
                         optimizer.state_dict()["param_groups"][1] | {"note": "kept"}],
    }  # fmt: skip
    assert again.param_groups == [first, second]
    assert again.param_groups[0] is first
    assert second["betas"] == (0.5, 0.9)
    assert first["params"] == again.params[:2]


def test_what_a_group_was_made_from_is_not_changed():
    given = {"params": iter([Value(1.0)]), "name": "all"}
    optimizer, other = SGD([given]), Adam([{"params": Value(1.0)}])
    assert list(given) == ["params", "name"]
    assert (optimizer.param_groups[0]["name"], len(optimizer.params), len(other.params)) == ("all", 1, 1)


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        ({"params": [Value(1.0)]}, TypeError, r"list of groups, or of parameters, such as model\.parameters\(\)"),
        ([{"lr": 0.1}], TypeError, r"takes a group as a dict with params, such as .* got {\'lr\': 0\.1} \(dict\)"),
        ([{"params": Value(1.0)}, Value(2.0)], TypeError, "takes a group as a dict"),
        ([Value(2.0), {"params": Value(1.0)}], TypeError, "takes a group as a dict"),
        ([{"params": []}, {"params": ()}], ValueError, "at least one parameter, got none"),
        ([{"params": None}], TypeError, r"params of a group must be a Value or a list of them, got None"),
        ([{"params": {Value(1.0)}}], TypeError, r"params of a group must be a Value or a list of them, got {"),
        ([{"params": [1.0]}], TypeError, r"parameter 0 must be a Value, got 1\.0"),
        ([{"params": Value(1.0) * 2}], ValueError, r"parameter 0 is the result of '\*'"),
        ([{"params": Value(1.0), "lr": -0.1}], ValueError, r"lr must be a number of at least 0, got -0\.1"),
        ([{"params": Value(1.0), "weight_decay": "x"}], ValueError, "weight_decay must be .* got 'x'"),
    ],
    ids=range(11),
)
def test_wrong_groups_are_refused(groups, error, message):
    for kind in KINDS:
        with pytest.raises(error, match=f"{kind.__name__}.*{message}"):
            kind(groups)


def test_a_group_that_is_refused_is_not_there():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.1)
    before = optimizer.state_dict()
    for group, message in (
        ({"params": [Value(2.0), w]}, "in one group only"),
        ({"params": Value(2.0), "lr": -1}, "lr"),
    ):
        with pytest.raises(ValueError, match=f"SGD: .*{message}"):
            optimizer.add_param_group(group)
    assert optimizer.state_dict() == before
    assert optimizer.params == [w]


def test_groups_with_several_rates_have_no_rate_in_common():
    optimizer, _ = two_groups(SGD, {"lr": 0.5}, lr=0.1)
    with pytest.raises(ValueError, match=r"SGD\.lr .* several, 0\.1, 0\.5; use optimizer\.param_groups\[i\]"):
        optimizer.lr  # noqa: B018
    with pytest.raises(ValueError, match=r"SGD\.lr .* several"):
        optimizer.lr = 0.3
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.5]
    optimizer.param_groups[1]["lr"] = 0.1
    optimizer.lr = 0.3
    assert [group["lr"] for group in optimizer.param_groups] == [0.3, 0.3]
    assert optimizer.hyper == SGD([Value(1.0)], lr=0.3).hyper
    with pytest.raises(TypeError, match="does not support item assignment"):
        optimizer.hyper["lr"] = 0.5


@pytest.mark.parametrize("rate", [np.float32(0.1), 1, np.float64(0.25)])
def test_a_rate_set_by_hand_is_taken_as_a_float(rate):
    ours, expected = (SGD([Value(1.0)], lr=0.1, momentum=0.5) for _ in range(2))
    ours.param_groups[0]["lr"], expected.lr = rate, float(rate)
    for optimizer in (ours, expected):
        optimizer.params[0].grad = 0.1
        optimizer.step()
    assert ours.params[0].data == expected.params[0].data


@pytest.mark.parametrize("rate", ["0.1", None, Value(0.1), True, -0.1, math.nan])
def test_a_rate_set_by_hand_that_is_no_number_of_at_least_0_is_refused(rate):
    optimizer = SGD([Value(1.0)], lr=0.1)
    optimizer.param_groups[0]["lr"] = rate
    with pytest.raises(ValueError, match="SGD: lr must be a number of at least 0, got"):
        optimizer.step()
    assert optimizer.t == 0


def test_parameters_are_added_by_groups_alone():
    optimizer = SGD([Value(1.0)], lr=0.1)
    optimizer.param_groups[0]["params"].append(Value(2.0))
    with pytest.raises(ValueError, match=r"a state for each of 1 parameters.* other ones.*got 2; use add_"):
        optimizer.step()


def after_a_step(optimizer):
    for i, parameter in enumerate(optimizer.params):
        parameter.grad = 0.1 + i
    optimizer.step()
    return [parameter.data for parameter in optimizer.params], optimizer.state


BY_HAND = [
    (SGD, "momentum", np.float32(0.9), 0.1),
    (SGD, "weight_decay", np.float16(0.3), 0.1),
    (SGD, "dampening", np.int64(1), 0.1),
    (SGD, "momentum", 1, 0.1),
    (SGD, "nesterov", np.True_, False),
    (SGD, "maximize", 1, False),
    (RMSprop, "alpha", np.float32(0.9), 0.5),
    (RMSprop, "eps", np.float32(0.1), 0.5),
    (RMSprop, "centered", np.True_, False),
    (Adam, "betas", [np.float32(0.7), np.float64(0.9)], (0.5, 0.5)),
    (AdamW, "weight_decay", Fraction(1, 3), 0.5),
]


def as_python(given):
    if isinstance(given, list):
        return tuple(map(float, given))
    return bool(given) if isinstance(given, np.bool_) else float(given)


@pytest.mark.parametrize(("kind", "name", "given", "first"), BY_HAND)
def test_a_hyperparameter_set_by_hand_is_taken_as_python_has_it(kind, name, given, first):
    hyper = {"lr": 0.1} | ({"momentum": 0.5} if kind is SGD else {})
    ours, expected = (kind([Value(1.0), Value(2.0)], **(hyper | {name: first})) for _ in range(2))
    ours.param_groups[0][name], expected.param_groups[0][name] = given, as_python(given)
    for _ in range(3):
        assert after_a_step(ours) == after_a_step(expected)
    told = ours.hyper_of(ours.param_groups[0])
    assert {type(part) for value in told.values() for part in (value if type(value) is tuple else [value])} <= {
        float,
        bool,
    }
    assert {type(number) for kept in ours.state for number in kept} <= {float}


@pytest.mark.parametrize(
    ("kind", "name", "given", "message"),
    [
        (SGD, "momentum", "0.9", "SGD: momentum must be a number, got '0.9'"),
        (SGD, "momentum", None, "SGD: momentum must be a number, got None"),
        (SGD, "weight_decay", True, "SGD: weight_decay must be a number, got True"),
        (SGD, "weight_decay", 10**400, "SGD: weight_decay must be a number, got 1000"),
        (SGD, "nesterov", "yes", "SGD: nesterov must be True or False, got 'yes'"),
        (Adam, "betas", 0.9, r"Adam: betas must be 2 numbers, got 0\.9"),
        (Adam, "betas", (0.9,), r"Adam: betas must be 2 numbers, got \(0\.9,\)"),
        (Adam, "betas", (0.9, "x"), "Adam: betas must be a number, got 'x'"),
        (Adam, "amsgrad", True, "Adam: amsgrad must be False in all groups"),
        (AdamW, "amsgrad", 1, "AdamW: amsgrad must be False in all groups"),
    ],
)
@pytest.mark.parametrize("jit", [False, True])
def test_a_hyperparameter_set_by_hand_that_is_another_thing_is_refused(kind, name, given, message, jit):
    w = Value(1.0)
    optimizer = kind([w], lr=0.1)
    optimizer.param_groups[0][name] = given
    with pytest.raises(ValueError, match=message):
        fit(lambda x: w * x[0], mse_loss, optimizer, [1.0], [2.0], 1, progress=False, jit=jit)
    assert (optimizer.t, w.data) == (0, 1.0)


def test_amsgrad_taken_away_by_hand_is_refused():
    optimizer = Adam([Value(1.0)], amsgrad=True)
    optimizer.param_groups[0]["amsgrad"] = np.False_
    with pytest.raises(ValueError, match="amsgrad must be True in all groups"):
        optimizer.step()


def test_hyperparameters_of_ones_own_may_be_anything():
    class Mine(Optimizer):
        slots = 0

        @staticmethod
        def rule(p, g, state, *, t, lr, times, names, how):
            assert how == names[0]
            for _ in range(times):
                p = p - lr * g
            return p, state

    optimizer = Mine([Value(1.0)], lr=1, times=2, names=("a", "b"), how="a")
    optimizer.param_groups[0]["how"] = optimizer.param_groups[0]["names"][0]
    assert after_a_step(optimizer)[0] == [0.8]


@pytest.mark.parametrize(
    "change",
    [
        lambda groups: groups.reverse(),
        lambda groups: groups.pop(),
        lambda groups: groups[0]["params"].reverse(),
        lambda groups: groups[0].update(params=[Value(1.0), Value(2.0)]),
        lambda groups: groups.append(groups[0]),
    ],
    ids=["groups in another order", "a group less", "another order", "other parameters", "a group twice"],
)
@pytest.mark.parametrize("jit", [False, True])
def test_no_parameter_goes_on_with_the_state_of_another(change, jit):
    a, b, c = parameters = [Value(1.0), Value(2.0), Value(3.0)]
    optimizer = SGD([{"params": [a, b]}, {"params": [c]}], lr=0.1, momentum=0.9)
    after_a_step(optimizer)
    before = [parameter.data for parameter in parameters]
    change(optimizer.param_groups)
    message = "SGD keeps a state for each of 3 parameters, but its groups have other ones, or in another order"
    for act in (optimizer.step, optimizer.state_dict):
        with pytest.raises(ValueError, match=message):
            act()
    with pytest.raises(ValueError, match=message):
        fit(lambda x: a * x[0] + b + c, mse_loss, optimizer, [1.0], [2.0], 1, progress=False, jit=jit)
    assert [parameter.data for parameter in parameters] == before


def test_a_new_list_of_the_same_parameters_will_do():
    optimizer = SGD([Value(1.0), Value(2.0)], lr=0.1)
    optimizer.param_groups[0]["params"] = tuple(optimizer.params)
    assert after_a_step(optimizer)[0] == [1.0 - 0.1 * 0.1, 2.0 - 0.1 * 1.1]


@pytest.mark.parametrize("rate", [-1e-20, -0.5, math.nan])
def test_a_rate_that_a_schedule_left_is_loaded_and_refused_where_it_is_used(rate):
    left, ours = (SGD([Value(1.0)], lr=0.1) for _ in range(2))
    left.param_groups[0]["lr"] = rate
    ours.load_state_dict(left.state_dict())
    assert repr(ours.param_groups[0]["lr"]) == repr(rate)
    with pytest.raises(ValueError, match="SGD: lr must be a number of at least 0, got"):
        ours.step()
