"""RMSprop."""

from __future__ import annotations

from micrograd.engine import ops
from micrograd.nn.inputs import flag, non_negative
from micrograd.nn.optim.optimizer import Optimizer, Params, Scalar, State, reciprocal


class RMSprop(Optimizer):
    """Steps scaled by a running average of the squared gradient. Counterpart: `torch.optim.RMSprop`.

    Source: Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6.5, 2012; centered as in Graves,
    "Generating Sequences With Recurrent Neural Networks", 2013.

    Args:
        params: The leaf Values to train, one that comes twice is trained once; or groups of them.
        lr: The learning rate, at least 0.
        alpha: How much of the average is kept in each step, at least 0.
        eps: Added to the divisor, at least 0.
        weight_decay: This times the parameter is added to the gradient (an L2 penalty); at least 0.
        momentum: How much of the last step goes into the next, at least 0.
        centered: Whether to subtract the square of the average gradient, which leaves an estimate of its variance.
        maximize: Whether to climb rather than to descend.

    Raises:
        TypeError: If `params` is no iterable of Values or groups.
        ValueError: If there are no params, one is not a leaf, a number is out of range, or a flag is none.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> optimizer = RMSprop([w], lr=0.05)
        >>> (w * w).backward()
        >>> optimizer.step()
        >>> f"{w:.4f}"
        '0.5000'
    """

    slots = 3

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr=non_negative("RMSprop", "lr", lr),
            alpha=non_negative("RMSprop", "alpha", alpha),
            eps=non_negative("RMSprop", "eps", eps),
            weight_decay=non_negative("RMSprop", "weight_decay", weight_decay),
            momentum=non_negative("RMSprop", "momentum", momentum),
            centered=flag("RMSprop", "centered", centered),
            maximize=flag("RMSprop", "maximize", maximize),
        )

    @staticmethod
    def rule(
        p: Scalar,
        g: Scalar,
        state: State,
        *,
        t: Scalar,
        lr: Scalar,
        alpha: Scalar,
        eps: Scalar,
        weight_decay: Scalar,
        momentum: Scalar,
        centered: bool,
        maximize: bool = False,
    ) -> tuple[Scalar, State]:
        """Average `g` and its square, `b = momentum b + g / (sqrt(average) + eps)`, then `p = p - lr b`."""
        square, mean, b = state
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        square = alpha * square + (1 - alpha) * g * g
        average = square
        if centered:
            mean = mean + (1 - alpha) * (g - mean) if alpha > 0.5 else g - alpha * (g - mean)  # as torch.lerp rounds
            average = square - mean * mean
        step = g * reciprocal(ops.sqrt(average) + eps)
        if momentum:
            b = step = momentum * b + step
        return p - lr * step, (square, mean, b)
