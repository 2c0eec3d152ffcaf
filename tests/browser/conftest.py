"""A real browser, and pages that must ask for nothing and complain of nothing."""

import contextlib
import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import sync_playwright

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """The browser that is on the path. The tests that ask for one are skipped where none is."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no browser, neither Chromium nor Chrome, on the path: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Handler(SimpleHTTPRequestHandler):
    """Knows the files of a site by addresses below a folder, and no others."""

    def __init__(self, *args, folder, **options):
        self.folder = folder
        super().__init__(*args, **options)

    def translate_path(self, path):
        known = path.startswith(self.folder)
        return super().translate_path(path.removeprefix(self.folder) if known else "/not/there")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def serve():
    """Serves a site on a server of its own: its address, for as long as it is asked for."""

    @contextlib.contextmanager
    def served(site, host="127.0.0.1", folder="/"):
        handler = functools.partial(Handler, directory=site, folder=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{host}:{server.server_port}{folder}"
        server.shutdown()
        server.server_close()

    return served


@pytest.fixture(scope="module")
def address(site, serve):
    """Where the site is served."""
    with serve(site) as address:
        yield address


@pytest.fixture
def visit(browser, address):
    """Opens a page of the site; fails in the end if one asked another host for something, or wrote to the console."""
    asked, complaints = {}, []  # asked in each context

    def open_page(path="", width=1280, context=None, timeout=10_000, **options):
        if context is None:
            own = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
            context = browser.new_context(**own | options)
            requests = asked[context] = []
            context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(timeout)
        page.asked, page.complaints = asked[context], complaints
        page.on("console", lambda message: complaints.append(f"console: {page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {page.url}: {error}"))
        page.goto(address + path)
        return page

    yield open_page
    for context in asked:
        context.close()
    assert complaints == []
    assert [url for urls in asked.values() for url in urls if not url.startswith((address, "data:"))] == []


@pytest.fixture
def watch(browser):
    """Opens a page in a window of its own; fails in the end if one made a request or wrote to the console."""
    contexts, complaints = [], []

    def open_page(url, **options):
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", lambda request: request.url == url or complaints.append(f"request: {request.url}"))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
