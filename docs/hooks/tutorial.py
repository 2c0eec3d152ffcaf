"""The tutorial: each chapter begins with the code so far, and all of them are there to download as a notebook."""

import re
import textwrap

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools import chapters, notebook


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the notebook to the site."""
    files.append(File.generated(config, notebook.NOTEBOOK.name, content=notebook.notebook(config.site_url or "")))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put what a chapter builds on before its first section."""
    if not page.file.src_uri.startswith("tutorial/"):
        return markdown
    code = chapters.code_so_far(f"{page.file.name}.md")
    return re.sub(r"\n## ", lambda _: f"\n{folded(code)}## ", markdown, count=1) if code else markdown


def folded(code: str) -> str:
    """Code in a box that is closed at first."""
    block = textwrap.indent(f"```python\n{code}\n```\n", "    ")
    return f'??? abstract "The code so far"\n\n{block}\n'
