"""The film in a real browser: what it shows is what Python says, and everybody can use it."""

import math
import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from graphs import every_operation, seed_example
from micrograd.engine import Op, Value
from micrograd.nn import MLP, mse_loss
from micrograd.viz.drawing import views
from micrograd.viz.filming import film
from micrograd.viz.filming.recording import record
from micrograd.viz.graph import read, trace
from micrograd.viz.summary import Parts


@pytest.fixture
def show(watch, tmp_path):
    """Films a graph, with a box for each Value unless `most` says otherwise, saves the film, and opens the file."""

    def open_film(root, labels=None, most=100, **options):
        path = tmp_path / "film.html"
        film(root, labels, most=most).save(path)
        return watch(path.as_uri(), **options)

    return open_film


def square(a):
    return a * a + a


GRAPHS = {
    "a * a": (square, [3.0]),
    "seed example": (seed_example, [-4.0, 2.0]),
    "every operation": (every_operation, [0.7, 1.9]),
    "inf and nan": (lambda a, b: a.log() * b.relu() + (1 / a).maximum(b), [0.0, -math.inf]),
    "a leaf": (lambda a: a, [2.0]),
}
graphs = pytest.mark.parametrize(("function", "numbers"), GRAPHS.values(), ids=GRAPHS.keys())


def numbers_in(page):
    """The data and gradients that the boxes tell in full, for each box."""
    titles = page.locator(".node title").all_text_contents()
    found = [dict(re.findall(r"^(data|grad) (\S+)$", title, re.MULTILINE)) for title in titles]
    return [(float(each.get("data", "nan")), float(each.get("grad", "nan"))) for each in found]


def expected(root):
    root.backward()
    return [(node.data, node.grad) for node in trace(root)[0]]


def same(found, wanted, tolerance=0.0):
    return all(
        pair == pytest.approx(other, rel=tolerance, abs=tolerance, nan_ok=True)
        for pair, other in zip(found, wanted, strict=True)
    )


def sentence(page):
    """The code, the numbers and the note under the picture."""
    return [page.locator(f"#caption-{part}").inner_text() for part in ("code", "numbers", "note")]


def step_number(page):
    return page.locator("#slider").input_value()


@graphs
def test_clicked_through_to_the_end(show, function, numbers):
    root = function(*map(Value, numbers))
    page = show(root)
    following = page.locator("#next")
    for _ in range(int(page.locator("#slider").get_attribute("max"))):
        assert following.get_attribute("aria-disabled") == "false"
        following.click()
    assert following.get_attribute("aria-disabled") == "true"
    assert same(numbers_in(page), expected(root))


def test_every_step_says_what_happens(show):
    a = Value(3.0)
    page = show(square(a), {"a": a})
    said = []
    for _ in range(8):
        page.locator("#next").click()
        said.append(sentence(page))
    more = "a is used more than once: gradients add up (part {} of 3)."
    assert said == [
        ["a * a", "3 × 3 = 9", ""],
        ["sum = (a * a) + a", "9 + 3 = 12", ""],
        ["sum.grad = 1", "", "backward() starts here: sum changes as much as itself."],
        ["(a * a).grad = sum.grad × 1", "1 × 1 = 1", ""],
        ["a.grad += sum.grad × 1", "0 + 1 × 1 = 1", more.format(1)],
        ["a.grad += (a * a).grad × 3", "1 + 1 × 3 = 4", more.format(2)],
        ["a.grad += (a * a).grad × 3", "4 + 1 × 3 = 7", more.format(3)],
        ["", "", "Done. For a small h, a + h changes sum by about 7 × h."],
    ]


def test_what_passes_nothing_is_not_shown_as_a_product(show):
    a, b = Value(-1.0), Value(math.inf)
    r = a.relu()
    page = show(r * b, {"a": a, "b": b, "r": r})
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    code, numbers, note = sentence(page)
    assert (code, numbers) == ("a.grad = 0", "")
    assert note == "Nothing passes ReLU here, not even a gradient of inf."


def test_numbers_appear_when_they_are_computed(show):
    a = Value(3.0)
    page = show(square(a))
    shown = page.locator(".node .data").all_text_contents
    assert shown() == ["3.0000", "", ""]
    page.locator("#next").click()
    assert shown() == ["3.0000", "9.0000", ""]
    page.locator("#back").click()
    assert shown() == ["3.0000", "", ""]
    assert page.locator(".node.pending").count() == 2


