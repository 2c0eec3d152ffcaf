"""Loss functions, with the names and reductions of `torch.nn.functional`.

They are made of operations on Values alone, `where` among them, so they can be differentiated any number of times, and
traced.
"""

from micrograd.nn.losses.regression import huber_loss, l1_loss, mse_loss
from micrograd.nn.losses.several_classes import cross_entropy
from micrograd.nn.losses.two_classes import binary_cross_entropy_with_logits, hinge_loss

__all__ = [
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "mse_loss",
]
