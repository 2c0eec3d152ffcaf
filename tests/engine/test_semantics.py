"""What Values promise beyond their numbers: accumulation, order, depth, copies, threads, errors."""

import copy
import gc
import math
import pickle
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

from micrograd.engine import OPS, Op, Value, between, define, grad, topological_order
from micrograd.engine.table import lookup

DEEP = 1_000_000


def chain(length: int) -> tuple[Value, Value]:
    x = y = Value(1.0)
    for _ in range(length):
        y = y + 1.0
    return x, y


def alive() -> int:
    """How many Values there are."""
    return sum(type(each) is Value for each in gc.get_objects())


# What is kept


def test_a_value_is_what_the_classic_constructor_makes() -> None:
    a, b = Value(2), Value(3.0)
    node = Value(6.0, (a, b), "*")
    node.backward()
    assert (type(a.data), a.grad, b.grad, node._prev, node._op) == (float, 3.0, 2.0, (a, b), "*")
    assert Value(9.0, {b}, "**2")._prev == (b,)


FUNCTIONS = ["exp", "log", "sqrt", "tanh", "sigmoid", "sin", "cos"]


@pytest.mark.parametrize(
    ("program", "op", "operands"),
    [
        (lambda a, b: a, "", []),
        (lambda a, b: a + b, "+", [2.0, 3.0]),
        (lambda a, b: 1 + a, "+", [1.0, 2.0]),
        (lambda a, b: a * a, "*", [2.0, 2.0]),
        (lambda a, b: 4 * b, "*", [4.0, 3.0]),
        (lambda a, b: -a, "*", [2.0, -1.0]),
        (lambda a, b: a - b, "+", [2.0, -3.0]),
        (lambda a, b: a - 5, "+", [2.0, -5.0]),
        (lambda a, b: a / b, "*", [2.0, 1 / 3]),
        (lambda a, b: (a / b)._prev[1], "**-1", [3.0]),
        (lambda a, b: a / 4, "*", [2.0, 0.25]),
        (lambda a, b: a / 4.077568100087068, "*", [2.0, 1 / 4.077568100087068]),  # pow(4.07..., -1) is another number
        (lambda a, b: a**2, "**2", [2.0]),
        (lambda a, b: a**-0.5, "**-0.5", [2.0]),
        (lambda a, b: a ** (1 / 3), "**0.3333333333333333", [2.0]),
        (lambda a, b: a ** (2 / 3), "**0.6666666666666666", [2.0]),
        (lambda a, b: a**b, "**", [2.0, 3.0]),
        (lambda a, b: 2**b, "**", [2.0, 3.0]),
        (lambda a, b: a.relu(), "ReLU", [2.0]),
        (lambda a, b: a.maximum(1), "max", [2.0, 1.0]),
        (lambda a, b: a.minimum(b), "min", [2.0, 3.0]),
        (lambda a, b: abs(a), "abs", [2.0]),
        *[(lambda a, b, name=name: getattr(a, name)(), name, [2.0]) for name in FUNCTIONS],
    ],
)
def test_a_node_keeps_its_operation_and_operands_in_order(program, op, operands) -> None:
    node = program(Value(2.0), Value(3.0))
    assert (node._op, node.grad) == (op, 0.0)
    assert [operand.data for operand in node._prev] == operands


def test_data_compares_nodes_do_not() -> None:
    a, b = Value(1.0), Value(2.0)
    assert all([a < b, a <= 1, b > a, b >= 2, 3 > b])  # noqa: SIM300 - a number on the left
    assert not a > math.nan
    assert (max(a, b), min(a, b), sorted([b, a])) == (b, a, [a, b])
    assert a != Value(1.0)
    assert len({a, b, a}) == 2


