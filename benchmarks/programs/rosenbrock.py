"""Rosenbrock's function of 50 numbers: gradient and Hessian, dense, at every point."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

SIZE = 50


def points(count):
    return np.random.default_rng(1337).uniform(-2, 2, (count, SIZE))


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(SIZE - 1))


def numbers(result):
    """The gradients, then the Hessians, at some of the points."""
    return np.concatenate([np.ravel(part[::20]) for part in result]).tolist()


def micrograd(count):
    from micrograd.engine import grad, hessian
    from micrograd.engine.jit import jit

    def derivatives(x):
        y = rosenbrock(x)
        return grad(y, x), hessian(y, x)

    compiled, x = jit(derivatives), points(count)
    return lambda: compiled(x), numbers


def casadi(count):
    """Its C code, compiled by `cc`, called with buffers that it fills: the fastest way that it documents."""
    import casadi

    x = casadi.SX.sym("x", SIZE)
    second, first = casadi.hessian(rosenbrock([x[i] for i in range(SIZE)]), x)
    derivatives = casadi.Function("derivatives", [x], [first, casadi.densify(second)])
    if count > 1:
        derivatives = derivatives.map(count)
    with tempfile.TemporaryDirectory() as folder:
        code, library = Path(folder, "derivatives.c"), Path(folder, "derivatives.so")
        generator = casadi.CodeGenerator(code.name)
        generator.add(derivatives)
        generator.generate(f"{folder}/")
        subprocess.run(["cc", "-O3", "-march=native", "-shared", "-fPIC", "-o", library, code], check=True)
        compiled = casadi.external(derivatives.name(), str(library))
    x, result = points(count), (np.zeros((count, SIZE)), np.zeros((count, SIZE, SIZE)))
    buffer, trigger = compiled.buffer()
    buffer.set_arg(0, memoryview(x))
    for i, part in enumerate(result):
        buffer.set_res(i, memoryview(part))

    def call():
        trigger()
        return *result, x, buffer  # CasADi holds none of them

    return call, lambda held: numbers(held[:2])


PROGRAMS = {"micrograd": micrograd, "CasADi": casadi}
