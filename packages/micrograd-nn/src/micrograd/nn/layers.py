"""Neurons, layers of them, and the multi-layer perceptron."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from micrograd.engine import Value
from micrograd.nn.dropping import dropout as drop
from micrograd.nn.inputs import dropout_rate, flag, integer, layer_sizes, sample
from micrograd.nn.module import Module


class Neuron(Module):
    """A weighted sum of the inputs plus a bias, then relu: `relu(w · x + b)`.

    The weights are drawn from Python's global `random`, uniform from -1 to 1; the bias starts at 0.

    Args:
        nin: The number of inputs, at least 1.
        nonlin: Whether to apply relu.
        dropout: The probability of dropping the output in training mode, from 0 to 1.

    Raises:
        ValueError: If `nin` is not an int of at least 1, `nonlin` not True or False, or `dropout` not from 0 to 1.

    Example:
        >>> import random
        >>> random.seed(1337)
        >>> neuron = Neuron(2)
        >>> neuron
        ReLUNeuron(2)
        >>> neuron([1.0, 2.0])
        Value(data=0.36856800832294456, grad=0.0)
    """

    dropout: float = 0.0  # for subclasses with an __init__ of their own

    def __init__(self, nin: int, nonlin: bool = True, dropout: float = 0.0) -> None:
        self.nonlin = flag("Neuron", "nonlin", nonlin)
        self.dropout = dropout_rate(dropout)
        self.w = [Value(random.uniform(-1, 1)) for _ in range(integer("Neuron", "nin", nin))]
        self.b = Value(0)

    def __call__(self, x: Value | float | Iterable[Value | float]) -> Value:
        """The output for one sample.

        Args:
            x: `nin` Values or numbers, in anything that iterates; a single one stands for a list of one.

        Returns:
            The activation.

        Raises:
            TypeError: If they are neither Values nor numbers, or if the weights or the bias are no longer Values.
            ValueError: If there are not `nin` inputs, or a batch of samples is given.
        """
        inputs = sample(x)
        if len(inputs) != len(self.w):
            raise ValueError(f"{self!r} takes {len(self.w)} inputs, got {len(inputs)}")
        if not (isinstance(self.b, Value) and isinstance(next(iter(self.w), self.b), Value)):
            raise TypeError(f"{self!r}: w and b must be Values; to change a number in them, write neuron.b.data = 1.0")
        act = sum((wi * xi for wi, xi in zip(self.w, inputs, strict=True)), self.b)
        if not isinstance(act, Value):
            raise TypeError(f"{self!r} takes Values and numbers as inputs, one of {inputs!r} is something else")
        out = act.relu() if self.nonlin else act
        return drop(out, self.dropout) if self.training and self.dropout else out

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons side by side, all with the same inputs. Counterpart: `torch.nn.Linear`, with relu and dropout.

    Args:
        nin: The number of inputs, at least 1.
        nout: The number of neurons, at least 1.
        **kwargs: `nonlin` and `dropout`, for each `Neuron`.

    Raises:
        ValueError: If a size is not an int of at least 1, or `dropout` is not from 0 to 1.

    Example:
        >>> Layer(2, 3, nonlin=False)
        Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        self.neurons = [Neuron(nin, **kwargs) for _ in range(integer("Layer", "nout", nout))]

    def __call__(self, x: Value | float | Iterable[Value | float]) -> Any:
        """The outputs for one sample, with the errors that `Neuron` has.

        Args:
            x: `nin` Values or numbers, as `Neuron` takes them.

        Returns:
            A list of `nout` Values; the Value itself if `nout` is 1.
        """
        inputs = sample(x)
        out = [neuron(inputs) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(str(neuron) for neuron in self.neurons)}]"


class MLP(Module):
    """A multi-layer perceptron: layers one after the other, relu in all but the last.

    Args:
        nin: The number of inputs, at least 1.
        nouts: The number of neurons in each layer, each at least 1; the last is the number of outputs.
        **kwargs: `dropout`, for the neurons of the hidden layers. The outputs are never dropped.

    Raises:
        ValueError: If `nouts` is empty, a size is not an int of at least 1, or `dropout` is not from 0 to 1.

    Example:
        >>> model = MLP(2, [2, 1])
        >>> model
        MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]
        >>> len(model.parameters())
        9
    """

    def __init__(self, nin: int, nouts: Sequence[int], **kwargs: Any) -> None:
        sizes = layer_sizes(nin, nouts)
        self.layers = [Layer(m, n, nonlin=i != len(nouts), **kwargs) for i, (m, n) in enumerate(pairwise(sizes), 1)]
        for neuron in self.layers[-1].neurons:
            neuron.dropout = 0.0

    def __call__(self, x: Value | float | Iterable[Value | float]) -> Any:
        """The outputs for one sample, with the errors that `Neuron` has.

        Args:
            x: `nin` Values or numbers, as `Neuron` takes them.

        Returns:
            A list of `nouts[-1]` Values; the Value itself if that is 1.
        """
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(str(layer) for layer in self.layers)}]"