@pytest.mark.parametrize("symbol", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("x", [1.0, 2.0, 3.0, math.nan])
def test_values_compare_as_their_numbers_do(symbol, x) -> None:
    compare = OPERATORS[symbol]
    assert {compare(Value(x), Value(2.0)), compare(Value(x), 2), compare(x, Value(2.0))} == {compare(x, 2.0)}


def test_a_value_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Value(1.0).gard = 0.0


def test_a_value_shows_its_number() -> None:
    v = Value(2.5)
    assert (repr(v), f"{v:.4f}", f"{v}", float(v)) == ("Value(data=2.5, grad=0.0)", "2.5000", repr(v), 2.5)


# Gradients


def test_leaves_accumulate_and_intermediates_do_not() -> None:
    a = Value(3.0)
    b = a * a
    c = b * 2
    for times in (1, 2, 3):
        c.backward()
        assert (a.grad, b.grad, c.grad) == (12.0 * times, 2.0, 1.0)


def test_a_second_backward_doubles_to_the_last_bit() -> None:
    a = Value(0.1)
    y = (a + 0.2) ** 3 + a.sin() * a / 0.3 + a.exp()  # several paths, whose parts round when they add up
    y.backward()
    once = a.grad
    y.backward()
    assert a.grad == 2 * once


def test_two_losses_share_a_subgraph() -> None:
    a = Value(2.0)
    shared = a * a
    (shared * 3).backward()
    (shared + a).backward()
    assert a.grad == 12.0 + 5.0


def test_backward_on_a_leaf_is_one_each_time() -> None:
    a = Value(2.0)
    a.backward()
    a.backward()
    assert a.grad == 2.0


@pytest.mark.parametrize("kept", [10.0, -10.0, -1.0, math.inf])
def test_leaves_keep_the_gradient_they_had_before(kept) -> None:
    a = Value(2.0)
    a.grad = kept
    (a * 3).backward()
    assert a.grad == kept + 3.0


# Depth


def test_a_chain_of_a_million_builds_differentiates_prints_and_is_freed() -> None:
    x, y = chain(DEEP)
    y.backward()
    assert (y.data, x.grad) == (DEEP + 1.0, 1.0)
    assert repr(y) == f"Value(data={DEEP + 1.0}, grad=1.0)"
    assert grad(y, x).data == 1.0
    before = alive()
    del y
    assert before - alive() == 2 * DEEP  # the nodes and the ones, at once and without the collector


def test_a_sum_of_a_million_terms() -> None:
    terms = [Value(1.0) for _ in range(DEEP)]
    total = sum(terms)
    total.backward()
    assert total.data == DEEP
    assert all(term.grad == 1.0 for term in terms)


def test_no_reference_cycles() -> None:
    gc.collect()
    gc.disable()
    try:
        x = Value(2.0)
        y = (x * x + x.tanh() / 3).relu() ** x
        y.backward()
        grad(y, x)
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()


# Order


PROGRAM = """
import random
from micrograd.engine import Value
random.seed(7)
xs = [Value(random.uniform(-1, 1)) for _ in range(50)]
ys = [sum((random.choice(xs) * random.choice(xs) for _ in range(9)), Value(0)).tanh() for _ in range(50)]
sum(a * b for a in ys for b in ys).backward()
print([x.grad.hex() for x in xs])
"""


def test_the_same_program_gives_the_same_bits_in_every_run() -> None:
    runs = {subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True).stdout for _ in range(3)}
    assert len(runs) == 1


def test_operands_come_before_results_in_argument_order() -> None:
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = c + a
    assert topological_order(d + c)[:4] == [a, b, c, d]


# Copies


def build() -> tuple[Value, Value, Value]:
    a = Value(3.0)
    b = (a * a).tanh() ** 2.5 + 2**a
    c = b * a
    c.backward()
    return a, b, c


@pytest.mark.parametrize("copier", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))], ids=["deepcopy", "pickle"])
def test_copied_graphs_are_equal_and_apart(copier) -> None:
    a, _, c = build()
    twin = copier(c)
    ours, theirs = topological_order(c), topological_order(twin)
    assert [(n.data, n.grad, n._op) for n in ours] == [(n.data, n.grad, n._op) for n in theirs]
    assert not set(ours) & set(theirs)
    kept = a.grad
    twin.backward()
    assert a.grad == kept
    assert theirs[0].grad == 2 * kept


@pytest.mark.parametrize("copier", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))], ids=["deepcopy", "pickle"])
def test_copied_together_graphs_keep_sharing_their_leaves(copier) -> None:
    a, _, c = build()
    c2, a2, d2 = copier((c, a, a * 2))
    assert topological_order(c2)[0] is a2 is d2._prev[0]


