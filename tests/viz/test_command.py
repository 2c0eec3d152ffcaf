"""The command line: expressions are read through a whitelist, and whatever is wrong is said in a line."""

import builtins
import math
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.viz import to_dot
from micrograd.viz.__main__ import main
from micrograd.viz.expression import FUNCTIONS, LONGEST, ExpressionError, build

LETTERS = ["a", "b", "c"]


def leaves():
    return {name: Value(number) for name, number in zip(LETTERS, [2.0, -3.0, 0.5], strict=True)}


def texts(parts):
    operand = st.tuples(st.sampled_from(["{}", "({})", "-{}", "({}).tanh()", "relu({})", "abs({})"]), parts)
    return st.one_of(
        operand.map(lambda pair: pair[0].format(pair[1])),
        st.tuples(parts, st.sampled_from(["+", " - ", "*", " / ", "**"]), parts).map("({0[0]}{0[1]}{0[2]})".format),
        st.tuples(st.sampled_from(["max", "min"]), parts, parts).map("{0[0]}({0[1]}, {0[2]})".format),
    )


EXPRESSIONS = st.recursive(st.sampled_from([*LETTERS, "2", "0.5", "3e-1", ".25"]), texts, max_leaves=12)


@given(EXPRESSIONS)
@example("10 / 3 * a")
@example("a**2 - -b**3")
@example("max(2, 3) + exp(1)")
def test_an_expression_is_what_python_makes_of_it(text):
    values = leaves()
    try:
        expected = builtins.eval(text, {**FUNCTIONS, **values})
    except (ArithmeticError, AttributeError, TypeError):  # a number has no tanh, 0 no reciprocal, (-1)**0.5 no order
        build(text, values)
        return
    if isinstance(expected, complex):
        return
    if not isinstance(expected, Value):
        expected = Value(expected)
    built = build(text, values)
    assert to_dot(built, labels=values) == to_dot(expected, labels=values)
    assert repr(built.data) == repr(expected.data)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1/0", math.inf),
        ("-1/0", -math.inf),
        ("9**9**9**9", math.inf),
        ("(-8)**(1/3)", math.nan),
        ("1" + "0" * 400, math.inf),
        ("1e999", math.inf),
        ("log(0)", -math.inf),
        ("exp(1000)", math.inf),
        ("7", 7.0),
        ("+a", 2.0),
        ("a.maximum(3)", 3.0),
        ("minimum(a, 3)", 2.0),
        (" a\n*\tb ", -6.0),
        ("+".join(["a"] * 5000), 10_000.0),
        ("a - " + " - ".join(["c"] * 2000), -998.0),
        ("a" + " * 1" * 2400, 2.0),
        ("(" + "+".join(["a"] * 4000) + ") / 4000", 2.0),
        ("(" * 4999 + "a" + ")" * 4999, 2.0),
        ("-" * 9998 + "a", 2.0),
        ("c" + "**c" * 3000, 0.641185744504986),
        ("relu(" * 1600 + "a" + ")" * 1600, 2.0),
        ("a" + ".relu()" * 1400, 2.0),
        ("-a**2 * 3 - -b / 2**-1", -18.0),
        ("2**3**2", 512.0),
        ("a - b - c", 4.5),
        ("a / b / c", 2 / -3 / 0.5),
        ("- - a.relu ( ) ** 2.", 4.0),
        ("1_000 + .5e1 + 1.", 1006.0),
        ("max ( a , ( b ) )", 2.0),
        ("\uff52elu(a) + a . relu()", 4.0),
    ],
    ids=lambda given: str(given)[:20].strip(),
)
def test_results(text, result):
    assert build(text, leaves()).data == pytest.approx(result, nan_ok=True)


