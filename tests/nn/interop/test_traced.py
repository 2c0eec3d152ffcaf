"""Functions and Modules of one's own that go over to torch as what they compute."""

import copy
import io
import random
from functools import cache
from itertools import chain

import numpy as np
import pytest
import torch
import torch.utils.checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import traced_functions
from micrograd.engine import Value, define, grad, ops, take, where
from micrograd.engine.jit import TracingError, jit
from micrograd.engine.jit.arrays import Traced
from micrograd.nn import MLP, SGD, Adam, Embedding, Linear, Module, Sequential, mse_loss, tanh
from micrograd.nn.interop import from_torch, to_torch
from micrograd.nn.tensors import values_of

CLOSE = {"rtol": 1e-12, "atol": 1e-13}


def tensors(arrays, **options):
    """Arguments of a compiled function as tensors."""
    if isinstance(arrays, dict):
        return {key: tensors(part, **options) for key, part in arrays.items()}
    if isinstance(arrays, tuple):
        return tuple(tensors(part, **options) for part in arrays)
    return torch.tensor(np.array(arrays), dtype=torch.float64, **options)


def check(f, arrays):
    """The same results and the same gradients as machine code."""
    net = to_torch(f, *arrays)
    results = net(*tensors(arrays))
    compiled = jit(f)
    losses, gradient = compiled.value_and_grad(*arrays)
    np.testing.assert_allclose(results.detach().numpy(), losses, **CLOSE)
    results.mean().backward()
    expected = dict(zip(compiled.leaves, gradient, strict=True))
    found = np.concatenate([parameter.grad.flatten().numpy() for parameter in net.parameters()] or [[]])
    np.testing.assert_allclose(found, [expected.get(leaf, 0.0) for leaf in Traced(f, arrays).leaves], **CLOSE)


@pytest.mark.parametrize("name", traced_functions.MAKERS)
def test_results_and_gradients(name):
    check(*traced_functions.make(name))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_programs_of_any_kind(seed):
    check(*traced_functions.of_any_kind(seed))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_second_derivatives_of_programs_of_any_kind(seed):
    f, arrays = traced_functions.of_any_kind(seed)
    net, leaves = to_torch(f, *arrays), Traced(f, arrays).leaves
    x = tensors(arrays[0], requires_grad=True)
    theirs = [x, *net.parameters()]
    first = torch.autograd.grad(net(x).sum(), theirs, create_graph=True)
    second = torch.autograd.grad(sum(g.square().sum() for g in first), theirs, allow_unused=True)
    ours = [*map(Value, chain(*arrays[0])), *leaves]
    gradients = grad(f(ours[:3]) + f(ours[3:6]), ours)
    again = grad(sum(g * g for g in gradients), ours)
    found = [torch.zeros_like(a) if g is None else g for a, g in zip(theirs, second, strict=True)]
    numbers = np.concatenate([g.flatten().numpy() for g in found])
    np.testing.assert_allclose(numbers, [g.data for g in again], rtol=1e-10, atol=1e-11)


def test_gradients_of_arguments_and_of_gradients():
    w = Value(0.7)

    def f(x):
        return (w * x[0]).sin() * x[1] + x[0] * x[1].exp()

    net = to_torch(f, [[0.0, 0.0]])
    x = torch.tensor([[0.5, -1.0], [2.0, 0.3]], dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), x)
    for sample, of_first, of_second in zip(x.tolist(), first.tolist(), second.tolist(), strict=True):
        values = [Value(number) for number in sample]
        gradients = grad(f(values), values)
        assert [g.data for g in gradients] == pytest.approx(of_first, rel=1e-12)
        again = grad(sum(g * g for g in gradients), values)
        assert [g.data for g in again] == pytest.approx(of_second, rel=1e-12)
    assert torch.autograd.gradcheck(net, x)
    assert torch.autograd.gradgradcheck(net, x)


def test_gradients_are_those_of_the_rules():
    straight = define("straight_through", lambda a: ops.sign(a), lambda g, out, a: (g,))
    w = Value(-2.0)
    net = to_torch(lambda x: straight(w * x) * x.detach())
    x = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
    net(x).backward()
    assert (net(x).item(), x.grad.item(), net.w.grad.item()) == (-3.0, -6.0, 9.0)


def test_no_gradient_comes_from_a_branch_that_is_not_taken():
    net = to_torch(lambda x: where(x > 0.0, x.log(), x * 2.0))
    x = torch.tensor([-1.0, 0.0, 2.0], dtype=torch.float64, requires_grad=True)
    net(x).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 0.5]


