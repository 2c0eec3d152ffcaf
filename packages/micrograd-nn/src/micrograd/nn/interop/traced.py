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
from micrograd.nn.interop.given import Arguments
from micrograd.nn.interop.levels import Differentiable
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
    _check_sizes(traced)
    leaves = iter(traced.leaves)
    read: dict[str, Tensor] = {
        array.name: _nested(islice(leaves, array.size), array.shape) for array in traced.parameters
    }
    model = traced.function
    tensors = model.tensors() if isinstance(model, Module) else read
    trained = {*model.parameters()} if isinstance(model, Module) else {*traced.leaves} - traced.frozen
    net = TracedNet(traced)
    names = list({**tensors, **read})
    for name in names:
        _make_room(net, name)
    for name in names:
        _check_room(net, name)
    pairs = fill(net, tensors, trained)
    for name in names[len(tensors) :]:  # what a Module reads and does not own
        owner, _, last = name.rpartition(".")
        outside = torch.tensor(numbers_of(read[name]), dtype=torch.float64)
        net.get_submodule(owner).register_buffer(last, outside, persistent=False)
    net.train(getattr(model, "training", True))
    return net, pairs


class TracedNet(nn.Module):
    """Computes what a traced function does, for a batch of samples.

    Args:
        traced: The function.
    """

    def __init__(self, traced: Traced) -> None:
        super().__init__()
        self._arguments = Arguments(traced.arguments, traced.inputs)
        self._structure = traced.structure
        self._results = [part.shape for part in traced.results]
        self._names = [array.name for array in traced.parameters]
        self._zero: torch.Tensor
        self.register_buffer("_zero", torch.zeros((), dtype=torch.float64), persistent=False)
        self._function = Differentiable(traced.level())
        self._function.derivative()  # is there when a graph is compiled, where it cannot be made

    def forward(self, *args: Any, **keywords: Any) -> Any:
        """The results, put together as the function has them, with the samples as first axis."""
        inputs = self._arguments.read(args, keywords, self._zero)
        outs = self._function(*inputs, *(_attribute(self, name) for name in self._names))
        results = [
            out.unflatten(-1, shape) if len(shape) > 1 else out if shape else out.squeeze(-1)
            for out, shape in zip(outs, self._results, strict=True)
        ]
        return _filled(self._structure, iter(results))

    def __repr__(self) -> str:
        shapes = [f"  ({name}): {tuple(tensor.shape)}\n" for name, tensor in self.state_dict().items()]
        return f"{type(self).__name__}({self._arguments}\n{''.join(shapes)})"


def _check_sizes(traced: Traced) -> None:
    """Refuse a function that returns nothing, or takes or returns an empty list.

    Raises:
        ValueError: If it does.
    """
    taken = [array.name for array in traced.inputs if not array.size]
    returned = [part.name for part in traced.results if not math.prod(part.shape)]
    if taken or returned or not traced.results:
        does, places = ("takes", taken) if taken else ("returns", returned)
        raise ValueError(f"to_torch: the function {does} nothing{f' in {listed(places)}' if places else ''}")


def _make_room(net: nn.Module, name: str) -> None:
    """Add the Modules that a parameter of a dotted name lies in.

    Raises:
        ValueError: If PyTorch has no room for it.
    """
    owner = net
    for part in name.split(".")[:-1]:
        if type(getattr(owner, part, None)) is not nn.Module:  # as those are that were made for others
            _check_free(owner, part, name)
            owner.add_module(part, nn.Module())
        owner = owner.get_submodule(part)


def _check_room(net: nn.Module, name: str) -> None:
    owner, _, last = name.rpartition(".")
    _check_free(net.get_submodule(owner), last, name)


def _check_free(owner: nn.Module, part: str, name: str) -> None:
    if not part or hasattr(owner, part):
        what = f"{part!r} is something else there" if part else "a part of the name is empty"
        raise ValueError(
            f"to_torch: a net of PyTorch cannot have a parameter of the name {name!r}, as {what}; rename the "
            "attribute, the variable or the label"
        )


def _attribute(net: nn.Module, name: str) -> torch.Tensor:
    owner, _, last = name.rpartition(".")
    return getattr(net.get_submodule(owner), last)


def _nested(values: Iterator[Any], shape: tuple[int, ...]) -> Tensor:
    return [_nested(values, shape[1:]) for _ in range(shape[0])] if shape else next(values)


def _filled(structure: Any, results: Iterator[torch.Tensor]) -> Any:
    """Results put together as they belong."""
    if hasattr(structure, "filled"):
        return structure.filled([_filled(part, results) for part in structure.parts])
    return next(results)
