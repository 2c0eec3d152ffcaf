"""Pictures in the pages. What a block of code ends in is shown below it, as a notebook shows it.

The blocks of a page continue each other, and print what the page says. The chapters of the tutorial are run; of the
other pages those that show something: where a block ends in a bare `draw(...)`, `film(...)` or `plot_history(...)`, or
where `<!-- file: moons.c -->` stands for a file that the code before it wrote.
"""

import ast
import contextlib
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from micrograd.engine import Value, topological_order
from micrograd.viz import Drawing, draw
from micrograd.viz.style import DARK, LIGHT
from tools import chapters, pages

COLOURS = "stylesheets/pictures.css"
FILE = re.compile(r"^<!-- file: ([\w.]+) -->$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Give pictures the colours of the page around them, which a reader may switch."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in colours.items()) for colours in (LIGHT, DARK))
    pictures = ":is(.micrograd,.plot)"
    rules = f"""\
[data-md-color-scheme] {pictures}{{{light}}}
@media screen{{[data-md-color-scheme=slate] {pictures}{{{dark}}}}}
"""
    files.append(File.generated(config, COLOURS, content=rules))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    """Run the page's code, and put each picture below the block that made it.

    Raises:
        PluginError: If a block fails, or prints something else than the page says.
    """
    path = page.file.src_uri
    parts = pages.parts(markdown)
    is_chapter = path.startswith("tutorial/")
    shows = FILE.search(markdown) or any(shows_a_picture(part.code) for part in parts if isinstance(part, pages.Code))
    if not (is_chapter or shows):
        return None
    kinds: Counter[str] = Counter()

    def beside(kind: str, content: str) -> str:
        """The address of a page of its own that is put beside this one."""
        kinds[kind] += 1
        uri = f"{path.removesuffix('.md')}-{kind}-{kinds[kind]}.html"
        files.append(File.generated(config, uri, content=content))
        return "../" * page.url.count("/") + uri

    def html(picture: Any, block: pages.Code) -> str:
        """What shows a picture in the page: films, and drawings whose boxes open, are pages of their own in it."""
        if isinstance(picture, pages.Plot):
            return plot(picture.svg)
        if not hasattr(picture, "svg"):
            film = beside("film", picture.html) + "#autoplay" * page.is_homepage
            return framed(film, "A film of the graph of this code", last_frame(block.code, namespace))
        graph = beside("graph", picture.html)
        if picture.opens:
            return framed(graph, "The graph of this code, whose boxes open", picture)
        return drawing(picture.svg, graph)

    namespace: dict[str, Any] = {"__name__": "__main__"}
    shown = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        try:
            exec(chapters.code_so_far(page.file.name + ".md") if is_chapter else "", namespace)
            for part, pictures in pages.run(parts, namespace, path):
                shown += [FILE.sub(file, part.source), *(f"\n{html(picture, part)}\n" for picture in pictures)]
        except Exception as error:
            raise PluginError(f"{path}: {error}") from error
    return "".join(shown)


def file(mark: re.Match[str]) -> str:
    """A file that code has written, as a block."""
    language = "c" if mark[1].endswith((".c", ".h")) else ""
    return f"```{language}\n{Path(mark[1]).read_text('utf-8')}```"


def shows_a_picture(code: str) -> bool:
    """Whether a block ends in a drawing, a film or a plot."""
    match ast.parse(code).body:
        case [*_, ast.Expr(ast.Call(ast.Name("draw" | "film" | "plot_history")))]:
            return True
    return False


def plot(svg: str) -> str:
    """A plot in a page."""
    return f'<figure class="plot" data-search-exclude>{svg}</figure>'


def framed(address: str, title: str, printed: Drawing) -> str:
    """A page of its own in a page, and what is printed in its place."""
    frame = f'<iframe class="film" src="{address}" allow="fullscreen" title="{title}"></iframe>'
    return f'{frame}\n\n<figure class="on-paper" data-search-exclude>{printed.svg}</figure>'


def last_frame(code: str, namespace: dict[str, Any]) -> Drawing:
    """What the film that a block of code ends in shows at its end: the graph with all of its gradients."""
    film = ast.unparse(ast.parse(code).body[-1])
    return eval(film, namespace | {"film": with_gradients})


def with_gradients(root: Value, labels: Any = None) -> Drawing:
    """A drawing of a graph as `backward` leaves it, higher than wide. The gradients of the Values do not change."""
    before = [(node, node.grad) for node in topological_order(root)]
    for node, _ in before:
        node.grad = 0.0
    root.backward()
    picture = draw(root, labels, "TB")
    for node, grad in before:
        node.grad = grad
    return picture


def drawing(svg: str, address: str) -> str:
    """A drawing in a page, where it is small on a phone. It leads to a page that is all its own."""
    return f'<figure class="drawing" data-search-exclude><a href="{address}">\n{svg}</a></figure>'