def test_the_active_edge_carries_its_local_derivative(show):
    a = Value(3.0)
    page = show(a * a)
    assert page.locator(".slope").is_hidden()
    page.locator("#slider").fill("4")
    assert page.locator(".edge.backwards").count() == 1
    assert page.locator(".edge.backwards").get_attribute("data-edge") == "1"
    assert page.locator(".slope text").text_content() == "× 3"


def test_keyed_through(show):
    root = seed_example(Value(-4.0), Value(2.0))
    page = show(root)
    last = int(page.locator("#slider").get_attribute("max"))
    assert step_number(page) == "0"
    for key, step in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", last), ("Home", 0)]:
        page.keyboard.press(key)
        assert step_number(page) == str(step)
    for _ in range(last):
        page.keyboard.press("ArrowRight")
    assert same(numbers_in(page), expected(root))


def test_it_plays_to_the_end_and_can_be_paused(show):
    page = show(square(Value(3.0)))
    page.locator("#speed").select_option("4")
    page.locator("#stage").focus()
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Pause"
    assert page.locator("#caption").get_attribute("aria-live") == "off"
    expect(page.locator("#slider")).not_to_have_value("0")
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    assert page.locator("#caption").get_attribute("aria-live") == "polite"
    assert step_number(page) < "8"
    page.locator("#play").click()
    expect(page.locator("#slider")).to_have_value("8")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


CHANGES = [
    (-4.0, 2.0),
    (1.5, -0.3),
    (2.0, 2.0),
    (0.0, 1.0),
    (-0.0, -1.0),
    (math.inf, 1.0),
    (1.0, math.nan),
    (math.nan, 1.0),
    (1e200, 3.0),
]


@pytest.mark.parametrize("function", [seed_example, every_operation])
def test_javascript_computes_as_python_does(show, function):
    page = show(function(Value(0.7), Value(1.9)))
    for numbers in CHANGES:
        wanted = record(read(function(*map(Value, numbers))))
        take = page.evaluate(
            """(leaves) => {
                const film = prepare(JSON.parse(document.getElementById("film").textContent));
                const take = compute(film, leaves.map(decode));
                return Object.entries(take).map(([name, numbers]) => [name, numbers.map(exact)]);
            }""",
            wanted["data"],
        )
        assert [name for name, _ in take] == ["data", "grad", "local", "part"]
        for name, found in take:
            expected = [float(number) for number in wanted[name]]
            assert [float(number) for number in found] == pytest.approx(expected, rel=1e-12, nan_ok=True), numbers


def test_a_leaf_is_changed_and_reset(show):
    a, b = Value(-4.0), Value(2.0)
    root = seed_example(a, b)
    page = show(root, {"a": a, "b": b})
    page.keyboard.press("End")
    before = numbers_in(page)
    page.get_by_label("a", exact=True).fill("1.5")
    a.data = 1.5
    wanted = expected(seed_example(a, b))
    assert same(numbers_in(page), wanted, tolerance=1e-12)
    assert page.get_by_label("gradient of a", exact=True).inner_text() == f"{a.grad:.4f}"
    page.get_by_role("button", name="Reset").click()
    assert page.get_by_label("a", exact=True).input_value() == "-4"
    assert numbers_in(page) == before


@pytest.mark.parametrize("typed", ["", "three", "1,5", "0x", "--1"])
def test_what_is_no_number_is_marked_and_changes_nothing(show, typed):
    a = Value(3.0)
    page = show(a * a, {"a": a})
    field = page.get_by_label("a", exact=True)
    field.fill(typed)
    assert field.get_attribute("aria-invalid") == "true"
    assert numbers_in(page)[0][0] == 3.0
    field.fill("-inf")
    assert field.get_attribute("aria-invalid") == "false"
    assert numbers_in(page)[0][0] == -math.inf


def test_plain_numbers_cannot_be_changed(show):
    a = Value(3.0)
    page = show(a * 2 + 1, {"a": a})
    assert page.locator("#leaves input").count() == 1


