"""What optimisers have in common: groups of parameters, a step by a rule, a state.

The rule of each is one function in plain arithmetic and operations of the engine. It says how a parameter `p` with
gradient `g` changes, and reads floats, which is what `step` passes, or Values, so that it can be traced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeAlias

from micrograd.engine import Value, assign, operands, ops
from micrograd.nn.inputs import described, flag, is_number, listed, non_negative, number, shown
from micrograd.nn.state import SINCE_1_2, check_optimizer_state, loading, with_groups

Scalar: TypeAlias = Any  # a float or a Value: the rules are written once, for both
State: TypeAlias = tuple[Scalar, ...]  # what an optimiser remembers of one parameter
Params: TypeAlias = Iterable[Value | Mapping[str, Any]]  # one Iterable, so that mypy knows the type of a list of dicts

reciprocal = ops.power(-1.0)  # 1 / x on floats and Values, and inf at 0 where Python's 1 / 0.0 raises


class Optimizer:
    """What all optimisers have in common. Counterpart: `torch.optim.Optimizer`.

    A subclass has a `rule` and says in `slots` how many numbers it keeps for each parameter.

    Args:
        params: The leaf Values to train, one that comes twice is trained once; or groups of them, dicts such as
            `{"params": [...], "lr": 0.01}`, each with hyperparameters of its own where they differ.
        **hyper: The hyperparameters, `lr` among them, as the rule takes them.

    Attributes:
        param_groups: The groups, a list of dicts: `params`, every hyperparameter, and whatever else a group was given.
            Between steps, hyperparameters may be changed there: `optimizer.param_groups[0]["lr"] = 0.01`.
        defaults: The hyperparameters of groups that do not say otherwise.
        t: The number of steps taken.
        state: For each parameter a tuple of floats that the rule keeps.

    Raises:
        TypeError: If `params` is no iterable of Values or of groups, or `hyper` has no `lr`.
        ValueError: If there are no params, one is not a leaf or in two groups, or a hyperparameter of a group is out
            of range.

    Example:
        >>> class Signs(Optimizer):
        ...     slots = 0
        ...
        ...     @staticmethod
        ...     def rule(p, g, state, *, t, lr):
        ...         return p - lr * (1 if g > 0 else -1), state
        >>> w, b = Value(1.0), Value(0.0)
        >>> (w * w + b).backward()
        >>> Signs([{"params": [w]}, {"params": [b], "lr": 0.5}], lr=0.25).step()
        >>> w.data, b.data
        (0.75, -0.5)
    """

    rule: Callable[..., tuple[Scalar, State]]
    """`rule(p, g, state, t=..., **hyper) -> (new p, new state)` for floats or Values; `t` is 1 in the first step."""

    slots: int
    """How many numbers the rule keeps for each parameter, all 0 at first."""

    _shared: Sequence[str] = ()  # hyperparameters that decide how many that are, so that all groups have the same

    def __init__(self, params: Params, **hyper: Any) -> None:
        name = type(self).__name__
        if "lr" not in hyper:
            raise TypeError(f"{name} needs a learning rate, lr, among its hyperparameters")
        self.defaults = hyper
        self.param_groups: list[dict[str, Any]] = []
        self.t = 0
        self.state: list[State] = []
        self._kept_for: list[Value] = []  # the parameters whose state that is
        for group in _groups(name, params):
            self.add_param_group(group)
        if not self.params:
            raise ValueError(f"{name} needs at least one parameter, got none")

    def add_param_group(self, param_group: Mapping[str, Any]) -> None:
        """Train more parameters from now on. Counterpart: `torch.optim.Optimizer.add_param_group`.

        Args:
            param_group: A dict with `params`, a Value or an iterable of them; hyperparameters, where they are not to be
                the default ones; and anything else that you want to find in `param_groups`, such as a name. The dict
                itself is not changed.

        Raises:
            TypeError: If it is no such dict, or `params` are no Values.
            ValueError: If a parameter is not a leaf, or trained already, or a hyperparameter is out of range.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD
            >>> optimizer = SGD([Value(1.0)], lr=0.1)
            >>> optimizer.add_param_group({"params": [Value(2.0)], "lr": 0.01})
            >>> [group["lr"] for group in optimizer.param_groups]
            [0.1, 0.01]
        """
        name = type(self).__name__
        if not isinstance(param_group, Mapping) or "params" not in param_group:
            raise TypeError(
                f'{name} takes a group as a dict with params, such as {{"params": [...], "lr": 0.1}}, '
                f"got {described(param_group)}"
            )
        params = param_group["params"]
        params = _leaves(name, [params] if isinstance(params, Value) else params)
        if not set(params).isdisjoint(self.params):
            raise ValueError(f"{name}: a parameter may be in one group only, got one that is in an earlier group too")
        hyper = {key: param_group.get(key, default) for key, default in self.defaults.items()}
        if not self.defaults.keys().isdisjoint(param_group):
            hyper = self._checked(hyper)
        group = {**param_group, **hyper, "params": params, "since": self.t}
        assign(
            (self, "param_groups", [*self.param_groups, group]),
            (self, "state", [*self.state, *[(0.0,) * self.slots] * len(params)]),
            (self, "_kept_for", [*self._kept_for, *params]),
        )

    @property
    def params(self) -> list[Value]:
        """The parameters of all groups, in their order: a new list. Each has its place in `state`.

        Raises:
            ValueError: If groups or parameters were added, taken away or put into another order other than by
                `add_param_group`: each would go on with the state of another one.
        """
        params = [parameter for group in self.param_groups for parameter in group["params"]]
        if params != self._kept_for:
            raise ValueError(
                f"{type(self).__name__} keeps a state for each of {len(self._kept_for)} parameters, but its groups "
                f"have other ones, or in another order, got {len(params)}; use add_param_group to train more, or make "
                "a new optimizer"
            )
        return params

    @property
    def lr(self) -> float:
        """The learning rate of all groups. It may be changed between steps.

        Raises:
            ValueError: If the groups have several; they are in `param_groups`. Or if it is set to less than 0.
        """
        rates = [group["lr"] for group in self.param_groups]
        if rates.count(rates[0]) < len(rates):
            raise ValueError(
                f"{type(self).__name__}.lr is the learning rate of all groups of parameters, but they have several, "
                f'{listed(rates)}; use optimizer.param_groups[i]["lr"]'
            )
        lr: float = rates[0]
        return lr

    @lr.setter
    def lr(self, lr: float) -> None:
        rate = non_negative(type(self).__name__, "lr", lr)
        if self.lr != rate:  # which refuses groups that differ
            assign(*((group, "lr", rate) for group in self.param_groups))

    @property
    def hyper(self) -> Mapping[str, Any]:
        """The hyperparameters of the first group by name, to read; `param_groups` has those of all, to change."""
        return MappingProxyType({name: self.param_groups[0][name] for name in self.defaults})

    def hyper_of(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """What the rule is told of a group beside `t`: its hyperparameters, and nothing else that it holds.

        Anybody may have set them in the group. Where the optimiser was made with a number, the rule is told a float, so
        that a NumPy `float32` does not make it compute in less precision.
        A `rule` that was written before `dampening`, `amsgrad` and `maximize` came is told of them where they are used.

        Args:
            group: One of `param_groups`.

        Returns:
            A new dict.

        Raises:
            ValueError: If its `lr` is no number of at least 0, another hyperparameter not what the optimiser was made
                with, a number, several or a flag, or `amsgrad` is another one than that of the optimiser.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD
            >>> optimizer = SGD([{"params": [Value(1.0)], "lr": 0.1, "name": "head"}])
            >>> sorted(optimizer.hyper_of(optimizer.param_groups[0]))
            ['lr', 'momentum', 'nesterov', 'weight_decay']
        """
        owner = type(self).__name__
        hyper = {
            name: non_negative(owner, name, group[name]) if name == "lr" else _alike(owner, name, group[name], default)
            for name, default in self.defaults.items()
        }
        self._check_shared(hyper)
        return {name: value for name, value in hyper.items() if value or name not in SINCE_1_2}

    def step(self) -> None:
        """Change every parameter once, by its `.grad`. Counterpart: `torch.optim.Optimizer.step`.

        All new values are computed before the first is written, and they are written in one go: however often and
        whenever a Ctrl-C (KeyboardInterrupt) comes, the parameters are those before the step or those after it.

        Raises:
            TypeError: If a gradient is no number.
            ValueError: If a learning rate is no number of at least 0, another hyperparameter not what it was at first,
                or parameters were added or put into another order other than by `add_param_group`.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD
            >>> w = Value(3.0)
            >>> optimizer = SGD([w], lr=0.1)
            >>> for _ in range(50):
            ...     optimizer.zero_grad()
            ...     ((w - 1) ** 2).backward()
            ...     optimizer.step()
            >>> f"{w:.4f}"
            '1.0000'
        """
        kept = zip(self.params, self.state, strict=True)  # of all groups, one after the other
        changes = []
        for group in self.param_groups:
            t, hyper = self.t + 1 - group["since"], self.hyper_of(group)
            changes += [
                self.rule(parameter.data, _gradient(parameter), state, t=t, **hyper)
                for parameter, state in islice(kept, len(group["params"]))
            ]
        self.write(self.t + 1, changes)

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
            A new dict that `micrograd.nn.save` can write: `t`; `param_groups`, with the places of their parameters as
            `params`; and the `state` of each parameter.

        Example:
            >>> from micrograd.engine import Value
            >>> from micrograd.nn import SGD
            >>> SGD([Value(1.0)], lr=0.1, momentum=0.9).state_dict()["state"]
            [[0.0]]
        """
        places = iter(range(len(self.params)))
        groups = [
            {
                name: deepcopy(value) if name != "params" else [next(places) for _ in value]
                for name, value in group.items()
            }
            for group in self.param_groups
        ]
        return {"t": self.t, "param_groups": groups, "state": [list(state) for state in self.state]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from a state. Counterpart: `torch.optim.Optimizer.load_state_dict`.

        A rate below 0, which a schedule may leave after its last step, is loaded too: the step refuses it.

        Args:
            state_dict: What `state_dict()` of an optimiser of the same kind, for groups of the same sizes, returned.

        Raises:
            ValueError: If it is not such a state. Nothing has changed then.
        """
        with loading(self):
            state = with_groups(state_dict, self.defaults, len(self.params))
            check_optimizer_state(
                state, self.defaults, [len(group["params"]) for group in self.param_groups], self.slots
            )
            groups = [
                {**given, **self._loaded(given), "params": group["params"]}
                for group, given in zip(self.param_groups, deepcopy(state["param_groups"]), strict=True)
            ]
        entries = zip(self.param_groups, groups, strict=True)
        assign(
            (self, "t", state["t"]),
            (self, "state", [tuple(map(float, kept)) for kept in state["state"]]),
            *((group, name, value) for group, new in entries for name, value in new.items()),
        )

    def _loaded(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """The hyperparameters of a group in a state. What its rate may be is for the step to say.

        Raises:
            TypeError: If one is of the wrong type.
            ValueError: If one is out of range.
        """
        lr = number(type(self).__name__, "lr", group["lr"])
        return {**self._checked({name: group[name] for name in self.defaults} | {"lr": 0.0}), "lr": lr}

    def _check_shared(self, hyper: Mapping[str, Any]) -> None:
        """Refuse another number of numbers to keep.

        Raises:
            ValueError: If one of `_shared` is not that of the optimiser.
        """
        for name in self._shared:
            if hyper.get(name) != self.defaults.get(name):
                raise ValueError(
                    f"{type(self).__name__}: {name} must be {self.defaults.get(name)} in all groups and states, as it "
                    "is for this optimizer: it decides how many numbers are kept"
                )

    def _checked(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """Hyperparameters, checked by the first class that knows them all: a subclass may want more, or fewer.

        Raises:
            TypeError: If one is of the wrong type.
            ValueError: If one is out of range.
        """
        from inspect import signature  # slow to import, and only this needs it

        anything = [Value(0.0)]
        kinds = type(self).__mro__
        for kind in kinds[: kinds.index(Optimizer)]:
            try:
                signature(kind).bind(anything, **hyper)
            except TypeError:
                continue
            checked = dict(kind(anything, **hyper).hyper)
            self._check_shared(checked)
            return checked
        return dict(hyper)


STEP_METHODS = {
    name: vars(Optimizer)[name] for name in ("step", "write", "zero_grad", "lr", "params", "hyper", "hyper_of")
}
"""The methods whose work a compiled step does without calling them, as they were before anyone replaces one."""


def _gradient(parameter: Value) -> float:
    """The gradient as a float; 0 where there is none yet."""
    gradient: Any = parameter.grad
    if gradient is None:
        return 0.0
    if not is_number(gradient):
        raise TypeError(f"the gradient of a parameter must be a number, got {shown(gradient)} for {parameter.data!r}")
    return float(gradient)


def _alike(owner: str, name: str, given: Any, default: Any) -> Any:
    """A hyperparameter as the rule is told it: a float, a flag, or several floats, if the default is that.

    Raises:
        ValueError: If it is something else.
    """
    kind = type(default)
    if type(given) is kind and kind in (float, bool, int):  # first, for it is what nearly all are
        return given
    if type(given) is kind is tuple and [*map(type, given)] == [float] * len(default):
        return given
    if kind is bool:
        return flag(owner, name, given)
    if is_number(default):
        return number(owner, name, given)
    if kind is not tuple or not all(map(is_number, default)):
        return given
    if not isinstance(given, (tuple, list)) or len(given) != len(default):
        raise ValueError(f"{owner}: {name} must be {len(default)} numbers, got {shown(given)}")
    return tuple(number(owner, name, each) for each in given)


def _groups(name: str, params: Any) -> list[Any]:
    """What an optimiser is made for as groups: a single one, unless there are dicts.

    Raises:
        TypeError: If it is no iterable.
    """
    if not isinstance(params, Iterable) or isinstance(params, Mapping):
        raise TypeError(
            f"{name} takes a list of groups, or of parameters, such as model.parameters(), got {described(params)}"
        )
    parts = list(params)
    return parts if any(isinstance(part, Mapping) for part in parts) else [{"params": parts}]


def _leaves(name: str, params: Any) -> list[Value]:
    """The parameters of a group, each once.

    Raises:
        TypeError: If they are no Values, or in a set, which has no order.
        ValueError: If one is not a leaf.
    """
    if not isinstance(params, Iterable) or isinstance(params, (set, frozenset)):
        raise TypeError(f"{name}: the params of a group must be a Value or a list of them, got {described(params)}")
    leaves = list(params)
    for i, parameter in enumerate(leaves):
        if not isinstance(parameter, Value):
            raise TypeError(f"{name}: parameter {i} must be a Value, got {described(parameter)}")
        if operands(parameter):
            raise ValueError(
                f"{name}: parameter {i} is the result of {parameter._op!r}; only leaf Values can be trained"
            )
    return list(dict.fromkeys(leaves))
