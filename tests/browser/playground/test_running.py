"""The playground in a real browser: code runs, shows what it should, asks, and can be stopped."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

CONTENT = {"include": [[".md-content"]]}  # the rest is the theme's, and in the tests of the site
PYTHON = re.compile(r"/playground/(pyodide/|wheels/|worker\.js|assets\.json|\w+\.py)")


def test_python_is_fetched_on_the_first_click_and_not_before(playground):
    assert [url for url in playground.page.asked if PYTHON.search(url)] == []
    playground.expect_pythons(0)
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


def test_progress_shows_while_python_is_fetched(playground):
    page = playground.page
    page.evaluate(
        """() => {
            window.seen = [];
            const bar = document.querySelector("progress");
            new MutationObserver(() => seen.push(bar.hidden ? null : bar.value)).observe(bar, { attributes: true });
        }"""
    )
    playground.run("")
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
    "exit with words": ("import sys\nprint(1)\nsys.exit('no data')", "Done", "1\n\nno data"),
    "afresh": ("'x' in globals()", "Done", "False"),
    "warning": ("import warnings\nwarnings.warn('careful')", "Done", re.compile("UserWarning: careful")),
    "syntax": ("a = = 1", "SyntaxError: invalid", re.compile(r'File "playground.py", line 1\n +a = = 1\n +\^')),
    "recursion": ("def f(): f()\nf()", "RecursionError", re.compile("maximum recursion depth exceeded$")),
    "compiler": ("import micrograd.engine.jit", "ImportError", re.compile("no machine code .* leave `jit` out")),
    "torch": (
        "import torch",
        "ModuleNotFoundError",
        re.compile("PyTorch does not fit into a browser.*Move to PyTorch"),
    ),
    "numpy": ("import numpy", "ModuleNotFoundError", re.compile("has micrograd, Python's standard library and")),
    "thread": ("from threading import Thread\nThread().start()", "RuntimeError", re.compile("runs one thread")),
    "pool": ("from multiprocessing import Pool\nPool()", "ModuleNotFoundError", re.compile("no other programs")),
    "program": ("import subprocess\nsubprocess.run('ls')", "OSError", re.compile("starts no other programs")),
    "file": ("open('data.csv')", "FileNotFoundError", re.compile("no files of yours: paste the data")),
    "network": (
        "from urllib.request import urlopen\nurlopen('https://example.com')",
        "RuntimeError",
        re.compile("no other computer: paste the data"),
    ),
    "own import error": ("raise ImportError('mine')", "ImportError: mine", re.compile("ImportError: mine$")),
    "sleep": ("import time\ntime.sleep(0.1)\nprint(1)", "Done", "1"),
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


PATCHES = """
import builtins, math, random, statistics, sys, warnings
import session
from micrograd.engine import OPS, Value
from micrograd.nn import MLP
builtins.abs = math.pi = sys.stdin = sys.displayhook = session.execute = None
Value.__add__ = MLP.__call__ = lambda *_: None
Value.__init__ = lambda self, *_: None
del Value.relu, math.sin
statistics.mean = math.own = Value.own = list.append
OPS.clear()
warnings.simplefilter("error")
sys.setrecursionlimit(99)
sys.stdout = sys.stderr = None
"""
UNCHANGED = """
import math, statistics, sys, warnings
from micrograd.engine import Value
from micrograd.nn import MLP
warnings.warn("no error")
assert MLP(2, [1])([1, 2]).data + statistics.mean([1]) != None
assert not hasattr(math, "own") and not hasattr(Value, "own")
abs(-1), round(math.pi), math.sin(0), (Value(1.0) + 2).relu().data, sys.getrecursionlimit() > 99
"""


def test_nothing_that_a_run_has_changed_is_left_for_the_next(playground):
    playground.run(PATCHES)
    assert playground.run(UNCHANGED).endswith("(1, 3, 0.0, 3.0, True)")
    playground.start("input('Who? ')")
    expect(playground.page.get_by_label("Who?")).to_be_focused()


def test_input_waits_for_an_answer(playground):
    playground.start("name = input('Who? ')\nprint('Hello', name)\nimport sys\nfor line in sys.stdin:\n    print(line)")
    answer = playground.page.get_by_label("Who?")
    expect(answer).to_be_focused()
    answer.fill("Ada")
    answer.press("Enter")
    expect(playground.output.locator("pre")).to_have_text("Who? Ada\nHello Ada\n")
    playground.page.get_by_label("Hello Ada").fill("<b>")
    playground.press("Enter")
    expect(playground.output.locator("pre")).to_have_text("Who? Ada\nHello Ada\n<b>\n<b>\n\n")
    playground.press("Stop")
    expect(playground.output.locator("input")).to_have_count(0)
    playground.start("input('Again? ')")
    expect(playground.page.get_by_label("Again?")).to_be_focused()


def test_input_says_so_where_the_browser_cannot_wait(playground, site):
    worker = (site / "playground" / "worker.js").read_text("utf-8")
    without = f"delete WebAssembly.Suspending;\n{worker}"
    playground.page.context.route(
        "**/worker.js", lambda route: route.fulfill(body=without, content_type="text/javascript")
    )
    said = playground.run("print(1)\ninput('Who? ')", r"RuntimeError: input\(\) has to wait")
    assert said.startswith("1\nWho?")
    assert playground.run("print(2)") == "2"


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


def test_plots_are_shown_where_the_code_shows_them_and_what_is_left_at_the_end(playground):
    pyplot = "import matplotlib.pyplot as plt\n"
    playground.run(f"{pyplot}plt.plot(1, 'ko')\nplt.show()\nprint('between')\nplt.bar([1, 2], [3, 1])\nplt.xlabel('b')")
    shown = playground.output.locator(".picture, .out").evaluate_all("parts => parts.map((part) => part.className)")
    assert shown == ["picture", "out", "picture"]
    plot = playground.page.frame_locator("iframe.picture").last.locator("svg.plot")
    expect(plot.get_by_text("b", exact=True)).to_be_visible()
    expect(plot).to_have_css("filter", "none")
    playground.page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    expect(plot).to_have_css("filter", "invert(1) hue-rotate(180deg)")
    playground.run(f"{pyplot}plt.hist([1])", "plt.hist is not in the playground, which draws plot, scatter")


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
    playground.expect_pythons(1)


def test_endless_printing_leaves_the_page_alive(playground):
    playground.start("while True:\n    print('x' * 99)")
    expect(playground.output).to_contain_text("… and more, which is not shown.")
    playground.page.get_by_role("button", name="Stop").click()
    expect(playground.status).to_have_text("Stopped")
    assert len(playground.output.inner_text()) < 101_000


def test_memory_that_is_full_is_given_back(playground):
    full = "kept = []\nwhile True:\n    kept.append('x' * 10**8)"
    assert "MemoryError" in playground.run(full, "Ended with an error")
    for word in ("once", "again"):
        assert playground.run(f"print({word!r})") == word


def test_an_answer_that_cannot_be_read_is_a_crash(playground):
    playground.run("import json\njson.dumps = lambda *_: 'no JSON'", "Python crashed, and will start anew")
    assert playground.run("print('again')") == "again"


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


def test_examples_run(playground):
    titles = playground.page.locator("[data-code]").all_inner_texts()
    assert len(titles) == 8
    for title in titles:
        playground.pick(title)
        expect(playground.editor).to_have_value(re.compile(rf'^"""{re.escape(title)}\."""\n'))
        code = playground.editor.input_value()
        playground.run(ends="TypeError: .*'three'" if "error" in title else "Done")
        pictures = re.findall(r"^(draw|film)\(", code, re.MULTILINE)
        expect(playground.output.locator("iframe")).to_have_count(len(pictures))


def test_what_was_picked_just_now_runs(playground):
    playground.pick("A neuron")
    assert "gives" in playground.run()
    playground.go("#own")
    playground.page.go_back()
    assert "gives" in playground.run()


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
    expect(playground.output).to_be_focused()


def test_another_page_and_back(playground):
    playground.run("print(1)")
    playground.page.get_by_role("link", name="training view").click()
    playground.page.get_by_role("button", name="Start").wait_for()
    playground.expect_pythons(0)
    playground.page.go_back()
    expect(playground.editor).to_have_value("print(1)")
    assert playground.run("print(2)") == "2"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(at, visit, width, scheme):
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    playground = at(**options)
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


def test_pictures_are_whole_and_can_be_seen_larger(at):
    playground = at(viewport={"width": 390, "height": 844})
    playground.run(
        "from micrograd.engine import Value\nfrom micrograd.viz import draw\ndraw(Value(1.0) * 2 + 3 * 4 + 5)"
    )
    frame = playground.output.locator("iframe.picture")
    inside = "frame => frame.contentDocument.documentElement"
    assert frame.evaluate(
        f"frame => (root => [root.scrollWidth, root.scrollHeight])(({inside})(frame))"
    ) == frame.evaluate("frame => [frame.clientWidth, frame.clientHeight]")
    playground.press("Larger")
    large = playground.page.locator("dialog").frame_locator("iframe").locator("svg")
    small = playground.output.frame_locator("iframe >> nth=0").locator("svg")
    assert large.bounding_box()["width"] > 1.5 * small.bounding_box()["width"]
    playground.press("Close")
    expect(playground.page.locator("dialog")).to_have_count(0)
