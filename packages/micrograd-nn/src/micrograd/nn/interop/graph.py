"""Statements about arrays as a graph of PyTorch's operations, `torch.fx`, whose code can be read and compiled."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

import torch
from torch import fx
from torch.fx.proxy import GraphAppendingTracer

from micrograd.engine.jit.arrays import ArrayProgram, Listed, Operand, Read, Scatter, Total, row_by_row
from micrograd.nn.interop.evaluation import Evaluation, Language, Rows, Shape, Tensor

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
        self._count = count()

    def argument(self, kind: str) -> Tensor:
        """A further argument of the graph, which has none of the names of the function: those may mean something."""
        with self.graph.inserting_after(self._last):
            self._last = self.graph.placeholder(f"{kind}{next(self._count)}")
        return fx.Proxy(self._last, self._tracer)

    def _constant(self, key: Any, tensor: torch.Tensor) -> Tensor:
        if key not in self._known:
            self._known[key] = self.argument("constant")
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
        if op in _ALIKE:
            return _ALIKE[op](*tensors)
        if op in _THEIRS:
            return _THEIRS[op](*tensors)
        a, b = tensors[0], tensors[-1]
        zero, one = self.numbers([0.0], ()), self.numbers([1.0], ())
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


class _Evaluation(Evaluation):
    """Adds up over the samples too, and keeps indexes exact where the net computes in a small type.

    Attributes:
        totals: What is added up, by the place of the parameter among the arrays.
    """

    language: _Torch

    def __init__(self, program: ArrayProgram, language: _Torch, given: Sequence[Tensor]) -> None:
        zero = language.numbers([0.0], ())  # is of the type of the net
        arrays = zip(given, program.arrays, strict=False)
        super().__init__(program, language, [x.to(zero) if array.kind == "input" else x for x, array in arrays])
        self.given = given
        self.totals: dict[int, Tensor] = {}
        self._exact = Evaluation(program, language, given)

    def index(self, operand: Operand, shape: Shape, varying: bool) -> Tensor:
        given = isinstance(operand, Read) and self.program.arrays[operand.array].kind == "input"
        return (self._exact if given else self)._everywhere(operand, shape, varying)

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
        at = self.index(statement.at, shape, True)
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
            places = to.places.spread(shape)
        self._add_at(to.array, self.language.places(places), total.reshape(-1))

    def _add_at(self, array: int, places: Tensor, values: Tensor) -> None:
        shape = self.program.arrays[array].shape
        zeros = torch.zeros_like(self.given[array]).reshape(-1)
        self._accumulate(array, zeros.index_add(0, places, values).reshape(shape))

    def _accumulate(self, array: int, gradient: Tensor) -> None:
        before = self.totals.get(array)
        self.totals[array] = gradient if before is None else before + gradient


class Written(NamedTuple):
    """A program as a function of tensors.

    Attributes:
        function: Takes the inputs, shape (batch, numbers) each, the parameters and the constants.
        constants: The constants.
    """

    function: fx.GraphModule
    constants: list[torch.Tensor]


def write(program: ArrayProgram, totals: int) -> Written:
    """The results of a program, shape (batch, numbers) each, and the totals of its first parameters.

    Args:
        program: The program.
        totals: How many parameters have a total.
    """
    language = _Torch()
    given = [language.argument(array.kind) for array in program.arrays if array.kind in ("input", "parameter")]
    evaluation = _Evaluation(program, language, given)
    results = evaluation.run()
    if not any(array.kind == "input" for array in program.arrays):
        results = [result.unsqueeze(0) for result in results]  # one sample, as in a compiled function
    parameters = [i for i, array in enumerate(program.arrays) if array.kind == "parameter"]
    results += [evaluation.totals.get(i, torch.zeros_like(given[i])) for i in parameters[:totals]]
    language.graph.output(tuple(result.node for result in results))
    language.graph.eliminate_dead_code()
    language.graph.lint()
    return Written(fx.GraphModule({}, language.graph), language.constants)
