"""The site works in any folder of any host, and unzipped on a disk: its pages ask nobody else for anything."""

import json
import re
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

import notebook
from playgrounds import Playground


@pytest.fixture(scope="module")
def in_a_folder(site, serve):
    with serve(site, "localhost", "/a/b/") as address:
        yield address


@pytest.fixture(scope="module")
def on_a_disk(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("on a disk")
    ZipFile(site / "micrograd-docs.zip").extractall(folder)
    return f"file://{quote(str(folder))}/micrograd-docs/"


@pytest.fixture(scope="module", params=["in_a_folder", "on_a_disk"])
def place(request, site):
    if not (site / "playground" / "assets.json").is_file():
        pytest.skip("no npm, or it failed, so that the site has no playground: apt-get install npm")
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def window(browser, place):
    """One window for all that is tried; fails in the end if a page asked somebody else, or complained."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    own = (place, "data:", "blob:", "about:")
    context.on("request", lambda request: request.url.startswith(own) or complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


def follow(page, name):
    """Click a link of the theme, and wait for its page."""
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.locator("h1")).to_be_visible()


def test_pages_are_reached_by_links(window, place):
    window.goto(f"{place}index.html")
    frame = window.frame_locator("iframe.film").first
    frame.get_by_role("button", name="Next step").click()
    expect(frame.get_by_text(re.compile("1 of 10"))).to_be_visible()
    follow(window, "Tutorial")
    follow(window, "3. The chain rule")
    assert window.url.startswith(f"{place}tutorial/03-chain-rule/")
    follow(window, "Home")
    assert window.url in (place, f"{place}index.html")


def test_the_search_finds_a_page(window, place):
    window.goto(f"{place}how-to/save-and-load/index.html")
    window.keyboard.press("f")
    window.keyboard.type("chain rule")
    window.locator(".md-search-result__link").first.click()
    expect(window.locator("h1")).to_contain_text("chain rule")
    assert window.url.startswith(f"{place}tutorial/03-chain-rule/")


def test_the_playground_runs_code(window, place):
    window.goto(f"{place}playground/index.html")
    playground = Playground(window)
    code = "from micrograd.engine import Value\nfrom micrograd.viz import draw\nprint(1)\ndraw(Value(2.0))"
    assert playground.run(code) == "1"
    paper = playground.output.frame_locator("iframe.picture").locator(".paper")
    expect(paper).to_have_css("fill", "rgb(255, 255, 255)")  # so the colours of the page have reached it


def test_the_playground_opens_a_part_of_a_chapter_and_leads_back(window, place):
    window.goto(f"{place}tutorial/03-chain-rule/index.html")
    window.locator("p.in-playground a").first.click()
    playground = Playground(window)
    expect(playground.editor).not_to_have_value("")
    playground.run()
    window.get_by_role("navigation", name="Lesson").get_by_role("link", name="3. The chain rule").click()
    expect(window.locator("h1")).to_contain_text("chain rule")


def test_the_training_view_trains(window, place):
    window.goto(f"{place}playground/training/index.html")
    window.get_by_label("Noise").select_option("0.2")
    assert "noise=0.2" in window.url
    window.get_by_role("button", name="Start").click()
    window.wait_for_function("document.querySelector('[data-part=epoch]').textContent > 2", timeout=60_000)


def test_a_downloaded_notebook_leads_back_to_the_site_that_it_came_from(browser, in_a_folder):
    page = browser.new_page()
    knows_no_address = notebook.notebook("")
    page.route("**/*.ipynb", lambda route: route.fulfill(body=knows_no_address, content_type="application/json"))
    page.goto(f"{in_a_folder}tutorial/index.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="autograd_build_along.ipynb").click()
    cells = json.loads(download.value.path().read_text("utf-8"))["cells"]
    page.close()
    text = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert f"]({in_a_folder}reference/nn/index.html)" in text
    assert [path for path, _ in notebook.LINK.findall(text) if not path.startswith((in_a_folder, "#"))] == []
