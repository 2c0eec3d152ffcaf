"""The C that is written: compiled by gcc and by clang, without a warning, and compared with machine code."""

import ctypes
import math
import os
import re
import shutil
import subprocess

import numpy as np
import pytest

import traced_functions
from micrograd.engine import Value
from micrograd.engine.jit import Trainer, export_c, jit
from micrograd.engine.jit.arguments import read_arguments
from micrograd.engine.jit.arrays import Traced
from micrograd.nn import MLP, Linear, dropout

STRICT = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC"]
TYPES = {"double": (np.float64, ctypes.c_double), "float": (np.float32, ctypes.c_float)}


@pytest.fixture(params=["gcc", "clang"])
def compiler(request):
    """A compiler, if it is there."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not on the path: apt-get install {request.param}")
    return request.param


class Exported:
    """The library that a compiler makes of a file."""

    def __init__(self, compiler, path, traced, dtype):
        library = path.with_suffix(f".{compiler}.so")
        subprocess.run([compiler, *STRICT, "-o", library, path, "-lm"], check=True)
        self.library, self.name, self.traced = ctypes.CDLL(str(library)), path.stem, traced
        self.array, self.number = TYPES[dtype]
        self.parameters = np.array([leaf.data for leaf in traced.leaves], self.array)
        self.gradient = np.zeros_like(self.parameters)

    def address(self, array):
        return array.ctypes.data_as(ctypes.POINTER(self.number))

    def given(self, numbers):
        """The arguments of one sample, given as one flat array."""
        start = 0
        for array in self.traced.inputs:
            part = np.array(numbers[start : start + array.size], self.array)
            yield self.address(part) if array.shape else self.number(part[0])
            start += array.size

    def function(self, end, returns):
        function = getattr(self.library, self.name + end)
        function.restype = returns
        return function

    def own(self):
        return [self.address(self.parameters)] if len(self.parameters) else []

    def __call__(self, numbers):
        parts = self.traced.results
        if self.traced.structure == ():
            return [self.function("", self.number)(*self.own(), *self.given(numbers))]
        out = [np.zeros(math.prod(part.shape), self.array) for part in parts]
        self.function("", None)(*self.own(), *self.given(numbers), *map(self.address, out))
        return np.concatenate(out).tolist()

    def gradients(self, numbers):
        function = self.function("_gradients", self.number)
        return function(*self.own(), *self.given(numbers), self.address(self.gradient))


def samples(arrays):
    """Each sample as one flat array."""
    _, read, batch = read_arguments(arrays)
    return [np.concatenate([np.ravel(array[s]) for array in read] or [np.zeros(0)]) for s in range(batch)]


def flat(results):
    """The results of all samples, as rows."""
    if isinstance(results, (tuple, dict)):
        parts = results.values() if isinstance(results, dict) else results
        return np.concatenate([flat(part) for part in parts], axis=1)
    return np.reshape(results, (len(results), -1))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", traced_functions.MAKERS)
def test_results_and_gradients(name, dtype, compiler, tmp_path):
    f, arrays = traced_functions.make(name)
    path = tmp_path / f"{name}.c"
    export_c(f, path, *arrays, gradients=True, dtype=dtype)
    exported = Exported(compiler, path, Traced(f, arrays), dtype)
    compiled = jit(f, reduction="sum")
    losses, gradient = compiled.value_and_grad(*arrays)
    at = dict(zip(compiled.leaves, gradient, strict=True))
    rtol = 1e-13 if dtype == "double" else 2e-4
    for sample, loss in zip(samples(arrays), losses, strict=True):
        np.testing.assert_allclose(exported(sample), [loss], rtol=rtol)
        np.testing.assert_allclose(exported.gradients(sample), loss, rtol=rtol)
    expected = [at.get(leaf, 0.0) for leaf in exported.traced.leaves]
    np.testing.assert_allclose(exported.gradient, expected, rtol=rtol, atol=rtol)


called_x = Value(3.0, label="x")


def _results(x, y):
    return {"sum": x[0] + y, "rest": ([x[1] * y, x[0] * 2.0], x), "none": 3.0}


@pytest.mark.parametrize(
    ("f", "arrays"),
    [
        (_results, ([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0])),
        (lambda x: [x[1], x[0], -0.0, math.inf, math.nan], ([[1.0, 2.0]],)),
        (lambda double, main, exp, p: double * main.exp() + exp + p, ([1.0], [2.0], [3.0], [4.0])),
        (lambda λ, μ: λ - μ, ([1.0], [2.0])),
        (lambda unread, x: x * 1e-320 + 1e300, ([1.0], [2.0])),
        (lambda: 2.0, ()),
        (lambda x, y: y * called_x, ([1.0], [2.0])),
    ],
)
def test_results_of_any_structure_and_arguments_of_any_name(f, arrays, compiler, tmp_path):
    path = tmp_path / "double.c"
    export_c(f, path, *arrays)
    traced = Traced(f, arrays)
    exported = Exported(compiler, path, traced, "double")
    exported.name = "double_"
    for sample, expected in zip(samples(arrays), flat(jit(f)(*arrays)), strict=True):
        np.testing.assert_array_equal(exported(sample), expected)


@pytest.mark.parametrize("steps", [1, 5])
def test_training_steps_are_those_of_a_trainer(compiler, tmp_path, steps):
    f, (X, y) = traced_functions.make("hinge")

    def adam(p, g, state, t, lr):
        m, v = 0.9 * state[0] + 0.1 * g, 0.999 * state[1] + 0.001 * g * g
        return p - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8), (m, v)

    path = tmp_path / "moons.c"
    export_c(f, path, X, y, rule=adam, slots=2)
    traced = Traced(f, (X, y))
    exported = Exported(compiler, path, traced, "double")
    trainer = Trainer(f, [X, y], traced.leaves, adam, slots=2)
    expected = [loss for losses in trainer.run([0.05] * steps, batch=len(y)) for loss in losses]

    training = np.zeros(3 * len(exported.parameters) + 1)
    step = exported.function("_step", ctypes.c_double)
    given = [*exported.own(), *map(exported.address, (training, np.ravel(X).astype(float), np.array(y, float)))]
    found = [step(*given, len(y), ctypes.c_double(0.05)) for _ in range(steps)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_allclose(exported.parameters, trainer.data, rtol=1e-12)

    count = len(exported.parameters)
    before = exported.parameters.copy(), training[count:].copy()
    far = [*exported.own(), *map(exported.address, (training, np.full(6, math.inf), np.array(y, float)))]
    assert not math.isfinite(step(*far, len(y), ctypes.c_double(0.05)))
    np.testing.assert_array_equal(exported.parameters, before[0])
    np.testing.assert_array_equal(training[count:], before[1])


def test_the_source_reads_as_the_model_does(tmp_path):
    _, arrays = traced_functions.make("hinge")
    model = MLP(2, [16, 16, 1])

    def hinge(x, y):
        score = model(x)
        return (1 - y * score).relu()

    export_c(hinge, tmp_path / "moons.c", *arrays, tensors=model.tensors())
    source, header = ((tmp_path / name).read_text() for name in ("moons.c", "moons.h"))
    assert "double layer2_weight[256]; /* 2.weight: 16 x 16 */" in header
    (loop,) = re.findall(r"\n    for [^\n]*\n(?:        [^\n]*\n){4}    }\n    double relu1", source)
    assert "total += p->layer0_weight[2 * i + j] * x[j];" in loop
    assert re.search(r"/\* test_export_c.py:\d+: score = model\(x\) \*/", source)
    assert re.search(r"/\* test_export_c.py:\d+: return \(1 - y \* score\).relu\(\) \*/", source)
    assert len(source.split("double moons(")[1].splitlines()) < 40
    assert not re.search("malloc|static [a-z]+ [a-z]+;", source)


def test_the_header_is_for_cpp_too(tmp_path):
    if shutil.which("g++") is None:
        pytest.skip("g++ is not on the path: apt-get install g++")
    f, arrays = traced_functions.make("hinge")
    leaf = Value(1.0, label="class")
    export_c(lambda x, new: f(x, new) * leaf, tmp_path / "delete.c", *arrays, gradients=True)
    (tmp_path / "main.cpp").write_text('#include "delete.h"\nint main() { return delete__trained.class_ != 1.0; }\n')
    subprocess.run(["gcc", "-std=c99", "-c", "delete.c"], cwd=tmp_path, check=True)
    build = ["g++", "-Wall", "-Wextra", "-Werror", "main.cpp", "delete.o", "-lm", "-o", "main"]
    subprocess.run(build, cwd=tmp_path, check=True)
    subprocess.run([tmp_path / "main"], check=True)


def test_what_an_example_is_not_needed_for(tmp_path):
    compiled = jit(lambda x: x[0] * x[1])
    compiled([[1.0, 2.0]])
    for f in (compiled, lambda x, y: x * y, Linear(2, 3), MLP(2, [3, 1])):
        export_c(f, tmp_path / "f.c")
        assert "f(" in (tmp_path / "f.h").read_text()


w = Value(1.0)


@pytest.mark.parametrize(
    ("f", "options", "message"),
    [
        (lambda x: x[0], {}, "fails for a number for each argument .* give an example"),
        (lambda x: dropout(x * w, 0.5), {}, "draws random numbers.*eval"),
        (lambda x: x, {"gradients": True}, "reads no Values that could change"),
        (lambda x: [x * w, x], {"gradients": True}, "a function of one Value"),
        (lambda x: x * w if x > 0 else w, {}, "looked at a number"),
        (lambda x: x * w, {"dtype": "half"}, "dtype='double' or dtype='float', got 'half'"),
        (lambda x: x * w, {"tensors": {"a": [w, w]}}, "a holds a Value twice"),
        (lambda x: x * w, {"tensors": {"a": [w, Value(2.0)], "b": [w]}}, "b shares some of its Values with a"),
        (lambda x: x * w, {"tensors": {"a": w * 2}}, "a holds the result of '\\*'"),
        (lambda x: x * w, {"tensors": {"a": 3.0}}, "a must be a Value, or Values in nested lists, got float"),
        (lambda x: x * w, {"tensors": {"a": []}}, "a is empty"),
        (lambda x: x * w, {"tensors": [w]}, "tensors= takes a dict of Values by name, got list"),
        (lambda x: [], {}, "cannot write out: C has no arrays of no numbers"),
    ],
)
def test_refusals(f, options, message, tmp_path):
    with pytest.raises((TypeError, ValueError), match=message):
        export_c(f, tmp_path / "f.c", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["f", "f.h", "f.py", "math.c", 'q"uote.c'])
def test_the_name_of_the_file(name, tmp_path):
    with pytest.raises(ValueError, match=r"ends in \.c|take another name"):
        export_c(lambda x: x, tmp_path / name)


@pytest.mark.parametrize("name", ["sigmoid", "place", "read", "exp", "div", "linux", "class", "1d", "a-b", "é"])
def test_files_of_any_name_compile(name, compiler, tmp_path):
    update = Value(1.0, label=f"{name}_update")
    guard = Value(1.0, label=f"{name.upper()}_H")

    def f(x, M_PI):
        return x.sigmoid() * update + M_PI.relu() * guard

    export_c(f, tmp_path / f"{name}.c", rule=lambda p, g, state, t, lr: (p - lr * g, ()))
    headers = "".join(f"#include <{header}.h>\n" for header in ("stdio", "stdlib", "string", "time"))
    (tmp_path / "main.c").write_text(f'{headers}#include "{name}.h"\nint main(void) {{ return 0; }}\n')
    strict = ["-Wall", "-Wextra", "-Werror", "-std=gnu99", "-c"]
    subprocess.run([compiler, *strict, f"{name}.c", "main.c"], cwd=tmp_path, check=True)


def test_numbers_that_a_float_cannot_be_stay_finite(compiler, tmp_path):
    large = Value(-1e300)
    export_c(lambda x: x.maximum(1e39) * large, tmp_path / "f.c", dtype="float")
    subprocess.run([compiler, *STRICT, "-o", tmp_path / "f.so", tmp_path / "f.c"], check=True)
    text = (tmp_path / "f.c").read_text()
    assert ".large = -3.40282347e+38f," in text
    assert "maximum(x, 3.40282347e+38f)" in text


def test_many_axes(compiler, tmp_path):
    weights = [Value(float(i)) for i in range(512)]
    x = np.arange(512.0)

    def f(x):
        return [x[int(f"{i:09b}"[::-1], 2)] * weights[i] for i in range(512)]

    export_c(f, tmp_path / "f.c", x[np.newaxis])
    exported = Exported(compiler, tmp_path / "f.c", Traced(f, (x[np.newaxis],)), "double")
    np.testing.assert_array_equal(exported(x), jit(f)(x[np.newaxis])[0])


def test_what_is_frozen_is_not_trained(compiler, tmp_path):
    model = MLP(2, [3, 1])
    model.layers[0].requires_grad_(False)

    def f(x, y):
        return (model(x) - y) ** 2

    export_c(f, tmp_path / "f.c", [[0.0, 0.0]], [0.0], rule=lambda p, g, state, t, lr: (p - lr * (g + p), ()))
    traced = Traced(f, ([[0.0, 0.0]], [0.0]))
    exported = Exported(compiler, tmp_path / "f.c", traced, "double")
    before, training = exported.parameters.copy(), np.zeros(len(exported.parameters) + 1)
    given = [*exported.own(), *map(exported.address, (training, np.ones(2), np.ones(1)))]
    exported.function("_step", ctypes.c_double)(*given, 1, ctypes.c_double(0.1))
    changed = {leaf for leaf, a, b in zip(traced.leaves, before, exported.parameters, strict=True) if a != b}
    trained = {*model.parameters()}
    assert changed
    assert changed <= trained

    model.layers[1].neurons[0].b.label = "b"
    model.layers[0].requires_grad_(True)
    model.layers[0].neurons[1].requires_grad_(False)
    with pytest.raises(ValueError, match="is frozen in part; freeze or train all of it"):
        export_c(f, tmp_path / "g.c", [[0.0, 0.0]], [0.0])


def test_both_files_or_none(tmp_path):
    (tmp_path / "f.h").mkdir()
    with pytest.raises(OSError, match=r"f\.h"):
        export_c(lambda x: x, tmp_path / "f.c")
    assert [path.name for path in tmp_path.iterdir()] == ["f.h"]
    (tmp_path / "f.c").write_text("before")
    with pytest.raises(OSError, match=r"f\.h"):
        export_c(lambda x: x, tmp_path / "f.c")
    assert (tmp_path / "f.c").read_text() == "before"
    with pytest.raises(OSError, match=r"g\.c"):
        export_c(lambda x: x, tmp_path / "missing" / "g.c")
    with pytest.raises(TypeError, match="a path that is text, got b'"):
        export_c(lambda x: x, os.fsencode(tmp_path / "bytes.c"))
