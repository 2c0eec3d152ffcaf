"""Adam, and its variant with decoupled weight decay."""

from __future__ import annotations

from micrograd.engine import ops
from micrograd.nn.inputs import flag, is_number, non_negative, shown
from micrograd.nn.optim.optimizer import Optimizer, Params, Scalar, State, reciprocal


class Adam(Optimizer):
    """Steps scaled by running averages of the gradient and of its square. Counterpart: `torch.optim.Adam`.

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.

    Args:
        params: The leaf Values to train, one that comes twice is trained once; or groups of them.
        lr: The learning rate, at least 0.
        betas: How much of the two averages is kept in each step, from 0 to below 1.
        eps: Added to the divisor, at least 0.
        weight_decay: This times the parameter is added to the gradient (an L2 penalty); at least 0.
        amsgrad: Whether to divide by the largest average of squares so far, in all groups: Reddi et al., "On the
            Convergence of Adam and Beyond", ICLR 2018, in the variant that torch has.
        maximize: Whether to climb rather than to descend.

    Raises:
        TypeError: If `params` is no iterable of Values or groups.
        ValueError: If there are no params, one is not a leaf, a number is out of range, a flag is none, or `amsgrad` of
            a group is another one.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> optimizer = Adam([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimizer.step()
        >>> f"{w:.4f}"
        '0.9000'
    """

    slots = 2  # with amsgrad 3
    _shared = ("amsgrad",)
    _decoupled = False  # whether weight decay shrinks the parameter itself, or adds to its gradient

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        name = type(self).__name__
        pair = isinstance(betas, (tuple, list)) and len(betas) == 2
        if not (pair and all(is_number(beta) and 0 <= beta < 1 for beta in betas)):
            raise ValueError(f"{name}: betas must be two numbers from 0 to below 1, got {shown(betas)}")
        if flag(name, "amsgrad", amsgrad):
            self.slots = 3
        super().__init__(
            params,
            lr=non_negative(name, "lr", lr),
            betas=tuple(map(float, betas)),
            eps=non_negative(name, "eps", eps),
            weight_decay=non_negative(name, "weight_decay", weight_decay),
            amsgrad=flag(name, "amsgrad", amsgrad),
            maximize=flag(name, "maximize", maximize),
        )

    @classmethod
    def rule(
        cls,
        p: Scalar,
        g: Scalar,
        state: State,
        *,
        t: Scalar,
        lr: Scalar,
        betas: tuple[Scalar, Scalar],
        eps: Scalar,
        weight_decay: Scalar,
        amsgrad: bool = False,
        maximize: bool = False,
    ) -> tuple[Scalar, State]:
        """Decay, average, correct the averages for having started at 0, then `p = p - lr m / (sqrt(v) + eps)`."""
        m, v = state[:2]
        beta1, beta2 = betas
        if maximize:
            g = -g
        if weight_decay and cls._decoupled:
            p = (1 - lr * weight_decay) * p
        elif weight_decay:
            g = g + weight_decay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        size = v
        kept: State = m, v
        if amsgrad:
            size = ops.maximum(state[2], v)
            kept = m, v, size
        m_corrected = m / (1 - beta1**t)
        v_corrected = size / (1 - beta2**t)
        return p - lr * m_corrected * reciprocal(ops.sqrt(v_corrected) + eps), kept


class AdamW(Adam):
    """Adam with decoupled weight decay: the parameter itself decays. Counterpart: `torch.optim.AdamW`.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2.

    Args:
        params: The leaf Values to train, one that comes twice is trained once; or groups of them.
        lr: The learning rate, at least 0.
        betas: How much of the two averages is kept in each step, from 0 to below 1.
        eps: Added to the divisor, at least 0.
        weight_decay: In each step the parameter loses `lr * weight_decay` of its size; at least 0.
        amsgrad: Whether to divide by the largest average of squares so far, in all groups: Reddi et al., "On the
            Convergence of Adam and Beyond", ICLR 2018, in the variant that torch has.
        maximize: Whether to climb rather than to descend.

    Raises:
        TypeError: If `params` is no iterable of Values or groups.
        ValueError: If there are no params, one is not a leaf, a number is out of range, a flag is none, or `amsgrad` of
            a group is another one.

    Example:
        >>> from micrograd.engine import Value
        >>> w = Value(1.0)
        >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
        >>> optimizer.step()  # the gradient is 0, the decay works all the same
        >>> w.data
        0.95
    """

    _decoupled = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
