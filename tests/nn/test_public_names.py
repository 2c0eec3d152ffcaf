"""The one door of the package."""

import random
import subprocess
import sys

import pytest

import micrograd.nn
from micrograd.engine import Value


def test_all_names_are_there_and_documented():
    assert sorted(micrograd.nn.__all__) == sorted(set(micrograd.nn.__all__))
    for name in micrograd.nn.__all__:
        assert getattr(micrograd.nn, name).__doc__.strip()


@pytest.mark.parametrize("name", micrograd.nn.__all__)
def test_every_public_class_and_function_has_a_source_or_an_example(name):
    doc = getattr(micrograd.nn, name).__doc__
    assert "Example:" in doc or "Counterpart:" in doc


def test_programs_for_the_classic_find_what_its_module_had():
    program = "from micrograd.nn import MLP, Layer, Module, Neuron, Value, random"
    names = {}
    exec(program, names)
    assert (names["Value"], names["random"]) == (Value, random)


def test_nn_imports_the_engine_and_the_standard_library_only():
    program = f"""
import sys; sys.path[:] = {sys.path!r}
before = set(sys.modules)
import micrograd.nn
print(*sorted(m.split(".")[0] for m in set(sys.modules) - before if m.split(".")[0] not in sys.stdlib_module_names))
print(*sorted(m for m in sys.modules if m.count(".") == 1 and m.startswith("micrograd.")))
"""
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert set(out[0].split()) == {"micrograd"}
    assert out[1] == "micrograd.engine micrograd.nn"