class Own:
    """Another class, with a subtraction and a relu of its own."""

    def __init__(self, data, children=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, children, op


def test_the_graph_of_another_class_is_computed_again(show):
    a, b = Own(5.0), Own(2.0)
    page = show(Own(3.0, (Own(3.0, (a, b), "-"),), "relu"), {"a": a, "b": b})
    page.keyboard.press("End")
    assert numbers_in(page) == [(5.0, 1.0), (2.0, -1.0), (3.0, 1.0), (3.0, 1.0)]
    page.get_by_label("a", exact=True).fill("1.5")
    assert numbers_in(page) == [(1.5, 0.0), (2.0, -0.0), (-0.5, 0.0), (0.0, 1.0)]


def test_an_operation_that_only_python_knows_is_filmed_but_not_computed_again(show):
    a = Value(3.0)
    cube = Op("cube", lambda x: x**3, lambda g, out, x: (g * 3 * x * x,))
    root = cube(a) * 2
    page = show(root, {"a": a})
    page.keyboard.press("End")
    assert same(numbers_in(page), expected(root))
    assert page.get_by_label("a", exact=True).is_disabled()
    assert "cube" in page.locator("#hint").inner_text()


def asked(show):
    """A film of a * a that asks for its first gradient."""
    a = Value(3.0)
    page = show(a * a, {"a": a})
    page.get_by_label("Predict the gradient").check()
    page.locator("#slider").fill("2")
    page.locator("#next").click()
    return page


def test_predict_the_gradient(show):
    page = asked(show)
    question = "a * a, and (a * a).grad is 1. What is a.grad after this step?"
    assert sentence(page) == ["", "", question]
    assert page.locator(".slope text").text_content() == "?"
    assert math.isnan(numbers_in(page)[0][1])  # not known yet

    page.keyboard.type("3.01")  # the field has the focus, and this is near enough
    page.keyboard.press("Enter")
    assert page.locator("#caption-verdict").inner_text() == "Right."
    assert numbers_in(page)[0][1] == 3.0

    page.keyboard.press("Enter")
    assert sentence(page)[2].endswith("So far a.grad is 3. What is a.grad after this step?")
    page.keyboard.type("eight")
    page.keyboard.press("Enter")
    assert "type a number" in sentence(page)[2]
    page.locator("#answer").fill("5")
    page.keyboard.press("Enter")
    assert page.locator("#caption-verdict").inner_text() == "Not 5:"
    assert sentence(page)[1] == "3 + 1 × 3 = 6"
    assert page.locator("#score").inner_text() == "1 of 2 right"

    page.keyboard.press("Enter")
    assert page.locator("#prediction").is_hidden()
    assert page.evaluate("document.activeElement.id") == "next"


def test_a_question_can_be_passed_over(show):
    page = asked(show)
    page.locator("#next").click()
    assert sentence(page)[1] == "0 + 1 × 3 = 3"
    assert page.locator("#score").inner_text() == ""


def test_a_playing_film_waits_for_the_answer(show):
    a = Value(3.0)
    page = show(a * a, {"a": a})
    page.get_by_label("Predict the gradient").check()
    page.locator("#slider").fill("2")
    page.locator("#speed").select_option("4")
    page.locator("#play").click()
    expect(page.locator("#prediction")).to_be_visible()
    assert page.locator("#play").get_attribute("aria-label") == "Play"


def view(page):
    return [float(number) for number in page.locator("#stage > svg").get_attribute("viewBox").split()]


def test_zoom_pan_and_fit(show):
    page = show(seed_example(Value(-4.0), Value(2.0)))
    start = view(page)
    page.keyboard.press("+")
    assert view(page)[2] < start[2]
    page.keyboard.press("-")
    assert view(page) == pytest.approx(start)
    page.mouse.move(300, 300)
    drawing = page.locator("#stage > svg").get_attribute("viewBox")
    page.mouse.wheel(0, -200)
    expect(page.locator("#stage > svg")).not_to_have_attribute("viewBox", drawing)
    before = view(page)
    assert before[2] < start[2]
    page.mouse.down()
    page.mouse.move(200, 250)
    page.mouse.up()
    after = view(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.keyboard.press("0")
    drawn = page.evaluate(
        "(({x, y, width, height}) => [x, y, width, height])(document.querySelector('.nodes').getBBox())"
    )
    x, y, width, height = view(page)
    assert x < drawn[0]
    assert y < drawn[1]
    assert x + width > drawn[0] + drawn[2]
    assert y + height > drawn[1] + drawn[3]


def shows_all(page):
    drawn = page.evaluate(
        "(({x, y, width, height}) => [x, y, width, height])(document.querySelector('.nodes').getBBox())"
    )
    x, y, width, height = view(page)
    return x <= drawn[0] and y <= drawn[1] and x + width >= drawn[0] + drawn[2] and y + height >= drawn[1] + drawn[3]


def scale(page):
    return page.locator("#stage").bounding_box()["width"] / view(page)[2]


def network():
    """A network that is shown neuron by neuron, and what it is called."""
    random.seed(3)
    model = MLP(2, [4, 4, 1])
    return mse_loss([model([Value(0.3), Value(-0.2)])], [1.0]), model


def test_a_film_that_can_be_read_stays_whole_and_a_smaller_one_is_followed(show):
    page = show(*network(), most=29, viewport={"width": 1280, "height": 800})
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        page.keyboard.press(key)
        assert shows_all(page)
    page = show(*network(), most=29, viewport={"width": 360, "height": 740})
    assert shows_all(page)
    page.keyboard.press("ArrowRight")
    assert scale(page) == pytest.approx(0.9)
    page.keyboard.press("Home")
    assert shows_all(page)
    page.set_viewport_size({"width": 300, "height": 680})
    page.wait_for_function("document.querySelector('#stage').clientWidth <= 300")
    assert shows_all(page)


def chain():
    v = Value(0.7)
    for i in range(200):
        v = v.tanh() if i % 2 else v.sin()
    return v


def overflow():
    random.seed(1)
    model = MLP(2, [5, 1])
    model.layers[0].neurons[0].w[0].data = math.inf
    return mse_loss([model([0.5, 1.0]), model([0.0, 1.0])], [1.0, 1.0])


LARGE = {
    "network": lambda: network()[0],
    "wide": lambda: MLP(2, [16, 1])([0.5, -1.0]),
    "batch": lambda: mse_loss([MLP(2, [2, 1])([0.1 * i, 0.2]) for i in range(4)], [1.0] * 4),
    "neuron": lambda: MLP(40, [1])([0.5] * 40),
    "chain": chain,
    "every operation": lambda: every_operation(Value(0.7), Value(1.9)),
    "overflow": overflow,
}


@pytest.mark.parametrize("graph", LARGE.values(), ids=LARGE)
def test_a_folded_film_is_whole_and_is_stepped_to_its_end(show, graph):
    root = graph()
    page = show(root, most=29, viewport={"width": 1280, "height": 800})
    assert shows_all(page)
    assert scale(page) > 0.5
    assert page.locator(".view:not([hidden]) .opens").count() > 0
    names = set()
    for _ in range(int(page.locator("#slider").get_attribute("max"))):
        page.keyboard.press("ArrowRight")
        names.add(" ".join(sentence(page)))
    assert page.locator("#next").get_attribute("aria-disabled") == "true"
    assert max(map(len, names)) < 130
    root.backward()
    drawn = next(views(Parts(read(root)))).records
    boxes = page.locator(".view:not([hidden]) .node").evaluate_all(
        "boxes => boxes.map(box => [...box.querySelectorAll('.data, .grad')].map(text => text.textContent)"
        ".concat(box.classList.contains('wrong')))"
    )
    assert boxes == [[dict(record.lines)["data"], record.grad, record.wrong] for record in drawn]
    assert page.locator(".view:not([hidden]) .node.pending").count() == 0
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Home")
    page.wait_for_function("document.querySelector('#stage').clientWidth <= 390")
    assert shows_all(page)


def test_a_box_opens_and_closes(show):
    page = show(*network(), most=29)
    shown = page.locator(".view:not([hidden])")
    page.get_by_role("button", name="Open layers.1.neurons.2").click()
    assert page.locator("#trail").inner_text().split() == ["Whole", "graph", "layers.1.neurons.2"]
    labels = shown.locator(".label").all_text_contents()
    assert labels[:4] == [f"layers.0.neurons.{i}" for i in range(4)]  # what goes in stands at the border
    page.locator("#trail button").click()
    assert shown.locator(".opens").count() == 10  # eight neurons, the one after them, and the loss
    page.get_by_role("button", name="Open layers.1.neurons.2").focus()
    page.keyboard.press("Enter")
    assert shown.locator(".label").all_text_contents() == labels
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Open layers.1.neurons.2"


def test_where_the_writing_is_too_small_a_click_comes_closer(show):
    page = show(*network(), most=29, viewport={"width": 390, "height": 600})
    hint = page.locator("#trail")
    assert hint.inner_text() == "Click the graph to come closer."
    assert scale(page) < 0.6
    box = page.get_by_role("button", name="Open layers.1.neurons.2")
    box.click()
    assert hint.inner_text() == "A box opens on a click."
    assert scale(page) == pytest.approx(0.9)
    box.click()
    assert hint.locator("span").inner_text() == "layers.1.neurons.2"


@pytest.mark.parametrize("size", [(358, 520), (390, 600), (600, 320), (1280, 800)])
def test_no_button_covers_a_box(show, size):
    width, height = size
    page = show(*network(), most=29, viewport={"width": width, "height": height})
    buttons = [button.bounding_box() for button in page.locator("#zoom button:visible, #tools button").all()]
    boxes = [box.bounding_box() for box in page.locator(".view:not([hidden]) .node").all()]
    assert len(buttons) == 6
    for one in buttons:
        for other in [*boxes, *(button for button in buttons if button is not one)]:
            assert (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )


def test_who_drags_over_a_box_does_not_open_it(show):
    page = show(*network(), most=29)
    box = page.get_by_role("button", name="Open layers.0.neurons.1").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 50, steps=5)
    page.mouse.up()
    assert page.locator("#trail button").count() == 0


def test_the_step_inside_a_closed_box_is_marked_and_named(show):
    page = show(*network(), most=29)
    page.keyboard.press("ArrowRight")
    assert page.locator(".node.current").get_attribute("aria-label") == "Open layers.0.neurons.0"
    assert sentence(page)[0] == "layers.0.neurons.0"
    page.keyboard.press("End")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    assert page.locator(".node.current").get_attribute("aria-label") == "Open layers.0.neurons.1"
    assert sentence(page)[2].startswith("The gradient of layers.0.neurons.1 is ")
    assert sentence(page)[2].endswith(" It goes on to x.0, x.1 and its 3 leaves.")
    assert page.locator(".node.target").count() == 2


def test_an_open_box_is_stepped_value_by_value(show):
    page = show(*network(), most=29)
    page.get_by_role("button", name="Open layers.0.neurons.1").click()
    said = []
    for _ in range(int(page.locator("#slider").get_attribute("max"))):
        page.keyboard.press("ArrowRight")
        said.append(sentence(page)[0] or sentence(page)[2])
    outside = "This happens outside of layers.0.neurons.1."
    assert said[:8] == [
        outside,
        "w.0x.0 = w.0 * x.0",
        "sum1 = b + w.0x.0",
        "w.1x.1 = w.1 * x.1",
        "sum = sum1 + w.1x.1",
        "layers.0.neurons.1 = ReLU(sum)",
        outside,
        "sum.grad = layers.0.neurons.1.grad × 0",
    ]
    page.locator("#trail button").click()  # at the same moment
    assert page.locator("#next").get_attribute("aria-disabled") == "true"


FRAMES = {"phone": (390, 600), "frame": (416, 700), "notebook": (900, 640), "low": (600, 320), "window": (1280, 800)}


@pytest.mark.parametrize("most", [29, 100])
def test_everything_is_in_sight_and_most_of_it_is_the_graph(show, most):
    page = show(*network(), most=most)
    for width, height in FRAMES.values():
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("End")
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        stage = page.locator("#stage").bounding_box()
        assert stage["height"] >= 0.45 * height
        for control in page.locator("#controls > *, #try, #theme, #zoom-fit").all():
            box = control.bounding_box()
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height


def test_letters_grow_with_the_window(show):
    page = show(square(Value(3.0)), viewport={"width": 1280, "height": 720})
    size = "parseFloat(getComputedStyle(document.querySelector('#caption')).fontSize)"
    small = page.evaluate(size)
    page.set_viewport_size({"width": 2560, "height": 1440})
    assert page.evaluate(size) > 1.4 * small


def test_full_screen_is_offered_where_it_is_allowed(show, watch, tmp_path):
    page = show(square(Value(3.0)))
    assert page.locator("#full-screen").is_visible() == page.evaluate("document.fullscreenEnabled")
    framed = tmp_path / "framed.html"
    frame = film(square(Value(3.0)))._repr_html_().replace(' allow="fullscreen"', "")
    framed.write_text(f"<!doctype html><title>framed</title>{frame}", encoding="utf-8")
    assert watch(framed.as_uri()).frame_locator("iframe").locator("#full-screen").is_hidden()


def test_a_scale_that_was_chosen_is_kept(show):
    model = MLP(2, [4, 4, 1])
    page = show(model([Value(0.3), Value(-0.2)]), model)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    assert shows_all(page)
    page.keyboard.press("+")
    chosen = scale(page)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert scale(page) == pytest.approx(chosen)


def test_parameters_are_listed_in_the_order_of_the_model(show):
    model = MLP(2, [3, 1])
    page = show(model([1.0, 2.0]), model)
    assert page.locator("#leaves label").all_inner_texts() == [name for name, _ in model.named_parameters()]


def test_two_fingers_zoom(show):
    page = show(seed_example(Value(-4.0), Value(2.0)), has_touch=True)
    session = page.context.new_cdp_session(page)
    stage = page.locator("#stage").bounding_box()

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 300} for x in points]})

    def under_the_first_finger():
        x, _, width, _ = view(page)
        return x + 300 * width / stage["width"]

    width, point = view(page)[2], under_the_first_finger()
    touch("touchStart", 300, 400)
    touch("touchMove", 300, 450)
    touch("touchMove", 300, 500)
    touch("touchEnd")
    assert view(page)[2] == pytest.approx(width / 2, rel=0.01)
    assert under_the_first_finger() == pytest.approx(point, abs=1)


