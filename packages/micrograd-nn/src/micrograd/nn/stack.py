"""Neurons, side by side and one after the other, as PyTorch has them: a matrix, an activation, dropout, a matrix ..."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from micrograd.engine import Value
from micrograd.nn.discovery import Attributes, attributes_of
from micrograd.nn.dropping import Dropout
from micrograd.nn.functions import ACTIVATIONS, relu, softplus
from micrograd.nn.inputs import choice
from micrograd.nn.linear import Linear
from micrograd.nn.module import Module
from micrograd.nn.nonlin import activate
from micrograd.nn.tensors import Tensor, name_tensors

_OF_LISTS = {*ACTIVATIONS.values(), softplus} - {Value.relu, operator.pos}


class Stack(Module):
    """What `Neuron`, `Layer` and `MLP` have in common: PyTorch has them as a `torch.nn.Sequential`."""

    def tensors(self) -> dict[str, Tensor]:
        """The tensors of that `torch.nn.Sequential`: see `Module.tensors`."""
        parts = unstack(self)
        if parts is None:
            return super().tensors()
        return name_tensors(self, [*_others(self), *((str(i), part) for i, part in enumerate(parts))], Module)


def unstack(module: Module) -> list[Any] | None:
    """What a Neuron, a Layer or an MLP does, one thing after the other: the parts of a `Sequential`.

    Args:
        module: A Neuron, a Layer, an MLP, or one of a subclass.

    Returns:
        Linear, with the Values of the module, then the activation, if there is one, and Dropout; and so on. A layer of
        an MLP that is more than neurons is one part, as it is. None if the module itself is of another kind.

    Raises:
        ValueError: If the neurons of a layer have different numbers of weights.
    """
    held = dict(attributes_of(module))
    if "layers" in held:
        layers = held["layers"]
        return [part for layer in layers for part in _unstacked_whole(layer)] if isinstance(layers, list) else None
    neurons = held.get("neurons", [module])
    if not (isinstance(neurons, list) and neurons and all(map(_is_neuron, neurons))):
        return None
    activations = [choice("Neuron", "nonlin", neuron.nonlin, ACTIVATIONS) for neuron in neurons]
    parts: list[Any] = [_linear(module, neurons)]
    if any(activation is not operator.pos for activation in activations):
        parts.append(_activation(activations))
    if any(neuron.dropout for neuron in neurons):
        parts.append(_dropout(neurons))
    return parts


def _unstacked_whole(layer: Any) -> list[Any]:
    parts = unstack(layer) if isinstance(layer, Stack) else None
    return [layer] if parts is None or name_tensors(layer, _others(layer), Module) else parts


def _others(module: Module) -> Attributes:
    """What a module holds beside what `unstack` makes its parts of."""
    held = dict(attributes_of(module))
    read = next(({name} for name in ("layers", "neurons") if name in held), {"w", "b"})
    return [(name, thing) for name, thing in held.items() if name not in read]


def _is_neuron(thing: Any) -> bool:
    """Whether it is a Neuron with no other parameters than a row of weights and a bias."""
    if not (isinstance(thing, Stack) and hasattr(thing, "nonlin")):
        return False
    tensors = name_tensors(thing, attributes_of(thing), Module)
    return tensors.keys() == {"w", "b"} and isinstance(tensors["b"], Value)


def _linear(owner: Module, neurons: Sequence[Any]) -> Linear:
    """A Linear of the neurons' own weights and biases."""
    sizes = sorted({len(neuron.w) for neuron in neurons})
    if len(sizes) > 1:
        raise ValueError(
            f"{type(owner).__name__}: one neuron has {sizes[0]} weights, another {sizes[-1]}, so they are no matrix"
        )
    linear = Linear.__new__(Linear)
    linear.weight, linear.bias = [list(neuron.w) for neuron in neurons], [neuron.b for neuron in neurons]
    linear.training = owner.training
    return linear


def _activation(functions: Sequence[Callable[[Value], Value]]) -> Callable[[Any], Any]:
    """One function of a list for the activations of all neurons: that of `micrograd.nn`, if all have the same."""
    first = relu if functions[0] is Value.relu else functions[0]
    if all(function == functions[0] for function in functions) and getattr(first, "func", first) in _OF_LISTS:
        return first
    return _each([partial(activate, "Neuron", function) for function in functions])


def _dropout(neurons: Sequence[Any]) -> Callable[[Any], Any]:
    """One Dropout, if all neurons have the same."""
    drops = []
    for neuron in neurons:
        drops.append(Dropout(neuron.dropout))
        drops[-1].training = neuron.training
    alike = all((drop.p, drop.training) == (drops[0].p, drops[0].training) for drop in drops)
    return drops[0] if alike else _each(drops)


def _each(functions: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def each_its_own(row: Sequence[Any]) -> list[Any]:
        return [function(number) for function, number in zip(functions, row, strict=True)]

    return each_its_own
