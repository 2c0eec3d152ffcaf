"""What the reader types is kept: whatever is opened after it, in however many windows, and with no storage at all."""

import base64
import json
import re
import zlib

import pytest
from playwright.sync_api import expect

OWN = "print('my own')"
NEURON = "example=neuron"


def stored(playground):
    return json.loads(playground.page.evaluate("localStorage['micrograd.drafts'] ?? '{}'"))


def kept(playground, key, code):
    """Waits until a draft is stored."""
    playground.page.wait_for_function(
        "text => localStorage['micrograd.drafts']?.includes(text)", arg=f'"{key}":{{"code":{json.dumps(code)},'
    )


def test_drafts_survive_reload_other_examples_back_and_other_pages(playground):
    page, editor = playground.page, playground.editor
    editor.fill(OWN)
    page.reload()  # at once
    expect(editor).to_have_value(OWN)

    playground.pick("A neuron")
    expect(editor).to_have_value(re.compile("Neuron"))
    original = editor.input_value()
    editor.fill("print('changed')")
    playground.pick("Your own code")
    expect(editor).to_have_value(OWN)
    page.go_back()
    expect(editor).to_have_value("print('changed')")
    page.go_back()
    expect(editor).to_have_value(OWN)
    page.go_forward()
    expect(editor).to_have_value("print('changed')")
    assert page.url.endswith(f"#{NEURON}")

    editor.press_sequentially("# more")
    typed = editor.input_value()
    page.get_by_role("link", name="training view").click()  # at once
    page.get_by_role("button", name="Start").wait_for()
    page.go_back()
    expect(editor).to_have_value(typed)

    editor.fill(original)
    page.wait_for_function(f"!localStorage['micrograd.drafts'].includes('{NEURON}')")  # what is as it was takes no room


def test_starting_over_can_be_undone(playground):
    page, editor = playground.page, playground.editor
    original = editor.input_value()
    undo = page.get_by_role("button", name="Undo")
    playground.press("Start over")
    expect(undo).to_be_hidden()  # there is nothing to bring back

    editor.fill(OWN)
    playground.press("Start over")
    expect(editor).to_have_value(original)
    editor.press("Control+z")  # by the history of the editor
    expect(editor).to_have_value(OWN)
    editor.press("Control+Shift+z")
    expect(editor).to_have_value(original)

    page.reload()  # by the button, also later
    expect(editor).to_have_value(original)
    editor.fill("print('new')")
    undo.click()
    expect(editor).to_have_value(OWN)
    undo.click()  # and what was there meanwhile is not lost either
    expect(editor).to_have_value("print('new')")


def test_a_link_holds_the_code_does_not_run_it_and_leaves_the_readers_own_alone(playground, at):
    code = "# ünï 💡 <b>&amp;\nprint('shared')\n"
    page = playground.page
    playground.editor.fill(code)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.press("Copy link")
    expect(playground.status).to_have_text("The link is copied. It holds the code.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/playground/#code=[\w-]+$", link)
    hash = link[link.index("#") :]

    opened = at()
    opened.editor.fill(OWN)
    opened.go(hash)
    expect(opened.editor).to_have_value(code)
    expect(opened.page.get_by_text("This code came with the link.")).to_be_visible()
    assert opened.output.inner_text() == ""
    opened.expect_pythons(0)
    assert opened.run() == "shared"
    opened.editor.fill("print('theirs, changed')")
    opened.pick("Your own code")
    expect(opened.editor).to_have_value(OWN)
    opened.page.go_back()
    expect(opened.editor).to_have_value("print('theirs, changed')")
    expect(opened.page.get_by_text("This code came with the link.")).to_be_visible()


def test_without_a_clipboard_the_link_is_shown(playground):
    playground.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
    playground.press("Copy link")
    expect(playground.page.get_by_label("Link")).to_have_value(re.compile("#code="))


def test_links_lead_from_one_part_of_a_chapter_to_the_next(at):
    playground = at("#lesson=03-chain-rule&cell=1")
    for cell in (2, 3):  # the theme loads the page anew the first time, and then only changes the address
        before = playground.editor.input_value()
        playground.page.get_by_role("link", name="Next", exact=True).first.click()
        expect(playground.page).to_have_url(re.compile(f"#lesson=03-chain-rule&cell={cell}$"))
        expect(playground.editor).not_to_have_value(before)


