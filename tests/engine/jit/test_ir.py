"""Small functions that are written, compiled and called."""

import ctypes
import math
import struct

import numpy as np
import pytest

from micrograd.engine.jit.ir import DOUBLE, INTEGER, POINTER, Function, Module, lane_sums, shuffle, where
from micrograd.engine.jit.machine import Machine


def compiled(body, arity):
    """A function of whole numbers as machine code; `body` is given its function and its arguments."""
    module = Module(width=4)
    f = Function(module, "f", {f"n{i}": INTEGER for i in range(arity)}, INTEGER)
    body(f, *f.arguments)
    machine = Machine([str(module)], module.tables)
    return lambda *numbers: machine.function("f", [INTEGER] * arity)(*numbers)


def nested(f, rows, columns):
    total = [f.constant(0, INTEGER)]
    with f.loop(0, rows, carried=total) as i, f.loop(0, columns, 2, carried=total) as j:
        total[0] = total[0] + i * 10 + j
    f.ret(total[0])


def fibonacci(f, n):
    pair = [f.constant(0, INTEGER), f.constant(1, INTEGER)]
    with f.loop(0, n, carried=pair):
        pair[:] = pair[1], pair[0] + pair[1]
    f.ret(pair[0])


def strips(f, n):
    """Threes, then ones: the index goes on where it stopped."""
    count = [f.constant(0, INTEGER)]
    with f.loop(0, n - 2, 3, carried=count) as i:
        count[0] = count[0] + 100
    with f.loop(i, n, carried=count):
        count[0] = count[0] + 1
    f.ret(count[0])


def root(f, n):
    """The first number whose square is not below n; it leaves the loop where it finds it."""
    with f.loop(0, 1000) as i, f.when(i * i >= n):
        f.ret(i)
    f.ret(f.constant(-1, INTEGER))


def at_most_100(f, n):
    """A loop whose body has branches."""
    kept = [n]
    with f.loop(0, 3, carried=kept):
        with f.when(kept[0] < 0):
            f.ret(0 - kept[0])
        kept[0] = where(kept[0] > 100, 100, kept[0])
    f.ret(kept[0])


def lanes_below(f, n):
    """The sum of those lanes of 0, 1, 2, 3 that are below n."""
    numbers = f.lanes(range(4))
    kept = where(numbers < n.broadcast(), numbers.cast("sitofp", "double"), -0.0)
    f.ret(kept.sum().cast("fptosi", "i64"))


RESULTS = [
    (nested, {(0, 5): 0, (5, 0): 0, (1, 1): 0, (3, 5): 108, (4, 4): 128}),
    (fibonacci, {(0,): 0, (1,): 1, (2,): 1, (10,): 55}),
    (strips, {(0,): 0, (2,): 2, (3,): 100, (8,): 202, (9,): 300}),
    (root, {(0,): 0, (5,): 3, (9,): 3, (10**6,): -1}),
    (at_most_100, {(2,): 2, (200,): 100, (-7,): 7}),
    (lanes_below, {(-1,): 0, (0,): 0, (2,): 1, (3,): 3, (4,): 6, (9,): 6}),
]


@pytest.mark.parametrize(("body", "results"), RESULTS, ids=[body.__name__ for body, _ in RESULTS])
def test_loops_and_conditions(body, results):
    f = compiled(body, len(next(iter(results))))
    assert {numbers: f(*numbers) for numbers in results} == results


@pytest.mark.parametrize("number", [0.0, -0.0, 1.5, math.pi, -math.inf, 5e-324])
def test_constants_keep_their_bits(number):
    f = compiled(lambda f: f.ret(f.constant(number, DOUBLE).bits()), 0)
    assert struct.pack("q", f()) == struct.pack("d", number)


@pytest.mark.parametrize("number", [0, -1, 2**63, -(2**63), 2**64 - 1, 2**64 + 7])
def test_whole_numbers_are_those_modulo_two_to_the_64(number):
    f = compiled(lambda f: f.ret(f.constant(number, INTEGER)), 0)
    assert (f() - number) % 2**64 == 0


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_a_module_may_be_compiled_in_parts(size):
    module = Module(width=4)
    taken = {"n": INTEGER, "result": POINTER}
    f = Function(module, "f", taken)  # written before those that it calls
    n, result = f.arguments
    numbers, functions = f.table("numbers", [3, 5]), f.functions("functions", ["fourth", "square"])
    for i in range(2):
        f.run(functions.at(i).load(POINTER), n + numbers.at(i).load(INTEGER), result.at(i))
    fourth = Function(module, "fourth", taken)
    n, result = fourth.arguments
    fourth.run("square", n, result)
    fourth.run("square", result.load(INTEGER), result)
    square = Function(module, "square", taken)
    n, result = square.arguments
    result.store(n * n)
    results = (ctypes.c_int64 * 2)()
    machine = Machine(module.parts(size), module.tables)
    machine.function("f", taken.values())(2, ctypes.addressof(results))
    assert list(results) == [5**4, 7**2]


def on_vectors(width, count, body):
    """What `body` makes of vectors with the squares of whole numbers, side by side in memory: they, and the result."""
    module = Module(width)
    f = Function(module, "f", {"numbers": POINTER, "result": POINTER})
    numbers, result = f.arguments
    result.store(body([numbers.at(i * width).load(f.vector) for i in range(count)]))
    memory, found = np.arange(width * count, dtype=float) ** 2, np.full(16, -1.0)
    machine = Machine([str(module)], module.tables)
    machine.function("f", [POINTER] * 2)(memory.ctypes.data, found.ctypes.data)
    return memory.reshape(count, width), found[found >= 0].tolist()


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_lanes_of_several_vectors_are_added_up_together(width):
    for count in (1, 2, 4, 8):
        if count <= width:
            vectors, sums = on_vectors(width, count, lane_sums)
            assert sums == vectors.sum(axis=1).tolist()


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("length", [1, 2, 4, 8])
def test_lanes_of_two_vectors_in_any_order(width, length):
    for lanes in ([(5 * i + 1) % (2 * width) for i in range(length)], [2 * width - 1] * length, [0] * length):
        vectors, shuffled = on_vectors(width, 2, lambda pair, lanes=lanes: shuffle(*pair, lanes))
        assert shuffled == vectors.ravel()[lanes].tolist()
