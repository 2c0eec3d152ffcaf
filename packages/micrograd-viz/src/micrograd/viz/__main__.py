"""The command line: draw an expression, or explain its gradients."""

from __future__ import annotations

import argparse
import contextlib
import io
import keyword
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from micrograd.engine import Value, topological_order
from micrograd.viz.drawing import draw
from micrograd.viz.explaining import explain
from micrograd.viz.expression import FUNCTIONS, build
from micrograd.viz.filming import film

_DESCRIPTION = "Differentiate an expression: draw its graph to a file, or print where its gradients come from."
_EPILOG = f"""\
An expression is made of names, numbers, + - * / **, parentheses and functions, written as relu(a) or a.relu():
{", ".join(sorted(FUNCTIONS))}.

examples:
  python -m micrograd.viz "(a*b + c).relu()" a=2 b=-3 c=10                 print the result and the gradients
  python -m micrograd.viz "(a*b + c).relu()" a=2 b=-3 c=10 -o graph.svg    draw the graph
  python -m micrograd.viz "exp(-x**2 / 2)" x=0.5 -o film.html              watch backpropagation, step by step
"""


_OPTION = re.compile(r"-h|--help|--|-o|--output(=.*)?|-o.*\.(svg|png|dot|html)", re.IGNORECASE | re.DOTALL)
"""All words that are no expressions. `-h*2` and `-o*2` are."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Leave the usage out: an error is one line, or with an expression three."""
        self.fail(2, message)

    def fail(self, status: int, message: str) -> NoReturn:
        self.exit(status, f"{self.prog}: error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command `python -m micrograd.viz`.

    Args:
        arguments: What stands after the command; by default what the process was started with.

    Raises:
        SystemExit: With status 2 if the arguments are wrong, 1 if the picture cannot be made or something not written.
    """
    parser = _parser()
    try:
        try:
            _run(parser, sys.argv[1:] if arguments is None else arguments)
        finally:
            print(end="", flush=True)  # what could not be printed is known now, and not after the end
    except BrokenPipeError:  # whoever read has gone, as in `| head -1`, and knows why
        _give_up_printing()
        parser.exit(1)
    except OSError as error:
        _give_up_printing()
        parser.fail(1, f"cannot print: {error.strerror}")


def _give_up_printing() -> None:
    """Drop what is left to print. Python would try again at the end."""
    with contextlib.suppress(OSError):
        sys.stdout.close()


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m micrograd.viz",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("expression", help="such as 'a*b + c'")
    parser.add_argument(
        "values", nargs="*", default=[], metavar="name=number", help="the value of each name; also inf and nan"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=lambda word: Path(word.removeprefix(" ") if word.startswith(" -") else word),
        metavar="FILE",
        help=".svg, .png or .dot for a picture, .html for a film; without it, text is printed",
    )
    return parser


def _run(parser: _Parser, words: Sequence[str]) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may not have every letter of a name
    given = parser.parse_intermixed_args([_shielded(word) for word in words])

    try:
        values = _read_values(given.values)
        root = build(given.expression, values)
    except ValueError as error:
        parser.error(str(error))
    inside = set(topological_order(root))
    for name, value in values.items():
        if value not in inside:
            parser.error(f"the expression has no {name}")

    root.backward()
    if given.output is None:
        _print(given.expression, root, values)
        return
    try:
        picture = film(root, values) if given.output.suffix.lower() == ".html" else draw(root, values)
        picture.save(given.output)
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.fail(1, f"cannot write {str(given.output)!r}: {error.strerror or error}")
    except ImportError as error:
        parser.fail(1, str(error))


def _shielded(word: str) -> str:
    """An expression may start with a minus, which argparse would take for an option; a space before it helps."""
    return f" {word}" if word.startswith("-") and not _OPTION.fullmatch(word) else word


def _read_values(texts: Sequence[str]) -> dict[str, Value]:
    """Leaves for arguments such as `a=2`.

    Raises:
        ValueError: If one does not read so, or a name is given twice.
    """
    values: dict[str, Value] = {}
    for text in map(str.strip, texts):
        if text.startswith("-"):
            raise ValueError(f"there is no option {text}; the options are -h and -o FILE")
        name, _, number = text.partition("=")
        name = unicodedata.normalize("NFKC", name)  # as Python reads names
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"a value is given as name=number, such as a=2, got {text!r}")
        if name in values:
            raise ValueError(f"{name} is given twice")
        try:
            values[name] = Value(float(number))
        except ValueError:
            raise ValueError(
                f"the value of {name} is a number such as 2, -0.5, 1e-3, inf or nan, got {number!r}"
            ) from None
    return values


def _print(expression: str, root: Value, values: dict[str, Value]) -> None:
    line = " ".join(expression.split())
    print(f"{line if len(line) <= 100 else line[:97] + '...'} = {root.data!r}")
    for value in values.values():
        print(f"\n{explain(value, root, labels=values)}")


if __name__ == "__main__":
    main()
