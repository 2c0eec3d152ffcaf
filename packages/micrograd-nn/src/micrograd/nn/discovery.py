"""Where the Modules and Values of a Module lie, and which Values lie where they are neither trained nor saved."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from micrograd.engine import Value, is_constant

M = TypeVar("M")
Attributes = Iterable[tuple[str, object]]

COMPUTED = (
    "computed from another Value, hence neither trained nor saved; give it a number of its own, Value(v.data), and "
    "change that through .data"
)
NUMBER = "a number among Values, hence neither trained nor saved; make it a Value"
HIDDEN = (
    "holds Values where they are neither trained nor saved; keep them in attributes that a Module sets in __init__, or "
    "in lists, tuples, dicts and object arrays there"
)


class Found(NamedTuple, Generic[M]):
    """What lies below a Module.

    Attributes:
        items: The Modules and leaf Values with their dotted names, each once, in order.
        strays: Names of what seems to be meant as a parameter but is none, by what is wrong with them. Nothing is said
            of what programs rightly keep, such as the results of a forward pass.
    """

    items: list[tuple[str, M | Value]]
    strays: dict[str, list[str]]


def discover(root: M, kind: type[M], attributes: Callable[[M], Attributes]) -> Found[M]:
    """Find the Modules and leaf Values below `root`, in attributes and containers, at any depth.

    Values in attributes whose names begin with `_` do not count.

    Args:
        root: The Module to start from.
        kind: The class Module.
        attributes: Gives what a Module holds, by name.

    Returns:
        What was found.
    """
    items: list[tuple[str, M | Value]] = []
    computed: list[tuple[str, Value]] = []
    numbers: list[str] = []
    others: list[tuple[str, object]] = []
    shared: dict[type, list[tuple[str, object]]] = {}
    seen: dict[tuple[int, bool], object] = {}  # keeps the objects alive, so that no id is used twice
    stack: list[tuple[str, object, bool]] = [("", root, True)]
    while stack:
        name, item, public = stack.pop()
        if (id(item), public) in seen:
            continue
        seen[id(item), public] = item
        children: list[tuple[Any, object]] = []
        if isinstance(item, kind):
            items.append((name, item))
            children = [*attributes(item)]
            if type(item) not in shared:
                shared[type(item)] = _of_the_class(type(item))
            if common := shared[type(item)]:
                own = {key for key, _ in children}
                others += [(f"{name}.{key}" if name else key, child) for key, child in common if key not in own]
        elif isinstance(item, Value):
            if public and item._prev:
                computed.append((name, item))
            elif public:
                items.append((name, item))
        elif (content := _content(item)) is not None:
            children = content
            if public and isinstance(item, list) and any(isinstance(child, Value) for child in item):
                numbers += [f"{name}.{i}" for i, child in children if type(child) in (int, float)]
        elif public:
            others.append((name, item))
        for key, child in reversed(children):
            if not _is_plain(child):
                private = isinstance(item, kind) and str(key).startswith("_")
                path = f"{name}.{key}" if name else str(key)
                stack.append((path, child, isinstance(child, kind) or (public and not private)))

    known = {id(item) for _, item in items}
    strays = {
        COMPUTED: [name for name, value in computed if _is_adrift(value, known)],
        NUMBER: numbers,
        HIDDEN: [name for name, thing in others if _hides(thing, kind, known)],
    }
    return Found(items, strays)


def attributes_of(thing: object) -> list[tuple[str, Any]]:
    """What an object holds, by name: in its `__slots__`, then in its `__dict__`."""
    named = []
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for slot in [slots] if isinstance(slots, str) else slots:
            if not slot.startswith("__") and hasattr(thing, slot):
                named.append((slot, getattr(thing, slot)))
    return [*named, *getattr(thing, "__dict__", {}).items()]


def _of_the_class(kind: type) -> list[tuple[str, object]]:
    """What the instances of a class have in common, apart from methods and the like."""
    common = {name: thing for base in reversed(kind.__mro__) for name, thing in vars(base).items()}
    return [(name, thing) for name, thing in common.items() if not name.startswith("_") and not _is_plain(thing)]


def _is_plain(thing: object) -> bool:
    """Whether it is one of Python's own things that hold no Values: a number, a text, a function."""
    return type(thing).__module__ == "builtins" and not isinstance(thing, (list, tuple, dict, set, frozenset))


def _content(thing: Any) -> list[tuple[Any, object]] | None:
    """What a list, a tuple, a dict or an array of objects holds, by place or key; None for other things."""
    if isinstance(thing, dict):
        return [*thing.items()]
    if isinstance(thing, (list, tuple)):
        return [*enumerate(thing)]
    if hasattr(type(thing), "tolist") and getattr(getattr(thing, "dtype", None), "kind", "") == "O":
        return [*enumerate(thing.tolist() if thing.shape else [thing.item()])]
    return None


def _is_adrift(value: Value, known: set[int]) -> bool:
    """Whether it is a leaf that is no parameter, with numbers added or multiplied.

    That is how a parameter looks that was started as `Value(...) * 0.7`, or changed by `b += 0.1`. Other operations, or
    a parameter among the operands, make it a result that the program keeps.
    """
    while value._prev:
        varying = [operand for operand in value._prev if not is_constant(operand)]
        if value._op not in ("+", "*") or len(varying) != 1:
            return False
        (value,) = varying
    return id(value) not in known


def _hides(thing: object, kind: type, known: set[int]) -> bool:
    """Whether a leaf Value or a Module lies in it that is not known."""
    inside = [thing]
    if not isinstance(thing, Value) and _held(thing) is None:
        inside = [child for name, child in attributes_of(thing) if not name.startswith("_")]
    seen: dict[int, object] = {}
    while inside:
        item = inside.pop()
        if id(item) in seen or id(item) in known:
            continue
        seen[id(item)] = item
        if isinstance(item, kind) or (isinstance(item, Value) and not item._prev):
            return True
        inside += _held(item) or []
    return False


def _held(thing: object) -> list[object] | None:
    """What a container holds, also one that gives it no lasting names; None for other things."""
    if isinstance(thing, (set, frozenset, deque)):
        return [*thing]
    content = _content(thing)
    return None if content is None else [child for _, child in content]
