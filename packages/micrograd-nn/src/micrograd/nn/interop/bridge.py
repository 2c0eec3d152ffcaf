"""`to_torch` and `from_torch`, where PyTorch is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn, optim

from micrograd.nn.inputs import described, listed
from micrograd.nn.interop.from_net import Reader, check_apart, readable
from micrograd.nn.interop.optimizers import optimizer_from_torch, optimizer_to_torch
from micrograd.nn.interop.pair import Pair, UnknownError
from micrograd.nn.interop.to_net import build, check_names, fill
from micrograd.nn.interop.whole import assign_numbers, check_shapes, first_names
from micrograd.nn.module import Module
from micrograd.nn.optim import Optimizer
from micrograd.nn.sequential import Sequential
from micrograd.nn.state import loading
from micrograd.nn.tensors import values_of


def to_torch(module: Callable[..., Any], example: tuple[Any, ...], optimizer: Optimizer | None) -> Any:
    """See `micrograd.nn.interop.to_torch`."""
    if any(isinstance(part, Optimizer) for part in example):
        raise TypeError("to_torch takes the optimiser by name: to_torch(model, optimizer=optimizer)")
    with torch.inference_mode(False):  # whose tensors have no gradients
        net, pairs = _net(module, example)
    return net if optimizer is None else (net, optimizer_to_torch(optimizer, pairs))


def _net(module: Callable[..., Any], example: tuple[Any, ...]) -> tuple[nn.Module, list[Pair]]:
    try:
        return _counterpart(module)
    except UnknownError as unknown:
        if not example and isinstance(module, Module):
            raise ValueError(
                f"to_torch: {unknown}; with an example of its input, such as to_torch(model, [[0.0, 0.0]]) for two "
                "numbers, what it computes goes over"
            ) from None
    from micrograd.nn.interop.traced import trace_to_net  # needs the compiler, and so NumPy and llvmlite

    return trace_to_net(module, example)


def _counterpart(module: Callable[..., Any]) -> tuple[nn.Module, list[Pair]]:
    """The Module of PyTorch for one of known parts.

    Raises:
        UnknownError: If a part is not known.
    """
    net = build(module)
    if not isinstance(module, Module):
        return net, []
    check_names(net, module)
    return net, fill(net, module.tensors(), {*module.parameters()})


def from_torch(net: nn.Module, optimizer: optim.Optimizer | None, into: Module | None) -> Any:
    """See `micrograd.nn.interop.from_torch`."""
    if not isinstance(net, nn.Module):
        raise TypeError(f"from_torch takes a torch.nn.Module, got {described(net)}")
    if into is not None:
        return _load_into(net, optimizer, into)
    reader = Reader()
    part = reader.read(net)
    check_apart(reader.pairs)
    model = part if isinstance(part, Module) else Sequential(part)
    return model if optimizer is None else (model, optimizer_from_torch(optimizer, reader.pairs))


def _load_into(net: nn.Module, optimizer: optim.Optimizer | None, model: Module) -> Any:
    with loading(model):
        tensors = model.tensors()
        parameters = dict(net.named_parameters(remove_duplicate=False))
        buffers = net.state_dict().keys() - parameters.keys()
        if buffers:
            raise ValueError(f"unexpected: {listed(sorted(buffers))}")
        check_shapes({name: parameter.shape for name, parameter in parameters.items()}, tensors)
        first: dict[nn.Parameter, str] = {}
        shared = {name: first.setdefault(parameter, name) for name, parameter in parameters.items()}
        odd = [name for name, other in first_names(tensors).items() if shared[name] != other]
        if odd:
            raise ValueError(f"{listed(odd)} is shared with another tensor on one side only")
        pairs = [Pair(name, values_of(tensors[name]), parameter) for parameter, name in first.items()]
        numbers = {pair.name: readable(pair.parameter).flatten().tolist() for pair in pairs}
        check_apart(pairs)
    ours = None if optimizer is None else optimizer_from_torch(optimizer, pairs)
    assign_numbers(tensors, numbers)
    return model if ours is None else (model, ours)
