"""The Python of the READMEs and of the documentation runs, and prints what the text says.

What a line prints stands behind it, `print(f"{g.data:.4f}")  # 24.7041`, or in a block of text below the code. A block
of a README runs by itself, ready to be copied; those of a page of the documentation continue each other. The tutorial
has tests of its own.
"""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]
PAGES = sorted(
    set(ROOT.glob("docs/**/*.md")) - set(ROOT.glob("docs/tutorial/*")) - set(ROOT.glob("docs/node_modules/**/*"))
)
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$(?:\n\n```text\n(?P<output>.*?)^```$)?", re.DOTALL | re.MULTILINE)
PROMISE = re.compile(r"^ *print\(.*\)  # (.+)$", re.MULTILINE)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[re.Match[str]]:
    return list(BLOCK.finditer(page.read_text("utf-8")))


EXAMPLES = [
    *((f"{name(page)}-{i}", page, [block]) for page in READMES for i, block in enumerate(blocks(page), start=1)),
    *((name(page), page, blocks(page)) for page in PAGES if blocks(page)),
]


def in_place(example: list[re.Match[str]]) -> str:
    """The code, on the lines where the page has it, so that an error points into the page."""
    code = ""
    for block in example:
        lines_above = block.string.count("\n", 0, block.start("code"))
        code += "\n" * (lines_above - code.count("\n")) + block["code"]
    return code


def promised(block: re.Match[str]) -> list[str]:
    return PROMISE.findall(block["code"]) + (block["output"] or "").splitlines()


@pytest.mark.parametrize(("page", "example"), [pytest.param(*rest, id=id) for id, *rest in EXAMPLES])
def test_code_prints_what_the_text_says(
    page: Path, example: list[re.Match[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = compile(in_place(example), page, "exec")
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {"__name__": "__main__"})
    assert printed.getvalue().splitlines() == [line for block in example for line in promised(block)]


@pytest.mark.parametrize("page", [*READMES, *PAGES], ids=name)
def test_no_block_is_overlooked(page: Path) -> None:
    assert len(blocks(page)) == page.read_text("utf-8").count("```py")


@pytest.mark.parametrize("page", READMES, ids=name)
def test_readme_has_an_example(page: Path) -> None:
    assert blocks(page)


def test_classic_example_prints_the_classic_numbers() -> None:
    assert promised(blocks(ROOT / "README.md")[0]) == ["24.7041", "138.8338", "645.5773"]
