"""Small neural networks of scalar Values, with PyTorch's names and results.

The layers are in `layers.py`; around them are functions, losses, optimisers, gradient clipping, learning-rate
schedules, a training loop, and states in JSON files.
"""

import random as random  # programs for the classic micrograd find `random` and `Value` here

from micrograd.engine import Value as Value
from micrograd.nn.clipping import clip_grad_norm_, clip_grad_value_
from micrograd.nn.dropping import Dropout, dropout
from micrograd.nn.embedding import Embedding
from micrograd.nn.functions import (
    gelu,
    leaky_relu,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from micrograd.nn.layers import MLP, Layer, Neuron
from micrograd.nn.linear import Linear
from micrograd.nn.losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    huber_loss,
    l1_loss,
    mse_loss,
)
from micrograd.nn.module import Module
from micrograd.nn.norms import LayerNorm, RMSNorm
from micrograd.nn.optim import SGD, Adam, AdamW, Optimizer, RMSprop
from micrograd.nn.schedule import (
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    OneCycleLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from micrograd.nn.sequential import Sequential
from micrograd.nn.state import load, save
from micrograd.nn.training.callbacks import FitState
from micrograd.nn.training.checkpoint import Checkpoint, resume
from micrograd.nn.training.early_stopping import EarlyStopping
from micrograd.nn.training.evaluation import evaluate
from micrograd.nn.training.fit import fit
from micrograd.nn.training.history import History
from micrograd.nn.training.metrics import accuracy
from micrograd.nn.training.prediction import predict

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "AdamW",
    "Checkpoint",
    "CosineAnnealingLR",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "ExponentialLR",
    "FitState",
    "History",
    "LRScheduler",
    "LambdaLR",
    "Layer",
    "LayerNorm",
    "Linear",
    "LinearLR",
    "Module",
    "Neuron",
    "OneCycleLR",
    "Optimizer",
    "RMSNorm",
    "RMSprop",
    "ReduceLROnPlateau",
    "Sequential",
    "SequentialLR",
    "StepLR",
    "accuracy",
    "binary_cross_entropy_with_logits",
    "clip_grad_norm_",
    "clip_grad_value_",
    "cross_entropy",
    "dropout",
    "evaluate",
    "fit",
    "gelu",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "leaky_relu",
    "load",
    "log_softmax",
    "logsumexp",
    "mse_loss",
    "predict",
    "relu",
    "resume",
    "save",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]
