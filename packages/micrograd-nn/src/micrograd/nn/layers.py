"""Neurons, layers of them, and the multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from micrograd.engine import Value
from micrograd.nn.dropping import dropout as drop
from micrograd.nn.init import Init, draw_weights
from micrograd.nn.inputs import dropout_rate, integer, layer_sizes, sample, sample_for
from micrograd.nn.nonlin import Nonlin, activate, check_nonlin
from micrograd.nn.stack import Stack


class Neuron(Stack):
    """A weighted sum of the inputs plus a bias, then relu: `relu(w · x + b)`.

    The weights are drawn from Python's global `random`; the bias starts at 0.

    Args:
        nin: The number of inputs, at least 1.
        nonlin: What is applied to the sum: relu if True, nothing if False, or "relu", "tanh", "sigmoid", "leaky_relu",
            "gelu", "silu", or a function from a Value to a Value. The attribute may be set later.
        dropout: The probability of dropping the output in training mode, from 0 to 1.
        init: How a weight is drawn: uniform from -1 to 1 if None; "kaiming" for uniform up to `sqrt(6 / nin)`, which
            suits relu; "glorot" for uniform up to `sqrt(6 / (nin + nout))`; or a function of `nin` and `nout`.
        nout: The number of neurons in the layer, for `init`.

    Raises:
        ValueError: If `nin` or `nout` is not an int of at least 1, `nonlin` or `init` is none of these, `init` draws
            what is no finite number, or `dropout` is not from 0 to 1.

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

    def __init__(
        self, nin: int, nonlin: Nonlin = True, dropout: float = 0.0, *, init: Init = None, nout: int = 1
    ) -> None:
        self.nin = nin
        self.nonlin = check_nonlin("Neuron", nonlin)
        self.dropout = dropout_rate(dropout)
        self.w = draw_weights("Neuron", nin, nout, init)
        self.b = Value(0)

    def __call__(self, x: Value | float | Iterable[Value | float]) -> Value:
        """The output for one sample.

        Args:
            x: `nin` Values or numbers, in anything that iterates; a single one stands for a list of one.

        Returns:
            The activation.

        Raises:
            TypeError: If they are neither Values nor numbers, if the weights or the bias are no longer Values, or if
                `nonlin` does not return one.
            ValueError: If there are not `nin` inputs, or a batch of samples is given.
        """
        inputs = sample_for(self, len(self.w), x)
        if not (isinstance(self.b, Value) and isinstance(next(iter(self.w), self.b), Value)):
            raise TypeError(f"{self!r}: w and b must be Values; to change a number in them, write neuron.b.data = 1.0")
        act = sum((wi * xi for wi, xi in zip(self.w, inputs, strict=True)), self.b)
        if not isinstance(act, Value):
            raise TypeError(f"{self!r} takes Values and numbers as inputs, one of {inputs!r} is something else")
        out = activate("Neuron", self.nonlin, act)
        return drop(out, self.dropout) if self.training and self.dropout else out

    def __repr__(self) -> str:
        if callable(self.nonlin) or isinstance(self.nonlin, str):
            return f"Neuron({len(self.w)}, {getattr(self.nonlin, '__name__', self.nonlin)})"
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Stack):
    """Neurons side by side, all with the same inputs. Counterpart: `torch.nn.Linear`, with relu and dropout.

    Args:
        nin: The number of inputs, at least 1.
        nout: The number of neurons, at least 1.
        **kwargs: `nonlin`, `dropout` and `init`, for each `Neuron`.

    Raises:
        ValueError: If a size is not an int of at least 1, or an option is none that `Neuron` takes.

    Example:
        >>> Layer(2, 3, nonlin=False)
        Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        self.nin = nin
        self.neurons = [Neuron(nin, nout=nout, **kwargs) for _ in range(integer("Layer", "nout", nout))]

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


class MLP(Stack):
    """A multi-layer perceptron: layers one after the other, with relu or what `nonlin` says in all but the last.

    Args:
        nin: The number of inputs, at least 1.
        nouts: The number of neurons in each layer, each at least 1; the last is the number of outputs.
        **kwargs: `nonlin` and `dropout`, for the neurons of the hidden layers: the outputs are never bent or dropped;
            and `init`, for all neurons.

    Raises:
        ValueError: If `nouts` is empty, a size is not an int of at least 1, or an option is none that `Neuron` takes.

    Example:
        >>> model = MLP(2, [2, 1])
        >>> model
        MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]
        >>> len(model.parameters())
        9
    """

    def __init__(self, nin: int, nouts: Sequence[int], **kwargs: Any) -> None:
        self.nin = nin
        self.layers = [Layer(m, n, **kwargs) for m, n in pairwise(layer_sizes(nin, nouts))]
        for neuron in self.layers[-1].neurons:
            neuron.nonlin, neuron.dropout = False, 0.0

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
