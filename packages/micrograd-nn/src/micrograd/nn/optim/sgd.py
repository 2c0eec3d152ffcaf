"""Gradient descent."""

from __future__ import annotations

from micrograd.nn.inputs import non_negative, shown
from micrograd.nn.optim.optimizer import Optimizer, Params, Scalar, State


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted. Counterpart: `torch.optim.SGD`, without its `dampening`.

    Source: for Nesterov's momentum Sutskever et al., "On the importance of initialization and momentum in deep
    learning", ICML 2013, in the variant that torch has.

    Args:
        params: The leaf Values to train. One that comes twice is trained once.
        lr: The learning rate, at least 0.
        momentum: How much of the last step goes into the next, at least 0.
        weight_decay: This times the parameter is added to the gradient (an L2 penalty); at least 0. From here on by
            name only: in torch the fourth argument is another one.
        nesterov: Whether to use Nesterov's momentum.

    Raises:
        TypeError: If `params` is no iterable of Values.
        ValueError: If there are no params, one is not a leaf, a number is out of range, or `nesterov` is asked for
            without momentum.

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
        *,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if not isinstance(nesterov, bool):
            raise ValueError(f"SGD: nesterov must be True or False, got {shown(nesterov)}")
        if nesterov and not momentum:
            raise ValueError(f"SGD: nesterov=True needs a momentum above 0, got {momentum!r}")
        super().__init__(
            params,
            lr=non_negative("SGD", "lr", lr),
            momentum=non_negative("SGD", "momentum", momentum),
            weight_decay=non_negative("SGD", "weight_decay", weight_decay),
            nesterov=nesterov,
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
    ) -> tuple[Scalar, State]:
        """`v = momentum v + g`, then `p = p - lr v`."""
        (v,) = state
        if weight_decay:
            g = g + weight_decay * p
        if momentum:
            v = momentum * v + g
            g = g + momentum * v if nesterov else v
        return p - lr * g, (v,)
