"""Chapters in the playground: their cells print what the text says, and exercises check what the reader writes."""

import json
import re

from playwright.sync_api import expect

import chapters
import exercises
import pages

CELLS = {
    page.stem: [part for part in pages.parts(page.read_text("utf-8")) if isinstance(part, pages.Code)]
    for page in chapters.PAGES
    if page.stem != "index"
}
EXERCISES = {stem: exercises.of_chapter(stem) for stem in CELLS}
STEM, NUMBER = "03-chain-rule", "2"
EXERCISE = f"#lesson={STEM}&exercise={NUMBER}"
RIGHT = EXERCISES[STEM][NUMBER].right
WRONG = EXERCISES[STEM][NUMBER].wrong


SHOWS = re.compile(r"^(draw|film|picture|plt\.show)\(", re.MULTILINE)


def test_cells_print_and_show_what_the_chapters_say(playground):
    wrong = []
    for stem, cells in CELLS.items():
        for number, cell in enumerate(cells, 1):
            playground.go(f"#lesson={stem}&cell={number}")
            expect(playground.page.get_by_role("heading", name=f"Cell {number} of {len(cells)}")).to_be_visible()
            expect(playground.editor).to_have_value(cell.code)
            playground.run(ends="Done|error|crashed")
            printed = "".join(playground.output.locator("pre").all_text_contents())
            shows = playground.output.locator("iframe").count() > 0
            if printed != cell.promised or shows != bool(SHOWS.search(cell.code)):
                wrong.append((stem, number, playground.status.inner_text(), printed, cell.promised, shows))
    assert wrong == []


def test_a_link_to_an_answer_runs_and_is_checked_where_it_belongs(at):
    playground = at("#lesson=10-loss&exercise=1")
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.editor.fill("print(mean_squared_error.__name__)")
    playground.press("Copy link")
    expect(playground.status).to_have_text("The link is copied. It holds the code.")
    opened = at()
    opened.go("#" + page.evaluate("navigator.clipboard.readText()").partition("#")[2])
    expect(opened.editor).to_have_value("print(mean_squared_error.__name__)")
    assert opened.run() == "mean_squared_error"
    assert "Define" in opened.run(None, "Not yet", "Check")


def test_answers_are_right_and_wrong_ones_refused(playground):
    found = {}
    for stem, of_chapter in EXERCISES.items():
        for number, exercise in list(of_chapter.items())[:2]:
            playground.go(f"#lesson={stem}&exercise={number}")
            expect(playground.page.get_by_role("heading", name=exercise.title)).to_be_visible()
            expect(playground.editor).to_have_value(exercise.start)
            answers = [exercise.right, exercise.start, exercise.wrong[0]]
            ends = []
            for answer in answers:
                playground.run(answer, "Right|Not yet|error|crashed", "Check")
                ends.append(playground.status.inner_text())
            found[stem, number] = ends
    assert {key: ends for key, ends in found.items() if ends != ["Right", "Not yet", "Not yet"]} == {}


def test_a_cell_knows_its_chapter_and_what_is_before_it(at):
    playground = at(f"#lesson={STEM}&cell=3")
    page = playground.page
    assert playground.run() == "3.0 4.5 1.5 7.0"  # and nothing of what the earlier cells print
    page.get_by_text("The code so far, which runs first").click()
    expect(page.locator("details pre")).to_contain_text("def push(self):")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name="Cell 4 of 4")).to_be_visible()
    assert playground.output.inner_text() == ""
    playground.run()
    expect(playground.output.locator("iframe")).to_have_count(1)
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(page.get_by_role("heading", name="Cell 3 of 4")).to_be_visible()
    page.get_by_role("link", name="3. The chain rule").click()
    expect(page.get_by_role("heading", name="3. The chain rule")).to_be_visible()
    page.locator(".in-playground a").nth(1).click()
    expect(playground.editor).to_have_value(CELLS[STEM][1].code)


