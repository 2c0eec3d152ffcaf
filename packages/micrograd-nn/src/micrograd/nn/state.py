"""States: what is kept to go on later, in dicts and in JSON files.

A state is checked before anything of it is loaded. Nothing in a file is ever executed, and it is written as a whole or
not at all.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import Any

from micrograd.engine.files import write
from micrograd.nn.inputs import described, is_number, listed, shown

_FORMAT = "micrograd-state"
_VERSION = 1
_MOST_STEPS = 2**53  # a float can count no further
SINCE_1_2 = {"dampening": 0.0, "amsgrad": False, "maximize": False}  # what optimisers of 1.1 did, which had no names


@contextmanager
def loading(owner: object) -> Iterator[None]:
    """Give errors about a state, raised while the context lasts, one wording: `owner` cannot load it.

    Raises:
        ValueError: In place of a TypeError or a ValueError.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        raise ValueError(f"{type(owner).__name__} cannot load this state (nothing was changed): {error}") from None


def check_module_state(state: Mapping[str, float], names: Collection[str]) -> None:
    """Refuse the state of another Module.

    Args:
        state: The state.
        names: Those of the parameters.

    Raises:
        ValueError: If there is not a number for each of the names, and nothing else.
    """
    problems = {
        "missing": [name for name in names if name not in state],
        "unexpected": [name for name in state if name not in names],
        "not a number": [f"{name} is {shown(entry)}" for name, entry in state.items() if not is_number(entry)],
    }
    if any(problems.values()):
        raise ValueError("; ".join(f"{problem}: {listed(found)}" for problem, found in problems.items() if found))


def with_groups(state: Any, hyper: Collection[str], params: int) -> Any:
    """The state of an optimiser with groups of parameters, which in 1.1 it did not have: that is one group now.

    Args:
        state: The state, or whatever it is.
        hyper: The names of the optimiser's hyperparameters.
        params: The number of its parameters.
    """
    if isinstance(state, Mapping) and set(state) == {"t", "hyper", "state"} and isinstance(state["hyper"], Mapping):
        unsaid = {name: meant for name, meant in SINCE_1_2.items() if name in hyper}
        group = {**unsaid, **state["hyper"], "params": list(range(params)), "since": 0}
        return {"t": state["t"], "param_groups": [group], "state": state["state"]}
    return state


def check_optimizer_state(state: Any, hyper: Collection[str], sizes: Sequence[int], slots: int) -> None:
    """Refuse the state of another optimiser. What its hyperparameters may be is for the optimiser to say.

    Args:
        state: The state.
        hyper: The names of the hyperparameters.
        sizes: The number of parameters in each group.
        slots: How many numbers are kept for each.

    Raises:
        ValueError: If it is the state of another optimiser, or of none.
    """
    if not isinstance(state, Mapping) or set(state) != {"t", "param_groups", "state"}:
        raise ValueError(f"it must have the entries t, param_groups and state, got {shown(state)}")
    t, groups, rows = state["t"], state["param_groups"], state["state"]
    check_count("t", t, "steps taken")
    _check_length("param_groups", groups, len(sizes), "groups")
    first = 0
    for i, (group, size) in enumerate(zip(groups, sizes, strict=True)):
        if not isinstance(group, Mapping) or not {*hyper, "params", "since"} <= set(group):
            raise ValueError(
                f"group {i} must have the entries {', '.join(hyper)}, params and since, got {shown(group)}"
            )
        places = list(range(first, first + size))
        if group["params"] != places:
            raise ValueError(f"group {i} must have as params {shown(places)}, got {shown(group['params'])}")
        check_count(f"since of group {i}", group["since"], "steps taken before", most=t)
        first += size
    _check_length("state", rows, first, "parameters")
    for i, row in enumerate(rows):
        if not isinstance(row, (list, tuple)) or len(row) != slots or not all(map(is_number, row)):
            raise ValueError(f"state {i} must be {slots} numbers, got {shown(row)}")


def check_count(name: str, count: Any, what: str, most: int = _MOST_STEPS) -> None:
    """Refuse what is no number of steps or epochs.

    Raises:
        ValueError: If it is not.
    """
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= most:
        raise ValueError(f"{name} must be the number of {what}, got {shown(count)}")


def _check_length(name: str, rows: Any, length: int, what: str) -> None:
    """Refuse what is no list of that length.

    Raises:
        ValueError: If it is not.
    """
    if not isinstance(rows, (list, tuple)) or len(rows) != length:
        size = len(rows) if isinstance(rows, (list, tuple)) else shown(rows)
        raise ValueError(f"{name} must have an entry for each of {length} {what}, got {size}")


