"""Gradient clipping against torch.nn.utils in float64."""

import itertools
import math
import struct

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from interrupts import InterruptAt
from micrograd.engine import Value
from micrograd.nn import MLP, clip_grad_norm_, clip_grad_value_

INF, NAN = math.inf, math.nan
GRADIENTS = [
    [3.0, 4.0],
    [0.3, -0.4],
    [None, -3.0, 4.0],
    [None],
    [-0.0, 0.0],
    [1e200, -2e200],
    [1e-200, 1e-200],
    [INF, 1.0],
    [-INF, None, INF],
    [NAN, 1.0],
]


def with_gradients(gradients):
    """Parameters with these gradients, ours and torch's."""
    ours, theirs = [Value(1.0) for _ in gradients], [torch.ones((), dtype=torch.float64) for _ in gradients]
    for value, tensor, gradient in zip(ours, theirs, gradients, strict=True):
        value.grad = gradient
        tensor.grad = None if gradient is None else torch.tensor(gradient, dtype=torch.float64)
    return ours, theirs


def bits(numbers):
    return [number if number is None or number != number else struct.pack("d", number) for number in numbers]


def same(ours, theirs):
    expected = [None if tensor.grad is None else tensor.grad.item() for tensor in theirs]
    return str(bits(v.grad for v in ours)) == str(bits(expected))


@pytest.mark.parametrize("norm_type", [2.0, 1, 3.0, 0.5, INF])
@pytest.mark.parametrize("max_norm", [1.0, 0.0, 2, 1e-300, INF])
@pytest.mark.parametrize("gradients", GRADIENTS, ids=str)
def test_norms_have_the_bits_of_torch(gradients, max_norm, norm_type):
    ours, theirs = with_gradients(gradients)
    norm = clip_grad_norm_(ours, max_norm, norm_type)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert type(norm) is float
    assert str(norm) == str(expected.item())
    assert same(ours, theirs)


@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda gradient: round(gradient, 9)), max_size=30),  # whose powers are no 0
    st.floats(0.0, 1e3),
    st.sampled_from([1.0, 2.0, 3.0, INF]) | st.floats(0.25, 10.0),
)
def test_random_norms_match_torch(gradients, max_norm, norm_type):
    ours, theirs = with_gradients(gradients)
    norm = clip_grad_norm_(ours, max_norm, norm_type)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert norm == pytest.approx(expected.item(), rel=1e-12)
    clipped, wanted = [v.grad for v in ours], [tensor.grad.item() for tensor in theirs]
    assert clipped == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("clip_value", [0, 0.0, 0.5, 3.5, INF])
@pytest.mark.parametrize(
    "gradients", [some for some in GRADIENTS if some != [None]], ids=str
)  # torch takes no None alone
def test_values_have_the_bits_of_torch(gradients, clip_value):
    ours, theirs = with_gradients(gradients)
    assert clip_grad_value_(ours, clip_value) is None
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    assert same(ours, theirs)


def test_a_step_with_clipping_is_that_of_torch():
    model = MLP(2, [3, 1])
    net = [torch.tensor(p.data, dtype=torch.float64) for p in model.parameters()]
    (model([Value(2.0), Value(-3.0)]) * 10 - 1).backward()
    for parameter, tensor in zip(model.parameters(), net, strict=True):
        tensor.grad = torch.tensor(parameter.grad, dtype=torch.float64)
    norm = clip_grad_norm_(model.parameters(), 0.5)
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(net, 0.5).item(), rel=1e-14)
    assert [p.grad for p in model.parameters()] == pytest.approx([t.grad.item() for t in net], rel=1e-14)


CLIPS = [lambda values: clip_grad_norm_(values, 0.5), lambda values: clip_grad_value_(values, 0.5)]
clips = pytest.mark.parametrize("clip", CLIPS, ids=["norm", "value"])


