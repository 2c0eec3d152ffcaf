"""What a compiled step takes from a model and does not read again: all but the numbers of its parameters."""

from __future__ import annotations

from micrograd.nn.discovery import attributes_of
from micrograd.nn.inputs import shown
from micrograd.nn.module import Module
from micrograd.nn.training.compiled.keeping import kept

MODES = {"training", "requires_grad"}  # the loop sets the first and looks after the second


class Structure:
    """What a Module consisted of when it was compiled; of another function nothing is known.

    Attributes whose names begin with `_` do not count, as they are no parameters; nor do computed Values, which a
    model may keep of its last call.

    Args:
        model: The model.
    """

    def __init__(self, model: object) -> None:
        self._model = model
        self._things: list[object] = []  # alive, so that no id is used twice
        self._before = _parts(model, self._things)
        self._texts = {name: shown(thing) for name, (_, thing) in self._before.items()}

    def check(self) -> None:
        """Refuse to go on with a step that a callback or a metric has made obsolete.

        Raises:
            ValueError: If anything but numbers of parameters has changed.
        """
        now = _parts(self._model, [])
        missing = (None, None)
        for name in {**self._before, **now}:
            (before, _), (after, thing) = self._before.get(name, missing), now.get(name, missing)
            if before != after:
                old, new = self._texts.get(name, "missing"), shown(thing) if name in now else "missing"
                raise ValueError(
                    f"fit with jit=True compiles {name}={old} of the model into the step, but a callback has made it "
                    f"{'another ' * (old == new)}{new}; let callbacks change the data of parameters alone, keep what "
                    "no step reads in attributes whose names begin with _, or use jit=False"
                )


def _parts(model: object, things: list[object]) -> dict[str, tuple[object, object]]:
    """What the attributes of a model and of the Modules in it hold, by name: to be compared, and as it is.

    Args:
        model: The model.
        things: Gets all that is compared by which it is.
    """
    parts: dict[str, tuple[object, object]] = {}
    stack = [("", model)] if isinstance(model, Module) else []
    seen: set[int] = set()
    while stack:
        owner, module = stack.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        for name, thing in attributes_of(module):
            first = len(things)
            found = kept(thing, things)
            inside = [part for part in things[first:] if isinstance(part, Module)]
            stack += [(f"{owner}{name}." + f"{i}." * (part is not thing), part) for i, part in enumerate(inside)]
            if not name.startswith("_") and name not in MODES:
                parts[owner + name] = found, thing
    return parts
