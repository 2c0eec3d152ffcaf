"""What a newcomer finds after installing the built wheels into an environment that holds nothing else."""

import shutil
import sys
import tarfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from environments import run

from .conftest import ROOT, build

DOWNSTREAM = Path(__file__).parent / "downstream"
ENGINE_HERE = ROOT / "packages" / "micrograd-engine"
PARABOLA = "1.0000 -2.0000 3.0000 10.0000"
POINTS = "10 1.00 20"  # epochs, accuracy, predictions
REPORT = """
loss lr accuracy val_loss val_accuracy 5
loss accuracy
loss accuracy
loss accuracy
loss accuracy
"""
CHECKERS = pytest.mark.parametrize(
    ("checker", "option"), [("mypy", "--python-executable"), ("pyright", "--pythonpath")]
)

ENGINE = """
import sys

before = set(sys.modules)
from micrograd.engine import Value, grad

x = Value(3.0)
y = (x * x + 1).log()
y.backward()
(second,) = grad(grad(y, x), [x])
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(f"{y:.4f} {x.grad:.4f} {second:.4f}", new - set(sys.stdlib_module_names))
"""

MISSING = """
try:
    import micrograd.nn
except ModuleNotFoundError as error:
    print(error.name, error)
"""

NAMESPACE = "import micrograd; print(micrograd.__file__)"

PICTURE = """
from micrograd.engine import Value
from micrograd.viz import draw, to_dot, trace

a = Value(3.0)
y = a * a
nodes, edges = trace(y)
print(len(nodes), len(edges), to_dot(y).split()[0], draw(y).svg[:4])
"""

ALL_THREE = """
import random
from micrograd.engine import Value
from micrograd.nn import Neuron
from micrograd.viz import trace

random.seed(1337)
neuron = Neuron(2)
y = neuron([1.0, 2.0])
y.backward()
nodes, edges = trace(y)
print(neuron, f"{y:.4f}", nodes[-1] is y)
"""


def say(python: Path, program: str) -> str:
    """What a program prints in an environment; -I keeps this process's PYTHONPATH out of it."""
    return run(python, "-I", "-W", "error", "-c", program).strip()


def test_engine_alone_works_and_imports_nothing_else(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-engine")
    assert say(python, ENGINE) == "2.3026 0.6000 -0.1600 {'micrograd'}"


def test_engine_alone_misses_nn_cleanly(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-engine")
    assert say(python, MISSING) == "micrograd.nn No module named 'micrograd.nn'"


def test_the_compiler_names_what_it_needs(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-engine")
    program = "try: import micrograd.engine.jit\nexcept ImportError as error: print(error)"
    assert say(python, program) == "micrograd.engine.jit needs numpy and llvmlite: pip install numpy llvmlite"


@CHECKERS
def test_downstream_project_type_checks(
    checker: str, option: str, fresh_python: Callable[..., Path], tmp_path: Path
) -> None:
    python = fresh_python("micrograd-nn")
    project = shutil.copytree(DOWNSTREAM, tmp_path / "project")
    run(sys.executable, "-m", checker, option, python, "parabola.py", "points.py", cwd=project)


@CHECKERS
def test_downstream_report_type_checks(checker: str, option: str, tmp_path: Path) -> None:
    """With this Python, which has pandas and matplotlib."""
    project = shutil.copytree(DOWNSTREAM, tmp_path / "project")
    run(sys.executable, "-m", checker, option, sys.executable, "report.py", cwd=project)


def test_downstream_project_trains(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-nn")
    assert run(python, "-I", "-W", "error", DOWNSTREAM / "parabola.py").strip() == PARABOLA


def test_downstream_project_trains_for_real(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-nn")
    assert run(python, "-I", "-W", "error", DOWNSTREAM / "points.py").strip() == POINTS


def test_downstream_project_trains_compiled() -> None:
    assert run(sys.executable, "-W", "error", DOWNSTREAM / "points.py", "jit").strip() == POINTS


def test_downstream_project_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    assert run(sys.executable, "-W", "error", DOWNSTREAM / "report.py").strip() == REPORT.strip()


def test_viz_works_without_nn(fresh_python: Callable[..., Path]) -> None:
    assert say(fresh_python("micrograd-viz"), PICTURE) == "2 2 digraph <svg"


def test_all_three_share_the_namespace(fresh_python: Callable[..., Path]) -> None:
    python = fresh_python("micrograd-engine", "micrograd-nn", "micrograd-viz")
    assert say(python, NAMESPACE) == "None"
    assert say(python, ALL_THREE) == "ReLUNeuron(2) 0.3686 True"


def version_of(package: Path) -> Version:
    return Version(tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def engines(name: str) -> dict[str, Version]:
    """The versions at the ends of the range of engines that a distribution allows. The newest one is that of here."""
    project = tomllib.loads((ROOT / "packages" / name / "pyproject.toml").read_text("utf-8"))["project"]
    (allowed,) = (Requirement(need).specifier for need in project["dependencies"])
    (oldest,) = (Version(bound.version) for bound in allowed if bound.operator == ">=")
    newest = version_of(ENGINE_HERE)
    assert newest in allowed, f"{name} does not allow the engine beside it: {newest} is not in {allowed}"
    return {"oldest": oldest, "newest": newest}


def build_tagged(version: Version, folder: Path) -> None:
    """Build the engine of a version from its tag."""
    tag = f"micrograd-engine-v{version.major}.{version.minor}.{version.micro}"
    assert tag in run("git", "tag", "--list", cwd=ROOT).split(), (
        f"engine {version} is allowed and has no tag {tag} to build it from: raise the bound, or `git fetch --tags`"
    )
    run("git", "archive", "--output", folder / "engine.tar", f"{tag}:packages/micrograd-engine", cwd=ROOT)
    with tarfile.open(folder / "engine.tar") as archive:
        archive.extractall(folder / "engine", filter="data")
    build(folder / "engine", folder)


@pytest.mark.parametrize("end", ["oldest", "newest"])
@pytest.mark.parametrize("name", ["micrograd-nn", "micrograd-viz"])
def test_works_with_the_engines_that_it_allows(
    name: str, end: str, dist: Path, fresh_python: Callable[..., Path], tmp_path: Path
) -> None:
    engine = engines(name)[end]
    wheels = dist
    if engine != version_of(ENGINE_HERE):
        wheels = tmp_path
        build_tagged(engine, wheels)
        shutil.copy(next(dist.glob(f"{name.replace('-', '_')}-*.whl")), wheels)

    python = fresh_python(name, f"micrograd-engine=={engine}", find_links=wheels)
    if name == "micrograd-nn":
        assert run(python, "-I", "-W", "error", DOWNSTREAM / "parabola.py").strip() == PARABOLA
    else:
        assert say(python, PICTURE) == "2 2 digraph <svg"
