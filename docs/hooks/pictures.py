"""Pictures in the pages. What a block of code ends in is shown below it, as a notebook shows it.

A block that ends in a bare `draw(...)` or `film(...)` is followed by that drawing or film, made while the site is
built. The blocks of a page continue each other, and only pages with such a block are run.
"""

import ast
import contextlib
import io
import re
import tempfile
from types import CodeType
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from micrograd.viz.style import DARK, LIGHT

BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```$\n", re.DOTALL | re.MULTILINE)
COLOURS = "stylesheets/pictures.css"


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Give pictures the colours of the page around them, which a reader may switch."""
    rules = []
    for scheme, colours in {"default": LIGHT, "slate": DARK}.items():
        properties = "".join(f"--{name}:{colour};" for name, colour in colours.items())
        rules.append(f"[data-md-color-scheme={scheme}] .micrograd{{{properties}}}")
    files.append(File.generated(config, COLOURS, content="\n".join(rules)))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    """Run the page's code, and put each picture below the block that made it."""
    if page.file.src_uri.startswith("tutorial/"):
        return None  # its chapters build on each other, and are run as a whole
    blocks = {block.start(): split(block["code"], page.file.src_uri) for block in BLOCK.finditer(markdown)}
    if not any(shown for _, shown in blocks.values()):
        return None
    names: dict[str, Any] = {"__name__": "__main__"}
    films = 0

    def followed_by_its_picture(block: re.Match[str]) -> str:
        nonlocal films
        code, shown = blocks[block.start()]
        exec(code, names)
        picture = eval(shown, names) if shown else None
        if picture is None:
            return block[0]
        if hasattr(picture, "svg"):
            return f"{block[0]}\n{figure(picture.svg)}\n"
        films += 1
        uri = page.file.src_uri.removesuffix(".md") + f"-film-{films}.html"
        files.append(File.generated(config, uri, content=picture.html))
        up = "../" * page.url.count("/")
        source = up + uri + "#play" * page.is_homepage
        return f'{block[0]}\n<iframe class="film" src="{source}" title="A film of the graph of this code"></iframe>\n'

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        return BLOCK.sub(followed_by_its_picture, markdown)


def figure(svg: str) -> str:
    """A drawing in a page. The style sheet has to know how wide it is by itself."""
    width = re.search(r"width='([\d.]+)'", svg)
    assert width, "a drawing says how wide it is"
    style = f"--width: {width[1]}px"
    return f'<figure class="drawing" style="{style}" tabindex="0" data-search-exclude>\n{svg}</figure>'


def split(code: str, path: str) -> tuple[CodeType, CodeType | None]:
    """The statements of a block, and apart from them the picture it ends in, if it does."""
    tree = ast.parse(code, path)
    match tree.body:
        case [*_, ast.Expr(ast.Call(ast.Name("draw" | "film"))) as last]:
            tree.body.pop()
            return compile(tree, path, "exec"), compile(ast.Expression(last.value), path, "eval")
    return compile(tree, path, "exec"), None
