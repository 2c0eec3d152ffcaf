"""Where a library is missing, an error says how to install it, and only those who cross the bridge need it."""

import subprocess
import sys

import pytest

MISSING = {
    "torch": ("to_torch(MLP(1, [1]))", "to_torch needs PyTorch: pip install torch==2.13.0"),
    "safetensors": (
        "save_safetensors(MLP(1, [1]), '')",
        "save_safetensors needs NumPy and safetensors: pip install numpy safetensors",
    ),
    "numpy": (
        "load_safetensors(MLP(1, [1]), '')",
        "load_safetensors needs NumPy and safetensors: pip install numpy safetensors",
    ),
    "onnx": (
        "to_onnx(MLP(1, [1]), '', [[0.0]])",
        "to_onnx needs onnx, NumPy and llvmlite: pip install onnx numpy llvmlite",
    ),
    "llvmlite": (
        "to_torch(lambda x: x)",
        "micrograd.engine.jit needs numpy and llvmlite: pip install numpy llvmlite",
    ),
    "torch.nn": ("from_torch(None)", "from_torch needs PyTorch: pip install torch==2.13.0"),
}


@pytest.mark.parametrize(("library", "call", "message"), [(name, *case) for name, case in MISSING.items()])
def test_a_missing_library_is_named(library, call, message):
    program = f"""
import sys; sys.path[:] = {sys.path!r}
from micrograd.nn import MLP
from micrograd.nn.interop import *
assert not {{"torch", "numpy", "safetensors", "onnx"}} & set(sys.modules)
sys.modules[{library!r}] = None
try:
    {call}
except ImportError as error:
    print(error)
"""
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert out.strip() == message


def test_networks_go_over_without_the_compiler():
    program = f"""
import sys; sys.path[:] = {sys.path!r}
from micrograd.nn import MLP
from micrograd.nn.interop import from_torch, to_torch
sys.modules["llvmlite"] = None
print(from_torch(to_torch(MLP(1, [2, 1]))))
"""
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "Sequential(Linear(1, 2), relu, Linear(2, 1))"
