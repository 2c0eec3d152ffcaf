"""Optimisers and their states, here and in PyTorch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import optim

from micrograd.nn.inputs import listed
from micrograd.nn.interop.pair import Pair
from micrograd.nn.optim import SGD, Adam, AdamW, Optimizer, RMSprop
from micrograd.nn.state import SINCE_1_2


class _Kind(NamedTuple):
    """An optimiser here and there, its hyperparameters, and what it keeps of a parameter, in the order of the rule."""

    ours: type[Optimizer]
    theirs: type[optim.Optimizer]
    hyper: tuple[str, ...]
    kept: tuple[str, ...]


_ADAM = (
    ("lr", "betas", "eps", "weight_decay", "amsgrad", "maximize"),
    ("exp_avg", "exp_avg_sq", "max_exp_avg_sq"),
)
_KINDS = [
    _Kind(
        SGD,
        optim.SGD,
        ("lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize"),
        ("momentum_buffer",),
    ),
    _Kind(Adam, optim.Adam, *_ADAM),
    _Kind(AdamW, optim.AdamW, *_ADAM),
    _Kind(
        RMSprop,
        optim.RMSprop,
        ("lr", "alpha", "eps", "weight_decay", "momentum", "centered", "maximize"),
        ("square_avg", "grad_avg", "momentum_buffer"),
    ),
]


def optimizer_to_torch(optimizer: Optimizer, pairs: Sequence[Pair]) -> optim.Optimizer:
    """An optimiser of PyTorch that goes on where one of ours is.

    Args:
        optimizer: Ours.
        pairs: The tensors of the model that it trains, and their parameters.

    Returns:
        PyTorch's, for the same groups.

    Raises:
        ValueError: If it is of another kind, or trains what is not in the model, is frozen there, or is but a part of a
            tensor.
    """
    kind = _kind_of("to_torch", optimizer, [kind.ours for kind in _KINDS])
    pair_of = {value: pair for pair in pairs for value in pair.values}
    kept = dict(zip(optimizer.params, optimizer.state, strict=True))
    groups: list[dict[str, Any]] = []
    states: dict[torch.Tensor, Any] = {}
    for i, group in enumerate(optimizer.param_groups):
        held, steps = set(group["params"]), optimizer.t - group["since"]
        if not held <= pair_of.keys():
            raise ValueError(f"to_torch: group {i} of the optimizer trains Values that are not in the model")
        trained = {pair_of[value].name: pair_of[value] for value in group["params"]}
        for pair in trained.values():
            if not held.issuperset(pair.values):
                raise ValueError(f"to_torch: group {i} of the optimizer trains a part of {listed([pair.name])}")
            if not pair.parameter.requires_grad:
                raise ValueError(f"to_torch: group {i} of the optimizer trains {listed([pair.name])}, which is frozen")
            if steps:
                columns = zip(*(kept[value] for value in pair.values), strict=True)
                states[pair.parameter] = _state(kind, steps, columns, pair.parameter.shape)
        hyper = optimizer.hyper_of(group)
        numbers = {name: hyper.get(name, SINCE_1_2.get(name)) for name in kind.hyper}
        groups.append({**numbers, "params": [pair.parameter for pair in trained.values()]})
    theirs = kind.theirs(groups, **optimizer.defaults)
    theirs.state.update(states)
    return theirs


def optimizer_from_torch(optimizer: optim.Optimizer, pairs: Sequence[Pair]) -> Optimizer:
    """An optimiser that goes on where one of PyTorch's is. It leaves out what is frozen, as that passes over it.

    Args:
        optimizer: PyTorch's.
        pairs: The parameters of the net that it trains, and their Values.

    Returns:
        Ours, for the same groups.

    Raises:
        ValueError: If it is of another kind, trains what is not in the net, or has taken more steps with some
            parameters of a group than with others.
    """
    kind = _kind_of("from_torch", optimizer, [kind.theirs for kind in _KINDS])
    pair_of = {pair.parameter: pair for pair in pairs}
    groups, taken, states = [], [], []
    for i, group in enumerate(optimizer.param_groups):
        trained = [parameter for parameter in group["params"] if parameter.requires_grad]
        if not pair_of.keys() >= {*trained}:
            raise ValueError(f"from_torch: group {i} of the optimizer trains parameters that are not in the net")
        if group.get("decoupled_weight_decay", False) is not (kind.ours is AdamW):
            raise ValueError(f"from_torch: group {i} of the optimizer has the weight decay of another kind of Adam")
        hyper = {name: _plain(group[name]) for name in kind.hyper}
        steps = {_steps(optimizer.state.get(parameter, {})) for parameter in trained}
        if len(steps) > 1 and hyper.get("dampening", True):
            raise ValueError(
                f"from_torch: group {i} of the optimizer took {listed(sorted(steps))} steps with its parameters; here "
                "all of a group take as many"
            )
        groups.append({**hyper, "params": [value for parameter in trained for value in pair_of[parameter].values]})
        taken.append(max(steps, default=0))
        states += [(parameter, optimizer.state.get(parameter, {})) for parameter in trained]
    ours = kind.ours(groups, **{name: _plain(optimizer.defaults[name]) for name in kind.hyper})
    state = ours.state_dict()
    state["t"] = max(taken)
    for group, steps_taken in zip(state["param_groups"], taken, strict=True):
        group["since"] = state["t"] - steps_taken
    state["state"] = [row for parameter, kept in states for row in _rows(kept, kind.kept[: ours.slots], parameter)]
    ours.load_state_dict(state)
    return ours


def _kind_of(owner: str, optimizer: object, known: Sequence[type]) -> _Kind:
    """The row of an optimiser.

    Raises:
        ValueError: If it has none, or does something of its own in its steps.
    """
    name = type(optimizer).__name__
    if type(optimizer) not in known:
        raise ValueError(f"{owner}: {name} has no counterpart; {listed(kind.__name__ for kind in known)} have")
    own = [
        key
        for key, thing in vars(optimizer).items()
        if (callable(thing) and not hasattr(thing, "_wrapped_by_lr_sched")) or (thing and "_step_p" in key)
    ]
    if own:
        raise ValueError(f"{owner}: this {name} has {listed(own)} of its own, which has no counterpart")
    return _KINDS[known.index(type(optimizer))]


def _state(kind: _Kind, steps: int, columns: Iterable[Sequence[float]], shape: torch.Size) -> dict[str, torch.Tensor]:
    """What PyTorch's optimiser keeps of a parameter. Its SGD does not count steps."""
    counted = {} if kind.ours is SGD else {"step": torch.tensor(float(steps), dtype=torch.float32)}
    named = zip(kind.kept, columns, strict=False)
    return {**counted, **{name: torch.tensor(column, dtype=torch.float64).view(shape) for name, column in named}}


def _steps(state: dict[str, Any]) -> int:
    return int(state.get("step", state.get("momentum_buffer") is not None))


def _rows(state: dict[str, Any], kept: Sequence[str], parameter: torch.Tensor) -> Iterable[tuple[float, ...]]:
    """What is kept of each number of a parameter; what is missing is 0 still."""
    columns = [state.get(name) for name in kept]
    known = [torch.zeros_like(parameter) if column is None else column for column in columns]
    return zip(*(column.detach().to("cpu", torch.float64).flatten().tolist() for column in known), strict=True)


def _plain(number: Any) -> Any:
    """A hyperparameter as Python has it; PyTorch takes some as tensors."""
    if isinstance(number, (tuple, list)):
        return tuple(map(_plain, number))
    return number.item() if isinstance(number, torch.Tensor) else number
