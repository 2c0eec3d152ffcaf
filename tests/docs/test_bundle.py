"""The site to take along: every link of its pages leads to a file of it, as it has to from a disk."""

import json
import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest

import bundle


class Links(HTMLParser):
    """The addresses in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, _: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


@pytest.fixture(scope="module")
def archive(site: Path) -> ZipFile:
    """The bundle that the site offers."""
    return ZipFile(site / "micrograd-docs.zip")


def test_every_link_leads_to_a_file(archive: ZipFile) -> None:
    names = set(archive.namelist())
    links = [
        (page, posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(urlsplit(link).path))))
        for page in names
        if page.endswith(".html")
        for link in Links(archive.read(page).decode()).found
        if not urlsplit(link).scheme and urlsplit(link).path
    ]
    assert len(links) > 1000
    assert {(page, link) for page, link in links if link not in names} == set()


def test_results_of_the_search_are_files(archive: ZipFile) -> None:
    index = json.loads(archive.read("micrograd-docs/search/search_index.json"))
    found = {document["location"].partition("#")[0] for document in index["docs"]}
    assert "tutorial/03-chain-rule/index.html" in found
    assert {f"micrograd-docs/{location}" for location in found} <= set(archive.namelist())
    script = archive.read("micrograd-docs/search/search_index.js").decode()
    assert json.loads(script.removeprefix("var __index = ")) == index


def test_it_is_in_one_folder_and_holds_nothing_that_only_a_server_needs(archive: ZipFile) -> None:
    names = archive.namelist()
    assert {name.partition("/")[0] for name in names} == {"micrograd-docs"}
    assert not any(name.endswith((".zip", "404.html", "sitemap.xml")) for name in names)
    assert b"micrograd-docs.zip" not in archive.read("micrograd-docs/index.html")


def test_it_is_the_same_for_the_same_site(archive: ZipFile, site: Path) -> None:
    assert bundle.bundle(site) == Path(archive.filename).read_bytes()


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("..", "../index.html"),
        (".", "./index.html"),
        ("../b/", "../b/index.html"),
        ("../b/?q=1#x", "../b/index.html?q=1#x"),
        ("../b/#x?y", "../b/index.html#x?y"),
        ("#x", "#x"),
        ("../b/file.py", "../b/file.py"),
        ("https://example.org/", "https://example.org/"),
        ("mailto:b/", "mailto:b/"),
    ],
)
def test_a_link_to_a_folder_leads_to_the_page_in_it(tmp_path: Path, link: str, leads_to: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    html = '<a class="x" href="{}" title="y">z</a> a href="b/"'
    assert bundle.page("a/index.html", html.format(link), tmp_path) == html.format(leads_to)
