"""The page of a drawing in a real browser: all of it shows, and its boxes open."""

import random

import pytest
from axe_playwright_python.sync_playwright import Axe

from micrograd.nn import MLP, mse_loss
from micrograd.viz import draw

SIZES = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]


@pytest.fixture
def page(watch, tmp_path):
    """The drawing of a network."""
    random.seed(3)
    model = MLP(2, [16, 1])
    loss = mse_loss([model([0.5, -1.0])], [1.0])
    loss.backward()
    draw(loss).save(tmp_path / "graph.html")
    return watch((tmp_path / "graph.html").as_uri())


def labels(page):
    return page.locator(".view:not([hidden]) .label").all_text_contents()


def test_a_layer_opens_and_then_a_neuron_in_it(page):
    assert labels(page) == ["layer 1", "layer 2, neuron 1", "loss"]
    page.get_by_role("button", name="Open layer 1").click()
    assert labels(page) == ["neuron 1 … neuron 8", "neuron 9 … neuron 16"]
    page.get_by_role("button", name="Open neuron 9 … neuron 16").press("Enter")
    page.get_by_role("button", name="Open layer 1, neuron 10").click()
    assert sorted(labels(page)) == ["b", "n1.10", "sum", "sum1", "w1", "w1x1", "w2", "w2x2", "x1", "x2"]
    trail = page.locator("#trail > *").all_text_contents()
    assert trail == ["Whole graph", "layer 1", "neuron 9 … neuron 16", "neuron 10"]
    for _ in range(3):
        page.keyboard.press("Escape")
    assert labels(page) == ["layer 1", "layer 2, neuron 1", "loss"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_it_shows_and_everybody_can_use_it(page, scheme):
    page.emulate_media(color_scheme=scheme)
    for size in SIZES:
        page.set_viewport_size(size)
        for _ in range(2):
            for box in page.locator(".view:not([hidden]) .node").all():
                place = box.bounding_box()
                assert place["x"] >= 0
                assert place["y"] >= 0
                assert place["x"] + place["width"] <= size["width"]
                assert place["y"] + place["height"] <= size["height"]
            assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
            page.locator(".view:not([hidden]) .opens").first.press("Enter")  # a click may come closer
        page.locator("#trail button").first.click()
