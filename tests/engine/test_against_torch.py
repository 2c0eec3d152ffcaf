"""Every operation of the table against torch.float64: value, gradient and second gradient, everywhere."""

import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from micrograd.engine import OPS, Value, atan2, grad, logsumexp, topological_order, where

inf, nan = math.inf, math.nan
TABLE = set(OPS)


def subnormal(x: float) -> bool:
    return 0 < abs(x) < 2.3e-308


def huge(x: float) -> bool:
    return 1e300 < abs(x) < inf


def torch_grad(out: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return torch.autograd.grad(out, x, create_graph=True)[0]


class Operation(NamedTuple):
    """How to write an operation in micrograd and in torch, and how far apart the two may be."""

    ours: Callable[..., Value]
    torch: Callable[..., torch.Tensor]
    arity: int
    ulps: int = 0  # units in the last place; 0 where both sides do the same arithmetic, so that the bits are equal
    absolute: float = 0.0
    except_at: Callable[..., bool] = lambda *point: False
    first_at: Callable[..., bool] = lambda *point: False  # where only the first derivatives are compared
    zeros: bool = True  # whether the zeros of second derivatives have torch's sign


OPERATIONS = {
    "a + b": Operation(lambda a, b: a + b, lambda a, b: a + b, 2),
    "a - b": Operation(lambda a, b: a - b, lambda a, b: a - b, 2),
    "a * b": Operation(lambda a, b: a * b, lambda a, b: a * b, 2),
    "a / b": Operation(
        lambda a, b: a / b,
        lambda a, b: a / b,
        2,
        ulps=4,  # a * b**-1 rounds twice
        except_at=lambda a, b: subnormal(a) or (math.isfinite(b) and b != 0 and not 1e-150 < abs(b) < 1e150),
    ),
    "a ** b": Operation(
        lambda a, b: a**b,
        lambda a, b: a**b,
        2,
        ulps=4,
        except_at=lambda a, b: subnormal(a),  # d²/dadb holds 1 / a, which is inf for the smallest numbers
    ),
    "max": Operation(lambda a, b: a.maximum(b), torch.maximum, 2),
    "min": Operation(lambda a, b: a.minimum(b), torch.minimum, 2),
    "-a": Operation(lambda a: -a, lambda a: -a, 1),
    "+a": Operation(lambda a: +a, lambda a: +a, 1),
    "a * a": Operation(lambda a: a * a, lambda a: a * a, 1),
    "a + 2": Operation(lambda a: a + 2, lambda a: a + 2, 1),
    "2 + a": Operation(lambda a: 2 + a, lambda a: 2 + a, 1),
    "2 - a": Operation(lambda a: 2 - a, lambda a: 2 - a, 1),
    "a - 2": Operation(lambda a: a - 2, lambda a: a - 2, 1),
    "2 * a": Operation(lambda a: 2 * a, lambda a: 2 * a, 1),
    "a / 3": Operation(lambda a: a / 3, lambda a: a / 3, 1, ulps=2),
    "a / 0": Operation(lambda a: a / 0, lambda a: a / 0, 1),
    "3 / a": Operation(lambda a: 3 / a, lambda a: 3 / a, 1, ulps=4),
    "2 ** a": Operation(lambda a: 2**a, lambda a: 2**a, 1, ulps=4),
    "0 ** a": Operation(lambda a: 0**a, lambda a: 0**a, 1, ulps=4),
    "abs": Operation(abs, abs, 1),
    "relu": Operation(Value.relu, torch.relu, 1),
    "exp": Operation(Value.exp, torch.exp, 1, ulps=2),
    "log": Operation(Value.log, torch.log, 1, ulps=3),
    "sqrt": Operation(Value.sqrt, torch.sqrt, 1, ulps=4),
    "tanh": Operation(Value.tanh, torch.tanh, 1, absolute=1e-15),  # 1 - tanh² cancels where tanh is near 1
    "sigmoid": Operation(Value.sigmoid, torch.sigmoid, 1, ulps=8),
    # torch takes log1p of subnormal numbers for 0.
    "log1p": Operation(Value.log1p, torch.log1p, 1, ulps=3, except_at=subnormal),
    "expm1": Operation(Value.expm1, torch.expm1, 1, ulps=3, absolute=1e-16),  # 1 + out cancels where out is near -1
    "erf": Operation(Value.erf, torch.erf, 1, ulps=3, first_at=huge),  # there torch has nan
    "asin": Operation(Value.asin, torch.asin, 1, ulps=3),
    "acos": Operation(Value.acos, torch.acos, 1, ulps=3),
    "atan": Operation(Value.atan, torch.atan, 1, ulps=3),
    "atan2": Operation(atan2, torch.atan2, 2, ulps=4, absolute=1e-15, zeros=False),
    "softplus": Operation(Value.softplus, torch.nn.functional.softplus, 1, ulps=8, absolute=1e-16),
    "logsumexp": Operation(
        lambda a, b: logsumexp([a, b]),
        lambda a, b: torch.logsumexp(torch.stack([a, b]), 0),
        2,
        absolute=1e-12,  # torch's gradient is exp(a - out), which loses digits where a is large
        except_at=lambda a, b: a == b and huge(a),
        first_at=lambda a, b: inf in (a, b),
        zeros=False,
    ),
    "detach": Operation(lambda a: a.detach() * a, lambda a: a.detach() * a, 1),
    "detach(log)": Operation(lambda a: a.log().detach() * a, lambda a: a.log().detach() * a, 1, ulps=3),
    "clamp": Operation(lambda a: a.clamp(-0.7, 1), lambda a: a.clamp(-0.7, 1), 1),
    "clamp from": Operation(lambda a: a.clamp(min=0), lambda a: a.clamp(min=0.0), 1),
    "clamp to": Operation(lambda a: a.clamp(max=-0.0), lambda a: a.clamp(max=-0.0), 1),
    "clamp from nan": Operation(lambda a: a.clamp(nan, 1), lambda a: a.clamp(nan, 1), 1),
    "clamp where the bounds cross": Operation(lambda a: a.clamp(1, -1), lambda a: a.clamp(1, -1), 1),
    "clamp(exp)": Operation(lambda a: a.exp().clamp(0, 2), lambda a: a.exp().clamp(0, 2), 1, ulps=3),
    "clamp from b": Operation(lambda a, b: a.clamp(b), lambda a, b: a.clamp(b), 2),
    "clamp to b": Operation(lambda a, b: a.clamp(max=b), lambda a, b: a.clamp(max=b), 2),
    "where": Operation(lambda a: where(a > 1, a.log(), a * a), lambda a: a.log() if a > 1 else a * a, 1, ulps=3),
    "sin": Operation(Value.sin, torch.sin, 1, ulps=2),
    "cos": Operation(Value.cos, torch.cos, 1, ulps=2),
    **{
        f"a ** {c}": Operation(lambda a, c=c: a**c, lambda a, c=c: a**c, 1, ulps=4)
        for c in (-3, -2, -1, -0.5, 0, 0.5, 1, 1 / 3, 2, 2.5, 3, 4)
    },
    # What is 0 or flat before what is steep: a 0 that is a gradient becomes nan there, no gradient at all does not.
    "relu(log)": Operation(lambda a: a.log().relu(), lambda a: a.log().relu(), 1, ulps=3),
    "relu(exp)": Operation(lambda a: a.exp().relu(), lambda a: a.exp().relu(), 1, ulps=3),
    "relu(sqrt)": Operation(lambda a: a.sqrt().relu(), lambda a: a.sqrt().relu(), 1, ulps=4),
    "abs(exp)": Operation(lambda a: abs(a.exp()), lambda a: abs(a.exp()), 1, ulps=3),
    "max(exp, 1)": Operation(
        lambda a: a.exp().maximum(1), lambda a: torch.maximum(a.exp(), torch.tensor(1.0)), 1, ulps=3
    ),
    "exp ** 0": Operation(lambda a: a.exp() ** 0, lambda a: a.exp() ** 0, 1),
    "log ** 0": Operation(lambda a: a.log() ** 0, lambda a: a.log() ** 0, 1),
    "exp ** 1": Operation(lambda a: a.exp() ** 1, lambda a: a.exp() ** 1, 1, ulps=3),
    "relu(a * b)": Operation(lambda a, b: (a * b).relu(), lambda a, b: (a * b).relu(), 2),
    "abs(a * b)": Operation(lambda a, b: abs(a * b), lambda a, b: abs(a * b), 2),
    "max(a * b, b)": Operation(lambda a, b: (a * b).maximum(b), lambda a, b: torch.maximum(a * b, b), 2),
    "min(a * b, 1 / b)": Operation(
        lambda a, b: (a * b).minimum(1 / b), lambda a, b: torch.minimum(a * b, 1 / b), 2, ulps=4
    ),
    "penalty of relu(exp)": Operation(
        lambda a: grad(a.exp().relu(), a) ** 2, lambda a: torch_grad(a.exp().relu(), a) ** 2, 1, ulps=8
    ),
}
ORDINARY = [0.3, -0.7, 1.0, -1.0, 2.0, -3.5, 7.25]
EDGES = [0.0, -0.0, inf, -inf, nan, 1e308, -1e308, 5e-324, -5e-324, 1e-310, 800.0]


def torch_leaf(x: float) -> torch.Tensor:
    return torch.tensor(x, dtype=torch.float64, requires_grad=True)


def ours(f: Callable[..., Value], point: tuple[float, ...]) -> dict[str, float]:
    leaves = [Value(x) for x in point]
    out = f(*leaves)
    first = grad(out, leaves)
    out.backward()
    found = {"value": out.data}
    for i, x in enumerate(leaves):
        found[f"d{i}"] = first[i].data
        found[f"backward d{i}"] = x.grad
    for i in range(len(leaves)):
        second = grad(first[i], leaves)
        for leaf in leaves:
            leaf.grad = 0.0
        first[i].backward()
        for j, y in enumerate(leaves):
            found[f"d{i}d{j}"] = second[j].data
            found[f"backward d{i}d{j}"] = y.grad
    return found


def torchs(f: Callable[..., torch.Tensor], point: tuple[float, ...]) -> dict[str, float]:
    leaves = [torch_leaf(x) for x in point]
    out = f(*leaves)
    first = torch.autograd.grad(out, leaves, create_graph=True)
    found = {"value": out.item()}
    for i, g in enumerate(first):
        found[f"d{i}"] = found[f"backward d{i}"] = g.item()
        constant = not g.requires_grad
        seconds = (
            [None] * len(leaves) if constant else torch.autograd.grad(g, leaves, retain_graph=True, allow_unused=True)
        )
        for j, second in enumerate(seconds):
            found[f"d{i}d{j}"] = found[f"backward d{i}d{j}"] = 0.0 if second is None else second.item()
    return found


def same(a: float, b: float, op: Operation, signed: bool = True) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return math.copysign(1.0, a) == math.copysign(1.0, b) or (a == 0 and not signed)
    tolerance = op.absolute + op.ulps * max(math.ulp(a), math.ulp(b))
    return math.isfinite(a) and math.isfinite(b) and abs(a - b) <= tolerance


def points(op: Operation) -> list[tuple[float, ...]]:
    return [point for point in itertools.product(ORDINARY + EDGES, repeat=op.arity) if not op.except_at(*point)]


@pytest.mark.parametrize("name", OPERATIONS)
def test_value_gradient_and_second_gradient_are_torchs(name: str) -> None:
    op = OPERATIONS[name]
    different = []
    for point in points(op):
        expected = torchs(op.torch, point)
        for what, found in ours(op.ours, point).items():
            second = what.removeprefix("backward ").count("d") == 2
            if second and op.first_at(*point):
                continue
            if not same(found, expected[what], op, signed=op.zeros or not second):
                different.append((point, what, found, expected[what]))
    assert different == []


@pytest.mark.parametrize("upstream", [-1.0, inf, -inf, nan])
@pytest.mark.parametrize("name", OPERATIONS)
def test_any_gradient_is_handed_on_as_torch_does(name: str, upstream: float) -> None:
    op = OPERATIONS[name]
    different = []
    for point in points(op):
        expected = torchs(lambda *xs: op.torch(*xs) * upstream, point)
        found = ours(lambda *xs: op.ours(*xs) * upstream, point)
        for what in [f"{how}d{i}" for how in ("", "backward ") for i in range(op.arity)]:
            if not same(found[what], expected[what], op):
                different.append((point, what, found[what], expected[what]))
    assert different == []


@pytest.mark.parametrize("exponent", [-2, 2, 3])
def test_short_powers_are_torchs_to_the_last_bit(exponent: int) -> None:
    points = [1.4302060167127721, 3.2522205837083082, 4.776873507513449, 1e160, -1e-160]  # pow says otherwise there
    found = [(Value(x) ** exponent).data for x in points]
    assert found == [(torch_leaf(x) ** exponent).item() for x in points]


@pytest.mark.parametrize("exponent", [-1.0, -3.0, 3.0, -2.0, 0.7, math.nextafter(-1, 0), math.nextafter(-1, -2)])
@pytest.mark.parametrize("base", [0.0, -0.0, -2.0, -1e200])
def test_only_odd_powers_keep_the_sign(base: float, exponent: float) -> None:
    op = Operation(lambda a, b: a**b, lambda a, b: a**b, 2, ulps=4)
    expected = torchs(op.torch, (base, exponent))
    found = ours(op.ours, (base, exponent)) | {"constant exponent": (Value(base) ** exponent).data}
    expected["constant exponent"] = (torch_leaf(base) ** exponent).item()
    assert [what for what in found if not same(found[what], expected[what], op)] == []


def test_the_table_above_reaches_every_row() -> None:
    reached = {"not", "where"}  # what is decided at once is no node
    for op in OPERATIONS.values():
        leaves = [Value(2.0) for _ in range(op.arity)]
        out = op.ours(*leaves)
        for g in grad(out, leaves):
            reached |= {node._op for root in (out, g) for node in topological_order(root)}
    assert TABLE - reached == set()


TAME: list[Callable[..., Any]] = [  # bounded or slowly growing, so that hundreds of them do not overflow
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: (a * b).tanh(),
    lambda a, b: a / (b * b + 1.0),
    lambda a, b: a.maximum(b) if isinstance(a, Value) else torch.maximum(a, b),
    lambda a, b: a.minimum(b) if isinstance(a, Value) else torch.minimum(a, b),
    lambda a, b: (a * a + 0.5) ** b.tanh(),
    lambda a, b: abs(a - 0.1) * 0.5,
    lambda a, b: (a + b).relu(),
    lambda a, b: a.tanh().exp() + b,
    lambda a, b: (a * a + 1.0).log(),
    lambda a, b: (b * b + 0.1).sqrt() - a,
    lambda a, b: a.sigmoid() * b.cos(),
    lambda a, b: a.sin() ** 3 - b.sin() ** 2,
]
steps = st.tuples(st.integers(0, len(TAME) - 1), st.integers(0, 999), st.integers(0, 999))


def run(program: list[tuple[int, int, int]], leaves: list[Any]) -> Any:
    """Apply each step to two earlier results; old ones are used again and again."""
    results = list(leaves)
    for which, i, j in program:
        result = TAME[which](results[i % len(results)], results[-1 - j % min(len(results), 5)])
        results.append(result.tanh() if abs(float(result.data)) > 3 else result)
    return sum(results[-3:])


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, min_size=20, max_size=200), st.lists(st.floats(-2, 2), min_size=2, max_size=6))
def test_random_graphs_with_shared_subexpressions(program: list[tuple[int, int, int]], data: list[float]) -> None:
    leaves, tensors = [Value(x) for x in data], [torch_leaf(x) for x in data]
    out, expected = run(program, leaves), run(program, tensors)
    out.backward()
    expected.backward()
    assert out.data == pytest.approx(expected.item(), rel=1e-9, abs=1e-9)
    largest = max(1.0, *(abs(node.grad) for node in topological_order(out)))
    for x, tensor in zip(leaves, tensors, strict=True):
        theirs = 0.0 if tensor.grad is None else tensor.grad.item()
        assert x.grad == pytest.approx(theirs, rel=1e-9, abs=1e-12 * largest)