MOST = "The editor takes 100,000 letters and 5,000 lines"
MORE = base64.urlsafe_b64encode(zlib.compress(b"\n" * 200_000, wbits=-15)).decode().rstrip("=")
NOWHERE = {
    "#code=nonsense": "The code in this link is damaged.",
    f"#code={MORE}": f"{MOST}: the code in this link is more.",
    "#example=nothing": "There is no such example.",
    "#lesson=../lessons/03-chain-rule&cell=1": "There is no such chapter.",
    "#lesson=99-nothing&cell=1": "The chapter could not be opened: lessons/99-nothing.json: 404",
    "#lesson=03-chain-rule&cell=0": "There is no such part of the chapter.",
    "#lesson=03-chain-rule&exercise=constructor": "There is no such part of the chapter.",
}


def test_addresses_that_lead_nowhere_say_so(playground):
    playground.editor.fill(OWN)
    for hash, words in NOWHERE.items():
        playground.go(hash)
        expect(playground.status).to_have_text(words)
        expect(playground.editor).to_have_value(OWN)
    playground.page.complaints.clear()  # that a file is not there


def test_a_place_in_the_page_is_no_sheet(playground):
    playground.pick("A neuron")
    expect(playground.editor).to_have_value(re.compile("Neuron"))
    playground.go("#playground")  # where the link for those who skip the navigation leads
    playground.page.wait_for_timeout(200)
    expect(playground.editor).to_have_value(re.compile("Neuron"))


def test_two_windows_that_change_the_same_code_lose_neither_version(playground, visit, at):
    first, second = playground, type(playground)(visit(context=playground.page.context))
    first.editor.fill("one = 1")
    kept(first, "own", "one = 1")
    expect(second.page.get_by_text("This code was changed in two windows.")).to_be_visible()
    second.editor.fill("two = 2")
    kept(second, "own", "two = 2")
    expect(first.page.get_by_text("This code was changed in two windows.")).to_be_visible()
    first.press("Show the other version")
    expect(first.editor).to_have_value("two = 2")
    second.page.reload()
    expect(second.editor).to_have_value("two = 2")
    second.press("Show the other version")
    expect(second.editor).to_have_value("one = 1")

    second.pick("A neuron")  # other code is no matter of the other window
    second.editor.fill("three = 3")
    kept(second, NEURON, "three = 3")
    assert stored(first)["own"]["code"] in ("one = 1", "two = 2")


FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_storage_it_works_and_says_once_that_nothing_is_kept(playground, storage):
    page = playground.page
    page.add_init_script(storage)
    page.reload()
    said = page.get_by_text("This browser keeps nothing for this page")
    expect(said).to_be_hidden()
    playground.editor.fill(OWN)
    expect(said).to_be_visible()
    playground.pick("A neuron")
    expect(playground.editor).to_have_value(re.compile("Neuron"))
    playground.pick("Your own code")
    expect(playground.editor).to_have_value(OWN)  # as long as the page is open
    if storage == FORBIDDEN:
        page.complaints.clear()  # those of the theme


def test_damaged_drafts_are_no_drafts(playground):
    original = playground.editor.input_value()
    for nonsense in ("{", "[1]", "null", '"text"', '{"own": 5}', '{"own": {"code": 5, "other": 5, "tries": 5}}'):
        playground.page.evaluate("nonsense => { localStorage['micrograd.drafts'] = nonsense }", nonsense)
        playground.page.reload()
        expect(playground.editor).to_have_value(original)
        playground.editor.fill(OWN)
        kept(playground, "own", OWN)


def test_what_is_too_much_is_not_taken_and_costs_no_draft(playground):
    page, editor = playground.page, playground.editor
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.fill(OWN)
    for much in ("x" * 1_100_000, "\n" * 200_000):
        page.evaluate("text => navigator.clipboard.writeText(text)", much)
        editor.press("ControlOrMeta+v")
        expect(playground.status).to_have_text(f"{MOST}: this is more.")
        expect(editor).to_have_value(OWN)
    page.evaluate("text => navigator.clipboard.writeText(text)", "# much\n" * 4_000)
    editor.press("ControlOrMeta+a")
    editor.press("ControlOrMeta+v")
    kept(playground, "own", "# much\n" * 4_000)


def test_old_drafts_make_room_for_new_ones(playground):
    drafts = {f"example={i}": {"code": "x" * 100_000} for i in range(12)}
    playground.page.evaluate("drafts => { localStorage['micrograd.drafts'] = JSON.stringify(drafts) }", drafts)
    playground.editor.fill(OWN)
    kept(playground, "own", OWN)
    assert list(stored(playground)) == [f"example={i}" for i in range(3, 12)] + ["own"]
