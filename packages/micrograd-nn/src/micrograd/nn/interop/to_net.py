"""Known Modules as Modules of PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

import torch
from torch import nn

from micrograd.engine import Value
from micrograd.nn.dropping import Dropout
from micrograd.nn.embedding import Embedding
from micrograd.nn.inputs import listed
from micrograd.nn.interop.counterparts import function_to_torch
from micrograd.nn.interop.pair import Pair, UnknownError
from micrograd.nn.interop.whole import first_names, numbers_of
from micrograd.nn.layers import MLP, Layer, Neuron
from micrograd.nn.linear import Linear
from micrograd.nn.module import Module
from micrograd.nn.norms import LayerNorm, RMSNorm
from micrograd.nn.sequential import Sequential
from micrograd.nn.stack import Stack, unstack
from micrograd.nn.tensors import Tensor, shape_of, values_of

_EMPTY: dict[str, Any] = {"device": "meta", "dtype": torch.float64}  # has shapes and no numbers, and draws none
_LAYERS: dict[type, Callable[[Any], nn.Module]] = {
    Linear: lambda part: nn.Linear(len(part.weight[0]), len(part.weight), part.bias is not None, **_EMPTY),
    Embedding: lambda part: nn.Embedding(len(part.weight), len(part.weight[0]), **_EMPTY),
    RMSNorm: lambda part: nn.RMSNorm(len(part.weight), part.eps, **_EMPTY),
    LayerNorm: lambda part: nn.LayerNorm(len(part.weight), part.eps, **_EMPTY),
    Dropout: lambda part: nn.Dropout(part.p),
}


def build(part: Any, place: str = "", training: bool = True) -> nn.Module:
    """The counterpart of a Module or function, its parameters without numbers.

    Args:
        part: A Module or a function.
        place: Its place in the model, for the error message.
        training: The mode of what contains it, which a function has not.

    Returns:
        A Module of PyTorch, whose parameters have the names that the tensors of the part have.

    Raises:
        UnknownError: If it, or a part of it, has no counterpart.
    """
    net = function_to_torch(part)
    parts = _parts(part)
    if parts is not None:
        nets = [build(inner, f"{place}.{i}" if place else str(i), part.training) for i, inner in enumerate(parts)]
        net = nn.Sequential(*nets)
    for kind, layer in _LAYERS.items():
        if _acts_as(part, kind):
            net = layer(part)
    if net is None:
        name = getattr(part, "__name__", type(part).__name__)
        raise UnknownError(f"{f'{place}: ' if place else ''}{name} has no counterpart in PyTorch")
    net.training = getattr(part, "training", training)
    return net


def fill(net: nn.Module, tensors: Mapping[str, Tensor], trained: Set[Value]) -> list[Pair]:
    """Give the parameters their numbers; a tensor at two places becomes one parameter at two places.

    Args:
        net: Has Modules for all but the last part of each name.
        tensors: The Values, by the names of the parameters.
        trained: Those that are not frozen.

    Returns:
        Each tensor, once, and its parameter.

    Raises:
        ValueError: If tensors share some of their Values, or are frozen in part.
    """
    pairs: dict[str, Pair] = {}
    for name, first in first_names(tensors).items():
        if first == name:
            values = values_of(tensors[name])
            wanted = {value in trained for value in values}
            if len(wanted) > 1:
                raise ValueError(f"{name} is frozen in part; PyTorch trains or freezes whole tensors")
            numbers = torch.tensor(numbers_of(tensors[name]), dtype=torch.float64)
            pairs[name] = Pair(name, values, nn.Parameter(numbers, requires_grad=wanted.pop()))
        owner, _, attribute = name.rpartition(".")
        setattr(net.get_submodule(owner), attribute, pairs[first].parameter)
    return list(pairs.values())


def check_names(net: nn.Module, module: Module) -> None:
    """Refuse a Module that holds other parameters than its counterpart, such as more of them.

    Raises:
        UnknownError: If it does.
    """
    there = {name: tuple(parameter.shape) for name, parameter in net.named_parameters(remove_duplicate=False)}
    here = {name: shape_of(tensor) for name, tensor in module.tensors().items()}
    if here != there:
        odd = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        raise UnknownError(
            f"{type(module).__name__} has other parameters than its counterpart in PyTorch, {listed(odd)}"
        )


def _parts(part: Any) -> list[Any] | None:
    """The parts of what becomes a `torch.nn.Sequential`; None for all else."""
    if _acts_as(part, Sequential):
        return list(part.layers)
    stacks = [inner for inner in part.modules() if isinstance(inner, Stack)] if isinstance(part, Stack) else []
    if stacks and all(any(_acts_as(inner, kind) for kind in (MLP, Layer, Neuron)) for inner in stacks):
        return unstack(part)
    return None


def _acts_as(part: object, kind: type) -> bool:
    """Whether it is of that class, or of a subclass that does the same."""
    return isinstance(part, kind) and type(part).__call__ is kind.__call__
