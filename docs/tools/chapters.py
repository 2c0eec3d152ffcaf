"""The chapters of the tutorial, and the code of earlier ones that each builds on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pages import Answer, Code, Part, parts

FOLDER = Path(__file__).parents[1] / "tutorial"
PAGES = [FOLDER / "index.md", *sorted(FOLDER.glob("[0-9]*.md"))]
"""The first page, and the chapters in their order."""


def code_so_far(name: str) -> str:
    """What the page `name` of the tutorial needs of the chapters before it."""
    pages = {path.name: parts(path.read_text("utf-8")) for path in PAGES}
    names = list(pages)
    return code_before(pages[name], [pages[earlier] for earlier in names[: names.index(name)]])


def code_before(page: list[Part], earlier: list[list[Part]]) -> str:
    """The imports, functions and classes of the earlier chapters that a chapter needs, each as it was last defined."""
    code = "".join(part.code for chapter in earlier for part in chapter if isinstance(part, Code))
    defined: dict[str, ast.stmt] = {}
    for statement in ast.parse(code).body:
        for name in defined_by(statement):
            defined.pop(name, None)
            defined[name] = statement
    needed: set[str] = set()
    todo = names(ast.parse("".join(part.code for part in all_code(page))))
    while todo:
        needed |= todo
        todo = {used for name in todo if name in defined for used in names(defined[name])} - needed
    statements = dict.fromkeys(statement for name, statement in defined.items() if name in needed)
    sources = [re.sub(r"  # new.*", "", ast.get_source_segment(code, statement) or "") for statement in statements]
    imports = [source for source in sources if source.startswith(("import ", "from "))]
    return "\n\n\n".join(["\n".join(imports), *(source for source in sources if source not in imports)]).lstrip()


def defined_by(statement: ast.stmt) -> list[str]:
    """The names that an import, a function or a class brings; none for other statements."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return [statement.name] if isinstance(statement, ast.FunctionDef | ast.ClassDef) else []


def all_code(page: list[Part]) -> Iterator[Code]:
    """The code of a page and of its answers."""
    for part in page:
        if isinstance(part, Code):
            yield part
        elif isinstance(part, Answer):
            yield from all_code(parts(part.markdown))


def names(tree: ast.AST) -> set[str]:
    """All names that code mentions."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