# What is refused: the expression, what is said, and what is marked.
REFUSED = {
    "import": ("__import__('os')", "no function __import__", "__import__"),
    "builtin": ("a + open('f')", "no function open", "open"),
    "eval": ("eval(a)", "no function eval", "eval"),
    "method": ("a.backward()", "no function backward", "backward"),
    "dunder method": ("a.__init__(1)", "no function __init__", "__init__"),
    "helper of a derivative": ("gate(a, b)", "no function gate", "gate"),
    "function that is no method": ("a.max(b)", "an expression is made of", ".max("),
    "attribute": ("1 + a.data", "an expression is made of", ".data"),
    "class": ("a.__class__.__mro__", "an expression is made of", ".__class__"),
    "call of a result": ("(a + b)(c)", "an operator is missing", "("),
    "keyword": ("max(a, b=1)", "an expression is made of", "="),
    "star": ("max(a, *b)", "an operand is missing", "*"),
    "string": ("a + 'b'", "an expression is made of", "'"),
    "f-string": ("f'{a}' + a", "an expression is made of", "'{"),
    "bytes": ("b'x'", "an expression is made of", "'"),
    "True": ("a*True", "an expression is made of", "True"),
    "None": ("a*None", "an expression is made of", "None"),
    "ellipsis": ("a*...", "an operand is missing", "."),
    "complex": ("a*2j", "an operator is missing", "j"),
    "list": ("[a]", "an expression is made of", "["),
    "tuple": ("a, b", "an expression is made of", ","),
    "item": ("a[0]", "an expression is made of", "["),
    "comparison": ("a + (b < c)", "an expression is made of", "<"),
    "and": ("a and b", "an expression is made of", "and"),
    "not": ("not a", "an expression is made of", "not"),
    "invert": ("a + ~b", "an expression is made of", "~"),
    "condition": ("a if b else c", "an expression is made of", "if"),
    "lambda": ("(lambda: 1)()", "an expression is made of", "lambda"),
    "comprehension": ("sin([x for x in a])", "an expression is made of", "["),
    "walrus": ("(a := 3)", "an expression is made of", ":="),
    "await": ("await a", "an expression is made of", "await"),
    "floor division": ("(a) // (b)", "an expression is made of", "//"),
    "modulo": ("a%b", "an expression is made of", "%"),
    "matrix product": ("λ + a @b", "an expression is made of", "@"),
    "bits": ("a ^ b", "an expression is made of", "^"),
    "comment": ("a # + b", "an expression is made of", "#"),
    "assignment": ("a = 3", "an expression is made of", "="),
    "statement": ("import os", "an expression is made of", "import"),
    "two expressions": ("a; b", "an expression is made of", ";"),
    "nothing": ("  ", "the expression is empty", ""),
    "half": ("a +", "an operand is missing", ""),
    "no operand": ("a + * b", "an operand is missing", "*"),
    "nothing in a parenthesis": ("a + ()", "an operand is missing", ")"),
    "a comma too much": ("max(a, b,)", "an operand is missing", ")"),
    "no operator": ("a b", "an operator is missing", "b"),
    "no operator before a function": ("2 relu(a)", "an operator is missing", "relu("),
    "digits of another script": ("a + ٣", "an operand is missing", "٣"),
    "number": ("1__0", "an expression is made of", "1__0"),
    "power of a number": ("a + b²", "an expression is made of", "b²"),
    "open": ("(a", "this ( is not closed", "("),
    "an open function": ("relu(a", "this ( is not closed", "relu"),
    "closed": ("a)", "this ) was not opened", ")"),
    "character": ("λ + €", "an expression is made of", "€"),
    "null": ("a\0b", "an expression is made of", "\0"),
    "surrogate": ("\ud800", "an expression is made of", "\ud800"),
    "one operand more": ("a + relu(a, b)", "relu takes 1 operand, got 2", "relu"),
    "one operand less": ("a.maximum()", "maximum takes 2 operands, got 1", "maximum"),
    "unknown names": ("a + y*x + y", "no value for y, x; add one such as y=2", "y"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused_with_its_place(name):
    text, reason, marked = REFUSED[name]
    with pytest.raises(ExpressionError) as error:
        build(text, {**leaves(), "λ": Value(1.0)})
    said, shown, marks = str(error.value).split("\n")
    assert said.startswith(reason)
    assert shown == f"  {text.strip()}"
    assert shown[marks.index("^") : len(marks)].rstrip() == marked
    assert set(marks) == {" ", "^"}


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ExpressionError, match="1,000,001 characters; the most is 10,000") as error:
        build("a" + "+a" * 500_000, leaves())
    assert len(str(error.value)) < 400


@given(st.text(st.sampled_from("ab.()+-*/ 1e,_=[]'\"\\:@#λ") | st.characters(), max_size=30))
@example("a" * LONGEST)
def test_any_text_gives_a_value_or_an_expression_error(text):
    with suppress(ExpressionError):
        assert isinstance(build(text, leaves()), Value)


def test_the_place_in_a_long_expression_is_shown_with_what_is_around_it():
    text = "a+" * 200 + "b@c" + "+a" * 200
    with pytest.raises(ExpressionError) as error:
        build(text, leaves())
    place = text.index("@")
    _, shown, marks = str(error.value).split("\n")
    assert shown == f"  ...{text[place - 60 : place + 60]}..."
    assert shown[marks.index("^")] == "@"


def run(capsys, *arguments):
    """The status, the output and the errors of the command."""
    status = 0
    try:
        main(arguments)
    except SystemExit as stop:
        status = stop.code
    return status, *capsys.readouterr()


def test_without_a_file_the_gradients_are_explained(capsys):
    status, out, err = run(capsys, "(a*b + c).relu()", "a=2", "b=-3", "c=10")
    assert (status, err) == (0, "")
    first, *explained = out.rstrip("\n").split("\n\n")
    assert first == "(a*b + c).relu() = 4.0"
    assert explained == [
        "The gradient of a is -3.0, one path from (ReLU):\n"
        "  -3.0000  (ReLU) -> (+) -> (×) -> a\n"
        "           = 1 × 1 × -3",
        "The gradient of b is 2.0, one path from (ReLU):\n  2.0000  (ReLU) -> (+) -> (×) -> b\n          = 1 × 1 × 2",
        "The gradient of c is 1.0, one path from (ReLU):\n  1.0000  (ReLU) -> (+) -> c\n          = 1 × 1",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["-a*b", "a=2", "b=3"], "-a*b = -6.0"),
        (["--", "-a*b", "a=2", "b=3"], "-a*b = -6.0"),
        (["-(a)", "a=-inf"], "-(a) = inf"),
        (["a*2", "a=nan"], "a*2 = nan"),
        (["ﬁ + fi", "ﬁ=1"], "ﬁ + fi = 2.0"),
        (["2*3"], "2*3 = 6.0"),
        (["a" + "+a" * 100, "a=1"], "a" + "+a" * 48 + "... = 101.0"),
        (["a" + "+a" * 4000, "a=1"], "a" + "+a" * 48 + "... = 4001.0"),
        (["-h*2", "h=1"], "-h*2 = -2.0"),
        (["-o*2", "o=3"], "-o*2 = -6.0"),
        (["--h", "h=1"], "--h = 1.0"),
        (["--help*2", "help=3"], "--help*2 = 6.0"),
        (["-output", "output=1"], "-output = -1.0"),
    ],
    ids=lambda given: " ".join(given)[:20] if isinstance(given, list) else "",
)
def test_the_first_line_is_the_result(capsys, arguments, line):
    status, out, err = run(capsys, *arguments)
    assert (status, out.split("\n")[0], err) == (0, line, "")


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("graph.svg", b"<svg"),
        ("graph.SVG", b"<svg"),
        ("graph.dot", b"digraph {"),
        ("graph.png", b"\x89PNG"),
        ("film.html", b"<!doctype html>"),
        ("film.HTML", b"<!doctype html>"),
    ],
)
def test_a_picture_is_saved(capsys, tmp_path, name, holds):
    path = tmp_path / name
    assert run(capsys, "a*b", "-o", str(path), "a=2", "b=-3") == (0, "", "")
    assert path.read_bytes()[:100].lower().startswith(holds.lower())
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_picture_shows_names_and_gradients(capsys, tmp_path):
    run(capsys, "alpha*b", "alpha=2", "b=-3", "-o", str(tmp_path / "graph.svg"))
    written = "".join(ET.parse(tmp_path / "graph.svg").getroot().itertext())
    assert "alpha" in written
    assert "-3.0000" in written
    run(capsys, "alpha*b", "alpha=2", "b=-3", "-o", str(tmp_path / "graph.dot"))
    assert "alpha | data 2.0000 | grad -3.0000" in (tmp_path / "graph.dot").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: expression"),
        (["a", "a=two"], "the value of a is a number such as 2, -0.5, 1e-3, inf or nan, got 'two'"),
        (["a", "a="], "the value of a is a number such as 2, -0.5, 1e-3, inf or nan, got ''"),
        (["a", "2"], "a value is given as name=number, such as a=2, got '2'"),
        (["a", "if=2"], "a value is given as name=number, such as a=2, got 'if=2'"),
        (["a", "a=1", "a=2"], "a is given twice"),
        (["a", "a=1", "b=2"], "the expression has no b"),
        (["a", "a=1", "--frames"], "there is no option --frames; the options are -h and -o FILE"),
        (["a", "a=1", "-v"], "there is no option -v; the options are -h and -o FILE"),
        (["a", "a=1", "-o"], "argument -o/--output: expected one argument"),
    ],
    ids=[
        "nothing",
        "word",
        "no number",
        "no name",
        "keyword",
        "twice",
        "not used",
        "option",
        "short option",
        "no file",
    ],
)
def test_wrong_arguments_are_named_in_a_line(capsys, arguments, message):
    assert run(capsys, *arguments) == (2, "", f"python -m micrograd.viz: error: {message}\n")