def test_the_active_box_is_kept_in_view(show):
    page = show(seed_example(Value(-4.0), Value(2.0)), viewport={"width": 360, "height": 740})
    stage = page.locator("#stage").bounding_box()
    for _ in range(int(page.locator("#slider").get_attribute("max")) - 1):
        page.keyboard.press("ArrowRight")
        active = "target" if page.locator(".node.target").count() else "current"
        box = page.locator(f".node.{active} .box").first.bounding_box()
        assert stage["x"] <= box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"]
        assert stage["y"] <= box["y"]
        assert box["y"] + box["height"] <= stage["y"] + stage["height"]


def test_a_phone_shows_all_controls(show):
    a = Value(3.0)
    page = show(square(a), {"a": a}, viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Predict the gradient").check()
    page.locator("#slider").fill("4")
    page.locator("#next").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.locator("button, input, select").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert min(box["width"], box["height"]) >= 20


def background(page):
    red, green, blue = map(int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor")))
    return red + green + blue


def test_light_and_dark(show):
    a = Value(3.0)
    assert background(show(square(a), color_scheme="light")) > 600
    page = show(square(a), color_scheme="dark")
    assert background(page) < 150
    page.get_by_role("button", name="Switch between light and dark").click()
    assert background(page) > 600


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing(show, scheme, width):
    a, b = Value(-4.0), Value(2.0)
    page = show(seed_example(a, b), {"a": a, "b": b}, color_scheme=scheme, viewport={"width": width, "height": 740})
    if width < 1000:
        page.get_by_role("button", name="Try it").click()
    page.get_by_label("Predict the gradient").check()
    for step in ["0", "5", "40", "80"]:
        page.locator("#slider").fill(step)
        page.locator("#next").click()
        violations = Axe().run(page).response["violations"]
        assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in violations] == []


def test_a_reader_without_motion_sees_none(show):
    a = Value(3.0)
    moving = "document.getAnimations().length"
    page = show(square(a), reduced_motion="reduce")
    page.locator("#slider").fill("5")
    assert page.evaluate(moving) == 0
    page = show(square(a), reduced_motion="no-preference")
    page.locator("#slider").fill("5")
    assert page.evaluate(moving) > 0


def test_it_runs_inside_a_notebook(watch, tmp_path):
    a = Value(3.0)
    notebook = tmp_path / "notebook.html"
    notebook.write_text(
        f"<!doctype html><title>notebook</title>{film(a * a, {'a': a})._repr_html_()}", encoding="utf-8"
    )
    page = watch(notebook.as_uri(), viewport={"width": 800, "height": 700})  # where the numbers are behind a button
    frame = page.frame_locator("iframe")
    frame.locator("#last").click()
    assert frame.locator("#caption-note").inner_text() == "Done. For a small h, a + h changes (a * a) by about 6 × h."
    frame.locator("#try").click()
    frame.get_by_label("Predict the gradient").check()
    frame.locator("#slider").fill("2")
    frame.locator("#next").click()
    frame.locator("#answer").fill("3")
    frame.locator("#answer").press("Enter")
    assert frame.locator("#caption-verdict").inner_text() == "Right."
    assert page.evaluate("typeof Player") == "undefined"


@pytest.mark.parametrize("label", ["</script><script>alert(1)</script>", "<!--<script>", "שלום", "\u2028", "__proto__"])
def test_any_label_can_be_filmed(show, label):
    a = Value(3.0)
    page = show(a * a, {label: a})
    page.keyboard.press("End")
    assert same(numbers_in(page), [(3.0, 6.0), (9.0, 1.0)])
