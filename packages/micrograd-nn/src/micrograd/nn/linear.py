"""A matrix of weights, with PyTorch's names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

from micrograd.engine import Value
from micrograd.nn.init import Init, draw_weights
from micrograd.nn.inputs import flag, integer, sample_for
from micrograd.nn.module import Module


class Linear(Module):
    """A weighted sum of the inputs, plus a bias, for each output: `weight · x + bias`. Counterpart: `torch.nn.Linear`.

    The weights are drawn from Python's global `random`, by default as `Dense` of Keras draws them, by Glorot's rule;
    biases start at 0. (PyTorch draws both, up to `1 / sqrt(nin)`.)

    Args:
        nin: The number of inputs, at least 1.
        nout: The number of outputs, at least 1.
        bias: Whether there is a bias.
        init: How a weight is drawn, as `Neuron` takes it: "glorot", "kaiming", None for uniform from -1 to 1, or a
            function of `nin` and `nout`.

    Attributes:
        weight: `nout` rows of `nin` Values.
        bias: `nout` Values, or None.

    Raises:
        ValueError: If a size is not an int of at least 1, `bias` is not True or False, `init` is none of these, or it
            draws what is no finite number.

    Example:
        >>> linear = Linear(2, 3, init=lambda nin, nout: 0.5)
        >>> linear
        Linear(2, 3)
        >>> [out.data for out in linear([1.0, 2.0])]
        [1.5, 1.5, 1.5]
    """

    def __init__(self, nin: int, nout: int, bias: bool = True, *, init: Init = "glorot") -> None:
        self.nin = nin
        nout, has_bias = integer("Linear", "nout", nout), flag("Linear", "bias", bias)
        self.weight = [draw_weights("Linear", nin, nout, init) for _ in range(nout)]
        self.bias = [Value(0) for _ in range(nout)] if has_bias else None

    def __call__(self, x: Value | float | Iterable[Value | float]) -> list[Value]:
        """The outputs for one sample.

        Args:
            x: `nin` Values or numbers, in anything that iterates; a single one stands for a list of one.

        Returns:
            A list of `nout` Values, also if that is 1.

        Raises:
            TypeError: If they are neither Values nor numbers, or if weights or biases are no longer Values.
            ValueError: If there are not `nin` inputs, or a batch of samples is given.
        """
        inputs = sample_for(self, len(self.weight[0]), x)
        starts = [[]] * len(self.weight) if self.bias is None else [[b] for b in self.bias]
        return [self._sum(row, inputs, start) for row, start in zip(self.weight, starts, strict=True)]

    def _sum(self, row: list[Value], inputs: Iterable[Value | float], start: list[Value]) -> Value:
        if not all(isinstance(parameter, Value) for parameter in (row[0], *start)):
            raise TypeError(
                f"{self!r}: weight and bias must be Values; to change a number in them, write "
                "linear.weight[0][0].data = 1.0"
            )
        total = reduce(add, (w * x for w, x in zip(row, inputs, strict=True)), *start)
        if not isinstance(total, Value):
            raise TypeError(f"{self!r} takes Values and numbers as inputs, one of {inputs!r} is something else")
        return total

    def __repr__(self) -> str:
        return f"Linear({len(self.weight[0])}, {len(self.weight)}{'' if self.bias is not None else ', bias=False'})"
