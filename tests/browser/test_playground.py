"""The playground in a real browser: code runs, shows what it should and can be stopped; the training view trains."""

import random
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from micrograd.nn import MLP

CONTENT = {"include": [[".md-content"]]}  # the rest is the theme's, and in the tests of the site
DESKTOP = {"width": 1280, "height": 900}
PYTHON = re.compile(r"/playground/(pyodide/|wheels/|worker\.js|assets\.json|\w+\.py)")

NETWORK = Path(__file__).parents[2] / "docs" / "playground" / "network.js"

expect.set_options(timeout=20_000)  # a shared machine starts Python slowly


def pythons(page):
    """How many Pythons there are in a page. The search has a worker too."""
    return sum(worker.url.endswith("/playground/worker.js") for worker in page.workers)


class Playground:
    """One window with the playground in it."""

    def __init__(self, page):
        self.page = page
        self.editor = page.get_by_label("Python code")
        self.status = page.get_by_role("status").first
        self.output = page.get_by_role("region", name="Output")

    def start(self, code):
        self.editor.fill(code)
        self.page.get_by_role("button", name="Run").click()

    def run(self, code, ends="Done"):
        self.start(code)
        expect(self.status).to_have_text(re.compile(ends))
        return self.output.inner_text().strip()


@pytest.fixture(scope="module")
def address(site, address):
    """The site, if there was all that its playground is built from. The tests that ask for one are skipped if not."""
    if not (site / "playground" / "assets.json").is_file():
        pytest.skip("no npm, or it failed, so that the site has no playground: apt-get install npm")
    return address


@pytest.fixture
def visit(browser, address):
    """Opens a page of the playground; fails in the end if one asked another host for something, or complained."""
    contexts, complaints = [], []

    def open_page(path="playground/", **options):
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        )
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
def playground(visit):
    return Playground(visit())


def test_python_is_fetched_on_the_first_click_and_not_before(playground):
    assert [url for url in playground.page.asked if PYTHON.search(url)] == []
    assert pythons(playground.page) == 0
    assert playground.run("print(6 * 7)") == "42"
    assert len([url for url in playground.page.asked if PYTHON.search(url)]) > 8