class Own(Module):
    """A model whose parts are none that torch knows, with a tensor at two places."""

    def __init__(self):
        self.inner = MLP(2, [3, 2], nonlin="tanh")
        self.scale = [Value(0.5), Value(-0.25)]
        self.head = [Linear(2, 2, bias=False), Linear(2, 2)]
        self.head[1].weight = self.head[0].weight
        self._shift = Value(0.125)

    def __call__(self, x):
        hidden = [a + s * b + self._shift for a, s, b in zip(x, self.scale, self.inner(x), strict=True)]
        return self.head[1](self.head[0](hidden))


def numbers(model):
    return {name: [value.data for value in values_of(tensor)] for name, tensor in model.tensors().items()}


def test_an_own_module_has_its_names_and_comes_back():
    random.seed(1)
    model = Own()
    net = to_torch(model, [[0.0, 0.0]])
    state = net.state_dict()
    assert {name: tensor.flatten().tolist() for name, tensor in state.items()} == numbers(model)
    assert [*state] == [*model.tensors()]
    assert net.head.get_parameter("0.weight") is net.head.get_parameter("1.weight")
    fresh = Own()
    from_torch(net, into=fresh)
    assert numbers(fresh) == numbers(model)
    assert net(torch.zeros(5, 2, dtype=torch.float64)).shape == (5, 2)
    copied = copy.deepcopy(net)
    copied.load_state_dict(to_torch(Own(), [[0.0, 0.0]]).state_dict())


@pytest.mark.parametrize("make", [lambda p: SGD(p, lr=0.05, momentum=0.9), lambda p: Adam(p, lr=0.05)])
def test_the_training_of_an_own_module_goes_on(make):
    random.seed(2)
    model = Own()
    model.inner.layers[0].requires_grad_(False)
    optimizer = make(model.parameters())
    X, Y = [[0.5, -1.0], [2.0, 0.3]], [[1.0, 0.0], [-0.5, 2.0]]

    def step():
        optimizer.zero_grad()
        mse_loss([model(x) for x in X], Y).backward()
        optimizer.step()

    step()
    net, theirs = to_torch(model, [[0.0, 0.0]], optimizer=optimizer)
    for _ in range(10):
        step()
        theirs.zero_grad()
        nn.functional.mse_loss(net(tensors(X)), tensors(Y)).backward()
        theirs.step()
    for name, expected in numbers(model).items():
        assert net.state_dict()[name].flatten().tolist() == pytest.approx(expected, rel=1e-12)
    _, ours = from_torch(net, optimizer=theirs, into=model)
    assert {*ours.params} == {*optimizer.params}


def test_a_compiled_model_is_that_model():
    model = Own()
    model.head[1].requires_grad_(False)
    net = to_torch(jit(model), [[0.0, 0.0]])
    assert [*net.state_dict()] == [*model.tensors()]
    frozen = [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
    assert frozen == ["head.0.weight", "head.1.bias"]  # of which the first is shared


def test_a_batch_may_be_empty():
    assert to_torch(Own(), [[0.0, 0.0]])(torch.zeros(0, 2, dtype=torch.float64)).shape == (0, 2)


def test_letters():
    model = Sequential(Embedding(5, 2), lambda rows: [*rows[0], *rows[1]], Linear(4, 3))
    net = to_torch(model, [[0, 1]])
    assert [*net.state_dict()] == ["0.weight", "2.weight", "2.bias"]
    rows = net(torch.tensor([[4, 0], [2, 2]]))
    expected = [[out.data for out in model(pair)] for pair in ([4, 0], [2, 2])]
    np.testing.assert_allclose(rows.detach().numpy(), expected, **CLOSE)
    assert net(torch.tensor([[5, 0]])).isnan().all()  # there is no such row


def test_results_have_their_structure():
    net = to_torch(lambda x: {"sum": x[0] + x[1], "both": (x[0], (x[1], 2.0 * x[0]))}, [[0.0, 0.0]])
    out = net(tensors([[1.0, 2.0], [3.0, 4.0]]))
    assert out["sum"].tolist() == [3.0, 7.0]
    assert out["both"][1].tolist() == [[2.0, 2.0], [4.0, 6.0]]  # as in a compiled function, equal parts are an array


def test_arguments_may_be_whole_numbers():
    net = to_torch(lambda x, y: x * 0.1 + y)
    assert net(torch.tensor([1, 3]), torch.tensor([0, 1])).tolist() == [0.1, 3 * 0.1 + 1]


OF_DYNAMO = pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")  # which does it itself


@OF_DYNAMO
@pytest.mark.parametrize("name", ["nested", "choices"])
def test_it_compiles_as_a_whole(name):
    f, arrays = traced_functions.make(name)
    net = to_torch(f, *arrays)
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True)
    results = compiled(*tensors(arrays))
    results.sum().backward()
    gradients = [parameter.grad.clone() for parameter in net.parameters()]
    net.zero_grad()
    again = net(*tensors(arrays))
    again.sum().backward()
    assert torch.equal(results, again)
    assert all(torch.equal(a, b.grad) for a, b in zip(gradients, net.parameters(), strict=True))


