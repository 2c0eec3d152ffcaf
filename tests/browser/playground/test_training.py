"""The training view in a real browser: it trains, keeps its settings, and says what goes wrong."""

import random
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from micrograd.nn import MLP

NETWORK = Path(__file__).parents[3] / "docs" / "playground" / "network.js"


class View:
    """One window with the training view in it."""

    def __init__(self, page):
        self.page = page
        self.status = page.get_by_role("status").first
        self.start = page.locator("[data-part=start]")

    def part(self, name):
        return self.page.locator(f"[data-part={name}]")

    def press(self, name):
        self.page.get_by_role("button", name=name).click()

    def shown(self, name):
        return self.part(name).inner_text()

    def loss(self, of="training"):
        return float(self.shown(f"{of}-loss"))

    def settings(self):
        return self.page.evaluate("Object.fromEntries(new FormData(document.querySelector('[data-part=settings]')))")

    def until(self, condition):
        """Wait until something is true of the numbers that are shown."""
        script = re.sub(
            r"([a-z]+(?:-[a-z]+)?)(?= [<>])", r"Number(document.querySelector('[data-part=\1]').textContent)", condition
        )
        self.page.wait_for_function(script, timeout=60_000)


@pytest.fixture
def view(visit):
    return View(visit("playground/training/"))


def test_points_and_network_show_before_python_is_fetched_and_it_begins_with_them(view):
    assert not any("/pyodide/" in url for url in view.page.asked)
    for name in ("boundary", "network"):
        colours = view.part(name).evaluate(
            "canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 500, 500).data.buffer)).size"
        )
        assert colours > 100
    before = view.loss(), view.loss("test")
    assert min(before) > 0
    view.page.get_by_label("Learning rate").evaluate("rates => rates.add(new Option('0'))")
    view.page.get_by_label("Learning rate").select_option("0")
    view.press("Start")
    view.until("epoch > 1")
    assert (view.loss(), view.loss("test")) == before


def test_training_halves_the_loss_and_reset_goes_back_and_waits(view):
    first = view.loss()
    view.press("Start")
    view.until(f"training-loss < {first / 2}")
    view.press("Pause")
    expect(view.status).to_have_text(re.compile(r"Paused after \d+ epochs"))
    assert view.shown("parameters") == "67"
    assert float(view.shown("training-accuracy").removesuffix(" %")) > 70
    assert "training points" in view.part("boundary").get_attribute("aria-label")
    for name in ("training-curve", "test-curve"):
        assert len(view.part(name).get_attribute("points").split()) > 1

    view.press("Start")
    view.until("epoch > 1")
    view.press("Reset")
    expect(view.status).to_have_text("Back at the beginning. Start trains it anew.")
    view.page.wait_for_timeout(500)
    assert (view.shown("epoch"), view.loss()) == ("0", first)
    expect(view.start).to_have_text("Start")

    view.page.get_by_label("Data").select_option("Spiral")
    view.page.get_by_label("Hidden layers").select_option("3")
    view.page.get_by_label("Dropout").select_option("10 %")
    assert view.shown("parameters") == "109"
    view.press("Start")
    view.until("epoch > 1")


def test_another_seed_is_other_points_and_other_weights_and_the_same_one_the_same(view):
    first = view.loss(), view.loss("test")
    view.press("New data")
    assert view.settings()["seed"] == "8"
    assert view.loss() != first[0]
    assert view.loss("test") != first[1]
    view.page.get_by_label("Seed").fill("7")
    view.page.keyboard.press("Enter")
    assert (view.loss(), view.loss("test")) == first


def test_a_field_that_holds_no_seed_says_so_and_all_others_go_on(view):
    seed, fault = view.page.get_by_label("Seed"), view.part("fault")
    for wrong in ("", "99999999", "-1", "7.5"):
        seed.fill(wrong)
        view.page.get_by_label("Dropout").focus()
        expect(fault).to_have_text("A seed is a whole number from 0 to 999999. It is 7 again.")
        assert view.settings()["seed"] == "7"
    view.page.get_by_label("Neurons in each").select_option("8")
    expect(fault).to_have_text("")
    assert view.shown("parameters") == "105"
    seed.fill("999999")
    view.press("New data")
    expect(view.status).to_have_text("Seed 0: other points, and other first weights")
    assert view.settings()["seed"] == "0"


