"""What the statements of an array program mean, computed with NumPy: slowly, and one sample at a time."""

import math

import numpy as np

from micrograd.engine.jit.arrays import Join, Listed, Map, Read, Scatter, Sum, Take, Total

ONE = {
    "neg": np.negative,
    "reciprocal": lambda a: 1.0 / a,
    "ReLU": lambda a: np.where(a < 0, 0.0, a),
    "sign": lambda a: np.where(a > 0, 1.0, np.where(a < 0, -1.0, 0.0)),
    "not": lambda a: np.where(a == 0, 1.0, 0.0),
    "abs": np.abs,
    "sigmoid": lambda a: 1.0 / (np.exp(-a) + 1.0),
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "erf": np.vectorize(math.erf, otypes=[float]),
    **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log1p", "sqrt", "tanh", "sin", "cos")},
}
TWO = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "pow": np.power,
    "atan2": np.arctan2,
    "gate": lambda g, x: np.where(x <= 0, 0.0, g),
    "share": lambda a, b: np.where(a < b, 0.0, np.where(a == b, 0.5, 1.0)),
    "max": lambda a, b: np.where((a >= b) | (a != a), a, b),
    "min": lambda a, b: np.where((a <= b) | (a != a), a, b),
    "<": lambda a, b: np.where(a < b, 1.0, 0.0),
    "<=": lambda a, b: np.where(a <= b, 1.0, 0.0),
    "where": lambda c, a: np.where(c != 0, a, -0.0),
}


def run(program, inputs, leaves):
    """One sample through a program.

    Returns:
        The results, each as a flat array, and the gradients of the leaves that statements add up.
    """
    memory = {}
    given = [*inputs]
    count = 0
    offsets = {}
    for i, array in enumerate(program.arrays):
        if array.kind == "input":
            memory[i] = np.ravel(given.pop(0)).astype(float)
        elif array.kind == "parameter":
            memory[i] = np.array(leaves[count : count + array.size])
            offsets[i] = count
            count += array.size
        elif array.kind == "constant":
            memory[i] = np.array(array.numbers)
    gradient = np.zeros(count)

    def places(read, shape):
        if isinstance(read.places, Listed):
            return np.reshape(read.places.places, shape)
        steps = np.zeros(shape, int) + read.places.start
        for axis, stride in enumerate(read.places.strides):
            steps = steps + stride * np.arange(shape[axis]).reshape([-1] + [1] * (len(shape) - axis - 1))
        return steps

    def value(operand, shape):
        if not isinstance(operand, Read):
            return np.full(shape, operand)
        return memory[operand.array][places(operand, shape)]

    def pieces(given):
        return np.concatenate([value(part, (n,)) for part, n in zip(given.parts, given.lengths, strict=True)])

    def added(factors, shape, start=None):
        products = np.prod([value(factor, shape) for factor in factors], axis=0)
        total = products[..., 0] if start is None else start + products[..., 0]
        for k in range(1, shape[-1]):
            total = total + products[..., k]
        return total

    with np.errstate(all="ignore"):
        for statement in program.statements:
            match statement:
                case Map(out, op, operands, shape):
                    known = ONE if len(operands) == 1 else TWO
                    memory[out] = np.ravel(known[op](*(value(operand, shape) for operand in operands)))
                case Sum(out, start, factors, shape, terms):
                    begin = None if start is None else value(start, shape)
                    memory[out] = np.ravel(added(factors, (*shape, terms), begin))
                case Join(out, parts):
                    memory[out] = pieces(parts)
                case Take(out, table, at, shape, length):
                    index = value(at, shape)
                    found = memory[table.array][places(table, (*shape, length))]
                    whole = (index >= 0) & (index < length) & (index == np.floor(index))
                    chosen = np.take_along_axis(found, np.where(whole, index, 0).astype(int)[..., None], -1)[..., 0]
                    memory[out] = np.ravel(np.where(whole, chosen, np.nan))
                case Total(to, factors, shape, terms):
                    np.add.at(gradient, offsets[to.array] + places(to, shape), added(factors, (*shape, terms)))
                case Scatter(to, at, values, shape, length):
                    index, part = value(at, shape), value(values, shape)
                    table = offsets[to.array] + places(to, (*shape, length))
                    whole = (index >= 0) & (index < length) & (index == np.floor(index))
                    chosen = np.take_along_axis(table, np.where(whole, index, 0).astype(int)[..., None], -1)[..., 0]
                    np.add.at(gradient, chosen[whole], part[whole])
            if hasattr(statement, "out"):
                assert memory[statement.out].size == program.arrays[statement.out].size
    return [pieces(result) for result in program.results], gradient