@OF_DYNAMO
@pytest.mark.parametrize("strict", [True, False])
def test_it_is_exported_with_any_number_of_samples(strict):
    f, arrays = traced_functions.make("hinge")
    net = to_torch(f, *arrays)
    batch = torch.export.Dim("batch")
    shapes = {"args": tuple({0: batch} for _ in arrays)}
    exported = torch.export.export(net, tensors(arrays), dynamic_shapes=shapes, strict=strict)
    many = tuple(tensor.repeat(3, *[1] * (tensor.dim() - 1)) for tensor in tensors(arrays))
    assert torch.equal(exported.module()(*many), net(*many))


class Noisy(Module):
    def __init__(self):
        self.inner = MLP(1, [2, 1], dropout=0.5)

    def __call__(self, x):
        return self.inner(x) * 2


def test_dropout_is_refused_in_training_mode():
    model = Noisy()
    with pytest.raises(ValueError, match=r"Noisy draws random numbers, .* call eval\(\) on the model first"):
        to_torch(model, [[0.0]])
    net = to_torch(model.eval(), [[0.0]])
    assert not net.training
    assert [*net.state_dict()] == ["inner.0.weight", "inner.0.bias", "inner.3.weight", "inner.3.bias"]


def test_what_cannot_be_traced_is_refused():
    with pytest.raises(TracingError):
        to_torch(lambda x: x if x.data > 0 else -x, [0.0])
    with pytest.raises(TypeError, match="give an example"):
        to_torch(lambda x: x[0])


def test_arguments_that_do_not_fit_are_refused():
    net = to_torch(lambda x, y: x[0] + y, [[0.0, 0.0]], [0.0])
    with pytest.raises(ValueError, match=r"argument x must have the shape \(batch, 2\), got \(3, 4\)"):
        net(torch.zeros(3, 4), torch.zeros(3))
    with pytest.raises(ValueError, match="disagree on the number of samples: 3 in argument x, 1 in argument y"):
        net(torch.zeros(3, 2), torch.zeros(1))
    with pytest.raises(TypeError, match="takes 2 arguments, x, y, got 1"):
        net(torch.zeros(3, 2))
    with pytest.raises(TypeError, match="takes 2 arguments, x, y, got 2 and x"):
        net(torch.zeros(3, 2), torch.zeros(3), x=torch.zeros(3, 2))
    with pytest.raises(TypeError, match="argument y must be a tensor of numbers, got 'no'"):
        net(torch.zeros(3, 2), "no")
    with pytest.raises(TypeError, match=r"argument y must be real numbers, got torch\.complex64"):
        net(torch.zeros(3, 2), torch.zeros(3, dtype=torch.complex64))


def test_arguments_are_taken_as_jit_takes_them():
    net = to_torch(lambda x, y: x[0] * y + x[1], [[0.0, 0.0]], [0.0])
    x = [[0.1, 1.0], [0.2, 2.0]]
    expected = [0.1 * 0.5 + 1.0, 0.2 * 0.5 + 2.0]
    for rows in (x, np.array(x), tensors(x)):
        assert net(rows, y=0.5).tolist() == net(rows, torch.tensor(0.5)).tolist() == expected


@pytest.mark.parametrize(
    ("example", "given", "message"),
    [
        ({"a": [0.0], "b": [0.0]}, {"a": 1.0}, "argument s must have the parts a, b, got a"),
        ({"a": [0.0], "b": [0.0]}, {"a": 1.0, "b": 2.0, "c": 3.0}, "argument s must have the parts a, b, got a, b, c"),
        (({"a": [0.0]}, [0.0]), ({"a": 1.0}, 2.0, 3.0), "argument s must have the parts 0, 1, got 0, 1, 2"),
        (({"a": [0.0]}, [0.0]), 1.0, r"argument s must be a list or a tuple of 2 parts, got 1.0 \(float\)"),
    ],
)
def test_arguments_of_other_parts_are_refused(example, given, message):
    def f(s):
        return s["a"] if isinstance(s, dict) else s[0]["a"] * s[1]

    with pytest.raises(TypeError, match=f"{message}$"):
        to_torch(f, example)(given)


