"""What is kept of a thing, so as to see later whether it has changed."""

from __future__ import annotations

from typing import Any

from micrograd.engine import Value, operands


def kept(thing: Any, things: list[object]) -> object:
    """A copy as far as numbers, text and containers go; of others, which they are.

    Args:
        thing: The thing.
        things: Gets all that is compared by which it is: as long as they are there, no id is used twice.

    Returns:
        What equals itself as long as nothing has changed; computed Values are all alike.
    """
    if isinstance(thing, Value) and operands(thing):
        return Value
    if isinstance(thing, (int, float, complex, str, bytes)):
        return type(thing), repr(thing)  # a nan equals itself so
    if isinstance(thing, dict):
        return [(kept(key, things), kept(part, things)) for key, part in thing.items()]
    if isinstance(thing, (list, tuple, set, frozenset)):
        return type(thing), [kept(part, things) for part in thing]
    things.append(thing)
    tobytes = getattr(thing, "tobytes", None)  # of an array
    return id(thing) if tobytes is None else tobytes()
