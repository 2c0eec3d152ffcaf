"""The functions that Values have as methods: each is a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from micrograd.engine import ops
from micrograd.engine.number import Number

if TYPE_CHECKING:
    from micrograd.engine.value import Value


class Functions(Number):
    """The part of Value that applies functions."""

    __slots__ = ()
    _record: Callable[..., Value]

    def exp(self) -> Value:
        """`e` to the power of this Value; inf above about 709.8. `torch.exp`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).exp().data
        1.0
        """
        return self._record(ops.exp, self)

    def log(self) -> Value:
        """The natural logarithm; -inf at 0, nan below. `torch.log`.

        >>> from micrograd.engine import Value
        >>> Value(1.0).log().data
        0.0
        """
        return self._record(ops.log, self)

    def sqrt(self) -> Value:
        """The square root; nan below 0. `torch.sqrt`.

        >>> from micrograd.engine import Value
        >>> Value(9.0).sqrt().data
        3.0
        """
        return self._record(ops.sqrt, self)

    def tanh(self) -> Value:
        """The hyperbolic tangent, between -1 and 1. `torch.tanh`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).tanh().data
        0.0
        """
        return self._record(ops.tanh, self)

    def sigmoid(self) -> Value:
        """The logistic function `1 / (1 + exp(-self))`, between 0 and 1. `torch.sigmoid`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).sigmoid().data
        0.5
        """
        return self._record(ops.sigmoid, self)

    def sin(self) -> Value:
        """The sine of this Value in radians; nan at infinity. `torch.sin`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).sin().data
        0.0
        """
        return self._record(ops.sin, self)

    def cos(self) -> Value:
        """The cosine of this Value in radians; nan at infinity. `torch.cos`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).cos().data
        1.0
        """
        return self._record(ops.cos, self)

    def maximum(self, other: Value | float) -> Value:
        """The larger of the two, nan if either is; at a tie each gets half of the gradient. `torch.maximum`.

        >>> from micrograd.engine import Value
        >>> Value(2.0).maximum(3).data
        3.0
        """
        result: Value = ops.maximum(self, other)
        return result

    def minimum(self, other: Value | float) -> Value:
        """The smaller of the two, nan if either is; at a tie each gets half of the gradient. `torch.minimum`.

        >>> from micrograd.engine import Value
        >>> Value(2.0).minimum(3).data
        2.0
        """
        result: Value = ops.minimum(self, other)
        return result