class Named(Module):
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __call__(self, x):
        return x * sum(values[0] for values in map(values_of, self.tensors().values()))


@pytest.mark.parametrize("name", ["forward", "training", "double", "_function", "_modules", "_parameters", "_zero"])
def test_names_that_mean_something_to_pytorch_are_refused(name):
    models = [Named(**{name: Linear(1, 1, bias=False)})]
    if not name.startswith("_"):
        models += [Named(**{name: [Value(2.0)]}), Named(part=Named(**{name: [Value(2.0)]}))]
    for model in models:
        with pytest.raises(ValueError, match=f"the name '.*{name}.*', as '{name}' is something else there; rename"):
            to_torch(model, [0.0])


def test_names_may_be_those_of_anything_else():
    for name in ("self", "constant0", "input0", "lambda", "torch", "x", "a.b"):
        w = Value(3.0, label=name)
        net = to_torch(lambda x, w=w: w * x)
        assert [*net.state_dict()] == [name]
        assert net(torch.tensor([2.0])).item() == 6.0
    s_x = Value(2.0, label="s.x")
    assert to_torch(lambda s: s_x * s["x"], {"x": [0.0]})({"x": 4.0}).tolist() == [8.0]
    a_b, a_dot_b = Value(2.0, label="a_b"), Value(3.0, label="a.b")
    assert to_torch(lambda x: a_b * x + a_dot_b)(1.0).tolist() == [5.0]
    a = Value(1.0, label="a")
    with pytest.raises(ValueError, match="a parameter of the name 'a', as 'a' is something else there"):
        to_torch(lambda x: a * x + a_dot_b)


def test_without_arguments_there_is_one_sample():
    w = [Value(2.0), Value(3.0)]
    net = to_torch(lambda: [w[0] * w[1], w[0]])
    out = net()
    assert out.tolist() == jit(lambda: [w[0] * w[1], w[0]])().tolist() == [[6.0, 2.0]]
    out.sum().backward()
    assert net.w.grad.tolist() == [4.0, 2.0]


def test_nothing_is_no_argument_and_no_result():
    for nothing in ([], {}, ()):
        with pytest.raises(ValueError, match="to_torch: the function returns nothing"):
            to_torch(lambda x, nothing=nothing: nothing)
    with pytest.raises(ValueError, match=r"returns nothing in out\.b"):
        to_torch(lambda x: {"a": x, "b": []})
    with pytest.raises(ValueError, match="takes nothing in y"):
        to_torch(lambda x, y: x, [0.0], [[]])


def test_an_optimizer_in_the_place_of_an_example_is_refused():
    model = MLP(2, [1])
    with pytest.raises(TypeError, match="the optimiser by name"):
        to_torch(model, SGD(model.parameters(), lr=0.1))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_indexes_are_exact_in_small_types(kind):
    table = [Value(k / 4) for k in range(300)]
    net = to_torch(lambda t, x: take(table, t) * x, [0], [0.0]).to(kind)
    at = torch.tensor([257, 299, 0])
    x = torch.tensor([2.0, 1.0, 1.0], dtype=kind, requires_grad=True)
    out = net(at, x)
    assert out.dtype == kind
    assert torch.equal(out, torch.tensor([table[257].data * 2, table[299].data, 0.0]).to(kind))
    assert torch.equal(net([257, 299, 0], x), out)
    out.sum().backward()
    assert net.table.grad.nonzero().flatten().tolist() == [0, 257, 299]


# What the loss does not use has no gradient, not one of 0.


def test_results_that_are_not_used_have_no_gradient():
    net = to_torch(lambda p: {"loss": (p - 1) ** 2, "rms": (p * p).sqrt()})
    p = torch.tensor([0.0], dtype=torch.float64, requires_grad=True)
    net(p)["loss"].sum().backward()
    assert p.grad.item() == -2.0
    both = net(p)
    assert torch.autograd.grad(both["loss"].sum() + 0 * both["rms"].detach().sum(), p)[0].item() == -2.0
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.autograd.grad(both["rms"].detach().sum(), p)


# Derivatives of derivatives are those of the rules, too.


@cache
def straight():
    return define("straight_through_twice", lambda a: ops.sign(a), lambda g, out, a: (g * a,))


