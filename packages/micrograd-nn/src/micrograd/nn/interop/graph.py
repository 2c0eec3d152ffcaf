"""Statements about arrays as a graph of PyTorch's operations, `torch.fx`, whose code can be read and compiled."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import fx
from torch.fx.proxy import GraphAppendingTracer

from micrograd.engine.jit.arrays import ArrayProgram, Listed, Read, Scatter, Total
from micrograd.nn.interop.evaluation import Evaluation, Language, Rows, Shape, Tensor, row_by_row, spread_out

_ALIKE: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
}
_THEIRS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(torch, name) for name in ("exp", "expm1", "log", "log1p", "sqrt", "tanh", "erf", "abs", "sigmoid")
    },
    **{name: getattr(torch, name) for name in ("sin", "cos", "asin", "acos", "atan", "atan2", "pow", "reciprocal")},
    "**": torch.pow,
    "ReLU": torch.relu,
}


class _Torch(Language):
    """Nodes of a graph that is being written.

    Attributes:
        graph: The graph. Its arguments are what is given, then the constants.
        constants: The constants.
    """

    def __init__(self) -> None:
        self.graph = fx.Graph()
        self.constants: list[torch.Tensor] = []
        self._tracer = GraphAppendingTracer(self.graph)
        self._known: dict[Any, Tensor] = {}
        self._last: fx.Node | None = None

    def argument(self, name: str) -> Tensor:
        """A further argument of the graph."""
        with self.graph.inserting_after(self._last):
            self._last = self.graph.placeholder(re.sub(r"^(?=\d)|\W", "_", name))
        return fx.Proxy(self._last, self._tracer)

    def _constant(self, key: Any, tensor: torch.Tensor) -> Tensor:
        if key not in self._known:
            self._known[key] = self.argument(f"constant{len(self.constants)}")
            self.constants.append(tensor)
        return self._known[key]

    def numbers(self, numbers: Sequence[float], shape: Shape) -> Tensor:
        key = tuple(number.hex() for number in map(float, numbers)), shape
        return self._constant(key, torch.tensor(numbers, dtype=torch.float64).reshape(shape))

    def places(self, places: Sequence[int]) -> Tensor:
        return self._constant(tuple(places), torch.tensor(places, dtype=torch.int64))

    def shaped(self, x: Tensor, varying: bool, shape: Shape) -> Tensor:
        return x.reshape(*([-1] if varying else []), *shape) if varying or shape else x.reshape(())

    def piece(self, x: Tensor, start: int, end: int) -> Tensor:
        return x.narrow(-1, start, end - start)

    def picked(self, x: Tensor, places: Tensor) -> Tensor:
        return torch.index_select(x, -1, places)

    def permuted(self, x: Tensor, order: Sequence[int]) -> Tensor:
        return x.permute(*order)

    def expanded(self, x: Tensor, like: Tensor | None, shape: Shape) -> Tensor:
        return x.expand(*([] if like is None else [like.size(0)]), *shape)

    def einsum(self, equation: str, factors: Sequence[Tensor]) -> Tensor:
        return torch.einsum(equation, *factors)

    def joined(self, parts: Sequence[Tensor]) -> Tensor:
        return torch.cat(list(parts), -1)

    def operation(self, op: str, operands: Sequence[Tensor | float]) -> Tensor:
        if op in _ALIKE and any(isinstance(operand, fx.Proxy) for operand in operands):
            return _ALIKE[op](*operands)
        tensors: list[Any] = [x if isinstance(x, fx.Proxy) else self.numbers([x], ()) for x in operands]
        a, b = tensors[0], tensors[-1]
        zero, one = self.numbers([0.0], ()), self.numbers([1.0], ())
        if op in _ALIKE:
            return _ALIKE[op](*tensors)
        if op in _THEIRS:
            return _THEIRS[op](*tensors)
        match op:
            case "max":
                return torch.where((a >= b) | (a != a), a, b)
            case "min":
                return torch.where((a <= b) | (a != a), a, b)
            case "<":
                return torch.where(a < b, one, zero)
            case "<=":
                return torch.where(a <= b, one, zero)
            case "not":
                return torch.where(a == zero, one, zero)
            case "where":
                return torch.where(a != zero, b, self.numbers([-0.0], ()))
            case "gate":
                return torch.where(b <= zero, zero, a)
            case "sign":
                return torch.where(a > zero, one, torch.where(a < zero, -one, zero))
            case "share":
                return torch.where(a < b, zero, torch.where(a == b, self.numbers([0.5], ()), one))
        raise ValueError(f"{op} has no counterpart in PyTorch")

    def taken(self, table: Tensor, at: Tensor, length: int, rows: Rows) -> Tensor:
        there, place = self.place(at, length, rows)
        return torch.where(there, table[place], self.numbers([float("nan")], ()))

    def place(self, at: Tensor, length: int, rows: Rows) -> tuple[Tensor, Tensor]:
        """Whether an index is one of a table, and which place it means there."""
        there = (at >= 0) & (at < length) & (at == torch.floor(at))
        whole = torch.where(there, at, self.numbers([0.0], ())).to(torch.int64)
        place = rows.first + rows.step * whole
        return there, place if rows.listed is None else rows.listed[place]


class _WithGradients(Evaluation):
    """Adds gradients up, over the samples too.

    Attributes:
        gradients: Of each parameter that has one, by its place among the arrays.
    """

    language: _Torch

    def __init__(self, program: ArrayProgram, language: _Torch, given: Sequence[Tensor]) -> None:
        super().__init__(program, language, given)
        self.given = given
        self.gradients: dict[int, Tensor] = {}

    def add(self, statement: Total | Scatter) -> None:
        to, shape = statement.to, statement.shape
        if isinstance(statement, Total):
            whole = (*shape, statement.terms)
            total = self.products(statement.factors, whole, range(len(shape)), True)
            if not self._varies(*statement.factors) and self._sample is not None:
                total = total * self._sample.size(0)
            covered = {axis for factor in statement.factors for axis in self._axes(factor, whole)} - {len(shape)}
            sizes = tuple(size if axis in covered else 1 for axis, size in enumerate(shape))
            total = self.language.shaped(total, False, sizes).expand(*shape) if len(covered) < len(shape) else total
            self._put(to, shape, total)
            return
        at = self._everywhere(statement.at, shape, True)
        value = self._everywhere(statement.value, shape, True)
        there, place = self.language.place(at, statement.length, self.rows(to.places, shape, statement.length))
        value = torch.where(there, value, self.language.numbers([0.0], ()))
        self._add_at(to.array, place.reshape(-1), value.reshape(-1))

    def _put(self, to: Read, shape: Shape, total: Tensor) -> None:
        """Add to the gradient of a parameter where a statement says."""
        array = self.program.arrays[to.array]
        if isinstance(to.places, Listed):
            places = list(to.places.places)
        else:
            strides = to.places.strides
            axes = sorted(range(len(shape)), key=lambda axis: -strides[axis])
            sizes = [shape[axis] for axis in axes]
            if [strides[axis] for axis in axes] == row_by_row(sizes) and math.prod(shape) == array.size:
                ordered = total if axes == sorted(axes) else total.permute(*axes)
                self._accumulate(to.array, ordered.reshape(array.shape))
                return
            places = spread_out(to.places, shape, range(len(shape)))
        self._add_at(to.array, self.language.places(places), total.reshape(-1))

    def _add_at(self, array: int, places: Tensor, values: Tensor) -> None:
        shape = self.program.arrays[array].shape
        zeros = torch.zeros_like(self.given[array]).reshape(-1)
        self._accumulate(array, zeros.index_add(0, places, values).reshape(shape))

    def _accumulate(self, array: int, gradient: Tensor) -> None:
        before = self.gradients.get(array)
        self.gradients[array] = gradient if before is None else before + gradient


class Written(NamedTuple):
    """A program as a function of tensors.

    Attributes:
        function: Takes the inputs, shape (batch, numbers) each, the parameters and the constants.
        constants: The constants.
    """

    function: fx.GraphModule
    constants: list[torch.Tensor]


def write_value(program: ArrayProgram) -> Written:
    """The results of a program, shape (batch, numbers) each."""
    language = _Torch()
    given = [language.argument(array.name) for array in program.arrays if array.kind in ("input", "parameter")]
    return _written(language, Evaluation(program, language, given).run())


def write_pullback(program: ArrayProgram) -> Written:
    """The results of a pullback, shape (batch, numbers) each, and the gradients of its parameters."""
    language = _Torch()
    given = [language.argument(array.name) for array in program.arrays if array.kind in ("input", "parameter")]
    evaluation = _WithGradients(program, language, given)
    results = evaluation.run()
    for i, x in enumerate(given):
        if program.arrays[i].kind == "parameter":
            results.append(evaluation.gradients.get(i, torch.zeros_like(x)))
    return _written(language, results)


def _written(language: _Torch, results: Sequence[Tensor]) -> Written:
    language.graph.output(tuple(result.node for result in results))
    language.graph.lint()
    return Written(fx.GraphModule({}, language.graph), language.constants)
