"""The playground in a window of a real browser."""

import pytest

from playgrounds import Playground

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def address(site, address):
    """The site, if there was all that its playground is built from. The tests that ask for one are skipped if not."""
    if not (site / "playground" / "assets.json").is_file():
        pytest.skip("no npm, or it failed, so that the site has no playground: apt-get install npm")
    return address


@pytest.fixture(scope="module")
def sitemap(site, address, site_url):
    """The map of the site: the theme swaps only pages that are in it, under the addresses of the published site."""
    return (site / "sitemap.xml").read_text("utf-8").replace(site_url, address)


@pytest.fixture
def visit(browser, address, sitemap):
    """Opens a page of the site; fails in the end if one asked another host for something, or complained."""
    contexts, complaints = [], []

    def open_page(path="playground/", context=None, **options):
        if context is None:
            context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
            context.route("**/sitemap.xml", lambda route: route.fulfill(body=sitemap, content_type="application/xml"))
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.asked = []
        page.complaints = complaints
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.on("request", lambda request: page.asked.append(request.url))
        page.goto(address + path, wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        assert [url for page in context.pages for url in page.asked if not url.startswith((address, "data:"))] == []
        context.close()
    assert complaints == []


@pytest.fixture
def at(visit):
    """Opens the playground at what an address asks for after its #."""
    return lambda hash="", **options: Playground(visit(f"playground/{hash}", **options))


@pytest.fixture
def playground(at):
    return at()
