"""What a compiled step takes from an optimiser and does not read again: it must be all there is, and stay."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import getattr_static
from typing import Any

from micrograd.nn.inputs import shown
from micrograd.nn.optim import STEP_METHODS, Optimizer

LIVE = {"param_groups", "t", "state"}  # attributes of an optimiser that change, or are compared in another way


def check_optimizer(optimizer: Optimizer) -> None:
    """Refuse an optimiser that does more in a step than its rule says, or keeps another number of numbers.

    Raises:
        TypeError: If it has methods of its own for what machine code does.
        ValueError: If its state is not as `slots` says.
    """
    for name, original in STEP_METHODS.items():
        if getattr_static(optimizer, name, None) is not original:
            raise TypeError(
                "fit with jit=True takes steps in machine code, made of the optimizer's rule, and would never call "
                f"{type(optimizer).__name__}.{name}; put what it does into the rule, or use jit=False"
            )
    _check_state(optimizer)


class Frozen:
    """What machine code takes from an optimiser when it is compiled, and does not read again.

    Args:
        optimizer: The optimiser.
        live: The hyperparameters that are read again.
    """

    def __init__(self, optimizer: Optimizer, live: Sequence[str]) -> None:
        self._live = live
        self._things: list[object] = []  # alive, so that no id is used twice
        self._before = _parts(optimizer, live, self._things)

    def check(self, optimizer: Optimizer) -> None:
        """Refuse to go on with a step that a schedule or a callback has made obsolete.

        Raises:
            ValueError: If anything but what is live, parameters, state and step count has changed.
        """
        now = _parts(optimizer, self._live, [])
        missing = (None, "missing")
        for name in {**self._before, **now}:
            (before, old), (after, new) = self._before.get(name, missing), now.get(name, missing)
            if before != after:
                raise ValueError(
                    f"fit with jit=True compiles {name}={old} into the step, but a schedule or a callback has made it "
                    f"{new}; let them change the learning rate alone, or use jit=False"
                )
        _check_state(optimizer)


def _check_state(optimizer: Optimizer) -> None:
    """Refuse an optimiser that does not keep as many numbers for each parameter as it says.

    Raises:
        ValueError: If it does not.
    """
    sizes = {len(state) for state in optimizer.state}
    if len(optimizer.state) != len(optimizer.params) or sizes != {optimizer.slots}:
        raise ValueError(
            f"fit with jit=True needs {optimizer.slots} numbers in the state of each of {len(optimizer.params)} "
            f"parameters, as slots says, got {len(optimizer.state)} states of {sorted(sizes)}; or use jit=False"
        )


def _parts(optimizer: Optimizer, live: Sequence[str], things: list[object]) -> dict[str, tuple[Any, str]]:
    """What the step is made of, by name: something that can be compared later, and what messages say of it.

    Args:
        optimizer: The optimiser.
        live: The hyperparameters that are read again.
        things: Gets all that is compared by which it is.
    """
    rule: Any = optimizer.rule
    function, owner = getattr(rule, "__func__", rule), getattr(rule, "__self__", None)
    groups = optimizer.param_groups
    read = {
        f"param_groups[{k}].{name}" if len(groups) > 1 else name: value
        for k, group in enumerate(groups)
        for name, value in {**optimizer.hyper_of(group), "since": group["since"]}.items()
        if name not in live
    }
    if owner is optimizer:  # then the rule may read its attributes
        read |= {name: value for name, value in vars(optimizer).items() if name not in LIVE}
    name = getattr(function, "__qualname__", repr(function))
    if isinstance(owner, type):  # a class method, which other classes may have as well
        name = f"{owner.__qualname__}.{function.__name__}"
        function = function, owner
    return {
        "rule": (function, name),
        "params": (_kept([group["params"] for group in groups], things), f"{len(optimizer.params)} Values"),
        **{name: (_kept(value, things), shown(value)) for name, value in read.items()},
    }


def _kept(thing: Any, things: list[object]) -> object:
    """A copy as far as numbers, text and containers go; of others, which they are.

    Args:
        thing: The thing.
        things: Gets all that is compared by which it is.
    """
    if isinstance(thing, (int, float, complex, str, bytes)):
        return type(thing), repr(thing)  # a nan equals itself so
    if isinstance(thing, dict):
        return [(_kept(key, things), _kept(part, things)) for key, part in thing.items()]
    if isinstance(thing, (list, tuple, set, frozenset)):
        return type(thing), [_kept(part, things) for part in thing]
    things.append(thing)
    return thing.tobytes() if hasattr(type(thing), "tobytes") else id(thing)
