"""Brings to the playground what it runs on: Pyodide and the editor from npm, and wheels: our three, and its plots.

Its modules become two scripts, one for the pages and one for the worker, with what they import from npm: browsers
import no module from a disk. None of it is kept in git. Where npm is missing the site is built without a playground,
and its pages say why; on CI, where the environment variable CI is set, that is an error.
"""

import ast
import hashlib
import html
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from npm import CACHE, DOCS, MissingError, packages, run

ROOM = DOCS / "playground"
LIBRARY = "python_stdlib.zip"
INTERPRETER = "pyodide.asm.wasm"
PAGE, WORKER = "mount.js", "worker.js"
EXAMPLES = "<!-- examples -->"
PAGES = ("playground/index.md", "playground/training.md")

missing = ""
log = logging.getLogger("mkdocs.hooks.playground")


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add everything that a browser fetches when somebody presses Run."""
    global missing
    try:
        assets = collected()
        missing = ""
    except MissingError as error:
        if os.environ.get("CI"):
            raise PluginError(f"the playground cannot be built: {error}") from error
        missing = str(error)
        log.info("the site is built without its playground: %s", missing)
        return
    for name, content in assets.items():
        file = File.generated(config, f"playground/{name}", content=content, inclusion=InclusionLevel.INCLUDED)
        if not_a_page := files.get_file_from_path(file.src_uri):
            files.remove(not_a_page)
        files.append(file)
    config.extra_javascript.append(f"playground/{PAGE}")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the examples into the page, or what is missing in its place."""
    if missing and page.file.src_uri in PAGES:
        title = markdown.partition("# ")[2].partition("\n")[0]
        return f'# {title}\n\n!!! warning "Not in this build"\n    Python could not be built into the site: {missing}\n'
    return markdown.replace(EXAMPLES, "".join(map(option, sorted(ROOM.glob("examples/*.py")))))


def option(example: Path) -> str:
    """An example to pick, called by its docstring. Its file is named by its place and by what addresses call it."""
    code = example.read_text("utf-8")
    title = ast.get_docstring(ast.parse(code)).removesuffix(".")
    key = f"example={example.stem.partition('_')[2]}"
    text = html.escape(code).replace("\n", "&#10;")
    return f'<option value="{key}" data-code="{text}">{html.escape(title)}</option>'


def collected() -> dict[str, bytes]:
    """The files to serve beside the pages, by their names.

    Raises:
        MissingError: If npm or node is missing or fails.
    """
    installed = packages()
    pyodide = installed / "pyodide"
    needed = {
        f"pyodide/{INTERPRETER}": (pyodide / INTERPRETER).read_bytes(),
        f"pyodide/{LIBRARY}": compiled_library(pyodide).read_bytes(),
    }
    needed |= {path.name: path.read_bytes() for path in ROOM.glob("*.py")}
    needed |= {f"wheels/{wheel}": content for wheel, content in wheels().items()}
    sizes = {name: len(content) for name, content in needed.items()}
    return needed | {
        "assets.json": json.dumps(sizes).encode(),
        PAGE: script(PAGE, installed, "--format=iife", "--loader:.css=text"),
        WORKER: script(WORKER, installed, "--format=esm", "--external:node:*"),
    }


def script(name: str, installed: Path, *options: str) -> bytes:
    """A module with all that it imports, as one script."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, name)
        bundle = (installed / "esbuild" / "bin" / "esbuild", ROOM / name, "--bundle", "--minify", f"--outfile={made}")
        run("node", *map(str, bundle), *options, folder=Path(folder), NODE_PATH=str(installed))
        return made.read_bytes()


def compiled_library(pyodide: Path) -> Path:
    """Python's standard library, with bytecode of what is always imported."""
    recipe = DOCS / "hooks" / "stdlib.mjs"
    target = pyodide.with_name(f"stdlib-{hashlib.sha256(recipe.read_bytes()).hexdigest()[:16]}.zip")
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            made = Path(folder, LIBRARY)
            run("node", str(recipe), str(pyodide), str(made), folder=Path(folder))
            made.rename(target)
    return target


def wheels() -> dict[str, bytes]:
    """The wheels of the three distributions as they are now, and of the playground's plots.

    Raises:
        PluginError: If one cannot be built.
    """
    with tempfile.TemporaryDirectory() as folder:
        for project in [*sorted((DOCS.parent / "packages").iterdir()), ROOM / "plots"]:
            command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
            built = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
            if built.returncode:
                raise PluginError(f"the wheel of {project.name} cannot be built: {built.stderr}")
        return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.whl"))}
