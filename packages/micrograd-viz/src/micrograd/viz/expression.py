"""Expressions as text, for the command line: a whitelist of syntax, and nothing is ever handed to `eval`.

Python's parser reads the text. Whatever it finds that is not listed here is refused, with its place.
"""

from __future__ import annotations

import ast
import builtins
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from inspect import signature
from typing import Any

from micrograd.engine import OPS, Op, Value

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

_OPERATORS: dict[type[ast.AST], _Rule] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
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
    tree = _parse(text)
    # Not recursive, as an expression may nest deeply: first every node before its operands, then the other way round.
    steps: list[tuple[_Rule, int]] = []
    unknown: dict[str, tuple[int, int]] = {}
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and node.id not in values:
            unknown.setdefault(node.id, _place(node, text))
        else:
            rule, operands = _read(node, text, values)
            steps.append((rule, len(operands)))
            todo += reversed(operands)
    if unknown:
        name, place = next(iter(unknown.items()))
        raise ExpressionError(f"no value for {', '.join(unknown)}; add one such as {name}=2", text, *place)

    results: list[Any] = []
    for rule, count in reversed(steps):
        results.append(rule(*[results.pop() for _ in range(count)]))
    (result,) = results
    return result if isinstance(result, Value) else Value(result)


def _parse(text: str) -> ast.expr:
    """The syntax tree of a text on one line.

    Raises:
        ExpressionError: If Python cannot read the text.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters; the most is {LONGEST:,}", text, 0, 1)
    if not text:
        raise ExpressionError("the expression is empty", text, 0, 1)
    if "#" in text:  # Python would read a comment, and pass over the rest
        place = text.index("#")
        raise ExpressionError(_ALLOWED, text, place, place + 1)
    try:
        with warnings.catch_warnings(action="ignore"):  # as about 2if: that is refused afterwards
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        start = error.offset - 1 if error.offset else len(text)  # 0 and None are the end of the text
        end = error.end_offset - 1 if error.end_offset else start + 1
        raise ExpressionError(re.split(r"[.:;] ", error.msg)[0], text, start, end) from None
    except (MemoryError, RecursionError):
        raise ExpressionError("the expression nests too deeply to be read", text, 0, 1) from None
    except ValueError as error:  # characters that are none
        raise ExpressionError(str(error), text, 0, 1) from None


def _read(node: ast.expr, text: str, values: Mapping[str, Value]) -> tuple[_Rule, list[ast.expr]]:
    """What a node of the syntax tree does, and the nodes that it does it to.

    Raises:
        ExpressionError: If the node is not on the list.
    """
    match node:
        case ast.Name(name):
            return lambda: values[name], []
        case ast.Constant(int() | float() as number) if not isinstance(number, bool):
            try:
                constant = float(number)
            except OverflowError:
                constant = math.inf  # as for 1e999
            return lambda: constant, []
        case ast.BinOp(left, operation, right) if type(operation) in _OPERATORS:
            return partial(_calculate, _OPERATORS[type(operation)]), [left, right]
        case ast.UnaryOp(operation, operand) if type(operation) in _OPERATORS:
            return _OPERATORS[type(operation)], [operand]
        case ast.Call(ast.Name(name) as function, arguments, []):
            return _function(name, len(arguments), text, _place(function, text)), arguments
        case ast.Call(ast.Attribute(first, name) as method, more, []) if hasattr(Value, name) or name not in FUNCTIONS:
            end = _place(method, text)[1]
            return _function(name, 1 + len(more), text, (end - len(name), end)), [first, *more]
        case ast.BinOp(left, _, right):  # the operator is what is wrong
            start, end = _place(left, text)[1], _place(right, text)[0]
            while text[start] in " )":
                start += 1
            raise ExpressionError(_ALLOWED, text, start, start + len(text[start:end].rstrip(" (")))
    raise ExpressionError(_ALLOWED, text, *_place(node, text))


def _function(name: str, given: int, text: str, place: tuple[int, int]) -> _Rule:
    """The function of that name, if it takes as many operands as are given."""
    if name not in FUNCTIONS:
        raise ExpressionError(f"no function {name}; there are {', '.join(sorted(FUNCTIONS))}", text, *place)
    row = FUNCTIONS[name]
    taken = len(signature(row.vjp).parameters) - 2  # besides the operands, a vjp takes g and out
    if given != taken:
        raise ExpressionError(f"{name} takes {taken} operand{'s' * (taken > 1)}, got {given}", text, *place)
    return row


def _calculate(operation: _Rule, a: Value | float, b: Value | float) -> Any:
    """Apply an operator. Where Python has no float for two numbers, they have the answer of Values."""
    if isinstance(a, Value) or isinstance(b, Value):
        return operation(a, b)
    try:
        result = operation(a, b)
    except ArithmeticError:
        result = None
    return result if isinstance(result, float) else operation(Value(a), b).data


def _place(node: ast.expr, text: str) -> tuple[int, int]:
    """Where a node starts and ends in the text: the parser counts bytes, not characters."""
    bytes_ = text.encode()
    return len(bytes_[: node.col_offset].decode()), len(bytes_[: node.end_col_offset].decode())
