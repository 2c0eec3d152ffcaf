"""Expressions as text, for the command line: a whitelist of words and signs, and nothing is ever handed to `eval`.

They mean what they mean in Python, whose own parser would give up after some thousand operators. This one keeps a stack
of what waits for its last operand, and computes as soon as that has come: the shunting yard of Dijkstra, 1961.
"""

from __future__ import annotations

import builtins
import keyword
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from typing import Any, NamedTuple, NoReturn

from micrograd.engine import OPS, Op, Value
from micrograd.viz.text import counted

LONGEST = 10_000
"""The most characters that an expression may have."""

FUNCTIONS: dict[str, Op] = {
    name.lower(): row
    for name, row in {**OPS, "maximum": OPS["max"], "minimum": OPS["min"]}.items()
    if hasattr(Value, name.lower()) or hasattr(builtins, name)
}
"""The functions that an expression may call: the rows of the engine's table that are a method of Value or, as `max`, a
function of Python, and not those that only derivatives need."""

_Rule = Callable[..., Any] | Op  # from the operands to the result

_TOKEN = re.compile(
    r"""(?P<number> (?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*) (?:[eE][-+]?[0-9]+)? )
    | (?P<method> \.\s*[^\W\d]\w*\s*\( )
    | (?P<function> [^\W\d]\w*\s*\( )
    | (?P<name> [^\W\d]\w* )
    | (?P<other> // | \.[^\W\d]\w* | [^-+*/(),.\s\w]+ )
    | (?P<sign> \*\* | \S )""",
    re.VERBOSE,
)
_UNARY: dict[str, _Rule] = {"+": operator.pos, "-": operator.neg}
_BINARY: dict[str, tuple[int, _Rule]] = {  # and how strongly they bind
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "**": (4, operator.pow),  # from the right; a sign before a name is weaker: -a**2 is -(a**2)
}
_SIGN = 3
_ALLOWED = "an expression is made of names, numbers, + - * / **, parentheses and the functions of the engine"
_EXCERPT = 60  # characters of a long expression that are shown on each side of what is wrong


class ExpressionError(ValueError):
    """An expression that is refused; `str()` gives the reason, and below it the expression with the place marked."""

    def __init__(self, reason: str, expression: str, start: int, end: int) -> None:
        first, last = max(start - _EXCERPT, 0), start + _EXCERPT
        before, after = "..." * (first > 0), "..." * (last < len(expression))
        marks = "^" * max(min(end, last) - start, 1)
        super().__init__(
            f"{reason}\n  {before}{expression[first:last]}{after}\n  {' ' * (len(before) + start - first)}{marks}"
        )


class _Pending(NamedTuple):
    """What waits for its last operand: an operator, or with strength 0 a parenthesis."""

    strength: int
    rule: _Rule  # of an operator
    operands: int  # of its operands; in a parenthesis, of those before the last comma
    function: str  # before the parenthesis
    place: tuple[int, int]


def build(expression: str, values: Mapping[str, Value]) -> Value:
    """Build the graph of an expression, the one that Python would build with the same names.

    Allowed are names, numbers, `+ - * / **`, parentheses, and the engine's functions, as `relu(a)` or as `a.relu()`.
    Where numbers among themselves have no answer in Python they have that of Values: `1/0` and `9**9**9**9` are inf.

    Args:
        expression: The text, at most `LONGEST` characters.
        values: What each name stands for.

    Returns:
        The result; a leaf if the expression is a single name, or made of numbers alone.

    Raises:
        ExpressionError: If the text is anything else, or has a name without a value.

    Example:
        >>> a = Value(2.0)
        >>> build("(a * -3).relu() + exp(0)", {"a": a}).data
        1.0
        >>> build("a + b", {"a": a})
        Traceback (most recent call last):
        micrograd.viz.expression.ExpressionError: no value for b; add one such as b=2
          a + b
              ^
    """
    text = re.sub(r"\s", " ", expression).strip()
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; the most is {LONGEST:,}", text, 0, 1)
    if not text:
        raise ExpressionError("the expression is empty", text, 0, 1)
    result = _Reader(text, values).read()
    return result if isinstance(result, Value) else Value(result)


