"""The training view in a real browser: a network learns, and is drawn as it is."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from micrograd.nn import MLP

NETWORK = Path(__file__).parents[3] / "docs" / "playground" / "network.js"
PYTHON = re.compile(r"/playground/(pyodide/|wheels/|worker\.js|assets\.json|\w+\.py)")


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