def test_a_refused_expression_is_shown_on_stderr(capsys):
    assert run(capsys, "a + b // 2", "a=1", "b=2") == (
        2,
        "",
        "python -m micrograd.viz: error: an expression is made of names, numbers, + - * / **, parentheses and the "
        "functions of the engine\n  a + b // 2\n        ^^\n",
    )


@pytest.mark.parametrize("name", ["graph.jpg", "graph", "graph.svg.gz"])
def test_an_unknown_suffix_is_refused(capsys, tmp_path, name):
    status, out, err = run(capsys, "a", "a=1", "-o", str(tmp_path / name))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert ".svg, .png, .dot or .html" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["svg", "html", "dot"])
def test_a_file_that_cannot_be_written_is_named(capsys, tmp_path, suffix):
    path = str(tmp_path / "missing" / f"graph.{suffix}")
    assert run(capsys, "a", "a=1", "-o", path) == (
        1,
        "",
        f"python -m micrograd.viz: error: cannot write {path!r}: No such file or directory\n",
    )


def test_help_names_every_function_and_shows_examples(capsys):
    status, out, err = run(capsys, "--help")
    assert (status, err) == (0, "")
    assert ", ".join(sorted(FUNCTIONS)) in out
    assert 'python -m micrograd.viz "(a*b + c).relu()" a=2 b=-3 c=10 -o graph.svg' in out