@pytest.mark.parametrize(("path", "name"), [("playground/", "Run"), ("playground/training/", "Start")])
def test_no_button_can_be_pressed_before_somebody_listens(browser, address, path, name):
    page = browser.new_page()
    page.route("**/playground/mount.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(address + path)
    expect(page.get_by_role("button", name=name)).to_be_disabled()
    page.unroute("**/playground/mount.js")
    page.reload()
    expect(page.get_by_role("button", name=name)).to_be_enabled()
    page.close()


def test_progress_shows_while_python_is_fetched(visit):
    page = visit()
    page.evaluate(
        """() => {
            window.seen = [];
            const bar = document.querySelector("progress");
            new MutationObserver(() => seen.push(bar.hidden ? null : bar.value)).observe(bar, { attributes: true });
        }"""
    )
    Playground(page).run("")
    seen = page.evaluate("seen")
    fractions = [value for value in seen if value]
    assert len(fractions) > 4
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.95
    assert seen[-1] is None


LONG_CHAIN = "from micrograd.engine import Value\nx = Value(1.0)\nfor _ in range(20_000): x = x + 1\n"
RUNS = {
    "prints": ("print('a', 1)\nprint('b', end='')", "Done", "a 1\nb"),
    "last expression": ("x = 2\nx ** 10", "Done", "1024"),
    "last None": ("None", "Done", ""),
    "shows several": ("show(1, 'two', None)", "Done", "1\n'two'"),
    "exit": ("print(1)\nexit()\nprint(2)", "Done", "1"),
    "afresh": ("'x' in globals()", "Done", "False"),
    "warning": ("import warnings\nwarnings.warn('careful')", "Done", re.compile("UserWarning: careful")),
    "syntax": ("a = = 1", "SyntaxError: invalid", re.compile(r'File "playground.py", line 1\n +a = = 1\n +\^')),
    "recursion": ("def f(): f()\nf()", "RecursionError", re.compile("maximum recursion depth exceeded$")),
    "no compiler": ("import micrograd.engine.jit", "ImportError|ModuleNotFoundError", re.compile("jit")),
    "long chain": (
        LONG_CHAIN + "x.backward()\nx.data, x.grad",
        "Done",
        "(20001.0, 1.0)",
    ),
    "long chain in an error": (
        "def f():\n    " + LONG_CHAIN.replace("\n", "\n    ") + "1 / 0\nf()",
        "ZeroDivisionError",
        re.compile("by zero$"),
    ),
    "still there": ("print('alive')", "Done", "alive"),
}


def test_code_runs(playground):
    """One after the other, as a reader would."""
    wrong = {}
    for name, (code, ends, wanted) in RUNS.items():
        said = playground.run(code, ends)
        if not (said == wanted if isinstance(wanted, str) else wanted.search(said)):
            wrong[name] = said
    assert wrong == {}


def test_an_error_shows_as_a_traceback_of_the_readers_code(playground):
    said = playground.run(
        "def half(x):\n    return x / 0\n\nprint('before')\nhalf(1)", "ZeroDivisionError: division by zero"
    )
    assert said.splitlines() == [
        "before",
        "",
        "Traceback (most recent call last):",
        '  File "playground.py", line 5, in <module>',
        "    half(1)",
        "    ~~~~^^^",
        '  File "playground.py", line 2, in half',
        "    return x / 0",
        "           ~~^~~",
        "ZeroDivisionError: division by zero",
    ]


GRAPH = """
from micrograd.engine import Value
from micrograd.viz import draw, film
a = Value(3.0)
b = a * a
b.backward()
"""


def test_the_graph_is_shown_in_the_colours_of_the_page(playground):
    page = playground.page
    playground.run(GRAPH + "draw(b, labels={'a': a, 'b': b})")
    picture = playground.output.frame_locator("iframe.picture")
    expect(picture.locator(".box")).to_have_count(2)
    assert "6.0000" in picture.locator("svg").text_content()
    paper = picture.locator(".paper")
    expect(paper).to_have_css("fill", "rgb(255, 255, 255)")
    page.get_by_title("Switch to dark mode").click()
    expect(paper).to_have_css("fill", "rgb(15, 20, 28)")


def test_the_film_is_shown_and_stepped(playground):
    playground.run(GRAPH + "print('above')\nshow(film(b, labels={'a': a}))\nprint('below')")
    film = playground.output.frame_locator("iframe.film")
    assert "grad" in film.locator(".node").first.text_content()
    for _ in range(3):
        film.get_by_role("button", name="Next step").click()
    expect(film.locator("#caption-numbers")).to_have_text("0 + 1 × 3 = 3")
    names = playground.output.evaluate("output => [...output.children].map(child => child.localName)")
    assert names == ["pre", "iframe", "pre"]


def test_what_is_shown_cannot_reach_the_page(playground):
    script = "<script>parent.document.title = 1</script>"
    playground.run(f"class Bad:\n    def _repr_html_(self):\n        return '<b>hi</b>{script}'\nBad()")
    expect(playground.output.frame_locator("iframe.picture").locator("b")).to_have_text("hi")
    assert playground.page.title() != "1"
    assert all("Blocked script execution" in complaint for complaint in playground.page.complaints)
    playground.page.complaints.clear()


def test_an_endless_loop_prints_at_once_and_is_stopped(playground):
    playground.start("print('now')\nwhile True:\n    pass")
    expect(playground.output).to_have_text("now\n")
    playground.page.get_by_role("button", name="Stop").click()
    expect(playground.status).to_have_text("Stopped")
    assert playground.run("print('again')") == "again"
    for _ in range(100):  # the other one takes a moment to end
        if pythons(playground.page) == 1:
            break
        playground.page.wait_for_timeout(50)
    assert pythons(playground.page) == 1


def test_endless_printing_leaves_the_page_alive(playground):
    playground.start("while True:\n    print('x' * 99)")
    expect(playground.output).to_contain_text("… and more, which is not shown.")
    playground.page.get_by_role("button", name="Stop").click()
    expect(playground.status).to_have_text("Stopped")
    assert len(playground.output.inner_text()) < 101_000


def test_a_crash_is_survived(playground):
    drop_a_long_chain = (
        "from micrograd.engine import Value\n"
        "def deep():\n"
        "    x = Value(1.0)\n"
        "    for _ in range(50_000): x = x + 1\n"
        "print('before')\n"
        "deep()"
    )
    assert playground.run(drop_a_long_chain, "Python crashed, and will start anew") == "before"
    assert playground.page.complaints  # Pyodide's own words
    playground.page.complaints.clear()
    assert playground.run("print('after')") == "after"


def test_a_link_holds_the_code_and_does_not_run_it(playground, visit):
    code = "# ünï 💡 <b>&amp;\nprint('shared')\n"
    playground.editor.fill(code)
    playground.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.page.get_by_role("button", name="Copy link").click()
    expect(playground.status).to_have_text("The link is copied. It holds the code.")
    link = playground.page.url
    assert playground.page.evaluate("navigator.clipboard.readText()") == link
    assert re.search(r"/playground/#code=[\w-]+$", link)

    opened = Playground(visit("playground/" + link[link.index("#") :]))
    expect(opened.editor).to_have_value(code)
    expect(opened.page.get_by_text("This code came with the link.")).to_be_visible()
    assert opened.output.inner_text() == ""
    assert pythons(opened.page) == 0
    opened.page.get_by_role("button", name="Run").click()
    expect(opened.output).to_have_text("shared\n")


def test_a_damaged_link_says_so(visit):
    page = visit("playground/#code=nonsense")
    expect(Playground(page).status).to_have_text("The code in this link is damaged.")


def test_examples_run(playground):
    page = playground.page
    picker = page.locator("[data-part=examples]")
    titles = picker.locator("option").all_inner_texts()
    assert len(titles) == 8
    for title in titles:
        picker.select_option(title)
        code = playground.editor.input_value()
        assert code.startswith(f'"""{title}."""\n')
        playground.run(code, "TypeError: .*'three'" if "error" in title else "Done")
        pictures = re.findall(r"^(draw|film)\(", code, re.MULTILINE)
        expect(playground.output.locator("iframe")).to_have_count(len(pictures))


def test_by_keyboard(playground):
    page, editor = playground.page, playground.editor
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("if True:\nprint(1)")  # the editor indents
    page.keyboard.press("Control+Enter")
    expect(playground.output).to_have_text("1\n")
    assert editor.input_value() == "if True:\n    print(1)"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert editor.input_value() == "if True:\n        print(1)"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_other_pages_and_back_without_a_reload(visit, address, site, site_url):
    page = visit("")
    # The theme swaps only pages that are in the map of the site, which has the addresses of the published one.
    addresses = (site / "sitemap.xml").read_text("utf-8").replace(site_url, address)
    page.context.route("**/sitemap.xml", lambda route: route.fulfill(body=addresses, content_type="application/xml"))
    page.goto(f"{address}playground/", wait_until="networkidle")
    Playground(page).run("print(1)")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="training view").click()
    page.get_by_role("button", name="Start").wait_for()
    assert pythons(page) == 0
    page.go_back()
    assert Playground(page).run("print(2)") == "2"
    assert page.evaluate("window.same")


