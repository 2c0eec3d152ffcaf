"""Optimisers, equal to those of `torch.optim`.

The rule of each is one function in plain arithmetic and operations of the engine. It says how a parameter `p` with
gradient `g` changes, and reads floats, which is what `step` passes, or Values, so that it can be traced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias

from micrograd.engine import Value, assign, operands, ops
from micrograd.nn.inputs import is_number, non_negative, shown
from micrograd.nn.state import check_optimizer_state, loading

Scalar: TypeAlias = Any  # a float or a Value: the rules are written once, for both
State: TypeAlias = tuple[Scalar, ...]  # what an optimiser remembers of one parameter

_reciprocal = ops.power(-1.0)  # 1 / x on floats and Values, and inf at 0 where Python's 1 / 0.0 raises


class Optimizer:
    """What all optimisers have in common. Counterpart: `torch.optim.Optimizer`.

    A subclass has a `rule` and says in `slots` how many numbers it keeps for each parameter.

    Args:
        params: The leaf Values to train. One that comes twice is trained once.
        **hyper: The hyperparameters, `lr` among them, as the rule takes them.

    Attributes:
        params: The parameters, a list of Values.
        hyper: The hyperparameters by name; `lr` is also an attribute.
        t: The number of steps taken.
        state: For each parameter a tuple of floats that the rule keeps.

    Raises:
        TypeError: If `params` is no iterable of Values, or `hyper` has no `lr`.
        ValueError: If there are no params, or one is not a leaf.

    Example:
        >>> class Signs(Optimizer):
        ...     slots = 0
        ...
        ...     @staticmethod
        ...     def rule(p, g, state, *, t, lr):
        ...         return p - lr * (1 if g > 0 else -1), state
        >>> w = Value(1.0)
        >>> (w * w).backward()
        >>> Signs([w], lr=0.25).step()
        >>> w.data
        0.75
    """

    rule: Callable[..., tuple[Scalar, State]]
    """`rule(p, g, state, t=..., **hyper) -> (new p, new state)` for floats or Values; `t` is 1 in the first step."""

    slots: ClassVar[int]
    """How many numbers the rule keeps for each parameter, all 0 at first."""

    def __init__(self, params: Iterable[Value], **hyper: Any) -> None:
        if "lr" not in hyper:
            raise TypeError(f"{type(self).__name__} needs a learning rate, lr, among its hyperparameters")
        self.params = _leaves(type(self).__name__, params)
        self.hyper = hyper
        self.t = 0
        self.state: list[State] = [(0.0,) * self.slots] * len(self.params)

    @property
    def lr(self) -> float:
        """The learning rate. It may be changed between steps."""
        lr: float = self.hyper["lr"]
        return lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self.hyper["lr"] = non_negative(type(self).__name__, "lr", lr)

    def step(self) -> None:
        """Change every parameter once, by its `.grad`. Counterpart: `torch.optim.Optimizer.step`.

        All new values are computed before the first is written, and they are written in one go: however often and
        whenever a Ctrl-C (KeyboardInterrupt) comes, the parameters are those before the step or those after it.

        Example:
            >>> from micrograd.engine import Value
            >>> w = Value(3.0)
            >>> optimizer = SGD([w], lr=0.1)
            >>> for _ in range(50):
            ...     optimizer.zero_grad()
            ...     ((w - 1) ** 2).backward()
            ...     optimizer.step()
            >>> f"{w:.4f}"
            '1.0000'
        """
        t = self.t + 1
        changes = [
            self.rule(parameter.data, _gradient(parameter), state, t=t, **self.hyper)
            for parameter, state in zip(self.params, self.state, strict=True)
        ]
        self.write(t, changes)

    def write(self, t: int, changes: list[tuple[float, State]], *more: tuple[object, str, Any]) -> None:
        """Give every parameter its new number and state, all of it or, if a Ctrl-C comes, nothing.

        Args:
            t: The number of steps taken with them.
            changes: What the rule returned for each parameter.
            *more: What else is to change in the same moment, as `micrograd.engine.assign` takes it.
        """
        assign(
            *more,
            (self.params, "data", [data for data, _ in changes]),
            (self, "state", [state for _, state in changes]),
            (self, "t", t),
        )

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0. Counterpart: `torch.optim.Optimizer.zero_grad`."""
        for parameter in self.params:
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later. Counterpart: `torch.optim.Optimizer.state_dict`.

        Returns:
            A new dict that `micrograd.nn.save` can write: `t`, `hyper`, and the `state` of each parameter.

        Example:
            >>> from micrograd.engine import Value
            >>> SGD([Value(1.0)], lr=0.1, momentum=0.9).state_dict()["state"]
            [[0.0]]
        """
        return {"t": self.t, "hyper": dict(self.hyper), "state": [list(state) for state in self.state]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state. Counterpart: `torch.optim.Optimizer.load_state_dict`.

        Args:
            state_dict: What `state_dict()` of an optimiser of the same kind, for as many parameters, returned.

        Raises:
            ValueError: If it is not such a state. Nothing has changed then.
        """
        with loading(self):
            check_optimizer_state(state_dict, self.hyper, len(self.params), self.slots)
            hyper = self._checked(state_dict["hyper"])
        states = [tuple(map(float, state)) for state in state_dict["state"]]
        assign((self, "t", state_dict["t"]), (self, "hyper", hyper), (self, "state", states))

    def _checked(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """Hyperparameters, checked by the first class that knows them all: a subclass may want more, or fewer.

        Raises:
            TypeError: If one is of the wrong type.
            ValueError: If one is out of range.
        """
        from inspect import signature  # slow to import, and only this needs it

        kinds = type(self).__mro__
        for kind in kinds[: kinds.index(Optimizer)]:
            try:
                signature(kind).bind(self.params, **hyper)
            except TypeError:
                continue
            checked: dict[str, Any] = kind(self.params, **hyper).hyper
            return checked
        return dict(hyper)


STEP_METHODS = {name: vars(Optimizer)[name] for name in ("step", "write", "zero_grad", "lr")}
"""The methods whose work a compiled step does without calling them, as they were before anyone replaces one."""


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
        params: Iterable[Value],
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


class Adam(Optimizer):
    """Steps scaled by running averages of the gradient and of its square. Counterpart: `torch.optim.Adam`.

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.

    Args:
        params: The leaf Values to train. One that comes twice is trained once.
        lr: The learning rate, at least 0.
        betas: How much of the two averages is kept in each step, from 0 to below 1.
        eps: Added to the divisor, at least 0.
        weight_decay: This times the parameter is added to the gradient (an L2 penalty); at least 0.

    Raises:
        TypeError: If `params` is no iterable of Values.
        ValueError: If there are no params, one is not a leaf, or a number is out of range.

    Example:
        >>> w = Value(1.0)
        >>> optimizer = Adam([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimizer.step()
        >>> f"{w:.4f}"
        '0.9000'
    """

    slots = 2
    _decoupled = False  # whether weight decay shrinks the parameter itself, or adds to its gradient

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        name = type(self).__name__
        pair = isinstance(betas, (tuple, list)) and len(betas) == 2
        if not (pair and all(is_number(beta) and 0 <= beta < 1 for beta in betas)):
            raise ValueError(f"{name}: betas must be two numbers from 0 to below 1, got {shown(betas)}")
        super().__init__(
            params,
            lr=non_negative(name, "lr", lr),
            betas=tuple(map(float, betas)),
            eps=non_negative(name, "eps", eps),
            weight_decay=non_negative(name, "weight_decay", weight_decay),
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
    ) -> tuple[Scalar, State]:
        """Decay, average, correct the averages for having started at 0, then `p = p - lr m / (sqrt(v) + eps)`."""
        (m, v), (beta1, beta2) = state, betas
        if weight_decay and cls._decoupled:
            p = (1 - lr * weight_decay) * p
        elif weight_decay:
            g = g + weight_decay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_corrected = m / (1 - beta1**t)
        v_corrected = v / (1 - beta2**t)
        return p - lr * m_corrected * _reciprocal(ops.sqrt(v_corrected) + eps), (m, v)


class AdamW(Adam):
    """Adam with decoupled weight decay: the parameter itself decays. Counterpart: `torch.optim.AdamW`.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2.

    Args:
        params: The leaf Values to train. One that comes twice is trained once.
        lr: The learning rate, at least 0.
        betas: How much of the two averages is kept in each step, from 0 to below 1.
        eps: Added to the divisor, at least 0.
        weight_decay: In each step the parameter loses `lr * weight_decay` of its size; at least 0.

    Raises:
        TypeError: If `params` is no iterable of Values.
        ValueError: If there are no params, one is not a leaf, or a number is out of range.

    Example:
        >>> w = Value(1.0)
        >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
        >>> optimizer.step()  # the gradient is 0, the decay works all the same
        >>> w.data
        0.95
    """

    _decoupled = True

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)


def _gradient(parameter: Value) -> float:
    """The gradient as a float; 0 where there is none yet."""
    gradient: Any = parameter.grad
    if gradient is None:
        return 0.0
    if not is_number(gradient):
        raise TypeError(f"the gradient of a parameter must be a number, got {shown(gradient)} for {parameter.data!r}")
    return float(gradient)


def _leaves(name: str, params: Iterable[Value]) -> list[Value]:
    if not isinstance(params, Iterable):
        raise TypeError(
            f"{name} takes parameters, such as model.parameters(), got {params!r} ({type(params).__name__})"
        )
    leaves = list(params)
    for i, parameter in enumerate(leaves):
        if not isinstance(parameter, Value):
            raise TypeError(f"{name}: parameter {i} must be a Value, got {parameter!r} ({type(parameter).__name__})")
        if operands(parameter):
            raise ValueError(
                f"{name}: parameter {i} is the result of {parameter._op!r}; only leaf Values can be trained"
            )
    if not leaves:
        raise ValueError(f"{name} needs at least one parameter, got none")
    return list(dict.fromkeys(leaves))
