"""What a compiled step takes from a model and does not read again: which parts it has, and what layers are told."""

from __future__ import annotations

from collections.abc import Iterable

from micrograd.engine import Value
from micrograd.nn.discovery import attributes_of, walk
from micrograd.nn.inputs import shown
from micrograd.nn.module import Module

MODES = {"training", "requires_grad"}  # the loop sets the first and looks after the second


class Structure:
    """The Modules that a model consists of, its parameters, and the options of those that are micrograd's own.

    What else a Module of one's own holds may be a counter or a note, and is its own affair. Of a model that is another
    function nothing is known.

    Args:
        model: The model.
        parameters: Those that are trained.
    """

    def __init__(self, model: object, parameters: Iterable[Value]) -> None:
        self._model, self._parameters = model, set(parameters)
        self._before = self._parts()

    def check(self) -> None:
        """Refuse to go on with a step that a callback or a metric has made obsolete.

        Raises:
            ValueError: If a Module, a parameter or an option is another one.
        """
        now = self._parts()
        for name in {**self._before, **now}:
            old, new = self._before.get(name), now.get(name)
            if old is not new and not (type(old) is type(new) and old == new):
                raise ValueError(
                    f"fit with jit=True compiles {name}={shown(old)} of the model into the step, but a callback has "
                    f"made it {'another ' * (shown(old) == shown(new))}{shown(new)}; let callbacks change the data of "
                    "parameters alone, or use jit=False"
                )

    def _parts(self) -> dict[str, object]:
        """What is compared, by name."""
        parts: dict[str, object] = {}
        for name, thing, _ in walk(self._model, Module, attributes_of) if isinstance(self._model, Module) else ():
            if isinstance(thing, Module):
                parts[name] = thing
                if type(thing).__module__.startswith("micrograd.nn."):
                    options = [(key, option) for key, option in attributes_of(thing) if key not in MODES]
                    parts |= {f"{name}.{key}": option for key, option in options if _is_option(option)}
            elif isinstance(thing, Value) and thing in self._parameters:
                parts[name] = thing
        return parts


def _is_option(thing: object) -> bool:
    """Whether it is a number, a text or a function, which a layer was told."""
    return isinstance(thing, (int, float, str)) or (callable(thing) and not isinstance(thing, Module))
