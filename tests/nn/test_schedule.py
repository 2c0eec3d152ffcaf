"""Learning-rate schedules against torch.optim.lr_scheduler."""

import math

import pytest
import torch

from micrograd.engine import Value
from micrograd.nn import SGD, Adam, CosineAnnealingLR, ExponentialLR, LambdaLR, LRScheduler, StepLR

CASES = [
    (StepLR, {"step_size": 1}),
    (StepLR, {"step_size": 7, "gamma": 0.5}),
    (StepLR, {"step_size": 3, "gamma": 1.1}),
    (ExponentialLR, {"gamma": 0.9}),
    (ExponentialLR, {"gamma": 0.0}),
    (CosineAnnealingLR, {"T_max": 50}),
    (CosineAnnealingLR, {"T_max": 20, "eta_min": 0.01}),
    (CosineAnnealingLR, {"T_max": 1}),
    (LambdaLR, {"lr_lambda": lambda epoch: 1 - 0.9 * epoch / 100}),
    (LambdaLR, {"lr_lambda": lambda epoch: 0.5 * 0.95**epoch}),
]


@pytest.mark.parametrize(("kind", "arguments"), CASES, ids=[kind.__name__ for kind, _ in CASES])
def test_50_epochs_match_torch(kind, arguments):
    optimizer, reference = SGD([Value(1.0)], lr=0.2), torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    schedule = kind(optimizer, **arguments)
    expected = getattr(torch.optim.lr_scheduler, kind.__name__)(reference, **arguments)
    for epoch in range(51):
        assert schedule.last_epoch == expected.last_epoch == epoch
        assert optimizer.lr == pytest.approx(expected.get_last_lr()[0], rel=1e-12, abs=1e-15)
        optimizer.step()
        reference.step()
        schedule.step()
        expected.step()


def test_it_starts_from_the_rate_it_finds():
    optimizer = Adam([Value(1.0)], lr=0.5)
    optimizer.lr = 0.25
    schedule = LambdaLR(optimizer, lambda epoch: 2.0)
    assert (schedule.base_lr, optimizer.lr) == (0.25, 0.5)


@pytest.mark.parametrize("number", [0, -1, 1.5, None, "3", True, math.nan])
@pytest.mark.parametrize(("kind", "name"), [(StepLR, "step_size"), (CosineAnnealingLR, "T_max")])
def test_periods_are_ints_of_at_least_1(kind, name, number):
    optimizer = SGD([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match=f"{kind.__name__}: {name} must be an int of at least 1, got"):
        kind(optimizer, number)
    assert optimizer.lr == 0.5


def test_a_negative_rate_is_refused_and_nothing_moves():
    optimizer = SGD([Value(1.0)], lr=0.5)
    schedule = LambdaLR(optimizer, lambda epoch: 1.0 - epoch)
    schedule.step()
    with pytest.raises(ValueError, match=r"SGD: lr must be a number of at least 0, got -0\.5"):
        schedule.step()
    assert (schedule.last_epoch, optimizer.lr) == (1, 0.0)


def test_a_schedule_of_ones_own_needs_lr_at():
    class Halves(LRScheduler):
        def lr_at(self, epoch):
            return self.base_lr / 2**epoch

    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = Halves(optimizer)
    schedule.step()
    assert optimizer.lr == 0.5
    with pytest.raises(NotImplementedError, match="LRScheduler has no lr_at"):
        LRScheduler(optimizer)
