"""The operations that go along in an ONNX file, run by onnxruntime, beside those of SciPy and NumPy."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, checker, helper
from scipy import special

from micrograd.nn.interop.onnx_functions import DOMAIN, OPSET, function, with_needed

EXPECTED = {
    "Sigmoid": special.expit,
    "Expm1": np.expm1,
    "Log1p": np.log1p,
    "Erf": special.erf,
    "Atan": np.arctan,
    "Asin": np.arcsin,
    "Acos": np.arccos,
    "Atan2": np.arctan2,
    "Gate": lambda g, a: np.where(a <= 0, 0.0, g),
    "Sign": lambda a: np.where(a > 0, 1.0, np.where(a < 0, -1.0, 0.0)),
    "Share": lambda a, b: np.where(a < b, 0.0, np.where(a == b, 0.5, 1.0)),
    "IsLess": lambda a, b: 1.0 * (a < b),
    "IsAtMost": lambda a, b: 1.0 * (a <= b),
    "IsZero": lambda a: 1.0 * (a == 0),
    "Chosen": lambda condition, a: np.where(condition != 0, a, 0.0),
}
EDGES = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 0.5, -0.5, 1e-300, 1e-8, 40.0, 700.0, -800.0, 1e300, -1e300]


@pytest.mark.parametrize("name", EXPECTED)
def test_function(name):
    definition = function(name)
    given = [f"x{i}" for i in range(len(definition.input))]
    values = [helper.make_tensor_value_info(each, TensorProto.DOUBLE, ["batch", 1]) for each in (*given, "y")]
    model = helper.make_model(
        helper.make_graph([helper.make_node(name, given, ["y"], domain=DOMAIN)], name, values[:-1], values[-1:]),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, 1)],
        functions=[function(each) for each in with_needed({name})],
        ir_version=9,
    )
    checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    draw = np.random.default_rng(7)
    numbers = np.concatenate([EDGES, draw.uniform(-1, 1, 1000), draw.normal(0, 30, 1000)])
    columns = [numbers, np.roll(numbers, 3)] if len(given) == 2 else [numbers]
    pairs = {each: column[:, np.newaxis] for each, column in zip(given, columns, strict=True)}
    (found,) = session.run(None, pairs)
    with np.errstate(all="ignore"):
        expected = EXPECTED[name](*columns)
    np.testing.assert_allclose(found[:, 0], expected, rtol=2e-14)
    edges, exact = found[: len(EDGES), 0], expected[: len(EDGES)]
    if name in ("Erf", "Atan2"):  # at whose edges the last digit, or a sign, decides on more
        np.testing.assert_array_equal(abs(edges) == 1.0, abs(exact) == 1.0)
        np.testing.assert_array_equal(np.signbit(edges), np.signbit(exact))
