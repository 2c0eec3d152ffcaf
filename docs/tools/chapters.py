"""The chapters of the tutorial, and the code of earlier ones that each builds on."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from pathlib import Path

from pages import Answer, Code, Part, parts

FOLDER = Path(__file__).parents[1] / "tutorial"
PAGES = [FOLDER / "index.md", *sorted(page for page in FOLDER.glob("*.md") if page.stem != "index")]
"""The first page, and the chapters in their order."""


def code_so_far(name: str) -> str:
    """What the page `name` of the tutorial needs of the chapters before it."""
    *earlier, page = up_to(name)
    return code_before(page, earlier)


def all_so_far(name: str, without: set[str]) -> str:
    """Everything that the tutorial has defined at the end of the page `name`, but for some names."""
    code = code_of(up_to(name))
    return written(code, (statement for name, statement in last_defined(code).items() if name not in without))


def defined_so_far(name: str, names: set[str]) -> str:
    """What the tutorial has defined under some of its names at the end of the page `name`."""
    code = code_of(up_to(name))
    return written(code, (statement for name, statement in last_defined(code).items() if name in names))


def up_to(name: str) -> list[list[Part]]:
    """The parts of the pages of the tutorial, as far as the page `name`."""
    last = [page.name for page in PAGES].index(name)
    return [parts(page.read_text("utf-8")) for page in PAGES[: last + 1]]


def code_before(page: list[Part], earlier: list[list[Part]]) -> str:
    """The imports, functions and classes of the earlier chapters that a chapter needs, each as it was last defined.

    What its answers define is there to be written, so it is not here unless the chapter itself needs it.
    """
    code = code_of(earlier)
    defined = last_defined(code)
    answers = "".join(part.code for part in code_of_answers(page))
    needed: set[str] = set()
    todo = names(code_of([page])) | names(answers).difference(last_defined(answers))
    while todo:
        needed |= todo
        todo = {used for name in todo if name in defined for used in names(ast.unparse(defined[name]))} - needed
    return written(code, (statement for name, statement in defined.items() if name in needed))


def code_of(pages: list[list[Part]]) -> str:
    """The code of several pages, without their answers."""
    return "".join(part.code for page in pages for part in page if isinstance(part, Code))


def last_defined(code: str) -> dict[str, ast.stmt]:
    """The last definition of each name, in their order."""
    defined: dict[str, ast.stmt] = {}
    for statement in ast.parse(code).body:
        for name in defined_by(statement):
            defined.pop(name, None)
            defined[name] = statement
    return defined


def written(code: str, statements: Iterable[ast.stmt]) -> str:
    """Some of the statements of code, the imports first."""
    lines = re.sub(r"  # new.*", "", code).split("\n")
    sources = [
        "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
        for statement in dict.fromkeys(statements)  # an import may bring several names
    ]
    imports = [source for source in sources if source.startswith(("import ", "from "))]
    return "\n\n\n".join(["\n".join(imports), *(source for source in sources if source not in imports)]).lstrip()


def defined_by(statement: ast.stmt) -> list[str]:
    """The names that an import, a function or a class brings; none for other statements."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return [statement.name] if isinstance(statement, ast.FunctionDef | ast.ClassDef) else []


def code_of_answers(page: list[Part]) -> Iterator[Code]:
    """The code of the answers of a page."""
    for answer in page:
        if isinstance(answer, Answer):
            yield from (part for part in parts(answer.markdown) if isinstance(part, Code))


def names(code: str) -> set[str]:
    """The names that code uses and does not find in its own functions."""

    def used(scope: symtable.SymbolTable) -> Iterator[str]:
        outermost = scope.get_type() == "module"
        for symbol in scope.get_symbols():
            if symbol.is_referenced() and (outermost or symbol.is_global()):
                yield symbol.get_name()
        for inner in scope.get_children():
            yield from used(inner)

    return set(used(symtable.symtable(code, "", "exec")))