def test_an_error_in_the_code_so_far_is_said(playground, address):
    page = playground.page
    lesson = page.request.get(f"{address}playground/lessons/{STEM}.json").json()
    lesson["cells"][0] = "print('before')\nnothing"
    page.context.route(f"**/lessons/{STEM}.json", lambda route: route.fulfill(json=lesson))
    playground.go(f"#lesson={STEM}&cell=2")
    said = playground.run(ends="Ended with an error: In the code so far: NameError")
    assert "before" not in said.splitlines()
    assert "    nothing" in said


def test_help_comes_after_refused_tries_and_progress_is_kept(at):
    playground = at(EXERCISE)
    page = playground.page
    hint, answer = page.locator("summary", has_text="Hint"), page.locator("summary", has_text="Answer")
    tries = [  # the same once more is no other try
        (None, "Not yet", 1),
        (f"# Again.\n\n{playground.editor.input_value()}", "Not yet", 1),
        ("1 / 0", "ZeroDivisionError", 2),
        ("1  /  0", "ZeroDivisionError", 2),
        ("def slope_for_a(a, b:", "SyntaxError", 3),
    ]
    for code, ends, number in tries:
        playground.run(code, ends, "Check")
        expect(hint).to_have_count(int(number >= 2))
        expect(answer).to_have_count(int(number >= 3))
    page.reload()
    answer.click()
    expect(page.locator("details", has_text="Answer")).to_contain_text("For the quotient")

    playground.run(RIGHT, "Right", "Check")
    assert json.loads(page.evaluate("localStorage['micrograd.progress']")) == {f"{STEM}/{NUMBER}": True}
    page.get_by_role("link", name="3. The chain rule").click()
    expect(page.locator(".in-playground", has_text="solved")).to_have_count(1)


OTHER = "\nslope_for_b = slope_for_a"
CHECKS = {  # code, how the status begins, what the output has to say
    "start": (None, "Not yet", "slope_for_a gives no number yet"),
    "nothing": ("", "Not yet", "Define `slope_for_a`: your code has nothing of this name yet"),
    "no function": ("slope_for_a = slope_for_b = 3", "Not yet", "`slope_for_a` has become 3, and is needed as"),
    "dots": ("slope_for_a = ...", "Not yet", "`slope_for_a` is still missing"),
    "prints": ("print('Right.')", "Not yet", "Define `slope_for_a`"),
    "exits": (f"{RIGHT}\nexit()", "Ended with an error: SystemExit", "exit\\(\\)\n"),
    "exits when tried": ("def slope_for_a(a, b): exit()" + OTHER, "Not yet", "it ended with SystemExit"),
    "asserts itself": ("def slope_for_a(a, b):\n    assert b > 9" + OTHER, "Not yet", "line 2, in slope_for_a"),
    "ends with an error": ("\n\n1 / 0", "Ended with an error: ZeroDivisionError", r'File "playground.py", line 3'),
    "ends with an error when tried": (
        "def slope_for_a(a, b):\n    return a / (b - b)" + OTHER,
        "Not yet",
        r'^Traceback .*:\n  File "playground.py", line 2, in slope_for_a',
    ),
    "takes names of the tutorial": (RIGHT + "\nslope = slope(f, 1.0)", "Right", r"Right\.$"),
    "takes names of Python": ("abs = lambda x: 0\nAssertionError = ValueError\n" + WRONG[0], "Not yet", "nudging says"),
    "takes them with the right answer": ("abs = sum = 3\nisinstance = None\n" + RIGHT, "Right", r"Right\.$"),
}


def test_a_check_is_passed_by_the_right_answer_alone(at):
    playground = at(EXERCISE)
    wrong = {}
    for name, (code, ends, wanted) in CHECKS.items():
        said = playground.run(code, "Right|Not yet|error|crashed", "Check")
        if not playground.status.inner_text().startswith(ends) or not re.search(wanted, said) or "the check" in said:
            wrong[name] = playground.status.inner_text(), said
    assert wrong == {}


