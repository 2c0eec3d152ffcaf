"""The playground in a window of a browser, as a reader uses it."""

import re

from playwright.sync_api import Page, expect

expect.set_options(timeout=60_000)  # a shared machine starts Python slowly


class Playground:
    """One window with the playground in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        opened = page.locator("[data-part=editor]:not([inert])")  # there is something in it
        self.editor = opened.get_by_label("Python code")
        self.status = page.get_by_role("status").first
        self.output = page.get_by_role("region", name="Output")

    def go(self, hash: str) -> None:
        """Follow a link to another sheet."""
        self.page.evaluate("hash => { location.hash = hash }", hash)

    def pick(self, title: str) -> None:
        """Choose what is to be in the editor."""
        self.page.get_by_label("In the editor").select_option(title)

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def start(self, code: str | None = None, button: str = "Run") -> None:
        """Run code, or else what is in the editor."""
        if code is not None:
            self.editor.fill(code)
        self.press(button)

    def run(self, code: str | None = None, ends: str = "Done", button: str = "Run") -> str:
        """Run code to the end; gives what it printed."""
        self.start(code, button)
        expect(self.status).to_have_text(re.compile(ends))
        return self.output.inner_text().strip()

    def expect_pythons(self, count: int) -> None:
        """Wait until so many Pythons are in the page. The search has a worker too."""
        for _ in range(200):  # one that is ended takes a moment
            running = [worker for worker in self.page.workers if worker.url.endswith("/playground/worker.js")]
            if len(running) == count:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{len(running)} Pythons are running")