def test_it_runs_as_a_module_where_the_terminal_has_few_letters():
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-m", "micrograd.viz", "λ*3", "λ=2"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert finished.stdout.startswith(b"\\u03bb*3 = 6.0")


def command(*arguments, **streams):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "micrograd.viz", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        **streams,
    )


@pytest.mark.parametrize("arguments", [["a" + "+a" * 3000, "a=1"], ["a", "a=1"]], ids=["long", "short"])
def test_a_reader_that_has_gone_is_no_error(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    process = command(*arguments, stdout=writing)
    os.close(writing)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full is there on Linux")
@pytest.mark.parametrize("arguments", [["a*2", "a=1"], ["--help"]], ids=["explanation", "help"])
def test_a_full_disk_is_said_in_a_line(arguments):
    with open("/dev/full", "wb") as full:
        process = command(*arguments, stdout=full)
    message = b"python -m micrograd.viz: error: cannot print: No space left on device\n"
    assert (process.communicate(timeout=60)[1], process.returncode) == (message, 1)


def test_without_an_output_nothing_is_printed():
    process = subprocess.run(
        ["sh", "-c", 'exec "$0" -m micrograd.viz "a*2" a=1 >&-', sys.executable],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert (process.stderr, process.returncode) == (b"", 0)


@pytest.mark.parametrize("name", ["-o.svg", "-a.svg", "--.svg"])
def test_a_file_may_be_called_like_an_option(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "a", "a=1", f"--output={name}") == (0, "", "")
    assert os.listdir(tmp_path) == [name]
