"""The built site in a real browser: nothing from elsewhere, no complaints, and readable for everybody."""

import gzip
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script
WIDTHS = {"desktop": 1280, "phone": 390}
SCHEMES = ["default", "slate"]  # light and dark, as the theme calls them
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # rules of axe that look at them, slowly
FAULTS_ALONE = {"resultTypes": ["violations"], "iframes": False, "preload": False, "selectors": False}  # half the time
SHARES = 4  # of all pages: several processes take one each
NO_WORKER = "window.Worker = class extends EventTarget { postMessage() {} }"
CUT_OFF = Path(__file__).with_name("cut_off.js").read_text("utf-8")
ONE_OF_EACH_LOOK = Path(__file__).with_name("one_of_each_look.js").read_text("utf-8")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_film_on_the_home_page_plays(visit, motion):
    film = visit(reduced_motion=motion).frame_locator("iframe.film")
    film.locator("#speed").select_option("4")
    if motion == "reduce":  # only when asked to
        film.get_by_role("button", name="Play").click()
    film.locator("#next[aria-disabled=true]").wait_for()
    assert film.locator(".node title").all_text_contents()[0] == "a\ndata 3\ngrad 24"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_film_that_plays_leaves_the_page_where_it_is(visit, width):
    page = visit(width=width, reduced_motion="no-preference")
    for arrive in (page.reload, lambda: (page.goto("about:blank"), page.go_back())):
        arrive()
        page.frame_locator("iframe.film").locator("#back[aria-disabled=false]").wait_for()
        assert page.evaluate("[scrollY, document.activeElement.tagName]") == [0, "BODY"]


@pytest.mark.parametrize(
    ("kept", "points"),
    [
        (None, 0),
        ('{"project/2": true, "project/6": true, "03-chain-rule/1": true, "project/9": true}', 30),
        ('{"project/1": "yes", "project/3": true}', 15),
        ("null", 0),
        ("{", 0),
    ],
)
def test_the_project_is_graded_by_what_is_kept(visit, kept, points):
    page = visit("tutorial/project/")
    if kept is not None:
        page.evaluate("kept => localStorage.setItem('micrograd.progress', kept)", kept)
        page.reload()
    page.get_by_text(f"You have {points} of 100 points").wait_for()


def test_the_home_page_is_light(browser, address, site):
    context = browser.new_context()
    page = context.new_page()
    urls = set()
    page.on("request", lambda request: urls.add(request.url))
    page.goto(address, wait_until="networkidle")
    context.close()
    paths = {url.removeprefix(address).partition("?")[0] or "index.html" for url in urls}
    assert {"index.html", "index-film-1.html", "search/search_index.json"} <= paths
    sent = sum(len(gzip.compress((site / path).read_bytes())) for path in paths)  # compressed, as GitHub Pages sends it
    assert sent < 500_000


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_moves_while_the_home_page_loads(visit, width):
    page = visit(width=width)
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(
        """() => new Promise(resolve => {
            let shift = 0
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value
            }).observe({ type: "layout-shift", buffered: true })
            setTimeout(() => resolve(shift), 300)
        })"""
    )
    assert shift < 0.02


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_page_is_whole_and_accessible(visit, address, site, width, share):
    paths = sorted(path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))[share::SHARES]
    page = visit(width=width)
    page.add_init_script(NO_WORKER)  # the search makes its index anew on each page, and takes longer than the page
    faults = {}
    for path in paths:
        page.goto(f"{address}{path}/")
        page.evaluate(AXE)
        faults[path] = not_at_the_top(page) + page.evaluate(CUT_OFF)
        content = "body" if path == "." else ".md-content"  # what is around it is the same on all pages
        faults[path] += inaccessible(page, content, rules={rule: {"enabled": False} for rule in OF_COLOURS})
        page.evaluate(ONE_OF_EACH_LOOK)
        for scheme in SCHEMES:
            page.evaluate("scheme => { document.body.dataset.mdColorScheme = scheme }", scheme)
            faults[path] += [f"{scheme}: {fault}" for fault in inaccessible(page, content, runOnly=OF_COLOURS)]
    for path in reversed(paths[:-1]):
        page.go_back()
        faults[path] += not_at_the_top(page)
    assert {path: found for path, found in faults.items() if found} == {}