def test_deepcopy_keeps_shared_intermediates_shared() -> None:
    _, b, c = build()
    b2, c2 = copy.deepcopy([b, c])
    assert c2._prev[0] is b2


def test_a_shallow_copy_shares_its_operands() -> None:
    a, _, c = build()
    twin = copy.copy(c)
    assert twin is not c
    assert (twin._prev, twin._op, twin.data, twin.grad) == (c._prev, c._op, c.data, c.grad)
    assert copy.copy(a).grad == a.grad


@pytest.mark.parametrize("copier", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))], ids=["deepcopy", "pickle"])
def test_a_deep_chain_is_copied(copier) -> None:
    _, y = chain(100_000)
    twin = copier(y)
    twin.backward()
    assert topological_order(twin)[0].grad == 1.0


# Threads


def test_threads_build_and_differentiate_graphs_at_once() -> None:
    def work(seed: int) -> list[float]:
        rng = random.Random(seed)
        xs = [Value(rng.uniform(-1, 1)) for _ in range(20)]
        for _ in range(20):
            out = sum((rng.choice(xs) * rng.choice(xs) ** rng.uniform(1, 3) for _ in range(100)), Value(0)).tanh()
            out.backward()
        return [x.grad for x in xs]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(work, range(16)))
    assert repr(together) == repr([work(seed) for seed in range(16)])


# NumPy on either side


@pytest.mark.parametrize(
    "number", [np.float64(2), np.float32(2), np.int64(2), Fraction(2), 2], ids=lambda n: type(n).__name__
)
def test_real_numbers_of_any_type_are_welcome(number) -> None:
    v = Value(number)
    assert type(v.data) is float
    for result, expected in [
        (v + number, 4), (number + v, 4), (v - number, 0), (number - v, 0), (v * number, 4), (number * v, 4),
        (v / number, 1), (number / v, 1), (v**number, 4), (number**v, 4), (v.maximum(number), 2),
    ]:  # fmt: skip
        assert type(result) is Value
        assert result.data == expected
    assert all([v <= number, v >= number, number <= v, not v < number, not number < v])


def test_arrays_of_values_work_elementwise() -> None:
    values = np.array([Value(1.0), Value(4.0)], dtype=object)
    v = Value(2.0)
    for result, expected in [
        (values * v, [2, 8]), (v * values, [2, 8]), (v + values, [3, 6]), (values - v, [-1, 2]), (v - values, [1, -2]),
        (v / values, [2, 0.5]), (values / v, [0.5, 2]), (v**values, [2, 16]), (values**v, [1, 16]),
        (values**2, [1, 16]), (np.exp(np.log(values)), [1, 4]), (np.sqrt(values), [1, 2]), (np.abs(-values), [1, 4]),
        (np.ones(2) * v, [2, 2]), (v * np.arange(2), [0, 2]), (v / np.arange(1, 3), [2, 1]), (v - np.ones(2), [1, 1]),
    ]:  # fmt: skip
        assert [x.data for x in result] == pytest.approx(expected)
    (values @ values).backward()
    assert [x.grad for x in values] == [2.0, 8.0]


# Errors


@pytest.mark.parametrize("bad", ["3", None, [1], (1,), {}, 1j, b"1", np.array([1.0, 2.0])])
def test_only_a_real_number_makes_a_value(bad) -> None:
    with pytest.raises(TypeError, match=r"Value takes .*real numbers.*, got .*\(" + type(bad).__name__):
        Value(bad)


OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@pytest.mark.parametrize("bad", ["x", None, [1], 1j])
@pytest.mark.parametrize("symbol", OPERATORS)
def test_operators_say_what_they_take(symbol, bad) -> None:
    for seen, call in [
        (symbol, lambda: OPERATORS[symbol](Value(2.0), bad)),
        (MIRRORED.get(symbol, symbol), lambda: OPERATORS[symbol](bad, Value(2.0))),
    ]:
        with pytest.raises(
            TypeError, match=rf"^{re.escape(seen)} takes Values and real numbers .* got {re.escape(repr(bad))}"
        ):
            call()