def save(state: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """Write a state to a JSON file. Counterpart: `torch.save(module.state_dict(), path)`.

    The file is written as a whole or not at all, by `micrograd.engine.files.write`. Floats keep every bit; inf
    and nan are written as `Infinity` and `NaN`, as Python's json does. Numbers of NumPy's are written as the numbers
    that they are.

    Args:
        state: What `state_dict()` of a model or an optimizer returns, or a dict of several such states.
        path: The file, replaced if it exists; its mode stays. Its folder must exist.

    Raises:
        TypeError: If the state is no dict, or holds something JSON cannot, such as a Value, or a key that is not a
            string. The error names its place, such as `optimizer.param_groups.0.lr`.
        ValueError: If the state contains itself.
        OSError: If the file cannot be written. In all cases the file that was there before is untouched.

    Example:
        >>> import os, tempfile
        >>> from micrograd.nn import MLP, Adam
        >>> model = MLP(2, [3, 1])
        >>> optimizer = Adam(model.parameters())
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "checkpoint.json")
        ...     save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
        ...     checkpoint = load(path)
        >>> model.load_state_dict(checkpoint["model"])
        >>> optimizer.load_state_dict(checkpoint["optimizer"])
    """
    if not isinstance(state, dict):
        raise TypeError(f"save takes a dict, as state_dict() returns it, got {described(state)}")
    _check_entries(state, os.fspath(path))
    text = json.dumps({"format": _FORMAT, "version": _VERSION, "state": state}, indent=1, default=_as_python)
    write(path, text + "\n")


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a state that `save` wrote. Counterpart: `torch.load(path, weights_only=True)`.

    Args:
        path: The file.

    Returns:
        The state, to be given to `load_state_dict`.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is not a file of this kind, or a later version of it.

    Example:
        >>> import os, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "state.json")
        ...     save({"w": 0.5, "b": float("inf")}, path)
        ...     load(path)
        {'w': 0.5, 'b': inf}
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=without_duplicates)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)} is not a file that micrograd.nn.save wrote: {error}") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT or not isinstance(content.get("state"), dict):
        raise ValueError(
            f"{os.fspath(path)} is not a file that micrograd.nn.save wrote: it has no micrograd state in it"
        )
    version = content.get("version")
    if type(version) is not int or version != _VERSION:  # True and 1.0 are equal to 1
        raise ValueError(
            f"{os.fspath(path)} has version {shown(version)} of the format, this micrograd-nn reads version "
            f"{_VERSION}; load it with the release that wrote it"
        )
    state: dict[str, Any] = content["state"]
    return state


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that comes twice: json would keep the last without a word."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"a key comes twice: {listed(key for key in counts if counts[key] > 1)}")
    return entries


def _check_entries(state: dict[str, Any], file: str) -> None:
    """Refuse what the file cannot hold, by its place.

    Keys that are not strings are refused too: json would make strings of them, and the state would come back changed.

    Raises:
        TypeError: If there is something else than numbers, text, None, and lists and dicts of them.
    """
    seen: set[int] = set()
    entries: list[tuple[str, Any]] = [("", state)]
    while entries:
        place, entry = entries.pop()
        if not isinstance(entry, (dict, list, tuple)):
            if not (entry is None or isinstance(entry, (str, int, float)) or _as_python(entry) is not None):
                raise TypeError(
                    f"save: {listed([place])} must be a number, a text or None, or a list or dict of them, "
                    f"got {described(entry)}; {file} was not written"
                )
        elif id(entry) not in seen:  # whether one contains itself, json finds out
            seen.add(id(entry))
            children = list(entry.items() if isinstance(entry, dict) else enumerate(entry))
            for key, _ in children:
                if isinstance(entry, dict) and not isinstance(key, str):
                    raise TypeError(
                        f"save takes states whose keys are strings, got the key {described(key)} "
                        f"in {listed([place or 'the state'])}; {file} was not written"
                    )
            entries += [(f"{place}.{key}" if place else str(key), child) for key, child in reversed(children)]


def _as_python(entry: Any) -> float | None:
    """What is a number, such as a NumPy `float32`, `int64` or `bool`, as Python has it; None if it is none."""
    if isinstance(entry, Integral):
        return int(entry)
    if is_number(entry):
        return float(entry)
    kind = type(entry)
    return bool(entry) if (kind.__module__, kind.__name__.rstrip("_")) == ("numpy", "bool") else None
