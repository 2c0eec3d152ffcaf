"""Gradient descent."""

from __future__ import annotations

from micrograd.engine import ops
from micrograd.nn.inputs import flag, non_negative, number, shown
from micrograd.nn.optim.optimizer import Optimizer, Params, Scalar, State


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted. Counterpart: `torch.optim.SGD`.

    Source: for Nesterov's momentum Sutskever et al., "On the importance of initialization and momentum in deep
    learning", ICML 2013, in the variant that torch has.

    Args:
        params: The leaf Values to train, one that comes twice is trained once; or groups of them.
        lr: The learning rate, at least 0.
        momentum: How much of the last step goes into the next, at least 0.
        dampening: What part of a gradient does not go into the momentum, from the second step on.
        weight_decay: This times the parameter is added to the gradient (an L2 penalty); at least 0.
        nesterov: Whether to use Nesterov's momentum.
        maximize: Whether to climb rather than to descend.

    Raises:
        TypeError: If `params` is no iterable of Values or groups.
        ValueError: If there are no params, one is not a leaf, a number is out of range, a flag is none, or `nesterov`
            is asked for without momentum or with dampening.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> optimizer = SGD([w], lr=0.5)
        >>> (w * w).backward()
        >>> optimizer.step()
        >>> w.data
        0.0
    """

    slots = 1

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        if flag("SGD", "nesterov", nesterov) and not (momentum and dampening == 0):
            raise ValueError(
                "SGD: nesterov=True needs a momentum above 0 and no dampening, "
                f"got {shown(momentum)} and {shown(dampening)}"
            )
        super().__init__(
            params,
            lr=non_negative("SGD", "lr", lr),
            momentum=non_negative("SGD", "momentum", momentum),
            dampening=number("SGD", "dampening", dampening),
            weight_decay=non_negative("SGD", "weight_decay", weight_decay),
            nesterov=flag("SGD", "nesterov", nesterov),
            maximize=flag("SGD", "maximize", maximize),
        )

    @staticmethod
    def rule(
        p: Scalar,
        g: Scalar,
        state: State,
        *,
        t: Scalar,
        lr: Scalar,
        momentum: Scalar,
        weight_decay: Scalar,
        nesterov: bool,
        dampening: Scalar = 0.0,
        maximize: bool = False,
    ) -> tuple[Scalar, State]:
        """`v = momentum v + (1 - dampening) g`, the first time `v = g`; then `p = p - lr v`."""
        (v,) = state
        if maximize:
            g = -g
        if weight_decay:
            g = g + weight_decay * p
        if momentum:
            fresh = (1 - ops.gate(dampening, t - 1)) * g if dampening else g
            v = momentum * v + fresh
            g = g + momentum * v if nesterov else v
        return p - lr * g, (v,)