class Stranger:
    pass


@pytest.mark.parametrize("symbol", OPERATORS)
def test_objects_of_other_types_are_left_to_python(symbol) -> None:
    for a, b in [(Value(2.0), Stranger()), (Stranger(), Value(2.0))]:
        with pytest.raises(TypeError, match=f"'{type(a).__name__}' and '{type(b).__name__}'"):
            OPERATORS[symbol](a, b)


@pytest.mark.parametrize("bad", ["x", None, Stranger()])
def test_maximum_says_what_it_takes(bad) -> None:
    with pytest.raises(TypeError, match="max takes Values and real numbers"):
        Value(1.0).maximum(bad)


@pytest.mark.parametrize("make", [Value, Value(1.0).__add__, Value(1.0).__pow__], ids=["Value", "+", "**"])
def test_an_int_too_large_for_a_float_is_refused(make) -> None:
    with pytest.raises(OverflowError, match=r"takes numbers up to 1\.8e308, got a larger int"):
        make(10**400)


def test_bad_operands_are_refused() -> None:
    with pytest.raises(TypeError, match="operands of a Value are Values, got 3"):
        Value(1.0, (3,), "+")
    with pytest.raises(ValueError, match="at most two operands, got 3"):
        Value(1.0, [Value(1.0)] * 3, "+")


def test_an_unknown_operation_is_refused_and_nothing_has_changed() -> None:
    a = Value(2.0)
    b = a * 3
    b.backward()
    odd = Value(7.0, (b,), "odd")
    assert (odd._op, odd._prev) == ("odd", (b,))
    for call in (lambda: (odd + a).backward(), lambda: grad(odd + a, a)):
        with pytest.raises(NotImplementedError, match=r"operation 'odd' has no derivative; .*define\('odd'"):
            call()
    assert (a.grad, b.grad) == (3.0, 1.0)
    with pytest.raises(NotImplementedError):
        lookup("odd").vjp(1.0, 7.0, 6.0)


def test_a_row_gives_one_gradient_for_each_operand() -> None:
    product = Op("product", lambda a, b: a * b, lambda g, out, a, b: (g * b,))(Value(2.0), Value(3.0))
    for call in (product.backward, lambda: grad(product, product._prev)):
        with pytest.raises(ValueError, match=r"must return 2 gradients|not enough values"):
            call()


def test_one_row_makes_an_operation() -> None:
    exp = OPS["exp"]
    softplus = define("softplus", lambda a: math.log1p(exp(a)), lambda g, out, a: (g * (1.0 - exp(-out)),))
    x = Value(0.5)
    y = softplus(x * 2)
    y.backward()
    assert y._op == "softplus"
    assert x.grad == pytest.approx(2 / (1 + math.exp(-1)))
    assert grad(grad(y, x), x).data == pytest.approx(4 * 0.19661193324148185)
    assert pickle.loads(pickle.dumps(y)).data == softplus(1.0) == y.data
    for taken in ("softplus", "+", "**2", ""):
        with pytest.raises(ValueError, match=re.escape(f"cannot define operation {taken!r}")):
            define(taken, math.exp, lambda g, out, a: (g,))
    with pytest.raises(TypeError, match=r"softplus takes Values and real numbers .* got 'x'"):
        softplus("x")


@pytest.mark.parametrize("row", ["max", "gate", "/", "**"])
def test_a_subclass_with_a_way_of_its_own_to_record_is_asked_in_either_place(row):
    class Counted(Value):
        recorded = 0

        @classmethod
        def _record(cls, rule, *operands):
            cls.recorded += 1
            return Value._record(rule, *operands)

    OPS[row](Value(1.0), Counted(2.0))
    OPS[row](Counted(2.0), Value(1.0))
    assert Counted.recorded == 2


@pytest.mark.parametrize(("start", "end"), [("a", Value(1.0)), (1.0, Value(1.0)), (Value(1.0), 2.0)])
def test_between_takes_values(start, end):
    with pytest.raises(TypeError, match="between takes Values, got"):
        between([start], end)
