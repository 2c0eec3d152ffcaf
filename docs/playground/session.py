"""Runs the reader's code in the browser, shows what it prints and what it ends in, and checks exercises."""

import ast
import gc
import json
import linecache
import sys
import traceback
import zlib
from collections.abc import Callable
from types import CodeType
from typing import Any

import page  # what worker.js offers

import limits
import trial
from console import Keyboard, Stream, show, silence
from micrograd.engine import Value
from shared import Snapshot

FILE = "playground.py"
BEFORE = "the code so far"
CHECK = "the check"
BETWEEN = "\n\n\n"  # what the code so far has between one cell and the next

OUT, ERROR = Stream("out"), Stream("error")

last: tuple[str, dict[str, Any]] = "", {}
"""All code that was run in the last namespace if none of it failed, and this namespace."""

start = Snapshot()  # taken at the end of this file
sys.stdin, sys.stdout, sys.stderr, sys.displayhook = Keyboard(), OUT, ERROR, show


def run(code: str, before: str = "", check: str = "") -> str:
    """Run code from the top to the bottom, with nothing left of an earlier run but what `before` asks for.

    Args:
        code: The text of a program. Its last line is shown if it is an expression.
        before: What runs first, in the same namespace. What it prints and shows is left out. Where just this was run
            last, as when a reader goes from cell to cell, the code goes on from there.
        check: Assertions about what the code has defined. They see built-in names, modules, classes, and what `before`
            has defined as they are, whatever the code has made of them; what they define themselves is not seen by the
            code.

    Returns:
        JSON of how it `ended`, which is `done`, `error`, or with a check `right` or `refused`; of the `words` that go
        with it: the error in one line, or what the check has against the code; and of what was `tried`, see `meaning`,
        if the code was to be checked.
    """
    global last
    for stream in (OUT, ERROR):
        stream.begin()
    ended, words = "done", ""
    ran, names = last
    tutorial: dict[str, Any] = {"__name__": "__main__"}
    failure = None
    if not before or ran != before:
        names = fresh()
        failure = execute_silently(before, names)  # keeps the frames, and the graphs in them, until they are apart
    was_tried = check and not failure
    if failure:
        ended, words = "error", f"In the code so far: {explained(failure, BEFORE)}"
    elif isinstance(failure := execute(code, FILE, names), SystemExit) and not check:
        say_last_words(failure)
    elif failure:
        ended, words = "error", explained(failure, FILE)
    elif check:
        start.put_back()
        with silence():
            failure = execute(before, BEFORE, tutorial) or execute(check, CHECK, trial.tried(names, tutorial))
        ended, words = ("refused", objection(failure)) if failure else ("right", "")
    for stream in (OUT, ERROR):
        stream.flush()
    last = (f"{before}{BETWEEN}{code}" if before else code), names
    if failure or check:
        fresh()
    return json.dumps({"ended": ended, "words": words, "tried": meaning(code) if was_tried else None})


def execute_silently(before: str, names: dict[str, Any]) -> BaseException | None:
    """Run the code so far in a namespace, and return what it failed with."""
    if not before:
        return None
    page.running("Running the code so far")
    with silence():
        failure = execute(before, BEFORE, names)
    page.running("Running")
    return failure


def fresh() -> dict[str, Any]:
    """A namespace with nothing in it. What is left of the last one is taken apart, and what it has changed put back."""
    global last
    start.restore()
    take_apart_graphs()
    last = "", {}
    return {"__name__": "__main__", "show": show}


def execute(code: str, file: str, names: dict[str, Any]) -> BaseException | None:
    """Run code in a namespace, show what it gives and what it plotted, and return what it failed with."""
    if file != CHECK:
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)  # for the traceback
    failures = attempt(lambda: perform(code, file, names)), attempt(show_plots)
    return failures[0] or failures[1]


def attempt(action: Callable[[], None]) -> BaseException | None:
    """Do something, and return what it failed with."""
    try:
        action()
    except BaseException as error:
        return error
    return None


def perform(code: str, file: str, names: dict[str, Any]) -> None:
    """Run code in a namespace, and show what its last line gives."""
    statements, last = split(code, file)
    exec(statements, names)
    if last:
        show(eval(last, names))


def show_plots() -> None:
    """Show the plots that the code did not show itself, as a notebook does."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.show()


def split(code: str, file: str) -> tuple[CodeType, CodeType | None]:
    """The statements, and apart from them the expression at the end if there is one."""
    tree = ast.parse(code, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    statements = compile(tree, file, "exec", dont_inherit=True)
    return statements, last and compile(ast.Expression(last.value), file, "eval", dont_inherit=True)


def objection(failure: BaseException) -> str:
    """What to say to the reader when a check failed: its own words, or what went wrong when it tried the code."""
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(failure.__traceback__)]
    if isinstance(failure, AssertionError) and files[-1] in (CHECK, BEFORE):  # a chapter may have a check of its own
        return str(failure) or "That is not it yet."
    if FILE in files:
        return f"When the code was tried, it ended with {explained(failure, FILE)}"
    return f"The code could not be tried: {one_line(failure)}"


def say_last_words(end: SystemExit) -> None:
    """Print what a program gave to `sys.exit`, unless it is a number."""
    if not isinstance(end.code, int | None):
        print(end.code, file=sys.stderr)


def meaning(code: str) -> str:
    """A short name for what code does: the same if only comments and layout differ, or spaces if it is no Python."""
    try:
        program = ast.dump(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        program = "".join(code.split())
    return f"{zlib.crc32(program.encode(errors='replace')):08x}"


def explained(error: BaseException, file: str) -> str:
    """Print the traceback, from the first line of a file on; gives its last line."""
    line = one_line(error)
    if note := limits.note(error):
        error.add_note(note)
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != file:
        frames = frames.tb_next
    traceback.print_exception(error.with_traceback(frames))
    return line


def one_line(error: BaseException) -> str:
    """What is wrong, without where."""
    return traceback.format_exception_only(error)[-1].strip()


def take_apart_graphs() -> None:
    """Cut every graph into single Values. Freed as a whole, a deep one would overflow the browser's stack."""
    values = [thing for thing in gc.get_objects() if type(thing) is Value]  # the list keeps them all until the end
    for value in values:
        value.__init__(0.0)  # a leaf, which holds no other Value


start.take()
