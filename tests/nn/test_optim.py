"""Optimisers against torch.optim in float64, and their rules on Values."""

import inspect
import math
import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from interrupts import InterruptAt
from micrograd.engine import Value, grad
from micrograd.nn import MLP, SGD, Adam, AdamW, Optimizer
from micrograd.nn.optim import Optimizer as Base

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
    odd = [0.0, -0.0, 1e-300, -1e-160, 1e200, math.inf, math.nan, 5e-324, -3.0]
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


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
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
    resumed = kind(second, lr=0.77)
    resumed.load_state_dict(state)
    assert run(resumed, second, 10) == expected
    assert resumed.t == 20


def state_of(**changes):
    state = Adam([Value(1.0), Value(2.0)]).state_dict()
    return state | changes


HYPER = state_of()["hyper"]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "must have the entries t, hyper and state, got None"),
        ({}, "must have the entries"),
        (state_of(more=1), "must have the entries"),
        (state_of(t=-1), "t must be the number of steps taken, got -1"),
        (state_of(t=1.5), r"t must be .* got 1\.5"),
        (state_of(t=True), "t must be .* got True"),
        (state_of(hyper=[]), "hyper must have the entries lr, betas, eps, weight_decay"),
        (state_of(hyper={"lr": 0.1}), "hyper must have the entries"),
        (state_of(hyper=HYPER | {"self": 1}), "hyper must have the entries"),
        (state_of(hyper=HYPER | {"lr": -1}), "Adam: lr must be a number of at least 0, got -1"),
        (state_of(hyper=HYPER | {"lr": "0.1"}), "Adam: lr must be a number of at least 0, got '0.1'"),
        (state_of(hyper=HYPER | {"betas": [0.9]}), "betas must be two numbers"),
        (state_of(state=None), "an entry for each of 2 parameters, got None"),
        (state_of(state=[[0.0, 0.0]]), "an entry for each of 2 parameters, got 1"),
        (state_of(state=[[0.0, 0.0], [0.0]]), r"state 1 must be 2 numbers, got \[0\.0\]"),
        (state_of(state=[[0.0, "x"], [0.0, 0.0]]), "state 0 must be 2 numbers"),
        (state_of(state=["ab", [0.0, 0.0]]), "state 0 must be 2 numbers, got 'ab'"),
        (SGD([Value(1.0), Value(2.0)]).state_dict(), "hyper must have the entries"),
        (state_of(t=10**400), "t must be the number of steps taken"),
        (state_of(t=10**5000), "t must be the number of steps taken, got a huge int"),
        (state_of(t=2**53 + 1), "t must be"),
        (state_of(state=[[10**400, 0.0], [0.0, 0.0]]), "state 0 must be 2 numbers"),
        (state_of(hyper=HYPER | {"lr": 10**400}), "Adam: lr must be a number of at least 0, got 10000"),
        (state_of(hyper=HYPER | {"betas": [0.9, 10**400]}), "betas must be two numbers"),
        (state_of(hyper=HYPER | {"eps": "\x1b[31m\0" * 10**6}), "Adam: eps must be a number of at least 0, got '"),
        (state_of(hyper={"\x1b]0;x\a" * 10**6: 1.0}), "hyper must have the entries"),
        (state_of(state=[["\r\n" * 10**6, 0.0]] * 2), "state 0 must be 2 numbers"),
        (["\x07" * 10**6], "must have the entries"),
    ],
    ids=lambda argument: str(argument)[:40] if isinstance(argument, str) else "state",
)
def test_a_wrong_state_is_refused_whole(state, message):
    optimizer = Adam([Value(1.0), Value(2.0)], lr=0.5)
    optimizer.step()
    before = repr(optimizer.state_dict())
    with pytest.raises(
        ValueError, match=r"Adam cannot load this state \(nothing was changed\): .*" + message
    ) as caught:
        optimizer.load_state_dict(state)
    assert repr(optimizer.state_dict()) == before
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


def params():
    return [Value(1.0)]


@pytest.mark.parametrize(
    ("kind", "what"),
    [(SGD, "momentum"), (Adam, "eps"), (AdamW, "eps")]
    + [(kind, what) for kind in (SGD, Adam, AdamW) for what in ("lr", "weight_decay")],
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
    with pytest.raises(ValueError, match=r"needs a momentum above 0, got 0\.0"):
        SGD(params(), nesterov=True)


@pytest.mark.parametrize("more", [(0.1,), (0, 1e-4)])
def test_torchs_order_of_arguments_is_caught(more):
    """In torch the fourth argument is dampening: SGD(params, lr, momentum, dampening, weight_decay)."""
    with pytest.raises(TypeError, match="positional arguments"):
        SGD(params(), 0.1, 0.9, *more)


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
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
    for kind in (SGD, Adam, AdamW):
        theirs = getattr(torch.optim, kind.__name__)([torch.zeros(1)]).defaults
        ours = kind(params()).hyper
        assert ours == {name: theirs[name] for name in ours}


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([], ValueError, "needs at least one parameter, got none"),
        (iter([]), ValueError, "needs at least one parameter"),
        (Value(1.0), TypeError, "takes parameters, such as"),
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
    with pytest.raises(ValueError, match="momentum must be a number of at least 0"):
        other.load_state_dict(optimizer.state_dict() | {"hyper": optimizer.hyper | {"momentum": -1.0}})


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
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
