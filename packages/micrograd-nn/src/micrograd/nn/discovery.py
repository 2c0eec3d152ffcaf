"""Where the Modules and Values of a Module lie, and which Values lie where they are neither trained nor saved."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import CellType, FunctionType, MethodType
from typing import Any, TypeAlias, TypeGuard

from micrograd.engine import Value, is_constant, operands

Attributes: TypeAlias = Iterable[tuple[str, object]]
Place: TypeAlias = tuple[str, object, bool]
"""A dotted name, what lies there, and whether a Value there counts: not in attributes whose names begin with `_`."""

COMPUTED = (
    "computed from another Value, hence neither trained nor saved; give it a number of its own, Value(v.data), and "
    "change that through .data"
)
NUMBER = "a number among Values, hence neither trained nor saved; make it a Value"
HIDDEN = (
    "holds Values where they are neither trained nor saved; keep them in attributes that a Module sets in __init__, or "
    "in lists, tuples, dicts and object arrays there"
)


def walk(root: object, kind: type, attributes: Callable[[Any], Attributes]) -> list[Place]:
    """All that lies below a Module, in attributes and containers, at any depth.

    Args:
        root: The Module to start from.
        kind: The class Module.
        attributes: Gives what a Module holds, by name.

    Returns:
        Each thing, at the first place where it lies, in order; containers and other objects are among them.
    """
    places: list[Place] = []
    seen: set[tuple[int, bool]] = set()
    stack: list[Place] = [("", root, True)]
    while stack:
        place = name, thing, counts = stack.pop()
        if (id(thing), counts) in seen:
            continue
        seen.add((id(thing), counts))
        places.append(place)
        if isinstance(thing, Value):
            continue
        is_module = isinstance(thing, kind)
        children = [*attributes(thing)] if is_module else contents_of(thing) or []
        for key, child in reversed(children):
            if not is_plain(child):
                private = is_module and str(key).startswith("_")
                stack.append((join(name, key), child, isinstance(child, kind) or (counts and not private)))
    return places


def find_parameters(places: list[Place]) -> list[tuple[str, Value]]:
    """The parameters among what `walk` returned, with their names."""
    return [(name, thing) for name, thing, counts in places if counts and is_leaf(thing)]


def find_forgotten(places: list[Place], parameters: list[tuple[str, Value]], kind: type) -> dict[str, list[str]]:
    """Find what seems to be meant as a parameter but is none. What programs rightly keep, such as results, is not.

    Args:
        places: What `walk` returned.
        parameters: Those that are there.
        kind: The class Module.

    Returns:
        Names, by what is wrong with them.
    """
    modules = [thing for _, thing, _ in places if isinstance(thing, kind)]
    known = {id(thing) for thing in [*modules, *(parameter for _, parameter in parameters)]}
    shared = {cls: _class_attributes(cls) for cls in set(map(type, modules))}
    computed, numbers, hidden = [], [], []
    for name, thing, counts in places:
        if isinstance(thing, kind):
            for key, child in shared[type(thing)]:
                if key not in dict(attributes_of(thing)) and _holds_unknown(child, kind, known):
                    hidden.append(join(name, key))
        elif not counts:
            continue
        elif isinstance(thing, Value):
            if id(thing) not in known and _is_changed_leaf(thing, known):
                computed.append(name)
        elif isinstance(thing, list):
            if any(isinstance(child, Value) for child in thing):
                numbers += [join(name, i) for i, child in enumerate(thing) if type(child) in (int, float)]
        elif contents_of(thing) is None and _holds_unknown(thing, kind, known):
            hidden.append(name)
    return {COMPUTED: computed, NUMBER: numbers, HIDDEN: hidden}


def attributes_of(thing: object) -> list[tuple[str, Any]]:
    """What an object holds, by name: in its `__slots__`, then in its `__dict__`."""
    named = []
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for slot in [slots] if isinstance(slots, str) else slots:
            if not slot.startswith("__") and hasattr(thing, slot):
                named.append((slot, getattr(thing, slot)))
    return [*named, *getattr(thing, "__dict__", {}).items()]


def _class_attributes(kind: type) -> list[tuple[str, object]]:
    """What the instances of a class have in common, apart from methods and the like."""
    common = {name: thing for base in reversed(kind.__mro__) for name, thing in vars(base).items()}
    plain = {name for name, thing in common.items() if is_plain(thing) or isinstance(thing, FunctionType)}
    return [(name, thing) for name, thing in common.items() if not name.startswith("_") and name not in plain]


def is_plain(thing: object) -> bool:
    """Whether it is one of Python's own things that hold no Values: a number, a text, a function of Python's own."""
    return type(thing).__module__ == "builtins" and not isinstance(thing, _HOLDERS)


_HOLDERS = (list, tuple, dict, set, frozenset, FunctionType, MethodType)
_UNSET = CellType()  # a variable of a closure that has no value yet


def _taken_along(function: Any, kind: type) -> list[object]:
    """What a method, a partial or a closure brings along for its calls."""
    if isinstance(function, MethodType):
        return [function.__self__]
    if isinstance(function, partial):
        return [function.func, *function.args, *function.keywords.values()]
    cells = function.__closure__ or () if isinstance(function, FunctionType) else ()
    variables = [cell.cell_contents for cell in cells if cell != _UNSET]
    return [thing for thing in variables if isinstance(thing, (Value, kind))]  # lists may be large, and hold anything


def contents_of(thing: Any) -> list[tuple[Any, object]] | None:
    """What a list, a tuple, a dict or an array of objects holds, by place or key; None for other things."""
    if isinstance(thing, dict):
        return [*thing.items()]
    if isinstance(thing, (list, tuple)):
        return [*enumerate(thing)]
    if hasattr(type(thing), "tolist") and getattr(getattr(thing, "dtype", None), "kind", "") == "O":
        return [*enumerate(thing.tolist() if thing.shape else [thing.item()])]
    return None


def join(name: str, key: object) -> str:
    """The dotted name of what lies at a key of something with a name; the root has none."""
    return f"{name}.{key}" if name else str(key)


def is_leaf(thing: object) -> TypeGuard[Value]:
    """Whether it is a Value that was not computed."""
    return isinstance(thing, Value) and not operands(thing)


def _is_changed_leaf(value: Value, known: set[int]) -> bool:
    """Whether it is a leaf that is not known, with numbers added or multiplied.

    That is how a parameter looks that was started as `Value(...) * 0.7`, or changed by `b += 0.1`. Other operations, or
    a parameter among the operands, make it a result that the program keeps.
    """
    while not is_leaf(value):
        varying = [operand for operand in operands(value) if not is_constant(operand)]
        if value._op not in ("+", "*") or len(varying) != 1:
            return False
        (value,) = varying
    return id(value) not in known


def _holds_unknown(thing: object, kind: type, known: set[int]) -> bool:
    """Whether a leaf Value or a Module lies in it, or in its attributes, that is not known."""
    inside = [thing]
    if not isinstance(thing, (Value, kind)):
        inside += [child for name, child in attributes_of(thing) if not name.startswith("_")]
        inside += _taken_along(thing, kind)
    seen: dict[int, object] = {}  # keeps the objects alive, so that no id is used twice
    while inside:
        item = inside.pop()
        if id(item) in seen or id(item) in known:
            continue
        seen[id(item)] = item
        if isinstance(item, kind) or is_leaf(item):
            return True
        inside += item if isinstance(item, (set, frozenset, deque)) else [child for _, child in contents_of(item) or []]
    return False