def not_at_the_top(page):
    """Where a page is and what has the focus, if it does not begin at its beginning."""
    arrived = page.evaluate("[scrollY, document.activeElement.localName]")
    return [] if arrived == [0, "body"] else [f"arrived at {arrived}"]


def inaccessible(page, content, **options):
    """What of a page with axe in it some readers cannot use or see. Films have their own tests."""
    options |= FAULTS_ALONE
    run = "([content, options]) => axe.run({ include: [[content]] }, options).then(({ violations }) => violations)"
    return [
        f"{violation['id']}: {node['html']}"
        for violation in page.evaluate(run, [content, options])
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_pictures_follow_the_switch_between_light_and_dark(visit):
    page = visit("explanation/accumulation/", color_scheme="light")
    paper = page.locator(".drawing .paper").first
    light = paper.evaluate("element => getComputedStyle(element).fill")
    page.get_by_title("Switch to dark mode").click()
    assert (light, paper.evaluate("element => getComputedStyle(element).fill")) == (
        "rgb(255, 255, 255)",
        "rgb(15, 20, 28)",
    )


def test_frames_follow_the_switch_between_light_and_dark(visit):
    page = visit("how-to/draw-and-film/", color_scheme="null")  # as the browser has it, which frames take from the page
    is_dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    page.locator("iframe.film").first.scroll_into_view_if_needed()
    page.frame_locator("iframe.film").first.get_by_role("button", name="Open loss").wait_for()
    light = page.frames[1].evaluate(is_dark)
    page.get_by_title("Switch to dark mode").click()
    assert [light, page.frames[1].evaluate(is_dark)] == [False, True]


def test_formulas_are_shown(visit):
    formula = visit("explanation/accumulation/").locator("math mfrac").first
    assert formula.bounding_box()["height"] > 20


SEARCHED = {
    "chain rule": "tutorial/03-chain-rule/",
    "learning rate": "tutorial/11-descent/",
    "overfitting": "tutorial/12-train-and-test/",
    "mini-batch": "tutorial/13-mini-batches/",
    "minibatch": "tutorial/13-mini-batches/",
    "classification": "tutorial/14-several-classes/",
    "momentum": "tutorial/15-momentum-and-adam/",
    "softmax": "tutorial/14-several-classes/",
    "seed": "tutorial/11-descent/",
    "epoch": "tutorial/13-mini-batches/",
    "SGD": "tutorial/13-mini-batches/",
    "relu": "tutorial/08-layer/",
    "derivative": "tutorial/06-operators/",
    "pytorch": "how-to/pytorch/",
    "topological sort": "explanation/topological-sort/",
}


def test_search_finds_words_of_the_field_where_they_are_explained(visit, address):
    page = visit()
    field, first = page.get_by_role("textbox", name="Search"), page.locator(".md-search-result__link").first
    field.click()
    found = {}
    for words in SEARCHED:
        field.fill(words)
        field.press("End")  # the theme waits for a key
        beginning = re.compile(words[:4], re.IGNORECASE)
        page.locator(".md-search-result__link mark", has_text=beginning).first.wait_for()
        found[words] = first.get_attribute("href").removeprefix(address).partition("?")[0]
    assert found == SEARCHED


@pytest.mark.parametrize("path", ["", "explanation/tutorial-to-gpt/", "how-to/draw-and-film/"])
def test_what_plays_or_opens_is_printed_as_a_picture(visit, path):
    page = visit(path, width=600)  # of a sheet
    frames, pictures = page.locator("iframe.film"), page.locator(".on-paper svg")
    assert pictures.count() == frames.count()
    assert not pictures.first.is_visible()
    page.emulate_media(media="print")
    assert not frames.first.is_visible()
    for picture in pictures.all():
        assert "1.0000" in picture.text_content()  # the gradient of the last box
        box = picture.bounding_box()
        assert 0 < box["width"] <= 600
        assert 0 < box["height"] < 950


def test_pages_read_without_javascript(visit):
    page = visit("explanation/accumulation/", java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator(".drawing svg").first.is_visible()
    assert page.locator("math").first.is_visible()
