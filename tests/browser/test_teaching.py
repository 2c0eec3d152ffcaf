"""What a class is taught with, in a real browser: projector mode lasts until it is left, and handouts print whole."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SCREENS = {"full HD": (1920, 1080), "old projector": (1024, 768)}
FIRST_SCREENS = {
    "": ["iframe.film"],
    "playground/training/": [f"[data-part={part}]" for part in ("settings", "boundary", "network", "curves", "epoch")],
}
SHOWN = ["teaching/", "tutorial/03-chain-rule/", "tutorial/11-descent/", "playground/", "playground/training/"]
PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}  # millimetres
MARGIN = 15


def is_projected(page):
    return page.evaluate("'projector' in document.documentElement.dataset")


def text_size(page):
    return page.locator(".md-typeset").first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")


def test_projector_mode_lasts_from_page_to_page_until_it_is_left(visit):
    page = visit("teaching/")
    switch = page.get_by_role("button", name="Projector mode", exact=True)
    before = text_size(page)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert text_size(page) > 1.5 * before
    page.get_by_role("link", name="chapter 2").first.click()
    page.wait_for_url("**/02-node/")
    assert is_projected(page)
    expect(page.locator(".md-sidebar--primary")).to_be_hidden()
    page.reload()
    assert is_projected(page)
    page.get_by_role("button", name="Leave projector mode").click()
    assert (is_projected(page), text_size(page)) == (False, before)
    page.go_back()
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert not is_projected(page)


def test_an_address_begins_and_ends_projector_mode(visit, address):
    page = visit("tutorial/03-chain-rule/?projector#by-hand")
    assert (is_projected(page), page.url) == (True, f"{address}tutorial/03-chain-rule/#by-hand")
    page.goto(f"{address}tutorial/04-adding-up/?projector=off")
    assert not is_projected(page)
    page.goto(f"{address}tutorial/03-chain-rule/")
    assert not is_projected(page)


def test_projector_mode_needs_no_storage(visit, address):
    page = visit("teaching/")
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('forbidden') } })")
    page.goto(f"{address}teaching/?projector")
    page.get_by_role("link", name="chapter 2").first.click()
    page.wait_for_url("**/02-node/")
    assert not is_projected(page)
    page.goto(f"{page.url}?projector")
    assert is_projected(page)
    page.get_by_role("button", name="Leave projector mode").click()
    assert not is_projected(page)


def test_the_keys_of_a_presenter_scroll_and_at_the_end_go_on(visit):
    page = visit("tutorial/03-chain-rule/?projector")
    at_the_end = "scrollY + innerHeight >= document.documentElement.scrollHeight - 2"
    page.keyboard.press("PageDown")
    page.wait_for_function(f"scrollY > 100 && !({at_the_end})")
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.wait_for_function(at_the_end)
    page.keyboard.press(".")  # blanks the screen of other programs
    assert "/03-chain-rule/" in page.url
    page.keyboard.press("PageDown")
    page.wait_for_url("**/04-adding-up/")
    page.wait_for_function("scrollY === 0")
    page.keyboard.press("PageUp")
    page.wait_for_url("**/03-chain-rule/")
    page.wait_for_function(at_the_end)
    page.get_by_role("button", name="Leave projector mode").click()
    page.keyboard.press("PageDown")
    assert "/03-chain-rule/" in page.url


def test_the_keys_of_a_presenter_go_on_after_a_click_into_a_film(visit):
    page = visit("?projector", viewport={"width": 1024, "height": 768}, reduced_motion="reduce")
    page.frame_locator("iframe.film").get_by_role("button", name="Step back").wait_for()
    page.locator("iframe.film").click(position={"x": 30, "y": 100})
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.wait_for_function("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    page.keyboard.press("PageDown")
    page.wait_for_url("**/tutorial/")


@pytest.mark.parametrize(("width", "height"), SCREENS.values(), ids=SCREENS)
def test_a_projected_page_is_read_from_the_last_row_and_whole(visit, address, width, height):
    page = visit("teaching/?projector", viewport={"width": width, "height": height}, reduced_motion="reduce")
    for path in SHOWN:
        page.goto(address + path)
        assert text_size(page) > height / 32
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = "all => all.filter(code => code.scrollWidth > code.clientWidth + 1).map(code => code.textContent)"
        assert page.locator("pre > code").evaluate_all(cut) == []
        bad = [
            each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in ("serious", "critical")
        ]
        assert (path, bad) == (path, [])
        for film in page.locator("iframe.film, .drawing svg, .plot svg").all():
            assert film.bounding_box()["height"] <= height


def test_what_a_class_is_to_see_is_on_the_first_screen(visit, address):
    page = visit("teaching/?projector")
    for width, height in (*SCREENS.values(), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        for path, shown in FIRST_SCREENS.items():
            page.goto(address + path)
            bar = page.locator(".projector-bar").bounding_box()
            for part in shown:
                box = page.locator(part).bounding_box()
                assert min(box["x"], box["y"]) >= 0, part
                assert box["x"] + box["width"] <= width, part
                assert box["y"] + box["height"] <= bar["y"], part
        settings = page.locator("[data-part=settings] .playground-field").all()
        assert len({field.bounding_box()["y"] for field in settings}) == 1


@pytest.mark.parametrize(("width", "height"), PAPERS.values(), ids=PAPERS)
def test_handouts_print_whole(visit, width, height):
    pixels = 96 / 25.4
    page = visit("teaching/handouts/", viewport={"width": int((width - 2 * MARGIN) * pixels), "height": 900})
    page.emulate_media(media="print")
    sheets = page.locator(".handout")
    assert sheets.first.bounding_box()["y"] < 40
    for furniture in (".md-header", ".md-tabs", ".md-footer", ".md-sidebar", "h1", ".on-screen"):
        assert [part for part in page.locator(furniture).all() if part.is_visible()] == []
    assert page.locator("pre > code").evaluate_all("all => all.every(code => code.scrollWidth <= code.clientWidth + 1)")
    pdf = page.pdf(
        width=f"{width}mm", height=f"{height}mm", margin=dict.fromkeys(("top", "left", "bottom", "right"), "15mm")
    )
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert sheets.count() <= pages < 2 * sheets.count()
