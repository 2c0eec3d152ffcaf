"""Code that is cut where patterns begin, and compiled once for all that is equal: the same numbers as without."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import Value, draw, grad, take
from micrograd.engine.jit import jit, lower
from micrograd.engine.jit.arguments import read_arguments
from micrograd.engine.jit.cuts import APART, LEAST, cut
from micrograd.engine.jit.kernel import Kernel
from micrograd.engine.jit.machine import vector_width
from micrograd.engine.jit.program import Instruction, Program
from micrograd.engine.jit.trace import trace

RNG = np.random.default_rng(23)
W = [Value(number) for number in RNG.uniform(-0.9, 0.9, size=12).tolist()]
TABLE = [Value(number) for number in RNG.normal(size=12).tolist()]
MATRIX = [[Value(number) for number in row] for row in RNG.normal(size=(8, 12)).tolist()]
BATCHES = [1, 2, 3, 8, 77, 600]  # the last is more than one block of samples at every width
X = RNG.uniform(-1.0, 1.0, size=(max(BATCHES), 6))
X[:, 5] = RNG.integers(12, size=len(X))  # a place in the table


# How lists of registers are cut.


@st.composite
def programs(draw_):
    """A block of instructions again and again, with an odd one here and there; and some of its registers in lists."""
    step = st.tuples(st.sampled_from(["+", "*", "neg", "exp"]), st.integers(1, 40), st.integers(1, 40))
    block = draw_(st.lists(step, min_size=1, max_size=40))
    steps = block * draw_(st.integers(0, 25))
    for place in draw_(st.lists(st.integers(0, 999), max_size=3)):
        steps.insert(place, draw_(step))
    code = [Instruction("input"), Instruction("leaf"), Instruction("const", (), -0.0)]
    for op, i, j in steps:
        args = (max(len(code) - i, 0), max(len(code) - j, 0))
        code.append(Instruction(op, args if op in "+*" else args[:1]))
    ends = sorted(draw_(st.lists(st.integers(3, len(code)), max_size=5)))
    gaps = [list(range(a, b)) for a, b in zip([3, *ends], [*ends, len(code)], strict=True)]
    return Program(code, [i % 7 > 0 for i in range(len(code))], [], [], [], len(code)), gaps


@pytest.mark.parametrize("repeats", [True, False, None])
@settings(max_examples=60, deadline=None)
@given(programs(), st.sampled_from([1, 7, LEAST - 1, LEAST, 60, 500]))
def test_the_pieces_of_a_list_are_the_list(repeats, made, most):
    program, gaps = made
    pieces = cut(program, gaps, most, repeats=repeats)
    assert [[register for piece in some for register in piece] for some in pieces] == gaps
    assert all(0 < len(piece) <= most for some in pieces for piece in some)


@settings(max_examples=60, deadline=None)
@given(programs(), st.sampled_from([60, 500]))
def test_by_default_code_is_cut_in_one_of_both_ways(made, most):
    program, gaps = made
    assert cut(program, gaps, most) in [cut(program, gaps, most, repeats=repeats) for repeats in (True, False)]


def logistic(count):
    def f(x):
        state = x[0]
        for _ in range(count):
            state = W[0] * state * (1.0 - state)
        return state

    return f


def recurrence(count):
    """An exact one of about twenty instructions a step."""

    def f(x):
        state = x[:3]
        for _ in range(count):
            state = step(state, x)
        return sum(state)

    return f


def squashed(v):
    return v / (1.0 + abs(v))


def step(state, x, *, first=W[0], shift=0.25, zero=0.0, power=2.0):
    a, b, c = state
    a = squashed(first * a + W[1] * b + shift)
    b = squashed(W[2] * b + c * zero - c**power)
    return [a, b, squashed(W[3] * c * x[3] + a)]


@pytest.mark.parametrize("made", [logistic, recurrence])
@pytest.mark.parametrize("gradient", [False, True])
def test_twice_as_many_steps_are_no_more_functions(made, gradient):
    counts = []
    for count in (200, 400):
        f = jit(made(count))
        f.backward(X[:8]) if gradient else f(X[:8])
        assert f.stats.instructions > 3 * count
        counts.append(f.stats.functions)
    assert counts[0] == counts[1]


# Cut one way and the other.


def gru(x):
    state = [0.1 * v for v in x[:3]]
    for t in range(5):
        z, r = ([(W[i] * v + W[i + 1] * x[t] + W[i + 2]).sigmoid() for v in state] for i in (0, 3))
        new = [(W[6] * a * b + W[7] * x[t] + W[8]).tanh() for a, b in zip(r, state, strict=True)]
        state = [(1.0 - g) * a + g * b for g, a, b in zip(z, state, new, strict=True)]
    return sum(state)


def lstm(x):
    hidden, cell = x[:3], x[3:]
    for t in range(5):
        i, f, g, o = ([W[k] * h + W[k + 4] * x[t] + W[8] for h in hidden] for k in range(4))
        cell = [a.sigmoid() * b.tanh() + d.sigmoid() * c for a, b, d, c in zip(i, g, f, cell, strict=True)]
        hidden = [a.sigmoid() * c.tanh() for a, c in zip(o, cell, strict=True)]
    return sum(hidden)


def pendulum(x):
    """By the method of Runge and Kutta of fourth order."""
    state = x[:2]

    def slope(angle, speed):
        return speed, W[0] * angle.sin() - W[1] * speed

    def moved(k, by):
        return [s + by * v for s, v in zip(state, k, strict=True)]

    for _ in range(6):
        k1 = slope(*state)
        k2 = slope(*moved(k1, 0.05))
        k3 = slope(*moved(k2, 0.05))
        k4 = slope(*moved(k3, 0.1))
        state = [s + 0.1 / 6 * (a + 2 * b + 2 * c + d) for s, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True)]
    return state[0] + state[1]


def with_layers(x):
    """Steps with a layer in each: straight code is what lies between."""
    state = [0.1 * v for v in x] * 2
    for t in range(5):
        sums = [sum(w * v for w, v in zip(row, state, strict=False)) for row in MATRIX]
        state = [(v + x[t]).tanh() * v.sigmoid() for v in sums]
    return sum(state)


def nearly(**odd):
    """Equal steps, but for one."""

    def f(x):
        state = x[:3]
        for t in range(9):
            state = step(state, x, **odd if t == 5 else {})
        return sum(state)

    return f


def odd_exponent(x):
    state = abs(x[0])
    for t in range(30):
        state = squashed(abs(W[0] * state + x[1]) ** (1.5 if t != 17 else -1.5) + 0.1)
    return state


def read_from_outside(x):
    """One of the first numbers is read by a late step, and by the result."""
    early = squashed(x[0] * x[1])
    state = x[:3]
    for t in range(9):
        state = step(state, x)
        if t == 6:
            state[1] = state[1] * early
    return sum(state) + early


def read_between(x):
    """What is within one of the equal steps is read much later."""
    states = [x[:3]]
    for _ in range(9):
        states.append(step(states[-1], x))
    return sum(states[-1]) * states[4][1]


def of_different_depths(x):
    state = x[:3]
    for t in range(9):
        state = step(state, x)
        for _ in range(t % 4):
            state[0] = squashed(state[0] + W[4])
    return sum(state)


def with_draws(x):
    state = x[:3]
    for _ in range(9):
        state = step(state, x)
        state[2] = state[2] + 0.1 * draw()
    return sum(state)


def looked_up(x):
    state = x[:3]
    for t in range(9):
        state = step(state, x)
        if t % 3 == 0:
            state[0] = state[0] * take(TABLE, x[5])
    return sum(state)


def regularised(x):
    """The means have parts that are the same for all samples, and these are steps, too."""
    return recurrence(9)(x) + sum(step([W[5], W[6], W[7]], W)) + 0.01 * sum(w * w for w in W)


def of_leaves(x):
    """All but the last step is the same for all samples."""
    return recurrence(9)(W) * x[0]


def of_both(x):
    return recurrence(9)(W) * recurrence(9)(x)


def results_of_every_step(x):
    state, seen = x[:3], []
    for _ in range(9):
        state = step(state, x)
        seen += [state[0], state[2], -0.0, x[1]]
    return seen


def gradient_of_a_gradient(x):
    return sum(g * g for g in grad(recurrence(4)(x), x[:3]))


EXACT = {  # but for means
    "logistic": logistic(60),
    "recurrence": recurrence(9),
    "odd weight": nearly(first=W[9]),
    "odd constant": nearly(shift=0.26),
    "odd zero": nearly(zero=-0.0),
    "odd power": nearly(power=3.0),
    **{
        f.__name__: f
        for f in (
            *(read_from_outside, read_between, of_different_depths, looked_up, regularised, of_leaves, of_both),
            *(results_of_every_step, gradient_of_a_gradient),
        )
    },
}
ROUNDED = {f.__name__: f for f in (gru, lstm, pendulum, with_layers, odd_exponent)}
DRAWN = {"draws": with_draws}
SHAPES = [(1, 7), (2, 500), (4, 1), (8, 60)]


def kernels(f, width, most):
    """Code that is cut where patterns begin, and code that is not."""
    call, _, _ = read_arguments([X[:1]])
    graph = trace(f, call)
    return [Kernel(graph, graph.structure == (), width, most, repeats=repeats) for repeats in (True, False)]


def eager(f, rows):
    """The results of `f`, and the gradient of their mean with respect to the leaves of the kernels."""
    return np.array([np.array([v.data if isinstance(v, Value) else v for v in listed(f, row)]) for row in rows]).T


def listed(f, row):
    out = f([Value(number) for number in row.tolist()])
    return out if isinstance(out, list) else [out]


def gradient(f, leaves, rows):
    """With respect to leaves, of the mean."""
    found = np.zeros(len(leaves))
    for row in rows:
        (out,) = listed(f, row)
        found += [g.data for g in grad(out, leaves)]
    return found / len(rows)


@pytest.mark.parametrize(("width", "most"), SHAPES, ids=str)
@pytest.mark.parametrize("name", [*EXACT, *ROUNDED, *DRAWN])
def test_the_numbers_do_not_depend_on_the_cuts(name, width, most):
    f = {**EXACT, **ROUNDED, **DRAWN}[name]
    one, other = kernels(f, width, most)
    for batch in BATCHES:
        found, expected = ([part.tobytes() for part in kernel([X[:batch]], batch, seed=5)] for kernel in (one, other))
        assert found == expected
    if name in DRAWN:
        return
    outputs, means = one([X[:5]], 5)
    if name in EXACT:
        assert outputs.tobytes() == eager(f, X[:5]).tobytes()
    else:
        np.testing.assert_allclose(outputs, eager(f, X[:5]), rtol=1e-11)
    if len(means):
        np.testing.assert_allclose(means, gradient(f, one.leaves, X[:5]), rtol=1e-11, atol=1e-13)


@st.composite
def repeated(draw_):
    """A block of operations, how often it comes, and what each round reads of earlier rounds."""
    step = st.tuples(st.sampled_from(["+", "*", "-", "squashed", "max", "relu", "square"]), *[st.integers(1, 12)] * 2)
    block = draw_(st.lists(step, min_size=3, max_size=25))
    return block, draw_(st.lists(st.integers(0, 60), min_size=2, max_size=14))


def rounds(block, connections):
    """The sum of the results of all rounds. Each begins with one of the results so far, near or far."""

    def f(x):
        results = [*W[:6], *x[:5], x[0] - x[1]]
        total = x[0]
        for connection in connections:
            results.append(squashed(results[-1] + results[connection % len(results)]))
            for name, i, j in block:
                results.append(BLOCK[name](results[-i], results[-j]))
            total = total + squashed(results[-1])
        return total

    return f


BLOCK = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: squashed(a) * b,
    "-": lambda a, b: a - b,
    "squashed": lambda a, b: squashed(a),
    "max": lambda a, b: a.maximum(b),
    "relu": lambda a, b: a.relu() + b,
    "square": lambda a, b: squashed(a) ** 2,
}


@settings(max_examples=25, deadline=None)
@given(repeated(), st.sampled_from([1, 2, 4, 8]), st.sampled_from([1, 7, 60, 500]))
def test_random_blocks_again_and_again(made, width, most):
    f = rounds(*made)
    one, other = kernels(f, width, most)
    for batch in (3, 77):
        found, expected = ([part.tobytes() for part in kernel([X[:batch]], batch)] for kernel in (one, other))
        assert found == expected
    outputs, _ = one([X[:3]], 3)
    assert outputs.tobytes() == eager(f, X[:3]).tobytes()


# Beside eager, at every size where something else begins.

EDGES = [LEAST, APART, 2 * APART, lower.CUT, 2 * lower.CUT]
SIZES = [1, 2, *(edge + by for edge in EDGES for by in (-1, 0, 1))]


def of_size(count):
    """A recurrence of so many instructions, which repeats after four."""

    def f(x):
        state = x[0]
        for k in range(count):
            state = (Value.__mul__, Value.__add__, Value.maximum, Value.minimum)[k % 4](state, x[1 + k % 4])
        return state

    return f


@pytest.mark.parametrize("size", SIZES)
def test_recurrences_of_every_size(size):
    f = of_size(size)
    expected = eager(f, X[:9]).tobytes()
    for kernel in (*kernels(f, 4, lower.CUT), kernels(f, 2, 60)[0]):
        assert sum(instruction.args != () for instruction in kernel.program.code) == size
        outputs, _ = kernel([X[:9]], 9)
        assert outputs.tobytes() == expected
    assert jit(f)(X[:9]).tobytes() == expected


@pytest.mark.parametrize("size", [LEAST - 1, LEAST, LEAST + 1, APART + 1, lower.CUT, lower.CUT + 1])
def test_gradients_of_gradients_through_recurrences(size):
    """Of the sum of squares of a gradient, the gradient: eager and compiled, to the bit for each sample."""

    def f(x):
        first = grad(of_size(size // 4)(x), x[:5])
        second = grad(sum(g * g for g in first), x[:5])
        return [*first, *second]

    expected = eager(f, X[:9]).tobytes()
    for kernel in kernels(f, 4, 60):
        outputs, _ = kernel([X[:9]], 9)
        assert outputs.tobytes() == expected
    assert jit(f)(X[:9]).T.tobytes() == expected


# Whoever comes first, and however large a block is.


@pytest.mark.parametrize(
    "name", ["recurrence", "of_both", "regularised", "looked_up", "results_of_every_step", *ROUNDED]
)
def test_a_call_of_one_sample_and_one_of_many_may_come_first(name):
    """Code for a few samples has narrow vectors if it is the first."""
    f = {**EXACT, **ROUNDED}[name]
    found = []
    for sizes in ((1, 2, 77), (77, 2, 1)):
        compiled = jit(f)
        calls = [compiled] if name == "results_of_every_step" else [compiled, compiled.value_and_grad]
        found.append({size: [b"".join(map(bytes, call(X[:size]))) for call in calls] for size in sizes})
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["recurrence", "lstm", "with_layers", "results_of_every_step"])
def test_blocks_of_every_size(monkeypatch, name):
    """Programs with much scratch memory run in smaller blocks; here it is the cache that is small."""
    f, rows, width = {**EXACT, **ROUNDED}[name], np.tile(X, (2, 1))[:1000], vector_width()
    found, memory = [], []
    for _ in lower.BLOCKS:
        kernel = kernels(f, width, 60)[0]
        memory.append(kernel._memory(width)._working[1].size)
        found.append(kernel([rows], 1000))
        monkeypatch.setattr(lower, "CACHE", memory[-1] - 1)
    assert [size * lower.BLOCKS[-1] for size in memory] == [memory[-1] * block for block in lower.BLOCKS]
    for outputs, means in found:
        assert outputs.tobytes() == found[0][0].tobytes()
        if kernel.stats.layers:  # they add up the lanes once a block
            np.testing.assert_allclose(means, found[0][1], rtol=1e-11)
        else:
            assert means.tobytes() == found[0][1].tobytes()
