"""Regression against the classic micrograd: one program, run on PyPI's micrograd 0.1.0 and on ours.

The classic package ships `micrograd/__init__.py`, which hides our namespace package or is hidden by it, so it lives in
an environment of its own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.datasets import make_moons

from environments import install, python_in

PROGRAM = Path(__file__).with_name("program.py")


def run(*command):
    X, y = make_moons(n_samples=100, noise=0.1, random_state=1337)
    moons = json.dumps({"X": X.tolist(), "y": (y * 2 - 1).tolist()})
    done = subprocess.run([*command, PROGRAM], input=moons, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def classic(once):
    """What the program says where the classic micrograd is installed, and nothing else."""

    def fill(folder):
        install(folder, "--quiet", "--no-deps", "micrograd==0.1.0")
        said = run(python_in(folder), "-I")  # -I: without PYTHONPATH, which may point at ours
        (folder / "said.json").write_text(json.dumps(said))

    return json.loads((once("classic", fill) / "said.json").read_text())


@pytest.fixture(scope="module")
def ours():
    return run(sys.executable)


def test_the_same_seed_gives_the_same_weights(classic, ours):
    assert ours["weights"] == classic["weights"]
    assert len(ours["weights"]) == 337


def test_the_same_losses(classic, ours):
    assert len(classic["losses"]) == 20
    assert ours["losses"] == pytest.approx(classic["losses"], rel=1e-9)  # the classic adds up in the order of a set


def test_the_same_accuracies(classic, ours):
    assert ours["accuracies"] == classic["accuracies"]


def test_as_many_nodes_at_most(classic, ours):
    assert classic["nodes"] == 65_818
    assert ours["nodes"] <= classic["nodes"]


def test_the_same_repr(classic, ours):
    assert ours["repr"] == classic["repr"]