@clips
@pytest.mark.parametrize(
    "given_as",
    [list, tuple, iter, lambda values: (v for v in values), lambda values: np.array(values, dtype=object)],
)
def test_whatever_iterates_will_do(clip, given_as):
    expected, _ = with_gradients([3.0, 0.25])
    values, _ = with_gradients([3.0, 0.25])
    clip(expected)
    clip(given_as(values))
    assert [v.grad for v in values] == [v.grad for v in expected]


@clips
def test_a_single_one_will_do_and_one_that_comes_twice_counts_once(clip):
    (alone,), (twice,) = with_gradients([3.0])[0], with_gradients([3.0])[0]
    assert clip(alone) == clip([twice, twice])
    assert twice.grad == alone.grad == pytest.approx(0.5)


@clips
@pytest.mark.parametrize("wrong", [3.0, None, "ab", [1.0], [[Value(1.0)]], [Value(1.0), "w"], [torch.ones(1)]], ids=str)
def test_what_is_no_parameter_is_named(clip, wrong):
    with pytest.raises(TypeError, match=r"^clip_grad_[a-z]*_ takes Values, such as model.parameters\(\), got "):
        clip(wrong)


@clips
@pytest.mark.parametrize(("gradient", "error"), [("3", TypeError), ([1.0], TypeError), (10**400, OverflowError)])
def test_what_is_no_gradient_is_named_and_nothing_changes(clip, gradient, error):
    first, second = Value(1.0), Value(1.0)
    first.grad, second.grad = 3.0, gradient
    with pytest.raises(error, match=r"clip_grad_[a-z]*_: the gradient of a parameter takes"):
        clip([first, second])
    assert (first.grad, second.grad) == (3.0, gradient)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: clip_grad_norm_(w, -1.0), "clip_grad_norm_: max_norm must be a number of at least 0, got -1.0"),
        (lambda w: clip_grad_norm_(w, NAN), "max_norm must be a number of at least 0, got nan"),
        (lambda w: clip_grad_norm_(w, None), "max_norm must be a number of at least 0, got None"),
        (lambda w: clip_grad_norm_(w, 1.0, 0), "norm_type must be a number above 0, such as 2 or math.inf, got 0"),
        (lambda w: clip_grad_norm_(w, 1.0, -INF), "norm_type must be a number above 0, .* got -inf"),
        (lambda w: clip_grad_norm_(w, 1.0, "fro"), "norm_type must be a number above 0, .* got 'fro'"),
        (lambda w: clip_grad_norm_(w, 1.0, 2.0, "no"), "error_if_nonfinite must be True or False, got 'no'"),
        (lambda w: clip_grad_value_(w, -0.5), "clip_grad_value_: clip_value must be a number of at least 0, got -0.5"),
        (lambda w: clip_grad_value_(w, True), "clip_value must be a number of at least 0, got True"),
    ],
)
def test_bad_bounds_are_errors(call, message):
    (w,), _ = with_gradients([3.0])
    with pytest.raises(ValueError, match=message):
        call([w])
    assert w.grad == 3.0


@pytest.mark.parametrize(("gradients", "norm"), [([NAN, 1.0], "nan"), ([INF, 1.0], "inf"), ([1e200, 1.0], "inf")])
def test_a_norm_that_is_not_finite_can_be_an_error(gradients, norm):
    ours, theirs = with_gradients(gradients)
    with pytest.raises(RuntimeError, match=f"clip_grad_norm_: the norm of the gradients is {norm}"):
        clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    assert str([v.grad for v in ours]) == str(gradients)
    with pytest.raises(RuntimeError):
        torch.nn.utils.clip_grad_norm_(theirs, 1.0, error_if_nonfinite=True)


@clips
def test_an_interrupt_leaves_all_gradients_or_none(clip):
    before = [3.0, -4.0, 0.25]
    after = with_gradients(before)[0]
    clip(after)
    after = [v.grad for v in after]
    for moment in itertools.count(1):
        values, _ = with_gradients(before)
        try:
            with InterruptAt(moment):
                clip(values)
        except KeyboardInterrupt:
            assert [v.grad for v in values] in (before, after)
        else:
            break
    assert moment > 5