@pytest.fixture
def training(visit):
    return visit("playground/training/")


def shown(page, name):
    return page.locator(f"[data-part={name}]").inner_text()


def until_epoch(page, epoch):
    page.wait_for_function(f"Number(document.querySelector('[data-part=epoch]').textContent) >= {epoch}")


def test_training_halves_the_loss(training):
    assert [url for url in training.asked if PYTHON.search(url)] == []
    training.get_by_role("button", name="Start").click()
    until_epoch(training, 1)
    first = float(shown(training, "loss"))
    training.wait_for_function(f"Number(document.querySelector('[data-part=loss]').textContent) < {first / 2}")
    training.get_by_role("button", name="Pause").click()
    expect(training.get_by_role("status").first).to_have_text(re.compile("Paused after"))
    assert shown(training, "parameters") == "67"
    assert float(shown(training, "accuracy").removesuffix(" %")) > 70
    assert "samples on the right side" in training.locator("[data-part=boundary]").get_attribute("aria-label")
    points = training.locator("polyline").get_attribute("points").split()
    assert len(points) == int(shown(training, "epoch"))

    training.get_by_role("button", name="Reset").click()
    expect(training.locator("[data-part=epoch]")).to_have_text("0")
    training.get_by_label("Data").select_option("Spiral")
    training.get_by_label("Hidden layers").select_option("3")
    training.get_by_label("Dropout").select_option("10 %")
    expect(training.locator("[data-part=parameters]")).to_have_text("109")
    training.get_by_role("button", name="Start").click()
    until_epoch(training, 2)


def test_too_large_a_rate_is_named(training):
    training.get_by_label("Learning rate").evaluate("rates => rates.add(new Option('1e200'))")
    training.get_by_label("Learning rate").select_option("1e200")
    training.get_by_role("button", name="Start").click()
    expect(training.get_by_role("status").first).to_have_text(re.compile("The training diverged"))
    training.get_by_role("button", name="Start").wait_for()


def test_what_is_drawn_is_what_python_says(training):
    random.seed(5)
    model = MLP(2, [3, 2, 1])
    samples = [[random.uniform(-1.5, 1.5) for _ in range(2)] for _ in range(20)]
    weights = [[[p.data for p in (*neuron.w, neuron.b)] for neuron in layer.neurons] for layer in model.layers]
    scores = training.evaluate(
        """async ([source, weights, columns]) => {
            const { activations } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
            return [...activations(weights, columns).at(-1)[0]];
        }""",
        [NETWORK.read_text("utf-8"), weights, [list(column) for column in zip(*samples, strict=True)]],
    )
    assert scores == pytest.approx([model(sample).data for sample in samples])


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(visit, width, scheme):
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    playground = Playground(visit(**options))
    playground.run(GRAPH + "print(1)\nshow(draw(b))\n1 / 0", "ZeroDivisionError")
    for page in (playground.page, visit("playground/training/", **options)):
        serious = [
            (violation["id"], node["html"])
            for violation in Axe().run(page, context=CONTENT).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