def test_a_function_that_asks_is_asked_with_its_question(at):
    playground = at(EXERCISE)
    asks = "def slope_for_a(a, b):\n    print('not said')\n    return float(input('How steep? '))"
    playground.start(f"{RIGHT}\n{asks}", "Check")
    answer = playground.page.get_by_label("How steep?")
    answer.fill("0")
    answer.press("Enter")
    expect(playground.status).to_have_text("Not yet")
    expect(playground.output.locator("pre")).to_have_text(re.compile(r"\nHow steep\? 0\n$"))
    expect(playground.output).not_to_contain_text("not said")


IN_BITS = """
def log(x):
    return math.log2(x)
math.log = log
def mean_surprise(p, often):
    return -often * (log(p) if often else 0) - (1 - often) * (log(1 - p) if often < 1 else 0)
best = 0.7
"""


def test_a_check_sees_modules_as_they_are(at):
    said = at("#lesson=14-several-classes&exercise=2").run(IN_BITS, "Right|Not yet|error", "Check")
    assert "1.0000. Of a hundred days 50 are rainy" in said


def test_a_verdict_is_about_the_code_that_was_checked(at):
    playground = at(EXERCISE)
    playground.start(f"{RIGHT}\ninput('Go on? ')", "Check")
    answer = playground.page.get_by_label("Go on?")
    expect(answer).to_be_focused()
    playground.editor.fill("changed = 1")
    answer.press("Enter")
    expect(playground.status).to_have_text("Right")
    verdict = playground.page.get_by_role("alert")
    expect(verdict).to_have_text("Right. What you have changed meanwhile was not checked.")
    playground.run(RIGHT, "Right", "Check")
    expect(verdict).to_have_text("Right.")


def test_a_check_of_an_endless_loop_is_stopped(at):
    playground = at(EXERCISE)
    playground.start("def slope_for_a(a, b):\n    while True: pass" + OTHER, "Check")
    expect(playground.status).to_have_text("Running")
    playground.press("Stop")
    expect(playground.status).to_have_text("Stopped")
    playground.run(RIGHT, "Right", "Check")


def test_the_first_page_counts_saves_reads_and_forgets(visit, tmp_path):
    page = visit("tutorial/")
    summary = page.get_by_text("exercises solved, as this browser remembers")
    expect(summary).to_contain_text(f"0 of {sum(map(len, EXERCISES.values()))} ")
    page.evaluate("localStorage['micrograd.progress'] = JSON.stringify({'03-chain-rule/2': true, 'no': true})")
    page.reload()
    expect(page.locator(".md-content li", has_text="The chain rule")).to_contain_text(
        f"1 of {len(EXERCISES[STEM])} solved"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "progress.json")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget").click()
    expect(summary).to_contain_text("0 of ")
    (tmp_path / "nonsense.json").write_text(
        json.dumps({f"{STEM}/1": True, f"{STEM}/99": True, f"{STEM}/3": "yes", "a/1": True})
    )
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "broken.json").write_text("{")
    for name, read, solved in (
        ("progress", "Solved exercises read from the file: 1.", 1),
        ("nonsense", "Solved exercises read from the file: 1.", 2),
        ("list", "There is no progress in this file.", 2),
        ("broken", "There is no progress in this file.", 2),
    ):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Read from a file").click()
        with page.expect_event("dialog") as dialog:
            page.once("dialog", lambda dialog: dialog.accept())
            chooser.value.set_files(tmp_path / f"{name}.json")
        assert dialog.value.message == read
        expect(summary).to_contain_text(f"{solved} of ")
    assert json.loads(page.evaluate("localStorage['micrograd.progress']")) == {f"{STEM}/1": True, f"{STEM}/2": True}


def test_without_javascript_the_tutorial_says_nothing_of_progress(visit):
    page = visit("tutorial/", java_script_enabled=False)
    expect(page.get_by_text(re.compile(r"\d of \d+ (exercises )?solved"))).to_have_count(0)
