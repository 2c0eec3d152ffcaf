"""The Python of the READMEs and of the documentation runs, and prints what the text says.

A block of a README runs by itself, ready to be copied; those of a page of the documentation continue each other. The
tutorial has tests of its own. A graph that is drawn, filmed or explained, on the pages or in an example of the
playground, has a gradient that is not 0: there is something to see.
"""

import ast
from pathlib import Path

import pytest

from micrograd.engine import Value, grad, topological_order
from pages import Code, parts, run

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]
PAGES = sorted(
    set(ROOT.glob("docs/**/*.md")) - set(ROOT.glob("docs/tutorial/*")) - set(ROOT.glob("docs/node_modules/**/*"))
)
SHOWN = {"draw": 0, "film": 0, "explain": 1}  # the argument that is the end of a graph


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Code]:
    return [part for part in parts(page.read_text("utf-8")) if isinstance(part, Code)]


EXAMPLES = [
    *((f"{name(page)}-{i}", page, [block]) for page in READMES for i, block in enumerate(blocks(page), start=1)),
    *((name(page), page, blocks(page)) for page in PAGES if blocks(page)),
]


def shown(code: str, names: dict[str, object]) -> list[Value]:
    """The ends of the graphs that code shows; `names` are those that it left behind."""
    calls = [
        node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and ast.unparse(node.func) in SHOWN
    ]
    return [eval(ast.unparse(call.args[SHOWN[ast.unparse(call.func)]]), names) for call in calls]


def is_alive(root: Value) -> bool:
    """Whether anything before the end of a graph has a gradient."""
    return any(gradient.data != 0 for gradient in grad(root, topological_order(root)[:-1]))


@pytest.mark.parametrize(("page", "example"), [pytest.param(*rest, id=id) for id, *rest in EXAMPLES])
def test_code_prints_what_the_text_says(
    page: Path, example: list[Code], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    monkeypatch.chdir(tmp_path)
    list(run(example, names, str(page)))
    assert all(is_alive(root) for block in example for root in shown(block.code, names))


@pytest.mark.parametrize("name", ["1_gradient", "2_film", "3_twice", "4_neuron", "7_second"])
def test_what_the_playground_shows_is_alive(name: str) -> None:
    code = (ROOT / "docs/playground/examples" / f"{name}.py").read_text("utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    exec(code, names)
    roots = shown(code, names)
    assert roots
    assert all(map(is_alive, roots))


def test_a_dead_neuron_is_found() -> None:
    code = "y = (Value(-1.0) * 2.0).relu()\ndraw(y, labels={'y': y})"
    names: dict[str, object] = {"Value": Value, "draw": lambda *_, **__: None}
    exec(code, names)
    (root,) = shown(code, names)
    assert not is_alive(root)


@pytest.mark.parametrize("page", [*READMES, *PAGES], ids=name)
def test_no_block_is_overlooked(page: Path) -> None:
    assert len(blocks(page)) == page.read_text("utf-8").count("```py")


@pytest.mark.parametrize("page", READMES, ids=name)
def test_readme_has_an_example(page: Path) -> None:
    assert blocks(page)


def test_classic_example_prints_the_classic_numbers() -> None:
    assert blocks(ROOT / "README.md")[0].promised == "24.7041\n138.8338\n645.5773\n"