class _Reader:
    """Computes an expression from the left to the right."""

    def __init__(self, text: str, values: Mapping[str, Value]) -> None:
        self.text, self.values = text, values
        self.results: list[Any] = []  # that no operator has taken yet
        self.pending: list[_Pending] = []
        self.unknown: dict[str, tuple[int, int]] = {}

    def read(self) -> Any:
        """The result.

        Raises:
            ExpressionError: If the text is no expression, or has a name without a value.
        """
        whole, before = False, ""  # whether all up to here is an operand, and the kind of the last token
        for token in _TOKEN.finditer(self.text):
            kind = str(token.lastgroup)
            if whole:
                whole = self.go_on(kind, token[0], token.span())
            elif token[0] == ")" and before in ("function", "method"):
                self.close(token.span(), 0)
                whole = True
            else:
                whole = self.begin(kind, token[0], token.span())
            before = kind
        if not whole:
            self.refuse("an operand is missing", (len(self.text), len(self.text)))
        self.apply(1)
        if self.pending:
            self.refuse("this ( is not closed", self.pending[-1].place)
        if self.unknown:
            name, place = next(iter(self.unknown.items()))
            self.refuse(f"no value for {', '.join(self.unknown)}; add one such as {name}=2", place)
        (result,) = self.results
        return result

    def begin(self, kind: str, word: str, place: tuple[int, int]) -> bool:
        """Read a token where an operand begins; whether that is complete."""
        if kind in ("number", "name"):
            self.results.append(self.number(word, place) if kind == "number" else self.name(word, place))
            return True
        if kind == "function":
            self.open(word, place, 0)
        elif word == "(":
            self.pending.append(_Pending(0, operator.pos, 0, "", place))
        elif word in _UNARY:
            self.pending.append(_Pending(_SIGN, _UNARY[word], 1, "", place))
        else:
            self.refuse("an operand is missing" if kind == "sign" else _ALLOWED, place)
        return False

    def go_on(self, kind: str, word: str, place: tuple[int, int]) -> bool:
        """Read a token behind an operand; whether all up to here is one again."""
        if word in _BINARY:
            strength, rule = _BINARY[word]
            self.apply(strength + (word == "**"))
            self.pending.append(_Pending(strength, partial(_calculate, rule), 2, "", place))
        elif kind == "method":
            self.open(word, place, 1)
        elif word == ",":
            self.apply(1)
            if not (self.pending and self.pending[-1].function):
                self.refuse(_ALLOWED, place)
            self.pending[-1] = self.pending[-1]._replace(operands=self.pending[-1].operands + 1)
        elif word == ")":
            self.close(place, 1)
            return True
        else:
            self.refuse(_ALLOWED if kind == "other" or keyword.iskeyword(word) else "an operator is missing", place)
        return False

    def number(self, word: str, place: tuple[int, int]) -> float:
        try:
            return float(word)
        except ValueError:  # 1__0
            self.refuse(_ALLOWED, place)

    def name(self, word: str, place: tuple[int, int]) -> Value:
        name = unicodedata.normalize("NFKC", word)  # as Python reads names
        if keyword.iskeyword(name) or not word.isidentifier():
            self.refuse(_ALLOWED, place)
        if name not in self.values:
            self.unknown.setdefault(name, place)
        return self.values.get(name, Value(0.0))

    def open(self, word: str, place: tuple[int, int], count: int) -> None:
        """Begin the operands of a function, or those of a method after the first."""
        written = word.strip(". (")
        name, start = unicodedata.normalize("NFKC", written), place[0] + word.index(written)
        if name not in FUNCTIONS:
            self.refuse(f"no function {name}; there are {', '.join(sorted(FUNCTIONS))}", (start, start + len(written)))
        if count and not hasattr(Value, name):
            self.refuse(_ALLOWED, place)
        self.pending.append(_Pending(0, operator.pos, count, name, (start, start + len(written))))

    def close(self, place: tuple[int, int], more: int) -> None:
        """End a parenthesis, with so many operands more."""
        self.apply(1)
        if not self.pending:
            self.refuse("this ) was not opened", place)
        opened = self.pending.pop()
        if opened.function:
            row, count = FUNCTIONS[opened.function], opened.operands + more
            taken = len(signature(row.vjp).parameters) - 2  # besides the operands, a vjp takes g and out
            if count != taken:
                self.refuse(f"{opened.function} takes {counted(taken, 'operand')}, got {count}", opened.place)
            self.compute(row, count)

    def apply(self, strength: int) -> None:
        """Apply the operators that bind at least as strongly."""
        while self.pending and self.pending[-1].strength >= strength:
            waiting = self.pending.pop()
            self.compute(waiting.rule, waiting.operands)

    def compute(self, rule: _Rule, count: int) -> None:
        """Put a result in the place of the last results."""
        self.results[-count:] = [rule(*self.results[-count:])]

    def refuse(self, reason: str, place: tuple[int, int]) -> NoReturn:
        raise ExpressionError(reason, self.text, *place)


def _calculate(operation: _Rule, a: Value | float, b: Value | float) -> Any:
    """Apply an operator. Where Python has no float for two numbers, they have the answer of Values."""
    if isinstance(a, Value) or isinstance(b, Value):
        return operation(a, b)
    try:
        result = operation(a, b)
    except ArithmeticError:
        result = None
    return result if isinstance(result, float) else operation(Value(a), b).data