def test_all_points_are_in_the_picture(visit, address):
    page = visit()
    page.add_init_script(
        """window.outside = []
        const arc = CanvasRenderingContext2D.prototype.arc
        CanvasRenderingContext2D.prototype.arc = function (x, y, radius, ...rest) {
            if (Math.min(x, y) < radius || Math.max(x, y) > this.canvas.width - radius) outside.push([x, y])
            arc.call(this, x, y, radius, ...rest)
        }"""
    )
    page.goto(f"{address}playground/training/#data=spiral&noise=0.4&seed=11")
    assert page.evaluate("outside") == []


def test_settings_are_kept_and_are_in_the_link(view, visit):
    page = view.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Data").select_option("Circles")
    page.get_by_label("Neurons in each").select_option("8")
    chosen, loss = view.settings(), view.loss()
    page.reload()
    assert (view.settings(), view.loss()) == (chosen, loss)
    page.goto(page.url.partition("#")[0] + "../")
    page.goto(page.url + "training/")
    assert (view.settings(), view.loss()) == (chosen, loss)
    view.press("Copy link")
    expect(view.status).to_have_text("The link is copied. It holds the settings.")
    link = page.evaluate("navigator.clipboard.readText()")
    other = View(visit("playground/training/" + link[link.index("#") :]))
    assert (other.settings(), other.loss()) == (chosen, loss)


def test_a_link_asks_for_what_is_not_there(visit):
    view = View(visit("playground/training/#data=spiral&layers=9&neurons=8&colour=red&seed=-1&lr="))
    expect(view.status).to_have_text("The link asks for what is not there: layers=9, colour=red, seed=-1, lr=")
    settings = view.settings()
    assert (settings["data"], settings["layers"], settings["neurons"], settings["seed"]) == ("spiral", "2", "8", "7")
    assert dict(parse_qsl(view.page.url.partition("#")[2])) == settings  # and not what was asked for
    view.page.evaluate('localStorage.setItem(\'micrograd.training\', \'{"layers": 9, "data": "moons"}\')')
    view.page.goto(view.page.url.partition("#")[0] + "?again")
    assert view.settings()["data"] == "moons"


def test_links_in_the_page_show_overfitting_and_what_dropout_does(view):
    for name, dropout in (("Overfitting", "0"), ("The same with dropout", "0.25"), ("Overfitting", "0")):
        view.page.get_by_role("link", name=name).click()
        view.page.wait_for_function(
            f"Object.fromEntries(new FormData(document.querySelector('[data-part=settings]'))).dropout === '{dropout}'"
        )
    assert view.settings()["points"] == "30"
    expect(view.start).to_be_in_viewport()
    view.press("Start")
    view.until("training-loss < 0.25 && test-loss > 0.5")


def test_a_rate_of_1_does_something_at_any_time(view):
    view.press("Start")
    view.until("training-loss < 0.3")
    view.page.get_by_label("Learning rate").select_option("1")
    view.until("training-loss > 0.5")


def test_too_large_a_rate_is_named(view):
    view.page.get_by_label("Learning rate").evaluate("rates => rates.add(new Option('1e200'))")
    view.page.get_by_label("Learning rate").select_option("1e200")
    view.press("Start")
    expect(view.status).to_have_text(
        re.compile(r"Diverged in epoch \d+: .* Choose a smaller learning rate, and reset\.")
    )
    assert view.shown("training-loss") == "∞"
    view.page.get_by_label("Learning rate").select_option("0.01")
    view.press("Start")  # begins anew by itself
    view.until("training-loss < 5")


def test_what_is_drawn_is_what_python_says(view):
    random.seed(5)
    model = MLP(2, [3, 2, 1])
    samples = [[random.uniform(-1.5, 1.5) for _ in range(2)] for _ in range(20)]
    weights = [[[p.data for p in (*neuron.w, neuron.b)] for neuron in layer.neurons] for layer in model.layers]
    scores = view.page.evaluate(
        """async ([source, weights, columns]) => {
            const { activations } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
            return [...activations(weights, columns).at(-1)[0]];
        }""",
        [NETWORK.read_text("utf-8"), weights, [list(column) for column in zip(*samples, strict=True)]],
    )
    assert scores == pytest.approx([model(sample).data for sample in samples])
