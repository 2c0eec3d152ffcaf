"""What the Values in a film are called. Those without a label need a name too, so that sentences can speak of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import count
from string import ascii_lowercase

from micrograd.viz import text
from micrograd.viz.graph import Node

_ROOM = 12  # about as many letters as fit into the narrowest box, name and operation together
_LONGEST = 60  # letters of a name in a sentence, where it may go on in the next line

_NOUNS = {"+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power"}


def call(op: str, operands: Sequence[str]) -> str:
    """Write an operation and its operands as Python has them.

    Example:
        >>> call("*", ["a", "b"]), call("**2", ["a"]), call("max", ["a", "b"])
        ('a * b', 'a**2', 'max(a, b)')
    """
    if len(operands) == 2 and not op[0].isalnum():
        return f" {op} ".join(operands)
    return operands[0] + op if op.startswith("**") else f"{op}({', '.join(operands)})"


def name(nodes: Sequence[Node], taken: Collection[str] = ()) -> list[str]:
    """Name all nodes of a graph.

    Args:
        nodes: The graph, as `read` returns it.
        taken: Names that mean something else.

    Returns:
        The names: its own; else the number of a constant, a letter for another leaf, or an expression if it is short
        and made of given names; else a noun such as `sum`, with a number if there are several.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.viz.graph import read
        >>> a = Value(3.0)
        >>> name(read((a * 2 + 1000).tanh() * Value(1.0), {"a": a}))
        ['a', '2', '(a * 2)', '1000', 'sum', 'tanh', 'b', 'product']
    """
    own = [text.shorten(node.name, _LONGEST) for node in nodes]
    given = {*own, *taken}
    letters = (letter for letter in _letters() if letter not in given)
    names: list[str] = []
    nouns: dict[int, str] = {}  # of those that have none of the other names
    generated: set[int] = set()
    for i, node in enumerate(nodes):
        calls = call(node.op, [names[operand] for operand in node.operands]) if node.operands else ""
        expression = calls if node.op[:1].isalpha() else f"({calls})"
        if node.name:
            names.append(own[i])
        elif node.constant:
            names.append(f"{node.data:.5g}")
        elif not node.operands:
            names.append(next(letters))
            generated.add(i)
        elif len(expression + node.op) <= _ROOM and generated.isdisjoint(node.operands):
            names.append(expression)
        else:
            nouns[i] = "power" if node.op.startswith("**") else _NOUNS.get(node.op, node.op.lower())
            names.append("")
            generated.add(i)
    several = Counter(nouns.values())
    numbers = {noun: count(1) for noun in several}
    for i, noun in nouns.items():
        alone = several[noun] == 1 and noun not in given
        numbered = (f"{noun}{number}" for number in numbers[noun])
        names[i] = noun if alone else next(each for each in numbered if each not in given)
    return names


def _letters() -> Iterator[str]:
    """a, b, c and so on; after z comes a2."""
    for round in count(1):
        yield from (letter + str(round) * (round > 1) for letter in ascii_lowercase)
