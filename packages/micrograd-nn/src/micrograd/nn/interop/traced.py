"""Modules and functions of one's own as what they compute."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import torch
from torch import nn

from micrograd.engine.jit.arrays import Traced
from micrograd.nn.inputs import listed
from micrograd.nn.interop.graph import Written, write_pullback, write_value
from micrograd.nn.interop.pair import Pair
from micrograd.nn.interop.to_net import fill
from micrograd.nn.interop.whole import numbers_of
from micrograd.nn.module import Module
from micrograd.nn.tensors import Tensor


def trace_to_net(function: Callable[..., Any], example: Sequence[Any]) -> tuple[nn.Module, list[Pair]]:
    """A Module of PyTorch that computes what a function of Values does, with the same gradients.

    Args:
        function: The function, or a Module.
        example: Its arguments, as a compiled function takes them.

    Returns:
        The Module, and its parameters beside the Values that they come from.

    Raises:
        TypeError: If the example does not fit.
        ValueError: If the function draws random numbers, or a parameter has a name that it cannot have in PyTorch.
        TracingError: If the function looks at a number.
    """
    traced = Traced(function, example)
    leaves = iter(traced.leaves)
    read: dict[str, Tensor] = {
        array.name: _nested(islice(leaves, array.size), array.shape) for array in traced.parameters
    }
    model = getattr(function, "__wrapped__", function)  # a compiled one is that of a model
    tensors = model.tensors() if isinstance(model, Module) else read
    trained = {*model.parameters()} if isinstance(model, Module) else {*traced.leaves} - traced.frozen
    net = TracedNet(traced)
    names = list({**tensors, **read})
    try:
        for name in names:
            _make_room(net, name)
        pairs = fill(net, tensors, trained)
        for name in names[len(tensors) :]:  # what a Module reads and does not own
            owner, _, last = name.rpartition(".")
            outside = torch.tensor(numbers_of(read[name]), dtype=torch.float64)
            net.get_submodule(owner).register_buffer(last, outside, persistent=False)
    except KeyError:
        raise ValueError(f"to_torch: PyTorch cannot have parameters of all these names: {listed(names)}") from None
    net.train(getattr(model, "training", True))
    return net, pairs


class TracedNet(nn.Module):
    """Computes what a traced function does, for a batch of samples.

    Args:
        traced: The function.
    """

    def __init__(self, traced: Traced) -> None:
        super().__init__()
        self._arguments = [part for part in traced.call.parts if isinstance(part, tuple)]  # others were looked at
        self._structure = traced.structure
        self._inputs = [array.shape for array in traced.inputs]
        self._results = [part.shape for part in traced.results]
        self._names = [array.name for array in traced.parameters]
        self._zero: torch.Tensor
        self.register_buffer("_zero", torch.zeros((), dtype=torch.float64), persistent=False)
        self._value = _Function(write_value(traced.forward()))
        self._pullback = _Function(write_pullback(traced.pullback()))

    def forward(self, *args: Any) -> Any:
        """The results, put together as the function has them, with the samples as first axis."""
        if len(args) != len(self._arguments):
            raise TypeError(f"takes {len(self._arguments)} arguments, got {len(args)}")
        given = [array for part, x in zip(self._arguments, args, strict=True) for array in _arrays(part, x)]
        inputs = [self._flat(x, shape) for x, shape in zip(given, self._inputs, strict=True)]
        parameters = [_attribute(self, name) for name in self._names]
        outs = _Traced.apply(self, *inputs, *parameters)
        results = [
            out.unflatten(-1, shape) if len(shape) > 1 else out if shape else out.squeeze(-1)
            for out, shape in zip(outs, self._results, strict=True)
        ]
        return _filled(self._structure, iter(results))

    def _flat(self, x: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
        if tuple(x.shape[1:]) != shape or x.dim() == 0:
            raise ValueError(f"an argument must have the shape {('batch', *shape)}, got {tuple(x.shape)}")
        return x.to(self._zero.dtype).reshape(x.shape[0], math.prod(shape))


class _Function(nn.Module):
    """A function of tensors, with its constants, which no state holds."""

    def __init__(self, written: Written) -> None:
        super().__init__()
        self.function = written.function
        self.count = len(written.constants)
        for i, constant in enumerate(written.constants):
            self.register_buffer(f"constant{i}", constant, persistent=False)

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The results."""
        results: tuple[torch.Tensor, ...] = self.function(
            *tensors, *(getattr(self, f"constant{i}") for i in range(self.count))
        )
        return results


class _Traced(torch.autograd.Function):
    """The value, whose derivatives are those of the function's own rules."""

    @staticmethod
    def forward(ctx: Any, net: TracedNet, *tensors: torch.Tensor) -> Any:
        ctx.net = net
        ctx.save_for_backward(*tensors)
        return net._value(*tensors)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        count = len(ctx.net._inputs)
        inputs, parameters = ctx.saved_tensors[:count], ctx.saved_tensors[count:]
        return None, *ctx.net._pullback(*inputs, *gradients, *parameters)


def _make_room(net: nn.Module, name: str) -> None:
    """Add the Modules that a parameter of a dotted name lies in."""
    for part in name.split(".")[:-1]:
        if part not in dict(net.named_children()):
            net.add_module(part, nn.Module())
        net = net.get_submodule(part)


def _attribute(net: nn.Module, name: str) -> torch.Tensor:
    owner, _, last = name.rpartition(".")
    return getattr(net.get_submodule(owner), last)


def _nested(values: Iterator[Any], shape: tuple[int, ...]) -> Tensor:
    return [_nested(values, shape[1:]) for _ in range(shape[0])] if shape else next(values)


def _arrays(structure: Any, given: Any) -> list[Any]:
    """The arrays of an argument."""
    if not hasattr(structure, "filled"):
        return [given]
    parts = zip(structure.places, structure.parts, strict=True)
    return [array for place, part in parts for array in _arrays(part, given[place])]


def _filled(structure: Any, results: Iterator[torch.Tensor]) -> Any:
    """Results put together as they belong."""
    if hasattr(structure, "filled"):
        return structure.filled([_filled(part, results) for part in structure.parts])
    return next(results)
