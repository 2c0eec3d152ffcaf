"""The examples on their pages: what a command on a page prints and draws, and the code behind it.

A block such as `python examples/xor.py` on a page of theirs is run when the site is built, in a folder of its own. Its
output is put below it, and the picture that it wrote. `<!-- code: xor -->`, on any page, is replaced by the example's
code, and `<!-- picture: xor -->`, which the gallery uses, by what the first command on the page of that example draws.
A longer example is shown in parts, `<!-- code: microgpt, part 2 -->`: one begins where a comment stands alone, as
headings do.
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

import pictures
from tools import inlining

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"^```console\n(python examples/(\w+)\.py.*)\n```\n", re.MULTILINE)
CODE = re.compile(r"^<!-- code: ([\w/]+)(?:, part (\d))? -->$", re.MULTILINE)
HEADING = re.compile(r"^(?=# .+\n\n)", re.MULTILINE)
PICTURE = re.compile(r"<!-- picture: (\w+) -->")


class Run(NamedTuple):
    """What came of a command: what it printed, and its picture as HTML."""

    output: str
    picture: str


runs: dict[str, Run] = {}  # by their commands
drawn: dict[str, str] = {}  # the pictures of the gallery, by the names of the examples


def on_pre_build(config: MkDocsConfig) -> None:
    """Run every command of every page once, several at a time."""
    texts = {path.stem: path.read_text("utf-8") for path in Path(config.docs_dir, "examples").glob("*.md")}
    found = {name: dict(COMMAND.findall(text)) for name, text in texts.items()}
    commands = {command: name for of_page in found.values() for command, name in of_page.items()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs.update(zip(commands, pool.map(run, commands, commands.values()), strict=True))
    drawn.update({name: runs[next(iter(of_page))].picture for name, of_page in found.items() if of_page})


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Put in the code that the page asks for, and what came of its commands."""
    if page.file.src_uri.startswith("examples/"):
        page.meta["hide"] = ["toc"]  # which leaves its room to the code
        markdown = COMMAND.sub(lambda block: shown(block[0], runs[block[1]]), markdown)
    return CODE.sub(lambda mark: f"```python\n{code(mark[1], mark[2])}\n```", markdown)


def on_page_content(content: str, **_: object) -> str:
    """Put in the pictures of the gallery: Markdown, in which they are among text, would take `$` for mathematics."""
    return PICTURE.sub(lambda mark: drawn[mark[1]], content)


def run(command: str, name: str) -> Run:
    """Run a command in a folder of its own.

    Raises:
        PluginError: If it fails, or draws nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        arguments = [sys.executable, source(name), *command.split()[2:]]
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
        picture = Path(folder, "out", f"{name}.svg")
        if done.returncode or not picture.exists():
            raise PluginError(f"{command} failed, or wrote no out/{name}.svg:\n{done.stderr}")
        svg = inlining.inline(picture.read_text("utf-8"))
    return Run(done.stdout, pictures.plot(svg))


def source(name: str) -> Path:
    """The file of an example."""
    return ROOT / "examples" / f"{name}.py"


def code(name: str, part: str | None) -> str:
    """The code of an example, or one of its parts, counted from 1."""
    everything = source(name).read_text("utf-8")
    return everything.rstrip() if part is None else parts(everything)[int(part) - 1]


def parts(everything: str) -> list[str]:
    """The code of an example in parts, each of which begins with its heading."""
    return [part.rstrip() for part in HEADING.split(everything)]


def shown(command: str, run: Run) -> str:
    """A command, its output, and its picture."""
    return f"{command}\n```text\n{run.output}```\n\n{run.picture}\n"
