"""The site to take along, as a file of the site."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from tools import bundle


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Keep a place for it, to which pages can link."""
    files.append(File.generated(config, f"{bundle.NAME}.zip", content=b""))


@event_priority(-100)  # when all else is written
def on_post_build(config: MkDocsConfig) -> None:
    """Fill its place."""
    site = Path(config.site_dir)
    (site / f"{bundle.NAME}.zip").write_bytes(bundle.bundle(site))
