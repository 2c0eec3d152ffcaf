"""A table of Values, and the entry that a number says: what an embedding is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import nan
from typing import Any

from micrograd.engine import ieee, ops
from micrograd.engine.choice import is_traced
from micrograd.engine.number import to_float, to_list
from micrograd.engine.op import Op
from micrograd.engine.value import Value, constant

# What `where` is, for an entry that is a leaf: there is nothing behind it where a gradient of 0 could become nan.
entry: Op = Op("entry", ieee.where, lambda g, out, chosen, a: (-0.0, ops.gate(g, chosen)), flat={0})


def take(table: Sequence[Any], index: Value | float) -> Any:
    """The entry of a table at an index; its gradient goes to that entry. `torch.nn.functional.embedding`.

    The index has no gradient. In a compiled function it may be a number of the sample, and is looked up for each. One
    that is no place of the table is an error; in compiled code, which has no errors, the entry is nan then, and no
    entry of the table has a gradient.

    Args:
        table: A list of Values or numbers, or of rows of them, lists in lists of one shape.
        index: Which entry: a whole number from 0 on, as an int, a float or a Value.

    Returns:
        A Value; of a table of rows, a list of Values, nested as a row is.

    Raises:
        TypeError: If the table is no list but a dict, a set or a number, the index is no number, or an entry is neither
            a number nor a Value.
        ValueError: If the index is no whole number, the table is empty, or, in a compiled function, its rows differ in
            length.
        IndexError: If the index is negative, or not below the length of the table.

    Example:
        >>> letters = [[Value(0.5), Value(-1.0)], [Value(2.0), Value(3.0)]]
        >>> first, second = take(letters, 1)
        >>> (first * second).backward()
        >>> letters[1][0].grad, letters[0][0].grad
        (3.0, 0.0)
    """
    rows = to_list(table, "take")
    if not rows:
        raise ValueError("take needs a table with at least one entry, got an empty one")
    if isinstance(index, Value) and is_traced():
        chosen = [ops.not_(index - float(place)) for place in range(len(rows))]
        return _looked_up(rows, chosen, ops.where(ops.not_(reduce(ops.add, chosen)), nan))
    return _looked_up([rows[_place(index, len(rows))]])


def _place(index: Value | float, length: int) -> int:
    """The index as an int."""
    number = index.data if isinstance(index, Value) else to_float(index, "take")
    if not number.is_integer():
        raise ValueError(f"take needs an index that is a whole number, got {number!r}")
    if not 0 <= number < length:
        raise IndexError(f"take needs an index from 0 to {length - 1}, the places of its table, got {number:g}")
    return int(number)


def _looked_up(rows: list[Any], chosen: Sequence[Value] = (), outside: Value | None = None) -> Any:
    """The only row; or the sum of all, of which all but the chosen one are a zero that changes no sum."""
    if isinstance(rows[0], (list, tuple)):
        lengths = {len(row) if isinstance(row, (list, tuple)) else None for row in rows}
        if len(lengths) > 1:
            raise ValueError("take needs a table with rows of one length")
        return [_looked_up(list(column), chosen, outside) for column in zip(*rows, strict=True)]
    values = [value if isinstance(value, Value) else constant(to_float(value, "take")) for value in rows]
    if outside is None:
        return values[0]
    terms = [(entry if value._a is None else ops.where)(one, value) for one, value in zip(chosen, values, strict=True)]
    return reduce(ops.add, terms) + outside
