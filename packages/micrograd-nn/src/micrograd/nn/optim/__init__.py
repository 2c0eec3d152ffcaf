"""Optimisers, equal to those of `torch.optim`."""

from micrograd.nn.optim.adam import Adam, AdamW
from micrograd.nn.optim.optimizer import STEP_METHODS, Optimizer
from micrograd.nn.optim.rmsprop import RMSprop
from micrograd.nn.optim.sgd import SGD

__all__ = ["SGD", "STEP_METHODS", "Adam", "AdamW", "Optimizer", "RMSprop"]
