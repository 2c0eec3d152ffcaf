"""Learning-rate schedules, equal to those of `torch.optim.lr_scheduler`.

A schedule goes from the present learning rate of each group of parameters to the next, so that a rate set by hand is
kept, and of several schedules each does its part.
"""

from micrograd.nn.schedule.chainable import CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, StepLR
from micrograd.nn.schedule.known import FORMULAS, is_formula
from micrograd.nn.schedule.one_cycle import OneCycleLR
from micrograd.nn.schedule.plateau import ReduceLROnPlateau
from micrograd.nn.schedule.scheduler import LRScheduler
from micrograd.nn.schedule.sequential import SequentialLR

__all__ = [
    "FORMULAS",
    "CosineAnnealingLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
    "is_formula",
]
