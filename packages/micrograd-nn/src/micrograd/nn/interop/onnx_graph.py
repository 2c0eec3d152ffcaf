"""Statements about arrays as a graph of ONNX, in float64 and with any number of samples.

What has no operator in ONNX, or none that runtimes have in float64, goes along as a function: `onnx_functions.py`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from micrograd.engine.jit.arrays import Traced
from micrograd.nn.interop.evaluation import Evaluation, Language, Rows, Shape, Tensor
from micrograd.nn.interop.onnx_functions import DOMAIN, OPSET, function, with_needed

_IR = 9  # of 2023, as the set of operators is, so that runtimes of some age read it
_THEIRS = {"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "**": "Pow", "pow": "Pow", "ReLU": "Relu", "neg": "Neg"}
_THEIRS |= {"exp": "Exp", "log": "Log", "sqrt": "Sqrt", "tanh": "Tanh", "abs": "Abs", "sin": "Sin", "cos": "Cos"}
_THEIRS |= {"reciprocal": "Reciprocal"}
_OURS = {"sigmoid": "Sigmoid", "expm1": "Expm1", "log1p": "Log1p", "erf": "Erf", "gate": "Gate", "sign": "Sign"}
_OURS |= {"asin": "Asin", "acos": "Acos", "atan": "Atan", "atan2": "Atan2", "share": "Share", "where": "Chosen"}
_OURS |= {"<": "IsLess", "<=": "IsAtMost", "not": "IsZero"}


class _Onnx(Language):
    """Names of tensors in a graph that is being written.

    Attributes:
        nodes: The graph.
        initializers: Parameters and constants, by name.
        functions: The names of the functions of ours that it calls.
    """

    def __init__(self, taken: set[str]) -> None:
        self.nodes: list[NodeProto] = []
        self.initializers: dict[str, TensorProto] = {}
        self.functions: set[str] = set()
        self._taken = set(taken)
        self._numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
        self._constants: dict[Any, str] = {}

    def node(self, kind: str, *operands: Tensor, **attributes: Any) -> Tensor:
        """A further node; numbers among its operands are constants."""
        names = [x if isinstance(x, str) else self.numbers([x], ()) for x in operands]
        out = self._new(kind.lower())
        self.nodes.append(helper.make_node(kind, names, [out], name=out, **attributes))
        return out

    def parameter(self, name: str, numbers: Any) -> Tensor:
        """An initializer."""
        self.initializers[name] = numpy_helper.from_array(numbers, name)
        return name

    def _new(self, name: str) -> str:
        return next(new for number in self._numbers[name] if (new := f"{name}{number}") not in self._taken)

    def _constant(self, numbers: Any) -> Tensor:
        key = numbers.dtype.str, numbers.shape, numbers.tobytes()
        if key not in self._constants:
            self._constants[key] = self.parameter(self._new("constant"), numbers)
        return self._constants[key]

    def numbers(self, numbers: Sequence[float], shape: Shape) -> Tensor:
        return self._constant(np.array(numbers, np.float64).reshape(shape))

    def places(self, places: Sequence[int]) -> Tensor:
        return self._constant(np.array(places, np.int64))

    def shaped(self, x: Tensor, varying: bool, shape: Shape) -> Tensor:
        return self.node("Reshape", x, self.places([*([0] if varying else []), *shape]))  # 0 keeps the samples

    def piece(self, x: Tensor, start: int, end: int) -> Tensor:
        return self.node("Slice", x, *(self.places([place]) for place in (start, end, -1)))

    def picked(self, x: Tensor, places: Tensor) -> Tensor:
        return self.node("Gather", x, places, axis=-1)

    def permuted(self, x: Tensor, order: Sequence[int]) -> Tensor:
        return self.node("Transpose", x, perm=list(order))

    def expanded(self, x: Tensor, like: Tensor | None, shape: Shape) -> Tensor:
        sizes = self.places(shape)
        if like is not None:
            sizes = self.node("Concat", self.node("Shape", like, start=0, end=1), sizes, axis=0)
        return self.node("Expand", x, sizes)

    def einsum(self, equation: str, factors: Sequence[Tensor]) -> Tensor:
        layer = re.fullmatch(r"(\w)(\w),z(\w)->z(\w)", equation)
        if layer and {layer[1], layer[2]} == {layer[3], layer[4]}:
            return self.node("Gemm", factors[1], factors[0], transB=int(layer[2] == layer[3]))
        if re.fullmatch(r"(\w),z\1->z", equation):
            return self.node("MatMul", factors[1], factors[0])
        return self.node("Einsum", *factors, equation=equation)

    def joined(self, parts: Sequence[Tensor]) -> Tensor:
        return self.node("Concat", *parts, axis=-1)

    def taken(self, table: Tensor, at: Tensor, length: int, rows: Rows) -> Tensor:
        inside = self.node("And", self.node("GreaterOrEqual", at, 0.0), self.node("Less", at, float(length)))
        there = self.node("And", inside, self.node("Equal", at, self.node("Floor", at)))
        whole = self.node("Cast", self.node("Where", there, at, 0.0), to=TensorProto.INT64)
        place = self.node("Add", rows.first, self.node("Mul", self.places([rows.step]), whole))
        if rows.listed is not None:
            place = self.node("Gather", rows.listed, place)
        return self.node("Where", there, self.node("Gather", table, place), math.nan)

    def operation(self, op: str, operands: Sequence[Tensor | float]) -> Tensor:
        if op in ("max", "min"):  # the first of equal ones, and nan if one is that
            a, b = operands
            first = self.node("GreaterOrEqual" if op == "max" else "LessOrEqual", a, b)
            return self.node("Where", self.node("Or", first, self.node("IsNaN", a)), a, b)
        if op in _THEIRS:
            return self.node(_THEIRS[op], *operands)
        self.functions.add(_OURS[op])
        return self.node(_OURS[op], *operands, domain=DOMAIN)

    def begun(self, start: Tensor | float, total: Tensor) -> Tensor:
        product = self.nodes[-1]
        is_product = product.op_type == "Gemm" and product.output[0] == total
        vector = self.initializers.get(start) if isinstance(start, str) else None
        if is_product and vector is not None and len(vector.dims) == 1:
            product.input.append(vector.name)  # as its third operand
            return total
        return super().begun(start, total)


def write_onnx(traced: Traced) -> ModelProto:
    """A traced function as a model of ONNX.

    Args:
        traced: The function.

    Returns:
        A model whose inputs, outputs and initializers have the names that the function has for them.

    Raises:
        ValueError: If the function takes nothing, or returns an array of no numbers.
    """
    if not traced.inputs:
        raise ValueError(f"to_onnx: {traced.name} takes no arguments, so that there are no samples")
    for part in traced.results:
        if 0 in part.shape:
            raise ValueError(f"to_onnx: {traced.name} returns {part.name} without a number, which ONNX cannot")
    taken = {array.name for array in traced.parameters}
    inputs = [(_free(array.name, taken), array.shape) for array in traced.inputs]
    outputs = [(_free(part.name, taken), part.shape) for part in traced.results]
    program = traced.forward()
    language = _Onnx(taken)
    given = [x if len(shape) == 1 else language.shaped(x, True, (math.prod(shape),)) for x, shape in inputs]
    leaves = iter(traced.leaves)
    for array in traced.parameters:
        numbers = np.array([next(leaves).data for _ in range(array.size)], np.float64).reshape(array.shape)
        given.append(language.parameter(array.name, numbers))
    results = Evaluation(program, language, given).run()
    for result, (out, shape) in zip(results, outputs, strict=True):
        shaped = result if len(shape) == 1 else language.shaped(result, True, shape)
        language.nodes.append(helper.make_node("Identity", [shaped], [out], name=out))
    used = {operand for node in language.nodes for operand in node.input}
    graph = helper.make_graph(
        language.nodes,
        traced.name,
        [_described(name, shape) for name, shape in inputs],
        [_described(name, shape) for name, shape in outputs],
        [tensor for name, tensor in language.initializers.items() if name in used],
    )
    model = helper.make_model(
        graph,
        functions=[function(each) for each in with_needed(language.functions)],
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, 1)],
        ir_version=_IR,
        producer_name="micrograd-nn",
    )
    checker.check_model(model, full_check=True)
    return model


def _described(name: str, shape: Shape) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch", *shape])


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it that nothing has; it is taken from now on."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name
