"""Modules of PyTorch as Modules here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import nn

from micrograd.engine import Value
from micrograd.nn.dropping import Dropout
from micrograd.nn.embedding import Embedding
from micrograd.nn.inputs import listed, shown
from micrograd.nn.interop.counterparts import function_from_torch
from micrograd.nn.interop.pair import Pair, UnknownError
from micrograd.nn.linear import Linear
from micrograd.nn.module import Module
from micrograd.nn.norms import LayerNorm, RMSNorm
from micrograd.nn.sequential import Sequential
from micrograd.nn.tensors import values_of


class _Layer(NamedTuple):
    """What PyTorch's layer is here: its class, parameters, settings that come along, and settings as they must be."""

    kind: type[Module] | None = None
    parameters: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Any], ...] = ()


_PLAIN_ROWS = (("padding_idx", None), ("max_norm", None), ("scale_grad_by_freq", False), ("sparse", False))
_LAYERS: dict[type[nn.Module], _Layer] = {
    nn.Linear: _Layer(Linear, ("weight",), optional=("bias",)),
    nn.Embedding: _Layer(Embedding, ("weight",), fixed=_PLAIN_ROWS),
    nn.RMSNorm: _Layer(RMSNorm, ("weight",), settings=("eps",)),
    nn.LayerNorm: _Layer(LayerNorm, ("weight", "bias"), settings=("eps",)),
    nn.Dropout: _Layer(Dropout, settings=("p",)),
}


class Reader:
    """Reads a net, part by part. What lies at two places there does so here.

    Attributes:
        pairs: The parameters that were read, each once, and their Values.
    """

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self._parts: dict[nn.Module, Any] = {}
        self._tensors: dict[nn.Parameter, Any] = {}

    def read(self, net: nn.Module, place: str = "") -> Any:
        """The counterpart of a Module of PyTorch.

        Args:
            net: The Module.
            place: Its place in the whole net.

        Returns:
            A Module; for an activation a function.

        Raises:
            UnknownError: If it, or a part of it, has no counterpart.
        """
        if net not in self._parts:
            try:
                part = self._part(net, place)
            except UnknownError:
                raise
            except ValueError as problem:
                where = f"{listed([place])}: " if place else ""
                raise UnknownError(f"from_torch: {where}{type(net).__name__} {problem}") from None
            if isinstance(part, Module):
                part.training = net.training
            self._parts[net] = part
        return self._parts[net]

    def _part(self, net: nn.Module, place: str) -> Any:
        layer = _LAYERS.get(type(net), _Layer())
        function = function_from_torch(net)
        if layer.kind is None and function is None and type(net) not in (nn.Sequential, nn.Identity):
            raise ValueError("has no counterpart; with into=model, its numbers go into a model of yours")
        _check_plain(net, layer)
        if layer.kind is not None:
            return self._layer(net, layer, layer.kind, place)
        inner = net._modules.items()
        return function or Sequential(*(self.read(part, _below(place, name)) for name, part in inner if part))

    def _layer(self, net: nn.Module, layer: _Layer, kind: type[Module], place: str) -> Module:
        part = kind.__new__(kind)  # without the numbers that __init__ would draw
        for name in layer.settings:
            setattr(part, name, getattr(net, name))
        if isinstance(part, RMSNorm) and net.eps is None:
            part.eps = sys.float_info.epsilon
        trained = set()
        for name in (*layer.parameters, *layer.optional):
            parameter = getattr(net, name)
            setattr(part, name, None if parameter is None else self._tensor(parameter, _below(place, name)))
            trained |= set() if parameter is None else {parameter.requires_grad}
        if len(trained) > 1:
            raise ValueError("is frozen in part; a Module is frozen as a whole here")
        part.requires_grad = False not in trained
        return part

    def _tensor(self, parameter: nn.Parameter, name: str) -> Any:
        """The Values for a parameter, which are the same wherever it lies."""
        if parameter not in self._tensors:
            self._tensors[parameter] = tensor = _in_lists(Value, readable(parameter).tolist())
            self.pairs.append(Pair(name, values_of(tensor), parameter))
        return self._tensors[parameter]


def check_apart(pairs: list[Pair]) -> None:
    """Refuse parameters that lie over each other in memory, as a matrix and its transpose: a step changes both.

    Raises:
        ValueError: If there are such.
    """
    places = []
    for pair in pairs:
        parameter = pair.parameter
        last = sum((size - 1) * stride for size, stride in zip(parameter.shape, parameter.stride(), strict=True))
        start = parameter.data_ptr()
        places.append((str(parameter.device), start, start + (last + 1) * parameter.element_size(), pair.name))
    for (device, _, end, first), (other, start, _, second) in pairwise(sorted(places)):
        if device == other and start < end:
            raise ValueError(f"{first} and {second} share memory, but are not the same parameter")


def readable(parameter: torch.Tensor) -> torch.Tensor:
    """The numbers of a parameter as float64, where Python can read them.

    Raises:
        ValueError: If they are no real numbers, there are none, or a hook changes their gradient.
    """
    hooks = [name for name in ("_backward_hooks", "_post_accumulate_grad_hooks") if getattr(parameter, name, None)]
    if hooks:
        raise ValueError(f"has a hook on a parameter, {hooks[0]}")
    if not parameter.is_floating_point() or parameter.layout is not torch.strided or parameter.is_meta:
        raise ValueError(f"has a parameter of {parameter.dtype} on {parameter.device}, {parameter.layout}")
    if parameter.numel() == 0:
        raise ValueError(f"has a parameter without numbers, of shape {tuple(parameter.shape)}")
    return parameter.detach().to("cpu", torch.float64)


def _check_plain(net: nn.Module, layer: _Layer) -> None:
    """Refuse what changes results beside a Module's class: hooks, buffers, other settings.

    Raises:
        ValueError: If there is such a thing.
    """
    hooks = [name for name, hook in vars(net).items() if "ward_" in name and "hooks" in name and hook]
    if hooks:
        raise ValueError(f"has hooks, {listed(hooks)}")
    known = (*layer.parameters, *layer.optional)
    beside = [name for name, parameter in net._parameters.items() if parameter is not None and name not in known]
    beside += [*net._buffers, *(name for name, thing in vars(net).items() if callable(thing) and name[0] != "_")]
    beside += [] if isinstance(net, nn.Sequential) else [*net._modules]
    if beside:
        raise ValueError(f"has more than its class says: {listed(beside)}")
    for name in layer.parameters:
        if getattr(net, name) is None:
            raise ValueError(f"has no {name}")
    for name, value in layer.fixed:
        if getattr(net, name) != value:
            raise ValueError(f"has {name}={shown(getattr(net, name))}, where only {value!r} has a counterpart")
    if isinstance(net, (nn.LayerNorm, nn.RMSNorm)) and len(net.normalized_shape) > 1:
        raise ValueError(f"normalises {len(net.normalized_shape)} dimensions at once, where only 1 has a counterpart")


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _in_lists(make: Callable[[float], Any], numbers: Any) -> Any:
    return [_in_lists(make, part) for part in numbers] if isinstance(numbers, list) else make(numbers)
