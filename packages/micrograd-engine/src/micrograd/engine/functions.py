"""The functions that Values have as methods: each is a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from micrograd.engine import ops
from micrograd.engine.choice import choose
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

    def log1p(self) -> Value:
        """`log(1 + self)`, to the last digits even near 0; -inf at -1, nan below. `torch.log1p`.

        >>> from micrograd.engine import Value
        >>> Value(1e-20).log1p().data
        1e-20
        """
        return self._record(ops.log1p, self)

    def expm1(self) -> Value:
        """`exp(self) - 1`, to the last digits even near 0. `torch.expm1`.

        >>> from micrograd.engine import Value
        >>> Value(1e-20).expm1().data
        1e-20
        """
        return self._record(ops.expm1, self)

    def erf(self) -> Value:
        """The error function, between -1 and 1. `torch.erf`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).erf().data
        0.0
        """
        return self._record(ops.erf, self)

    def asin(self) -> Value:
        """The inverse sine in radians, from -pi/2 to pi/2; nan outside -1 to 1. `torch.asin`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).asin().data
        0.0
        """
        return self._record(ops.asin, self)

    def acos(self) -> Value:
        """The inverse cosine in radians, from 0 to pi; nan outside -1 to 1. `torch.acos`.

        >>> from micrograd.engine import Value
        >>> Value(1.0).acos().data
        0.0
        """
        return self._record(ops.acos, self)

    def atan(self) -> Value:
        """The inverse tangent in radians, between -pi/2 and pi/2. `torch.atan`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).atan().data
        0.0
        """
        return self._record(ops.atan, self)

    def atan2(self, other: Value | float) -> Value:
        """The angle of the point (other, self) in radians, from -pi to pi; `atan2` for a number first. `torch.atan2`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).atan2(1).data
        0.0
        """
        result: Value = ops.atan2(self, other)
        return result

    def softplus(self) -> Value:
        """`log(1 + exp(self))`, a smooth relu; beyond 20 it is this Value itself. `torch.nn.functional.softplus`.

        >>> from micrograd.engine import Value
        >>> Value(0.0).softplus().data
        0.6931471805599453
        """
        softplus: Value = choose(ops.less(20.0, self), self, self.exp().log1p())
        return softplus

    def detach(self) -> Value:
        """The same number, cut off: no gradient goes on from here. `torch.Tensor.detach`.

        >>> from micrograd.engine import Value
        >>> x = Value(3.0)
        >>> (x * x.detach()).backward()
        >>> x.grad
        3.0
        """
        return self._record(ops.detach, self)

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

    def clamp(self, min: Value | float | None = None, max: Value | float | None = None) -> Value:
        """This Value, held between two bounds, nan if one is; if they cross, the upper one. `torch.clamp`.

        The gradient goes to this Value from bound to bound, both included, and else to the bound.

        Args:
            min: The lower bound, None if there is none.
            max: The upper bound, None if there is none.

        Raises:
            TypeError: If there is no bound, or one is neither a number nor a Value.

        >>> from micrograd.engine import Value
        >>> Value(2.0).clamp(0, 1).data, Value(2.0).clamp(max=1.5).data
        (1.0, 1.5)
        """
        if min is None and max is None:
            raise TypeError("clamp takes a min, a max or both, got neither")
        result: Value = self  # type: ignore[assignment]
        if min is not None:
            result = ops.clamp_min(result, min)
        if max is not None:
            result = ops.clamp_max(result, max)
        return result
