"""Every Python block of the READMEs and the documentation runs by itself, and prints what its comments say.

What a line prints stands behind it: `print(f"{g.data:.4f}")  # 24.7041`.
"""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("packages/*/README.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROMISE = re.compile(r"^ *print\(.*\)  # (.+)$", re.MULTILINE)

BLOCKS = [
    pytest.param(page, match[1], match.start(1), id=f"{page.relative_to(ROOT)}-{number}")
    for page in PAGES
    for number, match in enumerate(BLOCK.finditer(page.read_text("utf-8")), start=1)
]


@pytest.mark.parametrize(("page", "block", "start"), BLOCKS)
def test_block_prints_what_it_says(
    page: Path, block: str, start: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_above = page.read_text("utf-8").count("\n", 0, start)
    code = compile("\n" * lines_above + block, page, "exec")  # so that an error points into the page
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {"__name__": "__main__"})
    assert printed.getvalue().splitlines() == PROMISE.findall(block)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *ROOT.glob("packages/*/README.md")], ids=lambda page: page.parent.name
)
def test_readme_has_an_example(page: Path) -> None:
    assert BLOCK.search(page.read_text("utf-8"))


def test_classic_example_prints_the_classic_numbers() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert PROMISE.findall(readme)[:3] == ["24.7041", "138.8338", "645.5773"]
