"""The built site holds what it should, and leads nowhere that is not there."""

import json
import posixpath
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zlib import decompress

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).parents[2]
PACKAGES = ["micrograd.engine", "micrograd.engine.jit", "micrograd.nn", "micrograd.viz"]
FETCHED = {"src", "srcset", "poster", "data"}  # attributes that make a browser ask for something at once


class Page(HTMLParser):
    """What a page points to, and what one can point to in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in FETCHED | {"href"}:
                self.links.append(value)
            if value and (name in FETCHED or (tag == "link" and name == "href" and ("rel", "canonical") not in attrs)):
                self.fetched.append(value)
            if value and name in ("id", "name"):
                self.anchors.add(value)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """All pages by their path, such as `how-to/pytorch/index.html`. That of a missing page may be shown anywhere."""
    found = {path.relative_to(site).as_posix(): Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    del found["404.html"]
    return found


def target(page: str, link: str) -> tuple[str, str]:
    """The file that a relative link leads to, and the anchor in it."""
    parts = urlsplit(link)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    return posixpath.join(path, "index.html") if parts.path.endswith(("/", ".")) else path, unquote(parts.fragment)


def test_every_link_leads_somewhere(site: Path, pages: dict[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme:
                continue
            path, anchor = target(name, link)
            settings = "=" in anchor or link in page.fetched  # of a page that reads its address, such as the playground
            if not (site / path).is_file() or (path in pages and not settings and anchor not in pages[path].anchors):
                broken.append((name, link))
    assert broken == []


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> MkDocsConfig:
    """What the site is built with, where these variables are set."""
    for name in ("DOCS_SITE_URL", "DOCS_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    config = load_config(str(ROOT / "mkdocs.yml"))
    return config.plugins.on_config(config)


@pytest.mark.parametrize("unknown", [{}, {"DOCS_SITE_URL": "", "DOCS_REPOSITORY": ""}])
def test_a_site_that_knows_no_address_names_none(monkeypatch: pytest.MonkeyPatch, unknown: dict[str, str]) -> None:
    config = settings(monkeypatch, **unknown)
    assert not config.site_url
    assert config.extra["social"] == []
    assert "404.html" not in config.theme.static_templates  # its links could not know where the site begins


def test_a_site_names_the_addresses_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    config = settings(monkeypatch, DOCS_SITE_URL="https://docs.example/", DOCS_REPOSITORY="https://forge.example/o/n")
    assert config.site_url == "https://docs.example/"
    assert "404.html" in config.theme.static_templates
    assert [place["link"] for place in config.extra["social"]] == ["https://forge.example/o/n"]


def test_no_page_fetches_from_elsewhere(pages: dict[str, Page]) -> None:
    elsewhere = [
        (name, link)
        for name, page in pages.items()
        for link in page.fetched
        if urlsplit(link).scheme not in ("", "data")
    ]
    assert elsewhere == []


@pytest.mark.parametrize("package", PACKAGES)
def test_inventory_has_all_public_names(site: Path, package: str) -> None:
    *_, compressed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    documented = {line.split(" ", 1)[0] for line in decompress(compressed).decode().splitlines()}
    assert {f"{package}.{name}" for name in import_module(package).__all__} <= documented


def test_every_picture_is_there(site: Path) -> None:
    drawings = {
        path.parent.name: path.read_text("utf-8").count('<figure class="drawing"')
        for path in site.glob("explanation/*/index.html")
    }
    assert {name for name, count in drawings.items() if count} == {
        "accumulation",
        "higher-order",
        "many-nodes",
        "topological-sort",
    }
    assert 'class="film" src="index-film-1.html#autoplay"' in (site / "index.html").read_text("utf-8")
    assert (site / "index-film-1.html").read_text("utf-8").startswith("<!doctype html>")


def test_only_text_is_searched(site: Path) -> None:
    entries = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    texts = {entry["location"]: entry["text"] for entry in entries}
    assert any("chain rule" in text.lower() for text in texts.values())
    assert not any("svg" in text for place, text in texts.items() if place.startswith("explanation/acc"))
    assert not any("Source code in" in text for text in texts.values())
    assert "Spiral" not in texts["playground/training/"]  # an option of its form
    assert "∂" not in texts["explanation/accumulation/"]