CURVES = {
    "smooth": lambda x, w: (w * x).sin() * x.exp() + w**3,
    "detached": lambda x, w: x * x.detach() * x * w,
    "of an own rule": lambda x, w: straight()(x * w) * x,
    "branches": lambda x, w: where(x > 0, x.sqrt(), x * x) * w,
    "ties": lambda x, w: x.maximum(w) * x.minimum(w) * x,
    "relu": lambda x, w: (x * w).relu() ** 3,
    "abs": lambda x, w: abs(x - w) * x * w,
    "table": lambda x, w: take([w * 1.0, w * w * w], where(x > 0, 1.0, 0.0)) * x**3,
    "uniform": lambda x, w: w.exp() * w,
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("at", [-1.0, 0.5, 2.0])
def test_derivatives_of_any_order(name, at):
    w = Value(0.5)
    net = to_torch(lambda x: CURVES[name](x, w))
    theirs = [torch.tensor([at, at], dtype=torch.float64, requires_grad=True), net.w]
    ours = [Value(at), w]
    out, value = net(theirs[0])[0], CURVES[name](*ours)
    for order in range(3):
        found = torch.autograd.grad(out, theirs, create_graph=True, allow_unused=True)
        expected = grad(value, ours)
        numbers = [0.0 if g is None else g.flatten()[0].item() for g in found]
        assert numbers == pytest.approx([g.data for g in expected], rel=1e-11, abs=1e-13, nan_ok=True), order
        out, value = found[0][0] * 1.5 + found[1] * 0.5, expected[0] * 1.5 + expected[1] * 0.5


def test_second_derivatives_of_models():
    random.seed(3)
    model = Sequential(Linear(2, 3), tanh, Linear(3, 2))
    net = to_torch(lambda x: [y**2 for y in model(x)], [[0.0, 0.0]])
    names = [*dict(net.named_parameters())]
    x = torch.tensor([[0.5, -1.0], [2.0, 0.3]], dtype=torch.float64, requires_grad=True)

    def f(x, *parameters):
        return torch.func.functional_call(net, dict(zip(names, parameters, strict=True)), (x,))

    assert torch.autograd.gradgradcheck(f, (x, *net.parameters()))
    hessian = torch.func.jacrev(torch.func.jacrev(lambda row: net(row[None]).sum()))
    for row, second in zip(x.detach(), torch.func.vmap(hessian)(x), strict=True):
        values = [Value(number) for number in row.tolist()]
        rows = [[g.data for g in grad(of_one, values)] for of_one in grad(sum(y**2 for y in model(values)), values)]
        np.testing.assert_allclose(second.detach().numpy(), rows, **CLOSE)


def own_net():
    w = [Value(0.5), Value(-0.25)]
    return to_torch(lambda x: (x[0] * w[0]).tanh() * x[1] + w[1] * x[0] * x[1], [[0.0, 0.0]])


def test_activations_may_be_computed_again():
    net, x = own_net(), torch.ones(3, 2, dtype=torch.float64, requires_grad=True)
    torch.utils.checkpoint.checkpoint(net, x, use_reentrant=False).sum().backward()
    again = torch.autograd.grad(net(x).sum(), x)[0]
    assert torch.equal(x.grad, again)


@pytest.mark.parametrize("within", [True, False])
def test_it_computes_in_its_own_type_under_autocast(within):
    net, x = own_net().float(), torch.rand(3, 2, requires_grad=True)
    expected = torch.autograd.grad(net(x).sum(), x)[0]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = net(x).sum()
        if within:
            out.backward()
    if not within:
        out.backward()
    assert out.dtype == torch.float32
    assert torch.equal(x.grad, expected)


def test_copies_and_pickles_can_be_trained():
    x = torch.ones(3, 2, dtype=torch.float64, requires_grad=True)
    net = own_net()
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    loaded, copied = torch.load(file, weights_only=False), copy.deepcopy(net)
    expected = torch.autograd.grad(net(x).sum(), x)[0]
    for other in (loaded, copied):
        (first,) = torch.autograd.grad(other(x).sum(), x, create_graph=True)
        assert torch.equal(first, expected)
    assert torch.autograd.gradgradcheck(copied, x)
    (first,) = torch.autograd.grad(loaded(x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="a net that was pickled has first derivatives only"):
        first.sum().backward()


def test_it_says_what_it_takes_and_has():
    assert repr(own_net()) == "TracedNet(x: (batch, 2)\n  (w): (2,)\n)"


def test_a_net_made_in_inference_mode_can_be_trained():
    w = Value(2.0)
    with torch.inference_mode():
        net = to_torch(lambda x: w * x)
    net(torch.ones(2)).sum().backward()
    assert net.w.grad.item() == 2.0
