"""Files of ONNX, run by onnxruntime in float64."""

import math
import random

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import traced_functions
from micrograd.engine import Value, atan2, where
from micrograd.engine.jit import jit
from micrograd.engine.jit.arguments import read_arguments
from micrograd.nn import MLP, Embedding, Linear, Module, gelu, softplus
from micrograd.nn.interop import to_onnx

CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def run(path, arrays):
    """The outputs, for samples as a compiled function takes them."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    _, read, _ = read_arguments(arrays)
    names = [each.name for each in session.get_inputs()]
    return session.run(None, {name: np.asarray(x, np.float64) for name, x in zip(names, read, strict=True)})


def check(f, arrays, folder):
    """The same outputs as machine code, for these samples and for one of them."""
    path = folder / "f.onnx"
    to_onnx(f, path, *arrays)
    onnx.checker.check_model(path, full_check=True)
    (outs,) = run(path, arrays)
    np.testing.assert_allclose(outs, jit(f)(*arrays), **CLOSE)
    assert outs.dtype == np.float64


@pytest.mark.parametrize("name", [name for name in traced_functions.MAKERS if name != "only_leaves"])
def test_outputs(name, tmp_path):
    check(*traced_functions.make(name), tmp_path)


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_programs_of_any_kind(tmp_path_factory, seed):
    check(*traced_functions.of_any_kind(seed), tmp_path_factory.mktemp("onnx"))


EDGES = [
    0.0,
    -0.0,
    1e-12,
    -1e-9,
    0.3,
    -0.5,
    0.999,
    1.0,
    -1.0,
    1.5,
    20.0,
    20.5,
    -40.0,
    710.0,
    math.inf,
    -math.inf,
    math.nan,
]
ONE = ["exp", "expm1", "log", "log1p", "sqrt", "tanh", "sigmoid", "relu", "erf", "sin", "cos", "asin", "acos", "atan"]
FUNCTIONS = {name: getattr(Value, name) for name in ONE}
FUNCTIONS |= {"abs": abs, "gelu": gelu, "softplus": softplus, "square": lambda v: v**2, "root": lambda v: v**0.5}
FUNCTIONS |= {
    "reciprocal": lambda v: v**-1,
    "exponential": lambda v: 2.0**v,
    "not above": lambda v: where(v <= 1.0, v, 7.0),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_functions_of_a_number(function, tmp_path):
    check(lambda x: function(x) * 1.0, (EDGES,), tmp_path)


PAIRS = {
    "atan2": atan2,
    "max": Value.maximum,
    "min": Value.minimum,
    "power": lambda a, b: a**b,
    "quotient": lambda a, b: a / b,
}


@pytest.mark.parametrize("function", PAIRS.values(), ids=PAIRS)
def test_functions_of_two_numbers(function, tmp_path):
    a, b = map(np.ravel, np.meshgrid(EDGES, EDGES))
    check(lambda x, y: function(x, y) * 1.0, (a, b), tmp_path)


def test_signs_of_zeros(tmp_path):
    to_onnx(lambda y, x: atan2(y, x), tmp_path / "f.onnx")
    (outs,) = run(tmp_path / "f.onnx", ([0.0, -0.0, 0.0, -0.0], [0.0, 0.0, -0.0, -0.0]))
    assert list(map(repr, outs.tolist())) == ["0.0", "-0.0", repr(math.pi), repr(-math.pi)]


def test_names_are_those_of_the_model(tmp_path):
    path = tmp_path / "network.onnx"
    random.seed(1)
    model = MLP(2, [16, 1])
    to_onnx(model, path, [[0.0, 0.0]])
    graph = onnx.load(path).graph
    assert graph.name == "MLP"
    (given,), (out,) = graph.input, graph.output
    assert (given.name, out.name) == ("x", "out")
    assert [dim.dim_param or dim.dim_value for dim in given.type.tensor_type.shape.dim] == ["batch", 2]
    assert [dim.dim_param or dim.dim_value for dim in out.type.tensor_type.shape.dim] == ["batch"]
    weights = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    assert weights.keys() >= model.tensors().keys()
    assert weights["0.weight"].tolist() == [[w.data for w in neuron.w] for neuron in model.layers[0].neurons]
    assert [node.op_type for node in graph.node][:2] == ["Gemm", "Relu"]
    assert list(graph.node[0].input) == ["x", "0.weight", "0.bias"]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for count in (0, 1, 7):
        assert session.run(None, {"x": np.ones((count, 2))})[0].shape == (count,)


class Own(Module):
    def __init__(self):
        self.letters = Embedding(4, 2)
        self.head = [Linear(4, 3), Linear(3, 3, bias=False)]
        self.unused = Value(1.0)

    def __call__(self, letters, out):
        rows = self.letters(letters)
        scores = self.head[1](self.head[0]([*rows[0], *rows[1]]))
        return {"scores": scores, "out": scores[0] * out}


def test_an_own_module_with_several_inputs_and_outputs(tmp_path):
    path = tmp_path / "own.onnx"
    random.seed(2)
    model = Own()
    to_onnx(model, path, [[0, 1]], [0.0])
    graph = onnx.load(path).graph
    assert [given.name for given in graph.input] == ["letters", "out"]
    assert [out.name for out in graph.output] == ["out.scores", "out.out"]
    names = {tensor.name for tensor in graph.initializer}
    assert {"letters.weight", "head.0.weight", "head.0.bias", "head.1.weight"} <= names
    assert "unused" not in names
    arrays = ([[0, 1], [3, 3], [2, 4]], [1.0, -2.0, 1.0])  # the last has no such row
    scores, out = run(path, arrays)
    expected = jit(model)(*arrays)
    np.testing.assert_allclose(scores, expected["scores"], **CLOSE)
    np.testing.assert_allclose(out, expected["out"], **CLOSE)


def test_names_that_are_taken(tmp_path):
    x, out = Value(2.0, label="x"), Value(3.0, label="out")
    leaves = [x, out]
    path = tmp_path / "f.onnx"
    to_onnx(lambda x: x * leaves[0] + leaves[1], path, [0.0])
    graph = onnx.load(path).graph
    names = [each.name for each in (*graph.input, *graph.output, *graph.initializer)]
    assert len(set(names)) == len(names)
    assert run(path, ([1.0, 2.0],))[0].tolist() == [5.0, 7.0]


def test_a_compiled_function_needs_no_example(tmp_path):
    f = jit(lambda x: [x[0] * 2.0, x[1]])
    f([[1.0, 2.0]])
    to_onnx(f, tmp_path / "f.onnx")
    assert run(tmp_path / "f.onnx", ([[1.0, 2.0], [3.0, 4.0]],))[0].tolist() == [[2.0, 2.0], [6.0, 4.0]]


def test_what_does_not_depend_on_the_samples(tmp_path):
    w = Value(3.0, label="w")
    to_onnx(lambda x: [w * 2.0, 5.0 + 0.0 * w, x], tmp_path / "f.onnx")
    assert run(tmp_path / "f.onnx", ([1.0, 2.0],))[0].tolist() == [[6.0, 5.0, 1.0], [6.0, 5.0, 2.0]]


def test_what_cannot_be_written_is_refused(tmp_path):
    path = tmp_path / "f.onnx"
    with pytest.raises(ValueError, match=r"draws random numbers, .* call eval\(\) on the model first"):
        to_onnx(MLP(1, [2, 1], dropout=0.5), path, [[0.0]])
    with pytest.raises(ValueError, match="takes no arguments"):
        to_onnx(lambda: Value(1.0) * 2.0, path)
    with pytest.raises(TypeError, match="give an example"):
        to_onnx(lambda x: x[0], path)
    assert not path.exists()


def test_a_product_that_is_needed_without_its_bias_stays_without(tmp_path):
    rows, bias = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], [Value(0.5), Value(0.25)]

    def f(x):
        products = [row[0] * x[0] + row[1] * x[1] for row in rows]
        return [*(a + b for a, b in zip(products, bias, strict=True)), *products]

    check(f, ([[1.0, -1.0], [2.0, 0.5]],), tmp_path)


@pytest.mark.parametrize(
    ("f", "arrays"),
    [
        (lambda x, x_: x * called_x + x_, ([1.0], [2.0])),
        (lambda a: a["a.b"] * a["a"]["b"], ({"a.b": [1.0], "a": {"b": [2.0]}},)),
        (lambda a: a["1"] * a[1], ({"1": [1.0], 1: [2.0]},)),
        (lambda x2, *xs: x2 * xs[0] - xs[1], ([1.0], [2.0], [3.0])),
    ],
)
def test_names_that_are_the_same(f, arrays, tmp_path):
    to_onnx(f, tmp_path / "f.onnx", *arrays)
    names = [each.name for each in onnxruntime.InferenceSession(tmp_path / "f.onnx").get_inputs()]
    assert len({*names}) == len(names)
    given = iter(np.asarray(x, np.float64) for x in read_arguments(arrays)[1])
    session = onnxruntime.InferenceSession(tmp_path / "f.onnx", providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {name: next(given) for name in names})
    np.testing.assert_allclose(out, jit(f)(*arrays), **CLOSE)


called_x = Value(3.0, label="x")


def test_what_is_not_taken(tmp_path):
    path = tmp_path / "f.onnx"
    with pytest.raises(TypeError, match=r"to_onnx takes a function or a Module, then the path .* got 'f.onnx'"):
        to_onnx("f.onnx", called_x)
    with pytest.raises(ValueError, match=r"returns out\.b without a number"):
        to_onnx(lambda x: {"a": x, "b": []}, path)
    assert not path.exists()
